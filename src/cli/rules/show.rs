//! `rules show`: one rule in words.

use std::io::{self, Write};

use clap::Args;

use crate::cli::exit::{Done, Exit};
use crate::cli::read::{RulesArgs, load};
use crate::cli::{Io, no_such_rule};
use crate::report::{Line, Tone, View, asked, signed_bits};
use crate::rule::{Expr, Part, Rule, RuleSet};

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
        self.heading("It says yes if")?;
        self.condition(&rule.body, 0)?;
        if let Some(requires) = &rule.requires {
            self.heading("Its bits count only if")?;
            self.condition(requires, 0)?;
        }
        self.heading("It then says")?;
        self.line("  ", Tone::Plain, &message(rule))?;
        if let Some(ask) = &rule.ask {
            self.line("  > ", Tone::Plain, ask)?;
        }
        self.heading("It rests on")?;
        for basis in &rule.basis {
            let verified = if basis.verified { "" } else { " (not verified)" };
            let url = basis.url.as_deref().map(|url| format!(", {url}")).unwrap_or_default();
            self.line("  ", Tone::Plain, &format!("{}{url}{verified}", basis.cite))?;
        }
        if !rule.false_positives.is_empty() {
            self.heading("It is known to be wrong for")?;
        }
        for wrong in &rule.false_positives {
            self.line("  ", Tone::Plain, wrong)?;
        }
        Ok(())
    }

    fn condition(&mut self, expr: &Expr, depth: usize) -> io::Result<()> {
        let text = asked(expr, self.rules);
        self.line(&" ".repeat(2 + 2 * depth), Tone::Plain, &text)?;
        expr.children().iter().try_for_each(|part| self.condition(part, depth + 1))
    }
}

fn facts(rule: &Rule) -> String {
    let mut facts = vec![rule.id.to_string(), format!("revision {}", rule.revision), rule.kind.word().to_owned()];
    facts.extend(rule.factor.map(|factor| format!("factor {} ({})", factor.word(), factor.meaning())));
    facts.extend(rule.ground.map(|ground| format!("ground: {}", ground.meaning())));
    facts.extend(signed_bits(rule).map(|bits| format!("{bits} bits")));
    facts.push(format!("{}{}", rule.status.word(), if rule.active { "" } else { " (off)" }));
    facts.push(format!("{} tests", rule.tests.len()));
    facts.join(" · ")
}

fn message(rule: &Rule) -> String {
    rule.message.fill(|part| match part {
        Part::Text(text) => text.clone(),
        Part::Value(field) => format!("{{{}}}", field.path()),
        Part::Match(field) => format!("{{{}.match}}", field.path()),
        Part::Entry(field) => format!("{{{}.entry}}", field.path()),
    })
}
