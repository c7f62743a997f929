//! What to ask the requesting bureau: the questions of rules that a missing value keeps open, and of findings that the
//! facts could still settle.

use std::collections::BTreeMap;

use crate::record::Field;
use crate::rule::{Judgement, Kind, Verdict};

/// A question to the requesting bureau.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub text: String,
    /// The field an answer would fill, where one is missing.
    pub field: Option<Field>,
    /// The article that asks for it.
    pub article: Option<String>,
    /// The bits that an answer would settle, in thousandths.
    pub millibits: i64,
}

/// The questions, the one that settles most first. `open` are the rules that a missing value keeps undecided.
pub(super) fn questions(judgement: &Judgement<'_>, open: &[usize]) -> Vec<Question> {
    let rules = &judgement.rules().rules;
    let mut all: BTreeMap<&str, Question> = BTreeMap::new();
    let asking = |at: &usize| {
        let rule = &rules[*at];
        rule.active && judgement.verdicts[*at] == Verdict::Yes && matches!(rule.kind, Kind::Indicator | Kind::Gap)
    };
    for at in (0..rules.len()).filter(asking).chain(open.iter().copied()) {
        let rule = &rules[at];
        let Some(text) = rule.ask.as_deref() else { continue };
        let unknown = judgement.verdicts[at] == Verdict::Unknown;
        let gap = || judgement.places(&rule.body).first().map(|place| place.field);
        let blank = || blank_field(judgement, at);
        let field =
            if unknown { judgement.pivotal(at).first().map(|reason| reason.field) } else { blank().or_else(gap) };
        let question = all.entry(text).or_insert_with(|| Question {
            text: text.to_owned(),
            field: field.filter(|_| unknown || rule.kind == Kind::Gap),
            article: rule.basis.first().map(|basis| basis.cite.clone()),
            millibits: 0,
        });
        question.millibits += if unknown { rule.millibits } else { 0 };
    }
    let mut all: Vec<Question> = all.into_values().collect();
    all.sort_by(|a, b| b.millibits.cmp(&a.millibits).then_with(|| a.text.cmp(&b.text)));
    all
}

/// The first field a rule looks at that has no value here.
fn blank_field(judgement: &Judgement<'_>, rule: usize) -> Option<Field> {
    let mut fields = vec![];
    judgement.rules().rules[rule].body.walk(&mut |part| {
        if let crate::rule::Expr::Clause(at) = part {
            fields.extend(judgement.clause(*at).fields());
        }
    });
    let row = judgement.reading().row();
    fields.into_iter().find(|field| row.state(*field) != crate::record::State::Value)
}
