//! An evaluation as a page for people: for a terminal or, as Markdown, for a report.

use super::bootstrap::Interval;
use super::label::Label;
use super::metric::Metric;
use super::part::Letter;
use super::ratio::Ratio;
use super::rules::RuleFigures;
use super::tally::Tally;
use super::worst::Worst;
use super::{Evaluation, Figure, Scorecard};
use crate::engine::Outcome;
use crate::report::{Bits, Block, NOTE, Page, Piece, Words, count};

/// How many names of a list are shown; programs get them all.
const NAMED: usize = 8;

/// A section of the page about a rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Label against outcome.
    Confusion,
    /// The figures of not compliant against compliant.
    Figures,
    /// The figures of each outcome.
    Outcomes,
    /// What each rule adds.
    Rules,
    /// The chapters of the set.
    Chapters,
    /// The factors that labels name.
    Factors,
    /// The worst errors.
    Errors,
}

impl Section {
    /// Every section, in the order of the page.
    pub const ALL: [Self; 7] =
        [Self::Confusion, Self::Figures, Self::Outcomes, Self::Rules, Self::Chapters, Self::Factors, Self::Errors];

    /// The word on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Confusion => "confusion",
            Self::Figures => "figures",
            Self::Outcomes => "outcomes",
            Self::Rules => "rules",
            Self::Chapters => "chapters",
            Self::Factors => "factors",
            Self::Errors => "errors",
        }
    }
}

/// The page of an evaluation with some sections for each rule set.
#[must_use]
pub fn page(evaluation: &Evaluation<'_>, sections: &[Section]) -> Page {
    let mut page = Page::new(format!("Evaluation of {}", count(evaluation.account.labelled, "labelled record")));
    page.blocks.push(Block::Heading("What was read".to_owned()));
    page.blocks.push(Block::List(read(evaluation)));
    for scorecard in &evaluation.scorecards {
        let mut writer = Writer { scorecard, blocks: &mut page.blocks };
        sections.iter().for_each(|section| writer.section(*section, evaluation));
    }
    page.blocks.push(Block::Paragraph(Words::of(NOTE)));
    page
}

/// What became of records and labels.
fn read(evaluation: &Evaluation<'_>) -> Vec<(usize, Words)> {
    let (account, labels) = (&evaluation.account, evaluation.labels);
    let by_label = Label::ALL.iter().zip(account.by_label);
    let by_label: Vec<String> = by_label.map(|(label, records)| format!("{records} `{}`", label.word())).collect();
    let mut lines = vec![
        text(&format!(
            "{} = {} with a label + {} without",
            count(account.records, "record"),
            account.labelled,
            account.unlabelled.len()
        )),
        text(&format!(
            "{} of {} = {} with a record + {} without",
            count(account.labels, "label"),
            labels.file,
            account.used,
            account.without_record.len()
        )),
        Words::of(&format!("labelled records: {}", by_label.join(", "))),
    ];
    for (what, names) in
        [("records without a label", &account.unlabelled), ("labels without a record", &account.without_record)]
    {
        if !names.is_empty() {
            lines.push(text(&format!("{what}: {}", few(names))));
        }
    }
    if account.same_id > 0 {
        let so = "with the id of another labelled record and other content; each is held against the label";
        lines.push(text(&format!("{} {so}", count(account.same_id, "record"))));
    }
    if labels.repeated > 0 {
        lines.push(text(&format!("{} of the labels stood there already", count(labels.repeated, "line"))));
    }
    if !labels.ignored.is_empty() {
        lines.push(text(&format!("columns of the labels that are not read: {}", few(&labels.ignored))));
    }
    lines.into_iter().map(|line| (0, line)).collect()
}

/// Text in which nothing has a meaning.
fn text(text: &str) -> Words {
    Words(vec![Piece::Text(text.to_owned())])
}

fn few(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let more = names.len().saturating_sub(NAMED);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// Writes the sections about one rule set.
struct Writer<'a> {
    scorecard: &'a Scorecard,
    blocks: &'a mut Vec<Block>,
}

impl Writer<'_> {
    fn section(&mut self, section: Section, evaluation: &Evaluation<'_>) {
        match section {
            Section::Confusion => self.confusion(),
            Section::Figures => self.binary(evaluation),
            Section::Outcomes => self.by_outcome(),
            Section::Rules => self.rules(),
            Section::Chapters => self.chapters(),
            Section::Factors => self.letters(),
            Section::Errors => self.errors(),
        }
    }

    /// A heading, which names the rule set where it was chosen by name.
    fn heading(&mut self, text: &str) {
        let of = self.scorecard.ruleset.as_ref().map(|name| format!(", by the rule set {name}"));
        self.blocks.push(Block::Heading(format!("{text}{}", of.unwrap_or_default())));
    }

    fn say(&mut self, text: &str) {
        self.blocks.push(Block::Paragraph(Words::of(text)));
    }

    fn table(&mut self, heading: &[&'static str], rows: Vec<Vec<String>>) {
        let rows = rows.iter().map(|row| row.iter().map(|cell| text(cell)).collect()).collect();
        self.blocks.push(Block::Table(heading.to_vec(), rows));
    }

    fn confusion(&mut self) {
        let card = self.scorecard;
        let tally = &card.tally;
        self.heading("Label against outcome");
        let rules = format!("{} {}", card.name, card.version);
        self.say(&format!(
            "Rules: {rules} ({}). {} of {} come out as labelled.",
            card.hash.get(..12).unwrap_or(&card.hash),
            tally.as_labelled(),
            count(tally.records(), "record")
        ));
        let row = |name: &str, at: &dyn Fn(Outcome) -> u64, all: u64| {
            let cells = Outcome::ALL.iter().map(|outcome| at(*outcome).to_string());
            [name.to_owned()].into_iter().chain(cells).chain([all.to_string()]).collect::<Vec<_>>()
        };
        let of = |label: Label| row(label.word(), &|outcome| tally.at(label, outcome), tally.labelled(label));
        let mut rows: Vec<Vec<String>> = Label::ALL.into_iter().map(of).collect();
        rows.push(row("all", &|outcome| tally.came_out(outcome), tally.records()));
        let [likely, partial, needs, none] = Outcome::ALL.map(Outcome::word);
        self.table(&["label", likely, partial, needs, none, "all"], rows);
    }

    fn binary(&mut self, evaluation: &Evaluation<'_>) {
        let resampling = evaluation.options.resampling;
        let between = match resampling.resamples {
            0 => "no interval was asked for".to_owned(),
            resamples => format!(
                "the interval holds 95 of 100 of {resamples} resamples of the labelled records (seed {})",
                resampling.seed
            ),
        };
        self.heading("Not compliant against compliant");
        self.say(&format!(
            "A record comes out positive if its outcome is `likely_non_compliant` or `partial`. It should if it is labelled \
             `not_compliant`, and should not if it is labelled `compliant`; records with another label stand aside. Records \
             of equal rank are one step of the queue; {between}."
        ));
        self.figures(
            &["figure", "value", "95 % interval", "records"],
            |figure| vec![figure.metric.words()],
            |card| card.binary().collect(),
        );
        self.say(&format!(
            "The labelled records were chosen, so their share of `not_compliant` is not that of a queue. The expected \
             precision is what the same recall and false positive rate give where fewer records are not compliant.{}",
            unseen(&self.scorecard.tally).unwrap_or_default()
        ));
    }

    fn by_outcome(&mut self) {
        self.heading("Each outcome and the label that says the same");
        let first = |figure: &Figure| {
            let outcome = figure.metric.outcome();
            let label = outcome.map(Label::of).map(Label::word);
            vec![outcome.map_or("", Outcome::word).to_owned(), label.unwrap_or("").to_owned(), figure.metric.words()]
        };
        let heading = ["outcome", "label", "figure", "value", "95 % interval", "records"];
        self.figures(&heading, first, |card| card.by_outcome().map(|(_, figure)| figure).collect());
    }

    /// A table of figures: some first cells, then value, interval and counts.
    fn figures(
        &mut self,
        heading: &[&'static str],
        first: impl Fn(&Figure) -> Vec<String>,
        which: impl Fn(&Scorecard) -> Vec<&Figure>,
    ) {
        let row = |figure: &Figure| {
            let mut cells = first(figure);
            cells.extend(match figure.value {
                Ok(value) => [value.decimal().short(), between(figure.interval), counted(figure.metric, value)],
                Err(lack) => ["-".to_owned(), String::new(), lack.words().to_owned()],
            });
            cells
        };
        let rows = which(self.scorecard).into_iter().map(row).collect();
        self.table(heading, rows);
    }

    fn rules(&mut self) {
        let rules = &self.scorecard.rules;
        let (fired, never): (Vec<&RuleFigures>, Vec<&RuleFigures>) = rules.iter().partition(|rule| rule.fired());
        self.heading("Rules");
        self.say(
            "How many labelled records each rule says yes of, leaves unknown for a missing value, or is not about (n/a); its \
             hits, labelled `not_compliant`, and its false hits, labelled `compliant`. Precision is the share of hits among \
             both; lift is that share over the one in the whole set: at 1 a yes tells nothing, and that of a mitigator should \
             be below. Weights are the factor and the bits (log-odds) of the rule set.",
        );
        for group in fired.chunk_by(|a, b| a.kind == b.kind) {
            let kind = group.first().map_or("rule", |rule| rule.kind.word());
            let mut heading = vec![kind, "weight", "yes", "unknown", "n/a", "hits", "false", "precision", "lift"];
            let mut rows: Vec<Vec<String>> = group.iter().map(|rule| rule_row(rule)).collect();
            if rows.iter().all(|row| row[1].is_empty()) {
                heading.remove(1);
                rows.iter_mut().for_each(|row| drop(row.remove(1)));
            }
            self.table(&heading, rows);
        }
        if !never.is_empty() {
            let names: Vec<String> = never.iter().map(|rule| format!("`{}`", rule.rule)).collect();
            let rules = count(u64::try_from(names.len()).unwrap_or(u64::MAX), "rule");
            self.say(&format!("Never yes here ({rules}): {}", names.join(", ")));
        }
    }

    fn chapters(&mut self) {
        let chapters = &self.scorecard.chapters;
        if chapters.is_empty() {
            return;
        }
        self.heading("Chapters");
        self.say(
            "As labelled: the outcome is that of the label. Right: of those labelled `not_compliant` or `compliant`, positive \
             or not as they should be.",
        );
        let row = |chapter: &super::Chapter| {
            let tally = &chapter.tally;
            let of = tally.labelled(Label::NotCompliant) + tally.labelled(Label::Compliant);
            let balanced = Metric::BalancedAccuracy.of(tally);
            vec![
                if chapter.name.is_empty() { "(none)".to_owned() } else { chapter.name.clone() },
                tally.records().to_string(),
                tally.as_labelled().to_string(),
                format!("{} of {of}", tally.right()),
                balanced.map_or_else(|lack| lack.words().to_owned(), |ratio| ratio.decimal().short()),
            ]
        };
        let rows = chapters.iter().map(row).collect();
        self.table(&["chapter", "records", "as labelled", "right", "balanced accuracy"], rows);
    }

    fn letters(&mut self) {
        let letters = &self.scorecard.letters;
        if letters.is_empty() {
            return;
        }
        self.heading("Factors of RPD art. 34(3)");
        self.say(
            "A factor that a label names shows in the record if an indicator, a context, a gate or a gap of that factor says \
             yes; one that it names as in favour of the request, if a mitigator does.",
        );
        let row = |name: &str, what: &str, [labelled, shown, favour, favour_shown]: [u64; 4]| {
            let share = |part: u64, whole: u64| {
                Ratio::of(part.into(), whole.into()).map_or_else(String::new, |share| share.decimal().short())
            };
            vec![
                name.to_owned(),
                what.to_owned(),
                labelled.to_string(),
                shown.to_string(),
                share(shown, labelled),
                favour.to_string(),
                favour_shown.to_string(),
                share(favour_shown, favour),
            ]
        };
        let counts = |of: &Letter| [of.labelled, of.shown, of.in_favour, of.in_favour_shown];
        let mut rows: Vec<Vec<String>> =
            letters.iter().map(|letter| row(letter.factor.word(), letter.factor.meaning(), counts(letter))).collect();
        let all = letters.iter().map(counts).fold([0; 4], |sum, of| std::array::from_fn(|at| sum[at] + of[at]));
        rows.push(row("all", "", all));
        let heading = ["factor", "what it is about", "labelled", "shown", "share", "in favour", "shown", "share"];
        self.table(&heading, rows);
    }

    fn errors(&mut self) {
        let card = self.scorecard;
        let wrong = "labelled `compliant` that come out as `likely_non_compliant` or `partial`; the highest score";
        self.worst("False positives", wrong, &card.false_positives);
        let wrong =
            "labelled `not_compliant` that do not come out as `likely_non_compliant` or `partial`; the lowest score";
        self.worst("False negatives", wrong, &card.false_negatives);
    }

    fn worst(&mut self, heading: &str, which: &str, worst: &Worst) {
        self.heading(heading);
        let shown = worst.shown.len();
        self.say(&match (worst.all, shown) {
            (0, _) => "There are none.".to_owned(),
            (all, 0) => format!("{} {which} first; none is shown.", count(all, "record")),
            (all, shown) => format!("{} {which} first; {shown} shown.", count(all, "record")),
        });
        for (labelled, case) in &worst.shown {
            let said = text(&format!("{}, {}", labelled.record_id, labelled.in_words()));
            self.blocks.push(Block::Paragraph(said));
            self.blocks.push(Block::Card(Box::new(case.clone())));
        }
    }
}

/// What no false positive among few records leaves open. After so many records without one, 95 of 100 times the rate is below
/// three in as many (Hanley and Lippman-Hand, JAMA 249 (1983) 1743); resampling cannot see that.
fn unseen(tally: &Tally) -> Option<String> {
    let negatives = tally.labelled(Label::Compliant);
    if tally.positive(Label::Compliant) > 0 || negatives <= 3 {
        return None;
    }
    let rate = Ratio::of(3, negatives.into())?.decimal();
    let (hits, positives) = (tally.positive(Label::NotCompliant), tally.labelled(Label::NotCompliant));
    let right = u128::from(hits) * u128::from(negatives);
    let least = Ratio::of(right, right + 3 * 99 * u128::from(positives))?.decimal();
    Some(format!(
        " None of {} labelled `compliant` comes out positive; with so few, the rate may still be up to {}, and the expected \
         precision at 1 % as low as {}.",
        count(negatives, "record"),
        rate.short(),
        least.short()
    ))
}

fn between(interval: Option<Interval>) -> String {
    interval.map_or_else(String::new, |interval| format!("{} to {}", interval.low.short(), interval.high.short()))
}

/// The counts behind a share.
fn counted(metric: Metric, value: Ratio) -> String {
    if metric.is_count() { format!("{} of {}", value.part, value.whole) } else { String::new() }
}

fn rule_row(rule: &RuleFigures) -> Vec<String> {
    let weight = [
        rule.factor.map(|factor| factor.word().to_owned()),
        rule.millibits.map(|millibits| Bits(millibits).to_string()),
    ];
    let share = |ratio: Option<Ratio>| ratio.map_or_else(|| "-".to_owned(), |ratio| ratio.decimal().short());
    vec![
        rule.rule.clone(),
        weight.into_iter().flatten().collect::<Vec<_>>().join(" "),
        rule.verdicts.yes.to_string(),
        rule.verdicts.unknown.to_string(),
        rule.verdicts.not_applicable.to_string(),
        rule.hits.to_string(),
        rule.false_hits.to_string(),
        share(rule.precision),
        share(rule.lift),
    ]
}
