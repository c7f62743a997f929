//! Where a JSON value ends, told from its quotes and brackets alone: byte by byte, in memory that does not grow with depth
//! or length. Whether the value is sound is not looked at here.

/// The way to the list that stands for a page of INTERPOL's API.
const PAGE: [&[u8]; 2] = [b"_embedded", b"notices"];
/// Brackets beyond this depth are counted and not told apart: a value so deep is rejected anyway.
const DEEPEST: usize = 1024;

/// Line and column of a byte, counted from 1; the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: u64,
}

impl Place {
    pub(super) const START: Self = Self { line: 1, column: 1 };

    /// The place after some more bytes.
    pub(super) fn after(self, bytes: &[u8]) -> Self {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let characters = |bytes: &[u8]| number(bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count());
        match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => {
                let breaks = bytes.iter().filter(|byte| **byte == b'\n').count();
                Self { line: self.line + number(breaks), column: characters(&bytes[at + 1..]) + 1 }
            }
            None => Self { column: self.column + characters(bytes), ..self },
        }
    }
}

/// What a byte makes of a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The value goes on.
    More,
    /// The value ends with this byte.
    Last,
    /// The value has ended before this byte.
    Past,
    /// The value is a page, and its list of notices begins with this byte.
    Page,
    /// A bracket closes what was not opened by its like.
    Wrong,
}

/// How far along [`PAGE`] the keys of a value lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Off,
    /// After the first key.
    Group,
    /// Inside the object of the first key.
    Inside,
    /// After the second key.
    List,
}

/// A walk over the bytes of one value.
#[derive(Debug)]
pub(super) struct Walk {
    /// The closing brackets that are due, outermost first.
    due: Vec<u8>,
    /// Brackets open beyond those.
    beyond: u64,
    /// The deepest that it went.
    pub(super) deepest: u64,
    in_string: bool,
    escaped: bool,
    scalar: bool,
    /// The string that was last, as far as it may be a part of [`PAGE`].
    word: Vec<u8>,
    way: Way,
}

impl Walk {
    pub(super) fn new() -> Self {
        Self {
            due: vec![],
            beyond: 0,
            deepest: 0,
            in_string: false,
            escaped: false,
            scalar: false,
            word: vec![],
            way: Way::Off,
        }
    }

    /// Whether the value may end where the input ends.
    pub(super) fn is_scalar(&self) -> bool {
        self.scalar
    }

    /// Takes the next byte of the value.
    pub(super) fn take(&mut self, byte: u8) -> Step {
        if self.in_string {
            return self.in_string(byte);
        }
        if self.scalar {
            return if matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'"' | b'[' | b']' | b'{' | b'}') {
                Step::Past
            } else {
                Step::More
            };
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.word.clear();
            }
            b'{' => return self.open(b'}'),
            b'[' => return self.open(b']'),
            b'}' | b']' => return self.close(byte),
            b':' => self.colon(),
            b',' => self.comma(),
            _ => self.scalar = self.depth() == 0,
        }
        Step::More
    }

    fn in_string(&mut self, byte: u8) -> Step {
        if self.escaped {
            self.escaped = false;
        } else if byte == b'\\' {
            self.escaped = true;
        } else if byte == b'"' {
            self.in_string = false;
            return if self.depth() == 0 { Step::Last } else { Step::More };
        }
        if self.word.len() <= PAGE[0].len() {
            self.word.push(byte);
        }
        Step::More
    }

    fn depth(&self) -> u64 {
        u64::try_from(self.due.len()).unwrap_or(u64::MAX) + self.beyond
    }

    fn open(&mut self, due: u8) -> Step {
        let is_page = self.way == Way::List && self.depth() == 2 && due == b']';
        if self.way == Way::Group && self.depth() == 1 {
            self.way = if due == b'}' { Way::Inside } else { Way::Off };
        }
        if self.beyond == 0 && self.due.len() < DEEPEST {
            self.due.push(due);
        } else {
            self.beyond += 1;
        }
        self.deepest = self.deepest.max(self.depth());
        if is_page { Step::Page } else { Step::More }
    }

    fn close(&mut self, byte: u8) -> Step {
        if self.beyond > 0 {
            self.beyond -= 1;
            return Step::More;
        }
        if self.due.pop() != Some(byte) {
            return Step::Wrong;
        }
        if self.depth() == 1 {
            self.way = Way::Off;
        }
        if self.due.is_empty() { Step::Last } else { Step::More }
    }

    fn colon(&mut self) {
        self.way = match (self.depth(), self.way) {
            (1, _) if self.word == PAGE[0] => Way::Group,
            (1, _) => Way::Off,
            (2, Way::Inside) if self.word == PAGE[1] => Way::List,
            (_, way) => way,
        };
    }

    fn comma(&mut self) {
        self.way = match (self.depth(), self.way) {
            (1, _) => Way::Off,
            (2, Way::List) => Way::Inside,
            (_, way) => way,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many bytes the value at the beginning has, and what ended it.
    fn end(text: &str) -> (usize, Step) {
        let mut walk = Walk::new();
        for (at, byte) in text.bytes().enumerate() {
            match walk.take(byte) {
                Step::More => {}
                step => return (at, step),
            }
        }
        (text.len(), Step::More)
    }

    #[test]
    fn a_value_ends_where_its_brackets_and_quotes_do() {
        for (text, want) in [
            (r#"{"a":["]}",1]},"#, (13, Step::Last)),
            (r#""a\"b","#, (5, Step::Last)),
            ("-1.5e3]", (6, Step::Past)),
            ("{[}", (2, Step::Wrong)),
            ("{", (1, Step::More)),
            (r#"{"x":1,"_embedded":{"notices":["#, (30, Step::Page)),
        ] {
            assert_eq!(end(text), want, "{text}");
        }
        for text in [
            r#"{"_embedded":{"notices":{}}}"#,
            r#"{"_embedded":[{"notices":[]}]}"#,
            r#"{"a":{"_embedded":{"notices":[]}}}"#,
            r#"{"_embedded":{},"x":{"notices":[]}}"#,
            r#"{"notices":[]}"#,
        ] {
            assert_eq!(end(text), (text.len() - 1, Step::Last), "{text}");
        }
    }

    #[test]
    fn depth_takes_no_memory() {
        let deep = format!("{}1{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        assert_eq!(end(&deep), (deep.len() - 1, Step::Last));
    }

    #[test]
    fn places_count_characters() {
        let place = Place::START.after("{\"я\":1}".as_bytes());
        assert_eq!(place, Place { line: 1, column: 8 });
        assert_eq!(place.after("\n\nяя".as_bytes()), Place { line: 3, column: 3 });
    }
}
