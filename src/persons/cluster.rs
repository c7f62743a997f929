//! Links to persons: identities that are linked belong together, unless two of them contradict each other.
//!
//! Links are taken from the strongest on. What a group agrees on so far is kept as a whole: intervals of days that overlap
//! pair by pair have a day in common, so that one interval stands for all.

use super::identity::Identity;
use super::name::Likeness;
use super::profile::LinkProfile;

/// A link between two identities, by position, the smaller first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    /// The points, negative, so that the strongest comes first.
    pub(super) strength: i32,
    pub(super) a: u32,
    pub(super) b: u32,
}

/// Identities that belong together.
#[derive(Debug)]
pub(super) struct Clusters {
    parents: Vec<u32>,
    groups: Vec<Group>,
    /// The links that hold groups together.
    pub(super) held: Vec<Edge>,
    /// Links that would have joined what contradicts.
    pub(super) refused: Vec<Edge>,
}

/// What the identities of a group say together.
#[derive(Debug, Clone)]
struct Group {
    members: Vec<u32>,
    birth: Option<(i32, i32)>,
    sex: Option<u8>,
    /// Whether one of them has several names, or an id of the source, so that names may differ.
    has_aliases: bool,
}

/// Groups with more pairs of names than this are not joined.
const MOST_PAIRS: usize = 10_000;

impl Clusters {
    /// Joins what is linked, the strongest link first.
    pub(super) fn of(identities: &[Identity], mut edges: Vec<Edge>, profile: &LinkProfile) -> Self {
        edges.sort_unstable();
        edges.dedup();
        let group = |(at, identity): (usize, &Identity)| Group {
            members: u32::try_from(at).into_iter().collect(),
            birth: identity.birth,
            sex: identity.sex(),
            has_aliases: identity.names.len() > 1 || identity.person_id.is_some(),
        };
        let groups = identities.iter().enumerate().map(group).collect();
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

    fn join(&mut self, edge: Edge, identities: &[Identity], profile: &LinkProfile) {
        let (a, b) = (self.root(edge.a), self.root(edge.b));
        if a == b {
            return;
        }
        let (one, other) = (&self.groups[a as usize], &self.groups[b as usize]);
        if !one.agrees(other, identities, profile) {
            self.refused.push(edge);
            return;
        }
        self.held.push(edge);
        let (root, below) = (a.min(b), a.max(b));
        let moved = std::mem::replace(&mut self.groups[below as usize], Group::empty());
        self.groups[root as usize].take(moved);
        self.parents[below as usize] = root;
    }
}

impl Group {
    fn empty() -> Self {
        Self { members: vec![], birth: None, sex: None, has_aliases: false }
    }

    fn take(&mut self, other: Self) {
        self.birth = common(self.birth, other.birth);
        self.sex = self.sex.or(other.sex);
        self.has_aliases |= other.has_aliases;
        self.members.extend(other.members);
    }

    /// Whether no two identities of both groups contradict each other.
    fn agrees(&self, other: &Self, identities: &[Identity], profile: &LinkProfile) -> bool {
        let births = common(self.birth, other.birth).is_none_or(|(first, last)| first <= last);
        let sexes = self.sex.is_none() || other.sex.is_none() || self.sex == other.sex;
        if !births || !sexes {
            return false;
        }
        if self.has_aliases || other.has_aliases {
            return true;
        }
        if self.members.len().saturating_mul(other.members.len()) > MOST_PAIRS {
            return false;
        }
        self.members.iter().all(|own| {
            let own = &identities[*own as usize];
            let differs =
                |other: &u32| own.likeness(&identities[*other as usize], profile) == Some(Likeness::Different);
            !other.members.iter().any(differs)
        })
    }
}

/// The days that both intervals have in common; the first after the last where there is none.
fn common(a: Option<(i32, i32)>, b: Option<(i32, i32)>) -> Option<(i32, i32)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.max(b.0), a.1.min(b.1))),
        (one, other) => one.or(other),
    }
}
