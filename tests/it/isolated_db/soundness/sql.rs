//! A query as a tree whose parts know what may be left out, so that a failing query can be made smaller without knowing
//! the grammar. It knows nothing of PostgreSQL; a server refuses what has become nonsense.

use super::random::Random;
use super::types::Type;

/// What can stand in a part's place: a smaller part of the same sort inside it, or a plain value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Expression(Type),
    FromItem,
    Query,
}

/// A piece of SQL.
#[derive(Clone, Debug)]
pub(super) enum Sql {
    Text(String),
    /// A parameter, by a number that tells it from others; where it stands decides its `$n`.
    Param(usize, Type),
    Seq(Vec<Sql>),
    /// What may be left out.
    Optional(Box<Sql>),
    /// Items of which at least one stays.
    List(&'static str, Vec<Sql>),
    Of(Sort, Box<Sql>),
}

impl From<&str> for Sql {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// Strings and pieces one after another.
macro_rules! sql {
    ($($part:expr),* $(,)?) => {
        $crate::isolated_db::soundness::sql::Sql::Seq(vec![$($part.into()),*])
    };
}
pub(super) use sql;

impl Sql {
    pub(super) fn expression(ty: Type, inner: impl Into<Self>) -> Self {
        Self::Of(Sort::Expression(ty), Box::new(inner.into()))
    }

    pub(super) fn from_item(inner: impl Into<Self>) -> Self {
        Self::Of(Sort::FromItem, Box::new(inner.into()))
    }

    pub(super) fn query(inner: impl Into<Self>) -> Self {
        Self::Of(Sort::Query, Box::new(inner.into()))
    }

    pub(super) fn optional(inner: impl Into<Self>) -> Self {
        Self::Optional(Box::new(inner.into()))
    }

    /// Nothing.
    pub(super) fn none() -> Self {
        Self::Seq(Vec::new())
    }

    /// The SQL, and the types of its parameters, `$1` first.
    pub(super) fn render(&self) -> (String, Vec<Type>) {
        let mut out = String::new();
        let mut params = Vec::new();
        self.write(&mut out, &mut params);
        (out, params.into_iter().map(|(_, ty)| ty).collect())
    }

    fn write(&self, out: &mut String, params: &mut Vec<(usize, Type)>) {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::Param(id, ty) => {
                let known = params.iter().position(|(other, _)| other == id);
                let place = known.unwrap_or_else(|| {
                    params.push((*id, *ty));
                    params.len() - 1
                });
                out.push_str(&format!("${}::{}", place + 1, ty.name()));
            }
            Self::Seq(parts) => parts.iter().for_each(|part| part.write(out, params)),
            Self::Optional(inner) | Self::Of(_, inner) => inner.write(out, params),
            Self::List(separator, items) => {
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push_str(separator);
                    }
                    item.write(out, params);
                }
            }
        }
    }

    /// The trees that are one step smaller.
    pub(super) fn smaller(&self) -> Vec<Self> {
        let mut out = Vec::new();
        match self {
            Self::Text(_) | Self::Param(..) => {}
            Self::Seq(parts) => {
                for (i, part) in parts.iter().enumerate() {
                    out.extend(part.smaller().into_iter().map(|smaller| {
                        let mut parts = parts.clone();
                        parts[i] = smaller;
                        Self::Seq(parts)
                    }));
                }
            }
            Self::Optional(inner) => {
                out.push(Self::none());
                out.extend(inner.smaller().into_iter().map(Self::optional));
            }
            Self::List(separator, items) => {
                for i in 0..items.len() {
                    if items.len() > 1 {
                        let mut fewer = items.clone();
                        fewer.remove(i);
                        out.push(Self::List(separator, fewer));
                    }
                    out.extend(items[i].smaller().into_iter().map(|smaller| {
                        let mut items = items.clone();
                        items[i] = smaller;
                        Self::List(separator, items)
                    }));
                }
            }
            Self::Of(sort, inner) => {
                inner.collect(*sort, &mut out);
                if let Sort::Expression(ty) = sort {
                    let values = [ty.literals()[0], "null"];
                    let plain = values.map(|v| format!("{v}::{}", ty.name()));
                    let is_plain = matches!(&**inner, Self::Text(t) if plain.contains(t));
                    let is_column = matches!(&**inner, Self::Text(_));
                    if !is_plain {
                        let few = if is_column { 1 } else { 2 };
                        out.extend(
                            plain
                                .into_iter()
                                .take(few)
                                .map(|p| Self::expression(*ty, p)),
                        );
                    }
                }
                let sort = *sort;
                let inside = inner.smaller().into_iter();
                out.extend(inside.map(|s| Self::Of(sort, Box::new(s))));
            }
        }
        out
    }

    /// This query with one of its expressions, at any depth, replaced by another of its own of that type, by a literal or by
    /// null; or one step smaller, which takes away what a verdict may have rested on. None if it has no expressions.
    pub(super) fn mutated(&self, random: &mut Random) -> Option<Self> {
        if random.chance(35) {
            let mut smaller = self.smaller();
            return (!smaller.is_empty()).then(|| smaller.swap_remove(random.below(smaller.len())));
        }
        let mut all = Vec::new();
        self.expressions(&mut all);
        let place = random.below(all.len().max(1));
        let (ty, _) = all.get(place)?;
        let others: Vec<&Self> = all
            .iter()
            .filter(|(t, _)| t == ty)
            .map(|(_, e)| *e)
            .collect();
        let new = match random.below(4) {
            0 => Self::expression(*ty, format!("null::{}", ty.name())),
            1 => Self::expression(*ty, ty.literal(random)),
            _ => (*random.pick(&others)).clone(),
        };
        Some(self.replaced(&mut { place }, &new))
    }

    fn expressions<'s>(&'s self, out: &mut Vec<(Type, &'s Self)>) {
        match self {
            Self::Text(_) | Self::Param(..) => {}
            Self::Seq(parts) | Self::List(_, parts) => {
                parts.iter().for_each(|part| part.expressions(out));
            }
            Self::Optional(inner) => inner.expressions(out),
            Self::Of(sort, inner) => {
                if let Sort::Expression(ty) = sort {
                    out.push((*ty, self));
                }
                inner.expressions(out);
            }
        }
    }

    /// This with `new` for the expression that has `left` others before it.
    fn replaced(&self, left: &mut usize, new: &Self) -> Self {
        let mut all = |parts: &[Self]| parts.iter().map(|part| part.replaced(left, new)).collect();
        match self {
            Self::Text(_) | Self::Param(..) => self.clone(),
            Self::Seq(parts) => Self::Seq(all(parts)),
            Self::List(separator, parts) => Self::List(separator, all(parts)),
            Self::Optional(inner) => Self::optional(inner.replaced(left, new)),
            Self::Of(Sort::Expression(_), _) if *left == 0 => {
                *left = usize::MAX;
                new.clone()
            }
            Self::Of(sort, inner) => {
                if matches!(sort, Sort::Expression(_)) {
                    *left -= 1;
                }
                Self::Of(*sort, Box::new(inner.replaced(left, new)))
            }
        }
    }

    /// The parts of this sort inside, not those inside of them.
    fn collect(&self, sort: Sort, out: &mut Vec<Self>) {
        match self {
            Self::Of(own, _) if *own == sort => out.push(self.clone()),
            Self::Seq(parts) | Self::List(_, parts) => {
                parts.iter().for_each(|part| part.collect(sort, out));
            }
            Self::Optional(inner) | Self::Of(_, inner) => inner.collect(sort, out),
            Self::Text(_) | Self::Param(..) => {}
        }
    }
}
