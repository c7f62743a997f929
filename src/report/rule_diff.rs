//! What differs between two rule sets, for a person: first what changes how people are judged, then the wording.

use super::{Line, Tone, View, count};
use crate::rule::{Change, Diff, ListChange, RuleChange};

/// The differences as lines; one line if there is none.
#[must_use]
pub fn rule_diff(diff: &Diff, view: View) -> String {
    if diff.is_empty() {
        return "the same rules: nothing differs in meaning, wording or tests\n".to_owned();
    }
    let mut page = Page { out: String::new(), view };
    for (heading, rules) in [("Rules that came", &diff.added), ("Rules that went", &diff.removed)] {
        page.heading(heading, rules.len());
        for rule in rules {
            page.line("  ", Tone::Plain, &format!("{}: {} ({})", rule.id, rule.title, rule.effect));
        }
    }
    page.heading("Rules with another name and the same meaning", diff.renamed.len());
    for rule in &diff.renamed {
        page.line("  ", Tone::Plain, &format!("{} → {}: {}", rule.from, rule.to, rule.title));
    }
    let (judges, reads): (Vec<&RuleChange>, Vec<&RuleChange>) =
        diff.changed.iter().partition(|rule| !rule.meaning.is_empty());
    page.heading("Rules that judge otherwise", judges.len());
    judges.into_iter().for_each(|rule| page.rule(rule));
    page.heading("Lists", diff.lists.len());
    diff.lists.iter().for_each(|list| page.list(list));
    page.heading("The rule set", diff.ruleset.len());
    diff.ruleset.iter().for_each(|change| page.change("  ", change));
    page.heading("Rules that judge as before, with other wording, law or tests", reads.len());
    reads.into_iter().for_each(|rule| page.rule(rule));
    page.out
}

struct Page {
    out: String,
    view: View,
}

impl Page {
    fn line(&mut self, mark: &str, tone: Tone, text: &str) {
        self.out += &Line::of(tone, text).wrap(self.view.paint, mark, self.view.width);
    }

    fn heading(&mut self, text: &str, number: usize) {
        if number > 0 {
            let gap = if self.out.is_empty() { "" } else { "\n" };
            self.out += gap;
            self.line("", Tone::Strong, text);
        }
    }

    fn rule(&mut self, rule: &RuleChange) {
        let [was, is] = rule.revision;
        let raised = if was == is { format!("revision {is}") } else { format!("revision {was} → {is}") };
        let revision = if rule.unraised { format!("{raised}, which was not raised") } else { raised };
        self.line("  ", Tone::Strong, &format!("{}: {} ({revision})", rule.id, rule.title));
        rule.meaning.iter().chain(&rule.basis).chain(&rule.tests).for_each(|change| self.change("    ", change));
        if !rule.wording.is_empty() {
            self.line("    ", Tone::Dim, &format!("other wording: {}", rule.wording.join(", ")));
        }
    }

    fn change(&mut self, mark: &str, Change { what, removed, added, effect }: &Change) {
        let effect = effect.map(|effect| format!(" ({effect})")).unwrap_or_default();
        match (&removed[..], &added[..]) {
            ([was], [is]) => self.line(mark, Tone::Plain, &format!("{what}: {was} → {is}{effect}")),
            _ => {
                self.line(mark, Tone::Plain, &format!("{what}{effect}"));
                self.values(mark, removed, added);
            }
        }
    }

    fn values(&mut self, mark: &str, removed: &[String], added: &[String]) {
        removed.iter().for_each(|value| self.line(&format!("{mark}  - "), Tone::Plain, value));
        added.iter().for_each(|value| self.line(&format!("{mark}  + "), Tone::Plain, value));
    }

    fn list(&mut self, list: &ListChange) {
        let rules = u64::try_from(list.read_by.len()).unwrap_or(u64::MAX);
        let readers = if rules == 0 {
            "read by no rule".to_owned()
        } else {
            format!("read by {}: {}", count(rules, "rule"), list.read_by.join(", "))
        };
        self.line("  ", Tone::Strong, &format!("{} ({readers})", list.list));
        self.values("  ", &list.removed, &list.added);
        if list.notes {
            self.line("    ", Tone::Dim, "other notes or sources");
        }
    }
}
