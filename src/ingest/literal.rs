//! Lists and objects written as text into one cell: as JSON, or the way Python prints them (`['XA', 'XB']`). Programs that
//! save nested data as CSV leave such cells behind.

use serde_json::{Map, Value as Json};

/// Deeper nesting is no cell of a table.
const DEEPEST: usize = 32;

/// What the text of a cell holds; none if it is not a whole list or object.
pub(super) fn parse(text: &str) -> Option<Json> {
    let text = text.trim();
    if !text.starts_with(['[', '{']) {
        return None;
    }
    if let Ok(json) = serde_json::from_str(text) {
        return Some(json);
    }
    let mut reading = Reading { rest: text };
    let value = reading.value(0)?;
    reading.rest.trim_start().is_empty().then_some(value)
}

struct Reading<'a> {
    rest: &'a str,
}

impl Reading<'_> {
    fn value(&mut self, depth: usize) -> Option<Json> {
        if depth > DEEPEST {
            return None;
        }
        self.rest = self.rest.trim_start();
        match self.rest.chars().next()? {
            '[' => self.items('[', ']', depth).map(Json::Array),
            '(' => self.items('(', ')', depth).map(Json::Array),
            '{' => self.object(depth),
            quote @ ('\'' | '"') => self.text(quote).map(Json::String),
            _ => self.word(),
        }
    }

    fn take(&mut self, token: char) -> Option<()> {
        self.rest = self.rest.trim_start().strip_prefix(token)?;
        Some(())
    }

    fn items(&mut self, open: char, close: char, depth: usize) -> Option<Vec<Json>> {
        self.take(open)?;
        let mut items = vec![];
        while self.take(close).is_none() {
            items.push(self.value(depth + 1)?);
            if self.take(',').is_none() {
                self.take(close)?;
                break;
            }
        }
        Some(items)
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.take('{')?;
        let mut object = Map::new();
        while self.take('}').is_none() {
            let Json::String(key) = self.value(depth + 1)? else { return None };
            self.take(':')?;
            object.insert(key, self.value(depth + 1)?);
            if self.take(',').is_none() {
                self.take('}')?;
                break;
            }
        }
        Some(Json::Object(object))
    }

    fn text(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut chars = self.rest[quote.len_utf8()..].chars();
        loop {
            match chars.next()? {
                c if c == quote => break,
                '\\' => match chars.next()? {
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    'x' => text.push(code(&mut chars, 2)?),
                    'u' => text.push(code(&mut chars, 4)?),
                    'U' => text.push(code(&mut chars, 8)?),
                    same @ ('\\' | '\'' | '"') => text.push(same),
                    other => text.extend(['\\', other]),
                },
                c => text.push(c),
            }
        }
        self.rest = chars.as_str();
        Some(text)
    }

    fn word(&mut self) -> Option<Json> {
        let end = self.rest.find([',', ']', '}', ')', ':']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word.trim() {
            "None" | "nan" => Some(Json::Null),
            "True" => Some(true.into()),
            "False" => Some(false.into()),
            number => serde_json::from_str::<serde_json::Number>(number).ok().map(Json::Number),
        }
    }
}

fn code(chars: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let text: String = chars.take(digits).collect();
    char::from_u32(u32::from_str_radix(&text, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn python_and_json_are_read() {
        assert_eq!(parse("['XA', 'XB']"), Some(json!(["XA", "XB"])));
        assert_eq!(parse(r#" ["XA"] "#), Some(json!(["XA"])));
        assert_eq!(
            parse(r#"{'self': {'href': "it's"}, 'n': [1, 1.5, None, True,], 't': 'a\'b\u0416'}"#),
            Some(json!({"self": {"href": "it's"}, "n": [1, 1.5, null, true], "t": "a'bЖ"}))
        );
        assert_eq!(parse("[]"), Some(json!([])));
    }

    #[test]
    fn what_is_no_whole_list_stays_text() {
        for text in ["XA, XB", "[1", "['a'] b", "{'a': {...}}", "[a]", "{1: 2}", "[,]", "", "['a"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"[".repeat(100_000)), None);
    }
}
