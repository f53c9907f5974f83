//! What a target format cannot hold, counted by kind.

/// Losses in the order in which their kinds were first met.
#[derive(Default)]
pub(super) struct Losses(Vec<(&'static str, usize)>);

impl Losses {
    /// Counts one loss of this kind.
    pub(super) fn add(&mut self, what: &'static str) {
        match self.0.iter_mut().find(|(known, _)| *known == what) {
            Some((_, count)) => *count += 1,
            None => self.0.push((what, 1)),
        }
    }

    /// A line for each kind.
    pub(super) fn lines(&self) -> Vec<String> {
        let line =
            |(what, count): &(&str, usize)| if *count == 1 { (*what).to_owned() } else { format!("{what} ({count} times)") };
        self.0.iter().map(line).collect()
    }
}
