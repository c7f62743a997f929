//! What would change the outcome: the smallest sets of verdicts that, turned around, give another one. Exact: every set is
//! tried on the one decision table, with the rules that build on a turned rule read again.

use crate::engine::{Assessment, Outcome, Verdicts, assess};
use crate::rule::{Judgement, Kind, Verdict};

/// The most sets that are reported.
const MOST: usize = 5;
/// The largest set that is tried.
const LARGEST: usize = 3;

/// A set of verdicts that would change the outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The outcome it would be.
    pub to: Outcome,
    /// Rules, by position, and the verdict each would have.
    pub flips: Vec<(usize, Verdict)>,
}

/// The smallest sets of at most three flips that change the outcome: of one size, at most five, those that rest on what the
/// record says before those that rest on what it lacks.
#[must_use]
pub fn changes(judgement: &mut Judgement<'_>, given: &Verdicts, now: &Assessment) -> Vec<Change> {
    let rules = judgement.rules();
    let matters = |at: &usize| {
        let rule = &rules.rules[*at];
        let counts = !matches!(rule.kind, Kind::Concept | Kind::Filter);
        rule.active && (counts || !rules.dependents(*at).is_empty())
    };
    let with =
        |verdict: Verdict| (0..rules.rules.len()).filter(move |at| given.verdicts[*at] == verdict).filter(matters);
    let mut flips: Vec<(usize, Verdict)> = with(Verdict::Yes).map(|at| (at, Verdict::No)).collect();
    flips.extend(with(Verdict::Suppressed).map(|at| (at, Verdict::Yes)));
    // A gate on a field that the source never carries says nothing of the record, here as in the outcome.
    let speaks = |at: &usize| given.open[*at] || rules.rules[*at].kind != Kind::Gate;
    let mut unknown: Vec<usize> = with(Verdict::Unknown).filter(speaks).collect();
    unknown.sort_by_key(|at| (!given.open[*at], -rules.rules[*at].millibits, *at));
    // A known verdict never turns because an unknown one is settled. So where a ground holds, of the unknown rules only
    // mitigators that say yes can take it away, and concepts can because several rules build on one.
    let holds = matches!(now.outcome, Outcome::LikelyNonCompliant | Outcome::Partial);
    for verdict in [Verdict::Yes, Verdict::No] {
        let helps = |at: &&usize| match rules.rules[**at].kind {
            Kind::Concept => true,
            Kind::Mitigator => !holds || verdict == Verdict::Yes,
            _ => !holds,
        };
        flips.extend(unknown.iter().filter(helps).map(|at| (*at, verdict)));
    }
    let mut search = Search { judgement, given, now: now.outcome, found: vec![] };
    for size in 1..=LARGEST {
        search.sets(&flips, size, &mut vec![]);
        if !search.found.is_empty() {
            break;
        }
    }
    search.found
}

struct Search<'a, 'b> {
    judgement: &'a mut Judgement<'b>,
    given: &'a Verdicts,
    now: Outcome,
    found: Vec<Change>,
}

impl Search<'_, '_> {
    fn sets(&mut self, flips: &[(usize, Verdict)], size: usize, chosen: &mut Vec<(usize, Verdict)>) {
        for (at, flip) in flips.iter().enumerate() {
            if self.found.len() >= MOST {
                return;
            }
            if chosen.iter().any(|(rule, _)| *rule == flip.0) {
                continue;
            }
            chosen.push(*flip);
            if size > 1 {
                self.sets(&flips[at + 1..], size - 1, chosen);
            } else {
                let to = self.outcome(chosen);
                if to != self.now {
                    self.found.push(Change { to, flips: chosen.clone() });
                }
            }
            chosen.pop();
        }
    }

    /// The outcome with some verdicts turned around.
    fn outcome(&mut self, flips: &[(usize, Verdict)]) -> Outcome {
        let rules = self.judgement.rules();
        let mut given = self.given.clone();
        self.judgement.verdicts.clone_from(&given.verdicts);
        for (rule, verdict) in flips {
            self.judgement.verdicts[*rule] = *verdict;
        }
        for (rule, _) in flips {
            for dependent in rules.dependents(*rule) {
                if flips.iter().all(|(flipped, _)| flipped != dependent) {
                    self.judgement.verdicts[*dependent] = self.judgement.verdict(*dependent);
                    given.open[*dependent] = self.judgement.is_open(*dependent);
                }
            }
        }
        std::mem::swap(&mut given.verdicts, &mut self.judgement.verdicts);
        let outcome = assess(rules, &given).outcome;
        self.judgement.verdicts.clone_from(&self.given.verdicts);
        outcome
    }
}
