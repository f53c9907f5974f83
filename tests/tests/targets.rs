//! `bomwarden-server targets`: an administrator tries a target before it is needed.

use anyhow::Result;
use bomwarden_server::simulated::mailbox::{Mailbox, SIGN_IN};
use bomwarden_tests::server::Server;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Settings with a mailbox as a target, signing in with this password.
fn settings(mailbox: &Mailbox, password: &str) -> String {
    format!(
        "[mail]\nhost = \"127.0.0.1\"\nport = {}\nuser = {:?}\npassword = {password:?}\nfrom = \"bomwarden@example.org\"\n\
         ca_file = {:?}\n[[target]]\nname = \"harbour\"\nchannel = \"email\"\naddress = \"harbour@example.org\"\nlast_resort = true\n",
        mailbox.address().port(),
        SIGN_IN.0,
        mailbox.certificate().display().to_string(),
    )
}

#[test]
fn a_target_is_tried_by_a_command_that_says_what_the_other_side_said() -> Result<()> {
    let (runtime, mails) = (Runtime::new()?, TempDir::new()?);
    let mailbox = runtime.block_on(Mailbox::start(mails.path()))?;
    let server = Server::with_config(&settings(&mailbox, SIGN_IN.1))?;
    let listed = server.command(&["targets", "list"])?.with_code(0)?.out;
    assert!(listed.contains("harbour") && !listed.contains(SIGN_IN.1), "{listed}");
    let tried = server.command(&["targets", "test", "harbour"])?.with_code(0)?.out;
    assert!(tried.starts_with("`harbour` took the message."), "{tried}");
    let mails = mailbox.mails();
    assert_eq!(mails.len(), 1);
    let text = String::from_utf8_lossy(&mails[0].raw).into_owned();
    assert!(text.contains("To: harbour@example.org") && text.contains("This is a test"), "{text}");
    let unknown = server.command(&["targets", "test", "hill"])?.with_code(2)?.err;
    assert!(unknown.contains("there is no target `hill`"), "{unknown}");
    Ok(())
}

#[test]
fn a_target_that_refuses_is_told_with_its_words_and_without_the_password() -> Result<()> {
    let (runtime, mails) = (Runtime::new()?, TempDir::new()?);
    let mailbox = runtime.block_on(Mailbox::start(mails.path()))?;
    let server = Server::with_config(&settings(&mailbox, "not the password"))?;
    let refused = server.command(&["targets", "test", "harbour"])?.with_code(2)?.err;
    assert!(refused.contains("did not take the message") && refused.contains("535"), "{refused}");
    assert!(!refused.contains("not the password"), "{refused}");
    assert_eq!(mailbox.mails().len(), 0);
    Ok(())
}
