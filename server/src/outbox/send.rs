//! Sends to one target, one message after the other, under the lease of its lane.

use super::compose::compose;
use super::{Services, Stop, StoreError, task};
use crate::alerts::{self, Judgement};
use crate::config::TargetConfig;
use crate::mailer::Mailer;
use crate::net::Net;
use crate::parcel::{Parcel, Reply};
use crate::store::Db;
use crate::store::deliveries::claims::{self, Claim, Claimed};
use crate::store::deliveries::know;
use crate::store::deliveries::outcomes::{self, Outcome};
use crate::store::leases::{Held, Lease};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// The wait after a first failure, and the longest, in milliseconds.
const FIRST_WAIT: i64 = 10_000;
const LONGEST_WAIT: i64 = 3_600_000;
/// The longest that a target may ask to be left alone.
const LONGEST_REST: i64 = 24 * 3_600_000;
/// How often a message is tried: with these waits, for about half a day.
const TRIES: i64 = 20;
/// How long sending one message may take as a whole.
const PATIENCE: Duration = Duration::from_secs(120);

/// Sends what is due to a target. Answers when something is due next.
///
/// # Errors
/// [`StoreError`] from the database. What the target says is kept with each message.
pub async fn send(services: &Services, name: &str, stop: &Stop) -> Result<Option<i64>, StoreError> {
    let Some(target) = services.config.targets.iter().find(|target| target.name == name) else { return Ok(None) };
    let Some(held) = Held::take(&services.store, &format!("lane:{}", task(name))).await? else {
        // Whoever has it may not know of what is new.
        return Ok(Some(services.clock.millis()));
    };
    let sender = Sender { services, target, lease: held.lease() };
    let outcome = sender.run(stop).await;
    held.give_back().await?;
    match outcome {
        // Somebody else has the lane now and goes on.
        Err(StoreError::Overtaken) => Ok(None),
        outcome => outcome,
    }
}

struct Sender<'a> {
    services: &'a Services,
    target: &'a TargetConfig,
    lease: &'a Lease,
}

impl Sender<'_> {
    async fn run(&self, stop: &Stop) -> Result<Option<i64>, StoreError> {
        while !stop.is_asked() {
            let (name, channel, now) = (self.target.name.clone(), self.target.channel.clone(), self.services.clock.millis());
            let gather = i64::try_from(self.services.config.gather.as_millis()).unwrap_or(i64::MAX);
            let claim = move |db: &mut Db| {
                let target = know(db, &name, &channel)?;
                claims::claim(db, target.id, gather, now)
            };
            match self.lease.write(&self.services.store, claim).await? {
                Claim::Nothing => return Ok(None),
                Claim::Later(at) => return Ok(Some(at)),
                Claim::Message(claimed) => self.one(*claimed).await?,
            }
        }
        Ok(None)
    }

    async fn one(&self, claimed: Claimed) -> Result<(), StoreError> {
        let (id, attempts) = (claimed.id, claimed.attempts);
        let (body, outcome) = match alerts::channel(&self.target.channel) {
            None => (String::new(), Outcome::Dead(format!("there is no channel `{}`", self.target.channel))),
            Some(channel) => {
                let message = compose(self.services, self.target, claimed).await?;
                let parcel = channel.compose(&message);
                let now = self.services.clock.now();
                let reply = carry(&self.services.mailer, &self.services.net, self.target, &parcel, now).await;
                (parcel.text().to_owned(), outcome(channel.judge(&reply), attempts, self.services.clock.millis()))
            }
        };
        self.log(&outcome, attempts);
        let (name, now) = (self.target.name.clone(), self.services.clock.millis());
        self.lease.write(&self.services.store, move |db| outcomes::keep(db, id, &name, &body, &outcome, now)).await?;
        // Trouble of a target is told like everything else.
        super::hint(self.services).await
    }

    fn log(&self, outcome: &Outcome, attempts: i64) {
        let target = &self.target.name;
        match outcome {
            Outcome::Sent(_) => tracing::info!(target, attempts, "a message was sent"),
            Outcome::Again { why, .. } => tracing::warn!(target, attempts, why, "a message was not taken; it is tried again"),
            Outcome::Dead(why) => tracing::error!(target, attempts, why, "a message was not taken and is given up"),
        }
    }
}

/// Carries a parcel to a target and answers what came back.
pub async fn carry(mailer: &Mailer, net: &Net, target: &TargetConfig, parcel: &Parcel, now: DateTime<Utc>) -> Reply {
    let address = target.address.reveal();
    let carried = async {
        match parcel {
            Parcel::Letter(letter) => mailer.send(letter, address, now).await,
            Parcel::Post { content_type, body } => match url::Url::parse(address) {
                Ok(url) => net.post(&url, content_type, body.clone()).await,
                Err(error) => Reply { text: format!("its address is none: {error}"), ..Reply::default() },
            },
        }
    };
    let late = || Reply { text: "it took too long".to_owned(), ..Reply::default() };
    tokio::time::timeout(PATIENCE, carried).await.unwrap_or_else(|_| late())
}

/// What becomes of a message after so many attempts.
fn outcome(judgement: Judgement, attempts: i64, now: i64) -> Outcome {
    match judgement {
        Judgement::Sent(reference) => Outcome::Sent(reference),
        Judgement::Dead(why) => Outcome::Dead(why),
        Judgement::Retry { why, .. } if attempts >= TRIES => Outcome::Dead(format!("{why} (tried {attempts} times)")),
        Judgement::Retry { after, why } => {
            let doublings = u32::try_from((attempts - 1).clamp(0, 20)).unwrap_or(20);
            let wait = FIRST_WAIT.saturating_mul(1_i64 << doublings).min(LONGEST_WAIT);
            let rest = after.map(|after| i64::try_from(after.as_millis()).unwrap_or(i64::MAX).min(LONGEST_REST));
            let at = now.saturating_add(wait.max(rest.unwrap_or(0)));
            Outcome::Again { at, rest_until: rest.map(|rest| now.saturating_add(rest)), why }
        }
    }
}
