//! Messages that show what the rule does not read.

use std::collections::BTreeSet;

use super::{Lint, Subject};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::record::Field;
use crate::rule::{Expr, Part, Rule, RuleSet};

pub(super) const UNREAD: Lint = Lint { code: Code::PlaceholderUnread, find: unread };

fn unread(subject: &Subject<'_>, found: &mut Diagnostics) {
    for (spec, rule) in subject.each() {
        let Some((_, span)) = &spec.message else { continue };
        let mut read = BTreeSet::new();
        fields(subject.rules, rule, &mut read);
        for part in &rule.message.parts {
            let (Part::Value(field) | Part::Match(field) | Part::Entry(field)) = part else { continue };
            if read.contains(field) {
                continue;
            }
            let message = format!("the message shows `{}`, which the rule does not read", field.path());
            let known: Vec<String> = read.iter().map(|field| format!("`{}`", field.path())).collect();
            let help = match known.is_empty() {
                true => "take the placeholder out".to_owned(),
                false => format!("it reads {}; show one of these, or take the placeholder out", known.join(", ")),
            };
            found.push(Diagnostic::new(Code::PlaceholderUnread, message).at(*span).help(help).rule(&spec.id));
        }
    }
}

/// Every field that a rule reads, through the rules it builds on too.
fn fields(rules: &RuleSet, rule: &Rule, into: &mut BTreeSet<Field>) {
    for expr in rule.scope.iter().chain([&rule.body]).chain(&rule.requires) {
        expr.walk(&mut |part| match part {
            Expr::Clause(at) => into.extend(rules.clauses[*at].fields()),
            Expr::Rule(at) => fields(rules, &rules.rules[*at], into),
            _ => {}
        });
    }
    if into.contains(&Field::CHARGES_WORDING) {
        into.extend([Field::CHARGES_TEXT, Field::CHARGES_TRANSLATION]);
    }
    let lists: Vec<Field> = into.iter().filter_map(|field| field.list()).collect();
    into.extend(lists);
}
