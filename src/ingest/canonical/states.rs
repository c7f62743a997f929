//! The states of cells that a typed column cannot hold: withheld, unreadable, not carried. A table of the canonical form has
//! them beside the cells, in the key `value_states`: a list of `{path, state, raw}`.
//!
//! A path names a field (`sex`, `charges.law`) or one cell of it (`nationalities[0]`, `charges[1].law`); paths of the same
//! state and text are joined by blanks. What holds of a list of objects, or of one of them, holds of the fields below.
//! [`states_of`] names every cell that is neither a value nor blank, and [`apply`] puts these states back: a record that
//! went through both is the record it was.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

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
        if field.is_many() && row.state(field) == State::Value {
            cell_states(row, field, &mut all);
            continue;
        }
        let of = |field| (row.state(field), row.raw(field, 0));
        let known = field.list().map_or((State::Blank, None), of);
        if row.state(field) != State::Value && of(field) != known {
            note(&mut all, field.path().to_owned(), of(field));
        }
    }
    all
}

/// The states of the cells of a list.
fn cell_states(row: &impl Row, field: Field, all: &mut Vec<CellState>) {
    let of = |field, at| row.cell(field, at).err().map(|state| (state, row.raw(field, at)));
    // A list without any value would be read as one that is blank: then the blank cells are named too.
    let is_plain = field.spec().list.is_none() && field.ty() != Type::Object;
    let blank_is_known = !is_plain || (0..row.len(field)).any(|at| of(field, at).is_none());
    for at in 0..row.len(field) {
        let Some(state) = of(field, at) else { continue };
        let above = field.list().and_then(|list| of(list, at));
        let known = above.or(blank_is_known.then_some((State::Blank, None)));
        if Some(state) != known {
            note(all, field.cell_path(at), state);
        }
    }
}

fn note(all: &mut Vec<CellState>, path: String, (state, raw): (State, Option<&str>)) {
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

/// Leaves out the keys of what is not carried, for an absent key says the same. A row of a table with every column is
/// mostly that, and need not be handed on.
pub(in crate::ingest) fn leave_out(object: &mut Map<String, Json>) {
    let Some(states) = take(object) else { return };
    let mut gone: BTreeSet<String> = BTreeSet::new();
    let mut rest = vec![];
    for mut state in states {
        if state.state == State::NotCarried.name() {
            let (plain, other): (Vec<_>, Vec<_>) = state.path.split_ascii_whitespace().partition(|path| is_key(path));
            gone.extend(plain.into_iter().map(str::to_owned));
            state.path = other.join(" ");
        }
        if !state.path.is_empty() {
            rest.push(json!(state));
        }
    }
    object.retain(|key, _| !gone.contains(key));
    for path in &gone {
        if let Some((group, key)) = path.split_once('.')
            && let Some(Json::Object(members)) = object.get_mut(group)
        {
            members.shift_remove(key);
        }
    }
    object.retain(|_, value| !matches!(value, Json::Object(members) if members.is_empty()));
    if !rest.is_empty() {
        object.insert(VALUE_STATES.to_owned(), Json::Array(rest));
    }
}

/// Whether a path names a key of the object, or of a group in it.
fn is_key(path: &str) -> bool {
    Field::named(path).is_some_and(|field| field.spec().list.is_none())
}

/// Puts states back into a record that was read without them.
pub fn apply(record: &mut Record, states: &[CellState]) {
    let mut all: Vec<_> = states.iter().filter_map(targets).flatten().collect();
    // What holds of a list comes before what holds of the fields below it, whole lists before single cells in order.
    all.sort_by_key(|(field, at, _)| (field.spec().list.is_some(), *at));
    for (field, at, missing) in all {
        if field.ty() == Type::Object {
            field.children().for_each(|below| set(record, below, at, missing.clone()));
        }
        set(record, field, at, missing);
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
    state
        .path
        .split_ascii_whitespace()
        .map(|path| cell_of(path).map(|(field, at)| (field, at, missing.clone())))
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::canonical::record;
    use serde_json::json;

    fn read(json: &Json) -> (Record, Vec<String>) {
        record(json.as_object().expect("an object"))
    }

    fn state(path: &str, state: &str, raw: Option<&str>) -> CellState {
        CellState { path: path.into(), state: state.into(), raw: raw.map(str::to_owned) }
    }

    #[test]
    fn cells_of_one_state_share_an_entry_and_what_holds_of_a_list_is_said_once() {
        let mut object = json!({"record_id": "1", "sex": "?", "charges": [{"law": "1"}, {"withheld": true}]});
        let (record, _) = read(&object);
        let states = states_of(&record);
        let not_carried = states.iter().find(|state| state.state == "not_carried").expect("most of it");
        assert!(not_carried.path.starts_with("kind status status_ground "), "{}", not_carried.path);
        assert!(not_carried.path.contains(" charges[0].text ") && !not_carried.path.contains("charges[1]"));
        assert!(not_carried.path.contains(" events ") && !not_carried.path.contains("events.kind"));
        let others: Vec<_> = states.iter().filter(|state| state.state != "not_carried").cloned().collect();
        assert_eq!(others, [state("sex", "invalid", Some("?")), state("charges[1]", "withheld", None)]);
        object["sex"] = Json::Null;
        object[VALUE_STATES] = json!(states);
        assert_eq!(read(&object), (record, vec![]));
    }

    #[test]
    fn states_that_name_what_there_is_not_are_a_key_that_is_no_field() {
        for states in [
            json!([{"path": "height", "state": "withheld"}]),
            json!([{"path": "sex[0]", "state": "withheld"}]),
            json!([{"path": "sex", "state": "value"}]),
            json!([{"path": "charges[x].law", "state": "blank"}]),
            json!("sex"),
        ] {
            assert_eq!(read(&json!({"record_id": "1", VALUE_STATES: states})).1, [VALUE_STATES]);
        }
        assert_eq!(read(&json!({"record_id": "1", VALUE_STATES: null})).1, Vec::<String>::new());
    }

    #[test]
    fn a_position_far_away_takes_no_memory() {
        let states = json!([{"path": format!("nationalities[{}]", usize::MAX), "state": "withheld"}]);
        let (record, _) = read(&json!({"nationalities": ["XA"], VALUE_STATES: states}));
        assert_eq!(record.len(Field::named("nationalities").expect("a field")), 1);
    }
}
