//! What was given for a setting, and where: a line of the file, a variable of the
//! environment, or a flag.

use std::fmt;
use toml::de::{DeTable, DeValue};

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The value.
    pub value: Value,
    /// Where it was given.
    pub place: Place,
}

/// A value of the settings language: TOML without what no setting needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text; all that the environment and flags can give.
    Text(String),
    /// A whole number.
    Number(i64),
    /// True or false.
    Bool(bool),
    /// Several values.
    List(Vec<Given>),
    /// Named values.
    Table(Entries),
    /// A kind that no setting takes, by its name.
    Other(&'static str),
}

/// Values by their names, in the order of the file.
pub type Entries = Vec<(String, Given)>;

/// Where a value was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line of a file.
    File {
        /// The file.
        path: String,
        /// The line, counted from 1.
        line: usize,
    },
    /// A variable of the environment.
    Environment(String),
    /// A flag of the command line.
    Flag(&'static str),
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(out, "{path}, line {line}"),
            Self::Environment(name) => out.write_str(name),
            Self::Flag(name) => out.write_str(name),
        }
    }
}

/// The top-level values of a settings file, or every mistake of its syntax.
pub(super) fn of_file(path: &str, text: &str) -> Result<Entries, Vec<(Place, String)>> {
    let place = |at: usize| Place::File { path: path.to_owned(), line: line_of(text, at) };
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let mistake = |e: toml::de::Error| (place(e.span().map_or(0, |span| span.start)), e.message().to_owned());
        return Err(errors.into_iter().map(mistake).collect());
    }
    match of_toml(&DeValue::Table(table.into_inner()), 0, &place) {
        Given { value: Value::Table(entries), .. } => Ok(entries),
        _ => Ok(Vec::new()),
    }
}

/// A value of the environment: a TOML list where it begins like one, else text.
pub(super) fn of_environment(name: &str, text: &str) -> Result<Given, (Place, String)> {
    let place = Place::Environment(name.to_owned());
    if !text.trim_start().starts_with('[') {
        return Ok(Given { value: Value::Text(text.to_owned()), place });
    }
    match DeValue::parse(text) {
        Ok(value) => Ok(of_toml(value.get_ref(), 0, &|_| place.clone())),
        Err(error) => Err((place, format!("not a list in TOML: {}", error.message()))),
    }
}

fn of_toml(value: &DeValue<'_>, at: usize, place: &dyn Fn(usize) -> Place) -> Given {
    let inner = match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Number(number),
            Err(_) => Value::Other("a number that large"),
        },
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Float(_) => Value::Other("a number with a fraction"),
        DeValue::Datetime(_) => Value::Other("a time"),
        DeValue::Array(items) => {
            Value::List(items.iter().map(|item| of_toml(item.get_ref(), item.span().start, place)).collect())
        }
        DeValue::Table(entries) => Value::Table(
            entries
                .iter()
                .map(|(key, value)| (key.get_ref().to_string(), of_toml(value.get_ref(), key.span().start, place)))
                .collect(),
        ),
    };
    Given { value: inner, place: place(at) }
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
