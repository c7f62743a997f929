//! Conditions: `speech and not (1 of violent_*)`. Text to a small tree; names are resolved by the caller.

use std::ops::Range;

use crate::diag::Code;

/// A condition as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    Name(String, Range<usize>),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
    /// `N of …` or, without a number, `all of …`.
    Of(Option<usize>, Group, Range<usize>),
}

/// What an `of` counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Group {
    /// `[a, b]`
    Names(Vec<(String, Range<usize>)>),
    /// `violent_*`
    Glob(String),
    /// `factor:a`
    Factor(String),
    /// `ground:rpd`
    Ground(String),
}

/// What is wrong with a condition, and where in its text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ConditionError {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) at: Range<usize>,
}

const DEEPEST: usize = 64;

/// Words that mean something in a condition and so cannot name a selection.
pub(super) const RESERVED: [&str; 5] = ["and", "or", "not", "of", "all"];

/// Parses a condition.
pub(super) fn parse(text: &str) -> Result<Condition, ConditionError> {
    let mut parser = Parser { tokens: tokens(text)?, next: 0, end: text.len() };
    let condition = parser.or(0)?;
    match parser.peek() {
        None => Ok(condition),
        Some(token) => Err(ConditionError {
            code: Code::ConditionSyntax,
            message: format!("expected `and`, `or` or the end, found `{}`", token.text),
            at: token.at.clone(),
        }),
    }
}

#[derive(Debug, Clone)]
struct Token {
    text: String,
    at: Range<usize>,
}

fn tokens(text: &str) -> Result<Vec<Token>, ConditionError> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*' | ':');
    let mut tokens: Vec<Token> = vec![];
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if first.is_whitespace() {
            continue;
        }
        let mut end = start + first.len_utf8();
        if is_word(first) {
            while let Some((at, next)) = rest.next_if(|(_, c)| is_word(*c)) {
                end = at + next.len_utf8();
            }
        } else if !matches!(first, '(' | ')' | '[' | ']' | ',') {
            return Err(ConditionError {
                code: Code::ConditionSyntax,
                message: format!("`{first}` cannot stand in a condition"),
                at: start..end,
            });
        }
        tokens.push(Token { text: text[start..end].to_owned(), at: start..end });
    }
    Ok(tokens)
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    end: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.next).cloned();
        self.next += usize::from(token.is_some());
        token
    }

    fn take_if(&mut self, text: &str) -> bool {
        let is = self.peek().is_some_and(|token| token.text == text);
        self.next += usize::from(is);
        is
    }

    fn or(&mut self, depth: usize) -> Result<Condition, ConditionError> {
        let mut parts = vec![self.and(depth)?];
        while self.take_if("or") {
            parts.push(self.and(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::Or(parts) })
    }

    fn and(&mut self, depth: usize) -> Result<Condition, ConditionError> {
        let mut parts = vec![self.unary(depth)?];
        while self.take_if("and") {
            parts.push(self.unary(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::And(parts) })
    }

    fn unary(&mut self, depth: usize) -> Result<Condition, ConditionError> {
        if depth > DEEPEST {
            let at = self.peek().map_or(self.end..self.end, |token| token.at.clone());
            return Err(ConditionError {
                code: Code::ConditionTooDeep,
                message: "the condition is nested too deeply".to_owned(),
                at,
            });
        }
        if self.take_if("not") {
            return Ok(Condition::Not(Box::new(self.unary(depth + 1)?)));
        }
        let Some(token) = self.take() else {
            return Err(ConditionError {
                code: Code::ConditionSyntax,
                message: "the condition ends too early".to_owned(),
                at: self.end..self.end,
            });
        };
        if token.text == "(" {
            let inner = self.or(depth + 1)?;
            return if self.take_if(")") {
                Ok(inner)
            } else {
                Err(ConditionError {
                    code: Code::ConditionSyntax,
                    message: "this bracket is not closed".to_owned(),
                    at: token.at,
                })
            };
        }
        let count = token.text.parse::<usize>().ok();
        if (count.is_some() || token.text == "all") && self.take_if("of") {
            let (group, end) = self.group(&token)?;
            return Ok(Condition::Of(count, group, token.at.start..end));
        }
        let odd = RESERVED.contains(&token.text.as_str()) || count.is_some();
        if odd || token.text.starts_with(['(', ')', '[', ']', ',']) {
            return Err(ConditionError {
                code: Code::ConditionSyntax,
                message: format!("expected a name, found `{}`", token.text),
                at: token.at,
            });
        }
        if token.text.contains(['*', ':']) {
            let message = format!("`{}` is a group; write `1 of {}`", token.text, token.text);
            return Err(ConditionError { code: Code::ConditionSyntax, message, at: token.at });
        }
        Ok(Condition::Name(token.text, token.at))
    }

    fn group(&mut self, of: &Token) -> Result<(Group, usize), ConditionError> {
        let Some(token) = self.take() else {
            return Err(ConditionError {
                code: Code::ConditionSyntax,
                message: "`of` needs a group".to_owned(),
                at: of.at.clone(),
            });
        };
        let end = token.at.end;
        if token.text == "[" {
            let mut names = vec![];
            while let Some(name) = self.take() {
                let end = name.at.end;
                match name.text.as_str() {
                    "]" => return Ok((Group::Names(names), end)),
                    "," => {}
                    _ => names.push((name.text, name.at)),
                }
            }
            return Err(ConditionError {
                code: Code::ConditionSyntax,
                message: "this bracket is not closed".to_owned(),
                at: token.at,
            });
        }
        let group = match token.text.split_once(':') {
            Some(("factor", factor)) => Group::Factor(factor.to_owned()),
            Some(("ground", ground)) => Group::Ground(ground.to_owned()),
            Some(_) => {
                let message = format!("`{}` is no group", token.text);
                return Err(ConditionError { code: Code::ConditionSyntax, message, at: token.at });
            }
            None => Group::Glob(token.text),
        };
        Ok((group, end))
    }
}

/// Whether a name fits a pattern in which `*` stands for anything.
#[must_use]
pub fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_binds_before_and_and_before_or() {
        let name = |text: &str, at| Condition::Name(text.to_owned(), at);
        assert_eq!(
            parse("a or not b and c"),
            Ok(Condition::Or(vec![
                name("a", 0..1),
                Condition::And(vec![Condition::Not(Box::new(name("b", 9..10))), name("c", 15..16)]),
            ]))
        );
    }

    #[test]
    fn groups_are_counted() {
        assert_eq!(parse("2 of sel_*"), Ok(Condition::Of(Some(2), Group::Glob("sel_*".into()), 0..10)));
        assert_eq!(parse("1 of factor:a"), Ok(Condition::Of(Some(1), Group::Factor("a".into()), 0..13)));
        assert!(matches!(parse("all of [a, b]"), Ok(Condition::Of(None, Group::Names(names), _)) if names.len() == 2));
    }

    #[test]
    fn what_is_no_condition_is_refused_with_its_place() {
        for (text, at) in
            [("", 0..0), ("a and", 5..5), ("(a", 0..1), ("a b", 2..3), ("a & b", 2..3), ("1 of", 0..1), ("of", 0..2)]
        {
            assert_eq!(parse(text).map_err(|error| error.at), Err(at), "{text}");
        }
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&"not ".repeat(100_000)).is_err());
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, want) in [
            ("charge.*", "charge.treason", true),
            ("*", "x", true),
            ("a*c*e", "abcde", true),
            ("a*c", "abcd", false),
            ("ab", "ab", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(fits(pattern, name), want, "{pattern} {name}");
        }
    }
}
