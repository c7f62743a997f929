//! Walking an automaton over a text in several lanes at once.
//!
//! In go an automaton and a text, out come the ends of the keys seen, in order. One step of an automaton waits for the
//! table entry of the step before; four steps in four parts of the text wait together, which is two to three times as
//! fast on texts of a kilobyte. Each lane starts a key's length early, with its ears shut, so that no key is lost or
//! reported twice where two lanes meet. Nothing is decided here about what a key means.

use std::ops::Range;

use aho_corasick::Anchored;
use aho_corasick::automaton::{Automaton, StateID};

/// Lanes that walk together: four gain most of what there is, and their states still fit in registers.
const LANES: usize = 4;

/// The shortest text worth dividing.
const SHORTEST: usize = 128;

/// How much is walked before what was seen is told, so that a flood of keys costs no memory to speak of.
const BLOCK: usize = 1 << 16;

/// Calls `sighted` with each key in `text` and the byte where it begins, in the order in which they end.
pub(super) fn walk_lanes(automaton: &impl Automaton, text: &str, mut sighted: impl FnMut(usize, usize)) {
    let bytes = text.as_bytes();
    let early = automaton.max_pattern_len().saturating_sub(1);
    if bytes.len() < SHORTEST.max(2 * early) {
        return walk(automaton, text, sighted);
    }
    // A start state is refused only to kinds of search the automaton was not built for.
    let Ok(start) = automaton.start_state(Anchored::No) else { return };
    let mut seen = Vec::new();
    for from in (0..bytes.len()).step_by(BLOCK) {
        let block = from..bytes.len().min(from + BLOCK);
        all_lanes(automaton, start, bytes, block, &mut seen);
        seen.sort_unstable();
        for (end, state) in seen.drain(..) {
            tell(automaton, state, end, &mut sighted);
        }
    }
}

/// The same in a single lane, for automata whose steps take more than waiting.
pub(super) fn walk(automaton: &impl Automaton, text: &str, mut sighted: impl FnMut(usize, usize)) {
    let Ok(mut state) = automaton.start_state(Anchored::No) else { return };
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some((steps, matching)) = next_match(automaton, state, &bytes[at..]) {
        (at, state) = (at + steps, matching);
        tell(automaton, state, at, &mut sighted);
    }
}

/// The ends of keys and the states that know which.
type Seen = Vec<(usize, StateID)>;

fn tell(automaton: &impl Automaton, state: StateID, end: usize, sighted: &mut impl FnMut(usize, usize)) {
    for nth in 0..automaton.match_len(state) {
        let key = automaton.match_pattern(state, nth);
        sighted(key.as_usize(), end - automaton.pattern_len(key));
    }
}

/// Walks to the next state that matches: how many steps it took, and the state. On its own so that the loop is small.
#[inline(never)]
fn next_match(automaton: &impl Automaton, mut state: StateID, bytes: &[u8]) -> Option<(usize, StateID)> {
    for (at, byte) in bytes.iter().enumerate() {
        state = automaton.next_state(Anchored::No, state, *byte);
        if automaton.is_special(state) && automaton.is_match(state) {
            return Some((at + 1, state));
        }
    }
    None
}

fn all_lanes(automaton: &impl Automaton, start: StateID, bytes: &[u8], block: Range<usize>, seen: &mut Seen) {
    let early = automaton.max_pattern_len().saturating_sub(1);
    let length = block.len() / LANES;
    let starts: [usize; LANES] = std::array::from_fn(|lane| block.start + lane * length);
    let mut states = [start; LANES];
    for step in 0..early {
        for (state, from) in states.iter_mut().zip(starts) {
            if let Some(at) = (from + step).checked_sub(early) {
                *state = automaton.next_state(Anchored::No, *state, bytes[at]);
            }
        }
    }
    // Slices of one length and states by name keep bounds checks and memory out of the loop.
    let [one, two, three, four] = starts.map(|from| &bytes[from..from + length]);
    let [mut p, mut q, mut r, mut s] = states;
    for (step, (((a, b), c), d)) in one.iter().zip(two).zip(three).zip(four).enumerate() {
        p = automaton.next_state(Anchored::No, p, *a);
        q = automaton.next_state(Anchored::No, q, *b);
        r = automaton.next_state(Anchored::No, r, *c);
        s = automaton.next_state(Anchored::No, s, *d);
        let special = [p, q, r, s].map(|state| automaton.is_special(state));
        if special[0] | special[1] | special[2] | special[3] {
            let matching = [p, q, r, s].into_iter().zip(starts).filter(|(state, _)| automaton.is_match(*state));
            seen.extend(matching.map(|(state, from)| (from + step + 1, state)));
        }
    }
    // What does not divide by the lanes is left to the last one.
    let mut at = starts[LANES - 1] + length;
    while let Some((steps, matching)) = next_match(automaton, s, &bytes[at..block.end]) {
        (at, s) = (at + steps, matching);
        seen.push((at, s));
    }
}
