//! The profile of a rule set: every number that turns verdicts into a score and a score into an outcome. There is no
//! such number in Rust.

use std::collections::BTreeMap;

use super::keys::Keys;
use super::{Factor, Ground, Status};
use crate::diag::{Code, Diagnostic, Diagnostics, SourceId, Span, parse_toml};
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
    /// When an outcome is partial.
    pub partial: Partial,
    /// Kinds of instrument that stand first in the queue: positions in the `kind` vocabulary.
    pub queue_first: Vec<u8>,
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
                keys.missing(key, "a rule set has a `name`, a `version` and a `language`");
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
            None => keys.missing("language", &format!("write `language = \"{LANGUAGE}\"`")),
        }
        let statuses = words(&mut keys, "statuses", Status::parse);
        for planned in ["include", "extends", "override"] {
            if let Some(node) = keys.node(planned) {
                keys.report(
                    Diagnostic::new(Code::NotSupported, format!("`{planned}` is not supported by this version"))
                        .at(node.span),
                );
            }
        }
        let profile = keys.table("profile");
        keys.finish();
        let Some((profile, span)) = profile else {
            found.push(Diagnostic::new(Code::BadProfile, "the rule set has no `[profile]`").at(whole));
            return None;
        };
        let mut keys = Keys::new(profile, span, "", found);
        let prior = need(&mut keys, "prior_bits");
        let damping = need(&mut keys, "damping");
        let sections: Vec<_> = ["strength", "caps", "bands", "flag", "partial", "queue"]
            .into_iter()
            .map(|key| {
                let section = keys.table(key);
                if section.is_none() {
                    keys.missing(key, "the profile has the tables strength, caps, bands, flag, partial and queue");
                }
                section
            })
            .collect();
        keys.finish();
        let mut sections = sections.into_iter().map(|section| section.map(|(table, span)| (table.clone(), span)));
        let mut next = || sections.next().flatten();
        let (strength, caps, bands, flag, partial, queue) = (next()?, next()?, next()?, next()?, next()?, next()?);
        let strengths = numbers(&strength.0, found).into_iter().collect();
        let caps =
            numbers(&caps.0, found).into_iter().filter_map(|(key, bits)| Some((Factor::parse(&key)?, bits))).collect();
        let mut keys = Keys::new(&bands.0, bands.1, "", found);
        let bands = ["monitor", "review", "priority"].map(|key| need(&mut keys, key));
        keys.finish();
        let mut keys = Keys::new(&flag.0, flag.1, "", found);
        let flag_at = need(&mut keys, "score_bits");
        let flag_factors = keys.integer("factors").and_then(|(number, _)| usize::try_from(number).ok()).unwrap_or(2);
        let flag_one_of = words(&mut keys, "one_of", Factor::parse);
        keys.finish();
        let mut keys = Keys::new(&partial.0, partial.1, "", found);
        let partial = Partial {
            rule: keys.text("rule").map(|(rule, _)| rule),
            grounds: words(&mut keys, "grounds", Ground::parse),
        };
        keys.finish();
        let mut keys = Keys::new(&queue.0, queue.1, "", found);
        let kinds = VOCABULARIES.iter().find(|vocabulary| vocabulary.name == "kind");
        let queue_first = keys
            .texts("first")
            .into_iter()
            .filter_map(|(word, _)| kinds.and_then(|kinds| kinds.position(&word)))
            .collect();
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
            bands,
            flag_at,
            flag_factors,
            flag_one_of,
            partial,
            queue_first,
        })
    }
}

fn need(keys: &mut Keys<'_, '_>, key: &'static str) -> i64 {
    match keys.thousandths(key) {
        Some((number, _)) => number,
        None => {
            keys.missing(key, "the profile needs this number");
            0
        }
    }
}

fn words<T>(keys: &mut Keys<'_, '_>, key: &'static str, parse: fn(&str) -> Option<T>) -> Vec<T> {
    let mut all = vec![];
    for (word, at) in keys.texts(key) {
        match parse(&word) {
            Some(one) => all.push(one),
            None => keys.report(Diagnostic::new(Code::BadProfile, format!("`{key}` cannot hold `{word}`")).at(at)),
        }
    }
    all
}

fn numbers(table: &crate::diag::Table, found: &mut Diagnostics) -> Vec<(String, i64)> {
    let mut all = vec![];
    for (key, node) in table.iter() {
        match node.thousandths() {
            Some(number) if number >= 0 => all.push((key.text.clone(), number)),
            _ => found
                .push(Diagnostic::new(Code::BadProfile, format!("`{}` is a number of bits", key.text)).at(node.span)),
        }
    }
    all
}
