//! `explain`: one record in full.

use clap::Args;

use super::exit::{Done, Exit, Failure};
use super::read::InputArgs;
use super::rulesets::{RulesArgs, SelectArgs, load_selected};
use super::{Io, no_such_rule, not_known};
use crate::engine::{Keep, Plan, ScanOptions, Scanner};
use crate::explain::case;
use crate::ingest::{self, Source};
use crate::record::{Field, Row as _, Value};
use crate::report::full::write_full;
use crate::report::trace::write_trace;
use crate::rule::judge;
use crate::table::NoticeTable;

/// What `explain` is asked for.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// File with the record. `-` reads standard input.
    input: String,
    /// Id of the record.
    #[arg(long)]
    id: String,
    /// Show what this rule says, and no other.
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    read: InputArgs,
}

pub(super) fn run(args: &ExplainArgs, io: &mut Io<'_>) -> Done {
    let options = args.read.options(None, io)?;
    let rules = load_selected(&args.rules, &args.select, options.today, io)?;
    let only = match &args.rule {
        None => None,
        Some(id) => Some(rules.position(id).ok_or_else(|| no_such_rule(id, &rules))?),
    };
    let table = find(&args.input, &args.id, &options)?;
    let plan = Plan::compile(rules);
    let rules = plan.rules();
    let mut scanner = Scanner::new(&plan, ScanOptions { keep: Keep::All });
    scanner.add(0, vec![table])?;
    let scan = scanner.finish();
    let found = scan.chunks.first().and_then(|kept| Some((&kept.table, kept.judged.first()?, kept.table.origin(0)?)));
    let Some((table, judged, origin)) = found else {
        return Err(Failure::usage("the record could not be judged"));
    };
    let record = table.record(0);
    let view = io.view();
    if only.is_none() {
        write_full(io.out.to, &case(&record, judged, rules, &args.input, origin), view)?;
    }
    write_trace(io.out.to, &judge(rules, &record), only, view)?;
    if only.is_none() {
        writeln!(io.out.to, "\n{}", crate::report::NOTE)?;
    }
    Ok(Exit::Done)
}

/// The first record with this id, as a table of its own.
fn find(input: &str, id: &str, options: &ingest::ReadOptions) -> Done<NoticeTable> {
    let mut ids = vec![];
    for chunk in ingest::read(&Source::parse(input), options)? {
        let table = chunk?.table;
        let columns = table.columns();
        for row in 0..table.len() {
            match columns.row(row).cell(Field::RECORD_ID, 0) {
                Ok(Value::Text(text)) if text == id => {
                    let found = table.select(&[row]);
                    return found.map_err(|error| crate::engine::EngineError::from(error).into());
                }
                Ok(Value::Text(text)) => ids.push(text.to_owned()),
                _ => {}
            }
        }
    }
    Err(not_known("record with the id", id, &ids))
}
