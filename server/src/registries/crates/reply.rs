//! The replies of Rust's registry, understood.

use super::super::{MOST_VERSIONS, json, version};
use bom::ask::{Fact, LookError, Reply};
use bom::plain::plain;
use bom::snapshot::{Need, Owner, OwnerKind, Release, Trust};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A page of the list of versions.
pub(super) struct Page {
    pub(super) releases: Vec<Release>,
    /// The query of the next page, with its `?`.
    pub(super) next: Option<String>,
}

#[derive(Deserialize)]
struct LineRaw {
    name: String,
    vers: String,
    #[serde(default)]
    deps: Vec<NeedRaw>,
    cksum: Option<String>,
    yanked: bool,
    pubtime: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct NeedRaw {
    name: String,
    /// The real name where `name` is a local one.
    package: Option<String>,
    req: String,
    kind: Option<String>,
    #[serde(default)]
    optional: bool,
    registry: Option<String>,
}

#[derive(Deserialize)]
struct OwnersRaw {
    users: Vec<OwnerRaw>,
}

#[derive(Deserialize)]
struct OwnerRaw {
    id: u64,
    login: String,
    kind: Option<String>,
    created_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct PageRaw {
    versions: Vec<VersionRaw>,
    meta: Option<MetaRaw>,
}

#[derive(Deserialize)]
struct MetaRaw {
    next_page: Option<String>,
}

#[derive(Deserialize)]
struct VersionRaw {
    num: String,
    created_at: Option<DateTime<Utc>>,
    published_by: Option<OwnerRaw>,
    trustpub_data: Option<serde_json::Value>,
    crate_size: Option<u64>,
    license: Option<String>,
    #[serde(default)]
    audit_actions: Vec<ActionRaw>,
}

#[derive(Deserialize)]
struct ActionRaw {
    action: String,
    user: OwnerRaw,
    time: DateTime<Utc>,
}

/// The versions of an index file. One line that cannot be read spoils the file: a
/// version must not seem to be gone because of it.
pub(super) fn index(package: &str, body: &[u8]) -> Result<Vec<Release>, LookError> {
    let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let releases: Vec<Release> = lines.take(MOST_VERSIONS + 1).map(|line| release(package, line)).collect::<Result<_, _>>()?;
    match releases.len() {
        0 => Err(LookError("the index has no version of the package".to_owned())),
        count if count > MOST_VERSIONS => Err(LookError(format!("it has more than {MOST_VERSIONS} versions"))),
        _ => Ok(releases),
    }
}

fn release(package: &str, line: &[u8]) -> Result<Release, LookError> {
    let raw: LineRaw = json("index", line)?;
    if !raw.name.eq_ignore_ascii_case(package) {
        return Err(LookError(format!("the index speaks of `{}`", plain(&raw.name))));
    }
    Ok(Release {
        version: version(&raw.vers)?,
        published_at: raw.pubtime,
        yanked: raw.yanked,
        dependencies: Some(raw.deps.into_iter().map(Need::from).collect()),
        digest: raw.cksum.map(|digest| plain(&digest)),
        ..Release::default()
    })
}

impl From<NeedRaw> for Need {
    fn from(raw: NeedRaw) -> Self {
        let kind = match raw.kind.as_deref() {
            Some("dev") => "dev",
            _ if raw.optional => "optional",
            Some("build") => "build",
            _ => "normal",
        };
        Self {
            name: plain(raw.package.as_deref().unwrap_or(&raw.name)),
            requirement: plain(&raw.req),
            kind: kind.to_owned(),
            from_registry: raw.registry.is_none(),
        }
    }
}

/// The owners that a reply names.
pub(super) fn owners(reply: Reply) -> Result<Fact<Vec<Owner>>, LookError> {
    let body = match reply {
        Reply::Body(body) => body,
        Reply::Unchanged => return Ok(Fact::Unchanged),
        Reply::Absent(_) => return Ok(Fact::Absent),
    };
    let raw: OwnersRaw = json("list of owners", &body)?;
    if raw.users.is_empty() {
        return Ok(Fact::Unknown("the registry names no owner at all".to_owned()));
    }
    Ok(Fact::Known(raw.users.into_iter().map(Owner::from).collect()))
}

impl From<OwnerRaw> for Owner {
    fn from(raw: OwnerRaw) -> Self {
        let kind = if raw.kind.as_deref() == Some("team") { OwnerKind::Team } else { OwnerKind::User };
        Self { id: format!("{}:{}", kind.name(), raw.id), login: plain(&raw.login), kind, since: raw.created_at }
    }
}

/// A page of versions.
pub(super) fn page(reply: Reply) -> Result<Page, LookError> {
    let body = match reply {
        Reply::Body(body) => body,
        Reply::Unchanged => return Err(LookError("a page that was asked for was not sent".to_owned())),
        // The index has it already, the API not yet: the index alone tells.
        Reply::Absent(_) => return Ok(Page { releases: Vec::new(), next: None }),
    };
    let raw: PageRaw = json("list of versions", &body)?;
    let next = raw.meta.and_then(|meta| meta.next_page).filter(|next| !raw.versions.is_empty() && next.starts_with('?'));
    Ok(Page { releases: raw.versions.into_iter().map(Release::try_from).collect::<Result<_, _>>()?, next })
}

impl TryFrom<VersionRaw> for Release {
    type Error = LookError;

    fn try_from(raw: VersionRaw) -> Result<Self, LookError> {
        let trust = if raw.trustpub_data.is_some() { Trust::TrustedPublisher } else { Trust::None };
        let publisher = raw.published_by.map(Owner::from);
        let yank = raw.audit_actions.into_iter().filter(|action| action.action == "yank").max_by_key(|action| action.time);
        Ok(Self {
            version: version(&raw.num)?,
            published_at: raw.created_at,
            publisher_login: publisher.as_ref().map(|publisher| publisher.login.clone()),
            publisher: publisher.map(|publisher| publisher.id),
            trust: Some(trust),
            withdrawn_at: yank.as_ref().map(|yank| yank.time),
            withdrawn_by: yank.map(|yank| Owner::from(yank.user).id),
            size: raw.crate_size,
            licence: raw.license.map(|licence| plain(&licence)),
            ..Self::default()
        })
    }
}

/// Adds what the API says of a version to what the index says.
pub(super) fn add(release: &mut Release, said: Release) {
    release.published_at = release.published_at.or(said.published_at);
    release.publisher = said.publisher;
    release.publisher_login = said.publisher_login;
    release.trust = said.trust;
    release.withdrawn_at = said.withdrawn_at;
    release.withdrawn_by = said.withdrawn_by;
    release.size = said.size;
    release.licence = said.licence;
}
