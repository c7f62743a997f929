//! The tools around rule files, as they are run: laid out, locked, compared, shown, begun.

use std::fs;

use article3::cli::Exit;
use article3::rule::{LOCK_FILE, RuleFiles};

use crate::cli::Desk;
use crate::given::write;

/// A desk with a copy of the shipped rules in `pack`.
fn desk() -> Desk {
    let desk = Desk::new();
    write(&RuleFiles::shipped(), &desk.path("pack"));
    desk
}

/// Writes a file of the pack anew, with one text in place of another.
fn edit(desk: &Desk, name: &str, from: &str, to: &str) {
    let name = format!("pack/{name}");
    let text = desk.read(&name);
    assert!(text.contains(from), "{from}");
    desk.write(&name, &text.replacen(from, to, 1));
}

#[test]
fn files_are_laid_out_once_and_the_rules_are_the_same_after_it() {
    let desk = desk();
    edit(&desk, "positions.toml", "revision = 1", "revision=1   # first");
    let (said, _) = desk.expect(Exit::Found, &["rules", "fmt", "pack", "--check"]);
    assert!(said.contains("pack/positions.toml"), "{said}");
    assert!(desk.read("pack/positions.toml").contains("revision=1   # first"), "a check changes nothing");
    desk.expect(Exit::Done, &["rules", "fmt", "pack"]);
    assert!(desk.read("pack/positions.toml").contains("\nrevision = 1 # first\n"));
    let (said, _) = desk.expect(Exit::Done, &["rules", "fmt", "pack", "--check"]);
    assert_eq!(said, "");
    let left: Vec<_> = fs::read_dir(desk.path("pack"))
        .expect("a folder")
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().ends_with(".part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    // Lists keep their rows; only their bytes may be other, which the comparison does not show.
    desk.expect(Exit::Done, &["rules", "diff", "shipped", "pack"]);
}

#[test]
fn a_file_that_is_not_toml_is_left_alone_and_the_others_are_laid_out() {
    let desk = desk();
    edit(&desk, "positions.toml", "revision = 1", "revision = \"");
    edit(&desk, "person.toml", "revision = 1", "revision=1");
    let broken = desk.read("pack/positions.toml");
    let (_, said) = desk.expect(Exit::Usage, &["rules", "fmt", "pack"]);
    assert!(said.contains("positions.toml") && said.contains("1 file left as it was"), "{said}");
    assert_eq!(desk.read("pack/positions.toml"), broken);
    assert!(desk.read("pack/person.toml").contains("revision = 1"));
}

#[test]
fn the_shipped_lock_is_fresh_and_a_change_of_meaning_stops_a_run() {
    let desk = desk();
    desk.expect(Exit::Done, &["rules", "lock", "pack", "--check"]);
    edit(&desk, "positions.toml", "strength = \"strong\"", "strength = \"weak\"");
    let (_, said) = desk.expect(Exit::Usage, &["scan", "--rules", "pack", "notices.ndjson"]);
    assert!(said.contains("A740") && said.contains("position.protest"), "{said}");
    let before = desk.read(&format!("pack/{LOCK_FILE}"));
    desk.expect(Exit::Usage, &["rules", "lock", "pack"]);
    assert_eq!(
        desk.read(&format!("pack/{LOCK_FILE}")),
        before,
        "a lock is not written over a change that has no revision"
    );
    edit(&desk, "positions.toml", "revision = 2", "revision = 3");
    desk.expect(Exit::Found, &["rules", "lock", "pack", "--check"]);
    desk.expect(Exit::Done, &["rules", "lock", "pack"]);
    let (said, _) = desk.expect(Exit::Done, &["rules", "check", "pack"]);
    assert!(said.starts_with("no problems"), "{said}");
}

#[test]
fn a_comparison_says_what_changed_and_not_how_it_is_written() {
    let desk = desk();
    edit(&desk, "positions.toml", "[[rule]]", "# a comment\n[[rule]]");
    desk.expect(Exit::Done, &["rules", "diff", "shipped", "pack"]);
    edit(&desk, "positions.toml", "strength = \"strong\"", "strength = \"moderate\"");
    edit(&desk, "positions.toml", "ground = [\"political\", ", "ground = [\"other\", ");
    edit(&desk, "positions.toml", "id       = \"position.un-letter\"", "id       = \"position.un-mail\"");
    edit(&desk, "positions.toml", "\"a protest about a formality\"", "\"a formality\"");
    edit(&desk, "ruleset.toml", "b    = 1.5", "b    = 2.5");
    edit(&desk, "lexicon/threats.csv", "\nthreat to kill,", "\nthreat of death,");
    let (said, _) = desk.expect(Exit::Found, &["rules", "diff", "shipped", "pack"]);
    for wanted in [
        "position.un-letter → position.un-mail",
        "(revision 2, which was not raised)",
        "weight: 2.0 bits → 1.0 bits",
        "selection `protest`: decisions match country neq",
        "“death_penalty” or “fair_trial” or “other” or",
        "test “a formality”\n      + expects no",
        "`profile.caps.b`: 1.5 → 2.5",
        "lexicon/threats (read by 1 rule: facts.threat-or-call-to-violence)",
        "- threat to kill · en · Latn · stem",
        "+ threat of death · en · Latn · stem",
    ] {
        assert!(said.replace("\n  ", " ").contains(wanted) || said.contains(wanted), "{wanted}\n{said}");
    }
    assert!(!said.contains("comment"), "{said}");
    let (said, _) = desk.expect(Exit::Found, &["rules", "diff", "shipped", "pack", "--format", "json"]);
    let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said["changed"][0]["meaning"][0]["what"], "weight");
}

#[test]
fn a_scope_says_whether_it_became_wider() {
    let desk = Desk::new();
    let rule = "[[rule]]\nid = \"a\"\nrevision = 1\ntitle = \"t\"\nstatus = \"test\"\nkind = \"concept\"\nbasis = [{ cite = \"x\" }]\nscope.kind = [\"red_notice\"]\ndetection.x.is_public = true\n";
    desk.write("a.toml", rule);
    for (to, wanted) in [
        ("[\"red_notice\", \"sltd\"]", "scope: `kind` is (more records)"),
        ("[\"red_notice\"]\nscope.sex = \"male\"", "scope: `sex` (fewer records)"),
    ] {
        desk.write("b.toml", &rule.replace("[\"red_notice\"]", to));
        let (said, _) = desk.expect(Exit::Found, &["rules", "diff", "a.toml", "b.toml"]);
        assert!(said.contains(wanted), "{said}");
    }
}

#[test]
fn every_rule_has_a_page_with_its_numbers_and_twice_the_same() {
    let desk = desk();
    let corpus = ["--corpus", "notices.ndjson"];
    for out in ["one", "two"] {
        desk.expect(Exit::Done, &[&["rules", "cards", "--out", out][..], &corpus].concat());
    }
    let names = |out: &str| {
        let entries = fs::read_dir(desk.path(out)).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names("one"), names("two"));
    for name in names("one") {
        let page = desk.read(&format!("one/{name}"));
        assert_eq!(page, desk.read(&format!("two/{name}")), "{name}");
        for link in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(link.starts_with("http") || names("one").iter().any(|known| known == link), "{name}: {link}");
        }
    }
    let (card, _) = desk.expect(Exit::Done, &[&["rules", "card", "form.facts-blank"][..], &corpus].concat());
    assert!(card.contains("- yes in 8 of 40, "), "{card}");
    let index = desk.read("one/index.html");
    assert!(index.contains("Article 3 of the Constitution") && !index.contains(">art3<"), "{index}");
    let (card, _) = desk.expect(Exit::Done, &["rules", "card", "reentry.art3-refused"]);
    assert!(card.contains("`status_ground` is Article 3, "), "{card}");
    let (card, _) = desk.expect(Exit::Done, &["rules", "card", "charge.sedition"]);
    assert!(card.contains("| list | entries | version | licence | sources |"), "{card}");
    let (card, _) = desk.expect(Exit::Done, &["rules", "card", "position.protest"]);
    assert!(card.contains("No corpus was given.") && card.contains("| a protest with reasons | yes |"), "{card}");
}

#[test]
fn a_rule_is_begun_at_the_end_of_a_file_and_does_not_count() {
    let desk = Desk::new();
    desk.expect(Exit::Done, &["rules", "new", "charge.one", "--into", "new.toml"]);
    desk.expect(Exit::Done, &["rules", "new", "charge.two", "--kind", "gap", "--into", "new.toml"]);
    let (said, _) = desk.expect(Exit::Done, &["rules", "test", "new.toml"]);
    assert_eq!(said, "6 tests, 0 failed; 48 generated checks\n");
    desk.expect(Exit::Done, &["rules", "fmt", "--check", "new.toml"]);
    let (said, _) = desk.expect(Exit::Usage, &["scan", "--rules", "new.toml", "notices.ndjson"]);
    assert_eq!(said, "");
    desk.expect(Exit::Usage, &["rules", "new", "Charge Three"]);
}

/// A rule set that builds on the one in `pack`, with one rule turned off.
const NATIONAL: &str = "name = \"national\"\nversion = \"1\"\nlanguage = \"notice-rules/1\"\nextends = [\"../pack\"]\n\
    [profile.bands]\nreview = 2.5\n[[override]]\nid = \"charge.treason\"\noff = true\nreason = \"looked at by hand\"\n";

/// A desk with the pack, and in `one` a rule set that builds on it.
fn national() -> Desk {
    let desk = desk();
    fs::create_dir_all(desk.path("one")).expect("a folder");
    desk.write("one/ruleset.toml", NATIONAL);
    desk
}

#[test]
fn a_comparison_and_a_lock_see_the_numbers_and_lists_of_what_is_extended() {
    let desk = national();
    let (said, _) = desk.expect(Exit::Found, &["rules", "diff", "pack", "one"]);
    assert!(said.contains("`profile.bands.review`: 3 → 2.5"), "{said}");
    assert!(!said.contains("profile.caps") && !said.contains("statuses"), "what is taken over did not go: {said}");
    desk.expect(Exit::Done, &["rules", "lock", "one"]);
    desk.expect(Exit::Done, &["rules", "lock", "one", "--check"]);
    write(&RuleFiles::shipped(), &desk.path("before"));
    fs::create_dir_all(desk.path("two")).expect("a folder");
    desk.write("two/ruleset.toml", &NATIONAL.replace("../pack", "../before"));
    edit(&desk, "ruleset.toml", "b    = 1.5", "b    = 2.5");
    desk.expect(Exit::Found, &["rules", "lock", "one", "--check"]);
    edit(&desk, "lexicon/threats.csv", "\nthreat to kill,", "\nthreat of death,");
    let (said, _) = desk.expect(Exit::Found, &["rules", "diff", "two", "one"]);
    for wanted in ["`profile.caps.b`: 1.5 → 2.5", "- threat to kill · en", "+ threat of death · en"] {
        assert!(said.contains(wanted), "{wanted}\n{said}");
    }
}

#[test]
fn a_page_counts_the_lists_of_a_base_and_says_who_turned_a_rule_off() {
    let desk = national();
    let (said, _) = desk.expect(Exit::Done, &["rules", "card", "charge.treason", "--rules", "one"]);
    let entries = include_str!("../../rules/lexicon/treason.csv").lines().count() - 1;
    assert!(said.contains(&format!("| `lexicon/treason` | {entries} | ")), "{said}");
    assert!(said.contains("- It does not count: the rule set turns it off."), "{said}");
    assert!(said.contains("## It was overridden\n\n- by national: off. Reason: looked at by hand"), "{said}");
}

#[test]
fn a_page_of_a_suppression_says_what_it_suppresses_and_why() {
    let desk = national();
    desk.write(
        "one/reviewed.toml",
        "[[rule]]\nid = \"reviewed.one\"\nrevision = 1\ntitle = \"A tender\"\nstatus = \"stable\"\nkind = \"filter\"\n\
         [rule.scope]\nrecord_id = \"n-1\"\n[rule.filter]\nsuppresses = \"charge.treason\"\n\
         evidence = \"3bb3e2b34a19adb1\"\nreason = \"it is a tender\"\nreviewer = \"A. B.\"\n\
         reviewed = \"2026-03-01\"\nexpires = \"2026-09-01\"\n",
    );
    let (said, _) = desk.expect(Exit::Done, &["rules", "card", "reviewed.one", "--rules", "one"]);
    for wanted in [
        "## It suppresses\n\n- [charge.treason](<charge.treason.md>): A charge of treason",
        "- `3bb3e2b34a19adb1`",
        "it is a tender (A. B., from 2026-03-01 to 2026-09-01)",
    ] {
        assert!(said.contains(wanted), "{wanted}\n{said}");
    }
    assert!(!said.contains("at least one of these holds") && !said.contains("What it rests on"), "{said}");
}

#[test]
fn a_file_in_another_encoding_is_named_with_its_place_and_never_written() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("mine")).expect("a folder");
    desk.expect(Exit::Done, &["rules", "new", "charge.one", "--into", "mine/one.toml"]);
    // In windows-1251, as an older editor saves it; and in UTF-16.
    let russian = b"# \xcf\xf0\xe8\xec\xe5\xf0\n[[rule]]\nid=\"a\"\n";
    let wide: Vec<u8> = "# a\n[[rule]]\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(desk.path("mine/two.toml"), russian).expect("a file");
    fs::write(desk.path("mine/wide.toml"), &wide).expect("a file");
    let (said, _) = desk.expect(Exit::Found, &["rules", "check", "mine"]);
    assert_eq!(said.matches("error[A102]").count(), 2, "{said}");
    assert!(said.contains("mine/two.toml:1:3") && said.contains("mine/wide.toml:1:1"), "{said}");
    assert!(said.contains("`title` is missing") && said.contains("1 sound rule"), "the rest is checked too: {said}");
    let (_, said) = desk.expect(Exit::Usage, &["rules", "fmt", "mine"]);
    assert!(said.contains("2 files left as it was") || said.contains("not in UTF-8"), "{said}");
    assert_eq!(fs::read(desk.path("mine/two.toml")).expect("a file"), russian);
    assert_eq!(fs::read(desk.path("mine/wide.toml")).expect("a file"), wide);
}

#[test]
fn a_folder_without_a_rule_is_a_mistake_for_every_tool() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("empty")).expect("a folder");
    let wanted = "no rule was read; give a folder with rules";
    let (said, _) = desk.expect(Exit::Found, &["rules", "check", "empty"]);
    assert!(said.contains(wanted), "{said}");
    for command in ["test", "lock", "coverage"] {
        let (_, said) = desk.expect(Exit::Usage, &["rules", command, "empty"]);
        assert!(said.contains(wanted), "{command}: {said}");
    }
    assert!(!desk.path("empty").join(LOCK_FILE).exists());
    let (_, said) = desk.expect(Exit::Usage, &["rules", "check", "nowhere"]);
    assert_eq!(said, "error: cannot read the rules in `nowhere`: there is no such file or folder\n");
}

#[test]
fn a_rule_is_not_begun_twice_nor_in_a_list() {
    let desk = Desk::new();
    desk.expect(Exit::Done, &["rules", "new", "charge.one", "--into", "new.toml"]);
    let before = desk.read("new.toml");
    let (_, said) = desk.expect(Exit::Usage, &["rules", "new", "charge.one", "--into", "new.toml"]);
    assert!(said.contains("has a rule `charge.one` already"), "{said}");
    assert_eq!(desk.read("new.toml"), before);
    let (_, said) = desk.expect(Exit::Usage, &["rules", "new", "charge.one", "--into", "words.csv"]);
    assert!(said.contains("ends with `.toml`"), "{said}");
}
