//! The other records that a case rests on, each once, whatever findings name it.

use std::collections::BTreeMap;

use super::Case;
use crate::rule::Link;

/// Another record that a finding or a case rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked<'a> {
    /// Its id.
    pub record_id: &'a str,
    /// What the rules call it, each name once.
    pub roles: Vec<&'a str>,
    /// Why it belongs here, each reason once.
    pub why: Vec<&'a str>,
}

impl<'a> From<&'a Link> for Linked<'a> {
    fn from(link: &'a Link) -> Self {
        let texts = |texts: &'a [String]| texts.iter().map(String::as_str).collect();
        Self { record_id: &link.record_id, roles: texts(&link.roles), why: texts(&link.why) }
    }
}

impl Case {
    /// The other records that its findings rest on, those of the weightiest finding first.
    #[must_use]
    pub fn links(&self) -> Vec<Linked<'_>> {
        let findings = self.findings.iter().chain(&self.gaps).chain(&self.mitigating).chain(&self.suppressed);
        let mut places = BTreeMap::new();
        let mut all: Vec<Linked<'_>> = vec![];
        for link in findings.flat_map(|finding| &finding.links) {
            let place = *places.entry(link.at).or_insert(all.len());
            match all.get_mut(place) {
                Some(linked) => {
                    link.roles.iter().for_each(|role| add(role, &mut linked.roles));
                    link.why.iter().for_each(|why| add(why, &mut linked.why));
                }
                None => all.push(link.into()),
            }
        }
        all
    }
}

fn add<'a>(text: &'a str, to: &mut Vec<&'a str>) {
    if !to.contains(&text) {
        to.push(text);
    }
}
