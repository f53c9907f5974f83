//! The lines of a requirements file: comments cut off, continued lines joined,
//! options told from requirements.

/// One logical line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    /// Where it starts, counted from 1.
    pub(super) number: u32,
    /// What it says, without comments.
    pub(super) text: String,
    /// What comments behind and below it say.
    pub(super) notes: Vec<String>,
}

/// The logical lines of `text`, joined as pip joins them: a backslash at the
/// end continues a line, even behind a comment, but a line that is a comment
/// ends it. A comment line belongs to the line above it.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open: Option<(Line, String)> = None;
    for (at, raw) in text.lines().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let is_comment = raw.trim_start().starts_with('#');
        let (line, mut joined) = open.take().unwrap_or_else(|| (Line { number, ..Line::default() }, String::new()));
        if is_comment && !joined.is_empty() {
            joined.push(' ');
        }
        match raw.strip_suffix('\\').filter(|_| !is_comment) {
            Some(continued) => {
                joined.push_str(continued);
                open = Some((line, joined));
            }
            None => {
                joined.push_str(raw);
                close(&mut lines, line, &joined);
            }
        }
    }
    if let Some((line, joined)) = open {
        close(&mut lines, line, &joined);
    }
    lines
}

fn close(lines: &mut Vec<Line>, mut line: Line, joined: &str) {
    let (content, comment) = cut(joined);
    line.text.push_str(content.trim());
    line.notes.extend(comment.map(str::to_owned));
    if !line.text.is_empty() {
        lines.push(line);
    } else if let Some(above) = lines.last_mut() {
        above.notes.extend(line.notes);
    }
}

/// A physical line before its comment, and the comment.
fn cut(raw: &str) -> (&str, Option<&str>) {
    let mut before = ' ';
    for (at, c) in raw.char_indices() {
        if c == '#' && before.is_whitespace() {
            let (content, comment) = raw.split_at_checked(at).unwrap_or((raw, ""));
            return (content, Some(comment.trim_start_matches('#').trim()));
        }
        before = c;
    }
    (raw, None)
}

/// What a line asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ask<'a> {
    /// A requirement with its hashes (`--hash`).
    Requirement(&'a str, Vec<&'a str>),
    /// A folder, archive or repository, installed for development (`-e`) or not.
    Address(&'a str),
    /// Another file (`-r`).
    File(&'a str),
    /// A file that only bounds versions (`-c`).
    Constraints(&'a str),
    /// The index (`-i`).
    Index(&'a str),
    /// A further place to look (`--extra-index-url`, `-f`).
    Further(&'a str),
    /// An option of no interest here.
    Other,
}

/// What the line `text` asks for.
pub(super) fn ask(text: &str) -> Ask<'_> {
    let text = text.trim();
    if !text.starts_with('-') {
        return requirement(text);
    }
    let value = |names: &[&str]| names.iter().find_map(|name| value(text, name));
    if let Some(file) = value(&["-r", "--requirement"]) {
        Ask::File(file)
    } else if let Some(file) = value(&["-c", "--constraint"]) {
        Ask::Constraints(file)
    } else if let Some(address) = value(&["-e", "--editable"]) {
        Ask::Address(address)
    } else if let Some(address) = value(&["-i", "--index-url", "--pypi-url"]) {
        Ask::Index(address)
    } else if let Some(address) = value(&["--extra-index-url", "-f", "--find-links"]) {
        Ask::Further(address)
    } else {
        Ask::Other
    }
}

/// The value of option `name` where `text` is that option.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(name)?;
    let short = !name.starts_with("--");
    let apart = rest.starts_with(|c: char| c.is_whitespace() || c == '=');
    let value = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '=').trim();
    ((apart || short) && !value.is_empty()).then(|| value.trim_matches(['"', '\'']))
}

/// A requirement, and the options behind it.
fn requirement(text: &str) -> Ask<'_> {
    let (spec, options) = match text.find(" --") {
        Some(at) => text.split_at_checked(at).unwrap_or((text, "")),
        None => (text, ""),
    };
    let mut words = options.split_whitespace();
    let mut hashes = Vec::new();
    while let Some(word) = words.next() {
        match word.strip_prefix("--hash") {
            Some("") => hashes.extend(words.next()),
            Some(rest) => hashes.extend(rest.strip_prefix('=')),
            None => {}
        }
    }
    let spec = spec.trim();
    let bare = spec.split(" ;").next().unwrap_or(spec).trim();
    let address = bare.contains("://") && !bare.contains(" @") && !bare.split("://").next().unwrap_or("").contains('@');
    let folder = bare.starts_with("./") || bare.starts_with("../") || bare.starts_with('/') || bare == ".";
    let archive = [".whl", ".tar.gz", ".zip", ".tar.bz2"].iter().any(|end| bare.ends_with(end)) && !bare.contains('@');
    if address || folder || archive { Ask::Address(bare) } else { Ask::Requirement(spec, hashes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_and_comments_cut() {
        let text = "# head\na==1 \\\n    --hash=sha256:00 \\\n    --hash sha256:01\n    # via\n    #   b\n\n\
                    c==1.0#not-a-comment # note \\\nx==1\nd==1.\\\n2\\\n";
        let lines = lines(text);
        let seen: Vec<_> = lines.iter().map(|l| (l.number, l.text.trim(), l.notes.len())).collect();
        assert_eq!(
            seen,
            [(2, "a==1     --hash=sha256:00     --hash sha256:01", 2), (8, "c==1.0#not-a-comment", 1), (10, "d==1.2", 0)]
        );
        assert_eq!(ask(&lines[0].text), Ask::Requirement("a==1", vec!["sha256:00", "sha256:01"]));
    }

    #[test]
    fn options_are_told_from_requirements() {
        for (text, asked) in [
            ("-r other.txt", Ask::File("other.txt")),
            ("-rother.txt", Ask::File("other.txt")),
            ("--requirement=other.txt", Ask::File("other.txt")),
            ("-c bounds.txt", Ask::Constraints("bounds.txt")),
            ("--index-url https://pypi.example/simple", Ask::Index("https://pypi.example/simple")),
            ("--extra-index-url=https://b.example", Ask::Further("https://b.example")),
            ("-e ./tool", Ask::Address("./tool")),
            ("--no-binary :all:", Ask::Other),
            ("./a.whl", Ask::Address("./a.whl")),
            ("downloads/a-1.0.whl", Ask::Address("downloads/a-1.0.whl")),
            ("git+https://git.example/a/b.git@1.0#egg=b", Ask::Address("git+https://git.example/a/b.git@1.0#egg=b")),
            ("b @ https://files.example/b.whl", Ask::Requirement("b @ https://files.example/b.whl", vec![])),
            ("a>=1 ; os_name == 'nt'", Ask::Requirement("a>=1 ; os_name == 'nt'", vec![])),
        ] {
            assert_eq!(ask(text), asked, "{text}");
        }
    }
}
