//! Why a rule said something else: the parts of it that stand against the expected verdict, down to what was asked of
//! which values. What agrees with the expectation is left out.

use crate::operator::{Truth, show};
use crate::record::{Field, State};
use crate::rule::{Clause, Expr, Judgement, Verdict};

/// The longest value shown, in characters.
const LONGEST: usize = 60;
/// The most values shown of a list.
const MOST_VALUES: usize = 4;
/// The most lines.
const MOST_LINES: usize = 24;

/// The parts of a rule that keep it from the verdict that is expected, line by line, deeper parts further in.
pub(super) fn difference(judgement: &Judgement<'_>, at: usize, expect: Verdict) -> Vec<String> {
    let rule = judgement.rule(at);
    let scope = rule.scope.as_ref();
    let mut tree = Tree { judgement, lines: vec![] };
    let in_scope = scope.map_or(Truth::Yes, |scope| judgement.truth(scope));
    match expect {
        Verdict::NotApplicable => scope.iter().for_each(|scope| tree.part(scope, Truth::No, (0, ""))),
        _ if in_scope == Truth::No => scope.iter().for_each(|scope| tree.part(scope, Truth::Yes, (0, ""))),
        _ => tree.part(&rule.body, expect.truth(), (0, "")),
    }
    for target in rule.filter.iter().flat_map(|filter| &filter.suppresses) {
        let (id, says) = (&judgement.rule(*target).id, judgement.verdicts[*target].word());
        tree.lines.push(format!("`{id}` is {says} with the evidence {}", judgement.evidence_hash(*target)));
    }
    if tree.lines.len() > MOST_LINES {
        let more = tree.lines.len() - MOST_LINES;
        tree.lines.truncate(MOST_LINES);
        tree.lines.push(format!("and {more} more lines"));
    }
    tree.lines
}

struct Tree<'a, 'j> {
    judgement: &'a Judgement<'j>,
    lines: Vec<String>,
}

impl Tree<'_, '_> {
    /// A part and what it would have to say. `name` is what the rule calls it.
    fn part(&mut self, expr: &Expr, needed: Truth, (depth, name): (usize, &str)) {
        let got = self.judgement.truth(expr);
        if got == needed {
            return;
        }
        let text = match expr {
            Expr::Named(name, inner) => return self.part(inner, needed, (depth, &format!("`{name}`: "))),
            Expr::Clause(at) => {
                let clause = self.judgement.clause(*at);
                format!("{}; read {}", clause.describe(), self.values(clause))
            }
            Expr::Rule(at) => format!("the rule `{}` holds", self.judgement.rule(*at).id),
            Expr::Not(_) => "it is not so that".to_owned(),
            Expr::AssumeNo(_) => "as far as the record says".to_owned(),
            Expr::All(_) => "all of these hold".to_owned(),
            Expr::Any(_) => "at least one of these holds".to_owned(),
            Expr::AtLeast(wanted, _) => format!("at least {wanted} of these hold"),
        };
        self.lines.push(format!("{}{}, needed {}: {name}{text}", "  ".repeat(depth), got.name(), needed.name()));
        let needed = if matches!(expr, Expr::Not(_)) { !needed } else { needed };
        expr.children().iter().for_each(|part| self.part(part, needed, (depth + 1, "")));
    }

    /// The values that a clause looked at, field by field.
    fn values(&self, clause: &Clause) -> String {
        let fields = clause.fields().into_iter().filter(|field| field.ty() != crate::record::Type::Object);
        let each: Vec<String> = fields.map(|field| format!("`{}` {}", field.path(), self.value(field))).collect();
        if each.is_empty() {
            clause.over().map_or_else(String::new, |over| format!("`{}` {}", over.path(), self.value(over)))
        } else {
            each.join(", ")
        }
    }

    fn value(&self, field: Field) -> String {
        let row = self.judgement.reading().row();
        if row.len(field) == 0 {
            return words(row.state(field)).to_owned();
        }
        let cell = |position: usize| match row.cell(field, position) {
            Ok(value) => shortened(&show(field, &value)),
            Err(state) => words(state).to_owned(),
        };
        let mut cells: Vec<String> = (0..row.len(field).min(MOST_VALUES)).map(cell).collect();
        if row.len(field) > MOST_VALUES {
            cells.push(format!("and {} more", row.len(field) - MOST_VALUES));
        }
        cells.join(" / ")
    }
}

fn words(state: State) -> &'static str {
    match state {
        State::Value => "a value",
        State::Blank => "blank",
        State::Withheld => "withheld",
        State::Invalid => "unreadable",
        State::NotCarried => "not carried",
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
