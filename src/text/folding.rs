//! Folding under way: one pass over the text, character by character where it must be, by runs where it may.
//!
//! In goes the text and what wants to be told about origins ([`Track`]), out comes the folded text. The pass keeps the
//! last starter and the marks on it open until the next starter, so that what composes or reorders does; it drops a
//! blank after a blank; and at the end it sets mixed words in one script. What a single character folds to is decided
//! in `letters`.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::homoglyph::{Script, Swap, script, swaps};
use super::letters::{Fold, fold_char, is_trailing};

/// How many bytes at the start are printable ASCII that folds byte by byte. `blank`: the byte before was one.
pub(super) fn plain_run(bytes: &[u8], blank: bool) -> usize {
    let mut before = if blank { b' ' } else { 0 };
    let mut at = 0;
    // A block is judged without branches, so that the compiler takes it a register at a time.
    while let Some((block, previous)) = bytes.get(at..at + BLOCK).zip(bytes.get(at.max(1) - 1..)) {
        let mut odd = at == 0 && is_odd(before, block[0]);
        for (before, byte) in previous.iter().zip(&block[usize::from(at == 0)..]) {
            odd |= is_odd(*before, *byte);
        }
        if odd {
            break;
        }
        before = block[BLOCK - 1];
        at += BLOCK;
    }
    for byte in &bytes[at..] {
        if is_odd(before, *byte) {
            break;
        }
        before = *byte;
        at += 1;
    }
    at
}

const BLOCK: usize = 32;

fn is_odd(before: u8, byte: u8) -> bool {
    !(b' '..=b'~').contains(&byte) | (byte == b'`') | (byte == b'-') | ((byte == b' ') & (before == b' '))
}

/// What is told about the origin of folded text as it grows.
pub(super) trait Track {
    /// The piece that begins at `folded` came from `source`.
    fn piece(&mut self, folded: usize, source: usize);
    /// `length` bytes came over one by one.
    fn bytes(&mut self, folded: usize, source: usize, length: usize);
    /// Letters of the folded text were exchanged for letters of another length.
    fn swapped(&mut self, swaps: &[Swap]);
}

/// For those who need no way back.
impl Track for () {
    fn piece(&mut self, _: usize, _: usize) {}
    fn bytes(&mut self, _: usize, _: usize, _: usize) {}
    fn swapped(&mut self, _: &[Swap]) {}
}

/// Where each piece begins: in the folded text, in the original. Both rise; the first strictly.
#[derive(Clone, Debug, Default)]
pub(super) struct Starts(pub Vec<(usize, usize)>);

impl Track for Starts {
    fn piece(&mut self, folded: usize, source: usize) {
        self.0.push((folded, source));
    }

    fn bytes(&mut self, folded: usize, source: usize, length: usize) {
        self.0.extend((0..length).map(|offset| (folded + offset, source + offset)));
    }

    fn swapped(&mut self, swaps: &[Swap]) {
        let (mut gained, mut lost) = (0, 0);
        let mut swaps = swaps.iter().peekable();
        for piece in &mut self.0 {
            while let Some(swap) = swaps.next_if(|swap| swap.at < piece.0) {
                gained += swap.to.len_utf8();
                lost += swap.from.len_utf8();
            }
            piece.0 = piece.0 + gained - lost;
        }
    }
}

/// Folding under way.
pub(super) struct Folding<'t, T> {
    source: &'t str,
    out: String,
    track: T,
    /// Where the last starter and the marks on it begin in `out`.
    segment: usize,
    /// Whether the last segment has marks that may still reorder or compose.
    open: bool,
    /// Whether the last segment is a bare blank.
    blank: bool,
    /// The script of the last starter.
    script: Option<Script>,
    /// Whether two letters of different scripts came side by side.
    mixed: bool,
}

impl<'t, T: Track> Folding<'t, T> {
    /// Folds `source` whose first `kept` bytes are taken over as they are: none, or some that fold to themselves and
    /// end in a blank.
    pub(super) fn run(source: &'t str, kept: usize, track: T) -> (String, T) {
        let mut out = String::with_capacity(source.len());
        out.push_str(&source[..kept]);
        let mut folding = Self {
            source,
            out,
            track,
            segment: kept.saturating_sub(1),
            open: false,
            blank: kept > 0,
            script: None,
            mixed: false,
        };
        folding.walk(kept);
        folding.close();
        if folding.mixed {
            folding.unmix();
        }
        (folding.out, folding.track)
    }

    fn walk(&mut self, mut at: usize) {
        let bytes = self.source.as_bytes();
        while at < bytes.len() {
            let plain = plain_run(&bytes[at..], self.blank);
            if plain > 0 {
                self.copy(at, plain);
                at += plain;
            }
            at += self.walk_chars(at);
        }
    }

    /// Takes characters until ASCII comes in runs again; says how many bytes they were.
    fn walk_chars(&mut self, from: usize) -> usize {
        let mut ascii_before = false;
        for (at, c) in self.source[from..].char_indices() {
            // A single ASCII byte, most often the blank between two words, is no run worth leaving for.
            if c.is_ascii() && ascii_before {
                return at;
            }
            ascii_before = c.is_ascii();
            self.take(c, from + at);
        }
        self.source.len() - from
    }

    /// Plain ASCII: only case to take off.
    fn copy(&mut self, at: usize, length: usize) {
        self.close();
        let start = self.out.len();
        self.out.push_str(&self.source[at..at + length]);
        self.out[start..].make_ascii_lowercase();
        self.track.bytes(start, at, length);
        self.segment = self.out.len() - 1;
        self.blank = self.out.ends_with(' ');
        let bytes = &self.out.as_bytes()[start..];
        let scripts = (script(bytes[0].into()), script(bytes[length - 1].into()));
        self.meet(scripts.0);
        self.script = scripts.1;
    }

    fn meet(&mut self, script: Option<Script>) {
        self.mixed |= script.is_some() && self.script.is_some() && script != self.script;
        self.script = script;
    }

    #[inline]
    fn take(&mut self, c: char, at: usize) {
        match fold_char(c) {
            Fold::Nothing => {}
            Fold::One(folded) => self.start(folded, at),
            Fold::Trailing(folded) => self.trail(folded, at),
            Fold::Many(folded) => {
                for part in folded.chars() {
                    if is_trailing(part) { self.trail(part, at) } else { self.start(part, at) }
                }
            }
        }
    }

    #[inline]
    fn start(&mut self, folded: char, at: usize) {
        let blank = folded == ' ';
        if blank && self.blank {
            return;
        }
        self.close();
        self.segment = self.out.len();
        self.track.piece(self.segment, at);
        self.out.push(folded);
        self.blank = blank;
        self.meet(if blank { None } else { script(folded) });
    }

    fn trail(&mut self, folded: char, at: usize) {
        if self.out.is_empty() {
            self.track.piece(0, at);
        }
        self.out.push(folded);
        self.open = true;
        self.blank = false;
    }

    /// Composes the last segment, if marks came to it.
    #[inline]
    fn close(&mut self) {
        if self.open {
            self.compose();
        }
    }

    fn compose(&mut self) {
        self.open = false;
        if is_nfc_quick(self.out[self.segment..].chars()) != IsNormalized::Yes {
            let segment = self.out.split_off(self.segment);
            self.out.extend(segment.nfc());
        }
    }

    fn unmix(&mut self) {
        let swaps = swaps(&self.out);
        let mut unmixed = String::with_capacity(self.out.len());
        let mut done = 0;
        for swap in &swaps {
            unmixed.push_str(&self.out[done..swap.at]);
            unmixed.push(swap.to);
            done = swap.at + swap.from.len_utf8();
        }
        unmixed.push_str(&self.out[done..]);
        self.out = unmixed;
        self.track.swapped(&swaps);
    }
}
