//! What a rule lacks that counts though it is not stable. Of a stable rule it is an error.

use super::table::can_be_unknown;
use super::{Lint, Subject};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::rule::spec::RuleSpec;
use crate::rule::{Rule, Status, Verdict};

pub(super) const UNVERIFIED: Lint = Lint {
    code: Code::BasisUnread,
    find: |subject, found| {
        each(subject, found, |_, rule| {
            let none = !rule.basis.iter().any(|basis| basis.verified);
            let help = "read one of the texts and set `verified = true`, or set `status` to `experimental`";
            none.then(|| {
                Diagnostic::new(Code::BasisUnread, "the rule counts, and nobody has read its basis").help(help)
            })
        });
    },
};

pub(super) const UNTESTED: Lint = Lint {
    code: Code::TestsLacking,
    find: |subject, found| {
        each(subject, found, |spec, rule| {
            let open = rule.scope.iter().chain([&rule.body]).any(|expr| can_be_unknown(subject, spec, expr));
            let tested = |verdict: &Verdict| rule.tests.iter().any(|test| test.expect == *verdict);
            let wanted = [Verdict::Yes, Verdict::No, Verdict::Unknown].into_iter();
            let wanted = wanted.filter(|verdict| open || *verdict != Verdict::Unknown);
            let lacking: Vec<&str> = wanted.filter(|verdict| !tested(verdict)).map(Verdict::word).collect();
            let message = format!("the rule counts, and no test expects {}", lacking.join(" or "));
            let help = "add `[[rule.test]]` with a record for each, or set `status` to `experimental`";
            (!lacking.is_empty()).then(|| Diagnostic::new(Code::TestsLacking, message).help(help))
        });
    },
};

pub(super) const NO_FALSE_POSITIVES: Lint = Lint {
    code: Code::FalsePositivesUnnamed,
    find: |subject, found| {
        each(subject, found, |_, rule| {
            let help = "add `falsepositives = [\"…\"]`: when the rule fires without cause";
            let none = rule.false_positives.is_empty();
            none.then(|| {
                Diagnostic::new(Code::FalsePositivesUnnamed, "the rule counts, and does not say when it is wrong")
                    .help(help)
            })
        });
    },
};

fn each(subject: &Subject<'_>, found: &mut Diagnostics, lacks: impl Fn(&RuleSpec, &Rule) -> Option<Diagnostic>) {
    let counting = subject.each().filter(|(_, rule)| rule.active && rule.status != Status::Stable);
    for (spec, rule) in counting {
        found.extend(lacks(spec, rule).map(|problem| problem.at(spec.id_span).rule(&spec.id)));
    }
}
