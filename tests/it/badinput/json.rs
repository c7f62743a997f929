//! JSONTestSuite: what must be read is read, what must be refused is refused with line and column, and where a parser is free
//! the answer stays the same.

use std::path::Path;

use super::case::Case;
use super::{files, name};

/// Reads and judges a file.
const SCAN: &str = "scan FILE --rules RULES --kind red_notice --format jsonl";

/// Of the files that a parser may read or refuse, those that are refused. The others are read.
const REFUSED: [&str; 31] = [
    "i_number_huge_exp.json",
    "i_number_neg_int_huge_exp.json",
    "i_number_pos_double_huge_exp.json",
    "i_number_real_neg_overflow.json",
    "i_number_real_pos_overflow.json",
    "i_object_key_lone_2nd_surrogate.json",
    "i_string_1st_surrogate_but_2nd_missing.json",
    "i_string_1st_valid_surrogate_2nd_invalid.json",
    "i_string_incomplete_surrogate_and_escape_valid.json",
    "i_string_incomplete_surrogate_pair.json",
    "i_string_incomplete_surrogates_escape_valid.json",
    "i_string_invalid_lonely_surrogate.json",
    "i_string_invalid_surrogate.json",
    "i_string_inverted_surrogates_U+1D11E.json",
    "i_string_lone_second_surrogate.json",
    "i_string_UTF-8_invalid_sequence.json",
    "i_string_UTF8_surrogate_U+D800.json",
    "i_string_invalid_utf-8.json",
    "i_string_iso_latin_1.json",
    "i_string_lone_utf8_continuation_byte.json",
    "i_string_not_in_unicode_range.json",
    "i_string_overlong_sequence_2_bytes.json",
    "i_string_overlong_sequence_6_bytes.json",
    "i_string_overlong_sequence_6_bytes_null.json",
    "i_string_truncated-utf-8.json",
    "string_1_escaped_invalid_codepoint.json",
    "string_2_escaped_invalid_codepoints.json",
    "string_3_escaped_invalid_codepoints.json",
    "string_1_invalid_codepoint.json",
    "string_2_invalid_codepoints.json",
    "string_3_invalid_codepoints.json",
];

pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let folder = folder.join("JSONTestSuite");
    let parsing = files(&folder.join("test_parsing")).into_iter().map(|path| {
        let suite = ["json y", "json n", "json i"].into_iter().find(|suite| name(&path).starts_with(&suite[5..]));
        case(suite.unwrap_or("json i"), &path)
    });
    let transform = files(&folder.join("test_transform")).into_iter().map(|path| case("json transform", &path));
    parsing.chain(transform).collect()
}

fn case(suite: &'static str, path: &Path) -> Case {
    let case = Case::new(suite, name(path)).at(path).run(SCAN);
    let refused = |case: Case| case.exits(&[3, 4]).says("line ").says("column ");
    // A row that is sound JSON and no object is rejected, but not for its syntax.
    let read = |case: Case| case.exits(&[0, 3]).never_says("not valid json").never_says("not utf-8");
    match suite {
        "json n" => refused(case),
        "json y" => read(case),
        _ if REFUSED.contains(&name(path).as_str()) => case.exits(&[3, 4]).says("line "),
        _ => read(case),
    }
}
