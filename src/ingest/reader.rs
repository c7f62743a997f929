//! An input, chunk by chunk, and the account of it.

use std::fmt;

use rayon::prelude::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use super::interpret::{Accepted, Interpreter};
use super::rows::RowSource;
use super::seen::{Seen, Sight};
use super::{Chunk, DateEvidence, IngestError, Ledger, Reject};
use crate::record::Field;
use crate::table::TableBuilder;

/// Fewer rows are not worth another thread.
const ROWS_A_TASK: usize = 64;

/// The chunks of an input, in order. After an error there is none.
pub struct Reader {
    rows: Option<Box<dyn RowSource>>,
    interpreter: Interpreter,
    ledger: Ledger,
    chunk_rows: usize,
    seen: Seen,
    /// The names of this input and of those read before it.
    names: Vec<String>,
    /// What the dates showed, where the order of day and month was settled.
    evidence: DateEvidence,
}

impl Reader {
    pub(super) fn of(rows: Box<dyn RowSource>, interpreter: Interpreter, ledger: Ledger, chunk_rows: usize) -> Self {
        let names = vec![ledger.file.clone()];
        let (seen, evidence) = (Seen::default(), DateEvidence::default());
        Self { rows: Some(rows), interpreter, ledger, chunk_rows: chunk_rows.max(1), seen, names, evidence }
    }

    /// The same, knowing the records that an earlier reader has read.
    #[must_use]
    pub fn after(mut self, earlier: Self) -> Self {
        self.seen = earlier.seen;
        self.names.splice(..0, earlier.names);
        self
    }

    /// The account so far; final when there is no further chunk.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Whether there is no further chunk.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.rows.is_none()
    }

    fn chunk(&mut self) -> Result<Option<Chunk>, IngestError> {
        let Some(source) = &mut self.rows else { return Ok(None) };
        let rows = source.batch(self.chunk_rows)?;
        if rows.is_empty() {
            source.warnings().into_iter().for_each(|warning| self.ledger.warn(None, warning));
            return Ok(None);
        }
        let tasks = rows.into_par_iter().with_min_len(ROWS_A_TASK);
        let read: Vec<Result<Accepted, Reject>> =
            tasks.map_init(|| self.interpreter.cell_reader(), |cells, row| self.interpreter.read(cells, row)).collect();
        let mut builder = TableBuilder::default();
        let mut rejects = vec![];
        for row in read {
            self.ledger.read += 1;
            match row {
                Ok(accepted) => self.take(accepted, &mut builder),
                Err(reject) => {
                    self.ledger.rejected += 1;
                    rejects.push(reject);
                }
            }
        }
        let table = builder.finish().map_err(|error| {
            let (name, reason) = (self.ledger.file.clone(), error.to_string());
            IngestError::Table { name, reason }
        })?;
        Ok(Some(Chunk { table, rejects }))
    }

    /// Enters a row that could be read, unless it was read before.
    fn take(&mut self, row: Accepted, builder: &mut TableBuilder) {
        let Accepted { record, ignored, invalid, oddities, evidence, origin, prints, warning } = row;
        let input = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        match prints.map_or(Sight::First, |prints| self.seen.see(prints, input, origin.line)) {
            Sight::Duplicate => {
                self.ledger.duplicates += 1;
                return;
            }
            Sight::Conflict { input: before, line } => {
                self.ledger.conflicts += 1;
                let id = record.text(Field::RECORD_ID).unwrap_or_default();
                let of = if before == input { String::new() } else { format!(" of `{}`", self.name(before)) };
                let text = format!(
                    "`{id}` has the id of line {line}{of} and says something else; it is read all the same; compare the two"
                );
                self.ledger.warn(Some(origin.line), text);
            }
            Sight::First => {}
        }
        if let Some(warning) = warning {
            self.ledger.warn(Some(origin.line), warning);
        }
        self.ledger.accept(ignored, invalid);
        self.ledger.note(&oddities);
        if let Some(evidence) = evidence {
            self.evidence.merge(&evidence);
        }
        builder.push(&record, origin);
    }

    /// The name of an input by its number, counted from 1.
    fn name(&self, input: u32) -> &str {
        let at = usize::try_from(input).unwrap_or(usize::MAX).saturating_sub(1);
        self.names.get(at).map_or("", String::as_str)
    }

    /// Closes the input and completes its account.
    fn end(&mut self, failure: Option<&IngestError>) {
        if let Some(source) = self.rows.take() {
            let input = source.input();
            (self.ledger.bytes, self.ledger.sha256) = input.account();
            (self.ledger.packing, self.ledger.encoding) = (input.packing(), input.detected());
        }
        self.ledger.date_orders = self.evidence.account(&self.interpreter.cells.orders);
        if self.ledger.read == 0 && failure.is_none() {
            self.ledger.warn(None, "there is no row in it".to_owned());
        }
        self.ledger.failure = failure.map(ToString::to_string);
    }
}

impl Iterator for Reader {
    type Item = Result<Chunk, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        let chunk = self.chunk().transpose();
        match &chunk {
            Some(Ok(_)) => {}
            Some(Err(error)) => self.end(Some(error)),
            None if self.rows.is_some() => self.end(None),
            None => {}
        }
        chunk
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("ledger", &self.ledger)
            .field("chunk_rows", &self.chunk_rows)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::input::sha256;
    use crate::ingest::{Format, Limit, Limits, ReadOptions, read_from};
    use crate::record::{Field, Leaf, Record, State, Value};
    use crate::text::hex;
    use std::io::Cursor;

    struct Seen {
        records: Vec<Record>,
        lines: Vec<u64>,
        rejects: Vec<Reject>,
        ledger: Ledger,
    }

    fn seen(name: &str, bytes: &[u8], options: &ReadOptions) -> Seen {
        let mut reader =
            read_from(name, Box::new(Cursor::new(bytes.to_vec())), options).expect("the input can be opened");
        let (mut records, mut lines, mut rejects) = (vec![], vec![], vec![]);
        for chunk in reader.by_ref() {
            let chunk = chunk.expect("the input can be read");
            records.extend((0..chunk.table.len()).map(|row| chunk.table.record(row)));
            lines.extend((0..chunk.table.len()).filter_map(|row| chunk.table.origin(row)).map(|origin| origin.line));
            rejects.extend(chunk.rejects);
        }
        let ledger = reader.ledger().clone();
        assert!(ledger.balances(), "{ledger:?}");
        assert_eq!((ledger.accepted, ledger.rejected), (records.len() as u64, rejects.len() as u64));
        assert_eq!((ledger.bytes, ledger.sha256.as_str()), (bytes.len() as u64, hex(&sha256(bytes)).as_str()));
        Seen { records, lines, rejects, ledger }
    }

    fn ids(seen: &Seen) -> Vec<&str> {
        seen.records.iter().filter_map(|record| record.text(Field::RECORD_ID)).collect()
    }

    #[test]
    fn every_row_is_accepted_or_rejected_with_its_place_and_reason() {
        let text = "\u{feff}{\"record_id\":\"1\",\"kind\":\"sltd\",\"colour\":1,\"sex\":\"?\"}\r\n\n \n{\"kind\":\"sltd\",\"kind\":\"message\"}\n{\"a\":}\n\
            {\"record_id\":\"2\",\"kind\":\"Diffusion\"}\n{\"record_id\":\"3\"}\n{\"kind\":\"rednotice\"}\n[]\n{\"record_id\":\"4\",\"kind\":\"message\"}";
        let seen = seen("a.ndjson", text.as_bytes(), &ReadOptions::default());
        assert_eq!(ids(&seen), ["1", "2", "4"]);
        assert_eq!(seen.lines, [1, 6, 10]);
        let rejects: Vec<_> =
            seen.rejects.iter().map(|reject| (reject.line, reject.column, reject.reason.as_str())).collect();
        assert_eq!(rejects[0], (4, Some(21), "key `kind` stands twice"));
        assert_eq!(rejects[1], (5, Some(6), "not valid JSON: expected value"));
        assert_eq!((rejects[2].0, rejects[2].1), (7, None));
        assert!(
            rejects[2].2.contains("the record has no `kind`") && rejects[2].2.ends_with("`--kind red_notice`"),
            "{}",
            rejects[2].2
        );
        assert!(
            rejects[3].2.starts_with("`rednotice` is no kind of record; the kinds are `red_notice`, `blue_notice`")
        );
        assert!(rejects[4].2.starts_with("a list stands where an object is expected"));
        assert_eq!(seen.rejects[1].raw, "{\"a\":}");
        assert_eq!(seen.ledger.ignored_fields, [("colour".to_owned(), 1)].into());
        assert_eq!(seen.ledger.invalid_cells, [("sex", 1)].into());
    }

    #[test]
    fn a_kind_that_is_given_is_for_records_that_carry_none() {
        let options = ReadOptions { kind: Some(2), ..ReadOptions::default() };
        let text = b"{}\n{\"kind\":null}\n{\"kind\":\"sltd\"}\n{\"kind\":\"x\"}\n";
        let seen = seen("-", text, &options);
        let kinds: Vec<_> = seen.records.iter().map(|record| record.leaf(Field::KIND).clone()).collect();
        assert_eq!(kinds, [2, 2, 11].map(|kind| Leaf::One(Ok(Value::Term(kind)))));
        assert_eq!(seen.rejects.len(), 1);
    }

    #[test]
    fn the_size_of_chunks_changes_nothing() {
        let line = |row: usize| {
            if row.is_multiple_of(7) {
                "{]\n".into()
            } else {
                format!("{{\"record_id\":\"{row}\",\"kind\":\"sltd\"}}\n")
            }
        };
        let text: String = (0..300).map(line).collect();
        let whole = seen("-", text.as_bytes(), &ReadOptions::default());
        for chunk_rows in [0, 1, 7, 299] {
            let parts = seen("-", text.as_bytes(), &ReadOptions { chunk_rows, ..ReadOptions::default() });
            assert!(parts.records == whole.records, "chunks of {chunk_rows} rows");
            assert_eq!(parts.rejects, whole.rejects);
            assert_eq!(parts.ledger, whole.ledger);
        }
    }

    #[test]
    fn a_line_that_is_too_long_or_not_utf_8_costs_only_itself() {
        let mut text = b"{\"kind\":\"sltd\"}\n{\"kind\":\"\xff\"}\n{\"x\":\"".to_vec();
        text.resize(text.len() + Limits::default().size(Limit::RowBytes), b'x');
        text.extend(b"\"}\n{\"kind\":\"sltd\"}\n");
        let seen = seen("a.jsonl", &text, &ReadOptions::default());
        assert_eq!(seen.lines, [1, 4]);
        assert_eq!((seen.rejects[0].line, seen.rejects[0].column), (2, Some(10)));
        assert!(seen.rejects[1].reason.contains("longer than 16 MiB (limit `row-bytes`)"));
        assert!(seen.rejects[1].raw.len() < 5000);
    }

    #[test]
    fn an_empty_input_has_no_rows() {
        for name in ["-", "a.ndjson"] {
            let seen = seen(name, b"", &ReadOptions::default());
            assert_eq!(seen.ledger.read, 0, "{name}");
        }
        assert_eq!(seen("a.csv", b"kind,sex\n", &ReadOptions::default()).ledger.read, 0);
    }

    #[test]
    fn a_record_knows_the_hash_of_its_own_bytes() {
        let text = b"[{\"kind\":\"sltd\"},\n {\"kind\":\"message\"}]";
        let reader = read_from("a.json", Box::new(Cursor::new(text.to_vec())), &ReadOptions::default()).expect("sound");
        let chunk = reader.into_iter().next().expect("a chunk").expect("readable");
        let origin = chunk.table.origin(1).expect("a second row");
        assert_eq!((origin.line, origin.sha256), (2, Some(sha256(b"{\"kind\":\"message\"}"))));
    }

    #[test]
    fn a_fault_in_an_object_over_several_lines_has_its_own_line() {
        let seen = seen("a.json", b"[ {\"kind\":1,\"kind\":2},\n{\n  \"a\":1,\n  \"a\":2}]", &ReadOptions::default());
        let places: Vec<_> = seen.rejects.iter().map(|reject| (reject.line, reject.column)).collect();
        assert_eq!(places, [(1, Some(18)), (4, Some(5))]);
    }

    #[test]
    fn csv_rows_become_records() {
        let text = "record_id;kind;nationalities;charges.text;charges[1].text;is_public;note\n\
            1;Red notice;XA|XB;\"Fraud;\nTheft\";Murder;yes;n\n2;sltd;;;;;n\n3;sltd;;\n";
        let seen = seen("-", text.as_bytes(), &ReadOptions::default());
        assert_eq!((seen.ledger.format, seen.ledger.profile_name()), (Some(Format::Csv), "table"));
        assert_eq!((ids(&seen), seen.lines.as_slice()), (vec!["1", "2"], [2, 4].as_slice()));
        let field = |path| Field::named(path).expect("a field");
        let text = |text: &str| Ok(Value::Text(text.to_owned()));
        assert_eq!(seen.records[0].leaf(field("charges.text")).cells(), [text("Fraud;\nTheft"), text("Murder")]);
        assert_eq!(seen.records[0].leaf(field("is_public")).cells(), [Ok(Value::Flag(true))]);
        assert_eq!(seen.records[1].leaf(field("charges.text")).state(), State::Blank);
        assert_eq!(seen.records[1].leaf(field("nationalities")).state(), State::Blank);
        assert_eq!(seen.records[1].leaf(field("sex")).state(), State::NotCarried);
        assert_eq!(seen.ledger.ignored_fields, [("note".to_owned(), 2)].into());
        assert_eq!(seen.rejects[0].line, 5);
    }

    #[test]
    fn a_flat_csv_of_the_api_is_read() {
        let text = "entity_id,forename,name,date_of_birth,nationalities\n1998/900001,-,SURNAME,1959/01/01,\"XA,XB\"\n1995/900004,F,S,1960,";
        let seen = seen("a.csv", text.as_bytes(), &ReadOptions::default());
        assert_eq!(ids(&seen), ["1998/900001", "1995/900004"]);
        assert_eq!(seen.records[0].leaf(Field::named("nationalities").expect("a field")).cells().len(), 2);
    }
}
