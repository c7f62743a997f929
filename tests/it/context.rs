//! From a publisher's download to a finding: the table is made, checked, asked as of the date of a record, and cited.

use article3::cli::Exit;
use article3::context::Decimal;
use article3::record::PartialDate;
use article3::report::run::Rules;
use article3::rule::RuleFiles;

use crate::cli::Desk;
use crate::given::shipped;

const DOWNLOAD: &str = "country_name,country_text_id,year,v2x_rule,v2x_libdem\n\
    France,FRA,2018,0.97512,0.81\nFrance,FRA,2019,0.4,0.82\nOldland,OLD,2019,0.1,0.1\n";

const RULE: &str = r#"
[[rule]]
id = "context.courts"
revision = 1
title = "The courts of the requesting country"
status = "test"
kind = "gate"
ground = "rpd"
basis = [{ cite = "RPD art. 34(3)(g)" }]
[rule.detection.courts]
requesting_country = { lookup = "context/courts", lt = 0.5 }
[rule.explain]
message = "The figure was {requesting_country.entry}."
"#;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("v-dem.csv", DOWNLOAD);
    desk
}

fn import<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let plain = ["context", "import", "v-dem", "v-dem.csv", "--column", "rule_of_law", "--as-of", "2024-05-06"];
    [&plain[..], &["--out", "rules/context/courts.csv"], more].concat()
}

#[test]
fn every_row_of_a_download_is_accounted_for() {
    let (_, said) = desk().expect(Exit::Done, &import(&[]));
    for line in [
        "v-dem.csv: 3 rows = 2 used + 1 refused\n  refused 1, no country with a code: Oldland\n",
        "wrote rules/context/courts.csv: 2 rows of 1 countries, and its header rules/context/courts.toml\n",
        "licence: CC BY-SA 4.0; to be cited as: V-Dem Institute, V-Dem Country-Year Dataset\n",
    ] {
        assert!(said.contains(line), "{said}");
    }
}

#[test]
fn a_record_is_judged_by_the_figure_that_was_out_on_its_date_and_the_finding_cites_it() {
    let desk = desk();
    desk.expect(Exit::Done, &import(&[]));
    desk.write("rules/courts.toml", RULE);
    let record = |id: &str, at: &str| {
        format!(
            "{{\"record_id\":\"{id}\",\"kind\":\"red_notice\",\"requesting_country\":\"FR\",\"requested_at\":\"{at}\"}}\n"
        )
    };
    desk.write("records.ndjson", &[record("a", "2020-03-31"), record("b", "2020-04-01"), record("c", "2030")].concat());
    let explained = |id: &str| {
        let rule = ["--rule", "context.courts", "--rules", "rules"];
        desk.expect(Exit::Done, &[&["explain", "records.ndjson", "--id", id][..], &rule].concat()).0
    };
    assert!(explained("a").contains("no"), "{}", explained("a"));
    let (yes, silent) = (explained("b"), explained("c"));
    assert!(yes.contains("context/courts: 0.4 (year 2019), valid 2020-04-01 to 2022-03-31; V-Dem Institute"), "{yes}");
    assert!(silent.contains("context/courts says nothing of FR as of 2030"), "{silent}");
    let (full, _) = desk.expect(Exit::Done, &["explain", "records.ndjson", "--id", "b", "--rules", "rules"]);
    assert!(full.contains("The figure was 0.4 (year 2019), valid 2020-04-01 to 2022-03-31; V-Dem Institute"), "{full}");
    let (shown, _) = desk.expect(Exit::Done, &["rules", "show", "context.courts", "--rules", "rules"]);
    assert!(shown.contains("context/courts: version 1 · as of 2024-05-06 · V-Dem Institute"), "{shown}");
}

#[test]
fn a_table_is_replaced_only_where_that_is_said_and_as_its_next_version() {
    let desk = desk();
    desk.expect(Exit::Done, &import(&[]));
    let (_, said) = desk.expect(Exit::Usage, &import(&[]));
    assert!(said.contains("to replace them say `--replace`"), "{said}");
    desk.expect(Exit::Done, &import(&["--replace"]));
    assert!(desk.read("rules/context/courts.toml").contains("[courts]\nversion = 2\n"));
}

#[test]
fn what_cannot_be_read_is_said_and_nothing_is_written() {
    let desk = desk();
    desk.write("book.xlsx", "PK\u{3}\u{4}");
    for (args, exit, wanted) in [
        (&["v-dem", "book.xlsx", "--out", "x.csv"], Exit::Input, "save the sheet as CSV in UTF-8"),
        (&["freedom-house", "v-dem.csv", "--out", "x.csv"], Exit::Input, "is not laid out as a table of freedom-house"),
        (&["v-dem", "v-dem.csv", "--out", "X Y.csv"], Exit::Usage, "cannot be the name of a table"),
        (&["v-dem", "v-dem.csv", "--out", "v-dem.csv"], Exit::Usage, "would replace the download"),
        (&["nobody", "v-dem.csv", "--out", "x.csv"], Exit::Usage, "invalid value 'nobody'"),
    ] {
        let (_, said) = desk.expect(exit, &[&["context", "import"][..], args].concat());
        assert!(said.contains(wanted), "{said}");
    }
    assert!(!desk.path("x.csv").exists() && desk.read("v-dem.csv") == DOWNLOAD);
}

#[test]
fn the_record_of_a_run_names_the_version_of_every_shipped_list() {
    let rules = Rules::of(&shipped());
    assert!(rules.lists.len() > 100 && rules.lists.contains_key("context/wgi-rule-of-law"));
    for (name, list) in &rules.lists {
        assert!(list.version >= Some(1) && list.as_of.is_some() && list.hash.len() == 32, "{name}: {list:?}");
    }
}

/// The source of rows for the tests of rules.
const MADE_UP: &str = "made up";

/// The sums are those of the publishers' files, rounded row by row.
#[test]
fn the_shipped_tables_hold_every_figure_of_their_publishers() {
    let files = RuleFiles::shipped();
    for (name, column, rows, sum) in [
        ("wgi-rule-of-law", 4, 5295, "-134.85"),
        ("wgi-voice", 4, 5170, "-4.31"),
        ("unhcr-decisions", 6, 4624, "23040724"),
    ] {
        let table = files.get(&format!("context/{name}.csv")).expect("the table is shipped");
        let cells: Vec<Decimal> = table
            .lines()
            .skip(1)
            .filter(|row| !row.contains(MADE_UP))
            .map(|row| row.split(',').nth(column).and_then(Decimal::parse).expect("a number"))
            .collect();
        let total = cells.iter().try_fold(Decimal::default(), |sum, cell| sum.plus(*cell)).expect("a small sum");
        assert_eq!((cells.len(), total.to_string().as_str()), (rows, sum), "{name}");
    }
}

/// What a shipped table says is what was known at the time: nothing of the year itself, and no figure that is old.
#[test]
fn no_shipped_figure_is_used_in_the_year_it_describes_or_long_after() {
    let files = RuleFiles::shipped();
    for name in ["wgi-rule-of-law", "wgi-voice", "unhcr-decisions"] {
        let table = files.get(&format!("context/{name}.csv")).expect("the table is shipped");
        for row in table.lines().skip(1).filter(|row| !row.contains(MADE_UP)) {
            let cells: Vec<&str> = row.split(',').collect();
            let date = |text: &str| PartialDate::parse(text).expect("a date");
            let year = date(cells[3]);
            assert!(date(cells[1]).first > year.last, "{name}: {row}");
            assert!(date(cells[2]).last <= year.last + 3 * 366, "{name}: {row}");
        }
    }
}
