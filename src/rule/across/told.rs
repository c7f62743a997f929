//! The other records that a clause rests on, with the reasons why they belong to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Across, Question};
use crate::operator::{Others, Reading, show};
use crate::record::{Field, Record, Row, Value};
use crate::rule::across::{Key, Side};

/// Another record that a clause rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its position among all records.
    pub at: usize,
    /// Its id.
    pub record_id: String,
    /// What the rule calls it, each name once: the name of a join, or `group`.
    pub roles: Vec<String>,
    /// Why it belongs here, part by part, each reason once.
    pub why: Vec<String>,
    /// What messages show of it.
    pub shown: Arc<Record>,
}

impl Link {
    /// Whether a rule calls it this.
    #[must_use]
    pub fn is(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own == role)
    }

    /// Links with each record once, in the order of their ids; of one id, of what else they say.
    pub(in crate::rule) fn each_once(mut links: Vec<Self>) -> Vec<Self> {
        links.sort_by(|a, b| (a.at, &a.roles).cmp(&(b.at, &b.roles)));
        let mut all: Vec<Self> = vec![];
        for link in links {
            match all.last_mut().filter(|last| last.at == link.at) {
                Some(last) => last.join(link),
                None => all.push(link),
            }
        }
        all.sort_by(|a, b| (&a.record_id, &a.roles, &a.why).cmp(&(&b.record_id, &b.roles, &b.why)));
        all
    }

    /// Takes over the names and reasons of a link to the same record.
    fn join(&mut self, mut other: Self) {
        for (own, more) in [(&mut self.roles, &mut other.roles), (&mut self.why, &mut other.why)] {
            more.retain(|text| !own.contains(text));
            own.append(more);
        }
    }
}

impl Across {
    /// The other records that it rests on, in the order of their ids.
    #[must_use]
    pub fn links(&self, reading: &Reading<'_>) -> Vec<Link> {
        let Some(others) = reading.others() else { return vec![] };
        let (at, keys, fields) = match &self.question {
            Question::Related(related) => {
                let found = related.find(reading, others, &self.id).unwrap_or_default();
                let own = |field: &Field| field.on_this_side().is_none();
                (found.yes, &related.on, related.condition.fields().into_iter().filter(own).collect::<Vec<_>>())
            }
            Question::Correlation(group) => {
                let fields = group.time.into_iter().chain(group.value.and_then(|key| key.field(Side::Other)));
                (group.members(reading, others, &self.id), &group.group_by, fields.collect())
            }
        };
        at.into_iter().map(|at| self.link(at, (keys, &fields), others)).collect()
    }

    fn link(&self, at: usize, (keys, fields): (&[Key], &[Field]), others: &dyn Others) -> Link {
        let other = others.record(at);
        let mut why = vec![];
        for key in keys {
            match key.field(Side::Other) {
                None => why.push(as_one_person(&others.link(others.judged(), at))),
                Some(field) => why.extend(value(&*other, field)),
            }
        }
        why.extend(fields.iter().filter_map(|field| value(&*other, *field)));
        let mut told = BTreeSet::new();
        why.retain(|reason| told.insert(reason.clone()));
        let record_id = match other.cell(Field::RECORD_ID, 0) {
            Ok(Value::Text(id)) => id.to_owned(),
            _ => String::new(),
        };
        Link { at, record_id, roles: vec![self.name.to_string()], why, shown: other }
    }
}

/// Why two records are linked: a reading of what they say, not a finding about a human.
fn as_one_person(parts: &[String]) -> String {
    match parts {
        [] => "read as one person".to_owned(),
        parts => format!("read as one person: {}", parts.join(", ")),
    }
}

/// A field and what it says, unless it is prose or says nothing.
fn value(row: &dyn Row, field: Field) -> Option<String> {
    let all: Vec<String> = (0..row.len(field)).filter_map(|at| Some(show(field, &row.cell(field, at).ok()?))).collect();
    (!all.is_empty() && !field.spec().prose)
        .then(|| format!("{} {}", field.path().replace(['_', '.'], " "), all.join(", ")))
}
