//! Blocking: which identities are held against each other at all. Two share a block where the source links them, where
//! birth day and a part of the name begin alike, or, if a birth date is partial, where the year and two parts do. How a part
//! begins is asked of each of its readings. Two that share several blocks are compared once, and never where their birth
//! dates contradict each other: that alone keeps them apart.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::identity::Identity;
use super::name::Name;
use super::name_part::{NamePart, consonants};
use super::profile::LinkProfile;
use crate::record::{DatePart, PartialDate};

/// Pairs of identities to be compared, by position, the smaller first. `identities` stand in the order of what they say;
/// large blocks are compared by neighbours in that order, so that no name that many share costs the square of their number.
pub(super) fn pairs<T: Send>(
    identities: &[Identity],
    profile: &LinkProfile,
    compare: impl Fn(u32, u32) -> Option<T> + Sync,
) -> Vec<T> {
    let keys_of = |(at, identity): (usize, &Identity)| {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        keys(identity).into_iter().map(move |key| (key, at)).collect::<Vec<_>>()
    };
    let mut keyed: Vec<(u64, u32)> = identities.par_iter().enumerate().flat_map_iter(keys_of).collect();
    keyed.par_sort_unstable();
    keyed.dedup();
    let blocks: Vec<&[(u64, u32)]> = keyed.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() > 1).collect();
    let is_whole = |block: &[(u64, u32)]| block.len() <= profile.most_in_block;
    let mut whole: Vec<Vec<u32>> = vec![vec![]; identities.len()];
    for (number, block) in (0_u32..).zip(&blocks).filter(|(_, block)| is_whole(block)) {
        block.iter().for_each(|(_, at)| whole[*at as usize].push(number));
    }
    let of_block = |(number, block): (usize, &&[(u64, u32)])| {
        let reach = if is_whole(block) { block.len() } else { profile.window };
        let meet = |a: u32, b: u32| {
            // Of two whose birth dates contradict each other nothing more needs to be known.
            let [one, other] = [a, b].map(|at| &identities[at as usize]);
            let born = one.birth.zip(other.birth).is_none_or(|(a, b)| a.0 <= b.1 && b.0 <= a.1);
            // Two that share several blocks are compared in the first.
            born && first_shared(&whole[a as usize], &whole[b as usize]).is_none_or(|first| first as usize == number)
        };
        let mut found = vec![];
        for (place, (_, a)) in block.iter().enumerate() {
            let others = block.iter().skip(place + 1).take(reach).map(|(_, b)| *b);
            found.extend(others.filter(|b| meet(*a, *b)).filter_map(|b| compare(*a, b)));
        }
        found
    };
    blocks.par_iter().enumerate().flat_map_iter(of_block).collect()
}

/// The first number that two rising lists share.
fn first_shared(a: &[u32], b: &[u32]) -> Option<u32> {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(one), Some(other)) = (a.peek(), b.peek()) {
        match one.cmp(other) {
            Ordering::Less => drop(a.next()),
            Ordering::Greater => drop(b.next()),
            Ordering::Equal => return Some(**one),
        }
    }
    None
}

/// The blocks of an identity.
fn keys(identity: &Identity) -> Vec<u64> {
    let mut keys: Vec<u64> = identity.person_id.iter().map(|id| hash(&[b"id", id.as_bytes()])).collect();
    let Some((first, last)) = identity.birth else { return keys };
    let year = PartialDate { first, last: first }.part(DatePart::Year).0.to_be_bytes();
    for codes in identity.names.iter().flat_map(codes) {
        if first == last {
            keys.extend(codes.iter().map(|code| hash(&[b"day", &first.to_be_bytes(), code.as_bytes()])));
        }
        for (at, one) in codes.iter().enumerate() {
            for other in codes.iter().skip(at + 1) {
                keys.push(hash(&[b"year", &year, one.as_bytes(), b" ", other.as_bytes()]));
            }
        }
        // A name written as one word, or with an initial, has one code only.
        if codes.len() == 1 && first != last {
            keys.extend(codes.iter().map(|code| hash(&[b"one", &year, code.as_bytes()])));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// How the parts of a name begin, as each reading has them.
fn codes(Name(parts): &Name) -> BTreeSet<Vec<String>> {
    let readings = parts.first().map_or(0, NamePart::readings);
    let of_reading = |reading: usize| {
        let mut codes: Vec<String> = parts.iter().map(|part| code(part.read(reading))).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    };
    (0..readings).map(of_reading).collect()
}

/// How a part begins: its first two consonants, or what letters there are.
fn code(spelt: &str) -> String {
    let consonants: String = consonants(spelt).take(2).collect();
    if consonants.is_empty() { spelt.chars().take(1).collect() } else { consonants }
}

/// FNV-1a (Fowler, Noll, Vo), the same everywhere. That two keys fall together costs a comparison and no more.
fn hash(parts: &[&[u8]]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.iter().copied().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::persons::tests::{identity, shipped};

    #[test]
    fn many_people_of_one_name_are_not_all_compared_with_each_other() {
        const MANY: usize = 20_000;
        let profile = shipped();
        let places = |at: usize| format!("place{at}");
        for day in
            [(|_| "1970".to_owned()) as fn(usize) -> String, |at| format!("{}", 1900 + at % 100), |_| String::new()]
        {
            let mut hub: Vec<Identity> =
                (0..MANY).map(|at| identity(&profile, "Sampelov", &day(at), &places(at))).collect();
            hub.sort_unstable();
            let compared = AtomicUsize::new(0);
            let found: Vec<()> = pairs(&hub, &profile, |_, _| {
                compared.fetch_add(1, Ordering::Relaxed);
                None
            });
            assert!(found.is_empty());
            let most = MANY * profile.window * 4;
            assert!(compared.into_inner() <= most, "{} takes the square", day(1));
        }
    }

    #[test]
    fn two_schemes_share_blocks_and_are_compared_once() {
        let profile = shipped();
        for (family, other, birth) in [
            ("Qingsangbai", "Chingsangpai", "1970"),
            ("Gasampelian", "Kasampelyan", "1970"),
            ("Zesampelschwili", "Tsesampelshvili", "1970-03"),
            ("Mpasampelos", "Basampelos", "1970"),
            ("Sampelov", "Sampelow", "1970-03-04"),
        ] {
            let mut two = [family, other].map(|name| identity(&profile, name, birth, ""));
            two.sort_unstable();
            assert_eq!(pairs(&two, &profile, |a, b| Some((a, b))), [(0, 1)], "{family} and {other}, {birth}");
        }
    }

    #[test]
    fn people_born_on_other_days_are_not_compared() {
        let profile = shipped();
        let two = ["1970-03-04", "1970-03-05"].map(|birth| identity(&profile, "Sampelov", birth, ""));
        assert!(pairs(&two, &profile, |a, b| Some((a, b))).is_empty());
    }
}
