//! The shape of what other programs read, pinned: a change here is a change of the contract.

use std::io::Cursor;
use std::path::Path;

use article3::explain::Case;
use article3::report::{CaseWriter, Csv, JsonLines, Parquet, flat, wire};
use article3::rule::RuleFiles;
use polars::io::SerReader;
use polars::prelude::ParquetReader;

use crate::given::{cases, own, sound, write, write_case};

const RULES: &str = r#"
[[rule]]
id = "charge.expression"
revision = 3
title = "A charge describes expression"
status = "test"
kind = "indicator"
factor = "a"
strength = "strong"
basis = [{ cite = "RPD art. 34(3)(a)", verified = true }]
[rule.detection]
condition = "speech"
[rule.detection.speech]
"charges.text" = { contains = { list = "lexicon/expression" } }
[rule.explain]
message = "The charge wording “{charges.text.match}” concerns expression."
ask = "Which acts, apart from speech, does the charge rest on?"

[[rule]]
id = "position.refused"
revision = 1
title = "Another State refused extradition on political grounds"
status = "test"
kind = "indicator"
factor = "d"
bits = 1.35
basis = [{ cite = "RPD art. 34(3)(d)", verified = true }]
[rule.detection]
condition = "refused"
[rule.detection.refused]
decisions = { match = { subject = "extradition", outcome = "refused", ground = "political" } }
[rule.explain]
message = "Extradition was refused because the case is political."

[[rule]]
id = "against.gain"
revision = 1
title = "The person gained"
status = "test"
kind = "mitigator"
factor = "a"
strength = "weak"
basis = [{ cite = "RoP 3.6", verified = true }]
[rule.detection]
condition = "gain"
[rule.detection.gain]
personal_gain = true
[rule.explain]
message = "The record says that the person gained."

[[rule]]
id = "facts.speech-only"
revision = 1
title = "The facts are speech alone"
status = "test"
kind = "indicator"
factor = "f"
strength = "strong"
basis = [{ cite = "RPD art. 34(3)(f)", verified = true }]
[rule.detection]
condition = "speech"
[rule.detection.speech]
facts_summary = { contains = ["speech", "article"] }
[rule.explain]
message = "The facts are speech."
ask = "What did the person do?"

[[rule]]
id = "form.no-warrant"
revision = 1
title = "No reference to a warrant"
status = "test"
kind = "gap"
ground = "rpd"
basis = [{ cite = "RPD art. 83(2)(b)(v)", verified = true }]
[rule.detection]
condition = "none"
[rule.detection.none]
warrant_ref = { blank = true }
[rule.explain]
message = "There is no reference to a warrant."
ask = "Which warrant does the request rest on?"

[[rule]]
id = "refugee.confirmed"
revision = 1
title = "A refugee from the requesting country"
status = "test"
kind = "gate"
ground = "refugee_policy"
basis = [{ cite = "AGN/2017/86/RES/09", verified = true }]
[rule.detection]
condition = "refugee"
[rule.detection.refugee]
protections = { match = { kind = "refugee", status = "confirmed", feared_country = { field = "requesting_country" } } }
[rule.explain]
message = "The person is a refugee from the requesting country."
"#;

const LEXICON: &str = "entry,lang,script,mode,country,note,source,valid_from,valid_to\n\
insulting the president,en,Latn,literal,,,test,,\n";

const RECORD: &str = concat!(
    r#"{"record_id":"n-2041","kind":"diffusion","requesting_country":"XA","family_name":"=Doe","#,
    r#""charges":[{"text":"Publicly  insulting the President of the State"}],"#,
    r#""personal_gain":true,"facts_summary":"","warrant_ref":"","#,
    r#""decisions":[{"body":"court","subject":"extradition","outcome":"refused","ground":"political"}],"#,
    r#""protections":[{"kind":"refugee","status":"refused","feared_country":"XA"}]}"#,
    "\n"
);

/// The record, judged by the rules.
fn sample() -> Case {
    cases(sound(&files()).0, RECORD).swap_remove(0)
}

/// The rules and their list.
fn files() -> RuleFiles {
    let mut files = own(RULES);
    files.insert("lexicon/expression.csv", LEXICON);
    files
}

/// Writes them to a folder.
pub(crate) fn write_rules(folder: &Path) {
    write(&files(), folder);
}

fn written(writer: impl CaseWriter) {
    write_case(&sample(), writer);
}

#[test]
fn a_case_in_json_has_this_shape() {
    let mut line = vec![];
    written(JsonLines::new(&mut line));
    let line = String::from_utf8(line).expect("JSON is UTF-8");
    let value: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(format!("{value}\n"), line, "one line, nothing lost by reading it");
    let keys = value.as_object().expect("an object").iter();
    let lines: Vec<String> = keys.map(|(key, value)| format!("{key}: {value}")).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
schema_version: 1
record_id: "n-2041"
kind: "diffusion"
requesting_country: "XA"
outcome: "needs_information"
grounds: []
targeting: {"score_bits":2.85,"low_bits":2.85,"high_bits":4.85,"band":"monitor","settled":false,"rank":1,"factors":[{"factor":"a","bits":1.5,"capped":false,"for":["charge.expression"],"against":["against.gain"],"unknown":[]},{"factor":"d","bits":1.35,"capped":false,"for":["position.refused"],"against":[],"unknown":[]}]}
gates: [{"rule":"refugee.confirmed","ground":"refugee_policy","verdict":"no"}]
gaps: [{"rule":"form.no-warrant","basis":"RPD art. 83(2)(b)(v)","field":"warrant_ref","evidence_hash":"5cad7ec8de15ebc4"}]
findings: [{"rule":"charge.expression","revision":3,"kind":"indicator","factor":"a","verdict":"yes","bits":2.0,"message":"The charge wording “insulting the President” concerns expression.","basis":["RPD art. 34(3)(a)"],"evidence":[{"field":"charges[0].text","value":"Publicly  insulting the President of the State","start":10,"end":33,"match":"insulting the President","entry":"insulting the president","list":"lexicon/expression","lang":"en"}],"evidence_hash":"e78336a403432bee"},{"rule":"position.refused","revision":1,"kind":"indicator","factor":"d","verdict":"yes","bits":1.35,"message":"Extradition was refused because the case is political.","basis":["RPD art. 34(3)(d)"],"evidence":[{"field":"decisions[0].subject","value":"extradition"},{"field":"decisions[0].outcome","value":"refused"},{"field":"decisions[0].ground","value":"political"}],"evidence_hash":"ae53bfceb4956228"}]
mitigating: [{"rule":"against.gain","bits":-0.5,"message":"The record says that the person gained.","evidence":[{"field":"personal_gain","value":"yes"}],"evidence_hash":"315776fba6f3dded"}]
unknown: [{"rule":"facts.speech-only","bits_if_yes":2.0,"pivotal":[{"field":"facts_summary","state":"blank"}]}]
would_change: [{"to":"likely_non_compliant","if":[["against.gain","no"]]},{"to":"likely_non_compliant","if":[["facts.speech-only","yes"]]}]
ask: [{"question":"Which warrant does the request rest on?","field":"warrant_ref","article":"RPD art. 83(2)(b)(v)"},{"question":"Which acts, apart from speech, does the charge rest on?","article":"RPD art. 34(3)(a)","bits_settled":2.0},{"question":"What did the person do?","field":"facts_summary","article":"RPD art. 34(3)(f)","bits_settled":2.0}]
locator: {"file":"notices.jsonl","line":1,"sha256":"35bddd7f5398677eeaaabfdc208f4aa476ac602e2a3ad58be1074a89a1cd2b6d"}
"##);
}

#[test]
fn a_case_in_csv_has_this_shape() {
    let mut text = vec![];
    written(Csv::new(&mut text));
    insta::assert_snapshot!(String::from_utf8(text).expect("CSV is UTF-8"), @r#"
record_id,kind,requesting_country,outcome,grounds,score_bits,low_bits,high_bits,band,settled,rank,reasons,mitigating,questions,missing,file,line,suppressed,ruleset,links
n-2041,diffusion,XA,needs_information,,2.85,2.85,4.85,monitor,false,1,charge.expression: The charge wording “insulting the President” concerns expression. | position.refused: Extradition was refused because the case is political. | form.no-warrant: There is no reference to a warrant.,against.gain: The record says that the person gained.,"Which warrant does the request rest on? | Which acts, apart from speech, does the charge rest on? | What did the person do?",facts_summary | warrant_ref,notices.jsonl,1,,,
"#);
}

#[test]
fn parquet_holds_the_columns_of_csv() {
    let mut bytes = vec![];
    written(Parquet::new(&mut bytes));
    let frame = ParquetReader::new(Cursor::new(bytes)).finish().expect("sound Parquet");
    let names: Vec<&str> = frame.get_column_names().into_iter().map(|name| name.as_str()).collect();
    assert_eq!(names, flat::COLUMNS);
    let bits = frame.column("score_bits").and_then(|column| column.f64().cloned()).expect("a column of numbers");
    assert_eq!(bits.get(0).map(|bits| bits.to_string()), Some("2.85".to_owned()));
}

#[test]
fn the_schema_version_is_one() {
    assert_eq!(wire::SCHEMA_VERSION, 1);
    assert_eq!(article3::report::run::SCHEMA_VERSION, 1);
}
