//! Countries and international tribunals, by one code each.
//!
//! In goes a code or a name as sources write it (ISO 3166-1 alpha-2, alpha-3 or numeric, INTERPOL's own codes, English,
//! French, Spanish, Arabic, Russian names), out comes a [`Country`] with its canonical code: alpha-2, or INTERPOL's `914`,
//! `916`, `922`, `UNK`. The user-assigned `XA` to `XZ` stand for made-up countries, `XK` too: a source that means Kosovo by
//! it says so in its profile. What [`Country::parse`] gives is in the table `countries.csv`. Nothing is guessed: a name that
//! could mean two countries (`Korea`) means none, nothing is corrected, and a country of the past is not one of its
//! successors. The table takes no position on anyone's status.
//!
//! Three digits are ISO's number of a country. ISO gives none above 894, so that INTERPOL's own three are no other country's.
//! INTERPOL's list of 2018 numbers countries otherwise (its `250` is not ISO's); such a file needs a profile that maps them.
//!
//! The tables' codes and names follow ISO 3166-1 and 3166-3, the UN's terminology and INTERPOL's public list of notices.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

use super::spelling::plain;

/// A country or international tribunal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country {
    /// ASCII, filled up with zeros.
    code: [u8; 3],
}

impl Country {
    /// All members, as recipients of a diffusion. Not a country to be parsed; a field that allows it says so itself.
    pub const EVERY: Self = Self { code: *b"*\0\0" };

    /// The country that a code or name stands for, whatever its case, accents, punctuation and outer white space.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let of_code = |text: &str| padded(text).and_then(|code| TABLE.codes.get(&code));
        let text = text.trim();
        of_code(text).or_else(|| of_code(&plain(text))).or_else(|| TABLE.names.get(&key(text))).copied()
    }

    /// Whether a code or name stands for a country of the past, such as the Soviet Union. It is no country to be parsed: which
    /// of its successors is meant would be a guess.
    #[must_use]
    pub fn is_former(text: &str) -> bool {
        FORMER.contains(&key(text))
    }

    /// The canonical code, upper case.
    #[must_use]
    pub fn code(&self) -> &str {
        let length = self.code.iter().position(|byte| *byte == 0).unwrap_or(self.code.len());
        str::from_utf8(&self.code[..length]).unwrap_or_default()
    }

    /// The English name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        if *self == Self::EVERY { "all members" } else { TABLE.english.get(self).copied().unwrap_or_default() }
    }

    /// The country as a number, for columns. Never 0; numbers order as codes do.
    #[must_use]
    pub fn packed(self) -> u32 {
        let [a, b, c] = self.code;
        u32::from_be_bytes([0, a, b, c])
    }

    /// The country [`Country::packed`] made the number from. Any other number gives a country without a name.
    #[must_use]
    pub fn from_packed(packed: u32) -> Self {
        let [_, a, b, c] = packed.to_be_bytes();
        Self { code: [a, b, c] }
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Country({})", self.code())
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

struct Table {
    /// Alpha-2, alpha-3, numbers and INTERPOL's codes.
    codes: HashMap<[u8; 3], Country>,
    /// Every name by its [`key`].
    names: HashMap<String, Country>,
    english: HashMap<Country, &'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { codes: HashMap::new(), names: HashMap::new(), english: HashMap::new() };
    for [alpha2, alpha3, number, english, aliases] in rows() {
        let Some(code) = padded(alpha2) else { continue };
        let country = Country { code };
        table.codes.extend([alpha2, alpha3, number].into_iter().filter_map(padded).map(|code| (code, country)));
        table.names.extend([english].into_iter().chain(aliases.split('|')).map(|name| (key(name), country)));
        table.english.insert(country, english);
    }
    // Countries without aliases would otherwise claim the empty name.
    table.names.remove("");
    table
});

/// Codes and names of former countries by their [`key`].
static FORMER: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let names = include_str!("former_countries.csv").lines().skip(1).flat_map(|line| line.split([',', '|']));
    names.map(key).filter(|name| !name.is_empty()).collect()
});

/// The rows of the table: alpha-2, alpha-3, number, English name, other names joined by `|`. No field holds a comma or a
/// quote, which a test sees to.
fn rows() -> impl Iterator<Item = [&'static str; 5]> {
    include_str!("countries.csv").lines().skip(1).filter_map(|line| {
        let mut fields = line.split(',');
        Some([fields.next()?, fields.next()?, fields.next()?, fields.next()?, fields.next()?])
    })
}

/// A code of two or three characters in upper case. None for anything of another shape.
fn padded(code: &str) -> Option<[u8; 3]> {
    let bytes = code.as_bytes();
    if !matches!(bytes.len(), 2 | 3) || !bytes.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let mut padded = [0; 3];
    for (slot, byte) in padded.iter_mut().zip(bytes) {
        *slot = byte.to_ascii_uppercase();
    }
    Some(padded)
}

/// What two spellings of one name share: letters and digits without case, marks or punctuation, no article in front.
fn key(name: &str) -> String {
    let letters = plain(name).replace('&', " and ");
    let words: Vec<&str> = letters.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.strip_prefix(&["the"]).unwrap_or(&words).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<String> {
        Country::parse(text).map(|country| country.code().to_owned())
    }

    fn assert_all(wanted: &str, texts: &[&str]) {
        for text in texts {
            assert_eq!(code(text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn alpha_2_and_alpha_3_parse_in_any_case() {
        assert_all("RU", &["RU", "ru", " Ru ", "RUS", "rus"]);
        assert_all("LA", &["LA", "LAO"]);
    }

    #[test]
    fn interpols_own_codes_parse() {
        assert_all("914", &["914", "ICC", "International Criminal Court"]);
        assert_all("916", &["916", "Special Tribunal for Lebanon"]);
        assert_all("922", &["922", "UN IRMCT"]);
        assert_all("UNK", &["UNK", "unk", "Kosovo", "under UNMIK mandate (Kosovo)"]);
    }

    #[test]
    fn made_up_countries_are_user_assigned_codes() {
        for letter in 'A'..='Z' {
            let country = Country::parse(&format!("x{}", letter.to_ascii_lowercase())).expect("user-assigned");
            assert_eq!((country.code(), country.name()), (&*format!("X{letter}"), &*format!("country X{letter}")));
        }
    }

    #[test]
    fn english_names_and_variants_parse() {
        assert_all("RU", &["Russia", "the Russian Federation", "RUSSIA"]);
        assert_all("TR", &["Turkey", "Türkiye", "TURKIYE", "TÜRKİYE"]);
        assert_all("US", &["USA", "U.S.A.", "United States", "the United States of America"]);
        assert_all("GB", &["UK", "Great Britain"]);
        assert_all("CD", &["Congo (Democratic Republic of)", "DR Congo", "Democratic Republic of the Congo"]);
        assert_all("CG", &["Congo", "Republic of the Congo"]);
        assert_all("KP", &["Korea (Democratic People's Republic of)", "Korea, North"]);
        assert_all("CI", &["Cote d'Ivoire", "Côte d’Ivoire", "IVORY COAST"]);
        assert_all("TT", &["Trinidad & Tobago"]);
    }

    #[test]
    fn french_spanish_and_arabic_names_parse() {
        assert_all("DE", &["Allemagne", "Alemania", "ألمانيا", "المانيا"]);
        assert_all("AE", &["Émirats arabes unis", "Emiratos Arabes Unidos", "الإمارات العربية المتحدة"]);
        assert_all("SA", &["Arabie saoudite", "السعودية", "المملكه العربيه السعوديه"]);
        assert_all("SY", &["Syrie", "سوريا"]);
        assert_all("TJ", &["Tadjikistan", "Tayikistán", "طاجيكستان"]);
    }

    #[test]
    fn russian_names_parse() {
        assert_all("US", &["США", "Соединённые Штаты Америки"]);
        assert_all("BY", &["Беларусь", "БЕЛОРУССИЯ", "Республика Беларусь"]);
        assert_all("KR", &["Республика Корея", "Южная Корея"]);
    }

    #[test]
    fn numbers_are_those_of_iso_and_interpols_own_three_stay_interpols() {
        assert_all("FR", &["250", "２５０"]);
        assert_all("AF", &["004"]);
        assert_eq!(code("4"), None, "an ISO number has three digits");
        let highest = rows().filter_map(|[_, _, number, ..]| number.parse::<u16>().ok()).max();
        assert_eq!(highest, Some(894), "900 and above are for users, so 914, 916 and 922 are free");
    }

    #[test]
    fn a_country_of_the_past_is_none_of_today() {
        for text in ["SU", "su", "SUN", "810", "Soviet Union", "СССР", "YU", "CS", "DD", "ZR", "TP", "AN"] {
            assert_eq!((code(text), Country::is_former(text)), (None, true), "{text}");
        }
        assert!(["", "FR", "UN", "EU", "ZZ"].iter().all(|text| !Country::is_former(text)));
    }

    #[test]
    fn what_is_ambiguous_or_unknown_is_no_country() {
        for text in [
            "",
            " ",
            "?",
            "Korea",
            "Virgin Islands",
            "ZZ",
            "EU",
            "UN",
            "\u{424}R",
            "Atlantis",
            "9",
            "999",
            "the",
            "é!",
            "\u{200b}",
        ] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn a_packed_country_comes_back() {
        for text in ["FR", "914", "UNK", "XK"] {
            let country = Country::parse(text).expect("a code");
            assert_eq!(Country::from_packed(country.packed()), country);
        }
        assert_eq!((Country::from_packed(0).code(), Country::from_packed(u32::MAX).code()), ("", ""));
        assert_eq!((Country::EVERY.code(), Country::EVERY.name(), Country::parse("*")), ("*", "all members", None));
    }

    #[test]
    fn every_row_is_whole_and_no_name_means_two_countries() {
        let lines = include_str!("countries.csv").lines().skip(1);
        assert!(lines.clone().all(|line| line.matches(',').count() == 4 && !line.contains('"')));
        assert_eq!(lines.count(), 249 + 4 + 26, "ISO 3166-1, INTERPOL, user-assigned");
        for [alpha2, alpha3, number, english, aliases] in rows() {
            let names = [alpha2, alpha3, number, english].into_iter().chain(aliases.split('|'));
            for name in names.filter(|name| !name.is_empty()) {
                assert_eq!(code(name).as_deref(), Some(alpha2), "{name}");
                assert!(!Country::is_former(name), "{name}");
            }
            assert_eq!(Country::parse(alpha2).map(|country| country.name()), Some(english));
        }
    }
}
