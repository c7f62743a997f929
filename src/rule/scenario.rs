//! Tests that stand in the rule files: a small record, and what a rule must say of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::spec::RuleSpec;
use super::{Rule, RuleSet, Status, Verdict, judge};
use crate::diag::Keys;
use crate::diag::{Code, Diagnostic, Diagnostics, Node, Span, Table, Tree, did_you_mean};
use crate::ingest::canonical;
use crate::operator::{a, unknown_field};
use crate::record::{Field, Missing, Record};
use crate::text::fold;

/// A test of a rule.
#[derive(Debug, Clone)]
pub struct RuleTest {
    /// What it is about.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    pub(super) given: Record,
    pub(super) results: BTreeMap<String, Verdict>,
    /// The verdict it expects.
    pub expect: Verdict,
    missing: Option<Vec<Field>>,
    evidence: Vec<String>,
}

/// A test that did not come out as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The rule.
    pub rule: String,
    /// The test.
    pub test: String,
    /// Where the test stands.
    pub span: Span,
    /// What was different.
    pub message: String,
}

impl Failure {
    /// The failure as a problem of the file that the test stands in.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let message = format!("test `{}` fails: {}", self.test, self.message);
        let problem = Diagnostic::new(Code::TestFailed, message).at(self.span);
        problem.help("correct the rule, or the test").rule(&self.rule)
    }
}

/// Reads the tests of a rule as written.
pub(super) fn read(spec: &RuleSpec, all: &[RuleSpec], found: &mut Diagnostics) -> Vec<RuleTest> {
    let tests: Vec<RuleTest> =
        spec.tests.iter().filter_map(|(table, span)| test(table, *span, &spec.id, all, found)).collect();
    let has = |verdict| tests.iter().any(|test| test.expect == verdict);
    if spec.status == Status::Stable && spec.tests.len() == tests.len() {
        let lacking: Vec<&str> = [Verdict::Yes, Verdict::No, Verdict::Unknown]
            .into_iter()
            .filter(|verdict| !has(*verdict))
            .map(Verdict::word)
            .collect();
        if !lacking.is_empty() {
            let message = format!("a stable rule has tests for yes, no and unknown; missing: {}", lacking.join(", "));
            let problem = Diagnostic::new(Code::MissingTests, message).at(spec.id_span).rule(&spec.id);
            found.push(problem.help("add them, or lower `status` to `test`"));
        }
    }
    tests
}

fn test(table: &Table, span: Span, rule: &str, all: &[RuleSpec], found: &mut Diagnostics) -> Option<RuleTest> {
    let before = found.errors();
    let mut keys = Keys::new(table, span, rule, found);
    let name = keys.text("name");
    if table.get("name").is_none() {
        keys.missing("name", "say in a few words what the test shows");
    }
    let given = keys.table("given");
    let results = keys.table("results");
    let expect = keys.word("expect", &Verdict::ALL, Verdict::word);
    if table.get("expect").is_none() {
        keys.missing("expect", "it can be: yes, no, unknown, not_applicable");
    }
    if given.is_none() && results.is_none() && table.get("given").is_none() {
        keys.missing("given", "describe a record: `given = { kind = \"red_notice\" }`, or verdicts: `results = { … }`");
    }
    let missing_written = table.get("missing").is_some();
    let missing: Vec<Field> = keys
        .texts("missing")
        .into_iter()
        .filter_map(|(path, at)| {
            let field = Field::named(&path);
            if field.is_none() {
                keys.report(unknown_field(&path, at));
            }
            field
        })
        .collect();
    let evidence = keys.texts("evidence").into_iter().map(|(text, _)| text).collect();
    if let (Some(node), Some(expect)) = (table.get("missing"), expect.filter(|expect| *expect != Verdict::Unknown)) {
        let problem =
            Diagnostic::new(Code::BadTest, format!("`missing` says nothing where {} is expected", expect.word()));
        keys.report(problem.at(node.span).help("`missing` goes with `expect = \"unknown\"`"));
    }
    for planned in ["table", "cases", "expect_by_id", "not_carried", "todo"] {
        keys.not_supported(planned);
    }
    keys.finish();
    let mut verdicts = BTreeMap::new();
    for (key, node) in results.iter().flat_map(|(table, _)| table.iter()) {
        if !all.iter().any(|spec| spec.id == key.text) {
            let problem = Diagnostic::new(Code::UnknownRule, format!("there is no rule `{}`", key.text)).at(key.span);
            let problem = match did_you_mean(&key.text, all.iter().map(|spec| spec.id.as_str())) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help("a result names the id of a rule"),
            };
            found.push(problem.rule(rule));
        }
        match node.text().and_then(|word| Verdict::ALL.into_iter().find(|verdict| verdict.word() == word)) {
            Some(verdict) => {
                verdicts.insert(key.text.clone(), verdict);
            }
            None => found.push(
                Diagnostic::new(Code::BadTest, "this is no verdict")
                    .at(node.span)
                    .help("a result is yes, no, unknown or not_applicable")
                    .rule(rule),
            ),
        }
    }
    let given = given.map_or_else(Record::default, |(table, span)| fixture(table, span, rule, found));
    if found.errors() > before {
        return None;
    }
    Some(RuleTest {
        name: name?.0,
        span,
        given,
        results: verdicts,
        expect: expect?,
        missing: missing_written.then_some(missing),
        evidence,
    })
}

/// A record as written in a rule file. Fields that are not given are not carried.
fn fixture(table: &Table, span: Span, rule: &str, found: &mut Diagnostics) -> Record {
    let object = object(table);
    let (mut record, unknown) = canonical::record(&object);
    for path in unknown {
        let place = place(table, &path).map_or(span, |(key, _)| key);
        let mut problem = unknown_field(&path, place).rule(rule);
        problem.code = Code::TestUnknownField;
        found.push(problem);
    }
    for (field, leaf) in record.leaves() {
        for cell in leaf.cells() {
            if let Err(Missing::Invalid(raw)) = cell {
                let message = format!("`{}` cannot be `{raw}`", field.path());
                let at = place(table, field.path()).map_or(span, |(_, value)| value);
                let problem = Diagnostic::new(Code::TestValue, message).at(at).rule(rule);
                found.push(problem.help(match field.ty() {
                    crate::record::Type::Term(vocabulary) => {
                        match did_you_mean(raw, vocabulary.terms.iter().copied()) {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => format!("it can be: {}", vocabulary.terms.join(", ")),
                        }
                    }
                    ty => format!("the field is {}", a(ty)),
                }));
            }
        }
    }
    if !object.contains_key("record_id") {
        record.set(Field::RECORD_ID, crate::record::Leaf::One(Err(Missing::NotCarried)));
    }
    record
}

/// Where a field stands in a fixture: its key and its value.
fn place(table: &Table, path: &str) -> Option<(Span, Span)> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let (key, node) = (table.key(first)?, table.get(first)?);
    let below = |rest| node.each().iter().filter_map(Node::table).find_map(|table| place(table, rest));
    Some(rest.and_then(below).unwrap_or((key.span, node.span)))
}

fn object(table: &Table) -> Map<String, Json> {
    table.iter().map(|(key, node)| (key.text.clone(), json(node))).collect()
}

fn json(node: &Node) -> Json {
    match &node.tree {
        Tree::Text(text) | Tree::Date(text) | Tree::Decimal(text) => Json::String(text.clone()),
        Tree::Integer(number) => Json::from(*number),
        Tree::Flag(flag) => Json::Bool(*flag),
        Tree::List(nodes) => Json::Array(nodes.iter().map(json).collect()),
        Tree::Table(table) => Json::Object(object(table)),
    }
}

/// Runs the tests of every rule, or of one.
#[must_use]
pub fn run_tests(rules: &RuleSet, only: Option<&str>) -> (usize, Vec<Failure>) {
    let mut run = 0;
    let mut failures = vec![];
    for (at, rule) in rules.rules.iter().enumerate() {
        if only.is_some_and(|id| id != &*rule.id) {
            continue;
        }
        for test in &rule.tests {
            run += 1;
            if let Some(message) = outcome(rules, at, rule, test) {
                failures.push(Failure { rule: rule.id.to_string(), test: test.name.clone(), span: test.span, message });
            }
        }
    }
    (run, failures)
}

/// What is different from what a test expects, if anything is.
fn outcome(rules: &RuleSet, at: usize, rule: &Rule, test: &RuleTest) -> Option<String> {
    let mut judgement = judge(rules, &test.given);
    let mut verdict = judgement.verdicts[at];
    if !test.results.is_empty() {
        for (id, result) in &test.results {
            let Some(other) = rules.position(id) else { return Some(format!("there is no rule `{id}`")) };
            judgement.verdicts[other] = *result;
        }
        verdict = judgement.verdict(at);
        judgement.verdicts[at] = verdict;
    }
    if verdict != test.expect {
        let why = judgement.explain_briefly(at);
        return Some(format!("expected {}, got {}{why}", test.expect.word(), verdict.word()));
    }
    if let Some(wanted) = &test.missing {
        let pivotal: Vec<&str> = judgement.pivotal(at).into_iter().map(|reason| reason.field.path()).collect();
        let lacking: Vec<&str> =
            wanted.iter().map(|field| field.path()).filter(|path| !pivotal.contains(path)).collect();
        if !lacking.is_empty() {
            return Some(format!(
                "expected {} among the missing values, got {}",
                lacking.join(", "),
                pivotal.join(", ")
            ));
        }
    }
    let matched = judgement.matched_texts(&rule.body);
    let lacking: Vec<&String> =
        test.evidence.iter().filter(|wanted| !matched.iter().any(|text| fold(text).contains(&*fold(wanted)))).collect();
    if lacking.is_empty() { None } else { Some(format!("expected the evidence {lacking:?}, got {matched:?}")) }
}
