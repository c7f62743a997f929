//! Lines for a terminal: words in a few tones, wrapped to a width, without colour where none is wanted.

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::text::visible;

/// What a piece of text is to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Running text.
    Plain,
    /// A heading, or what to look at first.
    Strong,
    /// Names of rules and fields, for those who look for them.
    Dim,
    /// The most serious outcome.
    Serious,
    /// Something to look at.
    Notable,
    /// Something that is missing.
    Open,
    /// Something that speaks against a flag.
    Calm,
}

/// Whether and how text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    /// Whether there is colour at all.
    pub colour: bool,
}

impl Paint {
    /// A piece of text in a tone.
    #[must_use]
    pub fn tone(self, tone: Tone, text: &str) -> String {
        let style = match tone {
            _ if !self.colour => return text.to_owned(),
            Tone::Plain => return text.to_owned(),
            Tone::Strong => Style::new().bold(),
            Tone::Dim => Style::new().dimmed(),
            Tone::Serious => AnsiColor::Red.on_default().bold(),
            Tone::Notable => AnsiColor::Yellow.on_default().bold(),
            Tone::Open => AnsiColor::Cyan.on_default().bold(),
            Tone::Calm => AnsiColor::Green.on_default(),
        };
        format!("{style}{text}{style:#}")
    }
}

/// A paragraph: pieces of text, a blank between any two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pieces: Vec<(Tone, String)>,
}

impl Line {
    /// A paragraph that begins with a piece of text.
    #[must_use]
    pub fn of(tone: Tone, text: impl Into<String>) -> Self {
        Self::default().and(tone, text)
    }

    /// The paragraph and one more piece. What is hidden in the text is shown as its code, wherever the text is from.
    #[must_use]
    pub fn and(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.pieces.push((tone, visible(&text.into()).into_owned()));
        self
    }

    /// The text alone.
    #[must_use]
    pub fn text(&self) -> String {
        self.pieces.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The paragraph as lines of at most `width` columns. The first begins with `mark`, the others with as many blanks.
    #[must_use]
    pub fn wrap(&self, paint: Paint, mark: &str, width: usize) -> String {
        let indent = mark.width();
        let room = width.saturating_sub(indent).max(20);
        let mut lines: Vec<Vec<(Tone, String)>> = vec![vec![]];
        let mut used = 0;
        for (tone, word) in self.words(room) {
            let wide = word.width();
            if used > 0 && used + 1 + wide > room {
                lines.push(vec![]);
                used = 0;
            }
            used += wide + usize::from(used > 0);
            if let Some(line) = lines.last_mut() {
                line.push((tone, word));
            }
        }
        let mut out = String::new();
        for (at, line) in lines.into_iter().enumerate() {
            out.push_str(&if at == 0 { mark.to_owned() } else { " ".repeat(indent) });
            out.push_str(&painted(paint, line));
            out.push('\n');
        }
        out
    }

    /// The words with their tones; a word wider than `room` is cut into several.
    fn words(&self, room: usize) -> Vec<(Tone, String)> {
        let mut words = vec![];
        for (tone, text) in &self.pieces {
            for word in text.split(' ').filter(|word| !word.is_empty()) {
                let mut rest = String::new();
                for c in word.chars() {
                    if rest.width() + c.width().unwrap_or(0) > room {
                        words.push((*tone, std::mem::take(&mut rest)));
                    }
                    rest.push(c);
                }
                words.push((*tone, rest));
            }
        }
        words
    }
}

/// The words of one line, neighbours of one tone painted together.
fn painted(paint: Paint, words: Vec<(Tone, String)>) -> String {
    let mut runs: Vec<(Tone, String)> = vec![];
    for (tone, word) in words {
        match runs.last_mut() {
            Some((last, text)) if *last == tone => {
                text.push(' ');
                text.push_str(&word);
            }
            _ => runs.push((tone, word)),
        }
    }
    runs.iter().map(|(tone, text)| paint.tone(*tone, text)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_keeps_to_its_width_in_every_script() {
        let plain = Paint { colour: false };
        let line = Line::of(Tone::Plain, "one two three four five six").and(Tone::Dim, "寻衅滋事".repeat(12));
        let text = line.wrap(plain, "  + ", 40);
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
        assert!(text.starts_with("  + one two three four five six\n    寻衅"), "{text}");
    }

    #[test]
    fn without_colour_there_is_no_escape() {
        let line = Line::of(Tone::Serious, "a b").and(Tone::Plain, "c");
        assert_eq!(line.wrap(Paint { colour: false }, "", 80), "a b c\n");
        assert!(line.wrap(Paint { colour: true }, "", 80).contains('\u{1b}'));
    }
}
