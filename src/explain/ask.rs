//! What to ask the requesting bureau: the questions of findings that an answer could settle, and of rules kept open by a
//! value the source left empty, withheld or made unreadable. A field the source never carries is no question to the bureau.

use std::collections::BTreeSet;

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

/// The questions: first those about conditions of INTERPOL's rules, then those of findings, then those about other missing
/// values, one for each value. `undecided` are the rules that a missing value keeps undecided, the weightiest first.
pub(super) fn questions(judgement: &Judgement<'_>, undecided: &[usize]) -> Vec<Question> {
    let rules = &judgement.rules().rules;
    let says_yes = |at: &usize| rules[*at].active && judgement.verdicts[*at] == Verdict::Yes;
    let formal = |at: &usize| matches!(rules[*at].kind, Kind::Gate | Kind::Gap);
    let open: Vec<usize> = undecided.iter().copied().filter(|at| judgement.is_open(*at)).collect();
    let mut list = List { judgement, all: vec![], fields: BTreeSet::new() };
    (0..rules.len()).filter(says_yes).filter(formal).for_each(|at| list.add(at, blank_fields(judgement, at)));
    open.iter().copied().filter(formal).for_each(|at| list.add(at, open_fields(judgement, at)));
    let findings = |at: &usize| says_yes(at) && rules[*at].kind == Kind::Indicator;
    let mut findings: Vec<usize> = (0..rules.len()).filter(findings).collect();
    findings.sort_by_key(|at| (-rules[*at].millibits, *at));
    findings.into_iter().for_each(|at| list.add(at, vec![]));
    for at in open {
        let fields = open_fields(judgement, at);
        if fields.iter().any(|field| !list.fields.contains(field)) {
            list.add(at, fields);
        }
    }
    list.all
}

/// Questions under way, and the missing values they ask for.
struct List<'a> {
    judgement: &'a Judgement<'a>,
    all: Vec<Question>,
    fields: BTreeSet<Field>,
}

impl List<'_> {
    fn add(&mut self, at: usize, fields: Vec<Field>) {
        let rule = &self.judgement.rules().rules[at];
        let Some(text) = rule.ask.clone() else { return };
        match self.all.iter_mut().find(|question| question.text == text) {
            Some(question) => question.millibits += rule.millibits,
            None => self.all.push(Question {
                text,
                field: fields.first().copied(),
                article: rule.basis.first().map(|basis| basis.cite.clone()),
                millibits: rule.millibits,
            }),
        }
        self.fields.extend(fields);
    }
}

/// The missing values that the source could have given and that keep a rule undecided.
fn open_fields(judgement: &Judgement<'_>, rule: usize) -> Vec<Field> {
    let given = |reason: &Reason| reason.state != State::NotCarried;
    judgement.pivotal(rule).into_iter().filter(given).map(|reason| reason.field).collect()
}

/// The fields a rule looks at that the source left without a value.
pub(super) fn blank_fields(judgement: &Judgement<'_>, rule: usize) -> Vec<Field> {
    let mut fields = vec![];
    judgement.rules().rules[rule].body.walk(&mut |part| {
        if let Expr::Clause(at) = part {
            fields.extend(judgement.clause(*at).fields());
        }
    });
    let row = judgement.reading().row();
    fields.retain(|field| !matches!(row.state(*field), State::Value | State::NotCarried));
    fields.sort_unstable();
    fields.dedup();
    fields
}
