#[derive(PgEnum)]
#[pg(name = "app.mood", rename_all = "snake_case")]
pub enum Mood {
    Happy,
    VerySad,
    #[pg(other)]
    Other(String),
}

// ---- expands to ----

#[automatically_derived]
impl<'r> ::howdah::Decode<'r> for Mood {
    const ACCEPTS: &'static ::howdah::Accepts = &::howdah::Accepts::User {
        schema: "app",
        name: "mood",
    };
    fn decode(
        _: &::howdah::Type,
        raw: &'r [::core::primitive::u8],
    ) -> ::core::result::Result<Self, ::howdah::DecodeError> {
        ::howdah::__private::decode_enum(
            raw,
            |label| match label {
                "happy" => ::core::option::Option::Some(Self::Happy),
                "very_sad" => ::core::option::Option::Some(Self::VerySad),
                other => {
                    ::core::option::Option::Some(
                        Self::Other(::core::convert::From::from(other)),
                    )
                }
            },
        )
    }
}
#[automatically_derived]
impl ::howdah::Encode for Mood {
    const ACCEPTS: &'static ::howdah::Accepts = <Self as ::howdah::Decode<
        'static,
    >>::ACCEPTS;
    fn encode(
        &self,
        _: &::howdah::Type,
        out: &mut ::howdah::BytesMut,
    ) -> ::core::result::Result<::howdah::IsNull, ::howdah::EncodeError> {
        let label = match self {
            Self::Happy => "happy",
            Self::VerySad => "very_sad",
            Self::Other(label) => {
                ::core::convert::AsRef::<::core::primitive::str>::as_ref(label)
            }
        };
        ::core::result::Result::Ok(::howdah::__private::encode_enum(label, out))
    }
}
