//! A part of a name: one word, as it is written and as it may be read.
//!
//! Two parts are alike if few edits lie between their common spellings, or if one reading makes the same consonants of both
//! (see `spelling`). A reading is never mixed with a slip: both together would make most names alike. Usual given names that
//! are much alike and not one, such as Maria and Marina, are listed in the profile.

use super::profile::NameOptions;
use super::spelling::in_latin;

/// A part of a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NamePart {
    /// In Latin letters, as it is written.
    pub(super) latin: String,
    /// The same in the common spelling.
    pub(super) plain: String,
    /// What each reading makes of it, where that is another spelling.
    readings: Vec<Option<Box<str>>>,
    /// Whether it is a usual given name that is much like another one.
    is_other: bool,
    /// Whether its script leaves vowels out.
    vowelless: bool,
    /// What it is to the name.
    pub(super) role: Role,
}

/// What a part is to a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Role {
    /// It makes the name.
    Needed,
    /// It may be missing; where both sides have one they are alike.
    Patronymic,
    /// It may be missing.
    Particle,
}

impl NameOptions {
    /// A folded word as a part of a name.
    pub(super) fn part(&self, word: &str) -> NamePart {
        let latin = in_latin(word);
        let plain = self.spelt(&latin);
        let readings = self.readings_of(word, &latin, &plain);
        let vowelless = self.vowelless.as_ref().is_some_and(|scripts| scripts.is_match(word));
        let is_other = self.other_names.contains(&plain);
        let mut part = NamePart { latin, plain, readings, is_other, vowelless, role: Role::Needed };
        let ends = |spelt: &str| {
            let ends = |ending: &String| spelt.len() > ending.len() + 2 && spelt.ends_with(ending.as_str());
            self.patronymics.iter().any(ends)
        };
        if self.particles.contains(&part.plain) {
            part.role = Role::Particle;
        } else if part.spellings().any(ends) {
            part.role = Role::Patronymic;
        }
        part
    }

    /// Whether two words are one but for a slip.
    pub(super) fn near(&self, a: &str, b: &str) -> bool {
        percent(a, b) >= self.part_gte
    }

    /// How alike two parts are in percent, and whether only as an initial; none where they are not.
    pub(super) fn alike(&self, a: &NamePart, b: &NamePart) -> Option<(u32, bool)> {
        if a.plain == b.plain {
            return Some((100, a.plain.len() == 1));
        }
        if a.is_other && b.is_other {
            return None;
        }
        if a.plain.len() == 1 || b.plain.len() == 1 {
            return a.plain.starts_with(&b.plain[..1]).then_some((80, true));
        }
        let edits = percent(&a.plain, &b.plain).max(percent(&a.latin, &b.latin));
        let enough = if a.vowelless && b.vowelless { self.vowelless_gte } else { self.part_gte };
        if edits >= enough {
            return Some((edits, false));
        }
        a.read_with(b)
            .find_map(|(a_read, b_read)| self.read_alike((a, a_read), (b, b_read)))
            .map(|alike| (alike, false))
    }

    /// How alike two parts are as they are read: by their consonants, since vowels are what spellings differ in most.
    fn read_alike(&self, (a, a_read): (&NamePart, &str), (b, b_read): (&NamePart, &str)) -> Option<u32> {
        if a.vowelless != b.vowelless {
            let [a, b] = [a_read, b_read].map(|read| consonants(read).collect::<String>());
            let same = percent(&a, &b);
            return (same >= self.consonants_gte && !a.is_empty()).then_some(same.min(90));
        }
        let same = || consonants(a_read).eq(consonants(b_read)) && consonants(a_read).nth(1).is_some();
        let alike = a_read == b_read || !a.vowelless && same() && percent(a_read, b_read) >= self.vowels_gte;
        alike.then_some(85)
    }
}

impl NamePart {
    /// The spellings it may stand for, the common one first.
    fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.plain.as_str()).chain(self.readings.iter().flatten().map(|read| &**read))
    }

    /// Its spelling in a reading; the first is the common one.
    pub(super) fn read(&self, reading: usize) -> &str {
        let read = reading.checked_sub(1).and_then(|at| self.readings.get(at));
        read.and_then(Option::as_deref).unwrap_or(&self.plain)
    }

    /// How many readings there are, the common one among them.
    pub(super) fn readings(&self) -> usize {
        self.readings.len() + 1
    }

    /// Both in each reading, the common one first, and each in a reading against the other in the common spelling: a
    /// letter that two schemes read otherwise cannot be brought to the same by one reading.
    fn read_with<'n>(&'n self, other: &'n Self) -> impl Iterator<Item = (&'n str, &'n str)> {
        let of_reading = |(own, theirs): (&'n Option<Box<str>>, &'n Option<Box<str>>)| {
            let (own, theirs) = (own.as_deref(), theirs.as_deref());
            let crossed = [own.map(|own| (own, &*other.plain)), theirs.map(|theirs| (&*self.plain, theirs))];
            crossed.into_iter().flatten().chain(own.zip(theirs))
        };
        let read = self.readings.iter().zip(&other.readings).flat_map(of_reading);
        std::iter::once((&*self.plain, &*other.plain)).chain(read)
    }

    /// This part and the next as one.
    pub(super) fn join(&mut self, next: &Self) {
        for (own, next_read) in self.readings.iter_mut().zip(&next.readings) {
            if own.is_some() || next_read.is_some() {
                let read = [own.as_deref().unwrap_or(&self.plain), next_read.as_deref().unwrap_or(&next.plain)];
                *own = Some(read.concat().into_boxed_str());
            }
        }
        self.is_other = false;
        self.latin.push_str(&next.latin);
        self.plain.push_str(&next.plain);
        self.role = self.role.min(next.role);
    }
}

/// The consonants of a spelling, without those that may stand for vowels.
pub(super) fn consonants(spelt: &str) -> impl Iterator<Item = char> {
    spelt.chars().filter(|letter| !"aeiouvh".contains(*letter))
}

/// How few edits lie between two texts: 100 where none, 0 where as many as the longer has letters.
fn percent(a: &str, b: &str) -> u32 {
    let longest = a.len().max(b.len());
    let edits = strsim::osa_distance(a, b);
    u32::try_from((longest.saturating_sub(edits)) * 100 / longest.max(1)).unwrap_or(0)
}
