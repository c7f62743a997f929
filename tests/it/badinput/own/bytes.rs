//! How bytes come: in other encodings, packed, from folders and patterns.

use std::path::Path;

use super::super::case::Case;
use super::super::make::{encoded, gzip, line, lines, parquet, zip, zstd};
use super::{SCAN, case};

pub(super) fn cases() -> Vec<Case> {
    [encodings(), packed(), places()].into_iter().flatten().collect()
}

/// The same table in each encoding: its texts come out as they were.
fn encodings() -> Vec<Case> {
    const LATIN: &str = "Escroquerie commise à l'étranger, façade de société, crédit refusé";
    const RUSSIAN: &str = "Мошенничество, совершённое организованной группой в особо крупном размере";
    const TURKISH: &str = "Nitelikli dolandırıcılık suçu işleyen şüphelinin yakalanması için çıkarılmıştır";
    const ARABIC: &str = "الاحتيال على عدد من الأشخاص والاستيلاء على أموالهم بطريقة غير مشروعة";
    const CHINESE: &str = "以非法占有为目的，诈骗他人财物，数额特别巨大，情节特别严重";
    const JAPANESE: &str = "他人の財物をだまし取った詐欺の疑いで逮捕状が発付されている";
    let table = |text: &str| {
        let rows: String = (0..40).map(|row| format!("{row};red_notice;{text} {row}\n")).collect();
        format!("record_id;kind;charges.text\n{rows}")
    };
    let case_of = |encoding: &str, mark: &[u8], text: &str| {
        let name = format!("a table in {encoding}{}", if mark.is_empty() { "" } else { " with a mark" });
        let beginning: String = text.chars().take(12).collect();
        let bytes = [mark, &encoded(&table(text), encoding)].concat();
        case(&name).file("a.csv", bytes).exits(&[0]).rows(40, 0).says(&beginning)
    };
    vec![
        case_of("utf-8", b"", LATIN),
        case_of("utf-8", b"\xef\xbb\xbf", LATIN),
        case_of("utf-16le", b"\xff\xfe", RUSSIAN),
        case_of("utf-16be", b"\xfe\xff", RUSSIAN),
        case_of("utf-16le", b"", LATIN),
        case_of("utf-16be", b"", LATIN),
        case_of("windows-1252", b"", LATIN).says("windows-1252"),
        case_of("koi8-r", b"", RUSSIAN).says("koi8"),
        case_of("windows-1251", b"", RUSSIAN).says("windows-1251"),
        case_of("iso-8859-5", b"", RUSSIAN).says("iso-8859-5"),
        case_of("windows-1254", b"", TURKISH).says("windows-1254"),
        case_of("windows-1256", b"", ARABIC).says("windows-1256"),
        case_of("gb18030", b"", CHINESE).says("gb"),
        case_of("shift_jis", b"", JAPANESE).says("shift"),
        case("a line that is not UTF-8 costs one row")
            .file(
                "a.ndjson",
                [line("").as_bytes(), b"{\"kind\":\"\xff\"}\n", line("\"sex\":\"male\"").as_bytes()].concat(),
            )
            .run(SCAN)
            .exits(&[3])
            .rows(2, 1)
            .says("line 2"),
    ]
}

/// Packed files, sound and damaged.
fn packed() -> Vec<Case> {
    let half = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    let mut flipped = gzip(lines(1000));
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0xff;
    vec![
        case("gzip").file("a.ndjson.gz", gzip(lines(50))).exits(&[0]).rows(50, 0),
        case("zstd").file("a.ndjson.zst", zstd(lines(50))).exits(&[0]).rows(50, 0),
        case("gzip of a table").file("a.csv.gz", gzip("record_id,kind\n1,sltd\n")).exits(&[0]).rows(1, 0),
        case("gzip under a name that does not say so").file("a.ndjson", gzip(lines(50))).exits(&[0]).rows(50, 0),
        case("gzip of several members")
            .file("a.ndjson.gz", [gzip(lines(20)), gzip(line(""))].concat())
            .exits(&[0])
            .rows(21, 0),
        case("zstd of several frames")
            .file("a.ndjson.zst", [zstd(lines(20)), zstd(line(""))].concat())
            .exits(&[0])
            .rows(21, 0),
        case("gzip that breaks off").file("a.ndjson.gz", half(gzip(lines(5000)))).exits(&[4]),
        case("zstd that breaks off").file("a.ndjson.zst", half(zstd(lines(5000)))).exits(&[4]),
        case("gzip with a wrong byte").file("a.ndjson.gz", flipped).exits(&[4]),
        case("gzip of a Parquet file").file("a.parquet.gz", gzip(parquet(5))).exits(&[0, 4]),
        case("nothing, packed").file("a.ndjson.gz", gzip("")).exits(&[0]).rows(0, 0),
        case("a name that lies about gzip").file("a.ndjson.gz", lines(3)).exits(&[0, 4]),
        case("a magic number and no more").file("a.ndjson.gz", b"\x1f\x8b").exits(&[4]),
        case("a zip archive").file("a.zip", zip(&[("a.csv", b"record_id,kind\n1,sltd\n".to_vec())])).exits(&[4]),
    ]
}

/// Where files are, and where they are not.
fn places() -> Vec<Case> {
    let folder =
        |case: Case| case.file("in/a.ndjson", line("\"record_id\":\"1\"")).file("in/b.csv", "record_id,kind\n2,sltd\n");
    vec![
        folder(case("a folder").at(Path::new("in"))).run(SCAN).exits(&[0]),
        folder(case("a pattern").at(Path::new("in/*"))).run(SCAN).exits(&[0]),
        case("a pattern that fits nothing").at(Path::new("in/*.csv")).exits(&[4]).says("in/*.csv"),
        case("a file that is not there").at(Path::new("nowhere.csv")).exits(&[4]).says("nowhere.csv"),
        case("nothing on standard input").at(Path::new("-")).rows(0, 0),
    ]
}
