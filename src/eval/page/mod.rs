//! An evaluation as a page for people: for a terminal or, as Markdown, for a report.

mod account;
mod figures;
mod parts;

use super::{Evaluation, Scorecard};
use crate::report::{Block, NOTE, Page, Piece, Words, count};

/// A section of the page about a rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Label against outcome.
    Confusion,
    /// The figures of not compliant against compliant.
    Figures,
    /// The figures of each outcome.
    Outcomes,
    /// What each rule adds.
    Rules,
    /// The chapters of the set.
    Chapters,
    /// The factors that labels name.
    Factors,
    /// The worst errors.
    Errors,
}

impl Section {
    /// Every section, in the order of the page.
    pub const ALL: [Self; 7] =
        [Self::Confusion, Self::Figures, Self::Outcomes, Self::Rules, Self::Chapters, Self::Factors, Self::Errors];

    /// The word on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Confusion => "confusion",
            Self::Figures => "figures",
            Self::Outcomes => "outcomes",
            Self::Rules => "rules",
            Self::Chapters => "chapters",
            Self::Factors => "factors",
            Self::Errors => "errors",
        }
    }
}

/// The page of an evaluation with some sections for each rule set.
#[must_use]
pub fn page(evaluation: &Evaluation<'_>, sections: &[Section]) -> Page {
    let mut page = Page::new(format!("Evaluation of {}", count(evaluation.account.labelled, "labelled record")));
    page.blocks.push(Block::Heading("What was read".to_owned()));
    page.blocks.push(Block::List(account::read(evaluation)));
    for scorecard in &evaluation.scorecards {
        let mut writer = Writer { scorecard, blocks: &mut page.blocks };
        sections.iter().for_each(|section| writer.section(*section, evaluation));
    }
    page.blocks.push(Block::Paragraph(Words::of(NOTE)));
    page
}

/// Text in which nothing has a meaning.
fn text(text: &str) -> Words {
    Words(vec![Piece::Text(text.to_owned())])
}

/// Writes the sections about one rule set.
struct Writer<'a> {
    scorecard: &'a Scorecard,
    blocks: &'a mut Vec<Block>,
}

impl Writer<'_> {
    fn section(&mut self, section: Section, evaluation: &Evaluation<'_>) {
        match section {
            Section::Confusion => self.confusion(),
            Section::Figures => self.binary(evaluation),
            Section::Outcomes => self.by_outcome(),
            Section::Rules => self.rules(),
            Section::Chapters => self.chapters(),
            Section::Factors => self.letters(),
            Section::Errors => self.errors(),
        }
    }

    /// A heading, which names the rule set where it was chosen by name.
    fn heading(&mut self, text: &str) {
        let of = self.scorecard.ruleset.as_ref().map(|name| format!(", by the rule set {name}"));
        self.blocks.push(Block::Heading(format!("{text}{}", of.unwrap_or_default())));
    }

    fn say(&mut self, text: &str) {
        self.blocks.push(Block::Paragraph(Words::of(text)));
    }

    fn table(&mut self, heading: &[&'static str], rows: &[Vec<String>]) {
        let rows = rows.iter().map(|row| row.iter().map(|cell| text(cell)).collect()).collect();
        self.blocks.push(Block::Table(heading.to_vec(), rows));
    }
}
