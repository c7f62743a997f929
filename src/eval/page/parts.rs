//! Where the rules are right and wrong: rule by rule, chapter by chapter, factor by factor, and the worst errors.

use super::{Writer, text};
use crate::eval::{Chapter, Label, Letter, Metric, Ratio, RuleFigures, Worst};
use crate::report::{Bits, Block, count};

impl Writer<'_> {
    pub(super) fn rules(&mut self) {
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
            self.table(&heading, &rows);
        }
        if !never.is_empty() {
            let names: Vec<String> = never.iter().map(|rule| format!("`{}`", rule.rule)).collect();
            let rules = count(u64::try_from(names.len()).unwrap_or(u64::MAX), "rule");
            self.say(&format!("Never yes here ({rules}): {}", names.join(", ")));
        }
    }

    pub(super) fn chapters(&mut self) {
        let chapters = &self.scorecard.chapters;
        self.heading("Chapters");
        if chapters.is_empty() {
            return self.say("No label names a chapter.");
        }
        self.say(
            "As labelled: the outcome is that of the label. Right: of those labelled `not_compliant` or `compliant`, positive \
             or not as they should be.",
        );
        let row = |chapter: &Chapter| {
            let confusion = &chapter.confusion;
            let of = confusion.labelled(Label::NotCompliant) + confusion.labelled(Label::Compliant);
            let balanced = Metric::BalancedAccuracy.of(confusion);
            vec![
                if chapter.name.is_empty() { "(none)".to_owned() } else { chapter.name.clone() },
                confusion.records().to_string(),
                confusion.as_labelled().to_string(),
                format!("{} of {of}", confusion.right()),
                balanced.map_or_else(|lack| lack.words().to_owned(), |ratio| ratio.decimal().short()),
            ]
        };
        let rows: Vec<Vec<String>> = chapters.iter().map(row).collect();
        self.table(&["chapter", "records", "as labelled", "right", "balanced accuracy"], &rows);
    }

    pub(super) fn letters(&mut self) {
        let letters = &self.scorecard.letters;
        self.heading("Factors of RPD art. 34(3)");
        if letters.is_empty() {
            return self.say("No label names a factor.");
        }
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
        self.table(&heading, &rows);
    }

    pub(super) fn errors(&mut self) {
        let card = self.scorecard;
        let which = "Labelled `compliant`, and came out as `likely_non_compliant` or `partial`";
        self.worst("False positives", &format!("{which}; the highest score first"), &card.false_positives);
        let which = "Labelled `not_compliant`, and came out as neither `likely_non_compliant` nor `partial`";
        self.worst("False negatives", &format!("{which}; the lowest score first"), &card.false_negatives);
    }

    fn worst(&mut self, heading: &str, which: &str, worst: &Worst) {
        self.heading(heading);
        self.say(&match (worst.all, worst.shown.len()) {
            (0, _) => "There are none.".to_owned(),
            (all, shown) => format!("{which}: {}, {shown} shown.", count(all, "record")),
        });
        for (labelled, case) in &worst.shown {
            let said = text(&format!("{}, {}", labelled.record_id, labelled.in_words()));
            self.blocks.push(Block::Paragraph(said));
            self.blocks.push(Block::Card(Box::new(case.clone())));
        }
    }
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
