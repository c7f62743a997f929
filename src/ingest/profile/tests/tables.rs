//! Tables in several languages, profiles of users, proposals.

use super::*;

#[test]
fn a_table_in_another_language_is_read_by_the_names_of_its_columns() {
    let text = "N° de notice;Type de notice;Nom;Prénoms;Sexe;Né le;Nationalité;Chef d'accusation;Pays demandeur;Publique;Pays\n\
        1;Notice rouge;SUR;FORE;Homme;1985-12-31;XA|XB;Fraude;XC;oui;XZ\n2;notice ROUGE;-;[redacted];?;;;;XC;non;XZ\n";
    let seen = plain("a.csv", text);
    assert_eq!((seen.ledger.profile_name(), seen.rejects.len()), ("table", 0));
    let [first, second] = [&seen.records[0], &seen.records[1]];
    for (path, want) in [
        ("record_id", "1"),
        ("kind", "red_notice"),
        ("family_name", "SUR"),
        ("sex", "male"),
        ("date_of_birth", "1985-12-31"),
        ("charges.text", "Fraude"),
        ("requesting_country", "XC"),
        ("is_public", "true"),
    ] {
        assert_eq!(texts(first, path), [want], "{path}");
    }
    assert_eq!(texts(first, "nationalities"), ["XA", "XB"]);
    for (path, want) in [
        ("family_name", "(blank)"),
        ("forenames", "(withheld)"),
        ("sex", "(blank)"),
        ("date_of_birth", "(blank)"),
        ("nationalities", "(blank)"),
        ("charges.text", "(blank)"),
        ("charges.law", "(not_carried)"),
        ("is_public", "false"),
    ] {
        assert_eq!(texts(second, path), [want], "{path}");
    }
    assert_eq!(seen.ledger.ignored_fields, [("Pays".to_owned(), 2)].into(), "which country is meant is not told");
}

#[test]
fn a_letter_that_could_mean_two_in_the_language_of_the_column_is_not_read() {
    let seen = plain("a.csv", "kind,Sexo\nred_notice,M\nred_notice,H\n");
    assert_eq!(texts(&seen.records[0], "sex"), ["(invalid M)"]);
    assert_eq!(texts(&seen.records[1], "sex"), ["male"]);
    assert_eq!(texts(&plain("a.csv", "kind,sex\nred_notice,M\n").records[0], "sex"), ["male"]);
}

#[test]
fn a_list_in_one_cell_is_read_however_it_is_written() {
    for cell in ["XA;XB", "XA | XB", "\"[\"\"XA\"\",\"\"XB\"\"]\"", "\"['XA', 'XB']\""] {
        let seen = plain("a.csv", &format!("kind,nationalities\nsltd,{cell}\n"));
        assert_eq!(texts(&seen.records[0], "nationalities"), ["XA", "XB"], "{cell}");
    }
    let seen = plain("a.csv", "kind,nationalities\nsltd,[XA\n");
    assert_eq!(texts(&seen.records[0], "nationalities"), ["(invalid [XA)"]);
}

#[test]
fn a_profile_of_ones_own_maps_splits_strips_and_knows_words() {
    let options = with(
        r#"
        name = "leak"
        carried = ["warrant_ref", "charges.law"]
        blank = ["none"]
        withheld = ["xxx"]
        ignore = ["Spare"]
        [set]
        kind = "diffusion"
        recipients = ["*"]
        [[map]]
        from = "Ref"
        to = "record_id"
        strip = "Ref. "
        [[map]]
        from = "Geschlecht"
        to = "sex"
        values = { m = "male", w = "female", d = "other", "9" = "" }
        [[map]]
        from = ["Delikt 1", "Delikt 2"]
        to = "charges[].text"
        [[map]]
        from = "Staat"
        to = "requesting_country"
        "#,
    );
    let text = "Ref,Geschlecht,Delikt 1,Delikt 2,Staat,Spare\nRef. 1,W,Betrug,Diebstahl,XA,x\n2,9,none,,xxx,x\n";
    let seen = all("a.csv", text, &options);
    assert_eq!((seen.ledger.profile_name(), seen.ledger.profile_hash.as_ref().map(String::len)), ("leak", Some(64)));
    let [first, second] = [&seen.records[0], &seen.records[1]];
    for (path, want) in [
        ("record_id", "1"),
        ("kind", "diffusion"),
        ("sex", "female"),
        ("recipients", "*"),
        ("warrant_ref", "(blank)"),
        ("requesting_country", "XA"),
    ] {
        assert_eq!(texts(first, path), [want], "{path}");
    }
    assert_eq!(texts(first, "charges.text"), ["Betrug", "Diebstahl"]);
    assert_eq!(texts(first, "charges.law"), ["(blank)", "(blank)"]);
    assert_eq!(texts(second, "charges.text"), ["(blank)"]);
    assert_eq!(texts(second, "charges.law"), ["(blank)"]);
    assert_eq!(texts(second, "sex"), ["(blank)"]);
    assert_eq!(texts(second, "requesting_country"), ["(withheld)"]);
    assert!(seen.ledger.ignored_fields.is_empty(), "{:?}", seen.ledger.ignored_fields);
}

#[test]
fn usual_placeholders_say_nothing_unless_the_profile_gives_them_a_meaning() {
    let options = with(
        r#"
        name = "leak"
        extends = "table"
        [[map]]
        column = ["Photo", "Picture"]
        to = "has_photo"
        as = "present"
        [[map]]
        column = ["Sex 1", "Sex 2"]
        to = "sex"
        values = { unknown = "other" }
        "#,
    );
    let text =
        "kind,Photo,Picture,Sex 1,Sex 2,other_names\nsltd,unknown,N/A,-,male,none;A\nsltd,unknown,x,unknown,-,-\n";
    let seen = all("a.csv", text, &options);
    let [first, second] = [&seen.records[0], &seen.records[1]];
    for (path, want) in [("has_photo", "(blank)"), ("sex", "male"), ("other_names", "A")] {
        assert_eq!(texts(first, path), [want], "{path}");
    }
    for (path, want) in [("has_photo", "true"), ("sex", "other"), ("other_names", "(blank)")] {
        assert_eq!(texts(second, path), [want], "{path}");
    }
}

#[test]
fn a_profile_that_extends_another_changes_only_what_it_says() {
    let options = with(
        "name = \"mine\"\nextends = \"interpol-api\"\n[set]\nsource = \"archive\"\n[[map]]\nfrom = \"name\"\nto = \"other_names\"\n",
    );
    let seen = all("a.ndjson", r#"{"entity_id":"1","name":"SUR","forename":"FORE"}"#, &options);
    let record = &seen.records[0];
    assert_eq!(texts(record, "other_names"), ["SUR"]);
    assert_eq!(texts(record, "family_name"), ["(not_carried)"]);
    assert_eq!(texts(record, "forenames"), ["FORE"]);
    assert_eq!(texts(record, "source"), ["archive"]);
}

#[test]
fn what_the_source_always_carries_is_blank_where_a_row_lacks_it() {
    let options = with("name = \"mine\"\nextends = \"canonical\"\ncarried = [\"warrant_ref\", \"charges.law\"]\n");
    let seen =
        all("a.ndjson", "{\"kind\":\"sltd\",\"charges\":[{\"text\":\"a\"}],\"x\":1}\n{\"kind\":\"sltd\"}", &options);
    assert_eq!(texts(&seen.records[0], "warrant_ref"), ["(blank)"]);
    assert_eq!(texts(&seen.records[0], "charges.law"), ["(blank)"]);
    assert_eq!(texts(&seen.records[0], "charges.text"), ["a"]);
    assert_eq!(texts(&seen.records[1], "charges.law"), ["(blank)"]);
    assert_eq!(texts(&seen.records[1], "charges.text"), ["(not_carried)"]);
    assert_eq!(seen.ledger.ignored_fields, [("x".to_owned(), 1)].into());
}

#[test]
fn a_column_that_a_profile_reads_and_the_table_has_not_is_said() {
    let options = with("name = \"mine\"\nextends = \"table\"\n[[map]]\nfrom = \"Naem\"\nto = \"family_name\"\n");
    let seen = all("a.csv", "kind,Name\nsltd,SUR\n", &options);
    assert!(seen.ledger.warnings[0].text.contains("reads a column `Naem`, which the table has not"));
    assert_eq!(texts(&seen.records[0], "other_names"), ["SUR"]);
}

#[test]
fn a_proposed_profile_is_sound_and_reads_what_the_names_of_the_columns_tell() {
    let text = "Ref no,Type,P.O.B.,Surname,Spalte 5,Land,\"a\"\"b.c\",\n1,red notice,TOWN,SECRETNAME,31/12/1985,XA,q,\n2,blue notice,TOWN,OTHERNAME,01/02/1990,XB,,\n";
    let input = Box::new(Cursor::new(text.as_bytes().to_vec()));
    let mut opening = crate::ingest::input::Input::open("a.csv", input, &ReadOptions::default())
        .and_then(|input| crate::ingest::Opening::of(input, &ReadOptions::default()))
        .expect("a table");
    let survey = opening.survey().expect("readable").expect("a table has columns");
    let lines = survey.lines();
    assert_eq!(lines[3], ["Surname", "family_name", "another name (en)", "100%"]);
    assert_eq!(lines[4][2], "not known; looks like dates");
    assert_eq!(lines[5][2], "not known; looks like countries");
    assert_eq!(lines[1][2], "could mean several fields; looks like kinds of notice");
    let proposed = survey.profile("mine");
    assert!(!proposed.contains("SECRETNAME") && !proposed.contains("31/12"), "{proposed}");
    let (profile, problems) = own(&proposed);
    assert_eq!(problems, Vec::<String>::new(), "{proposed}");
    let edited = proposed.replace("# [[map]]\n# column = \"Spalte 5\"\n# to", "[[map]]\ncolumn = \"Spalte 5\"\nto");
    assert_ne!(edited, proposed);
    let options = ReadOptions { kind: Some(0), profile: own(&edited).0, ..ReadOptions::default() };
    let seen = all("a.csv", text, &options);
    assert_eq!(texts(&seen.records[0], "date_of_birth"), ["1985-12-31"]);
    assert_eq!(
        texts(&seen.records[1], "date_of_birth"),
        ["1990-02-01"],
        "the other row shows that the day stands first"
    );
    assert_eq!(texts(&seen.records[1], "family_name"), ["OTHERNAME"]);
    assert_eq!(texts(&seen.records[1], "place_of_birth"), ["TOWN"]);
    assert!(profile.is_some_and(|profile| profile.hash().is_some()));
    // The survey has taken no row away.
    let read: u64 = opening
        .reader()
        .map(|reader| reader.map(|chunk| chunk.expect("readable").rejects.len() as u64).sum())
        .expect("readable");
    assert_eq!(read, 2, "both rows lack a kind");
}

#[test]
fn names_that_are_known_tell_a_header_line() {
    for name in ["kind", "Charges[1].text", "Apellidos", "الجنسية", "entity_id", "sanctions", "Country"] {
        assert!(is_known_name(name), "{name}");
    }
    for name in ["1985-01-01", "SMITH", "", "42"] {
        assert!(!is_known_name(name), "{name}");
    }
}

#[test]
fn the_example_in_the_readme_is_a_sound_profile() {
    let readme = include_str!("../../profiles/README.md");
    let example = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let text = "Aktenzeichen,Laufende Nummer,Geschlecht,Vorwürfe,Lichtbild,Surname,Quelle\n\
        AZ 7,1,W,Betrug;Diebstahl,ja,keine,Amt\n8,2,u,,,[redacted],Presse\n";
    let seen = all("a.csv", text, &with(example));
    let [first, second] = [&seen.records[0], &seen.records[1]];
    for (path, want) in [("record_id", "7"), ("sex", "female"), ("has_photo", "true"), ("family_name", "(blank)")] {
        assert_eq!(texts(first, path), [want], "{path}");
    }
    assert_eq!(texts(first, "charges.text"), ["Betrug", "Diebstahl"]);
    for (path, want) in
        [("sex", "(blank)"), ("has_photo", "(blank)"), ("family_name", "(withheld)"), ("warrant_ref", "(blank)")]
    {
        assert_eq!(texts(second, path), [want], "{path}");
    }
    let warnings: Vec<&str> = seen.ledger.warnings.iter().map(|warning| warning.text.as_str()).collect();
    assert_eq!(warnings, ["the row comes from `Presse`"]);
}
