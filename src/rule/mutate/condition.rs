//! Changes of a condition: its words, its parts and its counts.

use std::ops::Range;

use super::change::Edit;
use crate::rule::condition::{Condition, Group};

/// A condition that was changed in one place of its text.
pub(super) struct Changed {
    pub(super) to: Condition,
    pub(super) at: Range<usize>,
    pub(super) edit: Edit,
    pub(super) what: String,
}

/// The changes of a condition. `members` says how many belong to a group.
pub(super) fn changes(condition: &Condition, members: &dyn Fn(&Group) -> usize) -> Vec<Changed> {
    match condition {
        Condition::And(parts) => joined(parts, [Condition::And, Condition::Or], members),
        Condition::Or(parts) => joined(parts, [Condition::Or, Condition::And], members),
        Condition::Not(inner) => {
            let without = changed(inner, (**inner).clone(), Edit::Not, "`not` is taken out");
            // To put a second `not` before a name is to take the first one out.
            let inside = changes(inner, members).into_iter().filter(|change| !is_negated_name(&change.to));
            let again = |change: Changed| Changed { to: Condition::Not(Box::new(change.to)), ..change };
            std::iter::once(without).chain(inside.map(again)).collect()
        }
        Condition::Name(name, _) => {
            let to = Condition::Not(Box::new(condition.clone()));
            vec![changed(condition, to, Edit::Not, &format!("`not` is put before `{name}`"))]
        }
        Condition::Of(count, group, at) => counted(*count, group, at, members(group)),
    }
}

fn is_negated_name(condition: &Condition) -> bool {
    matches!(condition, Condition::Not(inner) if matches!(**inner, Condition::Name(..)))
}

fn changed(place: &Condition, to: Condition, edit: Edit, what: &str) -> Changed {
    Changed { to, at: extent(place), edit, what: what.to_owned() }
}

/// Changes of parts that are joined by the first of two words.
fn joined(
    parts: &[Condition],
    [own, other]: [fn(Vec<Condition>) -> Condition; 2],
    members: &dyn Fn(&Group) -> usize,
) -> Vec<Changed> {
    let is_and = matches!(own(vec![]), Condition::And(_));
    let (edit, what) = match is_and {
        true => (Edit::OutOfAnd, "`or` stands for `and`"),
        false => (Edit::OutOfOr, "`and` stands for `or`"),
    };
    let whole = own(parts.to_vec());
    let mut all = vec![changed(&whole, other(parts.to_vec()), Edit::Joined, what)];
    for (place, part) in parts.iter().enumerate() {
        let mut rest = parts.to_vec();
        rest.remove(place);
        let rest = if rest.len() == 1 { rest.remove(0) } else { own(rest) };
        all.push(changed(part, rest, edit, &format!("`{}` is taken out", write(part))));
        let put = |to: Condition| {
            let mut parts = parts.to_vec();
            parts[place] = to;
            own(parts)
        };
        all.extend(changes(part, members).into_iter().map(|change| Changed { to: put(change.to.clone()), ..change }));
    }
    all
}

/// Changes of `N of …`.
fn counted(count: Option<usize>, group: &Group, at: &Range<usize>, members: usize) -> Vec<Changed> {
    let own = Condition::Of(count, group.clone(), at.clone());
    let wanted = count.unwrap_or(members);
    let number = |number: usize| {
        let to = Condition::Of(Some(number), group.clone(), at.clone());
        changed(&own, to, Edit::Count, &format!("`{number} of` stands for `{count} of`", count = word(count)))
    };
    let near = [wanted.checked_sub(1), wanted.checked_add(1)].into_iter().flatten();
    let mut all: Vec<Changed> = near.filter(|near| (1..=members).contains(near)).map(number).collect();
    all.push(changed(&own, Condition::Not(Box::new(own.clone())), Edit::Not, "`not` is put before it"));
    if let Group::Names(names) = group {
        for place in 0..names.len() {
            let mut rest = names.clone();
            let (name, at_name) = rest.remove(place);
            let to = Condition::Of(count, Group::Names(rest), at.clone());
            let edit = if wanted == members { Edit::OutOfAnd } else { Edit::OutOfOr };
            all.push(Changed { to, at: at_name, edit, what: format!("`{name}` is taken out") });
        }
    }
    all
}

/// Where a condition stands in its text, without the brackets and the `not` around it.
fn extent(condition: &Condition) -> Range<usize> {
    match condition {
        Condition::Name(_, at) | Condition::Of(_, _, at) => at.clone(),
        Condition::Not(inner) => extent(inner),
        Condition::And(parts) | Condition::Or(parts) => {
            let first = parts.first().map_or(0..0, extent);
            let last = parts.last().map_or(0..0, extent);
            first.start..last.end
        }
    }
}

fn word(count: Option<usize>) -> String {
    count.map_or_else(|| "all".to_owned(), |count| count.to_string())
}

/// A condition as text.
pub(super) fn write(condition: &Condition) -> String {
    let join = |parts: &[Condition], word: &str| {
        let parts: Vec<String> = parts.iter().map(write).collect();
        format!("({})", parts.join(word))
    };
    match condition {
        Condition::Name(name, _) => name.clone(),
        Condition::Not(inner) => format!("not {}", write(inner)),
        Condition::And(parts) => join(parts, " and "),
        Condition::Or(parts) => join(parts, " or "),
        Condition::Of(count, group, _) => {
            let count = word(*count);
            let group = match group {
                Group::Names(names) => {
                    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
                    format!("[{}]", names.join(", "))
                }
                Group::Glob(glob) => glob.clone(),
                Group::Factor(word) => format!("factor:{word}"),
                Group::Ground(word) => format!("ground:{word}"),
            };
            format!("{count} of {group}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::condition::parse;

    fn written(text: &str) -> Vec<String> {
        let condition = parse(text).expect("a condition");
        changes(&condition, &|_| 3).iter().map(|change| write(&change.to)).collect()
    }

    #[test]
    fn a_condition_is_written_so_that_it_reads_the_same() {
        for text in ["a", "not a", "(a and not (b or c))", "2 of [a, b, c]", "all of sel_*", "1 of factor:a"] {
            assert_eq!(write(&parse(text).expect("a condition")), text);
        }
    }

    #[test]
    fn every_word_and_part_is_changed_once() {
        assert_eq!(written("a and not b"), ["(a or not b)", "not b", "(not a and not b)", "a", "(a and b)"]);
        assert_eq!(written("2 of sel_*"), ["1 of sel_*", "3 of sel_*", "not 2 of sel_*"]);
        assert_eq!(written("all of sel_*"), ["2 of sel_*", "not all of sel_*"]);
        assert_eq!(written("1 of [a, b]"), ["2 of [a, b]", "not 1 of [a, b]", "1 of [b]", "1 of [a]"]);
    }
}
