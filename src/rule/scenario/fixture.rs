//! The record of a test: a table in a rule file, read as every other canonical record is.

use serde_json::{Map, Value as Json};

use crate::diag::{Code, Diagnostic, Diagnostics, Node, Span, Table, Tree, did_you_mean};
use crate::ingest::canonical;
use crate::operator::{a, unknown_field};
use crate::record::{Field, Missing, Record};

/// A record as written in a rule file. Fields that are not given are not carried.
pub(super) fn fixture(table: &Table, span: Span, rule: &str, found: &mut Diagnostics) -> Record {
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
