//! `rules fields`: the field catalogue.

use crate::cli::Io;
use crate::cli::exit::{Done, Exit};
use crate::record::{Field, Type};
use crate::report::{Paint, table::aligned};

pub(super) fn run(io: &mut Io<'_>) -> Done {
    let rows: Vec<[String; 3]> = Field::all().map(row).collect();
    let paint = Paint { colour: io.out.colour };
    io.out.to.write_all(aligned(["field", "holds", "meaning"], &rows, paint).as_bytes())?;
    Ok(Exit::Done)
}

fn row(field: Field) -> [String; 3] {
    let spec = field.spec();
    let several = if spec.many && spec.ty != Type::Object { ", several" } else { "" };
    let words = match spec.ty {
        Type::Term(vocabulary) => format!(" ({})", vocabulary.terms.join(", ")),
        _ => String::new(),
    };
    let derived = if spec.derived { "; computed" } else { "" };
    [spec.path.to_owned(), format!("{}{several}", spec.ty.name()), format!("{}{derived}{words}", spec.doc)]
}
