//! What a verdict rests on, as a hash: a reviewer copies it into a suppression, and the suppression ends when it changes.
//!
//! In goes a judged record and a rule, out come 16 characters. The same rule, values and places give the same hash in every
//! record and every rule set. It covers more than what is printed as evidence, since a verdict also rests on what was not
//! found: a suppression that ends too early costs a second look, one that ends too late hides somebody.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::order::verdict_needs;
use super::{Expr, Judgement, Link};
use crate::operator::as_entered;
use crate::record::{Field, Value};

/// How many bytes of a digest make an evidence hash.
pub(super) const HASH_BYTES: usize = 8;

impl Judgement<'_> {
    /// A hash of what a rule's verdict rests on: the meaning of the rule and of those it builds on, every value they read,
    /// whether or not it speaks for the verdict, and the places where they hold with the entries that fit. It does not hold
    /// the record's id, nor the numbers of the profile.
    #[must_use]
    pub fn evidence_hash(&self, rule: usize) -> String {
        let rules = &self.rules().rules;
        let mut digest = Written(Sha256::new());
        digest.text(&rules[rule].id);
        let foundation = self.foundation(rule);
        for at in &foundation {
            digest.text(&rules[*at].hash);
            digest.text(if *at == rule { "" } else { self.verdicts[*at].word() });
        }
        for field in self.fields_of(&foundation) {
            self.write_values(field, &mut digest);
        }
        for place in self.places(&rules[rule].body) {
            digest.text(&place.field.cell_path(place.position));
            if let Some(found) = &place.found {
                digest.text(&format!("{}..{}", found.start, found.end));
                digest.text(&found.entry);
                digest.text(found.list.as_deref().unwrap_or_default());
            }
        }
        for (record_id, role) in named(&self.links(&rules[rule].body)) {
            digest.text(role);
            digest.text(record_id);
        }
        crate::text::hex(&digest.0.finalize()[..HASH_BYTES])
    }

    /// A rule and all that its verdict builds on.
    fn foundation(&self, rule: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::from([rule]);
        let mut next = vec![rule];
        while let Some(at) = next.pop() {
            next.extend(verdict_needs(&self.rules().rules[at]).into_iter().filter(|need| reached.insert(*need)));
        }
        reached
    }

    /// The fields that the scopes and bodies of some rules read.
    fn fields_of(&self, rules: &BTreeSet<usize>) -> BTreeSet<Field> {
        let mut fields = BTreeSet::new();
        for rule in rules.iter().map(|at| &self.rules().rules[*at]) {
            for expr in rule.scope.iter().chain([&rule.body]) {
                expr.walk(&mut |part| {
                    if let Expr::Clause(at) = part {
                        fields.extend(self.clause(*at).fields());
                    }
                });
            }
        }
        fields
    }

    fn write_values(&self, field: Field, digest: &mut Written) {
        let row = self.reading().row();
        digest.text(field.path());
        digest.text(row.state(field).name());
        for position in 0..row.len(field) {
            match row.cell(field, position) {
                Ok(Value::Text(text)) => digest.text(text),
                Ok(value) => digest.text(&as_entered(field, &value)),
                Err(state) => digest.text(state.name()),
            }
        }
    }
}

/// The ids of other records with what the rule calls them, in order: several records may have one id.
fn named(links: &[Link]) -> Vec<(&str, &str)> {
    let roles = links.iter().flat_map(|link| link.roles.iter().map(|role| (link.record_id.as_str(), role.as_str())));
    let mut all: Vec<(&str, &str)> = roles.collect();
    all.sort_unstable();
    all
}

/// Texts written one behind the other, each with its length, so that no two sequences look the same.
struct Written(Sha256);

impl Written {
    fn text(&mut self, text: &str) {
        self.0.update(format!("{}:", text.len()));
        self.0.update(text);
    }
}
