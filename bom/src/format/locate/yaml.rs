//! The lines on which paths stand in YAML; they are written as for JSON.

use super::json::Wanted;
use serde_saphyr::granit_parser::{Event, Parser, StrInput};

/// For each path (`$.packages[3].name`) the line of its value, counted from 1; of
/// a path that leads nowhere, the line of the last value on the way.
pub(in crate::format) fn lines(text: &str, paths: &[&str]) -> Vec<Option<u32>> {
    let mut found = vec![None; paths.len()];
    if !paths.is_empty() {
        let root = Wanted::of(paths);
        let mut walk = Walk { parser: Parser::new_from_str(text), found: &mut found };
        if let Some((event, line)) = walk.next() {
            walk.value(&event, line, Some(&root));
        }
    }
    found
}

struct Walk<'t, 'f> {
    parser: Parser<'t, StrInput<'t>>,
    found: &'f mut [Option<u32>],
}

impl<'t> Walk<'t, '_> {
    fn next(&mut self) -> Option<(Event<'t>, u32)> {
        loop {
            let (event, span) = self.parser.next_event()?.ok()?;
            let counts = matches!(
                event,
                Event::Scalar(..)
                    | Event::Alias(_)
                    | Event::MappingStart(..)
                    | Event::MappingEnd
                    | Event::SequenceStart(..)
                    | Event::SequenceEnd
            );
            if counts {
                return Some((event, u32::try_from(span.start.line()).unwrap_or(u32::MAX)));
            }
        }
    }

    /// Goes over one value, marking what is wanted in it. Recursion ends with the paths.
    fn value(&mut self, event: &Event<'t>, line: u32, wanted: Option<&Wanted<'_>>) {
        let Some(wanted) = wanted else { return self.skip(event) };
        wanted.mark(line, self.found);
        match event {
            Event::MappingStart(..) => {
                while let Some((key, at)) = self.next() {
                    let below = match &key {
                        Event::MappingEnd => return,
                        Event::Scalar(key, ..) => wanted.key(key),
                        _ => {
                            self.skip(&key);
                            None
                        }
                    };
                    let Some((value, _)) = self.next() else { return };
                    self.value(&value, at, below);
                }
            }
            Event::SequenceStart(..) => {
                let mut index = 0;
                while let Some((element, at)) = self.next() {
                    if matches!(element, Event::SequenceEnd) {
                        return;
                    }
                    self.value(&element, at, wanted.element(index));
                    index += 1;
                }
            }
            _ => {}
        }
    }

    fn skip(&mut self, event: &Event<'t>) {
        if !matches!(event, Event::MappingStart(..) | Event::SequenceStart(..)) {
            return;
        }
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next() {
                Some((Event::MappingStart(..) | Event::SequenceStart(..), _)) => depth += 1,
                Some((Event::MappingEnd | Event::SequenceEnd, _)) => depth -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_has_its_line() {
        let text = "# x\na:\n  b: [1,\n    2]\nlist:\n- x: |\n    text\n  y: 1\n- z\n";
        let paths = ["$", "$.a.b[1]", "$.list[0].y", "$.list[1]", "$.list[9].x", "$.nowhere"];
        assert_eq!(lines(text, &paths), [2, 4, 8, 9, 5, 2].map(Some));
    }
}
