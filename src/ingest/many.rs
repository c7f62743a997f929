//! Several inputs as one: one after the other, each with an account of its own. An input that cannot be read, or not to its
//! end, does not keep the others from being read; its account says why.

use super::{Chunk, IngestError, Ledger, ReadOptions, Reader, Source, read};

/// The chunks of several inputs, in order, each with the position of its input. After an error the next input follows.
#[derive(Debug)]
pub struct Inputs {
    sources: std::vec::IntoIter<Source>,
    options: ReadOptions,
    reader: Option<Reader>,
    ledgers: Vec<Ledger>,
}

/// Reads several inputs; each is opened when it is its turn. A record that an earlier input has is a duplicate.
#[must_use]
pub fn read_all(sources: Vec<Source>, options: &ReadOptions) -> Inputs {
    Inputs { sources: sources.into_iter(), options: options.clone(), reader: None, ledgers: vec![] }
}

impl Inputs {
    /// The accounts of the inputs that have ended, in order.
    #[must_use]
    pub fn ledgers(&self) -> &[Ledger] {
        &self.ledgers
    }

    /// The name of the input that is read at the moment, or is next.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        match &self.reader {
            Some(reader) => Some(reader.ledger().file.clone()),
            None => self.sources.as_slice().first().map(Source::name),
        }
    }

    /// Opens the next input. What was seen before goes with it.
    fn open_next(&mut self, source: &Source) -> Result<(), IngestError> {
        let opened = read(source, &self.options);
        let opened = opened.inspect_err(|error| self.ledgers.push(Ledger::of(source.name()).failed(error)))?;
        self.reader = Some(match self.reader.take() {
            Some(earlier) => opened.after(earlier),
            None => opened,
        });
        Ok(())
    }
}

impl Iterator for Inputs {
    type Item = Result<(usize, Chunk), IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(reader) = self.reader.as_mut().filter(|reader| !reader.has_ended()) {
                let chunk = reader.next();
                let input = self.ledgers.len();
                if reader.has_ended() {
                    self.ledgers.push(reader.ledger().clone());
                }
                if let Some(chunk) = chunk {
                    return Some(chunk.map(|chunk| (input, chunk)));
                }
            }
            let source = self.sources.next()?;
            if let Err(error) = self.open_next(&source) {
                return Some(Err(error));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn files(folder: &Path) -> Vec<Source> {
        let one = "{\"record_id\":\"1\",\"kind\":\"sltd\"}\n";
        let texts = [
            ("a.ndjson", format!("{one}{one}{{\"record_id\":\"2\",\"kind\":\"sltd\"}}\n")),
            ("b.parquet", "no parquet".to_owned()),
            ("c.ndjson", format!("{one}{{\"record_id\":\"2\",\"kind\":\"message\"}}\n{{\"kind\":\"sltd\"}}\n")),
        ];
        let write = |(name, text): &(&str, String)| {
            std::fs::write(folder.join(name), text).expect("the folder can be written to");
            Source::Path(folder.join(name))
        };
        texts.iter().map(write).chain([Source::Path(folder.join("none.ndjson"))]).collect()
    }

    #[test]
    fn each_input_has_its_own_account_and_a_broken_one_stops_no_other() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut inputs = read_all(files(folder.path()), &ReadOptions::default());
        let (mut rows, mut errors) = (vec![], 0);
        for chunk in inputs.by_ref() {
            match chunk {
                Ok((input, chunk)) => rows.push((input, chunk.table.len())),
                Err(_) => errors += 1,
            }
        }
        assert_eq!((rows, errors), (vec![(0, 2), (2, 2)], 2));
        let account: Vec<_> =
            inputs.ledgers().iter().map(|l| (l.read, l.accepted, l.duplicates, l.conflicts)).collect();
        assert_eq!(account, [(3, 2, 1, 0), (0, 0, 0, 0), (3, 2, 1, 1), (0, 0, 0, 0)]);
        assert!(inputs.ledgers().iter().all(Ledger::balances));
        let failed: Vec<bool> = inputs.ledgers().iter().map(|ledger| ledger.failure.is_some()).collect();
        assert_eq!(failed, [false, true, false, true]);
        let said = &inputs.ledgers()[2].warnings[0];
        assert_eq!(said.line, Some(2));
        assert!(said.text.ends_with("it is read all the same; compare the two"), "{}", said.text);
    }
}
