#![doc = include_str!("types_guide.md")]
