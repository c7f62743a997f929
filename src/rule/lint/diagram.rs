//! Truth tables over many questions, as decision diagrams.
//!
//! A question has a few answers, and each answer leads on to the next question or to a [`Truth`]. Equal parts are kept
//! once, so that two diagrams mean the same exactly if they are the same. Questions are asked in the order of their
//! numbers. The work is bounded: what takes too long is refused, never guessed.

use std::collections::HashMap;

use crate::operator::Truth;

/// A diagram: a truth, or a question with a diagram for each answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Diagram(u32);

/// A diagram would have taken too much work.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

pub(super) type Bounded<T = Diagram> = Result<T, TooLarge>;

/// The most questions in one table: the depth of the diagrams, and of the recursion over them.
const MOST_QUESTIONS: u32 = 1_000;
/// The most steps of work for one table.
const MOST_STEPS: usize = 50_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    And,
    Or,
    Not,
    AssumeNo,
}

/// Where the parts of diagrams are kept.
#[derive(Debug, Default)]
pub(super) struct Diagrams {
    nodes: Vec<(u32, Box<[Diagram]>)>,
    known: HashMap<(u32, Box<[Diagram]>), Diagram>,
    done: HashMap<(Step, Diagram, Diagram), Diagram>,
    questions: u32,
    steps: usize,
}

const TRUTHS: [Truth; 3] = [Truth::No, Truth::Unknown, Truth::Yes];

impl Diagram {
    /// The diagram that asks nothing.
    pub(super) fn of(truth: Truth) -> Self {
        Self(TRUTHS.iter().zip(0..).find(|(one, _)| **one == truth).map_or(0, |(_, at)| at))
    }

    fn truth(self) -> Option<Truth> {
        TRUTHS.get(usize::try_from(self.0).ok()?).copied()
    }
}

impl Diagrams {
    /// The number of a question that comes after all others.
    pub(super) fn question(&mut self) -> Bounded<u32> {
        self.questions += 1;
        if self.questions > MOST_QUESTIONS { Err(TooLarge) } else { Ok(self.questions - 1) }
    }

    /// A question with what each of its answers leads to. None of those may ask an earlier question.
    pub(super) fn ask(&mut self, question: u32, answers: Vec<Diagram>) -> Diagram {
        let first = answers.first().copied().unwrap_or(Diagram::of(Truth::No));
        if answers.iter().all(|answer| *answer == first) {
            return first;
        }
        let key = (question, answers.into_boxed_slice());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let at = u32::try_from(self.nodes.len() + TRUTHS.len()).unwrap_or(u32::MAX);
        self.nodes.push(key.clone());
        self.known.insert(key, Diagram(at));
        Diagram(at)
    }

    fn node(&self, diagram: Diagram) -> Option<&(u32, Box<[Diagram]>)> {
        self.nodes.get(usize::try_from(diagram.0).ok()?.checked_sub(TRUTHS.len())?)
    }

    pub(super) fn and(&mut self, a: Diagram, b: Diagram) -> Bounded {
        self.step(Step::And, a, b)
    }

    pub(super) fn or(&mut self, a: Diagram, b: Diagram) -> Bounded {
        self.step(Step::Or, a, b)
    }

    pub(super) fn not(&mut self, a: Diagram) -> Bounded {
        self.step(Step::Not, a, a)
    }

    pub(super) fn assume_no(&mut self, a: Diagram) -> Bounded {
        self.step(Step::AssumeNo, a, a)
    }

    /// At least `wanted` of the parts: the `wanted`-th greatest of their truths.
    pub(super) fn at_least(&mut self, wanted: usize, parts: &[Diagram]) -> Bounded {
        // After each part, at place n: at least n of the parts so far.
        let mut so_far = vec![Diagram::of(Truth::No); wanted + 1];
        so_far[0] = Diagram::of(Truth::Yes);
        for part in parts.iter().rev() {
            for n in (1..=wanted).rev() {
                let with = self.and(so_far[n - 1], *part)?;
                so_far[n] = self.or(so_far[n], with)?;
            }
        }
        Ok(so_far[wanted])
    }

    fn step(&mut self, step: Step, a: Diagram, b: Diagram) -> Bounded {
        // Both orders mean the same.
        let (a, b) = (a.min(b), a.max(b));
        if let Some(settled) = settled(step, a, b) {
            return Ok(settled);
        }
        if let Some(done) = self.done.get(&(step, a, b)) {
            return Ok(*done);
        }
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err(TooLarge);
        }
        let question = |this: &Self, diagram| this.node(diagram).map_or(u32::MAX, |(question, _)| *question);
        let first = question(self, a).min(question(self, b));
        let answers = |this: &Self, diagram| match this.node(diagram) {
            Some((asked, answers)) if *asked == first => Some(answers.clone()),
            _ => None,
        };
        let (of_a, of_b) = (answers(self, a), answers(self, b));
        let count = of_a.as_ref().or(of_b.as_ref()).map_or(0, |answers| answers.len());
        let mut combined = Vec::with_capacity(count);
        for at in 0..count {
            let pick = |answers: &Option<Box<[Diagram]>>, whole| answers.as_ref().map_or(whole, |answers| answers[at]);
            combined.push(self.step(step, pick(&of_a, a), pick(&of_b, b))?);
        }
        let result = self.ask(first, combined);
        self.done.insert((step, a, b), result);
        Ok(result)
    }

    /// Whether some answers lead to this truth.
    pub(super) fn reaches(&self, diagram: Diagram, truth: Truth) -> bool {
        let mut seen = vec![false; self.nodes.len()];
        let mut next = vec![diagram];
        while let Some(diagram) = next.pop() {
            match self.node(diagram) {
                None if diagram == Diagram::of(truth) => return true,
                None => {}
                Some((_, answers)) => {
                    let at = usize::try_from(diagram.0).unwrap_or(0) - TRUTHS.len();
                    if !std::mem::replace(&mut seen[at], true) {
                        next.extend(answers.iter());
                    }
                }
            }
        }
        false
    }
}

/// What needs no look at the questions.
fn settled(step: Step, a: Diagram, b: Diagram) -> Option<Diagram> {
    let (no, yes) = (Diagram::of(Truth::No), Diagram::of(Truth::Yes));
    match (step, a.truth(), b.truth()) {
        (Step::And, Some(a), Some(b)) => Some(Diagram::of(a.min(b))),
        (Step::Or, Some(a), Some(b)) => Some(Diagram::of(a.max(b))),
        (Step::Not, Some(a), _) => Some(Diagram::of(!a)),
        (Step::AssumeNo, Some(a), _) => Some(Diagram::of(Truth::of(a == Truth::Yes))),
        (Step::And | Step::Or, ..) if a == b => Some(a),
        (Step::And, ..) if a == no || b == no => Some(no),
        (Step::And, ..) if a == yes => Some(b),
        (Step::And, ..) if b == yes => Some(a),
        (Step::Or, ..) if a == yes || b == yes => Some(yes),
        (Step::Or, ..) if a == no => Some(b),
        (Step::Or, ..) if b == no => Some(a),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A question that is answered with any truth.
    fn atoms<const N: usize>(diagrams: &mut Diagrams) -> [Diagram; N] {
        std::array::from_fn(|_| {
            let question = diagrams.question().expect("few questions");
            diagrams.ask(question, TRUTHS.map(Diagram::of).to_vec())
        })
    }

    /// The truth that three answers lead to.
    fn read(diagrams: &Diagrams, mut diagram: Diagram, answers: [usize; 3]) -> Truth {
        while let Some((question, next)) = diagrams.node(diagram) {
            diagram = next[answers[*question as usize]];
        }
        diagram.truth().expect("a truth")
    }

    #[test]
    fn what_means_the_same_is_the_same() {
        let mut d = Diagrams::default();
        let [a, b, c] = atoms(&mut d);
        let small = |diagram: Bounded| diagram.expect("a small table");
        let (ab, ac) = (small(d.and(a, b)), small(d.and(a, c)));
        let (both, bc) = (small(d.or(ab, ac)), small(d.or(b, c)));
        assert_eq!(d.and(a, bc), Ok(both));
        assert_eq!(d.or(a, ab), Ok(a));
        let not = small(d.not(a));
        assert_eq!(d.not(not), Ok(a));
        let (never, always) = (small(d.and(a, not)), small(d.or(a, not)));
        assert!(!d.reaches(never, Truth::Yes) && d.reaches(never, Truth::Unknown));
        assert!(!d.reaches(always, Truth::No) && d.reaches(always, Truth::Unknown));
    }

    #[test]
    fn a_table_that_is_too_large_is_refused() {
        let mut d = Diagrams::default();
        let asked = (0..=MOST_QUESTIONS).map(|_| d.question()).filter(Result::is_err).count();
        assert_eq!(asked, 1);
        let mut d = Diagrams::default();
        let parts: Vec<Diagram> = (0..900).flat_map(|_| atoms::<1>(&mut d)).collect();
        assert_eq!(d.at_least(450, &parts), Err(TooLarge));
    }

    proptest! {
        #[test]
        fn a_diagram_says_what_kleene_says(steps in prop::collection::vec((0..5_usize, 0..9_usize, 0..9_usize), 1..12)) {
            let mut d = Diagrams::default();
            let mut diagrams: Vec<Diagram> = atoms::<3>(&mut d).to_vec();
            let every = (0..27).map(|n| [n % 3, n / 3 % 3, n / 9]);
            let mut truths: Vec<Vec<Truth>> = (0..3).map(|at| every.clone().map(|answers| TRUTHS[answers[at]]).collect()).collect();
            for (step, a, b) in steps {
                let (a, b) = (a % diagrams.len(), b % diagrams.len());
                let (x, y) = (diagrams[a], diagrams[b]);
                diagrams.push(match step {
                    0 => d.and(x, y),
                    1 => d.or(x, y),
                    2 => d.not(x),
                    3 => d.assume_no(x),
                    _ => d.at_least(2, &[x, y, diagrams[0]]),
                }.expect("a small table"));
                let combine = |(at, x): (usize, &Truth)| {
                    let (x, y, first) = (*x, truths[b][at], truths[0][at]);
                    match step {
                        0 => x.min(y),
                        1 => x.max(y),
                        2 => !x,
                        3 => Truth::of(x == Truth::Yes),
                        _ => Truth::at_least(2, [x, y, first].into_iter()),
                    }
                };
                let combined = truths[a].iter().enumerate().map(combine).collect();
                truths.push(combined);
            }
            for (diagram, truths) in diagrams.iter().zip(&truths) {
                for (answers, truth) in every.clone().zip(truths) {
                    prop_assert_eq!(read(&d, *diagram, answers), *truth);
                }
            }
        }
    }
}
