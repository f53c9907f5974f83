//! One target of messages, as `[[target]]` describes it.

use super::given::Given;
use super::settings::{Setting, put};
use super::{Secret, feed, secret, units};

/// Where messages go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TargetConfig {
    /// Its name.
    pub name: String,
    /// The channel that carries the messages.
    pub channel: String,
    /// Where the channel delivers: mail addresses, or a web address that is a secret.
    pub address: Secret,
    /// The teams that are told here.
    pub teams: Vec<String>,
    /// Whether the server's own troubles are told here.
    pub operator: bool,
    /// Whether this is told what nobody else is, or what somebody did not answer.
    pub last_resort: bool,
}

impl TargetConfig {
    /// The target in a line, without what is secret in its address.
    pub fn shown(&self) -> String {
        let mut roles: Vec<String> = self.teams.iter().map(|team| format!("team {team}")).collect();
        roles.extend(self.operator.then(|| "operator".to_owned()));
        roles.extend(self.last_resort.then(|| "last resort".to_owned()));
        format!("{}: {} to {}, for {}", self.name, self.channel, self.shown_address(), roles.join(", "))
    }

    fn shown_address(&self) -> String {
        let address = self.address.reveal();
        match url::Url::parse(address) {
            Ok(url) => format!("{}://{}/{}", url.scheme(), url.host_str().unwrap_or_default(), secret::MASK),
            Err(_) => address.to_owned(),
        }
    }
}

/// Judges the address of a target for its channel, or says that there is no such channel.
pub type Judge = fn(channel: &str, address: &str) -> Result<(), String>;

/// What is wrong with a target as a whole.
pub(super) fn mistakes(target: &TargetConfig, table: &[(String, Given)], judge: Option<Judge>) -> Vec<String> {
    let mut mistakes = Vec::new();
    let given = |name: &str| table.iter().any(|(key, _)| key == name);
    if given("address") == given("address_file") {
        mistakes.push("`target`: either `address` or `address_file` is needed".to_owned());
    }
    if target.teams.is_empty() && !target.operator && !target.last_resort {
        mistakes.push("`target`: it is for nobody; name `teams`, or say `operator = true` or `last_resort = true`".to_owned());
    }
    if let (Some(judge), false, false) = (judge, target.channel.is_empty(), target.address.is_empty()) {
        mistakes.extend(judge(&target.channel, target.address.reveal()).err().map(|text| format!("`target`: {text}")));
    }
    mistakes
}

/// The settings of one `[[target]]` table.
pub(super) const TARGET_SETTINGS: &[Setting<TargetConfig>] = &[
    Setting {
        key: "name",
        kind: "name",
        meaning: "What the target is called on pages and in logs: lower-case letters, digits, `.`, `-` and `_`.",
        take: |target, value| put(&mut target.name, units::text(value).and_then(feed::name)),
        show: |target| target.name.clone(),
    },
    Setting {
        key: "channel",
        kind: "channel",
        meaning: "What carries the messages: `email` or `slack`.",
        take: |target, value| put(&mut target.channel, units::text(value).map(str::to_owned)),
        show: |target| target.channel.clone(),
    },
    Setting {
        key: "address",
        kind: "text",
        meaning: "Mail addresses with commas between, or the address of an incoming webhook. Never shown where it is a web address.",
        take: |target, value| put(&mut target.address, secret::given(value)),
        show: |target| target.address.masked(),
    },
    Setting {
        key: "address_file",
        kind: "path",
        meaning: "A file with the address, instead of `address`.",
        take: |target, value| put(&mut target.address, secret::in_file(value)),
        show: |_| String::new(),
    },
    Setting {
        key: "teams",
        kind: "list",
        meaning: "The teams, by name, whose alerts are told here.",
        take: |target, value| put(&mut target.teams, units::texts(value)),
        show: |target| target.teams.join(", "),
    },
    Setting {
        key: "operator",
        kind: "true or false",
        meaning: "Whether the server's own troubles are told here: a feed that is stale, a target that cannot be reached.",
        take: |target, value| put(&mut target.operator, units::flag(value)),
        show: |target| shown_flag(target.operator),
    },
    Setting {
        key: "last_resort",
        kind: "true or false",
        meaning: "Whether this is told what has no other target, and what somebody did not answer in time. One target at least must be.",
        take: |target, value| put(&mut target.last_resort, units::flag(value)),
        show: |target| shown_flag(target.last_resort),
    },
];

fn shown_flag(flag: bool) -> String {
    let word = if flag { "true" } else { "false" };
    word.to_owned()
}

/// What is wrong with the targets beside each other and beside the way out for mail.
pub(super) fn all_mistakes(targets: &[TargetConfig], mail: &super::Mail) -> Vec<String> {
    let mut mistakes = Vec::new();
    if !targets.is_empty() && !targets.iter().any(|target| target.last_resort) {
        let text = "`target`: none is `last_resort = true`; what has no other target, and silence, must be told to somebody";
        mistakes.push(text.to_owned());
    }
    if mail.host.is_empty() && targets.iter().any(|target| target.channel == "email") {
        mistakes.push("`mail.host` is missing; targets of the channel `email` need it".to_owned());
    }
    mistakes
}
