//! People who are easily taken for each other: who they are, made from one of them.

use serde_json::{Value as Json, json};

use super::names::Given;
use super::{Dice, Noise, Person, birth, country, invented, spelt};

impl Person {
    /// The given names of this or the other sex that neither the person nor a twin of theirs has.
    fn others(&self, female: bool) -> Vec<&'static Given> {
        let taken = |native: &str| {
            native == self.given.native || self.second.as_ref().is_some_and(|second| second.native == native)
        };
        let given = self.culture().given.iter();
        given.filter(|other| other.female == female && !taken(other.native)).collect()
    }

    fn named(&self, given: &Given) -> Self {
        Self { given: spelt(given), second: None, female: given.female, ..self.clone() }
    }

    pub(super) fn twin(&self, dice: &mut Dice) -> Self {
        self.named(dice.one::<&Given>(&self.others(self.female)))
    }

    pub(super) fn like_twin(&self) -> Self {
        let own = &self.given.latin[0];
        let like = |other: &&&Given| (strsim::jaro_winkler(own, other.latin[0]) * 1000.0) as u32;
        self.named(self.others(self.female).iter().max_by_key(like).expect("several given names"))
    }

    pub(super) fn sibling(&self, dice: &mut Dice) -> Self {
        let years = 1 + i32::try_from(dice.below(6)).unwrap_or(0);
        Self { birth: (self.birth.0 + years, self.birth.1, self.birth.2), ..self.twin(dice) }
    }

    /// Half of them are of one age.
    pub(super) fn spouse(&self, dice: &mut Dice) -> Self {
        let mut birth = birth(dice);
        if dice.chance(50) {
            birth.0 = self.birth.0;
        }
        let place = if dice.chance(50) { self.place.clone() } else { invented(dice) };
        Self { birth, place, ..self.named(dice.one::<&Given>(&self.others(!self.female))) }
    }

    pub(super) fn with_son(&self, dice: &mut Dice) -> Vec<Self> {
        let father = Self { birth: (1940 + self.birth.0 % 30, self.birth.1, self.birth.2), ..self.clone() };
        let (_, month, day) = birth(dice);
        let year = father.birth.0 + 20 + i32::try_from(dice.below(15)).unwrap_or(0);
        vec![father.clone(), Self { birth: (year, month, day), ..father }]
    }

    pub(super) fn namesake(&self, dice: &mut Dice) -> Self {
        let place = if dice.chance(25) { self.place.clone() } else { invented(dice) };
        let nationality = if dice.chance(50) { self.nationality.clone() } else { country(dice) };
        Self { birth: self.same_year(dice), place, nationality, ..self.clone() }
    }

    pub(super) fn next_in_chain(&self, dice: &mut Dice) -> Self {
        let others = self.others(self.female);
        let initial = |other: &&&Given| other.latin[0].chars().next() == self.given.latin[0].chars().next();
        let given = *others.iter().find(initial).unwrap_or(&others[0]);
        Self { birth: self.same_year(dice), ..self.named(given) }
    }

    /// Another day of the same year.
    fn same_year(&self, dice: &mut Dice) -> (i32, u32, u32) {
        let (_, month, day) = birth(dice);
        let day = if (month, day) == (self.birth.1, self.birth.2) { day % 28 + 1 } else { day };
        (self.birth.0, month, day)
    }
}

/// Some records without a birth date, some with the year alone. Without one nobody could tell father and son.
pub(super) fn less_dated(mut record: Json, noise: Noise, dice: &mut Dice) -> (Json, Noise) {
    let year = record["date_of_birth"].as_str().map(|date| date[..4].to_owned());
    match (noise, dice.below(10)) {
        (_, 0..2) => {
            record.as_object_mut().map(|record| record.remove("date_of_birth"));
            (record, Noise::Poor)
        }
        (Noise::None, 2..6) => {
            record["date_of_birth"] = json!(year);
            (record, Noise::PartialDate)
        }
        _ => (record, noise),
    }
}
