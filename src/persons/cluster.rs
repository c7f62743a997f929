//! Links to persons: identities that are linked belong together, unless two of them contradict each other.
//!
//! Links are taken from the strongest on. What a group agrees on so far is kept as a whole: intervals of days that overlap
//! pair by pair have a day in common, so that one interval stands for all. Names are held against each other pair by pair.
//! Two that differ stand in one group only where it knows that one person bears both: a record with several names, or
//! records that the source itself links, of which one name is like the first and no other, another like the second.

use std::collections::BTreeMap;

use super::identity::Identity;
use super::name::{Likeness, Name};
use super::part::PartKind;
use super::profile::LinkProfile;

/// A link between two identities, by position, the smaller first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    /// The points, negative, so that the strongest comes first.
    pub(super) strength: i32,
    pub(super) a: u32,
    pub(super) b: u32,
}

/// A link that would have joined what contradicts, and two that do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) edge: Edge,
    pub(super) because: Contradiction,
}

/// Two identities that cannot be one person's, and in what; nothing where there are too many names to hold against each
/// other.
pub(super) type Contradiction = Option<(u32, u32, PartKind)>;

/// Identities that belong together.
#[derive(Debug)]
pub(super) struct Clusters {
    parents: Vec<u32>,
    groups: Vec<Group>,
    /// The links that hold groups together.
    pub(super) held: Vec<Edge>,
    /// Links that would have joined what contradicts.
    pub(super) refused: Vec<Refused>,
}

/// What the identities of a group say together.
#[derive(Debug, Clone, Default)]
struct Group {
    /// The first and the last day on which all may be born, each with an identity that says so.
    birth: Option<((i32, u32), (i32, u32))>,
    /// The sex, with an identity that says so.
    sex: Option<(u8, u32)>,
    /// One identity for each different set of names and id of the source.
    faces: Vec<u32>,
}

/// Groups with more pairs of names than this are not joined.
const MOST_PAIRS: usize = 10_000;

impl Clusters {
    /// Joins what is linked, the strongest link first.
    pub(super) fn of(identities: &[Identity], mut edges: Vec<Edge>, profile: &LinkProfile) -> Self {
        edges.sort_unstable();
        edges.dedup();
        let group = |(identity, at): (&Identity, u32)| Group {
            birth: identity.birth.map(|(first, last)| ((first, at), (last, at))),
            sex: identity.sex().map(|sex| (sex, at)),
            faces: vec![at],
        };
        let groups = identities.iter().zip(0..).map(group).collect();
        let parents = (0..identities.len()).filter_map(|at| u32::try_from(at).ok()).collect();
        let mut clusters = Self { parents, groups, held: vec![], refused: vec![] };
        for edge in edges {
            clusters.join(edge, identities, profile);
        }
        clusters
    }

    /// The group of an identity: the smallest position in it.
    pub(super) fn root(&self, at: u32) -> u32 {
        let mut at = at;
        while self.parents[at as usize] != at {
            at = self.parents[at as usize];
        }
        at
    }

    /// The same, and the way there is shorter from then on.
    fn find(&mut self, at: u32) -> u32 {
        let root = self.root(at);
        let mut at = at;
        while at != root {
            at = std::mem::replace(&mut self.parents[at as usize], root);
        }
        root
    }

    fn join(&mut self, edge: Edge, identities: &[Identity], profile: &LinkProfile) {
        let (a, b) = (self.find(edge.a), self.find(edge.b));
        if a == b {
            return;
        }
        let pair = Joining { one: &self.groups[a as usize], other: &self.groups[b as usize], identities, profile };
        if let Err(because) = pair.agrees() {
            self.refused.push(Refused { edge, because });
            return;
        }
        self.held.push(edge);
        let (root, below) = (a.min(b), a.max(b));
        let moved = std::mem::take(&mut self.groups[below as usize]);
        self.groups[root as usize].take(moved, identities);
        self.parents[below as usize] = root;
    }
}

impl Group {
    fn take(&mut self, other: Self, identities: &[Identity]) {
        self.birth = match (self.birth, other.birth) {
            (Some(own), Some(theirs)) => Some((own.0.max(theirs.0), own.1.min(theirs.1))),
            (one, other) => one.or(other),
        };
        self.sex = self.sex.or(other.sex);
        let says = |face: u32| (&identities[face as usize].names, &identities[face as usize].person_id);
        for face in other.faces {
            if !self.faces.iter().any(|own| says(*own) == says(face)) {
                self.faces.push(face);
            }
        }
    }
}

/// Two groups that a link would join.
struct Joining<'a> {
    one: &'a Group,
    other: &'a Group,
    identities: &'a [Identity],
    profile: &'a LinkProfile,
}

impl<'a> Joining<'a> {
    /// That no two identities of both groups contradict each other; else two that do.
    fn agrees(&self) -> Result<(), Contradiction> {
        if let (Some(own), Some(theirs)) = (self.one.birth, self.other.birth) {
            for (first, last) in [(own.0, theirs.1), (theirs.0, own.1)] {
                if first.0 > last.0 {
                    return Err(Some((first.1, last.1, PartKind::BirthDate)));
                }
            }
        }
        match (self.one.sex, self.other.sex) {
            (Some(own), Some(theirs)) if own.0 != theirs.0 => Err(Some((own.1, theirs.1, PartKind::Sex))),
            _ => self.names_agree(),
        }
    }

    /// That all names are alike, or known to be one person's.
    fn names_agree(&self) -> Result<(), Contradiction> {
        if self.one.faces.len().saturating_mul(self.other.faces.len()) > MOST_PAIRS {
            return Err(None);
        }
        let pairs = self.one.faces.iter().flat_map(|own| self.other.faces.iter().map(move |other| (*own, *other)));
        let differ = |(own, other): &(u32, u32)| {
            let (own, other) = (self.identity(*own), self.identity(*other));
            let linked = own.person_id.is_some() && own.person_id == other.person_id;
            !linked && own.likeness(other, self.profile) == Some(Likeness::Different)
        };
        let mut different = pairs.filter(differ).peekable();
        if different.peek().is_none() {
            return Ok(());
        }
        let known = self.known_together();
        let bears_both = |(own, other): (u32, u32)| {
            let (own, other) = (self.identity(own), self.identity(other));
            known.iter().any(|names| self.has_like(names, own, other) && self.has_like(names, other, own))
        };
        different.find(|pair| !bears_both(*pair)).map_or(Ok(()), |(a, b)| Err(Some((a, b, PartKind::Name))))
    }

    /// Names that one person bears: those of one record, and those of all records that the source links.
    fn known_together(&self) -> Vec<Vec<&'a Name>> {
        let mut linked: BTreeMap<&str, Vec<&Name>> = BTreeMap::new();
        let mut known = vec![];
        for face in self.one.faces.iter().chain(&self.other.faces) {
            let identity = self.identity(*face);
            match identity.person_id.as_deref() {
                Some(id) => linked.entry(id).or_default().extend(&identity.names),
                None => known.push(identity.names.iter().collect()),
            }
        }
        known.extend(linked.into_values());
        known.retain(|names: &Vec<&Name>| names.len() > 1);
        known
    }

    /// Whether one of the names is like the first and unlike the second.
    fn has_like(&self, names: &[&Name], first: &Identity, second: &Identity) -> bool {
        let likeness = |name: &Name, identity: &Identity| {
            identity.names.iter().map(|own| self.profile.names.likeness(own, name)).max()
        };
        names.iter().any(|name| {
            likeness(name, first) > Some(Likeness::TooShort) && likeness(name, second) == Some(Likeness::Different)
        })
    }

    fn identity(&self, at: u32) -> &'a Identity {
        &self.identities[at as usize]
    }
}
