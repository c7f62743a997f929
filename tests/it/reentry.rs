//! What the shipped rules say of a record after an earlier one of the person failed: all depends on why it failed.

use article3::engine::Outcome;
use article3::ingest::canonical;
use article3::rule::{Circle, Kind, RuleSet, Verdict, judge_among};
use serde_json::{Value, json};

use crate::given::{assessed, shipped};
use crate::shipped_rules::theft;

/// A red notice that failed, and what is asked for half a year later on the person and in the file, in other words.
/// Out come the outcome of the later one, and the rules on earlier records that say yes.
fn story(rules: &RuleSet, [earlier, later]: [&Value; 2]) -> (Outcome, Vec<String>) {
    let of_both = json!({ "person_id": "p-1", "case_ref": "C-1" });
    let failed = json!({ "record_id": "t-0", "status": "refused", "status_at": "2022-12-01", "requested_at": "2022-07-01",
        "warrant_ref": "W-0", "facts_summary": "He is wanted." });
    let tool = json!({ "kind": "diffusion" });
    let records = [[&tool, later], [&failed, earlier]].map(|told| {
        let mut record = theft(&of_both);
        for (key, value) in told.iter().flat_map(|told| told.as_object().into_iter().flatten()) {
            record[key] = value.clone();
        }
        canonical::record(record.as_object().expect("an object")).0
    });
    let judged = judge_among(rules, &records[0], Circle::of(rules, records.to_vec()).seen_from(0));
    let outcome = assessed(rules, &judged).outcome;
    let said = rules.rules.iter().zip(&judged.verdicts).filter(|(_, verdict)| **verdict == Verdict::Yes);
    let said =
        said.filter(|(rule, _)| rule.kind != Kind::Concept).filter_map(|(rule, _)| rule.id.strip_prefix("reentry."));
    (outcome, said.map(str::to_owned).collect())
}

/// RPD arts 78(3), 99(2)-(3) and 125; RoP para. 56; CCF-2024-3.
#[test]
fn after_a_refusal_all_depends_on_its_ground() {
    let rules = shipped();
    let sltd = json!({ "kind": "sltd", "purpose": "travel_document", "document_status": "revoked", "document_basis": "administrative" });
    let by_court = json!({ "kind": "sltd", "purpose": "travel_document", "document_status": "revoked", "document_basis": "court_order" });
    let table: [(Value, Value, &[&str]); 14] = [
        (json!({ "status_ground": "art3" }), json!({}), &["art3-refused", "refused-before"]),
        (json!({ "status_ground": "art2" }), json!({}), &["art2-refused", "refused-before"]),
        (json!({ "status_ground": "refugee_policy" }), json!({}), &["refugee-refused", "refused-before"]),
        (
            json!({ "status_ground": "art3" }),
            json!({ "kind": "message" }),
            &["art3-refused", "message", "refused-before"],
        ),
        (json!({ "status_ground": "thin_data" }), json!({}), &[]),
        (json!({ "status_ground": "thin_data" }), json!({ "facts_summary": "He is wanted." }), &["same-thin-data"]),
        (json!({ "status_ground": "threshold", "max_penalty_months": 60 }), json!({}), &[]),
        (json!({ "status_ground": "threshold", "max_penalty_months": 12 }), json!({}), &["graver-charge"]),
        (json!({ "status_ground": "lack_of_action" }), json!({ "kind": "red_notice" }), &[]),
        (json!({ "status_ground": "lack_of_action" }), json!({ "extradition_assured": false }), &["no-action-again"]),
        (json!({ "status_ground": "ne_bis_in_idem" }), json!({}), &["finally-decided"]),
        (json!({ "status_ground": "lack_of_action" }), sltd, &["document"]),
        (json!({ "status_ground": "lack_of_action" }), by_court, &[]),
        (json!({ "status_ground": "other" }), json!({}), &["ground-open"]),
    ];
    for (earlier, later, expected) in &table {
        let (_, said) = story(&rules, [earlier, later]);
        assert_eq!(said, *expected, "{earlier} and then {later}");
    }
}

#[test]
fn a_standing_refusal_decides_and_one_for_thin_data_does_not() {
    let rules = shipped();
    let outcome = |ground: &str, later: Value| story(&rules, [&json!({ "status_ground": ground }), &later]).0;
    for ground in ["art3", "art2", "refugee_policy"] {
        assert_eq!(outcome(ground, json!({})), Outcome::LikelyNonCompliant, "{ground}");
        assert_ne!(
            outcome(ground, json!({ "ncb_response": "answered_in_detail" })),
            Outcome::LikelyNonCompliant,
            "{ground}"
        );
        // Another person of the same case has not come back; that the data of a co-accused were deleted is a sign only.
        let another = json!({ "person_id": "p-2", "date_of_birth": "1960-01-01" });
        assert_ne!(outcome(ground, another), Outcome::LikelyNonCompliant, "{ground}");
        assert_eq!(outcome(ground, json!({ "requesting_country": "XB" })), Outcome::NoIndicator, "{ground}");
    }
    for ground in ["thin_data", "threshold", "lack_of_action", "inaccurate"] {
        assert_eq!(outcome(ground, json!({})), Outcome::NoIndicator, "{ground}");
    }
}
