//! The command line of article3.

fn main() {}
