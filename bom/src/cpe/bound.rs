//! The two bindings of a name: the formatted string (NISTIR 7695, section 6.2) and
//! the URI (section 6.1). Attributes that are left out at the end are any.

use super::{Cpe, Value};

/// Attributes of a formatted string, and of a URI.
const FORMATTED: usize = 11;
const URI: usize = 7;

/// Reads what stands behind `cpe:2.3:`.
pub(super) fn formatted(text: &str) -> Result<Cpe, &'static str> {
    let mut fields = Vec::with_capacity(FORMATTED);
    let (mut start, mut quoted) = (0, false);
    for (at, c) in text.char_indices() {
        if c == ':' && !quoted {
            fields.push(text.get(start..at).unwrap_or_default());
            start = at + 1;
        }
        quoted = c == '\\' && !quoted;
    }
    fields.push(text.get(start..).unwrap_or_default());
    if fields.len() > FORMATTED {
        return Err("it has more than eleven attributes");
    }
    let mut fields = fields.into_iter();
    let mut next = || fields.next().map_or(Ok(Value::Any), unquoted);
    checked(Cpe {
        part: next()?,
        vendor: next()?,
        product: next()?,
        version: next()?,
        update: next()?,
        edition: next()?,
        language: next()?,
        sw_edition: next()?,
        target_sw: next()?,
        target_hw: next()?,
        other: next()?,
    })
}

/// Reads what stands behind `cpe:/`.
pub(super) fn uri(text: &str) -> Result<Cpe, &'static str> {
    let fields: Vec<&str> = text.split(':').collect();
    if fields.len() > URI {
        return Err("it has more than seven attributes");
    }
    let mut fields = fields.into_iter();
    let mut next = || fields.next().unwrap_or_default();
    let (part, vendor, product, version, update) = (next(), next(), next(), next(), next());
    let (edition, language) = (next(), next());
    // `~edition~sw_edition~target_sw~target_hw~other` packs what version 2.2 had no place for.
    let mut packed = match edition.strip_prefix('~') {
        Some(packed) => packed.split('~'),
        None => edition.split('\0'),
    };
    let mut unpack = || packed.next().unwrap_or_default();
    checked(Cpe {
        part: decoded(part)?,
        vendor: decoded(vendor)?,
        product: decoded(product)?,
        version: decoded(version)?,
        update: decoded(update)?,
        edition: decoded(unpack())?,
        language: decoded(language)?,
        sw_edition: decoded(unpack())?,
        target_sw: decoded(unpack())?,
        target_hw: decoded(unpack())?,
        other: decoded(unpack())?,
    })
}

fn checked(cpe: Cpe) -> Result<Cpe, &'static str> {
    let known = |part: &str| matches!(part, "a" | "o" | "h");
    match &cpe.part {
        Value::Is(part) if known(part) => {}
        Value::Any => {}
        _ => return Err("its part is none of `a`, `o` and `h`"),
    }
    Ok(cpe)
}

/// An attribute of a formatted string.
fn unquoted(field: &str) -> Result<Value, &'static str> {
    match field {
        "" | "*" => return Ok(Value::Any),
        "-" => return Ok(Value::Absent),
        _ => {}
    }
    let (mut text, mut like) = (String::with_capacity(field.len()), false);
    let mut letters = field.chars();
    while let Some(c) = letters.next() {
        match c {
            '\\' => text.push(letters.next().ok_or("it ends within a quotation")?),
            c => {
                like |= matches!(c, '*' | '?');
                text.push(c);
            }
        }
    }
    Ok(if like { Value::Like(text) } else { Value::Is(text) })
}

/// An attribute of a URI: `%01` stands for `?`, `%02` for `*`.
fn decoded(field: &str) -> Result<Value, &'static str> {
    match field {
        "" | "*" => return Ok(Value::Any),
        "-" => return Ok(Value::Absent),
        _ => {}
    }
    let (mut bytes, mut like) = (Vec::with_capacity(field.len()), false);
    let mut rest = field.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let code = rest.get(..2).and_then(|two| std::str::from_utf8(two).ok()).and_then(|two| u8::from_str_radix(two, 16).ok());
        rest = rest.get(2..).unwrap_or_default();
        match code.ok_or("a `%` is followed by no two hexadecimal digits")? {
            1 => (like, _) = (true, bytes.push(b'?')),
            2 => (like, _) = (true, bytes.push(b'*')),
            byte => bytes.push(byte.to_ascii_lowercase()),
        }
    }
    let text = String::from_utf8(bytes).map_err(|_| "its bytes are no UTF-8")?;
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("it has spaces");
    }
    Ok(if like { Value::Like(text) } else { Value::Is(text) })
}
