//! What one input may take: a hostile file must not fill the memory or keep the program busy for ever. One table names
//! every limit; each error that one causes names it too, so that whoever trusts a file can raise it.

use std::fmt;

const MIB: u64 = 1024 * 1024;
/// What the JSON library reads itself.
const DEEPEST: u64 = 120;

macro_rules! limits {
    ($($name:ident $word:literal $default:expr, $unit:ident, $doc:literal;)+) => {
        /// A limit on what an input may take.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Limit { $(#[doc = $doc] $name,)+ }

        impl Limit {
            /// Every limit.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name used on the command line and in messages.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$name => $word),+ } }

            /// The value unless told otherwise.
            #[must_use]
            pub const fn default(self) -> u64 { match self { $(Self::$name => $default),+ } }

            /// What it bounds, for the help.
            #[must_use]
            pub const fn meaning(self) -> &'static str { match self { $(Self::$name => $doc),+ } }

            const fn unit(self) -> Unit { match self { $(Self::$name => Unit::$unit),+ } }
        }
    };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Bytes,
    Count,
}

limits! {
    RowBytes "row-bytes" 16 * MIB, Bytes, "length of one row, line or JSON object";
    FieldBytes "field-bytes" 8 * MIB, Bytes, "length of one cell or text";
    Columns "columns" 4096, Count, "columns of a table";
    CellLines "cell-lines" 500, Count, "lines of one quoted cell";
    Depth "depth" 64, Count, "depth of nested JSON";
    RowValues "row-values" 100_000, Count, "values in one row, over all its lists and objects";
    SheetCells "sheet-cells" 50_000_000, Count, "cells of one sheet";
    UnpackedBytes "unpacked-bytes" 64 * 1024 * MIB, Bytes, "length of a packed file once it is unpacked";
    UnpackedRatio "unpacked-ratio" 200, Count, "how many times longer a packed file is once unpacked, beyond 10 MiB";
    PageBytes "page-bytes" 64 * MIB, Bytes, "length of one Parquet page or dictionary, unpacked";
    GroupBytes "group-bytes" 256 * MIB, Bytes, "length of one Parquet row group, unpacked";
    HeldBytes "held-bytes" 128 * MIB, Bytes, "length of what must be held to read a file at all, such as an XLSX file or entities to join";
    MemoryBytes "memory-bytes" 512 * MIB, Bytes, "memory for reading a Parquet or XLSX file";
    Seconds "seconds" 60, Count, "seconds without a further row of a Parquet or XLSX file";
}

/// The limits in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    values: [u64; Limit::ALL.len()],
}

impl Default for Limits {
    fn default() -> Self {
        let mut values = [0; Limit::ALL.len()];
        Limit::ALL.iter().for_each(|limit| values[*limit as usize] = limit.default());
        Self { values }
    }
}

impl Limits {
    /// The value of a limit.
    #[must_use]
    pub fn get(&self, limit: Limit) -> u64 {
        self.values[limit as usize]
    }

    /// The value of a limit, for what is in memory.
    #[must_use]
    pub fn size(&self, limit: Limit) -> usize {
        usize::try_from(self.get(limit)).unwrap_or(usize::MAX)
    }

    /// The same with another value.
    #[must_use]
    pub fn with(mut self, limit: Limit, value: u64) -> Self {
        self.values[limit as usize] = value;
        self
    }

    /// The same with what `NAME=VALUE` says, as in `row-bytes=64MiB` or `columns=10000`.
    ///
    /// # Errors
    /// Says what cannot be understood and what could be written instead.
    pub fn set(self, text: &str) -> Result<Self, String> {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| format!("`{text}` is no limit; write `NAME=VALUE`, as in `row-bytes=64MiB`"))?;
        let known = || Limit::ALL.iter().map(|limit| limit.name());
        let limit = Limit::ALL.iter().find(|limit| limit.name() == name).ok_or_else(|| {
            let near = crate::diag::did_you_mean(name, known()).map(|near| format!("; did you mean `{near}`?"));
            let all = || format!("; the limits are `{}`", known().collect::<Vec<_>>().join("`, `"));
            format!("there is no limit `{name}`{}", near.unwrap_or_else(all))
        })?;
        let number = amount(value, limit.unit()).ok_or_else(|| {
            format!("`{value}` is no value for `{name}`; write a number such as `{}`", limit.shown(limit.default()))
        })?;
        if *limit == Limit::Depth && number > DEEPEST {
            return Err(format!("`depth` is at most {DEEPEST}: deeper JSON cannot be read"));
        }
        Ok(self.with(*limit, number))
    }

    /// A reason for an error: what is over the limit, the limit, and how to raise it. `what` reads like "the row is longer".
    #[must_use]
    pub fn over(&self, limit: Limit, what: impl fmt::Display) -> String {
        let (name, value) = (limit.name(), limit.shown(self.get(limit)));
        format!("{what} than {value} (limit `{name}`); if you trust the file, raise it with `--limit {name}=…`")
    }
}

impl Limit {
    /// A value of this limit as a person writes it.
    #[must_use]
    pub fn shown(self, value: u64) -> String {
        match self.unit() {
            Unit::Bytes if value >= MIB && value.is_multiple_of(MIB) => format!("{} MiB", value / MIB),
            Unit::Bytes => format!("{value} bytes"),
            Unit::Count => value.to_string(),
        }
    }
}

fn amount(text: &str, unit: Unit) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let factor = match (text[digits.len()..].trim(), unit) {
        ("", _) => 1,
        ("KiB", Unit::Bytes) => 1024,
        ("MiB", Unit::Bytes) => MIB,
        ("GiB", Unit::Bytes) => 1024 * MIB,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_can_be_set_by_its_name() {
        for limit in Limit::ALL {
            let limits = Limits::default().set(&format!("{}=7", limit.name())).expect("a limit");
            assert_eq!(limits.get(*limit), 7);
            assert_eq!(limits.with(*limit, limit.default()), Limits::default());
        }
    }

    #[test]
    fn bytes_take_a_unit_and_counts_do_not() {
        let limits = Limits::default().set("row-bytes=64MiB").expect("a limit");
        assert_eq!(limits.get(Limit::RowBytes), 64 * MIB);
        assert!(Limits::default().set("columns=1MiB").is_err());
        assert!(Limits::default().set("columns=99999999999999999999").is_err());
    }

    #[test]
    fn a_mistake_is_explained() {
        let error = |text| Limits::default().set(text).expect_err("a mistake");
        assert_eq!(error("row-byte=1"), "there is no limit `row-byte`; did you mean `row-bytes`?");
        assert_eq!(error("columns=many"), "`many` is no value for `columns`; write a number such as `4096`");
        assert!(error("columns").ends_with("write `NAME=VALUE`, as in `row-bytes=64MiB`"));
    }

    #[test]
    fn an_error_names_the_limit_and_how_to_raise_it() {
        assert_eq!(
            Limits::default().over(Limit::RowBytes, "the row is longer"),
            "the row is longer than 16 MiB (limit `row-bytes`); if you trust the file, raise it with `--limit row-bytes=…`"
        );
    }
}
