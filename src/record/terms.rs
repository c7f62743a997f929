//! The closed vocabularies of the record: every enum field and the words it may hold.

/// A closed list of words that a field may hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Vocabulary {
    /// The name used in documents and messages.
    pub name: &'static str,
    /// The words, in canonical spelling; a stored term is a position in this list.
    pub terms: &'static [&'static str],
}

impl Vocabulary {
    /// The position of a word, compared without regard to case, `-`, `_` or blanks.
    #[must_use]
    pub fn position(&self, word: &str) -> Option<u8> {
        let plain = |text: &str| text.trim().to_lowercase().replace(['-', ' '], "_");
        let word = plain(word);
        self.terms.iter().position(|term| *term == word).and_then(|at| u8::try_from(at).ok())
    }

    /// The word at a position.
    #[must_use]
    pub fn word(&self, position: u8) -> &'static str {
        self.terms.get(usize::from(position)).copied().unwrap_or("?")
    }
}

macro_rules! vocabularies {
    ($($(#[$doc:meta])* $name:ident $label:literal = $($term:literal)*;)*) => {
        $($(#[$doc])* pub(super) static $name: Vocabulary = Vocabulary { name: $label, terms: &[$($term),*] };)*
        /// Every vocabulary.
        pub static VOCABULARIES: &[&Vocabulary] = &[$(&$name),*];
    };
}

vocabularies! {
    /// What kind of instrument the record is.
    KIND "kind" = "red_notice" "blue_notice" "green_notice" "yellow_notice" "black_notice" "orange_notice" "purple_notice"
        "silver_notice" "un_notice" "diffusion" "message" "sltd";
    /// What became of the record.
    STATUS "status" = "pending" "active" "refused" "cancelled" "withdrawn" "deleted" "blocked" "expired";
    /// Why it was refused, cancelled or deleted.
    STATUS_GROUND "status_ground" = "art2" "art3" "refugee_policy" "ne_bis_in_idem" "purpose" "lack_of_action" "thin_data"
        "threshold" "excluded_offence" "inaccurate" "other";
    /// Sex.
    SEX "sex" = "male" "female" "other";
    /// Status of the person, RPD art. 44.
    PERSON_STATUS "person_status" = "convicted" "charged" "suspect" "criminal_history" "witness" "victim" "missing"
        "unidentified_person" "unidentified_body" "deceased" "possible_threat" "un_sanctions";
    /// Public profile.
    ROLE "role" = "head_of_state" "former_head_of_state" "politician" "former_politician" "opposition" "candidate" "official"
        "former_official" "foreign_official" "civil_servant" "police" "judge" "prosecutor" "military" "journalist"
        "human_rights_defender" "ngo_worker" "lawyer" "activist" "protester" "religious_leader" "religious_minority"
        "ethnic_minority" "academic" "artist" "whistleblower" "business" "relative_of_target" "associate_of_target"
        "private_person";
    /// What the instrument is for.
    PURPOSE "purpose" = "prosecution" "sentence" "locate" "information" "identify" "warn" "question" "travel_document" "other";
    /// Who issued the warrant.
    WARRANT_AUTHORITY "warrant_authority" = "court" "prosecutor" "police" "military_court" "security_court" "emergency_court"
        "international_tribunal" "other";
    /// How a travel document is entered.
    DOCUMENT_STATUS "document_status" = "stolen" "lost" "revoked" "invalid" "stolen_blank";
    /// On what basis a travel document was entered.
    DOCUMENT_BASIS "document_basis" = "court_order" "administrative" "police_report" "none";
    /// Answer of the requesting bureau to the last question.
    NCB_RESPONSE "ncb_response" = "answered" "answered_in_detail" "unanswered" "refused";
    /// Kind of protection.
    PROTECTION_KIND "protection kind" = "refugee" "subsidiary" "asylum" "statelessness";
    /// Status of protection.
    PROTECTION_STATUS "protection status" = "pending" "confirmed" "refused" "revoked" "naturalised";
    /// Who decided.
    DECISION_BODY "decision body" = "ccf" "general_secretariat" "court" "government" "ncb" "un_body" "regional_court" "tribunal";
    /// On what.
    DECISION_SUBJECT "decision subject" = "extradition" "notice" "detention" "treatment" "trial" "finality" "proceedings"
        "classification" "consultation" "protest";
    /// With what result.
    DECISION_OUTCOME "decision outcome" = "granted" "refused" "pending" "not_pursued" "compliant" "not_compliant" "violation"
        "no_violation" "alleged" "acquitted" "convicted" "pardoned" "transferred" "protest" "no_objection" "support";
    /// For what reason.
    DECISION_GROUND "decision ground" = "political" "persecution" "fair_trial" "torture" "death_penalty" "dual_criminality"
        "procedural" "nationality" "evidence" "other";
    /// Whom a decision is about.
    DECISION_ABOUT "decision about" = "this_person" "co_accused";
    /// What happened.
    EVENT_KIND "event kind" = "coup" "coup_attempt" "election" "protest" "emergency_rule" "party_ban" "departure" "publication"
        "whistleblowing" "lost_office" "refused_resignation" "public_accusation" "arbitration" "expropriation"
        "un_communication" "third_party_statement" "official_statement" "interstate_dispute" "armed_conflict" "case_opened"
        "sanctions_listing" "organisation_listing";
    /// Who acted in an event.
    EVENT_BY "event by" = "requester" "un" "regional" "international_organization" "other_state" "ngo" "media" "person";
    /// Whose acts the summary describes.
    ROLE_STATED "role_stated" = "none" "group_only" "individual";
    /// What the person did.
    ACT "act" = "speech" "publication" "attendance" "membership" "lawful_work" "office_act" "omission" "travel" "funding"
        "recruitment" "training" "logistics" "weapons" "explosives" "violence" "killing" "hostage_taking" "damage" "theft"
        "fraud" "bribery" "trafficking" "espionage" "other";
    /// Who lists an organisation.
    LISTED_BY "listed_by" = "un" "regional" "several_states" "requester" "none";
    /// Who or what was harmed.
    HARM_TARGET "harm target" = "civilian" "official" "military" "rival" "property" "none";
    /// In which capacity the person acted.
    CAPACITY "capacity" = "official" "private";
    /// Whose immunity.
    IMMUNITY_KIND "immunity kind" = "head_of_state" "foreign_minister" "diplomat" "parliamentary" "other";
    /// Whether immunity holds.
    IMMUNITY_STATUS "immunity status" = "enjoyed" "lifted" "denied" "claimed";
    /// What a sanctions offence rests on.
    SANCTIONS_BASIS "sanctions_basis" = "un" "treaty" "regional" "unilateral";
    /// What kind of goods.
    GOODS "goods" = "dual_use" "military" "civil";
}
