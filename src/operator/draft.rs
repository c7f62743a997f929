//! Operators as written to operators as checked: one table of all operators, and for each what it accepts. Every mistake is
//! reported with its place; what is returned cannot fail later.

use std::sync::Arc;

use regex::RegexBuilder;

use super::Operator;
use super::compare::{Bounds, Compare, Order, Side};
use super::contains::Contains;
use super::equals::Equals;
use super::known::{Blank, Known};
use super::near::Near;
use super::part::Part;
use super::pattern::{Pattern, PatternSource, Patterns};
use super::re::Matches;
use super::same::Same;
use super::when::{Moment, When};
use super::words::Words;
use crate::diag::{Code, Diagnostic, Diagnostics, Key, Node, Span, Table, Tree, did_you_mean};
use crate::record::{Country, DatePart, Field, PartialDate, Type, Value};
use crate::text::{Lexicons, Mode, Phrase, fold};

/// The largest compiled size of one regular expression, in bytes.
const REGEX_LIMIT: usize = 1 << 20;

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
    /// Where mistakes go.
    pub found: &'a mut Diagnostics,
}

type Built = Option<Arc<dyn Operator>>;

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
fn any(_: Type) -> bool {
    true
}

const LITERAL: &[&str] = &["word", "all", "cased"];

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
    OperatorSpec { key: "near", options: &["word", "cased"], fits: is_text, on: "text", build: |d| d.near() },
    OperatorSpec { key: "re", options: &["flags"], fits: is_text, on: "text", build: |d| d.regex() },
    OperatorSpec { key: "words", options: &[], fits: is_text, on: "text", build: |d| d.words() },
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
    OperatorSpec { key: "known", options: &[], fits: any, on: "any field", build: |d| d.known() },
    OperatorSpec { key: "blank", options: &[], fits: any, on: "any field", build: |d| d.blank() },
];

/// Keys of the language that are not built.
static PLANNED: &[&str] = &["fuzzy", "list", "lookup", "column", "as_of", "sentence", "subject", "negated"];

/// Keys that change how another operator of the same table works.
pub static OPTIONS: &[&str] = &["word", "all", "cased", "flags", "within"];

/// The keys that name operators.
pub fn operator_keys() -> impl Iterator<Item = &'static str> {
    OPERATORS.iter().map(|spec| spec.key)
}

/// Checks and builds one operator.
pub fn build(draft: &mut Draft<'_>) -> Built {
    let key = draft.key.text.as_str();
    let Some(spec) = OPERATORS.iter().find(|spec| spec.key == key) else {
        if PLANNED.contains(&key) {
            draft.report(
                Diagnostic::new(Code::NotSupported, format!("operator `{key}` is not supported by this version"))
                    .at(draft.key.span)
                    .help("take it out for the time being"),
            );
            return None;
        }
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
        let fitting: Vec<&str> =
            OPERATORS.iter().filter(|spec| (spec.fits)(draft.field.ty())).map(|spec| spec.key).collect();
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
    fn report(&mut self, problem: Diagnostic) {
        self.found.push(problem.rule(self.rule));
    }

    fn wrong_type(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.report(Diagnostic::new(Code::WrongType, message).at(span).help(help));
    }

    fn option(&self, name: &str) -> Option<&Node> {
        self.table.and_then(|table| table.get(name))
    }

    fn flag(&mut self, name: &str) -> bool {
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
    fn value(&mut self, node: &Node) -> Option<Value> {
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

    fn date(&mut self, text: &str, span: Span) -> Option<PartialDate> {
        let date = PartialDate::parse(text);
        if date.is_none() {
            let problem = Diagnostic::new(Code::BadDate, format!("`{text}` is not a date")).at(span);
            self.report(problem.help("write `YYYY-MM-DD`, `YYYY-MM` or `YYYY`"));
        }
        date
    }

    fn values(&mut self) -> Vec<Value> {
        let nodes: Vec<Node> = self.value.each().to_vec();
        if nodes.is_empty() {
            self.empty_array(self.value.span);
        }
        for node in nodes.iter().filter(|node| node.text().is_some_and(|text| fold(text).trim().is_empty())) {
            let problem = Diagnostic::new(Code::EmptyValue, "no value is equal to an empty text").at(node.span);
            self.report(problem.help("to ask for an empty field write `blank = true`"));
        }
        let written = |node: &&Node| node.text().is_none_or(|text| !fold(text).trim().is_empty());
        nodes.iter().filter(written).filter_map(|node| self.value(node)).collect()
    }

    fn empty_array(&mut self, span: Span) {
        let problem = Diagnostic::new(Code::EmptyValue, "an empty array matches nothing").at(span);
        self.report(problem.help("give at least one value; to ask for an empty field write `blank = true`"));
    }

    fn equals(&mut self, wanted: bool) -> Built {
        if let Some(field) = self.reference(self.value) {
            return self.same_as(field?, wanted);
        }
        let cased = self.flag("cased");
        let values = self.values();
        if values.is_empty() { None } else { Some(Arc::new(Equals { values, wanted, field: self.field, cased })) }
    }

    /// A `{ field = "…" }`: `None` where it is none, `Some(None)` where it is a wrong one.
    fn reference(&mut self, node: &Node) -> Option<Option<Field>> {
        let written = node.table()?.get("field")?.clone();
        Some(self.other_field(&written))
    }

    fn other_field(&mut self, node: &Node) -> Option<Field> {
        let Some(path) = node.text() else {
            self.wrong_type(node.span, "`field` takes the name of a field", "write it in quotes");
            return None;
        };
        let path = path.strip_prefix("this.").unwrap_or(path);
        let Some(other) = Field::named(path) else {
            self.found.push(unknown_field(path, node.span).rule(self.rule));
            return None;
        };
        if other.ty() != self.field.ty() {
            let message = format!(
                "`{}` is {} and `{path}` is {}: they cannot be compared",
                self.field.path(),
                a(self.field.ty()),
                a(other.ty())
            );
            self.report(
                Diagnostic::new(Code::FieldTypeMismatch, message).at(node.span).help("name a field of the same type"),
            );
            return None;
        }
        Some(other)
    }

    fn same(&mut self, wanted: bool) -> Built {
        let field = self.other_field(self.value)?;
        self.same_as(field, wanted)
    }

    fn same_as(&mut self, other: Field, wanted: bool) -> Built {
        Some(Arc::new(Same { other, wanted }))
    }

    fn contains(&mut self, anywhere: Mode, verb: &'static str) -> Built {
        let patterns = self.patterns(self.value, anywhere)?;
        let all = self.flag("all");
        Some(Arc::new(Contains { verb, patterns: Patterns::new(patterns), all, at: anywhere }))
    }

    /// The patterns of a text operator: literals, `{ list = … }`, or an array of both.
    fn patterns(&mut self, node: &Node, anywhere: Mode) -> Option<Vec<Pattern>> {
        let word = self.flag("word");
        let cased = self.flag("cased");
        let mode = if word { Mode::Whole } else { anywhere };
        let mut patterns = vec![];
        for part in node.each() {
            match &part.tree {
                Tree::Text(text) => {
                    let phrase = if cased { Phrase::cased(text, mode) } else { Phrase::new(text, mode) };
                    let Some(phrase) = phrase else {
                        let problem = Diagnostic::new(Code::EmptyValue, "there is no text to look for").at(part.span);
                        self.report(problem.help("to ask for an empty field write `blank = true`"));
                        continue;
                    };
                    let source = if cased { PatternSource::Cased(phrase) } else { PatternSource::Folded(phrase) };
                    patterns.push(Pattern {
                        source,
                        entry: text.clone(),
                        list: None,
                        language: None,
                        country: None,
                        valid_from: None,
                        valid_to: None,
                    });
                }
                Tree::Table(table) => {
                    for (key, _) in table.iter().filter(|(key, _)| key.text != "list") {
                        let problem = Diagnostic::new(Code::UnknownKey, format!("unknown key `{}`", key.text));
                        self.report(
                            problem
                                .at(key.span)
                                .help("write `{ list = \"lexicon/name\" }`; options stand beside the operator"),
                        );
                    }
                    let Some(list) = table.get("list") else {
                        if table.is_empty() {
                            self.empty_array(part.span);
                        }
                        continue;
                    };
                    let Some(name) = list.text() else {
                        self.wrong_type(list.span, "`list` takes the name of a lexicon", "write it in quotes");
                        continue;
                    };
                    let lexicons = self.lexicons;
                    match lexicons.get(name) {
                        Some(lexicon) => patterns.extend(
                            lexicon
                                .entries
                                .iter()
                                .map(|entry| {
                                    let phrase = |mode| match cased {
                                        true => Phrase::cased(&entry.text, mode).map(PatternSource::Cased),
                                        false => Phrase::new(&entry.text, mode).map(PatternSource::Folded),
                                    };
                                    let source = match &entry.regex {
                                        Some(regex) => Some(PatternSource::Regex(Arc::clone(regex))),
                                        None => phrase(if entry.stem { Mode::Stem } else { Mode::Whole }),
                                    };
                                    source.map(|source| Pattern {
                                        source,
                                        entry: entry.text.clone(),
                                        list: Some(Arc::clone(&lexicon.name)),
                                        language: entry.language.clone(),
                                        country: entry.country,
                                        valid_from: entry.valid_from,
                                        valid_to: entry.valid_to,
                                    })
                                })
                                .collect::<Vec<_>>()
                                .into_iter()
                                .flatten(),
                        ),
                        None => {
                            let mut problem =
                                Diagnostic::new(Code::UnknownLexicon, format!("there is no list `{name}`"))
                                    .at(list.span);
                            if let Some(near) = did_you_mean(name, lexicons.names()) {
                                problem = problem.help(format!("did you mean `{near}`?"));
                            } else {
                                problem = problem.help("a list is a file `lexicon/name.csv` beside the rules");
                            }
                            self.report(problem);
                        }
                    }
                }
                _ => {
                    let message = format!("text is looked for here, but this is {}", part.kind());
                    self.wrong_type(part.span, message, "write text in quotes, or `{ list = \"lexicon/name\" }`");
                }
            }
        }
        if patterns.is_empty() {
            if node.each().is_empty() {
                self.empty_array(node.span);
            }
            return None;
        }
        Some(patterns)
    }

    fn bad_near(&mut self, span: Span, message: &str) {
        let problem = Diagnostic::new(Code::BadNear, message).at(span);
        self.report(problem.help("write for example `near = { a = \"call\", b = \"arms\", within = 5 }`"));
    }

    fn near(&mut self) -> Built {
        let Some(table) = self.value.table() else {
            self.bad_near(self.value.span, "`near` takes a table");
            return None;
        };
        for (key, _) in table.iter().filter(|(key, _)| !["a", "b", "within"].contains(&key.text.as_str())) {
            let problem =
                Diagnostic::new(Code::UnknownKey, format!("unknown key `{}` in `near`", key.text)).at(key.span);
            self.report(problem.help("`near` has `a`, `b` and `within`; `word` and `cased` stand beside it"));
        }
        let within = match table.get("within").map(|node| (&node.tree, node.span)) {
            Some((Tree::Integer(words), _)) if *words >= 0 => usize::try_from(*words).ok(),
            Some((_, span)) => {
                self.bad_near(span, "`within` in `near` is a number of words, 0 or more");
                None
            }
            None => {
                self.bad_near(self.value.span, "`near` needs `within`, a number of words");
                None
            }
        };
        let mut side = |name: &str| match table.get(name) {
            Some(node) => self.patterns(node, Mode::Substring),
            None => {
                self.bad_near(self.value.span, &format!("`near` needs `{name}`, what to look for"));
                None
            }
        };
        let (a, b) = (side("a"), side("b"));
        Some(Arc::new(Near { a: Patterns::new(a?), b: Patterns::new(b?), within: within? }))
    }

    fn regex(&mut self) -> Built {
        let Some(text) = self.value.text() else {
            self.wrong_type(self.value.span, "`re` takes an expression", "write it in single quotes");
            return None;
        };
        let mut flags = String::new();
        if let Some((written, span)) =
            self.option("flags").map(|node| (node.text().unwrap_or("?").to_owned(), node.span))
        {
            if let Some(flag) = written.chars().find(|flag| !matches!(flag, 'i' | 'm' | 's')) {
                let problem = Diagnostic::new(Code::BadRegex, format!("`{flag}` is no flag")).at(span);
                self.report(problem.help("`flags` may hold the letters i, m and s"));
                return None;
            }
            flags = if written.is_empty() { written } else { format!("(?{written})") };
        }
        // The flags are part of the expression, so that two expressions that differ in them alone are two.
        let mut builder = RegexBuilder::new(&format!("{flags}{text}"));
        builder.size_limit(REGEX_LIMIT).dfa_size_limit(REGEX_LIMIT).nest_limit(50);
        match builder.build() {
            Ok(regex) => Some(Arc::new(Matches {
                pattern: Patterns::new(vec![Pattern {
                    source: PatternSource::Regex(Arc::new(regex)),
                    entry: text.to_owned(),
                    list: None,
                    language: None,
                    country: None,
                    valid_from: None,
                    valid_to: None,
                }]),
            })),
            Err(error) => {
                let text = error.to_string();
                let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                let problem = Diagnostic::new(Code::BadRegex, format!("the expression cannot be used: {reason}"));
                self.report(problem.at(self.value.span).help("correct it, or use `contains` or `near`"));
                None
            }
        }
    }

    fn words(&mut self) -> Built {
        let bounds = bounds(self.value, self.found, self.rule)?;
        Some(Arc::new(Words { bounds }))
    }

    fn part(&mut self, part: DatePart) -> Built {
        let bounds = bounds(self.value, self.found, self.rule)?;
        Some(Arc::new(Part { part, bounds }))
    }

    fn compare(&mut self) -> Built {
        let order = Order::parse(&self.key.text)?;
        let side = match self.reference(self.value) {
            Some(field) => Side::Field(field?),
            None => match self.value(self.value)? {
                Value::Number(number) => Side::Number(number),
                Value::Date(date) => Side::Date(date),
                _ => return None,
            },
        };
        Some(Arc::new(Compare { order, side }))
    }

    fn when(&mut self, before: bool) -> Built {
        let moment = match self.reference(self.value) {
            Some(field) => Moment::Field(field?),
            None => match self.value(self.value)? {
                Value::Date(date) => Moment::Date(date),
                _ => return None,
            },
        };
        let within_days = match self.option("within").cloned() {
            None => None,
            Some(node) => {
                let days =
                    node.text().and_then(|text| text.strip_suffix('d')).and_then(|days| days.parse::<i64>().ok());
                match days {
                    Some(days) if days > 0 => Some(days),
                    _ => {
                        let problem =
                            Diagnostic::new(Code::BadDuration, "`within` is not a number of days").at(node.span);
                        self.report(problem.help("write for example `within = \"180d\"`"));
                        return None;
                    }
                }
            }
        };
        Some(Arc::new(When { before, moment, within_days }))
    }

    fn known(&mut self) -> Built {
        let wanted = self.own_flag()?;
        Some(Arc::new(Known { wanted }))
    }

    fn blank(&mut self) -> Built {
        let wanted = self.own_flag()?;
        Some(Arc::new(Blank { wanted }))
    }

    fn own_flag(&mut self) -> Option<bool> {
        if let Tree::Flag(flag) = self.value.tree {
            return Some(flag);
        }
        let message = format!("`{}` takes true or false", self.key.text);
        self.wrong_type(self.value.span, message, "write `true` or `false`, without quotes");
        None
    }
}

/// Bounds on a number: a whole number, or a table of `lt`, `lte`, `gt`, `gte`.
pub(crate) fn bounds(node: &Node, found: &mut Diagnostics, rule: &str) -> Option<Bounds> {
    match &node.tree {
        Tree::Integer(number) => Some(Bounds::exactly(*number)),
        Tree::Table(table) if leaves_nothing(table) => {
            found.push(never_true(node.span).rule(rule));
            None
        }
        Tree::Table(table) if !table.is_empty() => {
            let mut orders = vec![];
            for (key, value) in table.iter() {
                match (Order::parse(&key.text), &value.tree) {
                    (Some(order), Tree::Integer(edge)) => orders.push((order, *edge)),
                    (Some(_), _) => {
                        let problem =
                            Diagnostic::new(Code::WrongType, format!("`{}` takes a whole number here", key.text));
                        found.push(problem.at(value.span).help("write it without quotes").rule(rule));
                        return None;
                    }
                    (None, _) => {
                        let problem =
                            Diagnostic::new(Code::UnknownOperator, format!("`{}` is no bound", key.text)).at(key.span);
                        found.push(problem.help("use lt, lte, gt or gte").rule(rule));
                        return None;
                    }
                }
            }
            Some(Bounds::ordered(orders))
        }
        _ => {
            let message = format!("a number is counted here, but this is {}", node.kind());
            let problem = Diagnostic::new(Code::WrongType, message).at(node.span);
            found.push(problem.help("write a whole number, or bounds such as `{ gte = 3 }`").rule(rule));
            None
        }
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

/// Whether bounds written beside each other leave no value: `gte = 5` with `lt = 3`.
pub(crate) fn leaves_nothing(table: &Table) -> bool {
    let number = |node: &Node, last: bool| match &node.tree {
        Tree::Integer(number) => Some(*number),
        Tree::Text(text) | Tree::Date(text) => {
            PartialDate::parse(text).map(|date| i64::from(if last { date.last } else { date.first }))
        }
        _ => None,
    };
    // The least and the greatest value that each bound leaves.
    let edge = |key: &str| {
        let node = table.get(key)?;
        match key {
            "gt" => number(node, true)?.checked_add(1),
            "gte" => number(node, false),
            "lt" => number(node, false)?.checked_sub(1),
            _ => number(node, true),
        }
    };
    let least = ["gt", "gte"].into_iter().filter_map(edge).max();
    let most = ["lt", "lte"].into_iter().filter_map(edge).min();
    matches!((least, most), (Some(least), Some(most)) if least > most)
}

/// The diagnostic for bounds that leave no value.
pub(crate) fn never_true(span: Span) -> Diagnostic {
    let problem = Diagnostic::new(Code::NeverTrue, "no value keeps all of these bounds").at(span);
    problem.help("correct the bounds, or make two selections and join them with `or`")
}

/// The diagnostic for a field that is not in the catalogue.
#[must_use]
pub(crate) fn unknown_field(path: &str, span: Span) -> Diagnostic {
    let problem = Diagnostic::new(Code::UnknownField, format!("unknown field `{path}`")).at(span);
    match did_you_mean(path, Field::all().map(Field::path)) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("`article3 rules fields` lists every field"),
    }
}
