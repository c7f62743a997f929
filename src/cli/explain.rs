//! `explain`: one record in full.

use clap::Args;

use super::exit::{Done, Exit, Failure};
use super::passes::Passes;
use super::read::{InputArgs, sources};
use super::rulesets::{RulesArgs, SelectArgs, load_selected};
use super::screen::company;
use super::{Io, no_such_rule, not_known};
use crate::engine::{Keep, Plan, ScanOptions, Scanner};
use crate::explain::case;
use crate::record::{Field, Row as _, Value};
use crate::report::full::write_full;
use crate::report::trace::write_trace;
use crate::rule::{judge, judge_among};
use crate::table::NoticeTable;

/// What `explain` is asked for.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// Files, folders or patterns with the record and those it is compared with. `-` reads standard input.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
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
    let options = args.read.options(io)?;
    let rules = load_selected(&args.rules, &args.select, options.today, io)?;
    let only = match &args.rule {
        None => None,
        Some(id) => Some(rules.position(id).ok_or_else(|| no_such_rule(id, &rules))?),
    };
    let inputs = sources(&args.inputs, io)?;
    let plans = [Plan::compile(rules)];
    let rules = plans[0].rules();
    let (passes, companies) = company(&plans, &inputs, &options)?;
    let found = find(passes, &args.id)?;
    let scanner = Scanner::new(&plans[0], ScanOptions { keep: Keep::All });
    let mut scanner = scanner.beside(companies.into_iter().flatten().next()).from_record(found.position);
    scanner.add(0, vec![found.table])?;
    let scan = scanner.finish();
    let judged = scan.chunks.first().and_then(|kept| Some((&kept.table, kept.judged.first()?, kept.table.origin(0)?)));
    let Some((table, judged, origin)) = judged else {
        return Err(Failure::usage("the record could not be judged"));
    };
    let record = table.record(0);
    let view = io.view();
    if only.is_none() {
        write_full(io.out.to, &case(&record, judged, rules, &found.file, origin), view)?;
    }
    let judgement = match judged.others() {
        Some(others) => judge_among(rules, &record, others),
        None => judge(rules, &record),
    };
    write_trace(io.out.to, &judgement, only, view)?;
    if only.is_none() {
        writeln!(io.out.to, "\n{}", crate::report::NOTE)?;
    }
    Ok(Exit::Done)
}

/// A record, as a table of its own.
struct Found {
    table: NoticeTable,
    /// How many records were before it.
    position: usize,
    file: String,
}

/// The first record with this id.
fn find(mut passes: Passes, id: &str) -> Done<Found> {
    let (mut ids, mut position) = (vec![], 0);
    while let Some(next) = passes.next() {
        let (input, chunk) = next?;
        let columns = chunk.table.columns();
        for row in 0..chunk.table.len() {
            match columns.row(row).cell(Field::RECORD_ID, 0) {
                Ok(Value::Text(text)) if text == id => {
                    let table = chunk.table.select(&[row]).map_err(crate::engine::EngineError::from)?;
                    return Ok(Found { table, position: position + row, file: passes.name_of(input) });
                }
                Ok(Value::Text(text)) => ids.push(text.to_owned()),
                _ => {}
            }
        }
        position += chunk.table.len();
    }
    Err(not_known("record with the id", id, &ids))
}
