//! A channel that posts plain text to a web address: a message board, a chat bridge.

use super::message::{Message, Reason};
use super::wording::{change, tame};
use super::{Channel, Judgement};
use crate::parcel::{Parcel, Reply};

pub(super) struct Board;

impl Channel for Board {
    fn name(&self) -> &'static str {
        "board"
    }

    fn accepts(&self, address: &str) -> Result<(), String> {
        match url::Url::parse(address) {
            Ok(url) if url.scheme() == "https" => Ok(()),
            // The address may be a secret: it is not repeated.
            _ => Err("a board has an `https` address".to_owned()),
        }
    }

    fn compose(&self, message: &Message) -> Parcel {
        // Every text from outside goes through `tame`; `subject` and `sentence` have done so.
        let mut lines = vec![message.subject()];
        for item in message.items.iter().take(5) {
            lines.push(format!("{} {}", item.sentence(120), message.link(item)));
            lines.extend(item.facts.first().map(|fact| change(fact, 80)));
            if item.reason == Reason::TakenBack {
                lines.push(format!("This was wrong and is taken back: {}", tame(&item.wrong, 200)));
            }
        }
        Parcel::Post { content_type: "text/plain; charset=utf-8", body: lines.join("\n") }
    }

    fn judge(&self, reply: &Reply) -> Judgement {
        match reply.code {
            Some(200..=299) => Judgement::Sent(None),
            Some(code @ (400..=407 | 410..=428)) => Judgement::Dead(format!("the board answered {code}")),
            _ => Judgement::Retry { after: reply.rest, why: tame(&reply.text, 200) },
        }
    }
}
