//! The states of cells that a typed column cannot hold: withheld, unreadable, not carried. A table of the canonical form has
//! them beside the cells, in the key `value_states`: a list of `{path, state, raw}`.
//!
//! A path names a field (`sex`, `charges.law`) or one cell of it (`nationalities[0]`, `charges[1].law`); paths of the same
//! state and text are joined by blanks. What holds of a list of objects, or of one of them, holds of the fields below.
//! [`states_of`] names every cell that is neither a value nor blank, and [`apply`] puts these states back: a record that
//! went through both is the record it was.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::record::{Field, Leaf, Missing, Record, Row, State, Type};

/// The key of an object, and the column of a table, with the states of its cells.
pub const VALUE_STATES: &str = "value_states";

/// Cells that are in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellState {
    /// The paths of the cells, joined by blanks.
    pub path: String,
    /// The name of the state.
    pub state: String,
    /// The text of an unreadable cell.
    #[serde(default)]
    pub raw: Option<String>,
}

/// The states of a record's cells, as far as they are neither value nor blank.
#[must_use]
pub fn states_of(row: &impl Row) -> Vec<CellState> {
    let mut all = vec![];
    for field in Field::all().filter(|field| !field.spec().derived) {
        let whole = row.state(field);
        let list = field.list();
        if whole != State::Value || !field.is_many() {
            let above = list.map_or(State::Blank, |list| row.state(list));
            let raw = row.raw(field, 0);
            let same = whole == above && raw == list.and_then(|list| row.raw(list, 0));
            if whole != State::Value && !same {
                note(&mut all, field.path().to_owned(), whole, raw);
            }
            continue;
        }
        let cells = 0..row.len(field);
        // A list without any value would be read as one that is blank.
        let name_blanks = list.is_none() && field.ty() != Type::Object && cells.clone().all(|at| row.cell(field, at).is_err());
        for at in cells {
            let Err(state) = row.cell(field, at) else { continue };
            let above = list.and_then(|list| row.cell(list, at).err());
            let same = above == Some(state) && list.and_then(|list| row.raw(list, at)) == row.raw(field, at);
            let blank = state == State::Blank && above.is_none() && !name_blanks;
            if !same && !blank {
                note(&mut all, field.cell_path(at), state, row.raw(field, at));
            }
        }
    }
    all
}

fn note(all: &mut Vec<CellState>, path: String, state: State, raw: Option<&str>) {
    match all.iter_mut().find(|known| known.state == state.name() && known.raw.as_deref() == raw) {
        Some(known) => {
            known.path.push(' ');
            known.path.push_str(&path);
        }
        None => all.push(CellState { path, state: state.name().to_owned(), raw: raw.map(str::to_owned) }),
    }
}

/// Takes the states out of an object. None where it has no such key, or something else under it, which stays there.
pub(super) fn take(object: &mut Map<String, Json>) -> Option<Vec<CellState>> {
    let states = object.get(VALUE_STATES)?;
    let states = if states.is_null() { Ok(vec![]) } else { Vec::<CellState>::deserialize(states) };
    let states = states.ok().filter(|states| states.iter().all(|state| targets(state).is_some()))?;
    object.shift_remove(VALUE_STATES);
    Some(states)
}

/// Puts states back into a record that was read without them.
pub fn apply(record: &mut Record, states: &[CellState]) {
    let mut all: Vec<_> = states.iter().filter_map(targets).flatten().collect();
    // What holds of a list comes before what holds of the fields below it, whole lists before single cells in order.
    all.sort_by_key(|(field, at, _)| (field.spec().list.is_some(), *at));
    for (field, at, missing) in all {
        let below = field.children().filter(|_| field.ty() == Type::Object);
        for field in [field].into_iter().chain(below) {
            set(record, field, at, missing.clone());
        }
    }
}

fn set(record: &mut Record, field: Field, at: Option<usize>, missing: Missing) {
    let leaf = match at {
        None if field.is_many() => Leaf::Many(Err(missing)),
        None => Leaf::One(Err(missing)),
        Some(at) => {
            let mut cells = record.leaf(field).cells().to_vec();
            // A list without any value was read as one that is blank; all its cells have states, and come in order.
            if at > cells.len() {
                return;
            }
            cells.splice(at..cells.len().min(at + 1), [Err(missing)]);
            Leaf::Many(Ok(cells))
        }
    };
    record.set(field, leaf);
}

/// A field, one of its cells, and the state it is in.
type Target = (Field, Option<usize>, Missing);

/// What a state is about. None where it names what there is not.
fn targets(state: &CellState) -> Option<Vec<Target>> {
    let missing = match State::ALL.into_iter().find(|known| known.name() == state.state)? {
        State::Value => return None,
        State::Blank => Missing::Blank,
        State::Withheld => Missing::Withheld,
        State::NotCarried => Missing::NotCarried,
        State::Invalid => Missing::Invalid(state.raw.clone().unwrap_or_default()),
    };
    state.path.split_ascii_whitespace().map(|path| cell_of(path).map(|(field, at)| (field, at, missing.clone()))).collect()
}

/// The cell of a path, the other way round than [`Field::cell_path`].
fn cell_of(path: &str) -> Option<(Field, Option<usize>)> {
    let (name, at) = match path.split_once('[') {
        Some((list, rest)) => {
            let (at, key) = rest.split_once(']')?;
            (format!("{list}{key}"), Some(at.parse().ok()?))
        }
        None => (path.to_owned(), None),
    };
    let field = Field::named(&name).filter(|field| !field.spec().derived)?;
    (at.is_none() || field.is_many()).then_some((field, at))
}
