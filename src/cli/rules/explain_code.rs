//! `rules check --explain`: what a code means, why it matters, what to do, and an example before and after.

use crate::cli::Io;
use crate::cli::exit::{Done, Exit};
use crate::cli::not_known;
use crate::diag::Code;
use crate::rule::{Example, Sample};

pub(super) fn run(name: &str, io: &mut Io<'_>) -> Done {
    let Some(code) = Code::parse(name) else {
        let known: Vec<&str> = Code::ALL.iter().map(|code| code.code()).collect();
        return Err(not_known("code", name, &known));
    };
    writeln!(io.out.to, "{code}, {}: {}\n", code.severity(), code.title())?;
    writeln!(io.out.to, "{}", wrapped(code.explanation()))?;
    if let Some(example) = Example::of(code) {
        write!(io.out.to, "\nbefore:\n\n{}\nafter:\n\n{}", shown(&example.bad), shown(&example.good))?;
    }
    Ok(Exit::Done)
}

/// What matters of an example, set in.
fn shown(sample: &Sample) -> String {
    let set_in = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
    let text = |text: &str| text.lines().map(set_in).collect::<String>();
    let files = [("lexicon/words.csv", &sample.list), ("lexicon/lists.toml", &sample.header)];
    let beside =
        files.into_iter().filter_map(|(name, file)| Some((name, file.as_deref().filter(|it| !it.is_empty())?)));
    let beside: String = beside.map(|(name, file)| format!("\n    in {name}:\n{}", text(file))).collect();
    format!("{}{beside}", text(&sample.rules))
}

/// A paragraph in lines that a terminal shows.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last + word.chars().count() >= 80 {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines.join("\n")
}
