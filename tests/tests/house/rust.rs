//! Reads Rust just well enough to see which paths a file names and how long
//! its functions are. It knows comments, strings, `use` trees and braces, and
//! nothing of types or macros.

/// A path such as `crate::store::Db`, and the line it stands on, from 1.
pub type Named = (usize, Vec<String>);

/// `text` with comments, strings and character literals blanked, lines kept.
pub fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skipped(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// Where the comment, string or character literal that starts at `at` ends; `at` when none does.
fn skipped(chars: &[char], at: usize) -> usize {
    let next = |offset: usize| chars.get(at + offset).copied().unwrap_or('\0');
    let in_word = at > 0 && is_word(chars[at - 1]);
    match chars[at] {
        '/' if next(1) == '/' => (at..chars.len()).find(|&i| chars[i] == '\n').unwrap_or(chars.len()),
        '/' if next(1) == '*' => comment_end(chars, at),
        'r' if !in_word && (next(1) == '"' || next(1) == '#') => raw_string_end(chars, at),
        '"' => quoted_end(chars, at, '"'),
        '\'' if next(1) == '\\' || next(2) == '\'' => quoted_end(chars, at, '\''),
        _ => at,
    }
}

fn comment_end(chars: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0, start);
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn raw_string_end(chars: &[char], start: usize) -> usize {
    let hashes = chars[start + 1..].iter().take_while(|&&c| c == '#').count();
    if chars.get(start + 1 + hashes) != Some(&'"') {
        return start;
    }
    let mut at = start + 2 + hashes;
    while at < chars.len() {
        if chars[at] == '"' && chars[at + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    chars.len()
}

fn quoted_end(chars: &[char], start: usize, quote: char) -> usize {
    let mut at = start + 1;
    while at < chars.len() && chars[at] != quote {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// `code` with every `#[cfg(test)]` module blanked, lines kept.
pub fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    while let Some(start) = out.find("#[cfg(test)]") {
        let open = out[start..].find(['{', ';']).map_or(out.len(), |i| start + i);
        let end = block_end(&out, open);
        let blank: String = out[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        out.replace_range(start..end, &blank);
    }
    out
}

/// The names of the modules that lie in files of their own and are compiled for tests only.
pub fn test_modules(code: &str) -> Vec<String> {
    let declared = code.split("#[cfg(test)]").skip(1).filter_map(|rest| rest.trim_start().strip_prefix("mod "));
    declared.filter_map(|rest| rest.split_once([';', '{'])).map(|(name, _)| name.trim().to_owned()).collect()
}

/// The place behind the brace that closes the one at `open`.
fn block_end(code: &str, open: usize) -> usize {
    let mut depth = 0usize;
    for (i, c) in code[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return open + i + c.len_utf8();
        }
    }
    code.len()
}

/// Every function: the line it starts on, its name and how many lines it has.
pub fn functions(code: &str) -> Vec<(usize, String, usize)> {
    let mut found = Vec::new();
    for (start, _) in code.match_indices("fn ") {
        let name: String = code[start + 3..].chars().take_while(|&c| is_word(c)).collect();
        if name.is_empty() || code[..start].ends_with(is_word) {
            continue;
        }
        let open = code[start..].find(['{', ';']).map_or(code.len(), |i| start + i);
        if code[open..].starts_with('{') {
            let lines = code[start..block_end(code, open)].lines().count();
            found.push((line_of(code, start), name, lines));
        }
    }
    found
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// Every path of at least two names in `code`, with `use` trees spread out.
pub fn paths(code: &str) -> Vec<Named> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].1 == "use" {
            at = tree(&tokens, at + 1, &[], &mut found);
        } else if is_name(&tokens[at].1) {
            at = path(&tokens, at, &mut found);
        } else {
            at += 1;
        }
    }
    found.retain(|(_, names)| !names.is_empty());
    found
}

fn path(tokens: &[(usize, String)], start: usize, found: &mut Vec<Named>) -> usize {
    let mut names = vec![tokens[start].1.clone()];
    let mut at = start + 1;
    while text(tokens, at) == "::" && is_name(text(tokens, at + 1)) {
        names.push(tokens[at + 1].1.clone());
        at += 2;
    }
    if names.len() > 1 {
        found.push((tokens[start].0, names));
    }
    at
}

fn tree(tokens: &[(usize, String)], start: usize, before: &[String], found: &mut Vec<Named>) -> usize {
    let mut names = before.to_vec();
    let mut at = start;
    loop {
        match text(tokens, at) {
            "{" => {
                at += 1;
                while !matches!(text(tokens, at), "}" | "") {
                    at = tree(tokens, at, &names, found);
                    at += usize::from(text(tokens, at) == ",");
                }
                return at + 1;
            }
            "::" => at += 1,
            "as" => at += 2,
            name if is_name(name) || name == "*" => {
                names.push(name.to_owned());
                at += 1;
            }
            _ => break,
        }
    }
    let line = tokens.get(at.saturating_sub(1)).map_or(0, |token| token.0);
    found.push((line, names));
    at
}

fn text(tokens: &[(usize, String)], at: usize) -> &str {
    tokens.get(at).map_or("", |token| token.1.as_str())
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words, `::` and single other characters, each with its line.
fn tokens(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let length = if is_word(c) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            c.len_utf8()
        };
        if !c.is_whitespace() {
            found.push((line, rest[..length].to_owned()));
        }
        line += usize::from(c == '\n');
        rest = &rest[length..];
    }
    found
}

#[test]
fn a_file_is_read_without_its_comments_strings_and_tests() {
    let source = "use crate::{store::{Db, Row as R}, clock};\n// crate::http\nfn f<'a>(x: &'a str) { net::get(\"crate::jobs\", '\"'); }\n#[cfg(test)]\nmod tests { use crate::feeds; }\nfn g() {}\n";
    let code = without_tests(&code(source));
    let named: Vec<String> = paths(&code).iter().map(|(line, names)| format!("{line} {}", names.join("::"))).collect();
    assert_eq!(named, ["1 crate::store::Db", "1 crate::store::Row", "1 crate::clock", "3 net::get"]);
    let functions: Vec<String> = functions(&code).into_iter().map(|(line, name, _)| format!("{line} {name}")).collect();
    assert_eq!(functions, ["3 f", "6 g"]);
}
