//! Operators as written to operators as checked: one table of all operators, and for each what it accepts. Every mistake is
//! reported with its place; what is returned cannot fail later.

use std::sync::Arc;

use super::Operator;
use super::lookup::TESTS;
use crate::context::ContextTables;
use crate::diag::{Code, Diagnostic, Diagnostics, Key, Node, Span, Table, Tree, did_you_mean};
use crate::record::{Country, DatePart, Field, PartialDate, Type, Value};
use crate::text::{Lexicons, Mode, NameProfiles};

/// An operator as written: a key and its value in the table of a predicate.
#[derive(Debug)]
pub struct Draft<'a> {
    /// The rule it is in.
    pub rule: &'a str,
    /// The field it tests.
    pub field: Field,
    /// The key and value that name it.
    pub key: &'a Key,
    /// Its value.
    pub value: &'a Node,
    /// The table it stands in, where its options are; `None` where a bare value stands for equality.
    pub table: Option<&'a Table>,
    /// The lists it may refer to.
    pub lexicons: &'a Lexicons,
    /// The ways to compare names.
    pub names: &'a NameProfiles,
    /// The context tables it may refer to.
    pub tables: &'a ContextTables,
    /// Which record `this` is.
    pub this: This,
    /// Where mistakes go.
    pub found: &'a mut Diagnostics,
}

/// Which record a field named `this.x` is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum This {
    /// The one that is looked at: there is no other.
    Own,
    /// The one that is judged, and another one is looked at.
    Judged,
}

pub(super) type Built = Option<Arc<dyn Operator>>;

/// One row of the table of operators.
struct OperatorSpec {
    key: &'static str,
    options: &'static [&'static str],
    fits: fn(Type) -> bool,
    on: &'static str,
    build: fn(&mut Draft<'_>) -> Built,
}

fn is_text(ty: Type) -> bool {
    ty == Type::Text
}
fn is_date(ty: Type) -> bool {
    ty == Type::Date
}
fn is_ordered(ty: Type) -> bool {
    matches!(ty, Type::Number | Type::Date)
}
fn has_value(ty: Type) -> bool {
    ty != Type::Object
}
fn is_key(ty: Type) -> bool {
    matches!(ty, Type::Text | Type::Country | Type::Term(_))
}
fn any(_: Type) -> bool {
    true
}

const LITERAL: &[&str] = &["word", "all", "cased", "sentence", "subject", "negated", "reported"];
const KEYS: &str = "text, words of a list and countries";
/// The options of `lookup`: beside it a comparison is one of the value that is found.
const LOOKUP: [&str; 8] = ["column", "as_of", TESTS[0], TESTS[1], TESTS[2], TESTS[3], TESTS[4], TESTS[5]];

static OPERATORS: &[OperatorSpec] = &[
    OperatorSpec {
        key: "is",
        options: &["cased"],
        fits: has_value,
        on: "fields with a value",
        build: |d| d.equals(true),
    },
    OperatorSpec {
        key: "neq",
        options: &["cased"],
        fits: has_value,
        on: "fields with a value",
        build: |d| d.equals(false),
    },
    OperatorSpec {
        key: "contains",
        options: LITERAL,
        fits: is_text,
        on: "text",
        build: |d| d.contains(Mode::Substring, "contains"),
    },
    OperatorSpec { key: "lacks", options: &["word", "cased"], fits: is_text, on: "text", build: |d| d.lacks() },
    OperatorSpec {
        key: "startswith",
        options: LITERAL,
        fits: is_text,
        on: "text",
        build: |d| d.contains(Mode::Prefix, "starts with"),
    },
    OperatorSpec {
        key: "endswith",
        options: LITERAL,
        fits: is_text,
        on: "text",
        build: |d| d.contains(Mode::Suffix, "ends with"),
    },
    OperatorSpec {
        key: "near",
        options: &["word", "cased", "sentence", "subject", "negated", "reported"],
        fits: is_text,
        on: "text",
        build: |d| d.near(),
    },
    OperatorSpec {
        key: "re",
        options: &["flags", "sentence", "subject", "negated", "reported"],
        fits: is_text,
        on: "text",
        build: |d| d.regex(),
    },
    OperatorSpec { key: "words", options: &["sentence", "subject"], fits: is_text, on: "text", build: |d| d.words() },
    OperatorSpec { key: "fuzzy", options: &[], fits: is_text, on: "text", build: |d| d.fuzzy() },
    OperatorSpec { key: "similar", options: &[], fits: is_text, on: "text", build: |d| d.similar() },
    OperatorSpec { key: "lt", options: &[], fits: is_ordered, on: "numbers and dates", build: |d| d.compare() },
    OperatorSpec { key: "lte", options: &[], fits: is_ordered, on: "numbers and dates", build: |d| d.compare() },
    OperatorSpec { key: "gt", options: &[], fits: is_ordered, on: "numbers and dates", build: |d| d.compare() },
    OperatorSpec { key: "gte", options: &[], fits: is_ordered, on: "numbers and dates", build: |d| d.compare() },
    OperatorSpec { key: "before", options: &["within"], fits: is_date, on: "dates", build: |d| d.when(true) },
    OperatorSpec { key: "after", options: &["within"], fits: is_date, on: "dates", build: |d| d.when(false) },
    OperatorSpec { key: "year", options: &[], fits: is_date, on: "dates", build: |d| d.part(DatePart::Year) },
    OperatorSpec { key: "month", options: &[], fits: is_date, on: "dates", build: |d| d.part(DatePart::Month) },
    OperatorSpec { key: "day", options: &[], fits: is_date, on: "dates", build: |d| d.part(DatePart::Day) },
    OperatorSpec { key: "field", options: &[], fits: has_value, on: "fields with a value", build: |d| d.same(true) },
    OperatorSpec { key: "list", options: &["as_of"], fits: is_key, on: KEYS, build: |d| d.list() },
    OperatorSpec { key: "lookup", options: &LOOKUP, fits: is_key, on: KEYS, build: |d| d.lookup() },
    OperatorSpec { key: "known", options: &[], fits: any, on: "any field", build: |d| d.known() },
    OperatorSpec { key: "blank", options: &[], fits: any, on: "any field", build: |d| d.blank() },
];

/// Keys that change how another operator of the same table works.
pub static OPTIONS: &[&str] =
    &["word", "all", "cased", "flags", "within", "sentence", "subject", "negated", "reported", "column", "as_of"];

/// The keys that name operators.
pub fn operator_keys() -> impl Iterator<Item = &'static str> {
    OPERATORS.iter().map(|spec| spec.key)
}

/// The keys of the operators that work on a type.
pub(crate) fn fitting_operators(ty: Type) -> impl Iterator<Item = &'static str> {
    OPERATORS.iter().filter(move |spec| (spec.fits)(ty)).map(|spec| spec.key)
}

/// Checks and builds one operator.
pub fn build(draft: &mut Draft<'_>) -> Built {
    let key = draft.key.text.as_str();
    let Some(spec) = OPERATORS.iter().find(|spec| spec.key == key) else {
        let mut problem =
            Diagnostic::new(Code::UnknownOperator, format!("unknown operator `{key}`")).at(draft.key.span);
        if let Some(near) =
            did_you_mean(key, operator_keys().chain(OPTIONS.iter().copied()).chain(["quantifier", "match", "count"]))
        {
            problem = problem.help(format!("did you mean `{near}`?"));
        } else {
            let keys: Vec<&str> = operator_keys().chain(["quantifier", "match", "count"]).collect();
            problem = problem.help(format!("operators are: {}", keys.join(", ")));
        }
        draft.report(problem);
        return None;
    };
    if !(spec.fits)(draft.field.ty()) {
        let message = format!("`{key}` works on {}, but `{}` is {}", spec.on, draft.field.path(), a(draft.field.ty()));
        let fitting: Vec<&str> = fitting_operators(draft.field.ty()).collect();
        let help = format!("operators for this field: {}", fitting.join(", "));
        draft.report(Diagnostic::new(Code::OperatorType, message).at(draft.key.span).help(help));
        return None;
    }
    (spec.build)(draft)
}

/// Whether an option means something to an operator.
pub(crate) fn takes_option(operator: &str, option: &str) -> bool {
    OPERATORS.iter().any(|spec| spec.key == operator && spec.options.contains(&option))
}

impl Draft<'_> {
    pub(super) fn report(&mut self, problem: Diagnostic) {
        self.found.push(problem.rule(self.rule));
    }

    pub(super) fn wrong_type(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.report(Diagnostic::new(Code::WrongType, message).at(span).help(help));
    }

    pub(super) fn option(&self, name: &str) -> Option<&Node> {
        self.table.and_then(|table| table.get(name))
    }

    pub(super) fn flag(&mut self, name: &str) -> bool {
        match self.option(name).map(|node| (node.span, node.tree.clone())) {
            None => false,
            Some((_, Tree::Flag(flag))) => flag,
            Some((span, _)) => {
                self.wrong_type(
                    span,
                    format!("`{name}` takes true or false"),
                    "write `true` or `false`, without quotes",
                );
                false
            }
        }
    }

    /// One value of the field's type.
    pub(super) fn value(&mut self, node: &Node) -> Option<Value> {
        let path = self.field.path();
        match (self.field.ty(), &node.tree) {
            (Type::Text, Tree::Text(text)) => Some(Value::Text(text.clone())),
            (Type::Number, Tree::Integer(number)) => Some(Value::Number(*number)),
            (Type::Flag, Tree::Flag(flag)) => Some(Value::Flag(*flag)),
            (Type::Date, Tree::Text(text) | Tree::Date(text)) => self.date(text, node.span).map(Value::Date),
            (Type::Country, Tree::Text(text)) => {
                let every = text == "*" && self.field == Field::RECIPIENTS;
                let country = if every { Some(Country::EVERY) } else { Country::parse(text) };
                // A name is read in records; a rule is written with the code.
                let code = country.filter(|country| country.code() == text);
                if code.is_none() {
                    let problem = Diagnostic::new(Code::BadCountry, format!("`{text}` is no country code"));
                    let help = match country {
                        Some(country) => format!("write `{}`", country.code()),
                        None => "write an ISO 3166-1 alpha-2 code, such as `XA`".to_owned(),
                    };
                    self.report(problem.at(node.span).help(help));
                }
                code.map(Value::Country)
            }
            (Type::Term(vocabulary), Tree::Text(text)) => {
                let exact = vocabulary.terms.iter().position(|term| term == text).and_then(|at| u8::try_from(at).ok());
                if exact.is_none() {
                    let message = format!("`{path}` cannot be `{text}`");
                    let help = match did_you_mean(text, vocabulary.terms.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("it can be: {}", vocabulary.terms.join(", ")),
                    };
                    self.report(Diagnostic::new(Code::UnknownEnumValue, message).at(node.span).help(help));
                }
                exact.map(Value::Term)
            }
            _ => {
                let message = format!("`{path}` is {}, but this is {}", a(self.field.ty()), node.kind());
                let help = match self.field.ty() {
                    Type::Number => "write a whole number without quotes",
                    Type::Flag => "write `true` or `false`, without quotes",
                    Type::Date => "write a date in quotes, such as `\"2022-01-28\"`",
                    Type::Country => "write a country code in quotes, such as `\"XA\"`",
                    _ => "write the value in quotes",
                };
                self.report(Diagnostic::new(Code::ValueType, message).at(node.span).help(help));
                None
            }
        }
    }

    pub(super) fn date(&mut self, text: &str, span: Span) -> Option<PartialDate> {
        let date = PartialDate::parse(text);
        if date.is_none() {
            let problem = Diagnostic::new(Code::BadDate, format!("`{text}` is not a date")).at(span);
            self.report(problem.help("write `YYYY-MM-DD`, `YYYY-MM` or `YYYY`"));
        }
        date
    }

    pub(super) fn empty_array(&mut self, span: Span) {
        let problem = Diagnostic::new(Code::EmptyValue, "an empty array matches nothing").at(span);
        self.report(problem.help("give at least one value; to ask for an empty field write `blank = true`"));
    }
}

/// A type as it stands in a sentence.
pub(crate) fn a(ty: Type) -> String {
    match ty {
        Type::Text => "text".to_owned(),
        Type::Term(vocabulary) => format!("a word of the list “{}”", vocabulary.name),
        Type::Country => "a country".to_owned(),
        Type::Date => "a date".to_owned(),
        Type::Flag => "true or false".to_owned(),
        Type::Number => "a whole number".to_owned(),
        Type::Object => "a list of objects".to_owned(),
    }
}

/// The diagnostic for a field that is not in the catalogue.
#[must_use]
pub(crate) fn unknown_field(path: &str, span: Span) -> Diagnostic {
    let problem = Diagnostic::new(Code::UnknownField, format!("unknown field `{path}`")).at(span);
    let within = |field: &&str| field.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
    if let Some(whole) = Field::all().map(Field::path).find(within) {
        return problem.help(format!("a field with a dot stands in quotes as a whole, as in `\"{whole}\"`"));
    }
    match did_you_mean(path, Field::all().map(Field::path)) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("`article3 rules fields` lists every field"),
    }
}
