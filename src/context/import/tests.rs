use super::*;
use crate::record::PartialDate;

fn publisher(name: &str) -> &'static Publisher {
    publishers().iter().find(|publisher| publisher.name == name).expect("a publisher")
}

fn order(name: &str) -> Order<'static> {
    Order { publisher: publisher(name), columns: vec![], validity: Validity::Publication, years: None }
}

fn made(order: &Order<'_>, texts: &[&str]) -> Imported {
    let files: Vec<(String, String)> =
        texts.iter().enumerate().map(|(at, text)| (format!("{at}.csv"), (*text).to_owned())).collect();
    import(order, &files).expect("a table")
}

fn refused(account: &Account) -> Vec<(Refused, usize)> {
    account.refused.iter().map(|(refused, count)| (refused.clone(), *count)).collect()
}

#[test]
fn a_long_table_is_read_by_its_names() {
    let text = "Country Name,Country Code,year,rl_est\n\
        France,FRA,1996,1.4949999\nFrance,FRA,1998,1.505\n\"Congo, Dem. Rep.\",ZAR,1996,-1.9\nAtlantis,ATL,1996,1\n";
    let table = made(&order("world-bank-wgi"), &[text]);
    assert_eq!(
        table.csv,
        "key,valid_from,valid_to,year,value,source\n\
         CD,1998-01-01,1999-12-31,1996,-1.9,\n\
         FR,1998-01-01,1999-12-31,1996,1.49,\n\
         FR,2000-01-01,2001-12-31,1998,1.51,\n"
    );
    let account = &table.accounts[0];
    assert_eq!((account.read, account.used, table.rows, table.countries), (4, 3, 3, 2));
    assert_eq!(refused(account), [(Refused::NoCountry("Atlantis".to_owned()), 1)]);
}

#[test]
fn a_column_for_each_year_and_a_series_in_each_row() {
    let text = "Country Name,Country Code,Series Name,Series Code,1996 [YR1996],1998 [YR1998]\n\
        France,FRA,Rule of Law: Estimate,RL.EST,1.5,..\n\
        France,FRA,Voice and Accountability: Estimate,VA.EST,1.2,1.25\n\
        France,FRA,Control of Corruption: Estimate,CC.EST,1.3,1.3\n\
        Kosovo,XKX,Rule of Law: Estimate,RL.EST,..,..\n\
        ,,,,,\n\
        Data from database: Worldwide Governance Indicators,,,,,\n";
    let table = made(&order("world-bank-wgi"), &[text]);
    assert_eq!(
        table.csv,
        "key,valid_from,valid_to,year,rule_of_law,voice_accountability,source\n\
         FR,1998-01-01,1999-12-31,1996,1.5,1.2,\n\
         FR,2000-01-01,2001-12-31,1998,,1.25,\n"
    );
    let account = &table.accounts[0];
    let last = Refused::NoCountry("Data from database: Worldwide Governance Indicators".to_owned());
    assert_eq!(refused(account), [(last, 1), (Refused::OtherSeries, 1), (Refused::NoFigure, 1)]);
    assert_eq!(account.read, account.used + account.refused.values().sum::<usize>());
}

#[test]
fn lines_above_the_header_are_passed_over() {
    let text = "\u{feff}\"Data Source\",\"Worldwide Governance Indicators\",\n\n\"Last Updated Date\",\"2024-11-05\",\n\n\
        \"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"1996\",\"1998\",\n\
        \"France\",\"FRA\",\"Rule of Law\",\"RL.EST\",\"1.5\",\"\",\n";
    let table = made(&order("world-bank-wgi"), &[text]);
    assert_eq!(table.csv.lines().nth(1), Some("FR,1998-01-01,1999-12-31,1996,1.5,"));
}

#[test]
fn one_figure_in_each_row() {
    let text = "codeindyr;code;countryname;year;indicator;estimate;stddev\n\
        FRArl2020;FRA;France;2020;rl;1.31;0.1\nFRAva2020;FRA;France;2020;va;1.1;0.1\nFRAcc2020;FRA;France;2020;cc;1;0.1\n";
    let order = Order { columns: vec![("rule_of_law".to_owned(), None)], ..order("world-bank-wgi") };
    let table = made(&order, &[text]);
    assert_eq!(table.csv, "key,valid_from,valid_to,year,value,source\nFR,2022-01-01,2023-12-31,2020,1.31,\n");
}

#[test]
fn a_figure_of_another_name_is_read_where_it_is_named() {
    let text = "wb_country,wb_code,year,Estimate\nAndorra,ADO,1996.0,1.5632166862487793\n";
    let columns = vec![("voice_accountability".to_owned(), Some("Estimate".to_owned()))];
    let table = made(&Order { columns, ..order("world-bank-wgi") }, &[text]);
    assert_eq!(table.csv.lines().nth(1), Some("AD,1998-01-01,1999-12-31,1996,1.56,"));
}

#[test]
fn decisions_of_all_countries_of_asylum_are_added_up_before_they_are_divided() {
    let text = "Year,Country of origin,Country of origin (ISO),Country of asylum,Country of asylum (ISO),Authority,\
        Recognized decisions,Complementary protection,Rejected decisions,Otherwise closed,Total decisions\n\
        2020,Albania,ALB,France,FRA,G,10,5,15,100,130\n\
        2020,Albania,ALB,Germany,DEU,G,10,5,55,0,70\n\
        2020,Unknown,UNK,Germany,DEU,G,10,5,55,0,70\n\
        2020,Albania,ALB,Italy,ITA,G,*,5,55,0,70\n";
    let table = made(&order("unhcr-decisions"), &[text]);
    assert_eq!(
        table.csv,
        "key,valid_from,valid_to,year,recognition,protection,decisions,source\n\
         AL,2021-07-01,2023-06-30,2020,20,30,100,\n"
    );
    let unknown = Refused::NoCountry("Unknown".to_owned());
    assert_eq!(refused(&table.accounts[0]), [(unknown, 1), (Refused::NoNumber("*".to_owned()), 1)]);
}

#[test]
fn an_edition_describes_the_year_before_it() {
    let text = "Freedom in the World,,,,,\n\nCountry/Territory,Region,C/T,Edition,Status,PR rating,CL rating,Total\n\
        France,Europe,c,2024,F,1,2,89\nAbkhazia,Eurasia,t,2024,PF,5,5,39\n";
    let table = made(&order("freedom-house"), &[text]);
    assert_eq!(table.csv.lines().nth(1), Some("FR,2024-04-01,2026-03-31,2023,89,1,2,"));
}

#[test]
fn a_record_is_never_read_with_a_figure_of_its_own_year_unless_that_is_asked_for() {
    let text = "country_name,country_text_id,year,v2x_rule\nFrance,FRA,2019,0.9741\nFrance,FRA,2020,0.97\nFrance,FRA,2024,0.9\n";
    let rows = |validity| made(&Order { validity, ..order("v-dem") }, &[text]).csv;
    let published = rows(Validity::Publication);
    let lines: Vec<&str> = published.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "FR,2020-04-01,2021-03-31,2019,0.974,",
            "FR,2021-04-01,2023-03-31,2020,0.97,",
            "FR,2025-04-01,2027-03-31,2024,0.9,"
        ]
    );
    assert!(rows(Validity::Year).contains("FR,2019-01-01,2019-12-31,2019,0.974,\n"));
}

#[test]
fn two_figures_for_one_year_are_not_chosen_between() {
    let text = "country_text_id,year,v2x_rule\nFRA,2019,0.9\nFRA,2019,0.9\nFRA,2019,0.8\nFRA,x,0.8\n";
    let table = made(&order("v-dem"), &[text]);
    assert_eq!(
        refused(&table.accounts[0]),
        [(Refused::NoYear("x".to_owned()), 1), (Refused::Twice("FR 2019".to_owned()), 1)]
    );
    let years = Order { years: Some(2020..=2021), ..order("v-dem") };
    let nothing = import(&years, &[("a.csv".to_owned(), text.to_owned())]);
    // What most rows were refused for is what is wrong.
    assert_eq!(nothing.expect_err("nothing").to_string(), "no row could be used: outside the years asked for");
}

#[test]
fn what_is_laid_out_in_another_way_is_refused_with_what_was_looked_for() {
    let of = |text: &str, columns: Vec<(String, Option<String>)>| {
        let order = Order { columns, ..order("v-dem") };
        import(&order, &[("a.csv".to_owned(), text.to_owned())]).expect_err("a refusal").to_string()
    };
    let said = of("a,b\n1,2\n", vec![]);
    assert!(said.contains("`a.csv` is not laid out as a table of v-dem"), "{said}");
    assert!(said.contains("`country_text_id`") && said.contains("`v2x_rule`"), "{said}");
    let said = of("country_text_id,year,v2x_rule\nFRA,2019,1\n", vec![("law".to_owned(), None)]);
    assert!(said.starts_with("there is no column `law`; v-dem has: rule_of_law, "), "{said}");
    let said = of("country_text_id,year,v2x_rule\nFRA,2019,1\n", vec![("liberal_democracy".to_owned(), None)]);
    assert_eq!(said, "no file has what `liberal_democracy` is made of: v2x_libdem");
}

#[test]
fn the_header_says_whose_figures_these_are_and_when_they_count() {
    let table = made(&order("v-dem"), &["country_text_id,year,v2x_rule\nFRA,2019,0.9\n"]);
    let as_of = PartialDate::parse("2024-05-06").expect("a day");
    let header: toml::Table = table.header("v", publisher("v-dem"), (2, as_of)).parse().expect("TOML");
    let text = |key: &str| header["v"][key].as_str().unwrap_or_default().to_owned();
    assert_eq!((text("licence").as_str(), text("as_of").as_str()), ("CC BY-SA 4.0", "2024-05-06"));
    assert_eq!(header["v"]["version"].as_integer(), Some(2));
    assert!(text("note").starts_with("A figure counts from 3 months after the end of the year"), "{}", text("note"));
    assert_eq!(header["v"]["columns"]["value"]["type"].as_str(), Some("decimal"));
}
