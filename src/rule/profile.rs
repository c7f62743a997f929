//! The profile of a rule set: every number that turns verdicts into a score and a score into an outcome. There is no
//! such number in Rust.

use std::collections::BTreeMap;

use super::{Factor, Ground, Status};
use crate::diag::Keys;
use crate::diag::{Code, Diagnostic, Diagnostics, Key, SourceId, Span, Table, did_you_mean, parse_toml};
use crate::record::VOCABULARIES;

/// The language version this engine reads.
pub(super) const LANGUAGE: &str = "notice-rules/1";

/// How far up a score is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Below every threshold.
    Clear,
    /// Worth keeping in view.
    Monitor,
    /// Worth a look.
    Review,
    /// Worth a look first.
    Priority,
}

impl Band {
    /// Every band, lowest first.
    pub const ALL: [Self; 4] = [Self::Clear, Self::Monitor, Self::Review, Self::Priority];

    /// The word used in rules and output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Monitor => "monitor",
            Self::Review => "review",
            Self::Priority => "priority",
        }
    }
}

/// When a ground covers only part of the charges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partial {
    /// The rule that says that separable ordinary-law charges remain.
    pub rule: Option<String>,
    /// The grounds that can be limited to some of the charges.
    pub grounds: Vec<Ground>,
}

/// What lints go by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintLimits {
    /// The least letters of a text that may stand inside words.
    pub shortest_part: usize,
    /// The least letters of a stem, which may go on.
    pub shortest_stem: usize,
    /// The least letters of whole words.
    pub shortest_word: usize,
    /// The least characters in scripts in which one or two are a word.
    pub shortest_dense: usize,
    /// The most records of a corpus that a pattern may occur in, in percent.
    pub most_matched: usize,
}

/// Numbers of a rule set. Bits are in thousandths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Name of the rule set.
    pub name: String,
    /// Version of the rule set.
    pub version: String,
    /// Which rules are used.
    pub statuses: Vec<Status>,
    /// Where the score starts.
    pub prior: i64,
    /// What each further rule of one factor counts, against the one before, in thousandths.
    pub damping: i64,
    /// The ladder of strengths.
    pub strengths: BTreeMap<String, i64>,
    /// The most one factor can add, or mitigators of one factor take away.
    pub caps: BTreeMap<Factor, i64>,
    /// Where the bands above `clear` begin.
    pub bands: [i64; 3],
    /// The score from which a record can be flagged.
    pub flag_at: i64,
    /// How many factors must add to it.
    pub flag_factors: usize,
    /// Factors of which at least one must add to it.
    pub flag_one_of: Vec<Factor>,
    /// The least that one of those must add.
    pub flag_one_of_bits: i64,
    /// When an outcome is partial.
    pub partial: Partial,
    /// Kinds of instrument that stand first in the queue: positions in the `kind` vocabulary.
    pub queue_first: Vec<u8>,
    /// From where on a lint finds a pattern too short or too common; without it, none is.
    pub lint: Option<LintLimits>,
}

impl Profile {
    /// The band of a score.
    #[must_use]
    pub fn band(&self, millibits: i64) -> Band {
        let reached = self.bands.iter().filter(|edge| millibits >= **edge).count();
        Band::ALL[reached.min(3)]
    }

    /// Reads the `ruleset.toml` of a rule set.
    pub(super) fn parse(source: SourceId, text: &str, found: &mut Diagnostics) -> Option<Self> {
        let before = found.errors();
        let document = parse_toml(source, text, found);
        let whole = Span::new(source, 0..0);
        let mut keys = Keys::new(&document, whole, "", found);
        let text_of = |keys: &mut Keys<'_, '_>, key| match keys.text(key) {
            Some((text, _)) => text,
            None => {
                if document.get(key).is_none() {
                    keys.missing(key, "a rule set has a `name`, a `version` and a `language`");
                }
                String::new()
            }
        };
        let name = text_of(&mut keys, "name");
        let version = text_of(&mut keys, "version");
        match keys.text("language") {
            Some((language, _)) if language == LANGUAGE => {}
            Some((language, at)) => {
                let problem =
                    Diagnostic::new(Code::UnknownLanguage, format!("language `{language}` is not known")).at(at);
                keys.report(problem.help(format!("this version reads `{LANGUAGE}`")));
            }
            None if document.get("language").is_some() => {}
            None => keys.missing("language", &format!("write `language = \"{LANGUAGE}\"`")),
        }
        let statuses = words(&mut keys, "statuses", Status::ALL, Status::word);
        if document.get("statuses").is_none() {
            keys.missing("statuses", "say which rules count, for example `statuses = [\"stable\"]`");
        }
        for planned in ["include", "extends", "override"] {
            keys.not_supported(planned);
        }
        let profile = keys.table("profile");
        keys.finish();
        let Some((profile, span)) = profile else {
            if document.get("profile").is_none() {
                let problem = Diagnostic::new(Code::BadProfile, "the rule set has no `[profile]`").at(whole);
                found.push(problem.help("add the tables of `[profile]`; those of the shipped rule set are a start"));
            }
            return None;
        };
        let mut keys = Keys::new(profile, span, "", found);
        let prior = need(&mut keys, "prior_bits");
        let damping = need(&mut keys, "damping");
        if let Some(node) = profile.get("damping").filter(|_| !(0..=1000).contains(&damping)) {
            let problem = Diagnostic::new(Code::BadProfile, "`damping` lies between 0 and 1").at(node.span);
            keys.report(problem.help("0.35 counts the second rule of a factor at 35 percent"));
        }
        let sections: Vec<_> = ["strength", "caps", "bands", "flag", "partial", "queue"]
            .into_iter()
            .map(|key| {
                let section = keys.table(key);
                if section.is_none() && profile.get(key).is_none() {
                    keys.missing(key, "the profile has the tables strength, caps, bands, flag, partial and queue");
                }
                section
            })
            .collect();
        let lint = keys.table("lint");
        keys.finish();
        let lint = lint.map(|(table, span)| lint_limits(table, span, found));
        let mut sections = sections.into_iter().map(|section| section.map(|(table, span)| (table.clone(), span)));
        let mut next = || sections.next().flatten();
        let (strength, caps, bands, flag, partial, queue) = (next()?, next()?, next()?, next()?, next()?, next()?);
        let strengths = numbers(&strength.0, found).into_iter().map(|(key, bits)| (key.text, bits)).collect();
        let caps = caps_of(&caps.0, found);
        let mut keys = Keys::new(&bands.0, bands.1, "", found);
        let edges = ["monitor", "review", "priority"].map(|key| need(&mut keys, key));
        keys.finish();
        if found.errors() == before && !edges.is_sorted() {
            let problem = Diagnostic::new(Code::BadProfile, "the bands are out of order").at(bands.1);
            found.push(problem.help("`monitor` begins first, then `review`, then `priority`"));
        }
        let mut keys = Keys::new(&flag.0, flag.1, "", found);
        let flag_at = need(&mut keys, "score_bits");
        let flag_factors = match keys.integer("factors") {
            Some((number, at)) => usize::try_from(number).unwrap_or_else(|_| {
                let problem = Diagnostic::new(Code::BadProfile, "`factors` cannot be negative").at(at);
                keys.report(problem.help("say how many factors must add to the score"));
                0
            }),
            None => {
                if flag.0.get("factors").is_none() {
                    keys.missing("factors", "say how many factors must add to the score");
                }
                0
            }
        };
        let flag_one_of = words(&mut keys, "one_of", Factor::ALL, Factor::word);
        let flag_one_of_bits = need(&mut keys, "one_of_bits");
        keys.finish();
        let mut keys = Keys::new(&partial.0, partial.1, "", found);
        let partial = Partial {
            rule: keys.text("rule").map(|(rule, _)| rule),
            grounds: words(&mut keys, "grounds", Ground::ALL, Ground::word),
        };
        keys.finish();
        let mut keys = Keys::new(&queue.0, queue.1, "", found);
        let kinds = VOCABULARIES.iter().find(|vocabulary| vocabulary.name == "kind");
        let mut queue_first = vec![];
        for (word, at) in keys.texts("first") {
            match kinds.and_then(|kinds| kinds.position(&word)) {
                Some(kind) => queue_first.push(kind),
                None => keys.report(wrong_word("first", &word, kinds.map_or(&[], |kinds| kinds.terms)).at(at)),
            }
        }
        keys.finish();
        if found.errors() > before {
            return None;
        }
        Some(Self {
            name,
            version,
            statuses,
            prior,
            damping,
            strengths,
            caps,
            bands: edges,
            flag_at,
            flag_factors,
            flag_one_of,
            flag_one_of_bits,
            partial,
            queue_first,
            lint,
        })
    }
}

fn lint_limits(table: &Table, span: Span, found: &mut Diagnostics) -> LintLimits {
    let mut keys = Keys::new(table, span, "", found);
    let mut number = |key: &'static str| match keys.integer(key) {
        Some((number, at)) => usize::try_from(number).unwrap_or_else(|_| {
            let problem = Diagnostic::new(Code::BadProfile, format!("`{key}` cannot be negative")).at(at);
            keys.report(problem.help("write a whole number, 0 or more"));
            0
        }),
        None => {
            if !keys.has(key) {
                keys.missing(key, "`[profile.lint]` needs this number");
            }
            0
        }
    };
    let limits = LintLimits {
        shortest_part: number("shortest_part"),
        shortest_stem: number("shortest_stem"),
        shortest_word: number("shortest_word"),
        shortest_dense: number("shortest_dense"),
        most_matched: number("most_matched"),
    };
    keys.finish();
    limits
}

fn need(keys: &mut Keys<'_, '_>, key: &'static str) -> i64 {
    match keys.thousandths(key) {
        Some((number, _)) => number,
        None => {
            if !keys.has(key) {
                keys.missing(key, "the profile needs this number");
            }
            0
        }
    }
}

fn wrong_word(key: &str, word: &str, known: &[&str]) -> Diagnostic {
    let problem = Diagnostic::new(Code::BadProfile, format!("`{key}` cannot hold `{word}`"));
    match did_you_mean(word, known.iter().copied()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("it can hold: {}", known.join(", "))),
    }
}

fn words<T: Copy>(keys: &mut Keys<'_, '_>, key: &'static str, known: &[T], word_of: fn(T) -> &'static str) -> Vec<T> {
    let mut all = vec![];
    for (word, at) in keys.texts(key) {
        match known.iter().copied().find(|one| word_of(*one) == word) {
            Some(one) => all.push(one),
            None => {
                let known: Vec<&str> = known.iter().copied().map(word_of).collect();
                keys.report(wrong_word(key, &word, &known).at(at));
            }
        }
    }
    all
}

fn caps_of(table: &Table, found: &mut Diagnostics) -> BTreeMap<Factor, i64> {
    let mut caps = BTreeMap::new();
    for (key, bits) in numbers(table, found) {
        match Factor::parse(&key.text) {
            Some(factor) => drop(caps.insert(factor, bits)),
            None => {
                let known: Vec<&str> = Factor::ALL.iter().copied().map(Factor::word).collect();
                found.push(wrong_word("caps", &key.text, &known).at(key.span));
            }
        }
    }
    caps
}

fn numbers(table: &Table, found: &mut Diagnostics) -> Vec<(Key, i64)> {
    let mut all = vec![];
    for (key, node) in table.iter() {
        match node.thousandths() {
            Some(number) if number >= 0 => all.push((key.clone(), number)),
            _ => {
                let problem = Diagnostic::new(Code::BadProfile, format!("`{}` is not a number of bits", key.text));
                found.push(problem.at(node.span).help("write a number, 0 or more, with at most three decimals"));
            }
        }
    }
    all
}
