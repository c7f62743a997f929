//! `rules card` and `rules cards`: a rule on a page of its own, and all rules with an index.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::cli::deliver::shown;
use crate::cli::exit::{Done, Exit, Failure};
use crate::cli::progress::Progress;
use crate::cli::read::{InputArgs, sources};
use crate::cli::rulesets::{RulesArgs, load, rule_files};
use crate::cli::screen::{Job, Screened, screen};
use crate::cli::{Io, no_such_rule};
use crate::engine::{Keep, Plan};
use crate::report::{Corpus, Markup, RuleCards, count};
use crate::rule::{RuleFiles, RuleSet};

/// How pages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For a repository, a wiki or a terminal.
    Markdown,
    /// A page for a browser, which prints well and needs nothing else.
    Html,
}

/// What both commands are asked for.
#[derive(Debug, Args)]
struct CommonArgs {
    #[command(flatten)]
    rules: RulesArgs,
    /// Files, folders or patterns with records: how often a rule says what of them stands on the page.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    corpus: Vec<String>,
}

/// What `rules card` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct CardArgs {
    /// Id of the rule.
    id: String,
    /// How the page is written.
    #[arg(long, value_enum, default_value_t = Form::Markdown)]
    format: Form,
    #[command(flatten)]
    common: CommonArgs,
}

/// What `rules cards` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct CardsArgs {
    /// Folder for the pages: one for each rule, and an index. It is made where it is not there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How the pages are written.
    #[arg(long, value_enum, default_value_t = Form::Html)]
    format: Form,
    #[command(flatten)]
    common: CommonArgs,
}

impl Form {
    fn markup(self) -> Markup {
        match self {
            Self::Markdown => Markup::Markdown,
            Self::Html => Markup::Html,
        }
    }
}

pub(super) fn one(args: &CardArgs, io: &mut Io<'_>) -> Done {
    let deck = Deck::of(&args.common, io)?;
    let at = deck.rules.position(&args.id).ok_or_else(|| no_such_rule(&args.id, &deck.rules))?;
    let markup = args.format.markup();
    io.out.to.write_all(deck.cards(markup).card(at).write(markup).as_bytes())?;
    Ok(Exit::Done)
}

pub(super) fn all(args: &CardsArgs, io: &mut Io<'_>) -> Done {
    let deck = Deck::of(&args.common, io)?;
    std::fs::create_dir_all(&args.out).map_err(|error| Failure::output(&shown(&args.out), error))?;
    let markup = args.format.markup();
    let cards = deck.cards(markup);
    for (at, rule) in deck.rules.rules.iter().enumerate() {
        write(&args.out.join(cards.file(rule)), &cards.card(at).write(markup))?;
    }
    let index = args.out.join(format!("index.{}", markup.extension()));
    write(&index, &cards.index().write(markup))?;
    let rules = count(u64::try_from(deck.rules.rules.len()).unwrap_or(u64::MAX), "rule");
    writeln!(io.out.to, "{}: {rules}", crate::text::visible(&index.display().to_string()))?;
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> Done<()> {
    std::fs::write(path, text).map_err(|error| Failure::output(&shown(path), error))
}

/// Rules, and what they said of a corpus.
struct Deck {
    files: RuleFiles,
    rules: Arc<RuleSet>,
    screened: Option<Screened>,
}

impl Deck {
    fn of(args: &CommonArgs, io: &mut Io<'_>) -> Done<Self> {
        let files = rule_files(args.rules.rules.as_deref())?;
        let (rules, _) = load(&args.rules, io)?;
        let screened = if args.corpus.is_empty() { None } else { Some(judged(&rules, &args.corpus, io)?) };
        Ok(Self { files, rules, screened })
    }

    fn cards(&self, markup: Markup) -> RuleCards<'_> {
        let scan = self.screened.as_ref().and_then(|screened| screened.scans.first());
        let corpus = scan.map(|scan| Corpus { records: scan.records, tallies: &scan.tallies });
        RuleCards { files: &self.files, rules: &self.rules, corpus, markup }
    }
}

fn judged(rules: &Arc<RuleSet>, corpus: &[String], io: &mut Io<'_>) -> Done<Screened> {
    let read = InputArgs::default().options(io)?;
    let inputs = sources(corpus, io)?;
    let plans = [Plan::compile(Arc::clone(rules))];
    let job = Job { plans: &plans, inputs: &inputs, read, keep: Keep::Flagged };
    let mut progress = Progress::new(io.err.terminal);
    let mut rejected = 0;
    let screened = screen(&job, &mut progress, &mut |_, _| {
        rejected += 1;
        Ok(())
    })?;
    progress.done();
    for failure in &screened.failures {
        io.say(&format!("warning: {}\n", crate::text::visible(&failure.to_string())));
    }
    if rejected > 0 {
        io.say(&format!("warning: {} of the corpus could not be read\n", count(rejected, "row")));
    }
    Ok(screened)
}
