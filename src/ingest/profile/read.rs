//! From the TOML of a profile to its [`Spec`]. Every key is checked here, so that nothing can fail while rows are read.

use serde_json::Value as Json;

use super::path::Path;
use super::spec::{Condition, Join, Keep, Map, Spec, Split, TableLayout};
use super::target::Target;
use crate::diag::{Code, Diagnostic, Diagnostics, Keys, SourceId, Span, Table, Tree, did_you_mean, parse_toml};
use crate::ingest::CellOptions;
use crate::ingest::blanks;
use crate::ingest::cell::cell;
use crate::record::{DayOrder, Field, Type};

/// The only thing a map can say of a value besides the value itself.
const PRESENT: &str = "present";

pub(super) fn profile(source: SourceId, text: &str, bases: &[&Spec], found: &mut Diagnostics) -> Spec {
    let document = parse_toml(source, text, found);
    let whole = Span::new(source, 0..0);
    let mut keys = Keys::new(&document, whole, "", found);
    let name = keys.text("name");
    if name.is_none() && !keys.has("name") {
        keys.missing("name", "give the profile a name, as in `name = \"my-source\"`");
    }
    // For whoever reads the file.
    keys.text("title");
    keys.text("source");
    let extends = keys.text("extends");
    let base = extends.and_then(|(name, span)| base(&name, span, bases, &mut keys));
    let mut own = Spec { name: name.map(|(name, _)| name).unwrap_or_default(), ..Spec::default() };
    own.recognise = recognise(&mut keys);
    own.rest = keys.word("rest", &[()], |()| "fields").is_some();
    own.blank = folded(&mut keys, "blank");
    own.withheld = folded(&mut keys, "withheld");
    own.carried = carried(&mut keys);
    own.date_order = keys.word("date_order", &DayOrder::ALL, DayOrder::name);
    own.ignore = paths(&mut keys, "ignore");
    own.unpack = paths(&mut keys, "unpack");
    let set = keys.table("set");
    let table = keys.table("table");
    let join = keys.table("join");
    let [maps, keep, refuse, warn] = ["map", "keep", "refuse", "warn"].map(|key| keys.tables(key));
    keys.finish();
    own.set = set.map(|(table, _)| constants(table, found)).unwrap_or_default();
    own.table = table.map(|(table, span)| layout(table, span, found)).unwrap_or_default();
    own.join = join.and_then(|(table, span)| joining(table, span, found));
    own.maps = maps.into_iter().filter_map(|(table, span)| map(table, span, found)).collect();
    own.keep = keep.into_iter().filter_map(|(table, span)| keeping(table, span, found)).collect();
    own.refuse = refuse.into_iter().filter_map(|(table, span)| condition(table, span, found)).collect();
    own.warn = warn.into_iter().filter_map(|(table, span)| condition(table, span, found)).collect();
    let spec = match base {
        Some(base) => base.extended(own),
        None => own,
    };
    if spec.maps.is_empty() && !spec.rest && !found.has_errors() {
        let problem = Diagnostic::new(Code::ProfileEmpty, "the profile fills no field").at(whole);
        found.push(problem.help("add a `[[map]]`, or take columns by their names with `rest = \"fields\"`"));
    }
    spec
}

fn base(name: &str, span: Span, bases: &[&Spec], keys: &mut Keys<'_, '_>) -> Option<Spec> {
    let base = bases.iter().find(|base| base.name == name);
    if base.is_none() {
        let names = || bases.iter().map(|base| base.name.as_str());
        let help = match did_you_mean(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("built in are: {}", names().collect::<Vec<_>>().join(", ")),
        };
        keys.report(
            Diagnostic::new(Code::UnknownBase, format!("there is no profile `{name}` to extend")).at(span).help(help),
        );
    }
    base.map(|base| (*base).clone())
}

/// One set of keys, or several of which one is enough.
fn recognise(keys: &mut Keys<'_, '_>) -> Vec<Vec<String>> {
    let Some(node) = keys.node("recognise") else { return vec![] };
    if let Tree::List(nodes) = &node.tree
        && nodes.iter().any(|node| matches!(node.tree, Tree::List(_)))
    {
        let set =
            |node: &crate::diag::Node| node.each().iter().filter_map(|node| node.text().map(str::to_owned)).collect();
        return nodes.iter().map(set).collect();
    }
    vec![keys.texts("recognise").into_iter().map(|(key, _)| key).collect()]
}

fn folded(keys: &mut Keys<'_, '_>, key: &'static str) -> Vec<String> {
    keys.texts(key).into_iter().map(|(text, _)| blanks::key(&text)).collect()
}

fn carried(keys: &mut Keys<'_, '_>) -> Vec<Field> {
    let texts = keys.texts("carried");
    texts.into_iter().filter_map(|(text, span)| target(&text, span, keys)).map(|target| target.field).collect()
}

fn target(text: &str, span: Span, keys: &mut Keys<'_, '_>) -> Option<Target> {
    let target = Target::parse(text);
    if let Err(unfit) = &target {
        let (message, help) = unfit.explained(text);
        keys.report(Diagnostic::new(Code::ProfileField, message).at(span).help(help));
    }
    target.ok()
}

fn path((text, span): &(String, Span), keys: &mut Keys<'_, '_>) -> Option<Path> {
    let path = Path::parse(text);
    if path.is_none() {
        let problem = Diagnostic::new(Code::ProfilePath, format!("`{text}` is no column or path")).at(*span);
        keys.report(
            problem.help("write keys joined by dots, with `[]` after a list, as in `arrest_warrants[].charge`"),
        );
    }
    path
}

fn paths(keys: &mut Keys<'_, '_>, key: &'static str) -> Vec<Path> {
    keys.texts(key).iter().filter_map(|text| path(text, keys)).collect()
}

fn one_or_several_texts(keys: &mut Keys<'_, '_>, key: &'static str) -> Vec<(String, Span)> {
    match keys.node(key).map(|node| &node.tree) {
        Some(Tree::List(_)) => keys.texts(key),
        _ => keys.text(key).into_iter().collect(),
    }
}

/// One path or several, in their order.
fn one_or_several(keys: &mut Keys<'_, '_>, key: &'static str) -> Vec<Path> {
    one_or_several_texts(keys, key).iter().filter_map(|text| path(text, keys)).collect()
}

fn required_path(keys: &mut Keys<'_, '_>, key: &'static str, help: &str) -> Option<Path> {
    if !keys.has(key) {
        keys.missing(key, help);
    }
    let text = keys.text(key)?;
    path(&text, keys)
}

fn required_text(keys: &mut Keys<'_, '_>, key: &'static str, help: &str) -> Option<String> {
    if !keys.has(key) {
        keys.missing(key, help);
    }
    keys.text(key).map(|(text, _)| text)
}

/// Values that hold for every record.
fn constants(table: &Table, found: &mut Diagnostics) -> Vec<(Field, Json)> {
    let mut set = vec![];
    for (key, node) in table.iter() {
        let target = match Target::parse(&key.text) {
            Ok(target) if target.field.list().is_none() => target,
            Ok(_) => {
                let message = format!("`{}` belongs to the objects of a list and cannot be set for all", key.text);
                let problem = Diagnostic::new(Code::ProfileField, message).at(key.span);
                found.push(problem.help("fill it with a `[[map]]`"));
                continue;
            }
            Err(unfit) => {
                let (message, help) = unfit.explained(&key.text);
                found.push(Diagnostic::new(Code::ProfileField, message).at(key.span).help(help));
                continue;
            }
        };
        let json = |node: &crate::diag::Node| match &node.tree {
            Tree::Text(text) | Tree::Date(text) | Tree::Decimal(text) => text.as_str().into(),
            Tree::Integer(number) => (*number).into(),
            Tree::Flag(flag) => (*flag).into(),
            Tree::List(_) | Tree::Table(_) => Json::Null,
        };
        let items: Vec<Json> = node.each().iter().map(json).collect();
        if items.iter().all(|item| fits(target.field, item)) {
            let one =
                if target.takes_several() { Json::Array(items) } else { items.into_iter().next().unwrap_or_default() };
            set.push((target.field, one));
        } else {
            found.push(unfit_word(
                target.field,
                &node.text().map_or_else(|| node.kind().to_owned(), |text| format!("`{text}`")),
                node.span,
            ));
        }
    }
    set
}

fn fits(field: Field, json: &Json) -> bool {
    cell(field, json.clone(), &CellOptions::default()).is_ok()
}

fn unfit_word(field: Field, word: &str, span: Span) -> Diagnostic {
    let help = match field.ty() {
        Type::Term(words) => format!("it can be: {}", words.terms.join(", ")),
        other => format!("the field holds a value of the type {}", other.name()),
    };
    Diagnostic::new(Code::ProfileWord, format!("`{}` cannot hold {word}", field.path())).at(span).help(help)
}

fn map(table: &Table, span: Span, found: &mut Diagnostics) -> Option<Map> {
    let mut keys = Keys::new(table, span, "", found);
    if !keys.has("from") && !keys.has("column") {
        keys.missing("from", "name a path such as `arrest_warrants[].charge`, or a `column` by its name in the header");
    }
    let columns = one_or_several_texts(&mut keys, "column").into_iter().map(|(name, _)| Path::column(name.trim()));
    let from: Vec<Path> = one_or_several(&mut keys, "from").into_iter().chain(columns).collect();
    if !keys.has("to") {
        keys.missing("to", "name a field, as in `to = \"family_name\"`");
    }
    let to = keys.text("to").and_then(|(text, span)| target(&text, span, &mut keys));
    let present = keys.word("as", &[()], |()| PRESENT).is_some();
    let split = split(&mut keys);
    let strip = one_or_several_texts(&mut keys, "strip");
    let blank = folded(&mut keys, "blank");
    let words = ["values", "contains"].map(|key| keys.table(key).map(|(table, _)| meanings(table, to, &mut keys)));
    if let (true, Some(to)) = (present, to)
        && to.field.ty() != Type::Flag
    {
        let message = format!("`as = \"present\"` says yes or no, and `{}` holds something else", to.field.path());
        let problem = Diagnostic::new(Code::ProfileField, message).at(span);
        keys.report(problem.help("fill a field such as `has_photo`, or leave `as` out"));
    }
    keys.finish();
    let [values, contains] = words.map(Option::unwrap_or_default);
    let values = values.into_iter().map(|(text, value)| (blanks::key(&text), value)).collect();
    let strip = strip.into_iter().map(|(text, _)| text).collect();
    let map = Map { from, to, split, strip, values, contains, blank, present, words: None };
    (!map.from.is_empty() && to.is_some()).then_some(map)
}

/// What words mean. A meaning must fit the field; nothing means blank.
fn meanings(table: &Table, to: Option<Target>, keys: &mut Keys<'_, '_>) -> Vec<(String, String)> {
    let mut all = vec![];
    for (key, node) in table.iter() {
        let Some(value) = node.text() else {
            let problem = Diagnostic::new(
                Code::WrongType,
                format!("`{}` stands for text, but this is {}", key.text, node.kind()),
            );
            keys.report(problem.at(node.span).help("write text in quotes"));
            continue;
        };
        if let Some(to) = to.filter(|to| !value.is_empty() && !fits(to.field, &value.into())) {
            keys.report(unfit_word(to.field, &format!("`{value}`"), node.span));
            continue;
        }
        all.push((key.text.clone(), value.to_owned()));
    }
    all
}

fn split(keys: &mut Keys<'_, '_>) -> Option<Split> {
    let node = keys.node("split")?;
    if let Tree::Table(table) = &node.tree {
        let csv = table.get("csv").and_then(|node| node.text()).filter(|text| text.len() == 1);
        return match (csv, table.iter().count()) {
            (Some(text), 1) => text.bytes().next().map(Split::Csv),
            _ => {
                let problem = Diagnostic::new(Code::BadValue, "`split` names no delimiter").at(node.span);
                keys.report(
                    problem
                        .help("write `split = \";\"`, or `split = { csv = \";\" }` for a cell that is CSV in itself"),
                );
                None
            }
        };
    }
    keys.text("split").map(|(text, _)| Split::At(text.chars().collect()))
}

fn keeping(table: &Table, span: Span, found: &mut Diagnostics) -> Option<Keep> {
    let mut keys = Keys::new(table, span, "", found);
    let list = required_path(&mut keys, "list", "name the list, as in `list = \"properties.sanctions\"`");
    let from = required_path(&mut keys, "from", "name what tells its items, as in `from = \"datasets\"`");
    let is = folded(&mut keys, "is");
    keys.finish();
    Some(Keep { list: list?, from: from?, is })
}

fn condition(table: &Table, span: Span, found: &mut Diagnostics) -> Option<Condition> {
    let mut keys = Keys::new(table, span, "", found);
    let has = paths(&mut keys, "has");
    let lacks = paths(&mut keys, "lacks");
    let from = keys.text("from").and_then(|text| path(&text, &mut keys));
    let is_not = folded(&mut keys, "is_not");
    let say = required_text(&mut keys, "say", "say why, and what to do about it");
    if has.is_empty() && lacks.is_empty() && from.is_none() {
        keys.missing("has", "say when: `has` or `lacks` with keys, or `from` with `is_not`");
    }
    keys.finish();
    Some(Condition { has, lacks, from, is_not, say: say? })
}

fn joining(table: &Table, span: Span, found: &mut Diagnostics) -> Option<Join> {
    let mut keys = Keys::new(table, span, "", found);
    let key = required_path(&mut keys, "key", "name the key that tells parts, as in `key = \"schema\"`");
    let part = required_text(&mut keys, "part", "name what it says of a part, as in `part = \"Sanction\"`");
    let id = required_path(&mut keys, "id", "name the key of a row's id");
    let by = required_path(&mut keys, "by", "name where a part holds the ids of the rows it belongs to");
    let into = required_path(&mut keys, "into", "name where a row holds its parts");
    keys.finish();
    Some(Join { key: key?, part: part?, id: id?, by: by?, into: into?.keys().map(str::to_owned).collect() })
}

fn layout(table: &Table, span: Span, found: &mut Diagnostics) -> TableLayout {
    let mut keys = Keys::new(table, span, "", found);
    let [delimiter, quote] = ["delimiter", "quote"].map(|key| {
        let (text, span) = keys.text(key)?;
        let byte = text.bytes().next().filter(|_| text.len() == 1);
        if byte.is_none() {
            let problem = Diagnostic::new(Code::BadValue, format!("`{key}` cannot be `{text}`")).at(span);
            keys.report(problem.help("it is one ASCII character, such as `;`"));
        }
        byte
    });
    let header = keys.integer("header").and_then(|(number, span)| {
        let row = u64::try_from(number).ok();
        if row.is_none() {
            let problem = Diagnostic::new(Code::BadValue, format!("`header` cannot be {number}")).at(span);
            keys.report(problem.help("count rows from 1; 0 says that there is no header"));
        }
        row
    });
    let columns = keys.texts("columns").into_iter().map(|(name, _)| name).collect();
    let sheet = keys.text("sheet").map(|(name, _)| name);
    keys.finish();
    TableLayout { delimiter, quote, header, columns, sheet }
}
