//! Names in any order and script: transliterated, cut into parts, spelt in one way, and compared part by part.
//!
//! Every part of the shorter name must find a like among those of the longer one: brothers and twins share the rest. A
//! part that only one side has is no difference.

use super::name_part::{NamePart, Role};
use super::profile::NameOptions;
use crate::text::fold;

/// A name: its parts, in the order in which they stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Name(pub(super) Vec<NamePart>);

/// How alike two names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// A part of the shorter name has no like.
    Different,
    /// One of them has too few parts to tell.
    TooShort,
    /// A part is only an initial.
    Initial(u32),
    /// All parts of the shorter name have a like; the percentage over all.
    Alike(u32),
}

/// The most parts of a name that are looked at, so that the work is bounded.
const MOST_PARTS: usize = 8;

impl NameOptions {
    /// The parts of a name; empty where there is none.
    pub(super) fn name(&self, text: &str) -> Name {
        let folded = fold(text);
        let is_apart = |c: char| !c.is_alphanumeric() && !is_mark(c);
        let words = folded.split(is_apart).filter(|word| !word.is_empty()).take(MOST_PARTS * 2);
        let parts = words.map(|word| self.part(word));
        let parts = parts.filter(|part| !part.plain.is_empty() && !self.placeholders.contains(&part.latin));
        let mut parts: Vec<NamePart> = parts.take(MOST_PARTS).collect();
        if needed(&parts) < self.min_parts {
            let missed = parts.iter_mut().filter(|part| part.role == Role::Patronymic);
            missed.for_each(|part| part.role = Role::Needed);
        }
        Name(parts)
    }

    /// How alike two names are, in any order of their parts.
    pub(super) fn likeness(&self, a: &Name, b: &Name) -> Likeness {
        if self.fathers_differ(a, b) {
            return Likeness::Different;
        }
        let plain = self.paired(a, b);
        if plain != Likeness::Different || a.0.len().max(b.0.len()) < 2 {
            return plain;
        }
        let with_joined = |a: &Name, b: &Name| joined(a).map(|a| self.paired(&a, b)).max();
        // Joined to one part, a name is too short to say anything.
        with_joined(a, b).max(with_joined(b, a)).filter(|alike| *alike > Likeness::TooShort).unwrap_or(plain)
    }

    /// Whether both names have patronymics, and other ones.
    fn fathers_differ(&self, a: &Name, b: &Name) -> bool {
        let of_father = |name: &Name| -> Vec<NamePart> {
            name.0.iter().filter(|part| part.role == Role::Patronymic).cloned().collect()
        };
        let (mine, theirs) = (of_father(a), of_father(b));
        let alike = |one: &NamePart| theirs.iter().any(|other| self.alike(one, other).is_some());
        !mine.is_empty() && !theirs.is_empty() && !mine.iter().any(alike)
    }

    fn paired(&self, a: &Name, b: &Name) -> Likeness {
        let size = |name: &Name| (needed(&name.0), name.0.len());
        let (short, long) = if size(a) <= size(b) { (a, b) } else { (b, a) };
        let own: Vec<&NamePart> = short.0.iter().filter(|part| part.role == Role::Needed).collect();
        if own.len() < self.min_parts {
            return Likeness::TooShort;
        }
        self.assigned(&own, &long.0).map_or(Likeness::Different, |(sum, initials)| {
            let count = u32::try_from(own.len()).unwrap_or(u32::MAX);
            let whole = own.len() - usize::try_from(initials).unwrap_or(0);
            match whole {
                0 => Likeness::TooShort,
                whole if whole >= self.min_parts => Likeness::Alike(sum / count),
                _ => Likeness::Initial(sum / count),
            }
        })
    }

    /// The best way to give each part of the shorter name one of the longer: the sum of percentages, and how many of the
    /// parts are initials.
    fn assigned(&self, own: &[&NamePart], theirs: &[NamePart]) -> Option<(u32, u32)> {
        // For each set of parts that are taken, as bits, the best sum.
        let mut best: Vec<(u32, (u32, u32))> = vec![(0, (0, 0))];
        for part in own {
            let mut next: Vec<(u32, (u32, u32))> = vec![];
            for (at, other) in theirs.iter().enumerate() {
                let Some((percent, initial)) = self.alike(part, other) else { continue };
                for (taken, (sum, initials)) in best.iter().filter(|(taken, _)| taken & (1 << at) == 0) {
                    next.push((taken | (1 << at), (sum + percent, initials + u32::from(initial))));
                }
            }
            // Of equal sets the one with fewer initials and more alike.
            next.sort_unstable_by_key(|(taken, (sum, initials))| (*taken, *initials, u32::MAX - sum));
            next.dedup_by_key(|(taken, _)| *taken);
            best = next;
        }
        best.into_iter().map(|(_, sums)| sums).min_by_key(|(sum, initials)| (*initials, u32::MAX - sum))
    }
}

/// The name with two parts that stand beside each other joined, in every way, with particles and without.
fn joined(name: &Name) -> impl Iterator<Item = Name> {
    let bare: Vec<NamePart> = name.0.iter().filter(|part| part.role != Role::Particle).cloned().collect();
    let with_particles = (bare.len() < name.0.len()).then(|| name.0.clone());
    [Some(bare), with_particles].into_iter().flatten().flat_map(|parts| {
        let join = |at: usize| {
            let mut parts = parts.clone();
            let second = parts.remove(at);
            if let Some(first) = parts.get_mut(at - 1) {
                first.join(&second);
            }
            Name(parts)
        };
        (1..parts.len()).map(join).collect::<Vec<_>>()
    })
}

/// How many parts make a name.
fn needed(parts: &[NamePart]) -> usize {
    parts.iter().filter(|part| part.role == Role::Needed).count()
}

/// Whether a character stands inside a word without being a letter.
fn is_mark(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʹ' | '`' | '´')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::persons::tests::shipped;

    fn likeness(a: &str, b: &str) -> Likeness {
        let profile = shipped();
        profile.names.likeness(&profile.names.name(a), &profile.names.name(b))
    }

    fn alike(a: &str, b: &str) -> bool {
        let (one, other) = (likeness(a, b), likeness(b, a));
        assert_eq!(one, other, "{a} and {b}, either way");
        matches!(one, Likeness::Alike(_))
    }

    #[test]
    fn spellings_orders_and_scripts_of_one_name_are_alike() {
        for (a, b) in [
            ("Sampelov Yuriy", "SAMPELOV, Iurii"),
            ("Sampelov Yuriy", "Jurij Sampelow"),
            ("Сампелов Юрий", "Sampelov Yuri"),
            ("Сампелов Юрий Иванович", "Yuriy Sampelov"),
            ("محمد ساملی", "Mohammad Sameli"),
            ("Muhammad Samali", "Mohamed Samali"),
            ("דוד סמפלי", "David Sampeli"),
            ("გიორგი სამპელი", "Giorgi Sampeli"),
            ("Գեւորգ Սամպելյան", "Gevorg Sampelyan"),
            ("Γεώργιος Σαμπέλης", "Georgios Sampelis"),
            ("राम सम्पेल", "Ram Sampel"),
            ("桑 佩立", "Sang Peili"),
            ("Abd al-Karim Sampel", "Abdulkarim Sampel"),
            ("Abd al-Karim Sampel", "Abdelkarim al Sampel"),
            ("Jin Ping Sampel", "Jinping Sampel"),
            ("Anna-Maria Sampel", "Anna Maria Sampel"),
            ("Maria Elena Sampel", "Sampel Maria"),
            ("O'Sampel Jane", "Jane OSAMPEL"),
        ] {
            assert!(alike(a, b), "{a} and {b}: {:?}", likeness(a, b));
        }
    }

    #[test]
    fn usual_spellings_of_a_given_name_are_alike() {
        for spellings in [
            &["Muhammad", "Mohammed", "Mohamed", "Mohammad", "Mohamad", "Muhamed", "محمد"][..],
            &["Aisha", "Aicha", "Aysha", "عائشة"],
            &["Jamal", "Gamal", "Djamel", "جمال"],
            &["Uthman", "Othman", "Osman"],
            &["Sharif", "Cherif", "Shereef"],
            &["Georgios", "Yiorgos", "Yeorgios", "Γεώργιος"],
            &["Panagiotis", "Panayiotis", "Panajotis"],
            &["Evangelos", "Evaggelos", "Euangelos", "Ευάγγελος"],
            &["Christina", "Hristina", "Χριστίνα"],
            &["Yitzhak", "Itzhak", "Izchak", "יצחק"],
            &["Chaim", "Haim", "Hayim"],
            &["Rachel", "Rahel", "רחל"],
            &["Zvi Dan", "Tzvi Dan", "Tsvi Dan"],
            &["Avraham", "Abraham", "אברהם"],
            &["Hakob", "Hagop", "Hakop", "Հակոբ"],
            &["Sargis", "Sarkis", "Սարգիս"],
            &["Tigran", "Dikran", "Տիգրան"],
            &["Xiao", "Hsiao"],
            &["Qing", "Ching"],
            &["Zhang", "Chang"],
            &["Xiaodong", "Hsiao-tung", "Xiao Dong", "晓东"],
            &["Guiying", "Kuei-ying", "桂英"],
            &["Zedong", "Tse-tung"],
            &["Giorgi", "Georgi", "Georgy", "გიორგი"],
            &["Vakhtang", "Wachtang", "ვახტანგ"],
            &["Yevgeniy", "Evgenij", "Jewgeni", "Evgeny", "Евгений"],
            &["Aleksandr", "Alexander", "Aleksander", "Александр"],
            &["Mikhail", "Michail", "Mihail", "Михаил"],
            &["Tatyana", "Tatiana", "Tatjana", "Татьяна"],
            &["Lakshmi", "Laxmi", "लक्ष्मी"],
            &["Sanjay", "Sanjai", "संजय"],
            &["Vijay", "Bijay", "Wijay"],
            &["Alireza", "Ali Reza", "علیرضا"],
            &["Kourosh", "Kurosh", "کوروش"],
        ] {
            for (at, a) in spellings.iter().enumerate() {
                for b in &spellings[at + 1..] {
                    let (a, b) = (format!("Sampel {a}"), format!("Sampel {b}"));
                    assert!(alike(&a, &b), "{a} and {b}: {:?}", likeness(&a, &b));
                }
            }
        }
    }

    #[test]
    fn family_names_in_two_schemes_are_alike() {
        for (a, b) in [
            ("Sampelzhenko", "Sampelženko"),
            ("Tscherjasampelow", "Cheryasampelov"),
            ("Tzukasampel", "Zukasampel"),
            ("Schapsampelowicz", "Shapsampelovitz"),
            ("Gasampelian", "Kasampelyan"),
            ("Mpasampelopoulos", "Basampelopulos"),
            ("Zesampelschwili", "Tsesampelshvili"),
            ("Qingsangbai", "Chingsangpai"),
            ("Sampelczuk", "Sampelchuk"),
            ("Sampelaoui", "Sampelawi"),
            ("Sampelnejad", "Sampelnezhad"),
            ("Chowsampelkar", "Chausampelkar"),
        ] {
            let (a, b) = (format!("{a} Jane"), format!("{b} Jane"));
            assert!(alike(&a, &b), "{a} and {b}: {:?}", likeness(&a, &b));
        }
    }

    #[test]
    fn other_names_are_different_though_most_of_them_is_the_same() {
        for (a, b) in [
            ("Sampelov Ivan", "Sampelov Igor"),
            ("Sampel Hassan", "Sampel Hussein"),
            ("Sampel Omar", "Sampel Amir"),
            ("خالد محمد", "خالد محمود"),
            ("Sampel Aleksandr", "Sampel Aleksey"),
            ("Maria Elena Sampel", "Maria Luisa Sampel"),
            ("Sampel Maria", "Sampel Marina"),
            ("Sampel Amir", "Sampel Samir"),
            ("Sampel Parvin", "Sampel Parviz"),
            ("Sampel Nasrin", "Sampel Nasir"),
            ("Sampel Aleksandr", "Sampel Aleksandra"),
            ("Sampel Mohammed", "Sampel Mahmoud"),
            ("Sampel Ahmad", "Sampel Hamid"),
            ("Sampel Khaled", "Sampel Walid"),
            ("Sampel Jamal", "Sampel Kamal"),
            ("Sampel Ali", "Sampel Omar"),
            ("Sampel Salim", "Sampel Karim"),
            ("Sampel Layla", "Sampel Amina"),
            ("Sampel Mikhail", "Sampel Maksim"),
            ("Sampel Sergey", "Sampel Sofya"),
            ("Sampel Dmitriy", "Sampel Denis"),
            ("Sampel Anna", "Sampel Inna"),
            ("Sampel Olga", "Sampel Oleg"),
            ("Sampel Pavel", "Sampel Petr"),
            ("Sampel Nikolaos", "Sampel Nikitas"),
            ("Sampel Georgios", "Sampel Grigorios"),
            ("Sampel David", "Sampel Daniel"),
            ("Sampel Yosef", "Sampel Yaakov"),
            ("Sampel Rachel", "Sampel Rivka"),
            ("Sampel Hakob", "Sampel Hovik"),
            ("Sampel Aram", "Sampel Armen"),
            ("Sampel Levan", "Sampel Zviad"),
            ("Sampel Jianguo", "Sampel Jianjun"),
            ("Sampel Guoping", "Sampel Guoqiang"),
            ("Sampel Lihua", "Sampel Limei"),
            ("Sampel Reza", "Sampel Riaz"),
            ("Sampel Gita", "Sampel Sita"),
            ("Sampel Vijay", "Sampel Ajay"),
            ("Sampel Sunil", "Sampel Anil"),
            ("Sampelov Ivan Petrovich", "Sampelov Ivan Sergeevich"),
        ] {
            assert_eq!(likeness(a, b), Likeness::Different, "{a} and {b}");
        }
    }

    #[test]
    fn a_name_of_one_part_and_an_initial_say_less() {
        assert_eq!(likeness("X, Ivan", "X, Ivan"), Likeness::TooShort);
        assert_eq!(likeness("FNU Sampel", "LNU Sampel"), Likeness::TooShort);
        assert_eq!(likeness("Sampel", "Sampel Jane"), Likeness::TooShort);
        assert!(matches!(likeness("J. Sampel", "Jane Sampel"), Likeness::Initial(_)));
        assert_eq!(likeness("J S", "Jane Sampel"), Likeness::TooShort);
        assert_eq!(likeness("", "Jane Sampel"), Likeness::TooShort);
    }
}
