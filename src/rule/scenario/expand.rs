//! Tests of many cases to tests of one: `cases` and `table` are laid over `given`, row by row.
//!
//! What comes out is a table of the keys of a simple test, with the places of what was written.

use crate::diag::{Code, Diagnostic, Diagnostics, Key, Node, Span, Table, Tree};
use crate::record::{Field, Type};

/// The records beside the one that is judged.
const OTHERS: &str = "others";

/// The columns of `cases` that are no fields of the record.
const EXPECTATIONS: [&str; 9] =
    ["others", "name", "expect", "counts", "missing", "evidence", "results", "not_carried", "todo"];

/// The simple tests that a test stands for, each with its place.
pub(super) fn expand(table: &Table, span: Span, rule: &str, found: &mut Diagnostics) -> Vec<(Table, Span)> {
    let mut report = |problem: Diagnostic| found.push(problem.rule(rule));
    match (table.get("cases"), table.get("table")) {
        (None, None) => {
            if let Some(key) = table.key("expect_by_id") {
                let problem = Diagnostic::new(Code::BadTest, "`expect_by_id` needs a `table` of records");
                report(problem.at(key.span).help("add `table = [{ record_id = \"…\" }]`, or use `expect`"));
            }
            vec![(without(table, &["expect_by_id"]), span)]
        }
        (Some(cases), Some(_)) => {
            let problem = Diagnostic::new(Code::BadTest, "a test has `cases` or a `table`, not both").at(cases.span);
            report(problem.help("make two tests of it"));
            vec![]
        }
        (Some(cases), None) => of_cases(table, cases, &mut report),
        (None, Some(rows)) => of_table(table, rows, &mut report),
    }
}

/// The keys of a test without some.
fn without(table: &Table, gone: &[&str]) -> Table {
    let kept = table.iter().filter(|(key, _)| !gone.contains(&key.text.as_str()));
    kept.map(|(key, node)| (key.clone(), node.clone())).collect()
}

/// A table with a key set.
fn set(table: &Table, key: &Key, node: Node) -> Table {
    let others = table.iter().filter(|(own, _)| own.text != key.text);
    others.map(|(key, node)| (key.clone(), node.clone())).chain([(key.clone(), node)]).collect()
}

/// The name of a case: that of the test, and its own or its number.
fn named(test: &Table, own: Option<&Node>, number: usize) -> Option<Node> {
    let name = test.get("name")?;
    let own = own.and_then(Node::text).map_or_else(|| format!("case {number}"), str::to_owned);
    Some(Node { span: name.span, tree: Tree::Text(format!("{}: {own}", name.text()?)) })
}

/// The cases of a test. The first row names fields and expectations, every further row is a case.
fn of_cases(test: &Table, cases: &Node, report: &mut dyn FnMut(Diagnostic)) -> Vec<(Table, Span)> {
    let form = "write `cases = [[\"facts_summary\", \"expect\"], [\"He shot.\", \"yes\"]]`";
    let bad = |message: &str, at: Span| Diagnostic::new(Code::BadTest, message).at(at).help(form);
    let Tree::List(rows) = &cases.tree else {
        report(bad("`cases` is an array of arrays", cases.span));
        return vec![];
    };
    let Some((Node { tree: Tree::List(head), .. }, rows)) = rows.split_first() else {
        report(bad("`cases` begins with the names of its columns", cases.span));
        return vec![];
    };
    let columns: Option<Vec<Key>> =
        head.iter().map(|node| Some(Key { text: node.text()?.to_owned(), span: node.span })).collect();
    let Some(columns) = columns.filter(|_| !rows.is_empty()) else {
        report(bad("the first row of `cases` holds names of columns, and each further row a case", cases.span));
        return vec![];
    };
    let base = without(test, &["cases"]);
    let mut all = vec![];
    for (number, row) in rows.iter().enumerate() {
        let Tree::List(cells) = &row.tree else {
            report(bad("a case is an array", row.span));
            continue;
        };
        if cells.len() != columns.len() {
            let message = format!("values and columns differ in number: {} and {}", cells.len(), columns.len());
            report(Diagnostic::new(Code::BadTest, message).at(row.span).help("give one value for each column"));
            continue;
        }
        match case(&base, &columns, (row.span, cells), number + 1) {
            Ok(table) => all.push((table, row.span)),
            Err(problem) => report(*problem),
        }
    }
    all
}

/// One case laid over its test.
fn case(base: &Table, columns: &[Key], (row, cells): (Span, &[Node]), number: usize) -> Result<Table, Box<Diagnostic>> {
    let mut test = base.clone();
    let mut given = base.get("given").and_then(Node::table).cloned().unwrap_or_default();
    for (column, cell) in columns.iter().zip(cells) {
        if EXPECTATIONS.contains(&column.text.as_str()) {
            test = set(&test, column, cell.clone());
        } else if column.text.starts_with("others.") {
            test = lay(&test, column, &column.text, cell)?;
        } else {
            given = lay(&given, column, &column.text, cell)?;
        }
    }
    let at = columns.first().map_or(row, |column| column.span);
    let own = columns.iter().position(|column| column.text == "name").and_then(|at| cells.get(at));
    test = set(&test, &key_of(base, "given", at), Node { span: at, tree: Tree::Table(given) });
    Ok(match named(base, own, number) {
        Some(name) => set(&test, &key_of(base, "name", at), name),
        None => test,
    })
}

/// A key as it is written in a test, or at the place of what stands for it.
fn key_of(test: &Table, key: &str, at: Span) -> Key {
    test.key(key).cloned().unwrap_or_else(|| Key { text: key.to_owned(), span: at })
}

/// A record with a field set, by its path. A field of a list of objects is set in its only object.
fn lay(record: &Table, column: &Key, path: &str, cell: &Node) -> Result<Table, Box<Diagnostic>> {
    let Some((first, rest)) = path.split_once('.') else {
        return Ok(set(record, &Key { text: path.to_owned(), span: column.span }, cell.clone()));
    };
    let key = Key { text: first.to_owned(), span: column.span };
    let is_list = first == OTHERS || Field::named(first).is_some_and(|field| field.ty() == Type::Object);
    let objects = record.get(first).map(Node::each).unwrap_or_default();
    if objects.len() > 1 {
        let message = format!("`{first}` has {} elements, and `{path}` is a field of one", objects.len());
        let problem = Diagnostic::new(Code::BadTest, message).at(column.span);
        let help = format!("leave one element in `given`, or make a column `{first}`");
        return Err(Box::new(problem.help(help)));
    }
    let inner = objects.first().and_then(Node::table).cloned().unwrap_or_default();
    let object = Node { span: cell.span, tree: Tree::Table(lay(&inner, column, rest, cell)?) };
    let node = if is_list { Node { span: cell.span, tree: Tree::List(vec![object]) } } else { object };
    Ok(set(record, &key, node))
}

/// The records of a table, each a test.
fn of_table(test: &Table, rows: &Node, report: &mut dyn FnMut(Diagnostic)) -> Vec<(Table, Span)> {
    let base = without(test, &["table", "expect_by_id"]);
    let given = base.get("given").and_then(Node::table).cloned().unwrap_or_default();
    let by_id = test.get("expect_by_id").and_then(Node::table).cloned().unwrap_or_default();
    let (mut all, mut ids) = (vec![], vec![]);
    let over = |row: &Table| row.iter().fold(given.clone(), |record, (key, node)| set(&record, key, node.clone()));
    for (number, node) in rows.each().iter().enumerate() {
        let Some(row) = node.table() else {
            let problem =
                Diagnostic::new(Code::BadTest, format!("a row of `table` is a record, but this is {}", node.kind()));
            report(problem.at(node.span).help("write `table = [{ record_id = \"1\", kind = \"red_notice\" }]`"));
            continue;
        };
        let record = over(row);
        let id = record.get("record_id").and_then(Node::text).map(str::to_owned);
        let expect = id.as_deref().and_then(|id| Some((by_id.key(id)?, by_id.get(id)?)));
        if expect.is_none() && test.get("expect").is_none() {
            let problem = Diagnostic::new(Code::BadTest, "nothing is expected of this record").at(node.span);
            report(problem.help("give it a `record_id`, and name that in `expect_by_id`"));
            continue;
        }
        let mut one =
            set(&base, &key_of(&base, "given", node.span), Node { span: node.span, tree: Tree::Table(record) });
        if let Some((key, expect)) = expect {
            one = set(&one, &Key { text: "expect".to_owned(), span: key.span }, expect.clone());
        }
        // Each record of the table stands among the others.
        let beside = rows.each().iter().enumerate().filter(|(other, _)| *other != number);
        let beside =
            beside.filter_map(|(_, node)| Some(Node { span: node.span, tree: Tree::Table(over(node.table()?)) }));
        let written = base.get(OTHERS).map(Node::each).unwrap_or_default().iter().cloned();
        let others = Node { span: rows.span, tree: Tree::List(beside.chain(written).collect()) };
        one = set(&one, &key_of(&base, OTHERS, node.span), others);
        let own = row.get("record_id");
        if let Some(name) = named(&base, own, number + 1) {
            one = set(&one, &key_of(&base, "name", node.span), name);
        }
        ids.extend(id);
        all.push((one, node.span));
    }
    for (key, _) in by_id.iter().filter(|(key, _)| !ids.contains(&key.text)) {
        let problem = Diagnostic::new(Code::BadTest, format!("no record of the table has the id `{}`", key.text));
        report(problem.at(key.span).help("correct the id; it is the `record_id` of a row"));
    }
    all
}
