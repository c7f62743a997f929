//! The field catalogue: every field a record can have, once. The reader, the rule checker, the explainer and the documents
//! all walk this table; nothing else in the crate knows the list of fields.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::terms::{self, Vocabulary};

/// What the cells of a field hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Free text.
    Text,
    /// A word of a closed vocabulary.
    Term(&'static Vocabulary),
    /// A country code.
    Country,
    /// A date, whole or partial.
    Date,
    /// Yes or no.
    Flag,
    /// A whole number.
    Number,
    /// An object of a list of objects.
    Object,
}

impl Type {
    /// The name used in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Term(_) => "enum",
            Self::Country => "country",
            Self::Date => "date",
            Self::Flag => "bool",
            Self::Number => "int",
            Self::Object => "list of objects",
        }
    }
}

/// One row of the catalogue.
#[derive(Debug)]
pub struct FieldSpec {
    /// Dotted path from the record, without list positions.
    pub path: &'static str,
    /// What its cells hold.
    pub ty: Type,
    /// Whether it holds several cells: a list, or a field of the objects of a list.
    pub many: bool,
    /// The list of objects it belongs to, if any.
    pub list: Option<&'static str>,
    /// Whether it is computed from other fields and never read from a source.
    pub derived: bool,
    /// Whether it is prose, in whatever language and script the source writes.
    pub prose: bool,
    /// What it means.
    pub doc: &'static str,
}

impl FieldSpec {
    const fn prose(self) -> Self {
        Self { prose: true, ..self }
    }
}

/// A field, as its position in [`FIELDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Field(u16);

const fn one(path: &'static str, ty: Type, doc: &'static str) -> FieldSpec {
    FieldSpec { path, ty, many: false, list: None, derived: false, prose: false, doc }
}

const fn list(path: &'static str, ty: Type, doc: &'static str) -> FieldSpec {
    FieldSpec { path, ty, many: true, list: None, derived: false, prose: false, doc }
}

const fn of(list: &'static str, path: &'static str, ty: Type, doc: &'static str) -> FieldSpec {
    FieldSpec { path, ty, many: true, list: Some(list), derived: false, prose: false, doc }
}

use Type::{Country, Date, Flag, Number, Object, Term, Text};

/// The catalogue.
pub static FIELDS: &[FieldSpec] = &[
    one("record_id", Text, "unique in the input; the source's id where it has one, else a hash of the content"),
    one("kind", Term(&terms::KIND), "kind of instrument"),
    one(
        "status",
        Term(&terms::STATUS),
        "what became of it; cancelled by the General Secretariat, withdrawn by the requester, deleted after a CCF decision",
    ),
    one("status_ground", Term(&terms::STATUS_GROUND), "why it was refused, cancelled or deleted"),
    one("status_at", Date, "when the present status began"),
    one("is_public", Flag, "a public extract exists"),
    one("requesting_country", Country, "the country or tribunal that asked; never inferred from nationality"),
    one("requested_at", Date, "when it was asked for"),
    one("published_at", Date, "when it was published or circulated"),
    one("expires_at", Date, "when it expires"),
    list("recipients", Country, "addressees of a diffusion or message; `*` means all members"),
    one("person_id", Text, "set where the source itself links records of one person"),
    one("family_name", Text, "family name"),
    one("forenames", Text, "forenames"),
    list("other_names", Text, "aliases, other spellings, other scripts"),
    one("date_of_birth", Date, "date of birth"),
    one("sex", Term(&terms::SEX), "sex"),
    one("place_of_birth", Text, "place of birth"),
    one("country_of_birth", Country, "country of birth"),
    list("nationalities", Country, "nationalities"),
    one("residence_country", Country, "country of residence"),
    one("has_photo", Flag, "a photograph is on file"),
    one("has_biometrics", Flag, "fingerprints or DNA are on file"),
    one("has_description", Flag, "a physical description is on file"),
    one("person_status", Term(&terms::PERSON_STATUS), "status of the person, RPD art. 44"),
    one("minor_at_event", Flag, "a minor when the event took place, RPD art. 41"),
    list("roles", Term(&terms::ROLE), "public profile, attached by the user"),
    list("charges", Object, "the charges"),
    of("charges", "charges.text", Text, "the charge as worded by the source").prose(),
    of("charges", "charges.language", Text, "language of the charge, BCP 47"),
    of("charges", "charges.translation", Text, "translation of the charge that the source gives"),
    FieldSpec {
        path: "charges.wording",
        ty: Text,
        many: true,
        list: Some("charges"),
        derived: true,
        prose: true,
        doc: "text and translation of the charge together",
    },
    of("charges", "charges.law", Text, "the cited provision"),
    of("charges", "charges.max_penalty_months", Number, "maximum penalty for this charge, in months; 1200 is life"),
    of("charges", "charges.warrant_ref", Text, "reference of the warrant for this charge"),
    of("charges", "charges.separable", Flag, "the charge rests on facts of its own"),
    one("facts_summary", Text, "the description of the person's acts").prose(),
    one("facts_language", Text, "language of the summary, BCP 47"),
    one("offence_from", Date, "when the acts began"),
    one("offence_to", Date, "when the acts ended"),
    one("offence_country", Country, "where the acts took place"),
    one("offence_place", Text, "place of the acts"),
    one("purpose", Term(&terms::PURPOSE), "what the instrument is for"),
    one("max_penalty_months", Number, "maximum penalty, in months; 1200 is life"),
    one("sentence_months", Number, "sentence imposed, in months"),
    one("sentence_remaining_months", Number, "what remains to be served, in months"),
    one("death_penalty_possible", Flag, "the death penalty can be imposed"),
    one("death_penalty_assurance", Flag, "an assurance against the death penalty was given"),
    one("tried_in_absentia", Flag, "tried in absentia"),
    one("retrial_guaranteed", Flag, "a retrial on surrender is guaranteed"),
    one("warrant_ref", Text, "reference of the arrest warrant or judgment"),
    one("warrant_issued_at", Date, "date of the arrest warrant or judgment"),
    one("warrant_authority", Term(&terms::WARRANT_AUTHORITY), "who issued it"),
    one("extradition_assured", Flag, "extradition will be sought, RPD art. 84"),
    one("case_ref", Text, "national file number"),
    list("co_accused", Text, "record ids or names"),
    one("document_status", Term(&terms::DOCUMENT_STATUS), "travel documents only: how the document is entered"),
    one("document_held_by_owner", Flag, "travel documents only: the owner holds the document"),
    one("document_basis", Term(&terms::DOCUMENT_BASIS), "travel documents only: on what basis it was entered"),
    list("protections", Object, "asylum and refugee status"),
    of("protections", "protections.kind", Term(&terms::PROTECTION_KIND), "kind of protection"),
    of("protections", "protections.status", Term(&terms::PROTECTION_STATUS), "status of protection"),
    of("protections", "protections.granting_country", Country, "who granted it"),
    of("protections", "protections.feared_country", Country, "the country of feared persecution"),
    of("protections", "protections.at", Date, "since when"),
    list("decisions", Object, "what others decided about the person or the record"),
    of("decisions", "decisions.body", Term(&terms::DECISION_BODY), "who decided"),
    of("decisions", "decisions.country", Country, "of which country"),
    of("decisions", "decisions.subject", Term(&terms::DECISION_SUBJECT), "on what"),
    of("decisions", "decisions.outcome", Term(&terms::DECISION_OUTCOME), "with what result"),
    of("decisions", "decisions.ground", Term(&terms::DECISION_GROUND), "for what reason"),
    of("decisions", "decisions.political_motive_examined", Flag, "the political motive was examined"),
    of("decisions", "decisions.about", Term(&terms::DECISION_ABOUT), "about whom"),
    of("decisions", "decisions.at", Date, "when"),
    of("decisions", "decisions.ref", Text, "reference"),
    list("events", Object, "dated context that the user attaches"),
    of("events", "events.kind", Term(&terms::EVENT_KIND), "what happened"),
    of("events", "events.country", Country, "where"),
    of("events", "events.at", Date, "when, or since when"),
    of("events", "events.until", Date, "until when"),
    of("events", "events.detail", Text, "in words"),
    of("events", "events.by", Term(&terms::EVENT_BY), "who acted"),
    one("ncb_response", Term(&terms::NCB_RESPONSE), "answer of the requesting bureau to the last question"),
    one("source", Text, "where the record comes from"),
    one("role_stated", Term(&terms::ROLE_STATED), "whose acts the summary describes"),
    list("acts", Term(&terms::ACT), "what this person did"),
    one("organisation.name", Text, "the organisation that a membership charge is about"),
    one("organisation.kind", Text, "kind of organisation"),
    list("organisation.listed_by", Term(&terms::LISTED_BY), "who lists the organisation as terrorist"),
    one("harm.deaths", Number, "number of deaths"),
    one("harm.injured", Number, "number of injured"),
    one("harm.property_damage", Flag, "property was damaged"),
    one("harm.target", Term(&terms::HARM_TARGET), "who or what was harmed"),
    one("personal_gain", Flag, "the person gained by the act"),
    one("gain_amount", Number, "gain, in whole units of `currency`"),
    one("loss_amount", Number, "loss, in whole units of `currency`"),
    one("currency", Text, "currency of the amounts, ISO 4217"),
    one("capacity", Term(&terms::CAPACITY), "in which capacity the person acted"),
    one("immunity.kind", Term(&terms::IMMUNITY_KIND), "whose immunity"),
    one("immunity.status", Term(&terms::IMMUNITY_STATUS), "whether it holds"),
    one("sanctions_basis", Term(&terms::SANCTIONS_BASIS), "what a sanctions offence rests on"),
    one("sanctions_until", Date, "until when the sanctions ran"),
    one("goods", Term(&terms::GOODS), "what kind of goods"),
    one("location_known_since", Date, "when the requester learned where the person is"),
];

/// The catalogue once more, for the fields of the record that is judged, seen from another one beside it.
static THIS: LazyLock<Vec<FieldSpec>> = LazyLock::new(|| {
    // Paths are static everywhere; these are made once.
    let of_this = |path: &str| -> &'static str { Box::leak(format!("this.{path}").into_boxed_str()) };
    let turned = |spec: &FieldSpec| FieldSpec { path: of_this(spec.path), list: spec.list.map(of_this), ..*spec };
    FIELDS.iter().map(turned).collect()
});

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The field of a path that is known when the crate is built.
macro_rules! known_fields {
    ($($(#[$doc:meta])* $name:ident = $path:literal;)*) => {
        impl Field { $($(#[$doc])* pub const $name: Self = Self::at_build($path);)* }
    };
}

known_fields! {
    /// `record_id`
    RECORD_ID = "record_id";
    /// `kind`
    KIND = "kind";
    /// `requesting_country`
    REQUESTING_COUNTRY = "requesting_country";
    /// `requested_at`
    REQUESTED_AT = "requested_at";
    /// `published_at`
    PUBLISHED_AT = "published_at";
    /// `charges.text`
    CHARGES_TEXT = "charges.text";
    /// `charges.translation`
    CHARGES_TRANSLATION = "charges.translation";
    /// `charges.wording`, text and translation of a charge together
    CHARGES_WORDING = "charges.wording";
    /// `recipients`
    RECIPIENTS = "recipients";
    /// `date_of_birth`
    DATE_OF_BIRTH = "date_of_birth";
    /// `forenames`
    FORENAMES = "forenames";
    /// `other_names`
    OTHER_NAMES = "other_names";
    /// `sex`
    SEX = "sex";
    /// `place_of_birth`
    PLACE_OF_BIRTH = "place_of_birth";
    /// `country_of_birth`
    COUNTRY_OF_BIRTH = "country_of_birth";
    /// `nationalities`
    NATIONALITIES = "nationalities";
    /// `family_name`
    FAMILY_NAME = "family_name";
    /// `person_id`
    PERSON_ID = "person_id";
}

impl Field {
    /// How many fields there are.
    pub const COUNT: usize = FIELDS.len();

    const fn at_build(path: &str) -> Self {
        let mut at = 0;
        while at < FIELDS.len() {
            if same(FIELDS[at].path, path) {
                #[expect(clippy::cast_possible_truncation, reason = "the catalogue has about a hundred rows")]
                return Self(at as u16);
            }
            at += 1;
        }
        // Reached only while the crate is built, where it stops the build.
        assert!(at < FIELDS.len(), "the catalogue has no such field");
        Self(0)
    }

    /// The field with this path.
    #[must_use]
    pub fn named(path: &str) -> Option<Self> {
        static BY_PATH: LazyLock<HashMap<&str, Field>> =
            LazyLock::new(|| Field::all().map(|field| (field.path(), field)).collect());
        BY_PATH.get(path).copied()
    }

    /// Every field, in catalogue order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..FIELDS.len()).filter_map(|at| u16::try_from(at).ok()).map(Self)
    }

    /// Its row of the catalogue.
    #[must_use]
    pub fn spec(self) -> &'static FieldSpec {
        let at = usize::from(self.0);
        FIELDS.get(at).unwrap_or_else(|| &THIS[at - Self::COUNT])
    }

    /// The field of the record that is judged, seen from another one beside it: `this.x`. Only a [`Pair`](super::Pair) has
    /// such fields; every other row says that they are not carried.
    #[must_use]
    pub fn of_this(self) -> Self {
        self.on_this_side().map_or_else(|| Self::at(self.index() + Self::COUNT), |_| self)
    }

    /// The field itself, where it is one of the record that is judged, seen from another one beside it.
    #[must_use]
    pub fn on_this_side(self) -> Option<Self> {
        self.index().checked_sub(Self::COUNT).map(Self::at)
    }

    fn at(index: usize) -> Self {
        u16::try_from(index).map_or(Self::RECORD_ID, Self)
    }

    /// Its position in the catalogue; past its end for a field of the record that is judged, seen from another one.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Its path.
    #[must_use]
    pub fn path(self) -> &'static str {
        self.spec().path
    }

    /// What its cells hold.
    #[must_use]
    pub fn ty(self) -> Type {
        self.spec().ty
    }

    /// The words that its cells can be, if these are a closed list.
    #[must_use]
    pub fn vocabulary(self) -> Option<&'static Vocabulary> {
        match self.ty() {
            Term(vocabulary) => Some(vocabulary),
            _ => None,
        }
    }

    /// Whether it holds several cells.
    #[must_use]
    pub fn is_many(self) -> bool {
        self.spec().many
    }

    /// The list of objects it belongs to.
    #[must_use]
    pub fn list(self) -> Option<Self> {
        let list = self.spec().list?;
        match self.on_this_side() {
            None => Self::named(list),
            Some(field) => field.list().map(Self::of_this),
        }
    }

    /// The last part of its path: the key inside its list of objects, or the whole path.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self.spec().list {
            Some(list) => &self.path()[list.len() + 1..],
            None => self.path(),
        }
    }

    /// The path of one cell: `charges[0].text`, `nationalities[1]`, `sex`.
    #[must_use]
    pub fn cell_path(self, position: usize) -> String {
        match self.spec().list {
            Some(list) => format!("{list}[{position}].{}", self.key()),
            None if self.is_many() => format!("{}[{position}]", self.path()),
            None => self.path().to_owned(),
        }
    }

    /// The fields of the objects of this list, derived ones included.
    pub fn children(self) -> impl Iterator<Item = Self> {
        Self::all().filter(move |field| field.spec().list == Some(self.path()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_field_has_a_path_of_its_own_a_meaning_and_a_list_that_exists() {
        let mut seen = BTreeSet::new();
        for field in Field::all() {
            assert!(seen.insert(field.path()), "{} stands twice", field.path());
            assert!(!field.spec().doc.is_empty(), "{} has no meaning", field.path());
            if let Some(list) = field.spec().list {
                assert!(field.path().starts_with(&format!("{list}.")), "{}", field.path());
                assert_eq!(field.list().map(Field::ty), Some(Object), "{}", field.path());
            }
        }
    }

    #[test]
    fn vocabularies_have_no_word_twice_and_fit_a_byte() {
        for vocabulary in terms::VOCABULARIES {
            let words: BTreeSet<_> = vocabulary.terms.iter().collect();
            assert_eq!(words.len(), vocabulary.terms.len(), "{}", vocabulary.name);
            assert!(vocabulary.terms.len() < 255);
        }
    }
}
