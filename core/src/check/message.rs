//! Builds messages in const evaluation, where there is no allocation and no formatting: text is
//! pushed into a fixed buffer. It knows how to write names and types, not what is wrong with them.

use crate::{
    Accepts, SqlKind, SqlType, Table,
    sql_type::{accepts::str_eq, shape_name, standard_name},
};

/// More than the longest sentence; the lists of names at its end are cut to fit.
const CAPACITY: usize = 2048;

/// A sentence under construction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    buffer: [u8; CAPACITY],
    length: usize,
}

impl Message {
    pub(super) const fn new() -> Self {
        Message {
            buffer: [0; CAPACITY],
            length: 0,
        }
    }

    /// The finished message.
    pub(super) const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.buffer.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "(this message is not UTF-8)",
        }
    }

    /// Appends text, or as many whole characters as there is room for.
    pub(super) const fn text(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut end = bytes.len();
        if end > CAPACITY - self.length {
            end = CAPACITY - self.length;
            while end > 0 && bytes[end] & 0xC0 == 0x80 {
                end -= 1;
            }
        }
        let mut i = 0;
        while i < end {
            self.buffer[self.length] = bytes[i];
            self.length += 1;
            i += 1;
        }
        self
    }

    /// Appends a name in backticks.
    pub(super) const fn name(self, name: &str) -> Self {
        self.text("`").text(name).text("`")
    }

    /// Appends the name of a table: with its schema, unless that is `public`.
    pub(super) const fn table(self, table: &Table) -> Self {
        if str_eq(table.schema, "public") {
            self.text(table.name)
        } else {
            self.text(table.schema).text(".").text(table.name)
        }
    }

    /// Appends a SQL type in backticks, as `SqlType` displays it, and the type that it is cast to.
    pub(super) const fn sql_type(self, ty: &SqlType) -> Self {
        match ty.kind {
            SqlKind::Array(element) => self.sql_type(element).text("[]"),
            SqlKind::Carried(carrier) => {
                let message = match carrier.element(ty.name) {
                    Some(element) => self.sql_type(&SqlType::base(ty.schema, element)).text("[]"),
                    None => self.sql_type(&SqlType::base(ty.schema, ty.name)),
                };
                match carrier.coming {
                    Some(_) => message.text("`, cast to `").sql_type(&carrier.ty),
                    None => message,
                }
            }
            SqlKind::Spatial {
                subtype,
                srid,
                z,
                m,
            } => self.text(ty.name).spatial(subtype, srid, z, m),
            _ if str_eq(ty.schema, "pg_catalog") => self.text(standard_name(ty.name)),
            _ => self.text(ty.schema).text(".").text(ty.name),
        }
    }

    const fn spatial(self, subtype: &str, srid: i32, z: bool, m: bool) -> Self {
        if subtype.is_empty() && srid == 0 {
            return self;
        }
        let (subtype, dimensions) = shape_name(subtype, z, m);
        let message = self.text("(").text(subtype).text(dimensions);
        if srid == 0 {
            message.text(")")
        } else {
            message
                .text(",")
                .number(srid.unsigned_abs() as usize)
                .text(")")
        }
    }

    /// Appends a number.
    pub(super) const fn number(self, number: usize) -> Self {
        let digit = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"][number % 10];
        if number < 10 {
            self.text(digit)
        } else {
            self.number(number / 10).text(digit)
        }
    }

    /// Appends the SQL types that a Rust type holds: `` `text`, `citext` or `name` ``.
    pub(super) const fn accepts(self, accepts: &Accepts) -> Self {
        self.alternatives(accepts, 0, alternatives(accepts))
    }

    /// Appends the alternatives of `accepts`, the first of which is number `from` of a list of `total`.
    const fn alternatives(self, accepts: &Accepts, from: usize, total: usize) -> Self {
        let mut message = self;
        match accepts {
            Accepts::Builtin(names) | Accepts::Extension(names) => {
                let mut i = 0;
                while i < names.len() {
                    message = message
                        .separator(from + i, total, " or ")
                        .name(standard_name(names[i]));
                    i += 1;
                }
                message
            }
            Accepts::OneOf(inner) => {
                let mut from = from;
                let mut i = 0;
                while i < inner.len() {
                    message = message.alternatives(&inner[i], from, total);
                    from += alternatives(&inner[i]);
                    i += 1;
                }
                message
            }
            _ => message.separator(from, total, " or ").alternative(accepts),
        }
    }

    /// Appends an alternative that is not a list.
    const fn alternative(self, accepts: &Accepts) -> Self {
        match accepts {
            Accepts::Spatial { subtype } => self
                .text("`geometry")
                .spatial(subtype, 0, false, false)
                .text("`"),
            Accepts::User { schema, name }
            | Accepts::Composite { schema, name, .. }
            | Accepts::Domain { schema, name, .. } => {
                self.text("`").text(schema).text(".").text(name).text("`")
            }
            Accepts::Array(element) => self.text("an array of ").accepts(element),
            Accepts::Range(bound) => self.text("a range of ").accepts(bound),
            Accepts::Multirange(bound) => self.text("a multirange of ").accepts(bound),
            Accepts::Row(_) => self.text("a record or a composite"),
            Accepts::Any | Accepts::Builtin(_) | Accepts::Extension(_) | Accepts::OneOf(_) => {
                self.text("any type")
            }
        }
    }

    /// Appends names in backticks: `` `a`, `b` and `c` ``.
    pub(super) const fn names(self, names: &[&str]) -> Self {
        let mut message = self;
        let mut i = 0;
        while i < names.len() {
            message = message.separator(i, names.len(), " and ").name(names[i]);
            i += 1;
        }
        message
    }

    /// Appends the separator before item `i` of a list of `length`; before the last item, it is `last`.
    pub(super) const fn separator(self, i: usize, length: usize, last: &str) -> Self {
        if i == 0 {
            self
        } else if i + 1 == length {
            self.text(last)
        } else {
            self.text(", ")
        }
    }
}

/// The number of types that `accepts` lists.
const fn alternatives(accepts: &Accepts) -> usize {
    match accepts {
        Accepts::Builtin(names) | Accepts::Extension(names) => names.len(),
        Accepts::OneOf(inner) => {
            let mut total = 0;
            let mut i = 0;
            while i < inner.len() {
                total += alternatives(&inner[i]);
                i += 1;
            }
            total
        }
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types;

    #[test]
    fn types_are_written_as_they_display() {
        static MOOD: SqlType = SqlType::enumeration("public", "mood");
        let cases = [
            types::INT8,
            types::TIMESTAMPTZ_ARRAY,
            SqlType::spatial("public", "geometry", "Point", 4326),
            SqlType::spatial("public", "geography", "", 0),
            SqlType::spatial("public", "geometry", "", 3857),
            SqlType::array("public", "_mood", &MOOD),
        ];
        for ty in cases {
            assert_eq!(Message::new().sql_type(&ty).as_str(), ty.to_string());
        }
    }

    #[test]
    fn what_a_type_holds_is_a_list() {
        const TEXT: Accepts = Accepts::OneOf(&[
            Accepts::Builtin(&["text", "varchar"]),
            Accepts::Extension(&["citext"]),
        ]);
        let message = Message::new().accepts(&TEXT);
        assert_eq!(message.as_str(), "`text`, `character varying` or `citext`");
    }

    #[test]
    fn a_message_is_cut_at_a_character() {
        let message = Message::new().text(&"x".repeat(CAPACITY - 1)).text("é");
        assert_eq!(message.as_str().len(), CAPACITY - 1);
    }
}
