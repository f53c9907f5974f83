//! The lines on which JSON paths stand.

use std::collections::BTreeMap;

/// The part of the paths below one value.
#[derive(Default)]
pub(super) struct Wanted<'p> {
    /// Which of the asked paths end here.
    here: Vec<usize>,
    keys: BTreeMap<&'p str, Wanted<'p>>,
    elements: BTreeMap<usize, Wanted<'p>>,
}

/// For each path (`$.components[3].purl`) the line of its value, counted from 1;
/// of a path that leads nowhere, the line of the last value on the way.
pub(in crate::format) fn lines(text: &str, paths: &[&str]) -> Vec<Option<u32>> {
    let mut found = vec![None; paths.len()];
    if paths.is_empty() {
        return found;
    }
    let root = Wanted::of(paths);
    let mut cursor = Cursor { text: text.as_bytes(), at: 0, counted: 0, line: 1 };
    cursor.value(&root, &mut found);
    found
}

impl<'p> Wanted<'p> {
    /// What these paths ask for.
    pub(super) fn of(paths: &[&'p str]) -> Self {
        let mut root = Self::default();
        for (index, path) in paths.iter().enumerate() {
            root.want(path.strip_prefix('$').unwrap_or(path), index);
        }
        root
    }

    /// What is wanted in the member `key`.
    pub(super) fn key(&self, key: &str) -> Option<&Self> {
        self.keys.get(key)
    }

    /// What is wanted in the element `index`.
    pub(super) fn element(&self, index: usize) -> Option<&Self> {
        self.elements.get(&index)
    }

    fn want(&mut self, path: &'p str, index: usize) {
        if let Some(rest) = path.strip_prefix('.') {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (key, rest) = rest.split_at(end);
            return self.keys.entry(key).or_default().want(rest, index);
        }
        let element = path.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        match element.and_then(|(number, rest)| Some((number.parse().ok()?, rest))) {
            Some((number, rest)) => self.elements.entry(number).or_default().want(rest, index),
            None => self.here.push(index),
        }
    }

    /// Notes the line for all that is wanted from here on.
    pub(super) fn mark(&self, line: u32, found: &mut [Option<u32>]) {
        for index in &self.here {
            if let Some(slot) = found.get_mut(*index) {
                *slot = Some(line);
            }
        }
        self.keys.values().chain(self.elements.values()).for_each(|below| below.mark(line, found));
    }
}

struct Cursor<'t> {
    text: &'t [u8],
    at: usize,
    counted: usize,
    line: u32,
}

impl Cursor<'_> {
    /// Goes over one value, marking what is wanted in it. Recursion ends with the paths.
    fn value(&mut self, wanted: &Wanted<'_>, found: &mut [Option<u32>]) {
        self.space();
        wanted.mark(self.line(), found);
        match self.peek() {
            Some(b'{') if !wanted.keys.is_empty() => self.object(wanted, found),
            Some(b'[') if !wanted.elements.is_empty() => self.array(wanted, found),
            // One value stands for a list of one.
            Some(b'{') => match wanted.elements.get(&0) {
                Some(first) => self.value(first, found),
                None => self.skip(),
            },
            _ => self.skip(),
        }
    }

    fn object(&mut self, wanted: &Wanted<'_>, found: &mut [Option<u32>]) {
        self.at += 1;
        loop {
            self.space();
            match self.peek() {
                Some(b'"') => {}
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                _ => break self.at += 1,
            }
            let start = self.at + 1;
            self.skip();
            let key = self.text.get(start..self.at.saturating_sub(1)).and_then(|key| std::str::from_utf8(key).ok());
            self.space();
            self.at += 1;
            match key.and_then(|key| wanted.keys.get(key)) {
                Some(below) => self.value(below, found),
                None => self.skip(),
            }
        }
    }

    fn array(&mut self, wanted: &Wanted<'_>, found: &mut [Option<u32>]) {
        self.at += 1;
        let mut index = 0;
        loop {
            self.space();
            match self.peek() {
                None | Some(b']') => break self.at += 1,
                Some(b',') => self.at += 1,
                Some(_) => {
                    let start = self.at;
                    match wanted.elements.get(&index) {
                        Some(below) => self.value(below, found),
                        None => self.skip(),
                    }
                    // A `}` or `:` here: the document was refused before its reader came to what is broken.
                    if self.at == start {
                        return;
                    }
                    index += 1;
                }
            }
        }
    }

    /// Goes over one value without looking inside.
    fn skip(&mut self) {
        self.space();
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    if depth == 0 {
                        return;
                    }
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b':' if depth == 0 => return,
                _ => {
                    self.at += 1;
                    continue;
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn line(&mut self) -> u32 {
        let new = self.text.get(self.counted..self.at).unwrap_or_default();
        let lines = new.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.counted = self.at;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{
  "a": {"b\"c": [1, 2], "d": "}]"},
  "list": [
    {"x": null},
    {"x": [
       true, {"y": 1.5e3}
    ]}
  ],
  "one": {"z": 1},
  "last": "end"
}"#;

    #[test]
    fn each_path_has_its_line() {
        let paths =
            ["$", "$.a.d", "$.list[1]", "$.list[1].x[1].y", "$.last", "$.one[0].z", "$.list[7].x", "$.nowhere", "$.list[0].x.y"];
        let expected = [1, 2, 5, 6, 10, 9, 3, 1, 4].map(Some);
        assert_eq!(lines(TEXT, &paths), expected);
    }

    /// Found by fuzzing: the search for the place of a refusal never ended.
    #[test]
    fn a_broken_array_ends_the_search() {
        for text in ["[}", "[[[}", "[1, :]", "{\"a\": [}", "{\"a\": [{\"b\"}}:"] {
            assert_eq!(lines(text, &["$[0][0]", "$[7]", "$.a[3]"]).len(), 3, "{text}");
        }
    }
}
