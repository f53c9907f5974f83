//! The people of every test: Alice owns it, Bob is on her team, Charlie is
//! nobody: on a team of his own that owns nothing.

use crate::api::Api;
use crate::cli::Account;
use crate::server::Server;
use anyhow::{Context as _, Result};
use serde_json::json;

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery staple";

/// A server and those who know it.
pub struct Town {
    /// The server.
    pub server: Server,
    /// The administrator of the first start.
    pub admin: Api,
    /// On the team `harbour`.
    pub alice: Api,
    /// On the team `harbour`, too.
    pub bob: Api,
    /// On the team `hill`.
    pub charlie: Api,
    /// Somebody who has not signed in.
    pub stranger: Api,
    /// A token of `harbour` that may upload.
    pub uploader: Api,
}

impl Town {
    /// A fresh server with everybody on it.
    ///
    /// # Errors
    /// When the server does not start or refuses one of them.
    pub fn new() -> Result<Self> {
        Self::around(Server::start()?)
    }

    /// The same, on a server that was just started for the first time.
    ///
    /// # Errors
    /// When the server refuses one of them.
    pub fn around(server: Server) -> Result<Self> {
        let stranger = Api::nobody(server.url())?;
        let (login, password) = server.first_administrator()?;
        let admin = stranger.sign_in(&login, &password)?;
        for team in ["harbour", "hill"] {
            admin.post("/v1/teams", &json!({ "name": team }))?.must(201)?;
        }
        let mut people = Vec::new();
        for (login, team) in [("alice", "harbour"), ("bob", "harbour"), ("charlie", "hill")] {
            let person = json!({ "login": login, "name": login, "password": PASSWORD, "teams": [team] });
            admin.post("/v1/people", &person)?.must(201)?;
            people.push(stranger.sign_in(login, PASSWORD)?);
        }
        let [alice, bob, charlie] = <[Api; 3]>::try_from(people).ok().context("three people were made")?;
        let token = alice.post("/v1/tokens", &json!({ "name": "ci", "scope": "upload" }))?.must(201)?;
        let uploader = stranger.with(token["token"].as_str().context("no token was shown")?);
        Ok(Self { server, admin, alice, bob, charlie, stranger, uploader })
    }

    /// What the command line needs to upload.
    pub fn account(&self) -> Account {
        Account { server: self.server.url().to_owned(), token: self.uploader.bearer().to_owned() }
    }

    /// The callers again, after the server was started anew and listens elsewhere.
    ///
    /// # Errors
    /// When there can be no HTTP client.
    pub fn reconnect(&mut self) -> Result<()> {
        self.stranger = Api::nobody(self.server.url())?;
        for caller in [&mut self.admin, &mut self.alice, &mut self.bob, &mut self.charlie, &mut self.uploader] {
            *caller = self.stranger.with(caller.bearer());
        }
        Ok(())
    }
}
