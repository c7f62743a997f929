//! The keys of rule files, in the order in which they are written: one table for the editor's schema, for the formatter,
//! and for what is meaning and what is wording.
//!
//! The parser of rules stays the judge of what a key may hold; a test keeps the two lists equal.

use super::{Factor, Ground, Kind, Status, Verdict};
use crate::operator::Truth;
use crate::record::Field;

/// What a key may hold.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Text.
    Text,
    /// An array of texts.
    Texts,
    /// A whole number of at least 1.
    Count,
    /// A number of bits, or a share.
    Number,
    /// `true` or `false`.
    Flag,
    /// A word of a closed list.
    Word(fn() -> Vec<&'static str>),
    /// An array of words of a closed list.
    Words(fn() -> Vec<&'static str>),
    /// A table with these keys.
    Table(&'static [KeySpec]),
    /// An array of tables with these keys.
    Tables(&'static [KeySpec]),
    /// A table of numbers; names are free where there is no list of them.
    Numbers(Option<fn() -> Vec<&'static str>>),
    /// A selection: a table of fields.
    Selection,
    /// A selection, or an array of them, joined by `or`.
    Alternatives,
    /// An array of selections.
    Selections,
    /// Tables with these keys, by name.
    Named(&'static [KeySpec]),
    /// Names of fields, or pairs of them.
    Keys,
    /// A whole number, or bounds on one.
    Bounds,
    /// A condition, and selections by name.
    Detection,
    /// A record.
    Record,
    /// Verdicts by the id of a rule.
    Verdicts,
    /// A text, or an array of texts.
    OneOrMore,
    /// A step of the ladder, or a number of bits.
    Weight,
    /// An array of records.
    Records,
    /// Rows of which the first names columns.
    Cases,
    /// Texts, or texts by field.
    Evidence,
}

/// What a change of a key changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Concern {
    /// Which rule it is.
    Identity,
    /// What is said of whom, and how much it weighs.
    Meaning,
    /// What people read.
    Wording,
    /// What is tried.
    Tests,
}

/// One key of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeySpec {
    pub(super) key: &'static str,
    pub(super) shape: Shape,
    pub(super) concern: Concern,
    /// Whether every rule has it, whatever its kind.
    pub(super) needed: bool,
    /// What it is for, in a sentence for a tooltip.
    pub(super) doc: &'static str,
}

const fn key(key: &'static str, shape: Shape, doc: &'static str) -> KeySpec {
    KeySpec { key, shape, concern: Concern::Meaning, needed: false, doc }
}

impl KeySpec {
    const fn needed(self) -> Self {
        Self { needed: true, ..self }
    }

    const fn of(self, concern: Concern) -> Self {
        Self { concern, ..self }
    }
}

fn kinds() -> Vec<&'static str> {
    Kind::ALL.iter().map(|kind| kind.word()).collect()
}
fn statuses() -> Vec<&'static str> {
    Status::ALL.iter().map(|status| status.word()).collect()
}
fn factors() -> Vec<&'static str> {
    Factor::ALL.iter().map(|factor| factor.word()).collect()
}
fn grounds() -> Vec<&'static str> {
    Ground::ALL.iter().map(|ground| ground.word()).collect()
}
fn verdicts() -> Vec<&'static str> {
    Verdict::ALL.iter().map(|verdict| verdict.word()).collect()
}
fn truths() -> Vec<&'static str> {
    [Truth::Yes, Truth::No, Truth::Unknown].map(Truth::name).to_vec()
}
fn fields() -> Vec<&'static str> {
    Field::all().map(Field::path).collect()
}
fn instruments() -> Vec<&'static str> {
    Field::KIND.vocabulary().map(|kinds| kinds.terms.to_vec()).unwrap_or_default()
}
fn correlations() -> Vec<&'static str> {
    super::CorrelationKind::ALL.iter().map(|(_, word)| *word).collect()
}
fn language() -> Vec<&'static str> {
    vec![super::profile::LANGUAGE]
}

use Concern::{Identity, Tests, Wording};

/// A rule file.
pub(super) static FILE: &[KeySpec] = &[key("rule", Shape::Tables(RULE), "A rule; a file holds any number of them.")];

/// `[[rule]]`
pub(super) static RULE: &[KeySpec] = &[
    key("id", Shape::Text, "The name of the rule: lower-case words, digits and `-`, joined by dots.")
        .needed()
        .of(Identity),
    key("revision", Shape::Count, "Starts at 1; raise it whenever the meaning changes.").needed().of(Identity),
    key("tags", Shape::Texts, "Free labels.").of(Wording),
    key("title", Shape::Text, "What the rule is about, in one line.").needed().of(Wording),
    key("status", Shape::Word(statuses), "How far the rule can be relied on; `ruleset.toml` says which count.")
        .needed(),
    key("kind", Shape::Word(kinds), "What the rule does when it says yes.").needed(),
    key("factor", Shape::Word(factors), "A letter of RPD art. 34(3), or `art2`; for indicator, mitigator and context."),
    key("ground", Shape::Word(grounds), "What a gate or a gap is about."),
    key("strength", Shape::Text, "The weight: a step of the ladder in `ruleset.toml`, such as `strong`."),
    key("bits", Shape::Number, "The weight as a number above 0, in place of `strength`."),
    key("requires", Shape::Text, "A context rule counts only if this condition over other rules holds."),
    key("basis", Shape::Tables(BASIS), "The law that the rule rests on.").of(Wording),
    key("falsepositives", Shape::Texts, "When the rule is known to be wrong.").of(Wording),
    key("scope", Shape::Selection, "The records that the rule is about; outside it the verdict is `not_applicable`."),
    key("detection", Shape::Detection, "What the rule looks for in a record."),
    key("related", Shape::Named(RELATED), "Joins with other records, by the names that the condition uses."),
    key("correlation", Shape::Table(CORRELATION), "What the rule looks for in a group of records."),
    key("composite", Shape::Table(COMPOSITE), "What the rule looks for in the verdicts of other rules."),
    key("filter", Shape::Table(FILTER), "What is suppressed, and after which review."),
    key("explain", Shape::Table(EXPLAIN), "What is said when the rule says yes.").of(Wording),
    key("test", Shape::Tables(TEST), "A small record, and what the rule must say of it.").of(Tests),
];

/// `basis`
pub(super) static BASIS: &[KeySpec] = &[
    key("cite", Shape::Text, "The instrument and the article.").needed(),
    key("url", Shape::Text, "Where to read it."),
    key("verified", Shape::Flag, "Whether someone has read it there."),
];

/// `[rule.composite]`
pub(super) static COMPOSITE: &[KeySpec] =
    &[key("condition", Shape::Text, "A condition over ids of rules, such as `2 of charge.*`.").needed()];

/// `[rule.related.NAME]`
pub(super) static RELATED: &[KeySpec] = &[
    key("on", Shape::Keys, "What both records have in common: fields, or `person`, the linked person.").needed(),
    key("apart", Shape::Keys, "What is known of both records and differs."),
    key(
        "where",
        Shape::Alternatives,
        "What must hold of the other record; `this.x` is a field of the one that is judged.",
    ),
    key("count", Shape::Bounds, "How many such records there must be; left out, at least one."),
];

/// `[rule.correlation]`
pub(super) static CORRELATION: &[KeySpec] = &[
    key("type", Shape::Word(correlations), "What is asked of a group of records.").needed(),
    key("where", Shape::Alternatives, "Which records are events."),
    key("steps", Shape::Selections, "What must occur, for `temporal` and `temporal_ordered`."),
    key("group_by", Shape::Keys, "What the records of a group have in common.").needed(),
    key("field", Shape::Text, "Whose different values are counted, for `value_count`."),
    key("time", Shape::Word(fields), "The date of an event."),
    key("timespan", Shape::Text, "How many days a window is long, as in `30d`."),
    key("similar", Shape::Table(SIMILAR), "Only records with a text that is nearly the same count."),
    key("condition", Shape::Bounds, "What the count must be."),
    key("share", Shape::Bounds, "What part of the group the events must be, in percent."),
];

/// `similar` of a correlation
pub(super) static SIMILAR: &[KeySpec] = &[
    key("field", Shape::Word(fields), "The text that is compared.").needed(),
    key("gte", Shape::Count, "How near two texts must be, in percent.").needed(),
];

/// `[rule.filter]`
pub(super) static FILTER: &[KeySpec] = &[
    key("suppresses", Shape::OneOrMore, "The rule, or the rules, whose verdict is suppressed.").needed(),
    key("evidence", Shape::OneOrMore, "The evidence hash of what was looked at.").needed(),
    key("reason", Shape::Text, "Why the rule is wrong here.").needed(),
    key("reviewer", Shape::Text, "Who looked: a name or initials.").needed(),
    key("reviewed", Shape::Text, "The day of the review.").needed(),
    key("expires", Shape::Text, "The last day of the suppression.").needed(),
];

/// `[rule.explain]`
pub(super) static EXPLAIN: &[KeySpec] = &[
    key("message", Shape::Text, "What a reader of the case is told; `{field}` is filled in."),
    key("ask", Shape::Text, "What to ask the requesting bureau."),
];

/// `[[rule.test]]`
pub(super) static TEST: &[KeySpec] = &[
    key("name", Shape::Text, "What the test shows.").needed(),
    key("given", Shape::Record, "A record; a field that is not named is not carried."),
    key("others", Shape::Records, "The records beside it, for rules that compare records."),
    key("not_carried", Shape::Words(fields), "Fields that are taken out of what is given."),
    key("cases", Shape::Cases, "Many tests in one: a row of columns, then a row for each test."),
    key("table", Shape::Records, "Records, each laid over what is given."),
    key("expect_by_id", Shape::Verdicts, "The verdict on each record of the table, by its `record_id`."),
    key("results", Shape::Verdicts, "Verdicts of other rules, by id or pattern."),
    key("expect", Shape::Word(verdicts), "The verdict that the rule must give."),
    key("counts", Shape::Word(truths), "Whether the bits of a context rule count."),
    key("missing", Shape::Words(fields), "With `unknown`: fields that must be among those that decide."),
    key("evidence", Shape::Evidence, "Texts that must be among those that matched."),
    key("exact", Shape::Flag, "The evidence is whole matches, and nothing else matched."),
    key("todo", Shape::Text, "Why the test is known to fail."),
];

/// `ruleset.toml`
pub(super) static RULESET: &[KeySpec] = &[
    key("name", Shape::Text, "The name of the rule set.").needed().of(Identity),
    key("version", Shape::Text, "The version of the rule set.").needed().of(Identity),
    key("language", Shape::Word(language), "The version of the rule language.").needed(),
    key("include", Shape::Texts, "Which files belong to it; left out, all of the folder."),
    key("extends", Shape::OneOrMore, "The rule sets it builds on: paths, or `shipped`."),
    key("statuses", Shape::Words(statuses), "Rules of which status count."),
    key("profile", Shape::Table(PROFILE), "Every number of the score and the outcome."),
    key("override", Shape::Tables(OVERRIDE), "What it changes in rules, with a reason."),
];

/// `[[override]]`
pub(super) static OVERRIDE: &[KeySpec] = &[
    key("id", Shape::Text, "The rule, or several with `*`.").needed(),
    key("weight", Shape::Weight, "Another weight: a step of the ladder, or a number of bits."),
    key("status", Shape::Word(statuses), "Another status."),
    key("off", Shape::Flag, "The rule does not count."),
    key("reason", Shape::Text, "Why.").needed(),
];

/// `[profile]`
pub(super) static PROFILE: &[KeySpec] = &[
    key("prior_bits", Shape::Number, "Where the score starts, in bits."),
    key("damping", Shape::Number, "What each further rule of one factor counts, against the one before."),
    key("strength", Shape::Numbers(None), "The ladder of strengths, in bits."),
    key("caps", Shape::Numbers(Some(factors)), "The most that one factor can add, in bits."),
    key("bands", Shape::Table(BANDS), "Where the bands above `clear` begin, in bits."),
    key("flag", Shape::Table(FLAG), "When the score flags a record."),
    key("partial", Shape::Table(PARTIAL), "When a ground covers only some of the charges."),
    key("queue", Shape::Table(QUEUE), "What stands first in the review queue."),
    key("suppression", Shape::Table(SUPPRESSION), "How long a reviewed suppression may last."),
    key("reading", Shape::Table(READING), "The lists that tell sentences, subjects, negations and reports."),
    key("related", Shape::Table(JOINS), "How far joins with other records go."),
    key("lint", Shape::Table(LINT), "From where on `rules check` warns of a pattern."),
];

/// `[profile.suppression]`
pub(super) static SUPPRESSION: &[KeySpec] =
    &[key("longest_days", Shape::Count, "The most days from a review to the last day of its suppression.").needed()];

/// `[profile.reading]`
pub(super) static READING: &[KeySpec] = &[
    key("abbreviations", Shape::Text, "Words with a dot that end no sentence."),
    key("negation_before", Shape::Text, "Words that deny what comes after them."),
    key("negation_after", Shape::Text, "Words that deny what comes before them."),
    key("negation_none", Shape::Text, "Wordings that look like a negation and are none."),
    key("negation_ends", Shape::Text, "Words at which a negation ends."),
    key("negation_words", Shape::Count, "How many words a negation reaches over at most."),
    key("reported_before", Shape::Text, "Words that only tell of what comes after them."),
    key("reported_after", Shape::Text, "Words that only tell of what comes before them."),
    key("called_before", Shape::Text, "Words that call for what comes after them."),
    key("reported_ends", Shape::Text, "Words at which what is told of or called for ends."),
    key("reported_words", Shape::Count, "How many words a report or call reaches over at most."),
    key("subject_person", Shape::Text, "Words for the person as the subject of a sentence."),
    key("subject_others", Shape::Text, "Words for others as the subject of a sentence."),
    key("subject_none", Shape::Text, "Wordings that look like a subject and are none."),
    key("subject_unnamed", Shape::Text, "Wordings that say what was done and not by whom."),
];

/// `[profile.related]`
pub(super) static JOINS: &[KeySpec] = &[
    key("linkage", Shape::Text, "How records are linked to persons: a file `persons/name.toml`, without its ending."),
    key("most_compared", Shape::Count, "The most records that a join compares with one record.").needed(),
];

/// `[profile.lint]`
pub(super) static LINT: &[KeySpec] = &[
    key("shortest_part", Shape::Number, "The least letters of a text that may stand inside words.").needed(),
    key("shortest_stem", Shape::Number, "The least letters of a stem.").needed(),
    key("shortest_word", Shape::Number, "The least letters of whole words.").needed(),
    key("shortest_dense", Shape::Number, "The least characters in scripts without spaces.").needed(),
    key("most_matched", Shape::Number, "The most records of a corpus that may have it, in percent.").needed(),
];

/// `[profile.bands]`
pub(super) static BANDS: &[KeySpec] = &[
    key("monitor", Shape::Number, "Worth keeping in view from here."),
    key("review", Shape::Number, "Worth a look from here."),
    key("priority", Shape::Number, "Worth a look first from here."),
];

/// `[profile.flag]`
pub(super) static FLAG: &[KeySpec] = &[
    key("score_bits", Shape::Number, "The score from which a record can be flagged."),
    key("factors", Shape::Count, "How many factors must add to it."),
    key("one_of", Shape::Words(factors), "Factors of which at least one must add to it."),
    key("one_of_bits", Shape::Number, "The least that one of those must add."),
];

/// `[profile.partial]`
pub(super) static PARTIAL: &[KeySpec] = &[
    key("rule", Shape::Text, "The rule that says that separable ordinary-law charges remain."),
    key("grounds", Shape::Words(grounds), "The grounds that can be limited to some of the charges."),
];

/// `[profile.queue]`
pub(super) static QUEUE: &[KeySpec] =
    &[key("first", Shape::Words(instruments), "Kinds of instrument that stand first in the queue.")];

/// The place of a key in the order of a table; keys that are not in it stand last.
pub(super) fn place(keys: &[KeySpec], name: &str) -> usize {
    keys.iter().position(|spec| spec.key == name).unwrap_or(keys.len())
}

/// What a change of a key of a rule changes. What is not known otherwise is meaning.
pub(super) fn concern(keys: &[KeySpec], name: &str) -> Concern {
    keys.iter().find(|spec| spec.key == name).map_or(Concern::Meaning, |spec| spec.concern)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::diag::{Code, Diagnostics, Sources};
    use crate::rule::{RuleFiles, RuleSet};

    /// No key of the language is near it.
    const NONE: &str = "qqqqqqqqqqqq";

    /// The problems of a file in which this line stands at a place, written as the text around the line.
    fn problems(place: &str, line: &str) -> Diagnostics {
        let name =
            if place.contains("[profile") || place.starts_with("language") { "ruleset.toml" } else { "rules.toml" };
        let mut files = RuleFiles::default();
        files.insert(name, place.replace("LINE", line));
        let mut found = Diagnostics::new();
        RuleSet::check(&files, &mut Sources::new(), &mut found);
        found
    }

    /// The keys that the parser asks for at a place: it names them to one who wrote another.
    fn asked(place: &str) -> BTreeSet<String> {
        let found = problems(place, &format!("{NONE} = 1"));
        let unknown = found.iter().find(|problem| problem.code == Code::UnknownKey && problem.message.contains(NONE));
        let help = unknown.and_then(|problem| problem.help.as_deref()).unwrap_or_default();
        let (_, keys) = help.split_once(": ").unwrap_or_default();
        keys.split(", ").map(str::to_owned).collect()
    }

    #[test]
    fn the_table_of_keys_is_what_the_parser_reads() {
        let profile = "language = 'x'\n[profile]\nLINE\n[profile.strength]\n[profile.caps]\n[profile.bands]\n[profile.flag]\n[profile.partial]\n[profile.queue]\n[profile.suppression]\n[profile.reading]\n[profile.related]\n[profile.lint]\n";
        let section = |name: &str| {
            profile.replace("LINE\n", "").replace(&format!("[profile.{name}]"), &format!("[profile.{name}]\nLINE"))
        };
        let places: [(&[KeySpec], String); 20] = [
            (RELATED, "[[rule]]\n[rule.related.x]\nLINE".to_owned()),
            (CORRELATION, "[[rule]]\n[rule.correlation]\nLINE".to_owned()),
            (SIMILAR, "[[rule]]\n[rule.correlation]\n[rule.correlation.similar]\nLINE".to_owned()),
            (JOINS, section("related")),
            (FILE, "LINE".to_owned()),
            (RULE, "[[rule]]\nLINE".to_owned()),
            (BASIS, "[[rule]]\n[[rule.basis]]\nLINE".to_owned()),
            (COMPOSITE, "[[rule]]\n[rule.composite]\nLINE".to_owned()),
            (EXPLAIN, "[[rule]]\n[rule.explain]\nLINE".to_owned()),
            (TEST, "[[rule]]\ndetection.x.kind = 'sltd'\n[[rule.test]]\nLINE".to_owned()),
            (RULESET, "language = 'x'\nLINE\n[profile]".to_owned()),
            (PROFILE, profile.to_owned()),
            (FLAG, section("flag")),
            (PARTIAL, section("partial")),
            (QUEUE, section("queue")),
            (SUPPRESSION, section("suppression")),
            (READING, section("reading")),
            (LINT, section("lint")),
            (FILTER, "[[rule]]\nkind = 'filter'\n[rule.filter]\nLINE".to_owned()),
            (OVERRIDE, "language = 'x'\n[[override]]\nLINE".to_owned()),
        ];
        for (keys, place) in places {
            let table: BTreeSet<String> = keys.iter().map(|spec| spec.key.to_owned()).collect();
            let asked = asked(&place);
            let unread: Vec<&String> = table.difference(&asked).collect();
            assert!(unread.is_empty(), "no parser reads {unread:?} at {place}");
            let missing: Vec<&String> = asked.difference(&table).collect();
            assert!(missing.is_empty(), "the table of keys lacks {missing:?} at {place}");
        }
    }

    #[test]
    fn every_key_stands_once_and_says_what_it_is_for() {
        for keys in [
            FILE,
            RULE,
            BASIS,
            RELATED,
            CORRELATION,
            SIMILAR,
            COMPOSITE,
            FILTER,
            EXPLAIN,
            TEST,
            RULESET,
            JOINS,
            OVERRIDE,
            PROFILE,
            BANDS,
            FLAG,
            PARTIAL,
            QUEUE,
            SUPPRESSION,
            READING,
            LINT,
        ] {
            let names: BTreeSet<&str> = keys.iter().map(|spec| spec.key).collect();
            assert_eq!(names.len(), keys.len());
            assert!(keys.iter().all(|spec| spec.doc.ends_with('.')), "{names:?}");
        }
    }
}
