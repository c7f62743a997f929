//! Rules that weigh more than their factor may.

use super::{Lint, Subject};
use crate::diag::{Code, Diagnostic, Diagnostics};

pub(super) const ABOVE_CAP: Lint = Lint { code: Code::WeightAboveCap, find: above_cap };

fn above_cap(subject: &Subject<'_>, found: &mut Diagnostics) {
    for (spec, rule) in subject.each() {
        let Some((factor, cap)) =
            rule.factor.and_then(|factor| Some((factor, *subject.rules.profile.caps.get(&factor)?)))
        else {
            continue;
        };
        if rule.millibits <= cap {
            continue;
        }
        let bits = |millibits: i64| f64::from(i32::try_from(millibits).unwrap_or(i32::MAX)) / 1000.0;
        let message = format!(
            "the rule weighs {} bits, but factor `{}` adds at most {}",
            bits(rule.millibits),
            factor.word(),
            bits(cap)
        );
        let span = spec.strength.as_ref().map(|(_, span)| *span).or(spec.bits.map(|(_, span)| span));
        let problem = Diagnostic::new(Code::WeightAboveCap, message).at(span.unwrap_or(spec.id_span));
        found.push(problem.help("lower the weight, or raise the cap in `[profile.caps]` and say why").rule(&spec.id));
    }
}
