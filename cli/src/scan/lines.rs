//! Purls, one a line, from a file or standard input. Every line gets an answer, also
//! one that is empty, too long or no purl.

use crate::Failure;
use bom::purl::Purl;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Longest line, in bytes.
const LINE: u64 = 64 << 10;

/// The lines of a file.
pub struct Lines {
    path: PathBuf,
    input: BufReader<Box<dyn Read>>,
}

/// One line.
pub struct Line {
    /// The line without its end.
    pub text: String,
    /// The purl it is, or why it is none.
    pub purl: Result<Purl, String>,
}

impl Lines {
    /// The lines of the file at `path`, or of standard input for `-`.
    ///
    /// # Errors
    /// [`Failure`] when the file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let input: Box<dyn Read> = if path == Path::new("-") {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(path).map_err(|error| Failure::of_file(path, &error))?)
        };
        Ok(Self { path: path.to_owned(), input: BufReader::new(input) })
    }

    /// Whether the next line has not come yet: who asks line by line waits for an answer.
    pub fn is_waiting(&self) -> bool {
        self.input.buffer().is_empty()
    }

    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// [`Failure`] when the file cannot be read further.
    pub fn next(&mut self) -> Result<Option<Line>, Failure> {
        next(&mut self.input).map_err(|error| Failure::of_file(&self.path, &error))
    }
}

fn next(input: &mut dyn BufRead) -> io::Result<Option<Line>> {
    let mut bytes = Vec::new();
    input.take(LINE).read_until(b'\n', &mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let cut = bytes.len() as u64 == LINE && bytes.last() != Some(&b'\n');
    if cut {
        input.skip_until(b'\n')?;
        let text = String::from_utf8_lossy(&bytes).chars().take(200).collect();
        return Ok(Some(Line { text, purl: Err(format!("the line has {LINE} bytes or more")) }));
    }
    let (text, readable) = match String::from_utf8(bytes) {
        Ok(text) => (text, true),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), false),
    };
    let text = text.trim_end_matches(['\n', '\r']).to_owned();
    let purl = match (readable, text.trim()) {
        (false, _) => Err("the line is not UTF-8".to_owned()),
        (true, "") => Err("the line is empty".to_owned()),
        (true, purl) if purl.contains(char::is_control) => Err("the line has a control character".to_owned()),
        (true, purl) => purl.parse().map_err(|error: bom::purl::PurlError| error.to_string()),
    };
    Ok(Some(Line { text, purl }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_answered_in_its_place() {
        let long = format!("pkg:npm/{}\n", "a".repeat(70_000));
        let input =
            [b"pkg:npm/a@1\r\n\n".as_slice(), b"\xff\n", long.as_bytes(), b"nonsense\npkg:npm/\0@1\npkg:npm/b@2"].concat();
        let mut input = input.as_slice();
        let mut seen = Vec::new();
        while let Some(line) = next(&mut input).unwrap() {
            seen.push(line.purl.map_or_else(|error| error.chars().take(15).collect(), |purl| purl.to_string()));
        }
        assert_eq!(
            seen,
            [
                "pkg:npm/a@1",
                "the line is emp",
                "the line is not",
                "the line has 65",
                "`nonsense` is n",
                "the line has a ",
                "pkg:npm/b@2"
            ]
        );
    }

    #[test]
    fn it_is_told_when_the_next_line_is_waited_for() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "pkg:npm/a@1\npkg:npm/b@2\n").unwrap();
        let mut lines = Lines::open(file.path()).unwrap();
        let mut waiting = Vec::new();
        while lines.next().unwrap().is_some() {
            waiting.push(lines.is_waiting());
        }
        assert_eq!(waiting, [false, true]);
    }
}
