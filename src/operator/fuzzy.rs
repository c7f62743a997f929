//! `fuzzy`: a name that is, by a named profile, at least so many percent like another. A name of too few parts to
//! compare is unknown.

use std::sync::Arc;

use super::draft::{Built, Draft};
use super::pattern::{Pattern, Patterns, describe};
use super::{Found, Here, Operator, Truth};
use crate::diag::{Code, Diagnostic, Node, Span, Table, Tree, did_you_mean};
use crate::record::{Field, Value};
use crate::text::{Mode, NameParts, NameProfile};

/// Likeness to any of some names.
#[derive(Debug)]
struct Fuzzy {
    profile: Arc<NameProfile>,
    gte: u32,
    to: To,
}

/// What a name is compared with.
#[derive(Debug)]
enum To {
    /// Names of the rule or a list, and their parts.
    Names(Patterns, Vec<NameParts>),
    /// The names in another field.
    Field(Field),
}

impl Fuzzy {
    fn alike(&self, a: &NameParts, b: &NameParts) -> Truth {
        Truth::of(self.profile.percent(a, b) >= self.gte)
    }
}

impl Operator for Fuzzy {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Value::Text(text) = value else { return Truth::No };
        let Some(own) = self.profile.parts(text) else { return Truth::Unknown };
        match &self.to {
            To::Names(names, parts) => {
                let each = names.iter().zip(parts).map(|(name, parts)| self.alike(&own, parts).min(name.counts(here)));
                each.max().unwrap_or(Truth::No)
            }
            To::Field(field) => here.any_other(*field, |other| match other {
                Value::Text(other) => {
                    self.profile.parts(other).map_or(Truth::Unknown, |other| self.alike(&own, &other))
                }
                _ => Truth::No,
            }),
        }
    }

    fn lists(&self) -> Vec<&str> {
        match &self.to {
            To::Names(names, _) => names.lists(),
            To::Field(_) => vec![],
        }
    }

    fn reads(&self) -> Vec<Field> {
        match &self.to {
            To::Names(names, _) => names.reads(),
            To::Field(field) => vec![*field],
        }
    }

    fn evidence(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Found> {
        let (Value::Text(text), To::Names(names, parts)) = (value, &self.to) else { return vec![] };
        let Some(own) = self.profile.parts(text) else { return vec![] };
        let alike = names
            .iter()
            .zip(parts)
            .filter(|(name, parts)| self.alike(&own, parts).min(name.counts(here)) == Truth::Yes);
        alike.map(|(name, _)| name.found(0..text.len())).collect()
    }

    fn describe(&self) -> String {
        let to = match &self.to {
            To::Names(names, _) => describe(names),
            To::Field(field) => format!("`{}`", field.path()),
        };
        format!(
            "is a name at least {} % like {to}, by {} version {}",
            self.gte, self.profile.name, self.profile.version
        )
    }
}

impl Draft<'_> {
    fn bad_fuzzy(&mut self, span: Span, message: &str) {
        let problem = Diagnostic::new(Code::BadFuzzy, message).at(span);
        self.report(
            problem.help("write for example `fuzzy = { to = \"Person Sample\", profile = \"names/latin\", gte = 90 }`"),
        );
    }

    pub(super) fn fuzzy(&mut self) -> Built {
        let Some(table) = self.value.table() else {
            self.bad_fuzzy(self.value.span, "`fuzzy` takes a table");
            return None;
        };
        for (key, _) in table.iter().filter(|(key, _)| !["to", "profile", "gte"].contains(&key.text.as_str())) {
            let problem = Diagnostic::new(Code::UnknownKey, format!("unknown key `{}` in `fuzzy`", key.text));
            self.report(problem.at(key.span).help("`fuzzy` has `to`, `profile` and `gte`"));
        }
        let gte = match self.needed(table, "gte", "the least percentage") {
            Some(Node { tree: Tree::Integer(percent), .. }) if (1..=100).contains(percent) => {
                u32::try_from(*percent).ok()
            }
            Some(node) => {
                self.bad_fuzzy(node.span, "`gte` in `fuzzy` is a whole number from 1 to 100");
                None
            }
            None => None,
        };
        let profile =
            self.needed(table, "profile", "the way to compare names").and_then(|node| self.name_profile(node));
        let to = self.needed(table, "to", "the names to compare with")?;
        let to = match self.reference(to) {
            Some(field) => To::Field(field?),
            None => {
                let names = self.patterns(to, Mode::Whole)?;
                let parts = self.name_parts(&names, profile.as_ref()?, to.span)?;
                To::Names(Patterns::new(names), parts)
            }
        };
        Some(Arc::new(Fuzzy { profile: profile?, gte: gte?, to }))
    }

    fn needed<'t>(&mut self, table: &'t Table, key: &str, what: &str) -> Option<&'t Node> {
        if table.get(key).is_none() {
            self.bad_fuzzy(self.value.span, &format!("`fuzzy` needs `{key}`, {what}"));
        }
        table.get(key)
    }

    fn name_profile(&mut self, node: &Node) -> Option<Arc<NameProfile>> {
        let Some(name) = node.text() else {
            self.wrong_type(node.span, "`profile` takes the name of a name profile", "write it in quotes");
            return None;
        };
        let profiles = self.names;
        if let Some(profile) = profiles.named(name) {
            return profile.cloned();
        }
        let problem = Diagnostic::new(Code::UnknownNameProfile, format!("there is no name profile `{name}`"));
        self.report(problem.at(node.span).help(match did_you_mean(name, profiles.names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "a name profile is a file `names/name.toml` beside the rules".to_owned(),
        }));
        None
    }

    /// The parts of the names to compare with.
    fn name_parts(&mut self, names: &[Pattern], profile: &NameProfile, span: Span) -> Option<Vec<NameParts>> {
        let mut all = vec![];
        for name in names {
            let parts = profile.parts(&name.entry);
            if parts.is_none() {
                let message = format!("`{}` has too few parts for `{}` to compare", name.entry, profile.name);
                let problem = Diagnostic::new(Code::BadFuzzy, message).at(span);
                self.report(problem.help("write the whole name, or take a profile that compares single names"));
            }
            all.push(parts);
        }
        all.into_iter().collect()
    }
}
