//! `man`: the manual page of the program.

use super::Io;
use super::exit::{Done, Exit};

pub(super) fn run(command: clap::Command, io: &mut Io<'_>) -> Done {
    clap_mangen::Man::new(command).render(&mut io.out.to)?;
    Ok(Exit::Done)
}
