//! What each step of a scan costs, over generated records and the shipped rules: reading, compiling, judging, explaining.
//! Run with `cargo bench`; compare two versions with criterion's baselines. The rows are made here, so that every run has
//! the same; a row has about a kilobyte, most of it a summary that no other row has.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Cursor;
use std::sync::Arc;

use article3::diag::{Diagnostics, Sources};
use article3::engine::{Keep, Plan, ScanOptions, Scanner};
use article3::explain::case;
use article3::ingest::{Chunk, ReadOptions, read_from};
use article3::rule::{RuleFiles, RuleSet};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const ROWS: usize = 4096;

const CHARGES: [&str; 12] = [
    "Murder",
    "Robbery committed by an organised group",
    "Large-scale fraud",
    "Participation in a terrorist organization",
    "Public calls for extremist activity",
    "Homicidio agravado",
    "Estafa",
    "Violation de domicile",
    "Мошенничество в особо крупном размере",
    "Публичные призывы к осуществлению экстремистской деятельности",
    "Uyuşturucu madde ticareti",
    "القتل العمد",
];
const SENTENCES: [&str; 12] = [
    "The person entered the shop at night together with two others and took goods worth 12,000.",
    "He is accused of having written articles that criticise the government.",
    "During the demonstration the person carried a banner and shouted slogans.",
    "The victim died of gunshot wounds on the way to the hospital.",
    "The accused transferred the money to an account abroad and left the country.",
    "La persona participó en una reunión y distribuyó folletos.",
    "El imputado disparó contra la víctima y huyó.",
    "Il a publié un message sur un réseau social.",
    "Обвиняемый похитил денежные средства потерпевшего и скрылся.",
    "Он разместил в сети записи с критикой власти.",
    "Şüpheli sosyal medya hesabından paylaşım yapmıştır.",
    "شارك المتهم في مظاهرة وألقى كلمة.",
];

/// Canonical records, one a line.
fn rows(count: usize) -> String {
    let mut lines = String::new();
    for row in 0..count {
        let facts: Vec<String> =
            (0..6).map(|part| format!("{} ({row}-{part})", SENTENCES[(row * 7 + part * 5) % 12])).collect();
        let country = char::from(b'A' + u8::try_from(row % 26).unwrap_or(0));
        let _ = writeln!(
            lines,
            "{{\"record_id\":\"b-{row}\",\"kind\":\"{}\",\"requesting_country\":\"X{country}\",\"requested_at\":\"20{:02}-0{}-11\",\
             \"family_name\":\"Family {row}\",\"date_of_birth\":\"19{}\",\"nationalities\":[\"X{country}\"],\
             \"charges\":[{{\"text\":\"{}\",\"law\":\"Penal Code s. {}\"}}],\"max_penalty_months\":{},\"facts_summary\":\"{}\",\
             \"purpose\":\"prosecution\",\"warrant_ref\":\"W-{row}\",\"source\":\"generated\"}}",
            ["red_notice", "diffusion", "message"][row % 3],
            10 + row % 15,
            1 + row % 9,
            50 + row % 49,
            CHARGES[row % 12],
            row % 400,
            12 + row % 200,
            facts.join(" "),
        );
    }
    lines
}

fn read(lines: &str) -> Vec<Chunk> {
    let input = Box::new(Cursor::new(lines.to_owned().into_bytes()));
    let reader = read_from("generated.ndjson", input, &ReadOptions::default()).expect("generated rows are NDJSON");
    reader.collect::<Result<_, _>>().expect("generated rows are sound")
}

fn shipped() -> RuleSet {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    RuleSet::check(&RuleFiles::shipped(), &mut sources, &mut found).expect("the shipped rules are sound")
}

fn steps(criterion: &mut Criterion) {
    let lines = rows(ROWS);
    let tables: Vec<_> = read(&lines).into_iter().map(|chunk| chunk.table).collect();
    let rules = Arc::new(shipped());
    let plan = Plan::compile(Arc::clone(&rules));
    let scan = |keep| {
        let mut scanner = Scanner::new(&plan, ScanOptions { keep });
        scanner.add(0, tables.clone()).expect("tables of the reader");
        scanner.finish()
    };
    let mut group = criterion.benchmark_group("article3");
    group.sample_size(10);
    group.bench_function("compile", |b| b.iter(|| Plan::compile(Arc::new(shipped()))));
    group.throughput(Throughput::Bytes(lines.len() as u64));
    group.bench_function("ingest", |b| b.iter(|| read(black_box(&lines))));
    group.throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("scan", |b| b.iter(|| scan(Keep::Flagged)));
    let flagged = scan(Keep::Flagged);
    let (table, judged) = (&flagged.chunks[0].table, &flagged.chunks[0].judged);
    let few = judged.len().min(200);
    group.throughput(Throughput::Elements(few as u64));
    group.bench_function("explain", |b| {
        b.iter(|| {
            for (row, judged) in judged.iter().enumerate().take(few) {
                let origin = table.origin(row).cloned().unwrap_or_default();
                black_box(case(&table.record(row), judged, &rules, "generated.ndjson", &origin));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, steps);
criterion_main!(benches);
