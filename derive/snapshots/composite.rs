#[derive(PgComposite)]
pub struct Address<'a> {
    street: &'a str,
    #[pg(rename = "no")]
    number: Option<i32>,
}

// ---- expands to ----

#[automatically_derived]
impl<'a> ::howdah::Decode<'a> for Address<'a> {
    const ACCEPTS: &'static ::howdah::Accepts = &::howdah::Accepts::Composite {
        schema: "public",
        name: "address",
        fields: &[
            ("street", <&'a str as ::howdah::Decode<'_>>::ACCEPTS),
            ("no", <Option<i32> as ::howdah::Decode<'_>>::ACCEPTS),
        ],
    };
    fn decode(
        ty: &::howdah::Type,
        raw: &'a [::core::primitive::u8],
    ) -> ::core::result::Result<Self, ::howdah::DecodeError> {
        let mut fields = ::howdah::__private::CompositeReader::new(ty, raw, 2usize)?;
        ::core::result::Result::Ok(Self {
            street: <&'a str as ::howdah::Decode<'_>>::get_field(&mut fields, "street")?,
            number: <Option<i32> as ::howdah::Decode<'_>>::get_field(&mut fields, "no")?,
        })
    }
}
#[automatically_derived]
impl<'a> ::howdah::Encode for Address<'a> {
    const ACCEPTS: &'static ::howdah::Accepts = <Self as ::howdah::Decode<'a>>::ACCEPTS;
    fn encode(
        &self,
        ty: &::howdah::Type,
        out: &mut ::howdah::BytesMut,
    ) -> ::core::result::Result<::howdah::IsNull, ::howdah::EncodeError> {
        let mut fields = ::howdah::__private::CompositeWriter::new(ty, out)?;
        <&'a str as ::howdah::Encode>::put_field(&self.street, &mut fields)?;
        <Option<i32> as ::howdah::Encode>::put_field(&self.number, &mut fields)?;
        fields.finish()
    }
}
