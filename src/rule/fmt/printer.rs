//! Tables in their order: headers, keys with their equal signs below each other, and the comments around them.

use toml_edit::{Decor, DocumentMut, Item, Key, RawString, Table, Value};

use super::value::{below, path_of, shown, written};
use crate::rule::keys::{FILE, KeySpec, RULESET, place};

/// A whole file.
pub(super) fn document(document: &DocumentMut, ruleset: bool) -> String {
    let mut printer = Printer { out: String::new(), ruleset };
    printer.table(&[], document.as_table(), if ruleset { RULESET } else { FILE }, false);
    let end = Above::of(document.trailing());
    printer.above(&end, false);
    printer.out.truncate(printer.out.trim_end().len());
    if !printer.out.is_empty() {
        printer.out.push('\n');
    }
    printer.out
}

/// Keys longer than this stand out from the alignment, so that one of them does not push all others to the right.
const LONGEST_ALIGNED: usize = 12;

/// Comment lines, and whether a blank line stands before each of them and before what follows.
#[derive(Debug, Default)]
struct Above {
    lines: Vec<(bool, String)>,
    blank: bool,
}

impl Above {
    fn of(raw: &RawString) -> Self {
        let mut above = Self::default();
        let mut lines: Vec<&str> = raw.as_str().unwrap_or_default().split('\n').map(str::trim).collect();
        // Behind the last line end stands what comes next, or the last comment of a file.
        if lines.last().is_some_and(|line| line.is_empty()) {
            lines.pop();
        }
        for line in lines {
            if line.is_empty() {
                above.blank = true;
            } else {
                above.lines.push((std::mem::take(&mut above.blank), line.to_owned()));
            }
        }
        above
    }

    fn before(decor: &Decor) -> Self {
        decor.prefix().map(Self::of).unwrap_or_default()
    }

    /// The blank line at its beginning.
    fn gap(&mut self) -> &mut bool {
        self.lines.first_mut().map_or(&mut self.blank, |(blank, _)| blank)
    }
}

/// The comment behind something, on the same line.
fn behind(decor: &Decor) -> String {
    let comment = decor.suffix().and_then(RawString::as_str).unwrap_or_default().trim();
    if comment.is_empty() { String::new() } else { format!(" {comment}") }
}

struct Printer {
    out: String,
    ruleset: bool,
}

/// A key with its value, printed.
struct Line {
    /// Where it stands in the order of its table.
    place: usize,
    above: Above,
    key: String,
    value: String,
    behind: String,
}

impl Printer {
    /// A table with all tables in it.
    fn table(&mut self, path: &[String], table: &Table, keys: &'static [KeySpec], many: bool) {
        let mut lines: Vec<Line> = table.get_values().iter().map(|(path, value)| line(path, value, keys)).collect();
        if !path.is_empty() {
            if let Some(first) = lines.first_mut() {
                *first.above.gap() = false;
            }
            lines.sort_by_key(|line| line.place);
            if many || !(table.is_implicit() && lines.is_empty()) {
                self.header(path, table, many);
            }
        }
        self.lines(&lines);
        self.tables(path, table, keys);
    }

    fn tables(&mut self, path: &[String], table: &Table, keys: &'static [KeySpec]) {
        let mut inner: Vec<(&str, &Item)> = table.iter().collect();
        if !path.is_empty() {
            inner.sort_by_key(|(key, _)| place(keys, key));
        }
        for (key, item) in inner {
            let path = [path, &[written(key)]].concat();
            match item {
                Item::Table(table) if table.is_dotted() => self.tables(&path, table, below(keys, key)),
                Item::Table(table) => self.table(&path, table, below(keys, key), false),
                Item::ArrayOfTables(tables) => {
                    tables.iter().for_each(|table| self.table(&path, table, below(keys, key), true));
                }
                _ => {}
            }
        }
    }

    fn header(&mut self, path: &[String], table: &Table, many: bool) {
        let apart = !self.out.is_empty() && (self.ruleset || path.len() == 1);
        let mut above = Above::before(table.decor());
        *above.gap() |= apart;
        self.above(&above, self.out.is_empty());
        let (open, close) = if many { ("[[", "]]") } else { ("[", "]") };
        self.out += &format!("{open}{}{close}{}\n", path.join("."), behind(table.decor()));
    }

    /// Comment lines; blank lines are left out at the beginning of a table or file.
    fn above(&mut self, above: &Above, first: bool) {
        let mut first = first;
        for (blank, line) in &above.lines {
            if *blank && !first {
                self.out.push('\n');
            }
            self.out += &format!("{line}\n");
            first = false;
        }
        if above.blank && !first {
            self.out.push('\n');
        }
    }

    /// Keys and values; the equal signs of lines without anything between them stand below each other.
    fn lines(&mut self, lines: &[Line]) {
        let starts = |at: usize| at == 0 || lines[at].above.blank || !lines[at].above.lines.is_empty();
        let mut at = 0;
        while at < lines.len() {
            let end = (at + 1..lines.len()).find(|next| starts(*next)).unwrap_or(lines.len());
            let block = &lines[at..end];
            let lengths = block.iter().map(|line| line.key.chars().count());
            let width = lengths.filter(|length| *length <= LONGEST_ALIGNED).max().unwrap_or(0);
            for line in block {
                self.above(&line.above, at == 0);
                at += 1;
                self.out += &format!("{:width$} = {}{}\n", line.key, line.value, line.behind);
            }
        }
    }
}

fn line(path: &[&Key], value: &Value, keys: &'static [KeySpec]) -> Line {
    let first = path.first().map_or("", |key| key.get());
    let (place, keys) = (place(keys, first), below(keys, first));
    Line {
        place,
        above: path.last().map(|key| Above::before(key.leaf_decor())).unwrap_or_default(),
        key: path_of(path),
        value: shown(path, value, keys, ""),
        behind: behind(value.decor()),
    }
}
