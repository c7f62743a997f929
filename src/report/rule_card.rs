//! A rule on a page of its own, for those who must answer for it: what it looks at, what it rests on, what it can do to an
//! outcome and what not, when it is wrong, how it was tried, how often it speaks.

use std::collections::BTreeSet;

use super::page::{Block, Page, Words};
use super::{Bits, Markup, count};
use crate::engine::Tally;
use crate::rule::{Expr, Factor, Filter, Ground, Kind, Profile, Rule, RuleFiles, RuleSet, Verdict};

/// How many different sources of a list are named.
const SOURCES: usize = 12;

/// What is said of a list.
const LIST: [&str; 5] = ["list", "entries", "version", "licence", "sources"];

/// How often the rules of a set spoke on some records.
#[derive(Debug)]
pub struct Corpus<'a> {
    /// How many records were judged.
    pub records: u64,
    /// For each rule, how often it said what.
    pub tallies: &'a [Tally],
}

/// What cards are made of.
#[derive(Debug)]
pub struct RuleCards<'a> {
    /// The files of the rule set, for its lists.
    pub files: &'a RuleFiles,
    /// The rules.
    pub rules: &'a RuleSet,
    /// Records they were tried on, if any.
    pub corpus: Option<Corpus<'a>>,
    /// How the pages are written, for links between them.
    pub markup: Markup,
}

/// What an expression asks, in words; its parts are said below it.
#[must_use]
pub fn asked(expr: &Expr, rules: &RuleSet) -> String {
    match expr {
        Expr::Clause(at) => rules.clauses[*at].describe(),
        Expr::Rule(at) => format!("the rule `{}` holds", rules.rules[*at].id),
        Expr::Named(name, _) => format!("`{name}`:"),
        Expr::Not(_) => "it is not so that".to_owned(),
        Expr::AssumeNo(_) => "as far as the record says".to_owned(),
        Expr::All(_) => "all of these hold".to_owned(),
        Expr::Any(_) => "at least one of these holds".to_owned(),
        Expr::AtLeast(wanted, _) => format!("at least {wanted} of these hold"),
    }
}

/// The bits that a rule adds or, if it is a mitigator, takes away.
#[must_use]
pub fn signed_bits(rule: &Rule) -> Option<Bits> {
    let sign = if rule.kind == Kind::Mitigator { -1 } else { 1 };
    rule.kind.has_bits().then_some(Bits(sign * rule.millibits))
}

impl RuleCards<'_> {
    /// The page of the rule at a position.
    #[must_use]
    pub fn card(&self, at: usize) -> Page {
        let rule = &self.rules.rules[at];
        let mut page = Page::new(rule.title.clone());
        page.blocks.push(Block::Paragraph(Words::of(&facts(rule))));
        if let Some(scope) = &rule.scope {
            page.section("It is about records for which", vec![self.condition(scope)]);
        }
        match &rule.filter {
            Some(filter) => self.review(filter, &mut page),
            None => page.section("It says yes if", vec![self.condition(&rule.body)]),
        }
        if let Some(requires) = &rule.requires {
            page.section("Its bits count only if", vec![self.condition(requires)]);
        }
        page.section("What it does to an outcome", vec![lines(effect(rule, &self.rules.profile))]);
        if !rule.overridden.is_empty() {
            page.section("It was overridden", vec![lines(rule.overridden.iter().map(overridden).collect())]);
        }
        // A suppression says nothing of its own; what it rests on is the review.
        if rule.kind != Kind::Filter {
            page.section("What it then says", said(rule));
            page.section("What it rests on", vec![basis(rule)]);
            page.section("When it is known to be wrong", vec![lines(wrong(rule))]);
        }
        self.lists(rule, &mut page);
        self.neighbours(at, &mut page);
        page.section("How it was tried", vec![tests(rule)]);
        page.section("How often it speaks", vec![lines(vec![self.spoken(at)])]);
        page.blocks.push(Block::Paragraph(Words::of(&self.origin(rule))));
        page
    }

    /// A page that leads to every card.
    #[must_use]
    pub fn index(&self) -> Page {
        let profile = &self.rules.profile;
        let mut page = Page::new(format!("The rules of {} {}", profile.name, profile.version));
        for kind in Kind::ALL {
            let of_kind = (0..self.rules.rules.len()).filter(|at| self.rules.rules[*at].kind == *kind);
            let rows: Vec<Vec<Words>> = of_kind.map(|at| self.row(at)).collect();
            if !rows.is_empty() {
                let number = count(u64::try_from(rows.len()).unwrap_or(u64::MAX), "rule");
                let heading = vec!["rule", "title", "about", "bits", "status", "yes", "unknown"];
                page.section(&format!("{}: {number}", kind.word()), vec![Block::Table(heading, rows)]);
            }
        }
        page.blocks.push(Block::Paragraph(Words::of(&match &self.corpus {
            None => "No corpus was given: how often the rules speak is not known.".to_owned(),
            Some(corpus) => format!("Tried on {}.", count(corpus.records, "record")),
        })));
        page
    }

    /// The name of the file of a card.
    #[must_use]
    pub fn file(&self, rule: &Rule) -> String {
        format!("{}.{}", rule.id, self.markup.extension())
    }

    fn row(&self, at: usize) -> Vec<Words> {
        let rule = &self.rules.rules[at];
        let about = rule.factor.map(Factor::meaning).or(rule.ground.map(Ground::meaning)).unwrap_or("-");
        let bits = signed_bits(rule).map_or_else(|| "-".to_owned(), |bits| bits.to_string());
        let rate = |of: fn(&Tally) -> u64| {
            self.corpus.as_ref().map_or_else(|| "-".to_owned(), |corpus| of(&corpus.tallies[at]).to_string())
        };
        let texts = [
            rule.title.clone(),
            about.to_owned(),
            bits,
            status(rule),
            rate(|tally| tally.yes),
            rate(|tally| tally.unknown),
        ];
        [self.link(rule)].into_iter().chain(texts.iter().map(|text| Words::of(text))).collect()
    }

    fn link(&self, rule: &Rule) -> Words {
        Words::link(rule.id.to_string(), self.file(rule))
    }

    fn condition(&self, expr: &Expr) -> Block {
        fn walk(expr: &Expr, depth: usize, rules: &RuleSet, into: &mut Vec<(usize, Words)>) {
            into.push((depth, Words::of(&asked(expr, rules))));
            expr.children().iter().for_each(|part| walk(part, depth + 1, rules, into));
        }
        let mut lines = vec![];
        walk(expr, 0, self.rules, &mut lines);
        Block::List(lines)
    }

    fn lists(&self, rule: &Rule, page: &mut Page) {
        let rows: Vec<Vec<Words>> = self.rules.lists_of(rule).into_iter().map(|list| self.list(list)).collect();
        if !rows.is_empty() {
            page.section("The lists it reads", vec![Block::Table(LIST.to_vec(), rows)]);
        }
    }

    fn list(&self, list: &str) -> Vec<Words> {
        let text = self.rules.list_text(list, self.files).unwrap_or_default();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let column = reader.headers().ok().and_then(|heading| heading.iter().position(|name| name.trim() == "source"));
        let (mut entries, mut sources) = (0, BTreeSet::new());
        for row in reader.records().flatten() {
            entries += 1;
            sources.extend(
                column.and_then(|at| row.get(at)).map(str::trim).filter(|source| !source.is_empty()).map(str::to_owned),
            );
        }
        let more = sources.len().saturating_sub(SOURCES);
        let mut named = sources.into_iter().take(SOURCES).collect::<Vec<_>>().join("; ");
        if more > 0 {
            named += &format!("; and {more} more");
        }
        let header = self.rules.list_headers.get(list);
        let version =
            header.map_or_else(|| "-".to_owned(), |header| format!("{}, as of {}", header.version, header.as_of));
        let licence = header.map_or("-", |header| &header.licence);
        if let (true, Some(source)) = (named.is_empty(), header.and_then(|header| header.source.as_ref())) {
            named.clone_from(source);
        }
        let entries = entries.to_string();
        let texts = [entries.as_str(), &version, licence, &named].map(plain);
        [Words::of(&format!("`{list}`"))].into_iter().chain(texts).collect()
    }

    /// The rules it builds on, and those that build on it.
    fn neighbours(&self, at: usize, page: &mut Page) {
        let rules = &self.rules.rules;
        let below: Vec<usize> = rules[at].builds_on().into_iter().collect();
        let above: Vec<usize> = (0..rules.len()).filter(|other| rules[*other].builds_on().contains(&at)).collect();
        for (heading, found) in [("It builds on", below), ("These build on it", above)] {
            if !found.is_empty() {
                page.section(heading, vec![self.links(&found)]);
            }
        }
    }

    /// Rules with their titles.
    fn links(&self, found: &[usize]) -> Block {
        let rule = |at: &usize| &self.rules.rules[*at];
        let line = |rule: &Rule| self.link(rule).and(plain(&format!(": {}", rule.title)));
        lines(found.iter().map(rule).map(line).collect())
    }

    /// What a suppression reaches, for how long and why.
    fn review(&self, filter: &Filter, page: &mut Page) {
        let Filter { suppresses, evidence, reason, reviewer, reviewed, expires } = filter;
        page.section("It suppresses", vec![self.links(suppresses)]);
        let hashes = evidence.iter().map(|hash| Words::of(&format!("`{hash}`"))).collect();
        page.section("as long as it rests on what has the evidence hash", vec![lines(hashes)]);
        let because = format!("{reason} ({reviewer}, from {reviewed} to {expires})");
        page.section("because", vec![Block::Paragraph(plain(&because))]);
    }

    fn spoken(&self, at: usize) -> Words {
        let Some(corpus) = &self.corpus else { return Words::of("No corpus was given.") };
        let Tally { yes, no, unknown, not_applicable, suppressed } = corpus.tallies[at];
        let of = corpus.records;
        let reviewed =
            if suppressed == 0 { String::new() } else { format!(", suppressed after a review in {suppressed}") };
        Words::of(&format!(
            "yes in {yes} of {of}, no in {no}, unknown in {unknown}, outside its scope in {not_applicable}{reviewed}"
        ))
    }

    fn origin(&self, rule: &Rule) -> String {
        let Profile { name, version, .. } = &self.rules.profile;
        format!("Rule set {name} {version}; rule revision {}, hash `{}`. {}", rule.revision, rule.hash, super::NOTE)
    }
}

impl Page {
    fn section(&mut self, heading: &str, blocks: Vec<Block>) {
        self.blocks.push(Block::Heading(heading.to_owned()));
        self.blocks.extend(blocks);
    }
}

/// Text of people, in which a backtick is a backtick.
fn plain(text: &str) -> Words {
    Words(vec![super::page::Piece::Text(text.to_owned())])
}

fn lines(lines: Vec<Words>) -> Block {
    Block::List(lines.into_iter().map(|line| (0, line)).collect())
}

fn status(rule: &Rule) -> String {
    format!("{}{}", rule.status.word(), if rule.active { "" } else { " (off)" })
}

/// What a rule is, in a few words each: its revision, what it does and weighs, how far it can be relied on.
#[must_use]
pub fn standing(rule: &Rule) -> Vec<String> {
    let mut facts = vec![format!("revision {}", rule.revision), rule.kind.word().to_owned()];
    facts.extend(rule.factor.map(|factor| format!("factor {} ({})", factor.word(), factor.meaning())));
    facts.extend(rule.ground.map(|ground| format!("ground: {}", ground.meaning())));
    facts.extend(signed_bits(rule).map(|bits| format!("{bits} bits")));
    facts.push(status(rule));
    facts
}

fn facts(rule: &Rule) -> String {
    let id = format!("`{}`", rule.id);
    [id].into_iter().chain(standing(rule)).chain(rule.tags.iter().cloned()).collect::<Vec<_>>().join(" · ")
}

/// What a yes does to an outcome, and what it cannot do.
fn effect(rule: &Rule, profile: &Profile) -> Vec<Words> {
    let mut said = vec![];
    if !rule.active {
        said.push(match rule.off {
            true => "It does not count: the rule set turns it off.".to_owned(),
            false => format!("It does not count: the rule set leaves out rules of status {}.", rule.status.word()),
        });
    }
    let cap = rule
        .factor
        .and_then(|factor| profile.caps.get(&factor))
        .map(|cap| format!(", and the rules of its factor together at most {} bits", Bits(*cap)))
        .unwrap_or_default();
    let bits = Bits(rule.millibits);
    let alone = match profile.flag_factors {
        0 | 1 => format!("A score from {} bits flags a record.", Bits(profile.flag_at)),
        factors => format!(
            "Alone it never flags a record: that takes a score of {} bits from at least {factors} factors.",
            Bits(profile.flag_at)
        ),
    };
    match rule.kind {
        Kind::Indicator => said.extend([format!("A yes adds {bits} bits{cap}. A weaker rule of the same factor beside it counts less."), alone]),
        Kind::Mitigator => said.push(format!("A yes takes {bits} bits away from its factor{cap}. It never takes a factor below nothing but its cap, and is always shown beside what speaks for a flag.")),
        Kind::Context => said.extend([format!("A yes adds {bits} bits{cap}, and only where what it requires holds."), "Alone it never flags a record.".to_owned()]),
        Kind::Gate => said.push("A yes makes the record likely non-compliant on its ground, whatever the score. It adds no bits.".to_owned()),
        Kind::Gap => said.push("A yes asks the bureau for what is missing: the outcome is at least “needs information”. It adds no bits and never flags a record.".to_owned()),
        Kind::Filter => said.push("A verdict that somebody has reviewed counts as a no in the records it names, and is shown as suppressed, until its last day.".to_owned()),
        Kind::Concept => said.push("Nothing by itself: it is a named fact on which other rules build. No bits, no outcome.".to_owned()),
    }
    if rule.ground.is_some_and(|ground| rule.kind == Kind::Gate && profile.partial.grounds.contains(&ground)) {
        let by = profile.partial.rule.as_ref().map_or("a rule", |(id, _)| id);
        said.push(format!("Where `{by}` says that separable charges remain, the outcome is partly non-compliant."));
    }
    said.push(match rule.kind {
        Kind::Filter => "Where the evidence changes or the last day is past, the verdict counts again.".to_owned(),
        _ => "Where a value that decides is missing it says unknown, never yes.".to_owned(),
    });
    said.iter().map(|line| Words::of(line)).collect()
}

fn said(rule: &Rule) -> Vec<Block> {
    let message = rule.message.to_string();
    let mut blocks = vec![];
    if !message.is_empty() {
        blocks.push(Block::Paragraph(plain(&message)));
    }
    blocks.extend(rule.ask.as_deref().map(|ask| Block::Paragraph(plain(&format!("Question to the bureau: {ask}")))));
    if blocks.is_empty() {
        blocks.push(Block::Paragraph(plain("Nothing: what it found shows in the rules that build on it.")));
    }
    blocks
}

fn overridden(one: &crate::rule::Overridden) -> Words {
    plain(&format!("by {}: {}. Reason: {}", one.by, one.change, one.reason))
}

fn basis(rule: &Rule) -> Block {
    let line = |basis: &crate::rule::Basis| {
        let cite = match &basis.url {
            Some(url) => Words::link(basis.cite.clone(), url.clone()),
            None => plain(&basis.cite),
        };
        cite.and(plain(if basis.verified { ", checked against the text" } else { ", not checked against the text" }))
    };
    lines(rule.basis.iter().map(line).collect())
}

fn wrong(rule: &Rule) -> Vec<Words> {
    match rule.false_positives.is_empty() {
        true => vec![plain("Nothing is written down, which does not mean that it is always right.")],
        false => rule.false_positives.iter().map(|text| plain(text)).collect(),
    }
}

fn tests(rule: &Rule) -> Block {
    if rule.tests.is_empty() {
        return Block::Paragraph(plain("There are no tests."));
    }
    let row = |(name, verdict): (&String, Verdict)| vec![plain(name), plain(&verdict.word().replace('_', " "))];
    Block::Table(vec!["situation", "expected"], rule.tests.iter().map(|test| row((&test.name, test.expect))).collect())
}
