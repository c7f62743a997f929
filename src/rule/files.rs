//! Where rule files come from: the pack inside the program, or a folder.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::lock::LOCK_FILE;
use crate::diag::{Diagnostics, Sources, Table, parse_toml};

/// The files of a rule set, by name relative to its folder, with `/`.
#[derive(Debug, Clone, Default)]
pub struct RuleFiles {
    folder: Option<PathBuf>,
    files: BTreeMap<String, String>,
}

macro_rules! shipped {
    ($($name:literal)*) => {
        /// The rule pack inside the program: name and content of each file of `rules/`.
        pub static SHIPPED: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../rules/", $name)))),*];
    };
}

shipped! {
    "against.toml"
    "concepts.toml"
    "context.toml"
    "excluded.toml"
    "facts.toml"
    "form.toml"
    "international-law.toml"
    "lexicon/abduction.csv"
    "lexicon/about-words.csv"
    "lexicon/acts-of-armed-groups.csv"
    "lexicon/aiding-membership.csv"
    "lexicon/armed-conflict.csv"
    "lexicon/armed-formation.csv"
    "lexicon/arms-and-explosives.csv"
    "lexicon/assembly-nouns.csv"
    "lexicon/attendance-acts.csv"
    "lexicon/ban-words.csv"
    "lexicon/banned-faith.csv"
    "lexicon/belonging-words.csv"
    "lexicon/blasphemy.csv"
    "lexicon/breach-words.csv"
    "lexicon/call-words.csv"
    "lexicon/combat-acts.csv"
    "lexicon/commercial-default.csv"
    "lexicon/coup.csv"
    "lexicon/criminal-organisation.csv"
    "lexicon/crossing-for-others.csv"
    "lexicon/cyber-and-election-interference.csv"
    "lexicon/deaths-injuries.csv"
    "lexicon/deceit-in-charge.csv"
    "lexicon/deceit-words.csv"
    "lexicon/defamation-words.csv"
    "lexicon/desertion-of-family.csv"
    "lexicon/dispute-words.csv"
    "lexicon/drug-own-use.csv"
    "lexicon/drug-trade-words.csv"
    "lexicon/drug-use-terms.csv"
    "lexicon/drug-words.csv"
    "lexicon/dual-use-goods.csv"
    "lexicon/economic-labels.csv"
    "lexicon/economic-offences.csv"
    "lexicon/election-fraud.csv"
    "lexicon/espionage.csv"
    "lexicon/excluded-family.csv"
    "lexicon/excluded-honour.csv"
    "lexicon/excluded-norms.csv"
    "lexicon/extremism.csv"
    "lexicon/failed-to-report.csv"
    "lexicon/false-information-words.csv"
    "lexicon/false-news.csv"
    "lexicon/family-violence.csv"
    "lexicon/force-minors-or-trafficking.csv"
    "lexicon/foreign-collusion.csv"
    "lexicon/fraud-labels.csv"
    "lexicon/genocide-speech.csv"
    "lexicon/grave-labels.csv"
    "lexicon/group-subjects.csv"
    "lexicon/group-words.csv"
    "lexicon/harm-to-persons.csv"
    "lexicon/hatred-words.csv"
    "lexicon/heads-of-state.csv"
    "lexicon/hoax-or-market.csv"
    "lexicon/honour-killing.csv"
    "lexicon/illegal-emigration.csv"
    "lexicon/incitement-words.csv"
    "lexicon/indicator-facts.csv"
    "lexicon/indicator-labels.csv"
    "lexicon/insult-of-state.csv"
    "lexicon/insult-words.csv"
    "lexicon/killing.csv"
    "lexicon/lawful-activity.csv"
    "lexicon/life-attempts.csv"
    "lexicon/mafia.csv"
    "lexicon/many-victims.csv"
    "lexicon/membership-words.csv"
    "lexicon/military-service.csv"
    "lexicon/negation-words.csv"
    "lexicon/negligent-death.csv"
    "lexicon/no-personal-gain.csv"
    "lexicon/nobody-harmed.csv"
    "lexicon/office-acts.csv"
    "lexicon/office-and-arms-counts.csv"
    "lexicon/ordinary-acts.csv"
    "lexicon/ordinary-offences.csv"
    "lexicon/organisation-words.csv"
    "lexicon/organised-harm.csv"
    "lexicon/origin-labels.csv"
    "lexicon/own-will-departure.csv"
    "lexicon/person-subjects.csv"
    "lexicon/personal-gain.csv"
    "lexicon/political-vocabulary.csv"
    "lexicon/pornography.csv"
    "lexicon/presence-verbs.csv"
    "lexicon/private-debt.csv"
    "lexicon/private-secrets.csv"
    "lexicon/prohibited-organisation.csv"
    "lexicon/prostitution.csv"
    "lexicon/protected-groups.csv"
    "lexicon/public-disorder.csv"
    "lexicon/questioning-purpose.csv"
    "lexicon/regional-police-projects.csv"
    "lexicon/religious-organisations.csv"
    "lexicon/resisting-authority.csv"
    "lexicon/sale-or-force.csv"
    "lexicon/sanctions-wording.csv"
    "lexicon/security-bodies.csv"
    "lexicon/sedition.csv"
    "lexicon/sensitive-traits.csv"
    "lexicon/serious-crimes.csv"
    "lexicon/speech-acts.csv"
    "lexicon/spreading-words.csv"
    "lexicon/state-agents.csv"
    "lexicon/state-authorities.csv"
    "lexicon/state-secrets.csv"
    "lexicon/state-security.csv"
    "lexicon/strike-calls.csv"
    "lexicon/surrogacy.csv"
    "lexicon/terror-speech-words.csv"
    "lexicon/terror-support-words.csv"
    "lexicon/terror-threat-words.csv"
    "lexicon/terror-words.csv"
    "lexicon/terrorist-organisations.csv"
    "lexicon/threats.csv"
    "lexicon/treason.csv"
    "lexicon/treaty-crimes.csv"
    "lexicon/un-instruments.csv"
    "lexicon/un-listed-organisations.csv"
    "lexicon/unfunded-cheques.csv"
    "lexicon/unilateral-listing.csv"
    "lexicon/vague-participation.csv"
    "lexicon/violacion-of-rules.csv"
    "lexicon/violence-words.csv"
    "lexicon/violent-acts.csv"
    "lexicon/war-crimes.csv"
    "lexicon/weapons-used.csv"
    "nature.toml"
    "neutrality.toml"
    "ordinary.toml"
    "person.toml"
    "positions.toml"
    "rules.lock"
    "ruleset.toml"
    "source.toml"
}

impl RuleFiles {
    /// The pack inside the program.
    #[must_use]
    pub fn shipped() -> Self {
        let files = SHIPPED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Self { folder: None, files }
    }

    /// All `.toml` and `.csv` files of a folder and the folders in it and its lock, or one rule file.
    ///
    /// # Errors
    /// Where the folder or a file cannot be read, or a file is not UTF-8; the error names it.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut files = BTreeMap::new();
        if path.is_dir() {
            collect(path, path, &mut files)?;
            Ok(Self { folder: Some(path.to_owned()), files })
        } else {
            let text = read_text(path)?;
            let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            files.insert(name, text);
            Ok(Self { folder: path.parent().map(Path::to_owned), files })
        }
    }

    /// Adds a file, or replaces the one of that name.
    pub fn insert(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.files.insert(name.into(), text.into());
    }

    /// Names and texts, in order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The text of a file.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// A TOML file as a table; `None` where there is none that can be read.
    pub(super) fn table(&self, name: &str) -> Option<Table> {
        let (text, mut found) = (self.get(name)?, Diagnostics::new());
        let table = parse_toml(Sources::new().add(name, ""), text, &mut found);
        (!found.has_errors()).then_some(table)
    }

    /// The name of a file as its user knows it.
    #[must_use]
    pub fn shown(&self, name: &str) -> String {
        match &self.folder {
            Some(folder) => folder.join(name).display().to_string(),
            None => format!("rules/{name}"),
        }
    }
}

/// Whether a file of a folder belongs to its rule set.
fn is_read(path: &Path) -> bool {
    path.extension().is_some_and(|ext| ext == "toml" || ext == "csv")
        || path.file_name().is_some_and(|name| name == LOCK_FILE)
}

fn read_text(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> io::Result<()> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", folder.display())))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if is_read(&path) {
            let name = path.strip_prefix(root).unwrap_or(&path).components();
            let name: Vec<String> = name.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            files.insert(name.join("/"), read_text(&path)?);
        }
    }
    Ok(())
}
