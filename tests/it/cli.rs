//! The program as it is run: exit codes, streams, equal bytes however the work is cut up, hostile text, closed pipes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use article3::cli::Exit;
use tempfile::TempDir;

use crate::wire::write_rules;

/// A folder with rules and a few records.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        write_rules(&folder.path().join("rules"));
        let desk = Self { folder };
        desk.write("notices.ndjson", &(0..40).map(record).collect::<String>());
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file")
    }

    /// The program in the folder, with no wish for colour in its environment.
    fn program(&self, args: &[&str]) -> Command {
        let mut program = Command::new(assert_cmd::cargo::cargo_bin!("article3"));
        program.args(args).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"] {
            program.env_remove(name);
        }
        program
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.program(args).output().expect("the program runs")
    }

    #[track_caller]
    pub(crate) fn expect(&self, exit: Exit, args: &[&str]) -> (String, String) {
        let output = self.run(args);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(i32::from(exit.code())), "{args:?}\n{out}\n{err}");
        (out, err)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program writes UTF-8")
}

/// A record; every third is flagged, every fourth lacks its facts.
fn record(number: u32) -> String {
    let charge = if number.is_multiple_of(3) { "Insulting the President" } else { "Robbery" };
    let decisions = if number.is_multiple_of(3) {
        r#","decisions":[{"subject":"extradition","outcome":"refused","ground":"political"}]"#
    } else {
        ""
    };
    let facts = if number.is_multiple_of(4) { "" } else { "An article in a newspaper." };
    let kind = if number.is_multiple_of(5) { "diffusion" } else { "red_notice" };
    format!(
        "{{\"record_id\":\"n-{number:03}\",\"kind\":\"{kind}\",\"requesting_country\":\"XA\",\"warrant_ref\":\"w\",\
         \"charges\":[{{\"text\":\"{charge}\"}}],\"facts_summary\":\"{facts}\"{decisions}}}\n"
    )
}

const SCAN: [&str; 4] = ["scan", "notices.ndjson", "--rules", "rules"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&SCAN[..], more].concat()
}

#[test]
fn a_scan_that_finds_something_is_done() {
    let desk = Desk::new();
    let (out, err) = desk.expect(Exit::Done, &with(&[]));
    assert!(
        out.contains("n-000") && out.ends_with("A flag is a reason to look, not a finding about a person.\n"),
        "{out}"
    );
    assert!(err.contains("40 rows = 40 accepted + 0 rejected"), "{err}");
    let (_, err) = desk.expect(Exit::Done, &with(&["--quiet"]));
    assert_eq!(err, "");
}

#[test]
fn a_level_that_is_met_lets_a_run_fail() {
    let desk = Desk::new();
    desk.expect(Exit::Found, &with(&["--fail-on", "likely_non_compliant"]));
    desk.write("notices.ndjson", &record(1));
    desk.expect(Exit::Done, &with(&["--fail-on", "likely_non_compliant"]));
}

#[test]
fn a_mistake_of_the_user_exits_with_two() {
    let desk = Desk::new();
    let (_, err) = desk.expect(Exit::Usage, &["scam"]);
    assert!(err.contains("scan"), "{err}");
    let (_, err) = desk.expect(Exit::Usage, &with(&["--kind", "red_notise"]));
    assert!(err.contains("did you mean `red_notice`?"), "{err}");
    desk.expect(Exit::Usage, &["scan", "notices.ndjson", "--rules", "nowhere"]);
    desk.expect(Exit::Usage, &with(&["--out", "a", "--output", "b"]));
    let (_, err) = desk.expect(Exit::Usage, &["explain", "notices.ndjson", "--rules", "rules", "--id", "n-03"]);
    assert!(err.contains("did you mean `n-003`?"), "{err}");
    desk.expect(Exit::Done, &["--help"]);
    desk.expect(Exit::Done, &["--version"]);
}

#[test]
fn a_rule_with_an_error_stops_the_run() {
    let desk = Desk::new();
    desk.write("rules/bad.toml", "[[rule]]\nid = \"x\"\nkindd = \"gate\"\n");
    let (out, err) = desk.expect(Exit::Usage, &with(&[]));
    assert_eq!(out, "");
    assert!(err.contains("kindd") && err.contains("nothing was judged"), "{err}");
    let (out, _) = desk.expect(Exit::Found, &["rules", "check", "rules"]);
    assert!(out.contains("bad.toml:3:1") && out.contains("5 files, 6 sound rules, 1 list"), "{out}");
    let (out, _) = desk.expect(Exit::Found, &["rules", "check", "rules", "--format", "json"]);
    assert!(out.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{out}");
}

#[test]
fn rules_without_an_active_one_stop_the_run() {
    let desk = Desk::new();
    std::fs::remove_file(desk.path("rules/rules.toml")).expect("the rules were there");
    let (_, err) = desk.expect(Exit::Usage, &with(&[]));
    assert!(err.contains("no rule is active"), "{err}");
}

#[test]
fn a_row_that_cannot_be_read_is_counted_kept_and_said() {
    let desk = Desk::new();
    desk.write("notices.ndjson", &format!("{}{{\"record_id\":\n{}", record(0), record(3)));
    let (out, err) = desk.expect(Exit::Rejected, &with(&["--format", "jsonl"]));
    assert_eq!(out.lines().count(), 2);
    assert!(err.contains("3 rows = 2 accepted + 1 rejected") && err.contains("line 2"), "{err}");
    desk.expect(Exit::Done, &with(&["--max-rejects", "1"]));
    desk.expect(Exit::Rejected, &with(&["--out", "out"]));
    let rejects = std::fs::read_to_string(desk.path("out/rejects.jsonl")).expect("the rejected row");
    assert!(rejects.contains("\"line\":2") && rejects.contains("\"raw\":"), "{rejects}");
    desk.write("notices.ndjson", &record(0));
    desk.expect(Exit::Done, &with(&["--out", "out"]));
    assert!(!desk.path("out/rejects.jsonl").exists(), "a file of an earlier run would be taken for one of this run");
}

#[test]
fn an_input_that_cannot_be_read_exits_with_four() {
    let desk = Desk::new();
    let (_, err) = desk.expect(Exit::Input, &["scan", "nowhere.ndjson", "--rules", "rules"]);
    assert!(err.contains("there is no file `nowhere.ndjson`"), "{err}");
    desk.write("bad.json", "{\"a\":");
    desk.expect(Exit::Input, &["scan", "bad.json", "--rules", "rules"]);
}

#[test]
fn an_output_that_cannot_be_written_exits_with_five() {
    let desk = Desk::new();
    desk.expect(Exit::Output, &with(&["--output", "no/such/folder/cases.jsonl"]));
    if Path::new("/dev/full").exists() {
        desk.expect(Exit::Output, &with(&["--format", "jsonl", "--output", "/dev/full"]));
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
        let status = desk.program(&with(&["--format", "jsonl"])).stdout(full).status().expect("the program runs");
        assert_eq!(status.code(), Some(5));
    }
}

#[test]
fn a_dash_reads_standard_input() {
    let desk = Desk::new();
    let mut program = desk.program(&["scan", "-", "--rules", "rules", "--format", "jsonl"]);
    let mut child =
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(record(3).as_bytes()).expect("the program reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    assert!(text(&output.stdout).contains("\"locator\":{\"file\":\"-\",\"line\":1"), "{output:?}");
    assert!(output.status.success());
}

#[test]
fn colour_is_where_it_is_wanted_and_nowhere_else() {
    let desk = Desk::new();
    let escapes = |args: &[&str], env: &[(&str, &str)]| {
        let output = desk.program(args).envs(env.iter().copied()).output().expect("the program runs");
        output.stdout.contains(&0x1b)
    };
    assert!(!escapes(&with(&[]), &[]));
    assert!(escapes(&with(&["--color", "always"]), &[]));
    assert!(escapes(&with(&[]), &[("FORCE_COLOR", "1")]));
    assert!(!escapes(&with(&[]), &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(!escapes(&with(&["--color", "never"]), &[("FORCE_COLOR", "1")]));
    assert!(!escapes(&["rules", "list", "--rules", "rules"], &[("TERM", "dumb")]));
}

#[test]
fn hostile_text_shows_its_codes_and_starts_no_formula() {
    let desk = Desk::new();
    let hostile = concat!(
        r#"{"record_id":"=cmd\u001b[2J\u202e1","kind":"red_notice","requesting_country":"XA","family_name":"A\u001b]0;x\u0007","#,
        r#""warrant_ref":"w","charges":[{"text":"\u001b[31mInsulting\u200b the President\u202e"}],"#,
        r#""decisions":[{"subject":"extradition","outcome":"refused","ground":"political"}],"n\u001b[1m":1}"#,
        "\n"
    );
    desk.write("notices.ndjson", hostile);
    for args in [
        with(&[]),
        vec!["explain", "notices.ndjson", "--rules", "rules", "--id", "=cmd\u{1b}[2J\u{202e}1"],
        vec!["inspect", "notices.ndjson"],
    ] {
        let (out, err) = desk.expect(Exit::Done, &args);
        let acts = |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{202e}' | '\u{200b}'));
        assert!(!out.contains(acts) && !err.contains(acts), "{args:?}\n{out}\n{err}");
        assert!(out.contains("\\u{1b}[2J"), "{out}");
    }
    let (out, _) = desk.expect(Exit::Done, &with(&["--format", "csv"]));
    assert!(out.lines().nth(1).is_some_and(|line| line.starts_with("'=cmd")), "{out}");
    let (out, _) = desk.expect(Exit::Done, &with(&["--format", "csv", "--raw"]));
    assert!(out.lines().nth(1).is_some_and(|line| line.starts_with("=cmd")), "{out}");
}

#[test]
fn threads_and_chunks_do_not_change_a_byte() {
    let desk = Desk::new();
    for format in ["table", "jsonl", "csv", "xlsx", "parquet"] {
        for all in [&["--quiet"][..], &["--quiet", "--all"]] {
            let run = |threads: &str, rows: &str| {
                let options = ["--format", format, "--threads", threads, "--chunk-rows", rows];
                let output = desk.run(&[&SCAN[..], &options, all].concat());
                assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
                output.stdout
            };
            let once = run("1", "8192");
            assert!(!once.is_empty());
            for (threads, rows) in [("1", "1"), ("2", "7"), ("5", "1"), ("5", "7"), ("2", "8192")] {
                assert_eq!(run(threads, rows), once, "{format}, {threads} threads, {rows} rows a chunk");
            }
        }
    }
}

#[test]
fn several_inputs_make_one_queue() {
    let desk = Desk::new();
    desk.write("more.ndjson", &(60..100).map(record).collect::<String>());
    let both = ["scan", "notices.ndjson", "more.ndjson", "--rules", "rules", "--format", "jsonl", "--all", "--quiet"];
    let (two, _) = desk.expect(Exit::Done, &both);
    desk.write("one.ndjson", &(0..40).chain(60..100).map(record).collect::<String>());
    let (one, _) =
        desk.expect(Exit::Done, &["scan", "one.ndjson", "--rules", "rules", "--format", "jsonl", "--all", "--quiet"]);
    let ranks = |text: &str| -> Vec<(String, u64)> {
        let value = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON");
        let of = |case: serde_json::Value| {
            let id = case["record_id"].as_str().unwrap_or_default().to_owned();
            (id, case["targeting"]["rank"].as_u64().unwrap_or_default())
        };
        text.lines().map(value).map(of).collect()
    };
    assert_eq!(ranks(&two), ranks(&one));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let desk = Desk::new();
    desk.write("notices.ndjson", &(0..600).map(record).collect::<String>());
    for format in ["table", "jsonl", "csv", "xlsx", "parquet"] {
        let args = with(&["--all", "--quiet", "--format", format]);
        let mut child =
            desk.program(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn a_recorded_run_is_verified_and_a_changed_one_is_not() {
    let desk = Desk::new();
    for format in ["jsonl", "table", "csv", "xlsx", "parquet"] {
        desk.expect(Exit::Done, &with(&["--out", "out", "--format", format, "--threads", "2", "--chunk-rows", "7"]));
        desk.expect(Exit::Done, &["verify", "out/run.json"]);
    }
    let first = std::fs::read(desk.path("out/run.json")).expect("the record of the run");
    desk.expect(Exit::Done, &with(&["--out", "out", "--format", "parquet", "--threads", "1", "--chunk-rows", "1"]));
    assert_eq!(std::fs::read(desk.path("out/run.json")).expect("the record of the run"), first);
    desk.write("notices.ndjson", &record(3));
    let (out, _) = desk.expect(Exit::Unverified, &["verify", "out/run.json"]);
    assert!(out.contains("The input `notices.ndjson` changed."), "{out}");
    desk.expect(Exit::Done, &with(&["--out", "out"]));
    let rules = std::fs::read_to_string(desk.path("rules/rules.toml")).expect("the rules");
    desk.write("rules/rules.toml", &rules.replace("bits = 1.35", "bits = 1.4"));
    let (out, _) = desk.expect(Exit::Unverified, &["verify", "out/run.json"]);
    assert!(out.contains("The rule `position.refused` is different."), "{out}");
    desk.write("rules/rules.toml", &rules);
    desk.write("out/cases.jsonl", "{}\n");
    let (out, _) = desk.expect(Exit::Unverified, &["verify", "out/run.json"]);
    assert!(out.contains("is not the one that was written"), "{out}");
}

#[test]
fn rules_are_listed_shown_and_tested() {
    let desk = Desk::new();
    let (out, _) = desk.expect(Exit::Done, &["rules", "list", "--rules", "rules", "--kind", "gate"]);
    assert_eq!(out.lines().count(), 2, "{out}");
    let (out, _) = desk.expect(Exit::Done, &["rules", "list", "--rules", "rules", "--json"]);
    assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok_and(|list| list[0]["bits"] == -0.5), "{out}");
    let (out, _) = desk.expect(Exit::Done, &["rules", "show", "charge.expression", "--rules", "rules"]);
    assert!(out.contains("It says yes if") && out.contains("RPD art. 34(3)(a)"), "{out}");
    let (_, err) = desk.expect(Exit::Usage, &["rules", "show", "charge.expresion", "--rules", "rules"]);
    assert!(err.contains("did you mean `charge.expression`?"), "{err}");
    let (out, _) = desk.expect(Exit::Done, &["rules", "fields"]);
    assert!(out.lines().count() > 90, "{out}");
    let (out, _) = desk.expect(Exit::Done, &["rules", "test", "rules"]);
    assert_eq!(out, "0 tests, 0 failed; 0 generated checks\n");
    let covered = ["rules", "coverage", "rules", "--corpus", "notices.ndjson"];
    desk.write("notices.ndjson", &record(3));
    let (out, _) = desk.expect(Exit::Done, &covered);
    assert!(out.starts_with("0 tests and 1 record were read."), "{out}");
    let (out, _) = desk.expect(Exit::Done, &[&covered[..], &["--format", "json"]].concat());
    assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok_and(|all| all["records"] == 1), "{out}");
    let (out, _) = desk.expect(Exit::Found, &["rules", "test", "rules", "--mutate"]);
    assert!(out.contains("warning[A606]"), "{out}");
    let test = "\n[[rule.test]]\nname = \"wrong\"\ngiven = { kind = \"diffusion\" }\nexpect = \"yes\"\n";
    let rules = std::fs::read_to_string(desk.path("rules/rules.toml")).expect("the rules");
    desk.write("rules/rules.toml", &format!("{rules}{test}"));
    let (out, _) = desk.expect(Exit::Found, &["rules", "test", "rules"]);
    assert!(out.contains("error[A603]") && out.contains("1 test, 1 failed"), "{out}");
}

#[test]
fn conditions_are_told_by_what_was_found_and_by_ground() {
    let gate = |id: &str, ground: &str, kind: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\nrevision = 1\ntitle = \"t\"\nstatus = \"test\"\nkind = \"gate\"\nground = \"{ground}\"\n\
             basis = [{{ cite = \"RPD art. 34\", verified = true }}]\ndetection.one.kind = \"{kind}\"\nexplain.message = \"m\"\n"
        )
    };
    let desk = Desk::new();
    let gates =
        [("c", "art3", "message"), ("d", "rpd", "message"), ("b", "art3", "message"), ("e", "art3", "red_notice")];
    let gates: String = gates.iter().map(|(id, ground, kind)| gate(&format!("gate.{id}"), ground, kind)).collect();
    desk.write("rules/gates.toml", &gates);
    desk.write("notices.ndjson", &record(3));
    let (out, _) = desk.expect(Exit::Done, &["explain", "notices.ndjson", "--rules", "rules", "--id", "n-003"]);
    let told = out.split("Conditions of INTERPOL's rules\n").nth(1).and_then(|rest| rest.split("\n\n").next());
    insta::assert_snapshot!(told.unwrap_or_default(), @r"
      not met: Article 3 of the Constitution (political, military, religious or racial character)
      [gate.e]
      nothing found: Article 3 of the Constitution (political, military, religious or racial character)
      [gate.b, gate.c]
      nothing found: a condition of the Rules on the Processing of Data [gate.d]
    ");
}

#[test]
fn a_shell_and_a_manual_get_what_they_need() {
    let desk = Desk::new();
    let (out, _) = desk.expect(Exit::Done, &["completions", "bash"]);
    assert!(out.contains("article3"));
    let (out, _) = desk.expect(Exit::Done, &["man"]);
    assert!(out.contains(".TH article3"));
}

#[cfg(unix)]
#[test]
fn what_is_read_is_never_written_over() {
    let desk = Desk::new();
    let before = std::fs::read(desk.path("notices.ndjson")).expect("the records");
    std::os::unix::fs::symlink(desk.path("notices.ndjson"), desk.path("link")).expect("a link");
    std::fs::create_dir(desk.path("out")).expect("a folder");
    std::fs::hard_link(desk.path("notices.ndjson"), desk.path("out/cases.jsonl")).expect("a link");
    for more in [["-o", "notices.ndjson"], ["-o", "link"], ["--out", "out"]] {
        let (_, err) = desk.expect(Exit::Usage, &with(&more));
        assert!(err.contains("would replace the input `notices.ndjson`"), "{err}");
    }
    assert_eq!(std::fs::read(desk.path("notices.ndjson")).expect("the records"), before);
}

#[test]
fn a_run_in_which_nothing_could_be_judged_says_so() {
    let desk = Desk::new();
    desk.write("columns.csv", "Record ID,kind,Colour\n1,red_notice,blue\n");
    let (_, err) = desk.expect(Exit::Done, &["scan", "columns.csv", "--rules", "rules"]);
    assert!(err.contains("no record carries a text that the rules read"), "{err}");
    desk.write("list.json", r#"{"_embedded":{"notices":[{"entity_id":"1/1","name":"A","forename":"B"}]}}"#);
    let (_, err) = desk.expect(Exit::Done, &["scan", "list.json"]);
    assert!(err.contains("no record carries a text that the rules read"), "{err}");
    desk.write("empty.ndjson", "");
    let (out, err) = desk.expect(Exit::Done, &["scan", "empty.ndjson", "--rules", "rules"]);
    assert!(err.contains("nothing was judged") && !out.contains("flagged."), "{out}{err}");
}

#[test]
fn the_rows_of_a_file_can_be_seen_before_any_profile() {
    let desk = Desk::new();
    desk.write("table.csv", "Register 7;;\n\nnom;;nom\n'a;b';1;\nc;2\n");
    let (out, err) = desk.expect(Exit::Rejected, &["inspect", "table.csv", "--rows"]);
    assert_eq!(out, "{\"nom\":\"a;b\",\"column_2\":\"1\",\"nom_2\":\"\"}\n");
    assert!(err.contains("delimiter `;`, quote `'`, header in line 3"), "{err}");
    assert!(err.contains("line 5: 2 cells where the header has 3"), "{err}");
    assert!(err.contains("line 1 stands above the header in line 3 and is no row (`Register 7;;`)"), "{err}");
    let none = ["inspect", "table.csv", "--rows", "1", "--header-row", "0", "--delimiter", ";", "--quote", "none"];
    assert_eq!(desk.expect(Exit::Done, &none).0, "[\"Register 7\",\"\",\"\"]\n");
    desk.write("list.json", "[{\"b\":1.50,\"a\":[]},\n{\"a\":1,\"a\":2},{}]");
    let (out, err) = desk.expect(Exit::Rejected, &["inspect", "list.json", "--rows"]);
    assert_eq!(out, "{\"b\":\"1.50\",\"a\":[]}\n{}\n");
    assert_eq!(err, "line 2, column 10: key `a` stands twice\n");
    desk.write("old-mac.csv", "record_id,kind\r1,red_notice\r");
    assert_eq!(
        desk.expect(Exit::Done, &["inspect", "old-mac.csv", "--rows"]).0,
        "{\"record_id\":\"1\",\"kind\":\"red_notice\"}\n"
    );
}

#[test]
fn what_lies_above_a_header_is_said_and_limits_hold() {
    let desk = Desk::new();
    desk.write("table.csv", "Export\nrecord_id,kind\n1,red_notice\n12345678901,sltd\n");
    let (_, err) = desk.expect(Exit::Done, &["scan", "table.csv", "--rules", "rules"]);
    assert!(err.contains("header in line 2") && err.contains("line 1 stands above the header"), "{err}");
    let (_, err) = desk.expect(
        Exit::Rejected,
        &["scan", "table.csv", "--rules", "rules", "--limit", "field-bytes=10", "--limit", "columns=5"],
    );
    assert!(err.contains("1 accepted + 1 rejected"), "{err}");
    for (wrong, said) in [
        (["--limit", "row-byte=1"], "did you mean `row-bytes`?"),
        (["--delimiter", "ab"], "`ab` cannot be used for `--delimiter`"),
        (["--quote", "x"], "`x` cannot be used for `--quote`"),
    ] {
        let (_, err) = desk.expect(Exit::Usage, &[["inspect", "table.csv"], wrong].concat());
        assert!(err.contains(said), "{err}");
    }
    let (help, _) = desk.expect(Exit::Done, &["scan", "--help"]);
    assert!(help.contains("row-bytes (16 MiB): length of one row, line or JSON object"), "{help}");
}

#[test]
fn a_profile_of_ones_own_is_read_recorded_and_verified() {
    let desk = Desk::new();
    desk.write("leak.csv", "Nr;Delikt\n1;Robbery\n");
    let profile =
        "name = \"leak\"\n[set]\nkind = \"red_notice\"\n[[map]]\ncolumn = \"Delikt\"\nto = \"charges.text\"\n";
    desk.write("leak.toml", profile);
    desk.expect(Exit::Done, &["scan", "leak.csv", "--profile", "leak.toml", "--rules", "rules", "--out", "out"]);
    let run: serde_json::Value = serde_json::from_str(&desk.read("out/run.json")).expect("JSON");
    assert_eq!(
        (&run["inputs"][0]["profile"], &run["options"]["input"]["profile"]),
        (&"leak".into(), &"leak.toml".into())
    );
    assert_eq!(run["inputs"][0]["profile_hash"].as_str().map(str::len), Some(64));
    desk.expect(Exit::Done, &["verify", "out/run.json"]);
    desk.write("leak.toml", &format!("{profile}[[map]]\ncolumn = \"Nr\"\nto = \"case_ref\"\n"));
    let (out, _) = desk.expect(Exit::Unverified, &["verify", "out/run.json"]);
    assert!(out.contains("The profile that `leak.csv` was read with changed."), "{out}");
}

#[test]
fn a_profile_that_is_wrong_or_not_there_is_explained_and_nothing_is_read() {
    let desk = Desk::new();
    desk.write("bad.toml", "name = \"x\"\n[[map]]\ncolumn = \"Sex\"\nto = \"sexe\"\n");
    let (_, err) = desk.expect(Exit::Usage, &["inspect", "notices.ndjson", "--profile", "bad.toml"]);
    assert!(err.contains("error[A802]") && err.contains("did you mean `sex`?"), "{err}");
    assert!(err.contains("the profile has 1 error; nothing was read"), "{err}");
    let (_, err) = desk.expect(Exit::Usage, &["inspect", "notices.ndjson", "--profile", "interpol"]);
    assert!(err.contains("there is no profile `interpol`; built in are `canonical`, `table`"), "{err}");
    let (_, err) = desk.expect(Exit::Usage, &["inspect", "notices.ndjson", "--profile", "gone.toml"]);
    assert!(err.contains("cannot read the profile `gone.toml`"), "{err}");
}

#[test]
fn an_unknown_table_gets_a_proposal_and_a_profile_without_anything_from_its_cells() {
    let desk = Desk::new();
    desk.write("odd.csv", "Spalte A,Spalte B\nMUSTERNAME,31/12/1985\nOTHERNAME,30/11/1990\n");
    let (out, err) = desk.expect(Exit::Done, &["inspect", "odd.csv", "--write-profile", "odd.toml"]);
    assert!(out.contains("Spalte B") && out.contains("looks like dates"), "{out}");
    assert!(err.contains("no column is named like a field") && err.contains("the profile is in `odd.toml`"), "{err}");
    let profile = desk.read("odd.toml");
    assert!(profile.contains("# column = \"Spalte B\"") && !profile.contains("MUSTERNAME"), "{profile}");
    let (_, err) = desk.expect(Exit::Output, &["inspect", "odd.csv", "--write-profile", "odd.toml"]);
    assert!(err.contains("cannot write `odd.toml`"), "{err}");
    desk.write("headless.csv", "MUSTERNAME,31/12/1985\nOTHERNAME,30/11/1990\n");
    let (_, err) = desk.expect(Exit::Input, &["inspect", "headless.csv", "--write-profile", "names.toml"]);
    assert!(err.contains("line 1 looks like a row of data"), "{err}");
    let named = ["inspect", "headless.csv", "--header-row", "1", "--write-profile", "names.toml"];
    let (_, err) = desk.expect(Exit::Usage, &named);
    assert!(err.contains("the first row looks like data"), "{err}");
    desk.write("table.csv", "kind,Surname\nsltd,MUSTERNAME\n");
    let (out, _) = desk.expect(Exit::Done, &["inspect", "table.csv"]);
    assert!(out.contains("name of the field"), "{out}");
}

#[test]
fn a_folder_without_rules_is_not_in_order() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("empty")).expect("a folder");
    let (out, _) = desk.expect(Exit::Found, &["rules", "check", "empty"]);
    assert!(out.contains("error[A702]"), "{out}");
}
