//! "Did you mean": the known name nearest to a wrong one.

/// Longer names are not compared: the work grows with the square, and such a text is no slip of the keyboard.
const LONGEST: usize = 80;

/// The known name nearest to `wrong`, if one is near enough to be a slip: at most a third of its characters wrong,
/// counting a swap of neighbours as one (Damerau-Levenshtein, the bound the Rust compiler uses for its own suggestions).
/// Case does not count. Of equally near names the first wins.
pub fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wrong.chars().nth(LONGEST).is_some() {
        return None;
    }
    let wrong = wrong.to_lowercase();
    let length = wrong.chars().count();
    let mut nearest: Option<(usize, &'a str)> = None;
    for name in known {
        let lower = name.to_lowercase();
        let other = lower.chars().count();
        let bound = length.max(other).max(3) / 3;
        if length.abs_diff(other) > bound {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&wrong, &lower);
        // A name of which nothing is left is not meant: `x` is not a slip for `a`.
        let near = distance <= bound && distance < length.min(other).max(1);
        if near && nearest.is_none_or(|(best, _)| distance < best) {
            nearest = Some((distance, name));
        }
    }
    nearest.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [&str; 6] = ["height", "kind", "status", "charges.text", "nationalities", "status_at"];

    #[test]
    fn a_slip_finds_the_name_that_was_meant() {
        assert_eq!(did_you_mean("heigth", FIELDS), Some("height"));
        assert_eq!(did_you_mean("charge.text", FIELDS), Some("charges.text"));
        assert_eq!(did_you_mean("nationality", FIELDS), Some("nationalities"));
    }

    #[test]
    fn case_does_not_count() {
        assert_eq!(did_you_mean("Status", FIELDS), Some("status"));
        assert_eq!(did_you_mean("status", ["STATUS"]), Some("STATUS"));
    }

    #[test]
    fn a_name_too_far_away_is_not_suggested() {
        assert_eq!(did_you_mean("colour", FIELDS), None);
        assert_eq!(did_you_mean("x", ["a", "b"]), None);
        assert_eq!(did_you_mean("", FIELDS), None);
        assert_eq!(did_you_mean(&"height".repeat(100_000), FIELDS), None);
    }

    #[test]
    fn of_equally_near_names_the_first_wins() {
        assert_eq!(did_you_mean("lte", ["lt", "gte"]), Some("lt"));
        assert_eq!(did_you_mean("lte", ["gte", "lt"]), Some("gte"));
    }
}
