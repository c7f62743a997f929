//! Rules: as written, as checked, with their lists, their profile and their tests; and what is done with them besides
//! judging: lints, mutation, locks, differences, layout, schemas.
//!
//! In goes TOML and CSV text, out comes a [`RuleSet`] of the sound rules and [`crate::diag::Diagnostics`] for the rest.
//! Reading never fails: one bad rule does not hide the next. After the check nothing validates again, and names are
//! gone: a condition holds positions of clauses and rules.

mod across;
mod allow;
mod check;
mod clause;
mod condition;
mod demands;
mod diff;
mod evidence;
mod example;
mod files;
mod filter;
mod fmt;
mod judge;
mod keys;
mod layered;
mod lint;
mod lists;
mod lock;
mod meaning;
mod mutate;
mod order;
mod overrides;
mod profile;
mod reading;
mod resolve;
mod ruleset;
mod scaffold;
mod scenario;
mod schema;
mod select;
mod selection;
mod set;
mod shipped;
mod spec;
mod template;

use std::sync::Arc;

pub use across::{
    Across, Circle, Correlation, CorrelationKind, Event, Found, Key, KeyValue, Link, MOST_FOUND, Part as Condition,
    Question, Related, Side, Span as EventSpan, groups, key_values,
};
pub use allow::Allows;
pub use clause::{Clause, Place, Quantifier, Reason};
pub use condition::fits;
pub use diff::{Change, Diff, ListChange, Named, Renamed, RuleChange};
pub use example::{Example, Sample};
pub use files::RuleFiles;
pub use filter::{Filter, Lapse};
pub use fmt::{FormatError, format};
pub use judge::{Judgement, Verdict, judge, judge_among};
pub use lint::{LINTS, Lint, Subject, is_checked, lint};
pub use lists::is_list_file;
pub use lock::{LOCK_FILE, lock};
pub use meaning::Written;
pub use mutate::{Mutation, mutate};
pub use overrides::Overridden;
pub use profile::{Band, LintLimits, Partial, Profile};
pub use reading::ReadingLists;
pub use scaffold::{MARK, scaffold};
pub use scenario::{Failure, RuleTest, run_tests};
pub use schema::{SchemaOf, schema};
pub use select::Selection;
pub use selection::Leaf;
pub use set::RuleSet;
pub use shipped::SHIPPED;
pub use spec::{RuleSpec, is_rule_id};
pub use template::{Part, Template};

/// What a rule does when it says yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Adds bits to its factor.
    Indicator,
    /// Takes bits away in its factor.
    Mitigator,
    /// Adds bits only beside other rules.
    Context,
    /// A condition of INTERPOL's rules that is not met.
    Gate,
    /// Something INTERPOL's rules ask for is not there.
    Gap,
    /// A named fact that other rules build on.
    Concept,
    /// Suppresses what other rules say of records that somebody has looked at.
    Filter,
}

/// How far a rule can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Checked, tested, with a verified legal basis.
    Stable,
    /// In use, under observation.
    Test,
    /// Rests on inference; not used unless asked for.
    Experimental,
    /// Kept for comparison; not used.
    Deprecated,
}

/// What a rule weighs: a letter of RPD art. 34(3), or Article 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Factor {
    /// Nature of the offence: charges and underlying facts.
    A,
    /// Status of the persons concerned.
    B,
    /// Identity of the source of the data.
    C,
    /// Position expressed by another bureau or international entity.
    D,
    /// Obligations under international law.
    E,
    /// Implications for the Organization's neutrality.
    F,
    /// General context of the case.
    G,
    /// Human rights, Article 2 of the Constitution.
    Art2,
}

/// Why a gate makes a record non-compliant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// The refugee policy of 2017.
    RefugeePolicy,
    /// Article 2 of the Constitution.
    Art2,
    /// Article 3 of the Constitution.
    Art3,
    /// A condition of the Rules on the Processing of Data.
    Rpd,
    /// The purpose of the instrument.
    Purpose,
}

macro_rules! words {
    ($type:ident: $($variant:ident = $word:literal),* $(,)?) => {
        impl $type {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// The word used in rules and output.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
            /// The one with this word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}
words!(Kind: Indicator = "indicator", Mitigator = "mitigator", Context = "context", Gate = "gate", Gap = "gap", Concept = "concept", Filter = "filter");
words!(Status: Stable = "stable", Test = "test", Experimental = "experimental", Deprecated = "deprecated");
words!(Factor: A = "a", B = "b", C = "c", D = "d", E = "e", F = "f", G = "g", Art2 = "art2");
words!(Ground: RefugeePolicy = "refugee_policy", Art2 = "art2", Art3 = "art3", Rpd = "rpd", Purpose = "purpose");

impl Kind {
    /// Whether rules of this kind carry bits.
    #[must_use]
    pub fn has_bits(self) -> bool {
        matches!(self, Self::Indicator | Self::Mitigator | Self::Context)
    }
}

impl Factor {
    /// What the factor is about.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::A => "nature of the offence",
            Self::B => "status of the person",
            Self::C => "source of the data",
            Self::D => "position of others",
            Self::E => "international law",
            Self::F => "neutrality",
            Self::G => "general context",
            Self::Art2 => "human rights",
        }
    }
}

impl Ground {
    /// The ground in words.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::RefugeePolicy => "refugee policy",
            Self::Art2 => "Article 2 of the Constitution (human rights)",
            Self::Art3 => "Article 3 of the Constitution (political, military, religious or racial character)",
            Self::Rpd => "a condition of the Rules on the Processing of Data",
            Self::Purpose => "the purpose of the instrument",
        }
    }
}

/// One source of law for a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The citation.
    pub cite: String,
    /// Where to read it.
    pub url: Option<String>,
    /// Whether the authors have read it there.
    pub verified: bool,
}

/// A logical expression over clauses and other rules.
#[derive(Debug, Clone)]
pub enum Expr {
    /// A clause of the rule set, by position.
    Clause(usize),
    /// Another rule says yes, by position.
    Rule(usize),
    /// A named part of the rule.
    Named(Arc<str>, Box<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// All hold.
    All(Vec<Expr>),
    /// At least one holds.
    Any(Vec<Expr>),
    /// At least so many hold.
    AtLeast(usize, Vec<Expr>),
    /// Unknown counts as no.
    AssumeNo(Box<Expr>),
}

impl Expr {
    /// The parts it is made of.
    #[must_use]
    pub fn children(&self) -> &[Self] {
        match self {
            Self::Clause(_) | Self::Rule(_) => &[],
            Self::Named(_, inner) | Self::Not(inner) | Self::AssumeNo(inner) => std::slice::from_ref(inner),
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => parts,
        }
    }

    /// Calls `see` for itself and every part of it.
    pub fn walk<'a>(&'a self, see: &mut dyn FnMut(&'a Self)) {
        see(self);
        for child in self.children() {
            child.walk(see);
        }
    }
}

/// A checked rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub id: Arc<str>,
    /// Raised whenever its meaning changes.
    pub revision: u32,
    /// Catalogue numbers and the like.
    pub tags: Vec<String>,
    /// What it is about, in one line.
    pub title: String,
    /// How far it can be relied on.
    pub status: Status,
    /// Whether it counts: the profile uses rules of its status, no override turns it off and, where rules were selected, it
    /// is among them. A rule that does not count is still judged.
    pub active: bool,
    /// Whether an override turns it off.
    pub off: bool,
    /// What overrides changed, and why.
    pub overridden: Vec<Overridden>,
    /// What it does.
    pub kind: Kind,
    /// What it weighs, for rules with bits.
    pub factor: Option<Factor>,
    /// Its ground, for gates and gaps.
    pub ground: Option<Ground>,
    /// Its weight in thousandths of a bit, never negative; a mitigator takes it away.
    pub millibits: i64,
    /// The law it rests on.
    pub basis: Vec<Basis>,
    /// When it is known to be wrong.
    pub false_positives: Vec<String>,
    /// The records it is about.
    pub scope: Option<Expr>,
    /// When it says yes. That of a filter is empty: it says yes where it suppresses.
    pub body: Expr,
    /// What it suppresses, for filters.
    pub filter: Option<Filter>,
    /// What must hold besides for its bits to count.
    pub requires: Option<Expr>,
    /// What it says.
    pub message: Template,
    /// What to ask the requesting bureau.
    pub ask: Option<String>,
    /// Its tests.
    pub tests: Vec<RuleTest>,
    /// A hash of its keys and values but its tests, with all that overrides changed, in hexadecimal.
    pub hash: String,
    /// What was written, in normal form.
    pub written: Written,
}
