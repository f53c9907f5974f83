//! `bomwarden-server targets`: where messages go, and a message to try one.

use crate::alerts::message::{Item, Message, Reason};
use crate::alerts::{self, Judgement};
use crate::clock::{Clock as _, SystemClock};
use crate::config::{Config, TargetConfig};
use crate::fact::Fact;
use crate::mailer::Mailer;
use crate::net::Net;
use crate::outbox;
use anyhow::Context;
use bom::advisory::Severity;
use clap::{Args, Subcommand};

/// What to do about targets.
#[derive(Args)]
pub(super) struct Targets {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Say where messages go
    List,
    /// Send a message that says that it is a test
    Test {
        /// The target's name
        name: String,
    },
}

impl Targets {
    pub(super) fn run(&self, config: &Config) -> anyhow::Result<()> {
        match &self.action {
            Action::List => config.targets.iter().for_each(|target| println!("{}", target.shown())),
            Action::Test { name } => {
                let target = config.targets.iter().find(|target| target.name == *name);
                let target = target.with_context(|| format!("there is no target `{name}`; `targets list` names them"))?;
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                println!("{}", runtime.block_on(test(config, target))?);
            }
        }
        Ok(())
    }
}

/// Sends the test message, and answers what the other side said.
async fn test(config: &Config, target: &TargetConfig) -> anyhow::Result<String> {
    let channel = alerts::channel(&target.channel).with_context(|| format!("there is no channel `{}`", target.channel))?;
    let net = Net::new(&config.outbound, std::env::temp_dir())?;
    let mailer = Mailer::new(&config.mail)?;
    let now = SystemClock.now();
    let parcel = channel.compose(&message(config, target, now.timestamp_millis()));
    let reply = outbox::carry(&mailer, &net, target, &parcel, now).await;
    match channel.judge(&reply) {
        Judgement::Sent(said) => Ok(format!("`{}` took the message. {}", target.name, said.unwrap_or_default())),
        Judgement::Retry { why, .. } | Judgement::Dead(why) => anyhow::bail!("`{}` did not take the message: {why}", target.name),
    }
}

fn message(config: &Config, target: &TargetConfig, now: i64) -> Message {
    let fact = Fact {
        what: "messages".to_owned(),
        then: "untried".to_owned(),
        now: "this one".to_owned(),
        source: "bomwarden-server targets test".to_owned(),
        at: now,
    };
    let item = Item {
        code: "TEST".to_owned(),
        subject: "This is a test".to_owned(),
        package: None,
        versions: Vec::new(),
        severity: Severity::Low,
        reason: Reason::New,
        confirmed: true,
        headline: "nothing happened".to_owned(),
        todo: "Nothing is to be done; the links lead nowhere.".to_owned(),
        due: None,
        facts: vec![fact],
        unknown: Vec::new(),
        projects: Vec::new(),
        revision: 1,
        first_told: None,
        wrong: String::new(),
    };
    let id = crate::store::new_id();
    Message { id, target: target.name.clone(), reader: "whoever tries it".to_owned(), base: config.base(), items: vec![item] }
}
