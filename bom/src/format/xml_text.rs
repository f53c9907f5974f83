//! XML as text: elements one inside the other, indented, everything escaped.

/// A document that is being written.
pub(super) struct XmlText {
    text: String,
    depth: usize,
    replaced: bool,
}

impl XmlText {
    pub(super) fn new() -> Self {
        Self { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), depth: 0, replaced: false }
    }

    /// An element round what `inside` writes.
    pub(super) fn element(&mut self, name: &str, attributes: &[(&str, &str)], inside: impl FnOnce(&mut Self)) {
        self.open(name, attributes);
        self.text.push_str(">\n");
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.indent();
        self.close(name);
    }

    /// An element with nothing in it.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.open(name, attributes);
        self.text.push_str("/>\n");
    }

    /// An element with a text; nothing where there is none.
    pub(super) fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: Option<&str>) {
        let Some(text) = text else { return };
        self.open(name, attributes);
        self.text.push('>');
        self.escape(text);
        self.close(name);
    }

    /// An element round a list; nothing where it is empty.
    pub(super) fn list<I: IntoIterator>(&mut self, name: &str, items: I, write: impl FnMut(&mut Self, I::Item)) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_some() {
            self.list_with(name, &[], items, write);
        }
    }

    /// An element with attributes round a list, which may be empty.
    pub(super) fn list_with<I: IntoIterator>(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        items: I,
        mut write: impl FnMut(&mut Self, I::Item),
    ) {
        let mut items = items.into_iter().peekable();
        match items.peek() {
            None => self.empty(name, attributes),
            Some(_) => self.element(name, attributes, |xml| items.for_each(|item| write(xml, item))),
        }
    }

    /// Whether there were characters that XML cannot hold.
    pub(super) fn has_replaced(&self) -> bool {
        self.replaced
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    fn indent(&mut self) {
        self.text.extend(std::iter::repeat_n("  ", self.depth));
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            self.escape(value);
            self.text.push('"');
        }
    }

    fn close(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push_str(">\n");
    }

    fn escape(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                // A bare carriage return would come back as a line feed.
                '\r' => self.text.push_str("&#13;"),
                '\t' | '\n' => self.text.push(c),
                c if c.is_control() && c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                    self.replaced = true;
                    self.text.push('\u{fffd}');
                }
                c => self.text.push(c),
            }
        }
    }
}
