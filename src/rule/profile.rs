//! The profile of a rule set: every number that turns verdicts into a score and a score into an outcome. There is no
//! such number in Rust.

use std::collections::BTreeMap;

use super::ruleset::Head;
use super::{Factor, Ground, ReadingLists, Status};
use crate::diag::{Code, Diagnostic, Diagnostics, Key, Keys, Span, Table, did_you_mean};
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
    /// The rule that says that separable ordinary-law charges remain, and where it is named.
    pub rule: Option<(String, Span)>,
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
    /// The most days from a review to the end of its suppression. Without it no suppression is sound.
    pub longest_suppression: Option<i64>,
    /// The lists that tell negations and subjects.
    pub reading: ReadingLists,
    /// How records are linked to persons: a file `persons/….toml`, and where it is named.
    pub linkage: Option<(String, Span)>,
    /// How many records a join compares with one record at most; without it, all.
    pub most_compared: Option<usize>,
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

    /// The profile that the heads of a rule set make, each laid over those before it. Every mistake is reported; none where
    /// there is one.
    pub(super) fn of(heads: &[&Head], found: &mut Diagnostics) -> Option<Self> {
        let before = found.errors();
        let top = *heads.last()?;
        let (table, span) = heads
            .iter()
            .filter_map(|head| head.profile.clone())
            .reduce(|(below, _), (table, span)| (table.over(&below), span))?;
        let (sections, prior, damping) = Sections::read(&table, span, found);
        let flag = Flag::read(&sections.flag, found);
        let (linkage, most_compared) = related(&sections.related, found);
        let profile = Self {
            name: top.name.clone(),
            version: top.version.clone(),
            statuses: heads.iter().rev().find_map(|head| head.statuses.clone()).unwrap_or_default(),
            prior,
            damping,
            strengths: numbers(&sections.strength, found).into_iter().map(|(key, bits)| (key.text, bits)).collect(),
            caps: caps(&sections.caps, found),
            bands: bands(&sections.bands, found),
            flag_at: flag.at,
            flag_factors: flag.factors,
            flag_one_of: flag.one_of,
            flag_one_of_bits: flag.one_of_bits,
            partial: partial(&sections.partial, found),
            queue_first: queue_first(&sections.queue, found),
            longest_suppression: longest_days(&sections.suppression, found),
            linkage,
            most_compared,
            lint: sections.lint.map(|(table, span)| lint_limits(&table, span, found)),
            reading: sections.reading.map(|(table, span)| ReadingLists::parse(&table, span, found)).unwrap_or_default(),
        };
        (found.errors() == before && heads.iter().all(|head| head.sound)).then_some(profile)
    }
}

/// A table of the profile and where it stands; none where it is missing, which has been reported.
type Section = Option<(Table, Span)>;

/// The tables of the profile.
struct Sections {
    strength: Section,
    caps: Section,
    bands: Section,
    flag: Section,
    partial: Section,
    queue: Section,
    /// May be missing: then there are no suppressions.
    suppression: Section,
    /// May be missing: then no rule can ask for sentences, subjects and negations.
    reading: Section,
    /// May be missing: then joins compare all records.
    related: Section,
    /// May be missing: then no pattern is too short or too common.
    lint: Section,
}

impl Sections {
    /// The tables, and the two numbers that stand beside them: the prior and the damping.
    fn read(profile: &Table, span: Span, found: &mut Diagnostics) -> (Self, i64, i64) {
        let mut keys = Keys::new(profile, span, "", found);
        let prior = need(&mut keys, "prior_bits");
        let damping = need(&mut keys, "damping");
        if let Some(node) = profile.get("damping").filter(|_| !(0..=1000).contains(&damping)) {
            let problem = Diagnostic::new(Code::BadProfile, "`damping` lies between 0 and 1").at(node.span);
            keys.report(problem.help("0.35 counts the second rule of a factor at 35 percent"));
        }
        let mut section = |key| {
            if !keys.has(key) {
                keys.missing(key, "the profile has the tables strength, caps, bands, flag, partial and queue");
            }
            keys.table(key).map(|(table, span)| (table.clone(), span))
        };
        let all = Self {
            strength: section("strength"),
            caps: section("caps"),
            bands: section("bands"),
            flag: section("flag"),
            partial: section("partial"),
            queue: section("queue"),
            suppression: keys.table("suppression").map(|(table, span)| (table.clone(), span)),
            reading: keys.table("reading").map(|(table, span)| (table.clone(), span)),
            related: keys.table("related").map(|(table, span)| (table.clone(), span)),
            lint: keys.table("lint").map(|(table, span)| (table.clone(), span)),
        };
        keys.finish();
        (all, prior, damping)
    }
}

/// When a score flags a record.
#[derive(Default)]
struct Flag {
    at: i64,
    factors: usize,
    one_of: Vec<Factor>,
    one_of_bits: i64,
}

impl Flag {
    fn read(section: &Section, found: &mut Diagnostics) -> Self {
        let Some((table, span)) = section else { return Self::default() };
        let mut keys = Keys::new(table, *span, "", found);
        let at = need(&mut keys, "score_bits");
        if !keys.has("factors") {
            keys.missing("factors", "say how many factors must add to the score");
        }
        let factors = keys.integer("factors").map_or(0, |(number, at)| {
            usize::try_from(number).unwrap_or_else(|_| {
                let problem = Diagnostic::new(Code::BadProfile, "`factors` cannot be negative").at(at);
                keys.report(problem.help("say how many factors must add to the score"));
                0
            })
        });
        let one_of = words(&mut keys, "one_of", Factor::ALL, Factor::word);
        let one_of_bits = need(&mut keys, "one_of_bits");
        keys.finish();
        Self { at, factors, one_of, one_of_bits }
    }
}

fn bands(section: &Section, found: &mut Diagnostics) -> [i64; 3] {
    let Some((table, span)) = section else { return [0; 3] };
    let before = found.errors();
    let mut keys = Keys::new(table, *span, "", found);
    let edges = ["monitor", "review", "priority"].map(|key| need(&mut keys, key));
    keys.finish();
    if found.errors() == before && !edges.is_sorted() {
        let problem = Diagnostic::new(Code::BadProfile, "the bands are out of order").at(*span);
        found.push(problem.help("`monitor` begins first, then `review`, then `priority`"));
    }
    edges
}

fn partial(section: &Section, found: &mut Diagnostics) -> Partial {
    let Some((table, span)) = section else { return Partial::default() };
    let mut keys = Keys::new(table, *span, "", found);
    let partial = Partial { rule: keys.text("rule"), grounds: words(&mut keys, "grounds", Ground::ALL, Ground::word) };
    keys.finish();
    partial
}

fn queue_first(section: &Section, found: &mut Diagnostics) -> Vec<u8> {
    let Some((table, span)) = section else { return vec![] };
    let mut keys = Keys::new(table, *span, "", found);
    let kinds = VOCABULARIES.iter().find(|vocabulary| vocabulary.name == "kind");
    let mut first = vec![];
    for (word, at) in keys.texts("first") {
        match kinds.and_then(|kinds| kinds.position(&word)) {
            Some(kind) => first.push(kind),
            None => keys.report(wrong_word("first", &word, kinds.map_or(&[], |kinds| kinds.terms)).at(at)),
        }
    }
    keys.finish();
    first
}

fn longest_days(section: &Section, found: &mut Diagnostics) -> Option<i64> {
    let (table, span) = section.as_ref()?;
    let help = "say how many days after its review a suppression may last";
    let mut keys = Keys::new(table, *span, "", found);
    if !keys.has("longest_days") {
        keys.missing("longest_days", help);
    }
    let days = keys.integer("longest_days");
    if let Some((_, at)) = days.filter(|(days, _)| *days < 1) {
        keys.report(Diagnostic::new(Code::BadProfile, "`longest_days` is 1 or more").at(at).help(help));
    }
    keys.finish();
    days.map(|(days, _)| days)
}

/// How far joins go: the linkage profile, and how many records are compared.
fn related(section: &Section, found: &mut Diagnostics) -> (Option<(String, Span)>, Option<usize>) {
    let Some((table, span)) = section.as_ref() else { return (None, None) };
    let help = "say how many records a join compares with one record at most";
    let mut keys = Keys::new(table, *span, "", found);
    if !keys.has("most_compared") {
        keys.missing("most_compared", help);
    }
    let most = keys.integer("most_compared");
    if let Some((_, at)) = most.filter(|(most, _)| *most < 1) {
        keys.report(Diagnostic::new(Code::BadProfile, "`most_compared` is 1 or more").at(at).help(help));
    }
    let linkage = keys.text("linkage");
    keys.finish();
    (linkage, most.and_then(|(most, _)| usize::try_from(most).ok()))
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
    if !keys.has(key) {
        keys.missing(key, "the profile needs this number");
    }
    keys.thousandths(key).map_or(0, |(number, _)| number)
}

fn wrong_word(key: &str, word: &str, known: &[&str]) -> Diagnostic {
    let problem = Diagnostic::new(Code::BadProfile, format!("`{key}` cannot hold `{word}`"));
    match did_you_mean(word, known.iter().copied()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("it can hold: {}", known.join(", "))),
    }
}

/// Words of a closed list.
pub(super) fn words<T: Copy>(
    keys: &mut Keys<'_, '_>,
    key: &'static str,
    known: &[T],
    word_of: fn(T) -> &'static str,
) -> Vec<T> {
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

fn caps(section: &Section, found: &mut Diagnostics) -> BTreeMap<Factor, i64> {
    let mut caps = BTreeMap::new();
    for (key, bits) in numbers(section, found) {
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

fn numbers(section: &Section, found: &mut Diagnostics) -> Vec<(Key, i64)> {
    let mut all = vec![];
    for (key, node) in section.iter().flat_map(|(table, _)| table.iter()) {
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
