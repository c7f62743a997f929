//! `rules`: looks at rules, checks them, runs their tests.

mod card;
mod check;
mod coverage;
mod diff;
mod explain_code;
mod fields;
mod fmt;
mod list;
mod lock;
mod new;
mod schema;
mod show;
mod test;

use clap::Subcommand;

use super::Io;
use super::exit::Done;

/// What can be done with rules.
#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// List the rules.
    List(list::ListArgs),
    /// Show one rule: what it asks, what it rests on, when it is known to be wrong.
    Show(show::ShowArgs),
    /// Check rule files and say what is wrong with them, and where.
    Check(check::CheckArgs),
    /// Run the tests that stand in rule files.
    Test(test::TestArgs),
    /// Say which parts of the rules no test and no record reaches.
    Coverage(Box<coverage::CoverageArgs>),
    /// Lay out rule files and lists in one way, with every comment kept.
    Fmt(fmt::FmtArgs),
    /// Write down what each rule means, so that a change of meaning without a higher revision is an error.
    Lock(lock::LockArgs),
    /// Say what differs between two rule sets in how they judge; exits with 1 if anything does.
    Diff(diff::DiffArgs),
    /// Print the JSON Schema of rule files, for completion in an editor.
    Schema(schema::SchemaArgs),
    /// Show a rule on a page: what it asks, rests on and does, how it was tried, how often it speaks.
    Card(card::CardArgs),
    /// Write such a page for every rule, and an index.
    Cards(card::CardsArgs),
    /// Begin a rule: every key that its kind needs, with tests and with comments that say what to fill in.
    New(new::NewArgs),
    /// List the fields that a record can have and a rule can ask about.
    Fields,
}

pub(super) fn run(command: &RulesCommand, io: &mut Io<'_>) -> Done {
    match command {
        RulesCommand::List(args) => list::run(args, io),
        RulesCommand::Show(args) => show::run(args, io),
        RulesCommand::Check(args) => check::run(args, io),
        RulesCommand::Test(args) => test::run(args, io),
        RulesCommand::Coverage(args) => coverage::run(args, io),
        RulesCommand::Fmt(args) => fmt::run(args, io),
        RulesCommand::Lock(args) => lock::run(args, io),
        RulesCommand::Diff(args) => diff::run(args, io),
        RulesCommand::Schema(args) => schema::run(args, io),
        RulesCommand::Card(args) => card::one(args, io),
        RulesCommand::Cards(args) => card::all(args, io),
        RulesCommand::New(args) => new::run(args, io),
        RulesCommand::Fields => fields::run(io),
    }
}
