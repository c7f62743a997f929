//! Reading a TOML table key by key: what is asked for is checked, what is left over is reported.

use std::collections::BTreeSet;

use super::{Code, Diagnostic, Diagnostics, Node, Span, Table, Tree, did_you_mean};

/// A table being read.
pub(crate) struct Keys<'a, 'f> {
    table: &'a Table,
    span: Span,
    asked: BTreeSet<&'static str>,
    rule: String,
    found: &'f mut Diagnostics,
}

impl<'a, 'f> Keys<'a, 'f> {
    pub(crate) fn new(table: &'a Table, span: Span, rule: &str, found: &'f mut Diagnostics) -> Self {
        Self { table, span, asked: BTreeSet::new(), rule: rule.to_owned(), found }
    }

    pub(crate) fn name_rule(&mut self, id: &str) {
        id.clone_into(&mut self.rule);
    }

    pub(crate) fn report(&mut self, problem: Diagnostic) {
        let problem = if self.rule.is_empty() { problem } else { problem.rule(&self.rule) };
        self.found.push(problem);
    }

    pub(crate) fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.insert(key);
        self.table.get(key)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    fn wrong_type(&mut self, key: &str, node: &Node, wanted: &str) {
        let message = format!("`{key}` is {wanted}, but this is {}", node.kind());
        let help = match wanted {
            "a string" => "write text in quotes".to_owned(),
            _ => format!("write {wanted}"),
        };
        self.report(Diagnostic::new(Code::WrongType, message).at(node.span).help(help));
    }

    pub(crate) fn missing(&mut self, key: &str, help: &str) {
        let problem = Diagnostic::new(Code::MissingKey, format!("`{key}` is missing")).at(self.span);
        self.report(problem.help(help));
    }

    pub(crate) fn text(&mut self, key: &'static str) -> Option<(String, Span)> {
        let node = self.node(key)?;
        match &node.tree {
            Tree::Text(text) => Some((text.clone(), node.span)),
            _ => {
                self.wrong_type(key, node, "a string");
                None
            }
        }
    }

    pub(crate) fn integer(&mut self, key: &'static str) -> Option<(i64, Span)> {
        let node = self.node(key)?;
        match node.tree {
            Tree::Integer(number) => Some((number, node.span)),
            _ => {
                self.wrong_type(key, node, "a whole number");
                None
            }
        }
    }

    pub(crate) fn thousandths(&mut self, key: &'static str) -> Option<(i64, Span)> {
        let node = self.node(key)?;
        match node.thousandths() {
            Some(number) => Some((number, node.span)),
            None => {
                self.wrong_type(key, node, "a number with at most three decimals");
                None
            }
        }
    }

    pub(crate) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let node = self.node(key)?;
        match node.tree {
            Tree::Flag(flag) => Some(flag),
            _ => {
                self.wrong_type(key, node, "true or false");
                None
            }
        }
    }

    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<(String, Span)> {
        let Some(node) = self.node(key) else { return vec![] };
        let Tree::List(nodes) = &node.tree else {
            self.wrong_type(key, node, "an array of strings");
            return vec![];
        };
        let mut texts = vec![];
        for node in nodes {
            match &node.tree {
                Tree::Text(text) => texts.push((text.clone(), node.span)),
                _ => self.wrong_type(key, node, "an array of strings"),
            }
        }
        texts
    }

    /// A string, or an array of strings.
    pub(crate) fn one_or_more(&mut self, key: &'static str) -> Vec<(String, Span)> {
        match self.node(key).map(|node| &node.tree) {
            Some(Tree::Text(_)) => self.text(key).into_iter().collect(),
            _ => self.texts(key),
        }
    }

    pub(crate) fn table(&mut self, key: &'static str) -> Option<(&'a Table, Span)> {
        let node = self.node(key)?;
        match &node.tree {
            Tree::Table(table) => Some((table, node.span)),
            _ => {
                self.wrong_type(key, node, "a table");
                None
            }
        }
    }

    pub(crate) fn tables(&mut self, key: &'static str) -> Vec<(&'a Table, Span)> {
        let Some(node) = self.node(key) else { return vec![] };
        let mut tables = vec![];
        for node in node.each() {
            match &node.tree {
                Tree::Table(table) => tables.push((table, node.span)),
                _ => self.wrong_type(key, node, "an array of tables"),
            }
        }
        tables
    }

    /// A word of a closed list.
    pub(crate) fn word<T: Copy>(&mut self, key: &'static str, all: &[T], word: fn(T) -> &'static str) -> Option<T> {
        let words: Vec<&str> = all.iter().copied().map(word).collect();
        let Some(node) = self.node(key).filter(|node| node.text().is_none()) else {
            return self.known_word(key, all, &words);
        };
        let message = format!("`{key}` is a word in quotes, but this is {}", node.kind());
        let help = format!("it can be: {}", words.join(", "));
        self.report(Diagnostic::new(Code::WrongType, message).at(node.span).help(help));
        None
    }

    fn known_word<T: Copy>(&mut self, key: &'static str, all: &[T], words: &[&str]) -> Option<T> {
        let (text, span) = self.text(key)?;
        let known = words.iter().zip(all).find(|(word, _)| **word == text).map(|(_, one)| *one);
        if known.is_none() {
            let help = match did_you_mean(&text, words.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it can be: {}", words.join(", ")),
            };
            self.report(Diagnostic::new(Code::BadValue, format!("`{key}` cannot be `{text}`")).at(span).help(help));
        }
        known
    }

    /// Reports every key that was not asked for.
    pub(crate) fn finish(mut self) {
        let unknown: Vec<(String, Span)> = self
            .table
            .iter()
            .filter(|(key, _)| !self.asked.contains(key.text.as_str()))
            .map(|(key, _)| (key.text.clone(), key.span))
            .collect();
        for (key, span) in unknown {
            let problem = Diagnostic::new(Code::UnknownKey, format!("unknown key `{key}`")).at(span);
            let problem = match did_you_mean(&key, self.asked.iter().copied()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => {
                    let known: Vec<&str> = self.asked.iter().copied().collect();
                    problem.help(format!("keys that can stand here: {}", known.join(", ")))
                }
            };
            self.report(problem);
        }
    }
}
