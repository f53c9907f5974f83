//! What the server answers over HTTP.

use crate::services::Services;
use crate::stop::Stop;
use actix_web::{App, HttpResponse, HttpServer, web};
use std::net::TcpListener;

/// Answers on `listener` until a stop is asked for; requests under way are finished.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve(services: Services, listener: TcpListener, stop: Stop) -> std::io::Result<()> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(services.clone()))
            .route("/healthz", web::get().to(HttpResponse::Ok))
            .route("/readyz", web::get().to(ready))
            .route("/metrics", web::get().to(metrics))
    })
    .listen(listener)?
    .disable_signals()
    .shutdown_timeout(30)
    .run();
    let handle = server.handle();
    let mut running = std::pin::pin!(server);
    tokio::select! {
        ended = &mut running => return ended,
        () = stop.asked() => {}
    }
    let (ended, ()) = tokio::join!(running, handle.stop(true));
    ended
}

async fn ready(services: web::Data<Services>) -> HttpResponse {
    match services.store.read(|_| Ok(())).await {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

async fn metrics(services: web::Data<Services>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(services.metrics.render())
}
