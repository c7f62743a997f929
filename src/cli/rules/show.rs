//! `rules show`: one rule in words.

use std::io::{self, Write};

use clap::Args;

use crate::cli::exit::{Done, Exit};
use crate::cli::rulesets::{RulesArgs, load};
use crate::cli::{Io, no_such_rule};
use crate::report::{Line, Tone, View, asked, standing};
use crate::rule::{Expr, Filter, Rule, RuleSet};

/// What `rules show` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArgs {
    /// Id of the rule.
    id: String,
    #[command(flatten)]
    rules: RulesArgs,
}

pub(super) fn run(args: &ShowArgs, io: &mut Io<'_>) -> Done {
    let (rules, _) = load(&args.rules, io)?;
    let at = rules.position(&args.id).ok_or_else(|| no_such_rule(&args.id, &rules))?;
    let view = io.view();
    Card { out: io.out.to, rules: &rules, view }.rule(&rules.rules[at])?;
    Ok(Exit::Done)
}

struct Card<'a> {
    out: &'a mut dyn Write,
    rules: &'a RuleSet,
    view: View,
}

impl Card<'_> {
    fn line(&mut self, mark: &str, tone: Tone, text: &str) -> io::Result<()> {
        self.out.write_all(Line::of(tone, text).wrap(self.view.paint, mark, self.view.width).as_bytes())
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(b"\n")?;
        self.line("", Tone::Strong, text)
    }

    fn rule(&mut self, rule: &Rule) -> io::Result<()> {
        self.line("", Tone::Strong, &rule.title)?;
        self.line("", Tone::Dim, &facts(rule))?;
        if let Some(scope) = &rule.scope {
            self.heading("It is about records for which")?;
            self.condition(scope, 0)?;
        }
        if let Some(filter) = &rule.filter {
            return self.filter(filter);
        }
        self.heading("It says yes if")?;
        self.condition(&rule.body, 0)?;
        if let Some(requires) = &rule.requires {
            self.heading("Its bits count only if")?;
            self.condition(requires, 0)?;
        }
        self.heading("It then says")?;
        self.line("  ", Tone::Plain, &rule.message.to_string())?;
        if let Some(ask) = &rule.ask {
            self.line("  > ", Tone::Plain, ask)?;
        }
        self.lists(rule)?;
        self.heading("It rests on")?;
        for basis in &rule.basis {
            let verified = if basis.verified { "" } else { " (not verified)" };
            let url = basis.url.as_deref().map(|url| format!(", {url}")).unwrap_or_default();
            self.line("  ", Tone::Plain, &format!("{}{url}{verified}", basis.cite))?;
        }
        if !rule.overridden.is_empty() {
            self.heading("It was overridden")?;
        }
        for one in &rule.overridden {
            self.line("  ", Tone::Plain, &format!("by {}: {}. Reason: {}", one.by, one.change, one.reason))?;
        }
        if !rule.false_positives.is_empty() {
            self.heading("It is known to be wrong for")?;
        }
        for wrong in &rule.false_positives {
            self.line("  ", Tone::Plain, wrong)?;
        }
        Ok(())
    }

    fn filter(&mut self, filter: &Filter) -> io::Result<()> {
        self.heading("It suppresses")?;
        for at in &filter.suppresses {
            let rule = &self.rules.rules[*at];
            self.line("  ", Tone::Plain, &format!("{} [{}]", rule.title, rule.id))?;
        }
        self.heading("as long as it rests on what has the evidence hash")?;
        filter.evidence.iter().try_for_each(|hash| self.line("  ", Tone::Plain, hash))?;
        self.heading("because")?;
        let Filter { reason, reviewer, reviewed, expires, .. } = filter;
        self.line("  ", Tone::Plain, &format!("{reason} ({reviewer}, from {reviewed} to {expires})"))
    }

    /// The lists and tables the rule asks, each with its version.
    fn lists(&mut self, rule: &Rule) -> io::Result<()> {
        let names = self.rules.lists_of(rule);
        if !names.is_empty() {
            self.heading("It looks into")?;
        }
        for name in names {
            let text = list(name, self.rules);
            self.line("  ", Tone::Plain, &text)?;
        }
        Ok(())
    }

    fn condition(&mut self, expr: &Expr, depth: usize) -> io::Result<()> {
        let text = asked(expr, self.rules);
        self.line(&" ".repeat(2 + 2 * depth), Tone::Plain, &text)?;
        expr.children().iter().try_for_each(|part| self.condition(part, depth + 1))
    }
}

/// A list with what its header says of it.
fn list(name: &str, rules: &RuleSet) -> String {
    let hash = rules.list_hashes.get(name).map(|hash| format!("hash {hash}"));
    let mut parts: Vec<String> = vec![];
    if let Some(header) = rules.list_headers.get(name) {
        parts.extend([format!("version {}", header.version), format!("as of {}", header.as_of)]);
        parts.extend(header.source.clone());
        parts.extend([header.licence.clone(), header.maintainer.clone()]);
    }
    parts.extend(hash);
    format!("{name}: {}", parts.join(" · "))
}

fn facts(rule: &Rule) -> String {
    let mut facts = vec![rule.id.to_string()];
    facts.extend(standing(rule));
    facts.push(format!("{} tests", rule.tests.len()));
    facts.join(" · ")
}
