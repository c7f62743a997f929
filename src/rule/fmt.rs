//! One layout for rule files, with every comment kept.
//!
//! In goes the text of a file of a rule set, out comes the same file laid out: keys in the order of the documentation, equal
//! signs of neighbours below each other, one blank line between rules. What a file means is not touched: the result is read
//! again, and unless it holds the same values and the same comments it is not given out. Laying out twice changes nothing
//! more. Long lines are left long: where to break a record of a test is for its author, and breaks are kept.

use thiserror::Error;
use toml_edit::{Array, Decor, DocumentMut, InlineTable, Item, Key, RawString, Table, Value};

use super::files::UNDECODED;
use super::keys::{FILE, KeySpec, RULESET, Shape, place};

/// Keys longer than this stand out from the alignment, so that one of them does not push all others to the right.
const LONGEST_ALIGNED: usize = 12;
/// What stands before the elements of an array that is broken over lines.
const INDENT: &str = "    ";

/// Why a file was not laid out.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum FormatError {
    /// It breaks the grammar of TOML or CSV.
    #[error("the file cannot be read as it stands; `article3 rules check` says where")]
    Syntax,
    /// It is not in UTF-8, and writing it would lose what could not be read.
    #[error("the file is not in UTF-8; save it again as UTF-8")]
    NotUtf8,
    /// The result would not have been the same file.
    #[error("the file could not be laid out without a change of what it says")]
    Changed,
}

/// A file of a rule set laid out, by its name: `.toml` or `.csv`.
///
/// # Errors
/// Where the text is not valid, and where the result would hold other values or comments.
pub fn format(name: &str, text: &str) -> Result<String, FormatError> {
    if text.contains(UNDECODED) {
        return Err(FormatError::NotUtf8);
    }
    if name.ends_with(".csv") { csv(text) } else { toml(name, text) }
}

fn toml(name: &str, text: &str) -> Result<String, FormatError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document = text.parse::<DocumentMut>().or(Err(FormatError::Syntax))?;
    let ruleset = name.rsplit('/').next() == Some("ruleset.toml");
    let mut printer = Printer { out: String::new(), ruleset };
    printer.table(&[], document.as_table(), if ruleset { RULESET } else { FILE }, false);
    let end = Above::of(document.trailing());
    printer.above(&end, false);
    printer.out.truncate(printer.out.trim_end().len());
    if !printer.out.is_empty() {
        printer.out.push('\n');
    }
    let out = printer.out;
    let tree = |text: &str| toml::from_str::<toml::Table>(text).or(Err(FormatError::Syntax));
    if tree(text)? == tree(&out).or(Err(FormatError::Changed))? && comments(text) == comments(&out) {
        Ok(out)
    } else {
        Err(FormatError::Changed)
    }
}

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

/// The keys of the table that a key holds.
fn below(keys: &'static [KeySpec], key: &str) -> &'static [KeySpec] {
    match keys.iter().find(|spec| spec.key == key).map(|spec| spec.shape) {
        Some(Shape::Table(keys) | Shape::Tables(keys) | Shape::Named(keys)) => keys,
        _ => &[],
    }
}

/// A key as it is written: without quotes where it can be.
fn written(key: &str) -> String {
    Key::new(key).display_repr().into_owned()
}

fn path_of(path: &[&Key]) -> String {
    path.iter().map(|key| written(key.get())).collect::<Vec<_>>().join(".")
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

/// A value. What is broken over lines stays so, with one element a line.
fn shown(path: &[&Key], value: &Value, keys: &'static [KeySpec], indent: &str) -> String {
    match value {
        Value::Array(array) => elements(path, array, keys, indent).shown(["[", "]"], "", indent),
        Value::InlineTable(table) => entries(table, keys, indent).shown(["{", "}"], " ", indent),
        Value::String(text) => {
            let raw = text.as_repr().and_then(|repr| repr.as_raw().as_str()).map(str::to_owned);
            let raw = raw.unwrap_or_else(|| text.display_repr().into_owned());
            // A regular expression is easiest to read in single quotes, where a backslash is a backslash.
            let regex = path.last().is_some_and(|key| key.get() == "re");
            let plain = !text.value().contains(['"', '\\']) && !text.value().contains(char::is_control);
            if raw.starts_with('\'') && !raw.starts_with("'''") && plain && !regex {
                format!("\"{}\"", text.value())
            } else {
                raw
            }
        }
        Value::Integer(number) => number.display_repr().into_owned(),
        Value::Float(number) => number.display_repr().into_owned(),
        Value::Boolean(flag) => flag.display_repr().into_owned(),
        Value::Datetime(date) => date.display_repr().into_owned(),
    }
}

/// What stands between two brackets.
#[derive(Default)]
struct Elements {
    each: Vec<Element>,
    /// Comments that stand on lines of their own below the last element so far.
    below: Vec<String>,
    broken: bool,
}

/// An element, the comments above it and the one behind it.
struct Element {
    above: Vec<String>,
    text: String,
    behind: Option<String>,
}

impl Elements {
    /// Takes what stands around elements: a comment on the line of the last one, and those on lines of their own.
    fn between(&mut self, raw: Option<&RawString>) {
        let raw = raw.and_then(RawString::as_str).unwrap_or_default();
        self.broken |= raw.contains('\n');
        for (at, comment) in raw.split('\n').map(str::trim).enumerate().filter(|(_, comment)| !comment.is_empty()) {
            match self.each.last_mut() {
                Some(last) if at == 0 && last.behind.is_none() => last.behind = Some(comment.to_owned()),
                _ => self.below.push(comment.to_owned()),
            }
        }
    }

    fn push(&mut self, text: String) {
        self.broken |= text.contains('\n');
        self.each.push(Element { above: std::mem::take(&mut self.below), text, behind: None });
    }

    fn shown(self, [open, close]: [&str; 2], gap: &str, indent: &str) -> String {
        if self.each.is_empty() && self.below.is_empty() {
            return format!("{open}{close}");
        }
        if !self.broken {
            let each: Vec<String> = self.each.into_iter().map(|element| element.text).collect();
            return format!("{open}{gap}{}{gap}{close}", each.join(", "));
        }
        let inner = format!("{indent}{INDENT}");
        let mut out = format!("{open}\n");
        for Element { above, text, behind } in self.each {
            above.iter().for_each(|comment| out += &format!("{inner}{comment}\n"));
            let behind = behind.map_or_else(String::new, |comment| format!(" {comment}"));
            out += &format!("{inner}{text},{behind}\n");
        }
        self.below.iter().for_each(|comment| out += &format!("{inner}{comment}\n"));
        format!("{out}{indent}{close}")
    }
}

/// How far in an element stands matters only to what is broken over lines, and then so is what is around it.
fn elements(path: &[&Key], array: &Array, keys: &'static [KeySpec], indent: &str) -> Elements {
    let mut all = Elements::default();
    let inner = format!("{indent}{INDENT}");
    for value in array {
        all.between(value.decor().prefix());
        all.push(shown(path, value, keys, &inner));
        all.between(value.decor().suffix());
    }
    all.between(Some(array.trailing()));
    all
}

fn entries(table: &InlineTable, keys: &'static [KeySpec], indent: &str) -> Elements {
    let mut all = Elements::default();
    let inner = format!("{indent}{INDENT}");
    for (path, value) in table.get_values() {
        all.between(path.last().and_then(|key| key.leaf_decor().prefix()));
        let below = path.first().map_or(&[][..], |key| below(keys, key.get()));
        all.push(format!("{} = {}", path_of(&path), shown(&path, value, below, &inner)));
        all.between(value.decor().suffix());
    }
    all.between(Some(table.trailing()));
    all
}

/// The comments of a TOML text, sorted. The text is valid.
fn comments(text: &str) -> Vec<&str> {
    let mut found = vec![];
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'', '#']) {
        rest = &rest[at..];
        if rest.starts_with('#') {
            let end = rest.find('\n').unwrap_or(rest.len());
            found.push(rest[..end].trim_end());
            rest = &rest[end..];
            continue;
        }
        let quote = &rest[..1];
        let long = quote.repeat(3);
        let (open, close) = if rest.starts_with(&long) { (3, long.as_str()) } else { (1, quote) };
        rest = behind_string(&rest[open..], close);
    }
    found.sort_unstable();
    found
}

/// What follows a string of which the quote is open.
fn behind_string<'a>(text: &'a str, close: &str) -> &'a str {
    let mut rest = text;
    let escapes = close.starts_with('"');
    loop {
        if let Some(behind) = rest.strip_prefix(close) {
            // A long string may end in one or two quotes of its own.
            return if close.len() == 3 { behind.trim_start_matches(&close[..1]) } else { behind };
        }
        let mut chars = rest.chars();
        match chars.next() {
            None => return "",
            Some('\\') if escapes => drop(chars.next()),
            Some(_) => {}
        }
        rest = chars.as_str();
    }
}

/// A list laid out: no blanks around cells, quotes only where a cell needs them, rows in their order.
fn csv(text: &str) -> Result<String, FormatError> {
    let rows = |text: &str| -> Result<Vec<Vec<String>>, FormatError> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let cells = |row: &csv::StringRecord| row.iter().map(|cell| cell.trim().to_owned()).collect();
        reader.records().map(|row| row.map(|row| cells(&row)).or(Err(FormatError::Syntax))).collect()
    };
    let before = rows(text)?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(vec![]);
    before.iter().try_for_each(|row| writer.write_record(row)).or(Err(FormatError::Changed))?;
    let bytes = writer.into_inner().or(Err(FormatError::Changed))?;
    let out = String::from_utf8(bytes).or(Err(FormatError::Changed))?;
    if rows(&out)? == before { Ok(out) } else { Err(FormatError::Changed) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};

    use super::*;
    use crate::rule::SHIPPED;

    fn laid_out(text: &str) -> String {
        format("rules.toml", text).unwrap_or_else(|error| format!("{error}: {text}"))
    }

    #[test]
    fn a_rule_is_laid_out_in_the_order_of_the_documentation() {
        let rough = "[[rule]] # the first\n[[rule.test]]\nexpect='yes'\nname=\"n\" # why\n[rule.detection.a]\n're' = 1\n\n\n# about\n\"a.b\" = { re = '\\d' }\n\n\n\
                     [[rule]]\n\n  kind   = 'gap'\n\tid = \"x\"\n# end";
        let wanted = "[[rule]] # the first\n[rule.detection.a]\nre = 1\n\n# about\n\"a.b\" = { re = '\\d' }\n[[rule.test]]\n\
                      name   = \"n\" # why\nexpect = \"yes\"\n\n[[rule]]\nid   = \"x\"\nkind = \"gap\"\n# end\n";
        assert_eq!(laid_out(rough), wanted);
    }

    #[test]
    fn comments_in_arrays_stay_beside_what_they_are_about() {
        let rough = "[[rule]]\ntags = [ # all\n 'a' , # first\n # second\n 'b' # late\n , # later\n 'c'\n # none\n]";
        let wanted = "[[rule]]\ntags = [\n    # all\n    \"a\", # first\n    # second\n    \"b\", # late\n    # later\n    \"c\",\n    # none\n]\n";
        assert_eq!(laid_out(rough), wanted);
        assert_eq!(laid_out(wanted), wanted);
    }

    #[test]
    fn one_long_key_does_not_push_all_others_to_the_right() {
        let text = "[[rule]]\nid    = \"x\"\ntitle = \"t\"\nfalsepositives = []\n";
        assert_eq!(laid_out(text), text);
    }

    #[test]
    fn what_is_not_valid_is_left_alone() {
        assert_eq!(format("a.toml", "[[rule]\n"), Err(FormatError::Syntax));
        assert_eq!(format("a.toml", "a = 1\na = 2\n"), Err(FormatError::Syntax));
    }

    #[test]
    fn a_list_keeps_its_rows_and_their_order() {
        let rough = "entry,lang\r\n b , en\t\n\"a, c\",\"ru\"\n";
        assert_eq!(format("lexicon/x.csv", rough).as_deref(), Ok("entry,lang\nb,en\n\"a, c\",ru\n"));
    }

    #[test]
    fn a_mark_in_a_string_is_no_comment() {
        let text = "a = \"# \\\" #\" # 1\nb = '# \\' # 2\nc = \"\"\"\n# \"\"\"\"\"# 3\nd = \'\'\'#\'\'\' # 4\n";
        assert_eq!(comments(text), ["# 1", "# 2", "# 3", "# 4"]);
    }

    #[test]
    fn every_shipped_file_can_be_laid_out_and_then_changes_no_more() {
        for (name, text) in SHIPPED {
            let once = format(name, text);
            let once = once.unwrap_or_else(|error| format!("{name}: {error}"));
            assert_eq!(format(name, &once).as_deref(), Ok(once.as_str()), "{name}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// A shipped file with some bytes changed. Most are TOML still, with other blanks, comments, quotes and line ends.
        #[test]
        fn any_text_is_refused_or_keeps_its_values_and_comments(file in any::<usize>(), edits in proptest::collection::vec((any::<usize>(), 0..14_usize), 1..12)) {
            let files: Vec<&str> = SHIPPED.iter().filter(|(name, _)| name.ends_with(".toml")).map(|(_, text)| *text).collect();
            let whole = files[file % files.len()];
            let mut text: String = whole.chars().take(6000).collect();
            for (at, edit) in edits {
                let at = at % text.len();
                let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
                let inserts = ["\n", " ", "\t", "\n\n\n", " # note", "\n# note\n", "'", "\"", ",", "[", "]", "{", "\r\n", ".x"];
                text.insert_str(at, inserts[edit]);
            }
            match format("rules.toml", &text) {
                Err(error) => prop_assert_eq!(error, FormatError::Syntax, "{}", text),
                Ok(once) => {
                    prop_assert_eq!(comments(&once), comments(&text));
                    prop_assert_eq!(toml::from_str::<toml::Table>(&once).ok(), toml::from_str::<toml::Table>(&text).ok());
                    prop_assert!(format("rules.toml", &once).as_deref() == Ok(&once), "{}", once);
                }
            }
        }
    }
}
