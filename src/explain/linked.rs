//! The other records that a case rests on, each once, whatever findings name it.

use std::collections::BTreeMap;

use super::Case;

/// Another record that a case rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked<'a> {
    /// Its id.
    pub record_id: &'a str,
    /// What the rules call it, each name once.
    pub roles: Vec<&'a str>,
    /// Why it belongs to the case, each reason once.
    pub why: Vec<&'a str>,
}

impl Case {
    /// The other records that its findings rest on, those of the weightiest finding first.
    #[must_use]
    pub fn links(&self) -> Vec<Linked<'_>> {
        let findings = self.findings.iter().chain(&self.gaps).chain(&self.mitigating).chain(&self.suppressed);
        let mut places = BTreeMap::new();
        let mut all: Vec<Linked<'_>> = vec![];
        for link in findings.flat_map(|finding| &finding.links) {
            let place = *places.entry(link.at).or_insert_with(|| {
                all.push(Linked { record_id: &link.record_id, roles: vec![], why: vec![] });
                all.len() - 1
            });
            let Some(linked) = all.get_mut(place) else { continue };
            add(&link.role, &mut linked.roles);
            link.why.iter().for_each(|why| add(why, &mut linked.why));
        }
        all
    }
}

fn add<'a>(text: &'a str, to: &mut Vec<&'a str>) {
    if !to.contains(&text) {
        to.push(text);
    }
}
