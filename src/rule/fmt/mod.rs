//! One layout for rule files, with every comment kept.
//!
//! In goes the text of a file of a rule set, out comes the same file laid out: keys in the order of the documentation, equal
//! signs of neighbours below each other, one blank line between rules. What a file means is not touched: the result is read
//! again, and unless it holds the same values and the same comments it is not given out. Laying out twice changes nothing
//! more. Long lines are left long: where to break a record of a test is for its author, and breaks are kept.

mod printer;
mod value;

use thiserror::Error;
use toml_edit::DocumentMut;

use super::files::UNDECODED;

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
    let out = printer::document(&document, ruleset);
    let tree = |text: &str| toml::from_str::<toml::Table>(text).or(Err(FormatError::Syntax));
    if tree(text)? == tree(&out).or(Err(FormatError::Changed))? && comments(text) == comments(&out) {
        Ok(out)
    } else {
        Err(FormatError::Changed)
    }
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
