#[derive(PgDomain)]
#[pg(name = "email_address")]
pub struct Email(String);

// ---- expands to ----

#[automatically_derived]
impl<'r> ::howdah::Decode<'r> for Email {
    const ACCEPTS: &'static ::howdah::Accepts = &::howdah::Accepts::Domain {
        schema: "public",
        name: "email_address",
        base: <String as ::howdah::Decode<'_>>::ACCEPTS,
    };
    const NULLABLE: ::core::primitive::bool = <String as ::howdah::Decode<'_>>::NULLABLE;
    fn decode_null() -> ::core::result::Result<Self, ::howdah::DecodeError> {
        <String as ::howdah::Decode<'_>>::decode_null().map(Self)
    }
    fn decode(
        ty: &::howdah::Type,
        raw: &'r [::core::primitive::u8],
    ) -> ::core::result::Result<Self, ::howdah::DecodeError> {
        <String as ::howdah::Decode<'_>>::decode(ty, raw).map(Self)
    }
}
#[automatically_derived]
impl ::howdah::Encode for Email {
    const ACCEPTS: &'static ::howdah::Accepts = <Self as ::howdah::Decode<
        'static,
    >>::ACCEPTS;
    fn encode(
        &self,
        ty: &::howdah::Type,
        out: &mut ::howdah::BytesMut,
    ) -> ::core::result::Result<::howdah::IsNull, ::howdah::EncodeError> {
        <String as ::howdah::Encode>::encode(&self.0, ty, out)
    }
    const NULLABLE: ::core::primitive::bool = <String as ::howdah::Encode>::NULLABLE;
    fn encode_at(
        &self,
        srid: ::core::primitive::i32,
        ty: &::howdah::Type,
        out: &mut ::howdah::BytesMut,
    ) -> ::core::result::Result<::howdah::IsNull, ::howdah::EncodeError> {
        <String as ::howdah::Encode>::encode_at(&self.0, srid, ty, out)
    }
}
