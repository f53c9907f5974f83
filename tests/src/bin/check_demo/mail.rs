//! Reads a mail as it came (RFC 5322, 2045, 2047): subject and text, decoded.

/// A mail.
pub struct Mail {
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// Reads a mail of one part.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn read(raw: &[u8]) -> Result<Mail, String> {
    let raw = std::str::from_utf8(raw).map_err(|_| "it is no ASCII".to_owned())?;
    let (head, body) = raw.split_once("\r\n\r\n").ok_or("it has no body")?;
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let header = |wanted: &str| {
        let found =
            head.split("\r\n").filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    for needed in ["From", "To", "Date", "Message-ID", "Subject"] {
        if header(needed).is_empty() {
            return Err(format!("it has no `{needed}`"));
        }
    }
    let bytes = match header("Content-Transfer-Encoding").to_ascii_lowercase().as_str() {
        "base64" => base64(body)?,
        "quoted-printable" => quoted(body, false)?,
        _ => body.as_bytes().to_vec(),
    };
    let text = String::from_utf8(bytes).map_err(|_| "its text is no UTF-8".to_owned())?;
    Ok(Mail { subject: words(&header("Subject"))?, text })
}

/// A header value with its encoded words decoded.
fn words(value: &str) -> Result<String, String> {
    let mut decoded = String::new();
    let mut rest = value;
    while let Some((before, word)) = rest.split_once("=?") {
        // Blanks between two encoded words are none.
        if !before.trim().is_empty() || decoded.is_empty() {
            decoded.push_str(before);
        }
        let mut parts = word.splitn(3, '?');
        let (_charset, how) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let (text, after) = parts.next().and_then(|rest| rest.split_once("?=")).ok_or("an encoded word does not end")?;
        let bytes = if how.eq_ignore_ascii_case("b") { base64(text)? } else { quoted(text, true)? };
        decoded.push_str(std::str::from_utf8(&bytes).map_err(|_| "an encoded word is no UTF-8")?);
        rest = after;
    }
    decoded.push_str(rest);
    Ok(decoded)
}

fn base64(text: &str) -> Result<Vec<u8>, String> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = ALPHABET.iter().position(|known| *known == byte).ok_or("its base64 is wrong")?;
        held = (held << 6) | u32::try_from(value).unwrap_or(0);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).unwrap_or(0));
        }
    }
    Ok(bytes)
}

fn quoted(text: &str, header: bool) -> Result<Vec<u8>, String> {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'=' => {
                let pair = [rest.next().unwrap_or(0), rest.next().unwrap_or(0)];
                let pair = std::str::from_utf8(&pair).map_err(|_| "its quoted-printable is wrong")?;
                bytes.push(u8::from_str_radix(pair, 16).map_err(|_| "its quoted-printable is wrong")?);
            }
            b'_' if header => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    Ok(bytes)
}
