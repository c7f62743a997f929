//! Verdicts to score and outcome: the one decision table, in whole numbers, from the profile of the rule set.

use std::collections::BTreeMap;

use crate::operator::Truth;
use crate::rule::{Band, Expr, Factor, Ground, Kind, Profile, RuleSet, Verdict};

/// What every rule says of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdicts {
    /// The verdict of each rule, in the order of the rule set.
    pub verdicts: Vec<Verdict>,
    /// Whether a rule is unknown for a reason the source could have removed.
    pub open: Vec<bool>,
}

/// What comes out, from the closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// A ground against the record holds.
    LikelyNonCompliant,
    /// Such a ground covers some of the charges, and separable ordinary-law charges remain.
    Partial,
    /// Something asked for is missing and could make the record non-compliant.
    NeedsInformation,
    /// None of these.
    NoIndicator,
}

impl Outcome {
    /// Every outcome, most serious first.
    pub const ALL: [Self; 4] = [Self::LikelyNonCompliant, Self::Partial, Self::NeedsInformation, Self::NoIndicator];

    /// The word used in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::LikelyNonCompliant => "likely_non_compliant",
            Self::Partial => "partial",
            Self::NeedsInformation => "needs_information",
            Self::NoIndicator => "no_indicator",
        }
    }

    /// Whether a record with this outcome is shown without being asked for.
    #[must_use]
    pub fn is_flagged(self) -> bool {
        self != Self::NoIndicator
    }
}

/// What one factor adds to the score, in thousandths of a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorScore {
    /// The factor.
    pub factor: Factor,
    /// What it adds, mitigators taken off.
    pub now: i64,
    /// The least it could add if every missing value were known.
    pub low: i64,
    /// The most.
    pub high: i64,
    /// Whether a cap cut it.
    pub capped: bool,
}

/// The score and outcome of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The outcome.
    pub outcome: Outcome,
    /// Its grounds.
    pub grounds: Vec<Ground>,
    /// The score, in thousandths of a bit.
    pub total: i64,
    /// The least it could be if every missing value were known.
    pub low: i64,
    /// The most.
    pub high: i64,
    /// The band of the score.
    pub band: Band,
    /// Whether no threshold lies between the least and the most.
    pub settled: bool,
    /// Factor by factor.
    pub factors: Vec<FactorScore>,
}

/// Whether a rule's bits count, given what it says and what it requires.
pub(crate) fn counts(rules: &RuleSet, verdicts: &[Verdict], rule: usize) -> Truth {
    Counting::new(rules, verdicts).counts(rule)
}

/// Whether bits count. Many rules require the same, so what is required is read once.
struct Counting<'a> {
    rules: &'a RuleSet,
    verdicts: &'a [Verdict],
    required: BTreeMap<usize, Truth>,
}

impl<'a> Counting<'a> {
    fn new(rules: &'a RuleSet, verdicts: &'a [Verdict]) -> Self {
        Self { rules, verdicts, required: BTreeMap::new() }
    }

    fn counts(&mut self, rule: usize) -> Truth {
        let truth = self.verdicts[rule].truth();
        let (Some(requires), true) = (self.rules.requires_as(rule), truth != Truth::No) else { return truth };
        let required = self.required.entry(requires).or_insert_with(|| {
            let requires = self.rules.rules[requires].requires.as_ref();
            requires.map_or(Truth::Yes, |expr| over_rules(expr, self.verdicts))
        });
        truth.min(*required)
    }
}

/// The truth of a condition over rules.
fn over_rules(expr: &Expr, verdicts: &[Verdict]) -> Truth {
    match expr {
        Expr::Rule(at) => verdicts[*at].truth(),
        Expr::Named(_, inner) => over_rules(inner, verdicts),
        Expr::Not(inner) => !over_rules(inner, verdicts),
        Expr::AssumeNo(inner) => Truth::of(over_rules(inner, verdicts) == Truth::Yes),
        Expr::All(parts) => Truth::all(parts.iter().map(|part| over_rules(part, verdicts))),
        Expr::Any(parts) => Truth::any(parts.iter().map(|part| over_rules(part, verdicts))),
        Expr::AtLeast(wanted, parts) => Truth::at_least(*wanted, parts.iter().map(|part| over_rules(part, verdicts))),
        // A condition over rules holds no clauses; the check sees to that.
        Expr::Clause(_) => Truth::Unknown,
    }
}

/// A sum in which each further summand counts less.
struct Damped {
    sum: i64,
    share: i64,
}

impl Damped {
    fn new() -> Self {
        Self { sum: 0, share: 1000 }
    }

    fn add(&mut self, millibits: i64, profile: &Profile) {
        self.sum += millibits * self.share / 1000;
        self.share = self.share * profile.damping / 1000;
    }
}

/// What one factor adds.
fn factor_score(counting: &mut Counting<'_>, factor: Factor, members: &[usize]) -> FactorScore {
    let rules = counting.rules;
    let profile = &rules.profile;
    let cap = profile.caps.get(&factor).copied().unwrap_or(i64::MAX);
    let (mut for_now, mut for_most) = (Damped::new(), Damped::new());
    let (mut against_now, mut against_most) = (Damped::new(), Damped::new());
    for rule in members {
        let bits = rules.rules[*rule].millibits;
        let mitigates = rules.rules[*rule].kind == Kind::Mitigator;
        let (now, most) = if mitigates { (&mut against_now, &mut against_most) } else { (&mut for_now, &mut for_most) };
        match counting.counts(*rule) {
            Truth::Yes => {
                now.add(bits, profile);
                most.add(bits, profile);
            }
            Truth::Unknown => most.add(bits, profile),
            Truth::No => {}
        }
    }
    let net = |plus: &Damped, minus: &Damped| plus.sum.min(cap) - minus.sum.min(cap);
    FactorScore {
        factor,
        now: net(&for_now, &against_now),
        low: net(&for_now, &against_most),
        high: net(&for_most, &against_now),
        capped: for_now.sum > cap || against_now.sum > cap,
    }
}

/// Score and outcome from verdicts.
#[must_use]
pub fn assess(rules: &RuleSet, given: &Verdicts) -> Assessment {
    let verdicts = &given.verdicts;
    let profile = &rules.profile;
    let mut counting = Counting::new(rules, verdicts);
    let factors: Vec<FactorScore> =
        rules.by_factor().iter().map(|(factor, members)| factor_score(&mut counting, *factor, members)).collect();
    let sum = |part: fn(&FactorScore) -> i64| profile.prior + factors.iter().map(part).sum::<i64>();
    let (total, low, high) = (sum(|f| f.now), sum(|f| f.low), sum(|f| f.high));
    let flagged = |score: i64, part: fn(&FactorScore) -> i64| {
        let adding = || factors.iter().filter(|factor| part(factor) > 0);
        score >= profile.flag_at
            && adding().count() >= profile.flag_factors
            && adding()
                .any(|factor| profile.flag_one_of.contains(&factor.factor) && part(factor) >= profile.flag_one_of_bits)
    };
    let active = |kind: Kind| rules.rules.iter().enumerate().filter(move |(_, rule)| rule.active && rule.kind == kind);
    let mut grounds: Vec<Ground> = active(Kind::Gate)
        .filter(|(at, _)| verdicts[*at] == Verdict::Yes)
        .filter_map(|(_, rule)| rule.ground)
        .collect();
    // Context never flags alone, whatever it requires.
    let indicator = || active(Kind::Indicator).any(|(at, _)| verdicts[at] == Verdict::Yes);
    if indicator() && flagged(total, |f| f.now) {
        grounds.push(Ground::Art3);
    }
    grounds.sort_unstable();
    grounds.dedup();
    let separable = || {
        let rule = profile.partial.rule.as_ref().and_then(|(id, _)| rules.position(id));
        rule.is_some_and(|rule| verdicts[rule] == Verdict::Yes)
    };
    let outcome = if !grounds.is_empty() {
        let limited = grounds.iter().all(|ground| profile.partial.grounds.contains(ground));
        if limited && separable() { Outcome::Partial } else { Outcome::LikelyNonCompliant }
    } else {
        let gap = active(Kind::Gap).any(|(at, _)| verdicts[at] == Verdict::Yes);
        let gate = active(Kind::Gate).any(|(at, _)| verdicts[at] == Verdict::Unknown && given.open[at]);
        // What is known must speak against the record at all: where it speaks for it, nothing missing is asked for.
        let doubtful = || indicator() && profile.band(total) > Band::Clear;
        if gap || gate || (doubtful() && flagged(high, |f| f.high)) {
            Outcome::NeedsInformation
        } else {
            Outcome::NoIndicator
        }
    };
    let crosses = |edge: i64| low < edge && edge <= high;
    let settled = !profile.bands.iter().chain([&profile.flag_at]).any(|edge| crosses(*edge));
    Assessment { outcome, grounds, total, low, high, band: profile.band(total), settled, factors }
}
