//! Signs of trickery or damage: what a text holds that nobody sees, that looks like something else, or that an earlier
//! program spoilt. They are counted for the account of an input and never change a value.
//!
//! What a script or a picture needs is no oddity: joiners in Persian, Indian scripts and emoji, variation selectors,
//! direction marks beside text from right to left, the tags of a flag.

use unicode_normalization::char::is_combining_mark;

use crate::record::{Cell, Country, Field, Leaf, Missing, PartialDate, Record, Type, Value};
use crate::text::{MOST_MARKS, is_invisible, script};

macro_rules! oddities {
    ($($name:ident $word:literal $doc:literal;)+) => {
        /// A sign of trickery or damage.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Oddity { $(#[doc = $doc] $name,)+ }

        impl Oddity {
            /// Every oddity.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name used in the account of an input.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$name => $word),+ } }

            /// What it is, for people.
            #[must_use]
            pub const fn meaning(self) -> &'static str { match self { $(Self::$name => $doc),+ } }

            const fn bit(self) -> u16 { 1 << self as u16 }
        }
    };
}

oddities! {
    MixedScript "mixed_script" "letters of two scripts in one word, as when a look-alike stands for another letter";
    Invisible "invisible" "characters that leave no mark on the page";
    BidiControl "bidi_control" "characters that turn the direction of the text around them";
    TagCharacters "tag_characters" "tag characters, which can hide a whole text";
    CombiningFlood "combining_flood" "more accents on one letter than any language has";
    Control "control" "control characters";
    ReplacementCharacter "replacement_character" "letters that an earlier program could not read";
    PrivateUse "private_use" "characters that mean something in one font only";
    Noncharacter "noncharacter" "codes that are no character";
    FormerCountry "former_country" "a country that is no more; which successor is meant would be a guess";
    AgeOver120 "age_over_120" "a date of birth more than 120 years ago";
}

/// 120 years, in days.
const DAYS_OF_120_YEARS: i32 = 43_830;

/// What is odd about a text, each oddity once.
pub fn oddities(text: &str) -> impl Iterator<Item = Oddity> + use<> {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r');
    let seen = if text.bytes().all(is_plain) { 0 } else { scan(text) };
    Oddity::ALL.iter().copied().filter(move |oddity| seen & oddity.bit() != 0)
}

/// What is odd about a record: one entry for each oddity of each cell that was read from the source. Without the day of
/// reading no age is told.
#[must_use]
pub fn of_record(record: &Record, today: Option<PartialDate>) -> Vec<(Oddity, Field)> {
    let mut found = vec![];
    for (field, leaf) in record.leaves().filter(|(field, _)| !field.spec().derived) {
        let whole = if let Leaf::Many(Err(Missing::Invalid(raw))) = leaf { Some(raw.as_str()) } else { None };
        for text in leaf.cells().iter().filter_map(text_of).chain(whole) {
            found.extend(oddities(text).map(|oddity| (oddity, field)));
        }
        if field.ty() == Type::Country {
            let former = leaf.cells().iter().filter_map(text_of).filter(|text| Country::is_former(text));
            found.extend(former.map(|_| (Oddity::FormerCountry, field)));
        }
        if let (Field::DATE_OF_BIRTH, Leaf::One(Ok(Value::Date(born))), Some(today)) = (field, leaf, today)
            && born.plus_days(DAYS_OF_120_YEARS).last < today.first
        {
            found.push((Oddity::AgeOver120, field));
        }
    }
    found
}

/// The text of a cell, also of one that cannot be read.
fn text_of(cell: &Cell) -> Option<&str> {
    match cell {
        Ok(Value::Text(text)) | Err(Missing::Invalid(text)) => Some(text),
        _ => None,
    }
}

fn scan(text: &str) -> u16 {
    let (mut seen, mut marks, mut in_flag, mut before) = (0, 0, false, None);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let own = script(c);
        if own.is_some() || is_letter(c) {
            let is_mixed = own.zip(before).is_some_and(|(own, before)| own != before);
            seen |= if is_mixed { Oddity::MixedScript.bit() } else { 0 };
            (before, marks, in_flag) = (own, 0, false);
            continue;
        }
        in_flag = c == BLACK_FLAG || in_flag && is_tag(c);
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        let between = before.is_some() && chars.peek().is_some_and(|after| script(*after).is_some());
        let of_char = if in_flag { None } else { of_char(c, between) };
        let flood = (marks > MOST_MARKS).then_some(Oddity::CombiningFlood);
        seen |= [of_char, flood].into_iter().flatten().fold(0, |bits, oddity| bits | oddity.bit());
        // Marks and what is invisible stand on a letter or between two, and part no word.
        if marks == 0 && !is_invisible(c) {
            before = None;
        }
    }
    seen
}

/// Letters of blocks that hold nothing else, told without a look into tables: most of Arabic and Han.
fn is_letter(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{63f}' | '\u{641}'..='\u{64a}' | '\u{4e00}'..='\u{9fff}')
}

/// The emoji that tags turn into the flag of a region.
const BLACK_FLAG: char = '\u{1f3f4}';

fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// What is odd about a character; `between` two letters of Latin, Cyrillic or Greek it has no business to join or turn.
fn of_char(c: char, between: bool) -> Option<Oddity> {
    match c {
        '\t' | '\n' | '\r' | ' '..='~' => None,
        _ if c.is_control() => Some(Oddity::Control),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(Oddity::BidiControl),
        '\u{fffd}' => Some(Oddity::ReplacementCharacter),
        '\u{fdd0}'..='\u{fdef}' => Some(Oddity::Noncharacter),
        _ if u32::from(c) & 0xfffe == 0xfffe => Some(Oddity::Noncharacter),
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => Some(Oddity::PrivateUse),
        _ if is_tag(c) => Some(Oddity::TagCharacters),
        '\u{200c}'..='\u{200f}' | '\u{61c}' => between.then_some(Oddity::Invisible),
        _ if is_of_its_script(c) => None,
        _ if is_invisible(c) => Some(Oddity::Invisible),
        _ => None,
    }
}

/// Format characters that their script is written with, and variation selectors.
fn is_of_its_script(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{180b}'..='\u{180f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::canonical::record;
    use serde_json::json;

    fn names(text: &str) -> Vec<&'static str> {
        oddities(text).map(Oddity::name).collect()
    }

    #[test]
    fn each_oddity_of_a_text_is_found() {
        for (text, want) in [
            ("Iv\u{430}n", "mixed_script"),
            ("\u{391}lex", "mixed_script"),
            ("I\u{301}\u{432}", "mixed_script"),
            ("te\u{200b}rror", "invisible"),
            ("te\u{ad}rror", "invisible"),
            ("te\u{200d}rror", "invisible"),
            ("terror\u{3164}", "invisible"),
            ("a\u{202e}b", "bidi_control"),
            ("a\u{2066}b", "bidi_control"),
            ("a\u{e0062}", "tag_characters"),
            ("a\u{0}", "control"),
            ("a\u{85}", "control"),
            ("\u{fffd}", "replacement_character"),
            ("\u{e001}", "private_use"),
            ("\u{10fffd}", "private_use"),
            ("\u{fdd1}", "noncharacter"),
            ("\u{1ffff}", "noncharacter"),
        ] {
            assert_eq!(names(text), [want], "{text:?}");
        }
        assert_eq!(names(&format!("a{}", "\u{301}".repeat(50))), ["combining_flood"]);
        assert_eq!(names("\u{202e}\u{fffd}"), ["bidi_control", "replacement_character"]);
    }

    #[test]
    fn what_scripts_and_pictures_need_is_not_odd() {
        for text in [
            "line\r\nline\tcell",
            "نمی\u{200c}خواهم",
            "العربية \u{200f}(ABC)\u{200e} 12",
            "क्\u{200d}ष",
            "👩\u{200d}🚀 ❤\u{fe0f}",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "Việt Nam שָׁלוֹם ไทยกำ 한국",
            "α-particle, тест test, 5 Ω",
        ] {
            assert!(names(text).is_empty(), "{text:?}: {:?}", names(text));
        }
    }

    #[test]
    fn a_record_tells_where_its_oddities_are() {
        let object = json!({
            "family_name": "Iv\u{430}n", "nationalities": ["XA", "SU"], "date_of_birth": "1850-01-01",
            "sex": "m\u{202e}", "charges": [{"text": "Fraud\u{fffd}"}, {"text": "Fraud"}],
        });
        let (record, _) = record(object.as_object().expect("an object"));
        let found = of_record(&record, PartialDate::day(2026, 1, 1));
        let shown: Vec<String> =
            found.iter().map(|(oddity, field)| format!("{} {}", field.path(), oddity.name())).collect();
        let want = [
            "family_name mixed_script",
            "date_of_birth age_over_120",
            "sex bidi_control",
            "nationalities former_country",
            "charges.text replacement_character",
        ];
        assert_eq!(shown, want);
        assert!(!of_record(&record, None).iter().any(|(oddity, _)| *oddity == Oddity::AgeOver120));
    }

    #[test]
    fn an_oddity_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> = Oddity::ALL.iter().map(|oddity| oddity.name()).collect();
        assert_eq!(names.len(), Oddity::ALL.len());
    }
}
