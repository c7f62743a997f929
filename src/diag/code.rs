//! The catalogue of everything that can be wrong with a file.
//!
//! One table: a problem is one line of identity and one paragraph that says what is wrong and what to do. Codes are
//! stable and never reused. The first digit says where to look: 1 file and TOML, 2 keys of a rule, 3 detection,
//! 4 conditions, 5 lists and tables, 6 tests, 7 rule set, profile and suppressions, 8 profiles of sources, 9 lints.

use std::fmt;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file is not used as it stands, and the run stops.
    Error,
    /// The file is used, but probably does not mean what its author thinks.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

macro_rules! catalogue {
    ($($code:literal $name:ident $severity:ident $title:literal $explanation:literal)+) => {
        /// A kind of problem, ordered by its code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $code, "`, ", $title, ". ", $explanation)] $name,)+
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable name, like `A301`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The problem in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }

            /// Whether the problem stops a run.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),+ }
            }

            /// What is wrong, why it matters and what to do, in one paragraph.
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$name => $explanation),+ }
            }
        }
    };
}

impl Code {
    /// The code of that name, in either case: `A301` or `a301`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.code().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

catalogue! {
    "A102" NotUtf8 Error "a file is not in UTF-8"
    "Rule files and lists are text in UTF-8, with or without a byte order mark. Windows programs often save in another \
     encoding, and letters outside English are lost or changed when such a file is read. Save the file again as UTF-8 and \
     look at the marked place."

    "A103" TomlSyntax Error "a file is not valid TOML"
    "The text breaks the grammar of TOML, for example by a quote that is not closed, a key given \
     twice or a value without quotes. What could be read of the file is still checked; correct \
     the marked place and check again."

    "A105" NoRules Warning "a rule file holds no rule"
    "The file stands among the rule files but has no `[[rule]]`. Add a rule, or take the file out \
     of the folder."

    "A201" UnknownKey Error "a key is not part of the language"
    "The table has a key that the language does not know. It is an error and not ignored, because \
     a misspelt key would silently change what the rule means. Correct the name or remove the \
     key."

    "A202" MissingKey Error "a required key is missing"
    "The table lacks a key that it cannot do without, such as `id`, `title` or `kind` of a rule. \
     Add the key."

    "A203" WrongType Error "a value has the wrong TOML type"
    "The key wants another type of value, for example an integer and not a quoted string, or a \
     table and not an array. Write the value in the type that the message names."

    "A204" BadValue Error "a value is not one of those allowed"
    "The key takes one of a fixed list of values, or a number within bounds. Use one of the \
     values that the message lists."

    "A205" BadRuleId Error "a rule id is not well formed"
    "An id is lower case words of `a` to `z`, `0` to `9` and `-`, joined by dots, as in \
     `charge.treason`. Rename the rule, also where other rules name it."

    "A206" DuplicateRuleId Error "two rules have the same id"
    "An id names one rule in the whole set, and both rules are shown. Rename one of them."

    "A207" BodyMissing Error "a rule has no body"
    "A rule says what it looks for in exactly one of `[rule.detection]` (one record), \
     `[rule.correlation]` (a group of records) and `[rule.composite]` (verdicts of other rules); a \
     suppression has `[rule.filter]`. Add one of them."

    "A208" BodyTwice Error "a rule has more than one body"
    "A rule has exactly one of `detection`, `correlation` and `composite`. Make two rules, and let a \
     composite join them."

    "A209" KindNeedsFactor Error "the kind of the rule needs a factor"
    "An indicator, mitigator or context rule counts towards one factor of RPD article 34(3) or \
     article 2. Add `factor = \"a\"` to `\"g\"`, or `\"art2\"`."

    "A210" KindNeedsGround Error "the kind of the rule needs a ground"
    "A gate or gap names the rule of law that it is about. Add `ground` with `refugee_policy`, \
     `art2`, `art3`, `rpd` or `purpose`."

    "A211" FactorNotAllowed Error "the kind of the rule has no factor"
    "Only indicators, mitigators and context rules count towards a factor. Remove `factor`, or \
     change `kind`; a gate or gap names a `ground`."

    "A212" GroundNotAllowed Error "the kind of the rule has no ground"
    "Only gates and gaps name a ground. Remove `ground`, or change `kind`; an indicator, \
     mitigator or context rule names a `factor`."

    "A213" StrengthMissing Error "the rule has no strength"
    "An indicator, mitigator or context rule needs a weight. Add `strength` with a step of the \
     profile's ladder, or `bits` with a number."

    "A214" StrengthNotAllowed Error "the kind of the rule has no strength"
    "Gates, gaps and concepts never add to the score. Remove `strength` and `bits`, or \
     change `kind`."

    "A215" StrengthTwice Error "the rule has both strength and bits"
    "The weight is given once: by `strength`, a step of the profile's ladder, or by `bits`, a \
     number. Remove one."

    "A216" BadBits Error "bits are out of range"
    "`bits` is a positive finite number, a log2 odds ratio, within the bounds that the message \
     names. The sign comes from the kind: a mitigator's bits are positive too. Correct the \
     number."

    "A217" UnknownStrength Error "a strength is not on the ladder"
    "The steps of the ladder are in the profile, usually `weak`, `moderate`, `strong` and \
     `very_strong`. Use one of them, or add the step to `[profile]`."

    "A218" ContextWithoutRequires Error "a context rule has no requires"
    "Context never flags alone: it counts only if another rule fires. Add `requires` with a \
     condition over other rules, such as `1 of factor:a`."

    "A219" RequiresNotAllowed Error "the kind of the rule has no requires"
    "Only a context rule has `requires`. Remove it, make the rule a context rule, or put the \
     condition into a composite."

    "A220" MissingBasis Error "a rule has no legal basis"
    "Every rule says which text it applies, so that a reader can check it. Add `basis = [{ \
     cite = \"…\", verified = true }]`."

    "A221" UnverifiedBasis Error "a stable rule has no verified basis"
    "None of the cited texts was checked against its original. Check one and set `verified = \
     true` on it, or set `status` to `test` or `experimental`."

    "A222" MissingFalsePositives Error "a stable rule names no false positives"
    "Whoever reads a hit must know when it is wrong. Add `falsepositives` with at least one \
     situation in which the rule fires without cause, or lower `status`."

    "A223" MissingMessage Error "a rule has no message"
    "Every rule but a concept explains itself in plain words. Add `[rule.explain]` with \
     `message`; a gap also needs `ask`, the question to put."

    "A224" BadPlaceholder Error "a placeholder in a message is wrong"
    "A placeholder is `{field}` for the value, `{field.match}` for the matched text or \
     `{field.entry}` for the entry of a lexicon; the last two are for text fields. Correct the \
     name, or close the brace."

    "A301" UnknownField Error "a field is not part of the record"
    "A predicate, placeholder or reference names a field that no record can have. Correct the \
     name; a field of a list of objects has a dot, as in `charges.text`."

    "A302" ContainerField Error "a list of objects is used as a value"
    "The field holds objects, which have no single value to compare. Name a field inside it, such \
     as `decisions.outcome`, or bind several of them to one element with `match = { … }`."

    "A303" UnknownOperator Error "an operator is not part of the language"
    "The predicate has a key that is neither an operator nor an option. Correct the name, or \
     remove it."

    "A304" OperatorType Error "an operator does not fit the type of the field"
    "The operator reads another type: `contains` wants text, `before` a date, `gte` a number or a \
     date, `count` a list. Use an operator for the field's type, or another field."

    "A305" ValueType Error "a value does not fit the type of the field"
    "The value compared with has another type than the field, so it could never be equal. Write a \
     number without quotes, `true` or `false` for a yes or no, and text and dates with quotes."

    "A306" UnknownEnumValue Error "a value is not one the field can have"
    "The field has a closed list of values, and this is not one of them, so the comparison could \
     never hold. Use a value from the list."

    "A307" BadDate Error "a date is not well formed"
    "A date is `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, and a day that exists. Write it in that form, \
     in quotes."

    "A308" BadCountry Error "a country code is not known"
    "Countries are ISO 3166-1 alpha-2 codes in upper case, `XA` to `XZ` for synthetic records, \
     and the codes INTERPOL added. Use the code and not the name."

    "A309" BadRegex Error "a regular expression is wrong"
    "The expression breaks the grammar, is too large, or uses look-around or back-references, \
     which do not exist here because every search must take linear time. Correct it, or use \
     `contains` or `near`."

    "A310" EmptyPredicate Error "a predicate says nothing"
    "The table after the field holds no operator, or only options. Add an operator, or remove the \
     field."

    "A311" EmptySelection Error "a selection says nothing"
    "The selection has no field. It would hold for every record, which is never meant. Add a \
     field, or remove the selection."

    "A313" OptionMisplaced Error "an option stands where it has no effect"
    "An option changes an operator of the same predicate: `word`, `all` and `cased` go with text \
     operators, `flags` with `re`, `within` with `near`, `before` and `after`, `column` and `as_of` \
     with tables. Move it next to \
     its operator, or remove it."

    "A314" BadQuantifier Error "a quantifier is wrong"
    "A quantifier is `any`, `all` or `none` and stands on a list field; it says how many elements \
     must satisfy the predicate. Correct it, or remove it from a field with a single value."

    "A315" FieldTypeMismatch Error "two fields that are compared have different types"
    "The field and the one it refers to cannot be compared, for example a date with a text. Refer \
     to a field of the same type."

    "A316" BadDuration Error "a duration is not well formed"
    "A duration is a whole number of days, in quotes and with its unit: `\"180d\"`. Write months \
     and years as days."

    "A317" MatchNotObjects Error "match is used on a field without objects"
    "`match = { … }` binds several predicates to one element of a list of objects. On any other \
     field write the operator directly."

    "A318" BadNear Error "near is incomplete"
    "`near` needs `a` and `b`, what to look for, and `within`, the largest number of words \
     between them; 0 is side by side. Add what is missing."

    "A319" EmptyValue Error "there is nothing to compare with"
    "An empty list matches nothing, and an empty text, or one that is empty after folding, \
     matches everything. Give a value; to ask for an empty field use `blank = true`."

    "A320" NeverTrue Error "a predicate can never hold"
    "The operators of the predicate contradict each other, as `gte = 5` with `lt = 3` do. Correct \
     the bounds, or make two selections."

    "A321" MatchesAll Warning "a regular expression matches every text"
    "The expression matches the empty text, or any single character, so that it holds wherever there \
     is a text and says nothing of it. Name what must be there. Whether there is a text at all is \
     asked with `known`."

    "A322" NoCueLists Error "the rule set names no lists to read sentences with"
    "`negated`, `reported` and `subject` are told by lists of words: what negates, what only tells of \
     something, who is the person, who are others. A rule set with numbers of its own names its lists in `[profile.reading]`. Add the \
     keys that the message names."

    "A323" BadFuzzy Error "a comparison of names is incomplete"
    "`fuzzy` needs `to`, the names to compare with, `profile`, the way to compare them, and `gte`, \
     the least percentage from 1 to 100. A name needs as many parts as the profile asks for. Add or \
     correct what the message names."

    "A324" UnknownNameProfile Error "a name profile does not exist"
    "`profile = \"names/x\"` reads `names/x.toml` beside the rule set, and there is no such file. \
     Correct the name, or add the file."

    "A325" BadNameProfile Error "a name profile is not valid"
    "A number of a file `names/….toml` is out of bounds, or a word is none of those allowed. Correct \
     the value that the message names."

    "A326" BadReading Error "the lists to read sentences with are not valid"
    "What `[profile.reading]` names must be lists whose entries count in every record, because a \
     text is read once for all records that have it, and `negation_words` and `reported_words` are \
     numbers from 1 to 50. Take the limit off the entry, or correct the number."

    "A327" BadLinkProfile Error "a linkage profile is not valid"
    "A file `persons/….toml` says how records are read as being about one person. A number of it is \
     out of bounds, or a word is none that is known. Correct the value that the message names."

    "A328" UnknownLinkProfile Error "a linkage profile does not exist"
    "`linkage` in `[profile]` names a file `persons/name.toml` of the rule set, without its ending, or \
     one that is shipped: `persons/standard`. Correct the name, or add the file."
    "A340" BadSimilar Error "a comparison of texts is incomplete"
    "`similar` needs `to`, another field with text, and `gte`, the least percentage from 1 to 100. Add \
     or correct what the message names."

    "A350" BadAcross Error "a join or a correlation is not well formed"
    "`[rule.related.NAME]` says which other records belong to this one: `on` names what both have in \
     common, `apart` what differs, `where` what must hold of the other one, `count` how many there \
     must be. `[rule.correlation]` asks something of a group of records: `type`, `group_by` and \
     what goes with the type. Correct the key that is named."

    "A401" ConditionSyntax Error "a condition is not well formed"
    "A condition is made of names, `and`, `or`, `not`, brackets, `N of sel_*`, `all of sel_*` and \
     `N of [a, b]`. Correct the marked place."

    "A402" UnknownName Error "a name in a condition is not known"
    "A name in a condition is a selection of the same rule, or the id of a concept rule. Correct \
     the name, or define the selection."

    "A403" UnknownRule Error "a rule that is named does not exist"
    "A composite, a `requires`, a suppression or a test names a rule id that no included file defines. Correct \
     the id, or include the file."

    "A404" NotAConcept Error "a detection names a rule that is not a concept"
    "A detection may build on concept rules only, because other rules count for themselves and \
     would count twice. Name a concept, or make this rule a composite."

    "A405" RuleCycle Error "rules depend on each other in a circle"
    "Each rule on the circle needs the verdict of the next, so none can be first. Take one of the \
     references out."

    "A406" EmptyGroup Error "a group matches nothing"
    "No rule has that factor, ground or id, or no selection has that prefix, so the count is \
     always zero. Correct the name or the pattern, or add what it should match."

    "A407" UnusedSelection Warning "a selection is not used"
    "The condition does not name the selection, so it has no effect. Use it in the condition, or \
     remove it."

    "A408" CountOutOfRange Error "a count can never, or always, be reached"
    "`N of` counts at least 1 and at most the members of its group. Correct the number."

    "A409" ConditionTooDeep Error "a condition is nested too deeply"
    "The condition has more brackets or `not` inside each other than are allowed. Give parts of \
     it a name as concept rules, and use the names."

    "A410" ReservedName Error "a selection has the name of a key word"
    "`and`, `or`, `not`, `of` and `all` are part of the grammar, so a condition could not name \
     the selection. Rename it."

    "A501" UnknownLexicon Error "a lexicon does not exist"
    "`list = \"lexicon/name\"` reads `lexicon/name.csv` beside the rule set, and there is no such \
     file. Correct the name, or add the file."

    "A502" LexiconSyntax Error "a lexicon is not well formed"
    "A lexicon is a CSV file with the header \
     `entry,lang,script,mode,country,note,source,valid_from,valid_to` and as many cells in every \
     row. Correct the header or the row; quote a cell that holds a comma."

    "A503" LexiconMode Error "the mode of an entry is not known"
    "The mode is `literal` (the phrase as whole words), `stem` (each word may go on) or `regex`. \
     Use one of them."

    "A504" LexiconEmpty Error "a lexicon holds no entry"
    "A list without entries matches nothing, so a rule that reads it can never fire. Add entries, \
     or remove the list."

    "A505" LexiconDuplicate Warning "an entry stands twice in a lexicon"
    "After folding, which drops case, accents and the like, the entry is the same as an earlier \
     one. Remove one, or limit one of them to a country."

    "A507" LexiconValue Error "a cell of a lexicon is not valid"
    "`lang` is a BCP 47 tag, `script` an ISO 15924 code, `country` a country code or empty, \
     `valid_from` and `valid_to` dates in order or empty, and `source` is never empty. Correct \
     the cell."

    "A508" LexiconEntryEmpty Error "an entry is empty after folding"
    "Nothing is left of the entry once invisible characters and marks are dropped, so it would \
     match everywhere. Remove the row, or give it words."

    "A509" LexiconRegex Error "a regular expression in a lexicon is wrong"
    "The entry has the mode `regex` but breaks the grammar, is too large, or matches the empty \
     text. Correct it, or use `literal` or `stem`."

    "A510" BadListHeader Error "a header of a list is not valid"
    "The header of a list names its `version` (counted from 1), `licence`, `maintainer` and `as_of` (a \
     date); that of a context table its `key` and its `columns` too, whose names are of lower case \
     letters, digits and `_`. Correct the value that the message names."

    "A511" HeaderWithoutList Error "a header names a list that does not exist"
    "A TOML file in `lexicon` or `context` holds headers of the lists beside it, and there is no such \
     list, so that what it says would be lost. Correct the name, add the list, or take the header out."

    "A513" ListHeaderTwice Error "a list has two headers"
    "A list has one header, in one of the TOML files of its folder. Take one of them out."

    "A514" TableWithoutHeader Error "a context table has no header"
    "The header of a table says what its keys and columns are; without it no cell can be read. Write a \
     table of its name in `context/lists.toml`, or in a file of its own beside it."

    "A515" ContextSyntax Error "a context table is not well formed"
    "A context table is a CSV file whose first line is `key,valid_from,valid_to`, then the columns of \
     its header in their order, then `source`, with as many cells in every row. Correct the header or \
     the row; quote a cell that holds a comma."

    "A516" ContextValue Error "a cell of a context table is not valid"
    "A key is of the type that the header names, dates are in order or empty, values are of the type of \
     their column or empty, and every row has a source, of its own or by the header. Correct the cell."

    "A517" ContextOverlap Error "two rows of a context table count on the same day"
    "A table has one answer for a key on a day. Correct the dates of one of the rows, or take it out."

    "A518" ContextEmpty Error "a context table holds no row"
    "A table without rows says nothing, so a rule that reads it is never decided. Add rows, or remove \
     the table."

    "A519" UnknownContext Error "a context table does not exist"
    "`list = \"context/name\"` and `lookup = \"context/name\"` read `context/name.csv` beside the rule \
     set, and there is no such file, or it could not be read. Correct the name, or add the file."

    "A520" ContextKey Error "a context table is asked by a field of another type"
    "The keys of a table are countries, texts or words of one list, as its header says. Ask with a field \
     of that type."

    "A521" ContextColumn Error "a context table has no such column"
    "Where a rule names no `column`, the column `value` is meant. Name a column of the table's header."

    "A522" LookupTest Error "the comparison of a lookup does not fit"
    "Beside `lookup` stands what the value of the table is to be: `is`, `neq`, `lt`, `lte`, `gt` or `gte`. \
     Numbers fit columns of numbers, texts those of text; a flag alone asks whether it is true. Add or \
     correct the comparison."

    "A523" BadAsOf Error "as_of does not name a date"
    "`as_of` names the date field of the record as of which a table is read: a field with one date, or \
     a date of the same element of a list. Leave it out for `requested_at`."

    "A601" BadTest Error "a test is not well formed"
    "A test has a `name`, what is `given` (or `results` for a composite) and what to \
     `expect`: `yes`, `no`, `unknown` or `not_applicable`; `missing` goes with `unknown` only. \
     Correct the marked key."

    "A602" TestUnknownField Error "a fixture names an unknown field"
    "The record given to a test has a field that no record can have, so the test would not test \
     what it says. Correct the name."

    "A603" TestFailed Error "a test fails"
    "The rule gave another verdict, other missing fields or other evidence than the test expects. \
     Correct the rule or the test."

    "A604" MissingTests Error "a stable rule lacks tests"
    "A stable rule has at least one test that expects `yes`, one `no` and one `unknown`. Add what \
     is missing, or lower `status`."

    "A605" TestValue Error "a value in a fixture does not fit its field"
    "The record given to a test has a value that its field cannot hold. Correct it; an absent key \
     is `not_carried`, `\"\"` and `[]` are blank, and `{ withheld = true }` is withheld."

    "A606" MutantSurvives Warning "no test notices a change of the rule"
    "`rules test --mutate` changed the rule in this place, and all of its tests still passed: no test is about this part \
     of it. Add a test that comes out differently. Where no record could tell the two apart, or the part is not worth a \
     test, write the reason in a comment: `# allow: A606 (reason)`."

    "A607" TodoPasses Error "a test that is known to fail passes"
    "The test has a `todo`, which says that the rule cannot do this. It can: take the `todo` out, so that the test \
     keeps it so."

    "A608" KnownFailure Warning "a test fails, as is known"
    "The test has a `todo`: what it asks for is not done, and its author says why. It does not count as a failure. When \
     the rule can do it, take the `todo` out."

    "A610" GeneratedCheck Error "a verdict hangs on what it must not hang on"
    "Every record of a test is also judged with each value taken away, with its lists in other orders, and together with \
     all others. A missing value may leave a verdict open and never turns it, and no order matters. Look at what the rule \
     asks of the field that is named."

    "A701" BadProfile Error "the profile is not valid"
    "A cap, threshold, damping or step of the ladder in `[profile]` is missing, out of bounds or \
     out of order. Correct the value that the message names."

    "A702" NoActiveRule Error "no rule is active"
    "No rule was read, or none has a status that the rule set counts, or all that do are concepts, turned off or \
     left out; and a run without rules would call every record clear. Check the path, `statuses` in the \
     rule-set file, and what was selected."

    "A703" EmptyInclude Error "an include matches no rule file"
    "`include` names the rule files of a rule set by patterns, relative to its own folder; one that matches \
     nothing is a slip, or the file is gone. Correct the pattern, or take it out. Lists need no entry."

    "A704" UnknownBaseSet Error "a rule set that is extended does not exist"
    "`extends` names `shipped`, for the rules inside the program, or a path from the file it stands in to a \
     folder with a `ruleset.toml` or to a file such as `strict.ruleset.toml`. Correct the path."

    "A705" UnknownLanguage Error "the language version is not known"
    "`language` in the rule-set file says for which version of the rule language the rules were \
     written; this program reads `notice-rules/1`. Use that, or a program that knows the other \
     version."

    "A706" BaseCycle Error "a rule set extends itself"
    "Going from one `extends` to the next leads back to the same rule set, or comes to no end, so it could \
     never be read as a whole. Take one of the entries out."

    "A707" RuleInBase Error "a rule exists in the base too"
    "An id names one rule, and a rule set that is extended has one of this id. Rename yours; or turn the other \
     off by an `[[override]]` with a reason, then yours stands in its place."

    "A708" ListInBase Error "a list exists in the base too"
    "The lists of a rule set that is extended can be used by those who extend it, so a second list of the same \
     name would leave open which one a rule means. Rename the file."

    "A709" OverrideUnknownRule Error "an override names no rule"
    "`id` in `[[override]]` is the id of a rule of this rule set or of one it extends, or a pattern in which \
     `*` stands for anything. Correct the id, or take the override out."

    "A710" OverrideWithoutEffect Error "an override changes nothing"
    "What the override says is so already, or cannot be said of such a rule: a concept cannot be turned off, \
     and only indicators, mitigators and context have a weight. Correct it, or take it out."

    "A711" OverrideTwice Error "something is overridden twice"
    "One rule set changes the same thing of a rule once, so that nobody has to guess which change counts. \
     Join the two overrides, or narrow a pattern."

    "A712" PartialWithoutRule Warning "the rule for a partial outcome does not exist"
    "`rule` in `[profile.partial]` says whether separable charges remain. There is no rule of that id, so no \
     outcome is ever `partial`. Correct the id, add the rule, or take the key out."

    "A720" FilterBody Error "a suppression and its kind do not go together"
    "A rule of kind `filter` has a `[rule.filter]` in place of a detection and an explanation, and no \
     other rule has one. Take the marked table out, or correct `kind`."

    "A721" FilterScope Error "a suppression names no record"
    "A suppression reaches only what somebody has looked at, so its `[rule.scope]` names records by \
     `record_id`, or a person by `person_id`. Add the ids. For a class of records that nobody has \
     looked at change the rule, where everybody sees it."

    "A722" FilterTarget Error "a suppression cannot suppress what it names"
    "Suppressions do not suppress each other: one that is no longer right is taken out. Name the rule \
     that is wrong about the record."

    "A723" BadEvidenceHash Error "an evidence hash is not well formed"
    "The evidence hash stands beside each finding in the output and in `article3 explain`: 16 \
     characters, `0` to `9` and `a` to `f`. It says what the reviewer has looked at, so it is copied \
     and never made up. Copy it."

    "A724" FilterDates Error "the time of a suppression is wrong"
    "A suppression holds from `reviewed` to `expires`, and no longer than `longest_days` in \
     `[profile.suppression]` of the rule set allows; where that is missing, no suppression is sound. \
     Correct the dates, and look at the record again when they are past."

    "A725" FilterNamed Error "a condition names a suppression"
    "A suppression is no fact about a record, so nothing can build on it; what it suppresses counts \
     as a no by itself. Name the rule that it suppresses, or take the name out."

    "A740" RevisionNotRaised Error "a rule means something else and has the same revision"
    "`rules.lock` holds what each rule meant when it was last looked at. A rule that judges \
     otherwise carries a higher revision, so that two cases judged by one revision were judged \
     alike. Raise `revision` and lock again, or take the change back."

    "A741" LockOutdated Warning "a rule is not as it was locked"
    "The revision was raised, or only the wording or the tests of the rule changed, and \
     `rules.lock` was not written since. Look at the change with `article3 rules diff`, then run \
     `article3 rules lock`."

    "A742" LockMembers Warning "the lock names other rules"
    "A rule was added, taken out or renamed since `rules.lock` was written. Look whether that was \
     meant, then run `article3 rules lock`."

    "A743" LockUnreadable Error "the lock cannot be read"
    "`rules.lock` is written by `article3 rules lock` and is not edited by hand. Restore it, for \
     example from the version control, or take it away and lock anew; until then nothing guards \
     the meaning of the rules."

    "A744" LockedListChanged Warning "a list or a number is not as it was locked"
    "A list that rules read, or a number of `ruleset.toml`, changed since `rules.lock` was \
     written: rules may judge otherwise with their text unchanged. Look at the change with \
     `article3 rules diff`, then run `article3 rules lock`."

    "A801" ProfileEmpty Error "a source profile fills no field"
    "A source profile says which column or path fills which field. One without any `[[map]]`, and \
     without `rest = \"fields\"`, would read nothing. Add a map, or extend a profile that is built \
     in."

    "A802" ProfileField Error "a source profile fills a field that cannot be filled so"
    "The field does not exist, is computed from other fields, is a whole list of objects, or holds \
     another type of value than the map gives. Correct the name; `article3 rules fields` lists \
     the fields."

    "A803" ProfilePath Error "a path of a source profile is not well formed"
    "A path is keys joined by dots, with `[]` after a key that holds a list, as in \
     `arrest_warrants[].charge`; a column is named as its header names it. Correct the path."

    "A804" ProfileWord Error "a source profile gives a field a word that it cannot hold"
    "What `[set]`, `values` and `contains` give a field must be a value of it: a word of its list, \
     a country, a date, `true` or `false`. Correct the word; nothing, `\"\"`, means blank."

    "A805" UnknownBase Error "a source profile extends one that does not exist"
    "`extends` names a profile that is built in, whose steps are taken over after its own. Correct \
     the name."

    "A901" BadAllow Warning "a comment that should allow something allows nothing"
    "`# allow: A910 (reason)` lets a warning stand, on its own line or the line below. It names a code of a warning and \
     gives a reason, because the next reader must be able to judge the exception. Correct the comment."

    "A902" UnusedAllow Warning "a comment allows what is not there"
    "The warning that the comment lets stand is gone, or stands elsewhere. A comment that stays behind would hide the next \
     mistake in that place. Take it out."

    "A903" ListWithoutHeader Warning "a word list has no header"
    "Without a header nobody can tell who keeps the list right, how fresh it is and whether it may be \
     passed on. Write a table of its name in `lexicon/lists.toml`."

    "A904" NeverYes Warning "a condition can never hold"
    "By the truth table over all that the condition asks, missing values included, no record makes it say yes: its parts \
     exclude each other. The rule would be silent for ever, and nobody would notice. Correct the parts, or join them by `or`."

    "A905" NeverNo Warning "a condition can never fail"
    "By the truth table over all that the condition asks, every record makes it say yes or unknown. It does not tell \
     records apart, so it is no reason for anything. Correct what is asked; to ask for a value at all use `known = true`."

    "A906" NoEffect Warning "a part of a condition changes nothing"
    "By the truth table over all that the condition asks, missing values included, it means the same without the part: \
     another part says it already. Often a word was forgotten, or a bracket. Take the part out, or correct it."

    "A907" ScopeNever Warning "scope and condition exclude each other"
    "No record within the scope can meet the condition, so the rule never says yes, although each of the two can be met. \
     Widen the scope, or take out what lies outside it."

    "A908" UnusedList Warning "no rule names a list"
    "The list is read and checked, and no operator of any rule looks for its entries, so that it has no effect. Its author \
     may believe that it has one. Name it in a rule, or take the file out."

    "A909" UnusedConcept Warning "no rule builds on a concept"
    "A concept has no effect of its own: it is a fact for other rules to name. One that none names is computed for nothing, \
     and its author may believe that it counts. Name it in a condition, change its kind, or take it out."

    "A910" EntryContained Warning "an entry occurs only where another one does"
    "After folding, the words of the entry contain those of another that counts in the same records, is of the same language \
     and from the same source. It decides nothing, and as evidence it shows nothing of its own. Take it out."

    "A911" PatternShort Warning "a pattern is very short"
    "The entry has fewer letters than `[profile.lint]` asks for. So short a text occurs inside or beside words that have \
     nothing to do with it. Write more of the word, look for whole words, or allow it with the reason why it cannot mislead."

    "A912" PatternCommon Warning "a pattern occurs in many records"
    "The pattern occurs in a larger share of the given corpus than `[profile.lint]` allows. What stands in so \
     many records does not tell them apart. Make it more specific, or bind it to a second sign with `near` or a condition."

    "A913" SameMeaning Warning "two rules ask the same"
    "Scope, condition and what is required are the same, but for names, order and spelling that folding makes equal. One \
     fact would count twice. Take one rule out, or make a concept of it that both build on."

    "A914" WeightAboveCap Warning "a rule weighs more than its factor may"
    "The weight is above the cap of the factor in `[profile.caps]`, so that part of it can never count. The rule looks \
     stronger than it is. Lower the weight, or raise the cap and say why."

    "A915" SilentNegation Warning "no test shows a negation with its value missing"
    "The rule asks that something is not so, and no test expects `unknown` where the value is missing. That is where such \
     rules go wrong: silence is taken for a no. Add a test without the value that expects `unknown`."

    "A916" OneScript Warning "words of one script are looked for in a text of any script"
    "The field is worded by the requester, in any language and script, and all that is looked for is in one script. Records in \
     other scripts would pass in silence. Add entries of other scripts, best in a list; or allow it and say why one is enough."

    "A917" BasisUnread Warning "no basis of a rule in use was verified"
    "The rule counts, on texts that nobody has checked against their original. For a stable rule this is an error. Read \
     one of them and set `verified = true`, or set `status` to `experimental`."

    "A918" TestsLacking Warning "a rule in use lacks tests"
    "The rule counts, and has no test for one of `yes`, `no` and `unknown`. For a stable rule this is an error. Add what is \
     missing, or set `status` to `experimental`."

    "A919" FalsePositivesUnnamed Warning "a rule in use names no false positives"
    "Whoever reads a hit must know when it is wrong. For a stable rule this is an error. Add `falsepositives` with at least \
     one situation in which the rule fires without cause."

    "A920" PlaceholderUnread Warning "a message shows what the rule does not read"
    "The placeholder names a field that neither the rule nor a concept it builds on asks about. The reader would take what is \
     shown for the reason; and a match of it is always empty. Name a field that the rule reads."

}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        for pair in Code::ALL.windows(2) {
            assert!(pair[0].code() < pair[1].code(), "{} before {}", pair[0], pair[1]);
            assert!(pair[0] < pair[1]);
        }
    }

    #[test]
    fn every_code_is_one_letter_and_three_digits_in_a_known_section() {
        for code in Code::ALL {
            let name = code.code().as_bytes();
            assert!(name.len() == 4 && name[0] == b'A' && name[1..].iter().all(u8::is_ascii_digit), "{code}");
            assert!((b'1'..=b'9').contains(&name[1]), "{code}");
        }
    }

    #[test]
    fn every_code_explains_itself_in_one_paragraph_with_a_full_stop() {
        for code in Code::ALL {
            let (title, explanation) = (code.title(), code.explanation());
            assert!(!title.is_empty() && !title.ends_with('.'), "{code}");
            assert!(title.starts_with(|c: char| c.is_lowercase()), "{code}");
            assert!(explanation.len() > 40 && explanation.ends_with('.'), "{code}");
            assert!(!explanation.contains('\n') && !explanation.contains("  "), "{code}");
        }
    }

    #[test]
    fn titles_are_unique() {
        let mut titles: Vec<_> = Code::ALL.iter().map(|code| code.title()).collect();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), Code::ALL.len());
    }

    #[test]
    fn a_code_is_found_by_its_name_in_either_case() {
        for code in Code::ALL {
            assert_eq!(Code::parse(code.code()), Some(*code));
            assert_eq!(Code::parse(&code.code().to_lowercase()), Some(*code));
        }
        assert_eq!(Code::parse("A999"), None);
    }
}
