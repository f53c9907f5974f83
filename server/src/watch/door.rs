//! The way to one registry: its endpoints, the pause between requests, and whether it
//! answers at all. Every request to a registry goes through here.

use super::health::{after_answer, after_failure};
use super::silence;
use crate::net::{Body, Fetch, Fetched, NetError};
use crate::registries;
use crate::services::Services;
use crate::stop::Stop;
use crate::store::StoreError;
use crate::store::registries::{self as stored, Endpoint, Health, Registry};
use crate::store::watched::validators::Validator;
use bom::ask::{self, Request};
use std::collections::HashMap;
use std::io::Read;
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// The most bytes of one reply.
const LONGEST: u64 = 64 << 20;

/// The door.
pub(super) struct Door<'a> {
    pub(super) services: &'a Services,
    pub(super) protocol: &'static dyn ask::Registry,
    pub(super) registry: Registry,
    stop: &'a Stop,
    endpoints: HashMap<String, (Url, Duration)>,
    /// Before which moment an endpoint is left alone.
    quiet_until: HashMap<&'static str, Instant>,
    health: Health,
}

/// What came back.
pub(super) enum Came {
    Body(Vec<u8>, Validator),
    Unchanged,
    Absent(u16),
    /// Nothing that helps; kept as the registry's failure.
    Nothing,
}

impl<'a> Door<'a> {
    /// Opens the door; `None` where nobody here speaks the registry's protocol, or it is closed.
    pub(super) async fn open(services: &'a Services, registry: &Registry, stop: &'a Stop) -> Result<Option<Self>, StoreError> {
        let Some(protocol) = registry.protocol.as_deref().and_then(registries::of_name) else { return Ok(None) };
        let id = registry.id;
        let read = services.store.read(move |db| Ok((stored::endpoints(db, id)?, stored::health(db, id)?)));
        let (listed, health) = read.await?;
        let mut endpoints = HashMap::new();
        for Endpoint { name, address, pace } in listed {
            let pace = pace.and_then(|pace| u64::try_from(pace).ok()).map(Duration::from_millis);
            let pace = pace.unwrap_or_else(|| protocol.pace(&name));
            match Url::parse(&address) {
                Ok(url) => drop(endpoints.insert(name, (url, pace))),
                Err(error) => tracing::warn!(registry = registry.address, %error, "an endpoint has no address"),
            }
        }
        let quiet_until = HashMap::new();
        Ok(Some(Self { services, protocol, registry: registry.clone(), stop, endpoints, quiet_until, health }))
    }

    pub(super) fn is_closed(&self, now: i64) -> bool {
        self.health.closed_until > now
    }

    pub(super) fn closed_until(&self) -> i64 {
        self.health.closed_until
    }

    /// Makes one request, and keeps how that went.
    pub(super) async fn fetch(&mut self, request: &Request, known: Validator) -> Result<Came, StoreError> {
        let Some(url) = self.address(request) else {
            return self.failed(&format!("the registry has no endpoint `{}`", request.endpoint), None).await;
        };
        if !self.wait(request.endpoint).await {
            return Ok(Came::Nothing);
        }
        let Validator { etag, last_modified } = known;
        let conditional = etag.is_some() || last_modified.is_some();
        let fetch = Fetch { etag, last_modified, accept: request.accept, most: Some(LONGEST), ..Fetch::plain(url) };
        let fetched = tokio::time::timeout(PATIENCE, self.services.net.fetch(&fetch)).await;
        match fetched {
            Err(_) => self.failed("a request took too long", None).await,
            Ok(Ok(Fetched::Unchanged)) if conditional => self.answered(Came::Unchanged).await,
            Ok(Ok(Fetched::Unchanged)) => self.failed("it says `unchanged` of what nobody here has", None).await,
            Ok(Ok(Fetched::Body(body))) => {
                let validator = Validator { etag: body.etag.clone(), last_modified: body.last_modified.clone() };
                match whole(body).await {
                    Ok(bytes) => self.answered(Came::Body(bytes, validator)).await,
                    Err(error) => self.failed(&format!("a reply cannot be read back: {error}"), None).await,
                }
            }
            Ok(Err(NetError::Status { status: status @ (404 | 410 | 451), .. })) => self.answered(Came::Absent(status)).await,
            Ok(Err(NetError::Moved { from, to })) => self.moved(&from, &to).await,
            Ok(Err(error)) => {
                let rest = if let NetError::Status { retry_after, .. } = &error { *retry_after } else { None };
                self.failed(&error.to_string(), rest).await
            }
        }
    }

    fn address(&self, request: &Request) -> Option<Url> {
        let (base, _) = self.endpoints.get(request.endpoint)?;
        let url = Url::parse(&format!("{}/{}", base.as_str().trim_end_matches('/'), request.path)).ok()?;
        // A name must not lead out of the place that was approved.
        let below = url.path().starts_with(base.path().trim_end_matches('/')) && url.authority() == base.authority();
        below.then_some(url)
    }

    /// Waits until the endpoint may be asked again; false where the server stops meanwhile.
    async fn wait(&mut self, endpoint: &'static str) -> bool {
        let pace = self.endpoints.get(endpoint).map(|(_, pace)| *pace).unwrap_or_default();
        let free = self.quiet_until.get(endpoint).copied();
        if let Some(free) = free {
            tokio::select! {
                () = self.stop.asked() => return false,
                () = tokio::time::sleep_until(free) => {}
            }
        }
        self.quiet_until.insert(endpoint, Instant::now() + pace);
        true
    }

    /// Where a registry points to becomes a proposal; nobody goes there unasked.
    async fn moved(&mut self, from: &str, to: &str) -> Result<Came, StoreError> {
        let elsewhere = match (Url::parse(from), Url::parse(to)) {
            (Ok(from), Ok(to)) if from.origin() != to.origin() => bom::origin::clean_address(&to.origin().ascii_serialization()),
            _ => None,
        };
        if let Some(address) = elsewhere {
            let (ecosystem, now) = (self.registry.ecosystem, self.services.clock.millis());
            let by = format!("redirect of {}", self.registry.address);
            self.services.store.write(move |db| stored::propose(db, ecosystem, &address, &by, now)).await?;
        }
        self.failed(&format!("it points to `{to}`, which is not approved"), None).await
    }

    async fn answered(&mut self, came: Came) -> Result<Came, StoreError> {
        let now = self.services.clock.millis();
        let health = after_answer(now);
        // How fresh the last answer is matters to the minute.
        let stale = self.health.answered_at.is_none_or(|at| now - at >= 60_000);
        if self.health.failures > 0 || stale {
            self.keep(health, now).await?;
        }
        Ok(came)
    }

    async fn failed(&mut self, why: &str, rest: Option<Duration>) -> Result<Came, StoreError> {
        let now = self.services.clock.millis();
        let health = after_failure(&self.health, &bom::plain::plain(why), rest, now);
        if health.told_at == Some(now) {
            tracing::warn!(registry = self.registry.address, why, "a registry does not answer; nothing is concluded from that");
        }
        self.keep(health, now).await?;
        Ok(Came::Nothing)
    }

    async fn keep(&mut self, health: Health, now: i64) -> Result<(), StoreError> {
        self.health = health.clone();
        let registry = self.registry.clone();
        self.services.store.write(move |db| silence::keep(db, &registry, &health, now)).await
    }
}

async fn whole(mut body: Body) -> std::io::Result<Vec<u8>> {
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        body.file.read_to_end(&mut bytes).map(|_| bytes)
    });
    read.await.map_err(std::io::Error::other)?
}
