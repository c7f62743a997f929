//! The layers of a rule set, one over the other: rules, lists and profiles of all of them, each under its own name.
//!
//! In go layers from the bottom up, out come the rules as written, the lists still unread, and a hash of every file. A rule
//! or list of an upper layer never hides one of a lower layer; that takes an override, and says why.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::RuleFiles;
use super::files::{UNDECODED, is_set};
use super::lists::{ListFiles, is_list_file};
use super::lock::LOCK_FILE;
use super::overrides;
use super::reading::{name_of_linkage, name_of_profile};
use super::ruleset::{File, Layer};
use super::spec::{self, RuleSpec};
use crate::diag::{Code, Diagnostic, Diagnostics, Sources, Span};
use crate::text::NameProfiles;

/// What the layers of a rule set hold together.
#[derive(Default)]
pub(super) struct Layered<'a> {
    pub(super) lists: ListFiles<'a>,
    pub(super) names: NameProfiles,
    /// The linkage profiles: where each stands, and its text.
    pub(super) linkages: BTreeMap<String, (String, &'a str)>,
    pub(super) specs: Vec<RuleSpec>,
    pub(super) digest: Sha256,
}

impl<'a> Layered<'a> {
    /// Adds the files of a layer to those of the layers below it.
    pub(super) fn layer(
        &mut self,
        layer: &'a Layer<'_>,
        files: &RuleFiles,
        sources: &mut Sources,
        found: &mut Diagnostics,
    ) {
        let mut own = vec![];
        for File { name, own: inside, text } in &layer.files {
            let source = sources.add_once(files.shown(name), text);
            if *inside == LOCK_FILE {
                continue; // hashes of what the other files say
            }
            if let Some(at) = text.find(UNDECODED) {
                found.push(undecoded(Span::new(source, at..at + UNDECODED.len_utf8())));
            }
            self.digest.update(format!("{name}:{}:{text}", text.len()));
            if is_list_file(inside) {
                if let Some(first) = self.lists.take(inside, source, text) {
                    let list = inside.strip_suffix(".csv").unwrap_or(inside);
                    found.push(list_in_base(list, Span::new(source, 0..0), Span::new(first, 0..0)));
                }
            } else if let Some(profile) = name_of_profile(inside) {
                self.names.read(profile, source, text, found);
            } else if let Some(profile) = name_of_linkage(inside) {
                self.linkages.insert(profile.to_owned(), (files.shown(name), text));
            } else if !is_set(inside) {
                own.extend(spec::parse(source, text, found));
            }
        }
        own.sort_by(|a, b| a.id.cmp(&b.id));
        without_duplicates(&mut own, found);
        if let Some(head) = &layer.head {
            overrides::apply(head, &mut self.specs, &mut own, found);
        }
        let base: BTreeMap<&str, &RuleSpec> =
            self.specs.iter().map(|spec| (spec.id.as_str(), spec)).filter(|(id, _)| !id.is_empty()).collect();
        own.retain(|spec| match base.get(spec.id.as_str()) {
            None => true,
            Some(base) => {
                found.push(rule_in_base(spec, base));
                false
            }
        });
        self.specs.extend(own);
    }
}

fn undecoded(at: Span) -> Diagnostic {
    let problem = Diagnostic::new(Code::NotUtf8, "the file is not in UTF-8; what stands here cannot be read");
    problem.at(at).help("save it again as UTF-8: editors and spreadsheets offer it as “encoding” where a file is saved")
}

fn list_in_base(list: &str, at: Span, first: Span) -> Diagnostic {
    let problem = Diagnostic::new(Code::ListInBase, format!("a base has a list `{list}` too"));
    problem
        .at(at)
        .also(first, "the list of the base")
        .help("rename the file; the lists of a base can be used as they are")
}

fn rule_in_base(spec: &RuleSpec, base: &RuleSpec) -> Diagnostic {
    let id = &spec.id;
    let problem = Diagnostic::new(Code::RuleInBase, format!("a base has a rule `{id}` too"));
    let help = format!(
        "rename this one; or let it stand in place of the other with `[[override]]`, `id = \"{id}\"`, `off = true` and a \
         `reason` in the file of the rule set"
    );
    problem.at(spec.id_span).also(base.id_span, "the rule of the base").help(help).rule(id)
}

fn without_duplicates(specs: &mut Vec<RuleSpec>, found: &mut Diagnostics) {
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    specs.retain(|spec| match first.get(&spec.id) {
        _ if spec.id.is_empty() => true,
        None => {
            first.insert(spec.id.clone(), spec.id_span);
            true
        }
        Some(other) => {
            let problem = Diagnostic::new(Code::DuplicateRuleId, format!("there are two rules `{}`", spec.id));
            let problem = problem.at(spec.id_span).also(*other, "the first stands here");
            found.push(problem.help("rename one of them").rule(&spec.id));
            false
        }
    });
}
