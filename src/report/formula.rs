//! Texts that a spreadsheet would run. A cell that begins like a formula is computed when a CSV file is opened, and so can call
//! programs or send away what stands beside it; in an XLSX file it is when somebody edits it.

/// Whether a spreadsheet may take a text for a formula.
///
/// A formula begins with one of `= + - @`, in full width too, and white space, quotes and unseen characters before it may be
/// dropped on the way. A text that begins with an apostrophe is text already. After OWASP, "CSV Injection".
pub(super) fn starts_formula(text: &str) -> bool {
    let unseen = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '"' | '“' | '”' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    // What spreadsheets cut off from the beginning of a cell is suspicious on its own.
    text.starts_with(['\t', '\r', '\n', '\0']) || text.trim_start_matches(unseen).starts_with(is_trigger)
}

fn is_trigger(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_known_behind_what_is_dropped_before_it() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t1",
            "\r1",
            "\n1",
            "\0a",
            " =1",
            "\u{a0}=1",
            "\u{feff}=1",
            "\u{200b}=1",
            "\"=1+1\"",
            "“=1”",
            "\u{1b}=1",
            "＝1",
            "＋1",
            "－1",
            "＠1",
            "﹦1",
            "+33 1 23 45 67 89",
        ] {
            assert!(starts_formula(text), "{text:?}");
        }
    }

    #[test]
    fn other_texts_are_left_alone() {
        for text in ["", "n-1", "'=1", "DDE (\"x\";\"y\")", "a\r\n=1+1", "2021/12345", "(=1)"] {
            assert!(!starts_formula(text), "{text:?}");
        }
    }
}
