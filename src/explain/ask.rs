//! What to ask the requesting bureau: the questions of findings that an answer could settle, and of rules kept open by a
//! value the source left empty, withheld or made unreadable. A field the source never carries is no question to the bureau.

use std::collections::BTreeMap;

use crate::record::{Field, State};
use crate::rule::{Expr, Judgement, Kind, Reason, Verdict};

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

/// The questions, the one that settles most first. `undecided` are the rules that a missing value keeps undecided.
pub(super) fn questions(judgement: &Judgement<'_>, undecided: &[usize]) -> Vec<Question> {
    let rules = &judgement.rules().rules;
    let mut all: BTreeMap<&str, Question> = BTreeMap::new();
    let asking = |at: &usize| {
        let rule = &rules[*at];
        rule.active && judgement.verdicts[*at] == Verdict::Yes && matches!(rule.kind, Kind::Indicator | Kind::Gap)
    };
    let open = undecided.iter().copied().filter(|at| judgement.is_open(*at));
    for at in (0..rules.len()).filter(asking).chain(open) {
        let rule = &rules[at];
        let Some(text) = rule.ask.as_deref() else { continue };
        let unknown = judgement.verdicts[at] == Verdict::Unknown;
        let gap = || judgement.places(&rule.body).first().map(|place| place.field);
        let blank = || blank_field(judgement, at);
        let field =
            if unknown { open_field(judgement, at) } else { blank().or_else(gap) };
        let question = all.entry(text).or_insert_with(|| Question {
            text: text.to_owned(),
            field: field.filter(|_| unknown || rule.kind == Kind::Gap),
            article: rule.basis.first().map(|basis| basis.cite.clone()),
            millibits: 0,
        });
        question.millibits += rule.millibits;
    }
    let mut all: Vec<Question> = all.into_values().collect();
    all.sort_by(|a, b| b.millibits.cmp(&a.millibits).then_with(|| a.text.cmp(&b.text)));
    all
}

/// The first missing value that the source could have given.
fn open_field(judgement: &Judgement<'_>, rule: usize) -> Option<Field> {
    let given = |reason: &&Reason| reason.state != State::NotCarried;
    judgement.pivotal(rule).iter().find(given).map(|reason| reason.field)
}

/// The first field a rule looks at that has no value here.
fn blank_field(judgement: &Judgement<'_>, rule: usize) -> Option<Field> {
    let mut fields = vec![];
    judgement.rules().rules[rule].body.walk(&mut |part| {
        if let Expr::Clause(at) = part {
            fields.extend(judgement.clause(*at).fields());
        }
    });
    let row = judgement.reading().row();
    fields.into_iter().find(|field| row.state(*field) != State::Value)
}
