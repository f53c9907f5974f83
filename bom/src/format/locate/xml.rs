//! The lines on which XPaths stand, of the few kinds that readers write:
//! `/bom/components/component[3]/@bom-ref`, `/bom/…/licenses/*[1]`.

use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;

/// The part of the paths below one element.
#[derive(Default)]
struct Wanted<'p> {
    /// Which of the asked paths end here, or at one of its attributes.
    here: Vec<usize>,
    /// By name and number.
    children: Vec<(&'p str, usize, Wanted<'p>)>,
}

/// For each path the line of its element, counted from 1; of a path that leads
/// nowhere, the line of the last element on the way.
pub(in crate::format) fn lines(text: &str, paths: &[&str]) -> Vec<Option<u32>> {
    let mut found = vec![None; paths.len()];
    let mut above = Wanted::default();
    for (index, path) in paths.iter().enumerate() {
        above.want(path, index);
    }
    if !paths.is_empty() {
        walk(text, &above, &mut found);
    }
    found
}

impl<'p> Wanted<'p> {
    fn want(&mut self, path: &'p str, index: usize) {
        let path = path.strip_prefix('/').unwrap_or(path);
        let (step, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
        if step.is_empty() || step.starts_with('@') {
            return self.here.push(index);
        }
        let (name, number) = match step.strip_suffix(']').and_then(|step| step.split_once('[')) {
            Some((name, number)) => (name, number.parse().unwrap_or(1)),
            None => (step, 1),
        };
        let known = self.children.iter().position(|child| (child.0, child.1) == (name, number));
        let at = known.unwrap_or_else(|| {
            self.children.push((name, number, Self::default()));
            self.children.len() - 1
        });
        if let Some((_, _, below)) = self.children.get_mut(at) {
            below.want(rest, index);
        }
    }

    fn mark(&self, line: u32, found: &mut [Option<u32>]) {
        for index in &self.here {
            if let Some(slot) = found.get_mut(*index) {
                *slot = Some(line);
            }
        }
        self.children.iter().for_each(|(_, _, below)| below.mark(line, found));
    }
}

/// An element whose children are looked at.
struct Open<'w, 'p> {
    /// What is wanted in it: by its name, and by its number among all its siblings.
    wanted: Vec<&'w Wanted<'p>>,
    counts: HashMap<&'p str, usize>,
    all: usize,
}

impl<'w, 'p> Open<'w, 'p> {
    fn new(wanted: Vec<&'w Wanted<'p>>) -> Self {
        Self { wanted, counts: HashMap::new(), all: 0 }
    }

    /// What is wanted in the next child.
    fn enter(&mut self, element: &BytesStart<'_>) -> Vec<&'w Wanted<'p>> {
        self.all += 1;
        let local = element.local_name();
        let name: &str = local.as_ref();
        let children = self.wanted.iter().flat_map(|wanted| &wanted.children);
        // Only what is asked for is counted: a document may have a million names.
        let count = children.clone().find(|(wanted, ..)| *wanted == name).map_or(0, |(name, ..)| {
            let count = self.counts.entry(name).or_default();
            *count += 1;
            *count
        });
        let all = self.all;
        let is_this = |wanted: &str, number: usize| (wanted == name && number == count) || (wanted == "*" && number == all);
        children.filter(|(wanted, number, _)| is_this(wanted, *number)).map(|(_, _, below)| below).collect()
    }
}

fn walk(text: &str, above: &Wanted<'_>, found: &mut [Option<u32>]) {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut open = vec![Open::new(vec![above])];
    // How deep we are in an element that nobody asks for.
    let mut passed = 0_usize;
    let (mut line, mut counted) = (1_u32, 0_usize);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_event();
        let (element, stays) = match &event {
            Ok(Event::Start(element)) => (element, true),
            Ok(Event::Empty(element)) => (element, false),
            Ok(Event::End(_)) => {
                if passed > 0 {
                    passed -= 1;
                } else {
                    open.pop();
                }
                continue;
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => continue,
        };
        let wanted = match open.last_mut() {
            Some(open) if passed == 0 => open.enter(element),
            _ => Vec::new(),
        };
        if wanted.is_empty() {
            passed += usize::from(stays);
            continue;
        }
        let new = text.as_bytes().get(counted..at).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count();
        line = line.saturating_add(u32::try_from(new).unwrap_or(u32::MAX));
        counted = at;
        wanted.iter().for_each(|wanted| wanted.mark(line, found));
        if stays {
            open.push(Open::new(wanted));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<?xml version=\"1.0\"?>\n<b:bom xmlns:b=\"x\">\n <b:list>\n  <b:a/><!-- <a> -->\n  <b:c k=\"1\">\n   <b:d>text\n</b:d></b:c>\n  <b:a>\n</b:a>\n </b:list></b:bom>";

    #[test]
    fn each_path_has_its_line() {
        let paths = [
            "/bom",
            "/bom/list/a[2]",
            "/bom/list/c/@k",
            "/bom/list/c/d",
            "/bom/list/*[1]",
            "/bom/list/a[9]/d",
            "/bom/list/*[2]/d",
        ];
        assert_eq!(lines(TEXT, &paths), [2, 8, 5, 6, 4, 3, 6].map(Some));
        assert_eq!(lines("no xml", &["/bom"]), [None]);
    }
}
