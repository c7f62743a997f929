//! The project's own cases: each limit, each encoding, each trap that a file can hold. They are made here, and always run.

mod binaries;
mod bytes;
mod limits;
mod texts;

use super::case::Case;

/// Reads and judges a file.
const SCAN: &str = "scan FILE --rules RULES --format jsonl";
const MIB: usize = 1 << 20;

pub(super) fn cases() -> Vec<Case> {
    [limits::cases(), bytes::cases(), texts::cases(), binaries::cases()].into_iter().flatten().collect()
}

fn case(name: &str) -> Case {
    Case::new("own", name)
}
