//! One change of a rule, and what a test would have to look like to notice it.

use crate::diag::{Key, Node, Span, Table, Tree};

/// Something written that was changed in one place.
#[derive(Debug)]
pub(super) struct Change<T> {
    /// What it became.
    pub(super) to: T,
    /// The place.
    pub(super) at: Span,
    /// What kind of change it is.
    pub(super) edit: Edit,
    /// What was changed, as it stands behind "no test notices that".
    pub(super) what: String,
    /// The predicate that is read as its opposite; then nothing is changed in the text.
    pub(super) opposite: Option<Span>,
}

/// The kinds of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    /// A predicate is read as its opposite.
    Opposite,
    /// A part of an `and` is gone.
    OutOfAnd,
    /// A part of an `or` is gone.
    OutOfOr,
    /// A value of a list is gone.
    Value,
    /// An operator became a related one.
    Operator,
    /// Every element must hold instead of one, or the reverse.
    Quantifier,
    /// An option is gone.
    Option,
    /// `and` became `or`, or the reverse.
    Joined,
    /// A `not` came or went.
    Not,
    /// Another number of parts must hold.
    Count,
    /// `assume` is gone.
    Assume,
    /// The scope is gone.
    Scope,
}

impl Edit {
    /// What a test that notices the change looks like; it stands behind "a test".
    pub(super) fn remedy(self) -> &'static str {
        match self {
            Self::Opposite => "whose verdict hangs on this alone",
            Self::OutOfAnd => "in which all else holds and this does not",
            Self::OutOfOr => "in which this holds and nothing else",
            Self::Value => "whose record fits this value and no other of the list",
            Self::Operator => "with a value just at the edge, which the two take differently",
            Self::Quantifier => "with two elements of which only one fits",
            Self::Option => "that comes out differently without the option",
            Self::Joined => "in which one part holds and another does not",
            Self::Not => "whose verdict hangs on what stands behind the `not`",
            Self::Count => "in which exactly so many hold",
            Self::Assume => "in which the value is missing",
            Self::Scope => "outside the scope, with `expect = \"not_applicable\"`",
        }
    }
}

impl<T> Change<T> {
    pub(super) fn new(to: T, at: Span, edit: Edit, what: String) -> Self {
        Self { to, at, edit, what, opposite: None }
    }

    /// The change seen from what it stands in.
    pub(super) fn map<U>(self, f: impl FnOnce(T) -> U) -> Change<U> {
        Change { to: f(self.to), at: self.at, edit: self.edit, what: self.what, opposite: self.opposite }
    }
}

/// A table with another value in one place, or without that place.
pub(super) fn with(table: &Table, at: usize, entry: Option<(Key, Node)>) -> Table {
    let mut entries: Vec<(Key, Node)> = table.iter().map(|(key, node)| (key.clone(), node.clone())).collect();
    entries.splice(at..=at, entry);
    entries.into_iter().collect()
}

/// A list without one element.
pub(super) fn without(nodes: &[Node], at: usize) -> Vec<Node> {
    nodes.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, node)| node.clone()).collect()
}

/// The value that `tree` would be at the place of `node`.
pub(super) fn at(node: &Node, tree: Tree) -> Node {
    Node { span: node.span, tree }
}
