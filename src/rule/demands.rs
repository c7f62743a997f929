//! What the kind and the status of a rule demand of its other keys, and what they rule out.
//!
//! In go the keys that were read, with the table they are from: a key that is there and wrong has been reported and is not
//! missing. Out come problems; nothing is changed.

use super::{Basis, Factor, Ground, Kind, Status};
use crate::diag::{Code, Diagnostic, Diagnostics, Span, Table, Tree};

/// The rule that problems are reported of.
pub(super) struct Reported<'a, 'f> {
    pub(super) table: &'a Table,
    pub(super) span: Span,
    pub(super) id: &'a str,
    pub(super) found: &'f mut Diagnostics,
}

impl Reported<'_, '_> {
    fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// Where a key has its value; the rule where it has none.
    fn place(&self, key: &str) -> Span {
        self.table.get(key).map_or(self.span, |node| node.span)
    }

    /// Whether `[rule.explain]` has a key.
    fn explains(&self, key: &str) -> bool {
        self.table.get("explain").and_then(|node| node.table()?.get(key)).is_some()
    }

    fn say(&mut self, code: Code, at: Span, message: impl Into<String>, help: impl Into<String>) {
        self.found.push(Diagnostic::new(code, message).at(at).help(help).rule(self.id));
    }
}

/// The keys of a rule that its kind and its status have a say in.
pub(super) struct Demands<'a> {
    pub(super) kind: Option<Kind>,
    pub(super) status: Option<Status>,
    pub(super) factor: Option<Factor>,
    pub(super) ground: Option<Ground>,
    pub(super) strength: Option<Span>,
    pub(super) bits: Option<(i64, Span)>,
    pub(super) requires: Option<Span>,
    pub(super) basis: &'a [Basis],
    pub(super) false_positives: &'a [String],
}

const EITHER: &str = "take it out, or change `kind`";

impl Demands<'_> {
    /// Reports what does not go together.
    pub(super) fn check(&self, rule: &mut Reported<'_, '_>) {
        if let Some(kind) = self.kind {
            match kind.has_bits() {
                true => self.with_bits(kind, rule),
                false => self.without_bits(kind, rule),
            }
            self.beside(kind, rule);
            explained(kind, rule);
        }
        // A suppression is a decision on a case and not a rule of general application: it rests on its review.
        if self.kind != Some(Kind::Filter) {
            self.law(rule);
        }
    }

    fn with_bits(&self, kind: Kind, rule: &mut Reported<'_, '_>) {
        let (word, at) = (kind.word(), rule.place("kind"));
        if self.factor.is_none() && !rule.has("factor") {
            let help = format!("add `factor`; it can be: {}", words(Factor::ALL, Factor::word));
            rule.say(Code::KindNeedsFactor, at, format!("a rule of kind `{word}` needs a `factor`"), help);
        }
        if self.ground.is_some() {
            let message = format!("a rule of kind `{word}` has no `ground`");
            rule.say(Code::GroundNotAllowed, rule.place("ground"), message, EITHER);
        }
        match (self.strength, self.bits) {
            (None, None) if !rule.has("strength") && !rule.has("bits") => {
                let message = format!("a rule of kind `{word}` needs a `strength` or `bits`");
                let help = "add `strength` with a step of the profile's ladder, such as `strong`";
                rule.say(Code::StrengthMissing, at, message, help);
            }
            (Some(_), Some((_, at))) => {
                rule.say(Code::StrengthTwice, at, "give `strength` or `bits`, not both", "take one of them out");
            }
            (_, Some((..=0, at))) => {
                let help = "write a number above 0, such as `bits = 1.5`";
                rule.say(Code::BadBits, at, "bits are above 0; the sign comes from the kind", help);
            }
            _ => {}
        }
    }

    fn without_bits(&self, kind: Kind, rule: &mut Reported<'_, '_>) {
        let word = kind.word();
        if let Some(at) = self.strength.or(self.bits.map(|(_, at)| at)) {
            rule.say(Code::StrengthNotAllowed, at, format!("a rule of kind `{word}` carries no bits"), EITHER);
        }
        if self.factor.is_some() {
            let message = format!("a rule of kind `{word}` has no `factor`");
            rule.say(Code::FactorNotAllowed, rule.place("factor"), message, EITHER);
        }
        match (matches!(kind, Kind::Gate | Kind::Gap), self.ground) {
            (true, None) if !rule.has("ground") => {
                let help = format!("add `ground`; it can be: {}", words(Ground::ALL, Ground::word));
                let message = format!("a rule of kind `{word}` needs a `ground`");
                rule.say(Code::KindNeedsGround, rule.place("kind"), message, help);
            }
            (false, Some(_)) => {
                rule.say(Code::GroundNotAllowed, rule.place("ground"), format!("a {word} has no `ground`"), EITHER);
            }
            _ => {}
        }
    }

    /// What must hold besides, of context and of nothing else.
    fn beside(&self, kind: Kind, rule: &mut Reported<'_, '_>) {
        match (kind, self.requires) {
            (Kind::Context, None) => {
                let help = "context counts only beside another rule; add for example `requires = \"1 of factor:a\"`";
                let message = "a rule of kind `context` needs `requires`";
                rule.say(Code::ContextWithoutRequires, rule.place("kind"), message, help);
            }
            (Kind::Context, Some(_)) | (_, None) => {}
            (_, Some(at)) => {
                let message = format!("a rule of kind `{}` has no `requires`", kind.word());
                rule.say(Code::RequiresNotAllowed, at, message, EITHER);
            }
        }
    }

    /// The law it rests on; a stable rule has it from somebody who has read it, and says when it is wrong.
    fn law(&self, rule: &mut Reported<'_, '_>) {
        let at = rule.place("status");
        let basis = rule.table.get("basis");
        if basis.is_none_or(|node| matches!(&node.tree, Tree::List(nodes) if nodes.is_empty())) {
            let help = "add for example `basis = [{ cite = \"RPD art. 34(3)(a)\", verified = true }]`";
            rule.say(Code::MissingBasis, at, "the rule names no law it rests on", help);
        }
        if self.status != Some(Status::Stable) {
            return;
        }
        if !self.basis.is_empty() && !self.basis.iter().any(|basis| basis.verified) {
            let help = "set `verified = true` on a text that was checked, or lower `status` to `test`";
            rule.say(Code::UnverifiedBasis, at, "a stable rule needs a basis that someone has read", help);
        }
        if self.false_positives.is_empty() {
            let help = "add `falsepositives = [\"…\"]`, or lower `status` to `test`";
            rule.say(Code::MissingFalsePositives, at, "a stable rule says when it is known to be wrong", help);
        }
    }
}

/// What readers of a case are told and the bureau is asked.
fn explained(kind: Kind, rule: &mut Reported<'_, '_>) {
    let at = rule.place("status");
    if !rule.explains("message") && !matches!(kind, Kind::Concept | Kind::Filter) {
        let help = "add `[rule.explain]` with `message`: what a reader of the case is told";
        rule.say(Code::MissingMessage, at, "the rule has no message", help);
    }
    if !rule.explains("ask") && kind == Kind::Gap {
        let help = "add `ask` to `[rule.explain]`: what to ask the bureau";
        rule.say(Code::MissingMessage, at, "a gap has no question", help);
    }
}

fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> String {
    all.iter().copied().map(word).collect::<Vec<_>>().join(", ")
}
