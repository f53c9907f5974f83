//! Packages: which one, and where it is and was used.

mod axis;
mod watch;

use super::{Shell, filters, show};
use crate::error::AppError;
use crate::http::caller::SignedIn;
use crate::services::Services;
use crate::store::statements::{self, Stated};
use crate::store::views::packages::{self, Use};
use crate::store::views::watch::{WatchView, of_package};
use actix_web::{HttpResponse, web};
use askama::Template;
use bom::ecosystem::{Ecosystem, Package};
use serde::Deserialize;

/// Adds the routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/packages").get(packages_page));
}

/// The most packages and uses that are shown.
const SHOWN: i64 = 500;

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    ecosystem: String,
}

/// A package that a search found.
struct Hit {
    ecosystem: &'static str,
    name: String,
}

impl Hit {
    fn is_weak(&self) -> bool {
        Ecosystem::of_osv(self.ecosystem).is_some_and(|(ecosystem, _)| ecosystem.weak)
    }
}

#[derive(Template)]
#[template(path = "packages.html")]
struct PackagesPage {
    shell: Shell,
    name: String,
    hits: Vec<Hit>,
}

#[derive(Template)]
#[template(path = "package.html")]
struct PackagePage {
    shell: Shell,
    package: Hit,
    uses: Vec<Use>,
    stated: Vec<Stated>,
    watch: Option<WatchView>,
    owners: Vec<watch::OwnerLine>,
    axis: axis::Axis,
    verdicts: Vec<watch::FactLine>,
}

async fn packages_page(
    services: web::Data<Services>,
    SignedIn(visit): SignedIn,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, AppError> {
    let Wanted { name, ecosystem } = wanted.into_inner();
    let viewer = visit.viewer.clone();
    if let Some((known, _)) = Ecosystem::of_osv(&ecosystem) {
        let package = Package::named(known, &name);
        let wanted = package.name.clone();
        let read = services.store.read(move |db| {
            let uses = packages::uses(db, &viewer, known.code, &wanted, SHOWN)?;
            let stated = statements::of_package(db, known.code, &wanted, SHOWN)?;
            Ok((uses, stated, of_package(db, &viewer, known.code, &wanted)?))
        });
        let (uses, stated, watch) = read.await?;
        let (owners, axis) = watch::owners(watch.as_ref(), services.clock.now());
        let verdicts = watch::facts(watch.as_ref());
        let shell = Shell::of(&visit, "packages", package.name.clone());
        let package = Hit { ecosystem: known.name, name: package.name };
        return show(HttpResponse::Ok(), &PackagePage { shell, package, uses, stated, watch, owners, axis, verdicts });
    }
    let start = name.trim().to_owned();
    let found = services.store.read(move |db| packages::search(db, &viewer, &start, SHOWN)).await?;
    let hit = |(code, name)| Hit { ecosystem: Ecosystem::of_code(code).map_or("", |known| known.name), name };
    let hits = found.into_iter().map(hit).collect();
    show(HttpResponse::Ok(), &PackagesPage { shell: Shell::of(&visit, "packages", "Packages"), name, hits })
}
