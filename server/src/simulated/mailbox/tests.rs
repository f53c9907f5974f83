//! The product's own way out and the mailbox, over loopback.

use super::*;
use crate::config::{Config, MailTls, Secret};
use crate::mailer::Mailer;
use crate::parcel::{Letter, Reply};

/// Settings by which mail reaches a mailbox.
pub(crate) fn settings(mailbox: &Mailbox) -> crate::config::Mail {
    crate::config::Mail {
        host: "127.0.0.1".to_owned(),
        port: mailbox.address().port(),
        user: SIGN_IN.0.to_owned(),
        password: Secret::new(SIGN_IN.1),
        from: "Bomwarden <bomwarden@example.org>".to_owned(),
        ca_file: Some(mailbox.certificate()),
        ..Config::default().mail
    }
}

fn letter(subject: &str, text: &str) -> Letter {
    let about = vec!["alert-A".to_owned(), "alert-B".to_owned()];
    Letter { subject: subject.to_owned(), text: text.to_owned(), id: "delivery-1".to_owned(), about }
}

async fn send(mailer: &Mailer, letter: &Letter) -> Reply {
    mailer.send(letter, "alice@example.org, bob@example.org", "2026-03-17T10:00:00Z".parse().expect("a time")).await
}

#[tokio::test]
async fn mail_goes_by_starttls_after_a_sign_in_and_comes_as_it_was_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let mailbox = Mailbox::start(folder.path()).await.expect("a mailbox");
    let mailer = Mailer::new(&settings(&mailbox)).expect("a way out");
    let long = "x".repeat(3000);
    let reply = send(&mailer, &letter("[HIGH] tide → wheel", &format!("first\n.second\n{long}\n"))).await;
    assert_eq!((reply.code, reply.text.as_str()), (Some(250), "2.0.0 kept as 1"));
    let mails = mailbox.mails();
    assert_eq!(mails[0].to, ["alice@example.org", "bob@example.org"]);
    let raw = String::from_utf8(mails[0].raw.clone()).expect("ASCII");
    assert!(raw.is_ascii() && raw.lines().all(|line| line.len() <= 998));
    for header in [
        "Message-ID: <delivery-1@example.org>",
        "In-Reply-To: <alert-A@example.org>",
        "References: <alert-A@example.org> <alert-B@example.org>",
        "Auto-Submitted: auto-generated",
        "Date: Tue, 17 Mar 2026 10:00:00 +0000",
    ] {
        assert!(raw.contains(&format!("{header}\r\n")), "{header}\n{raw}");
    }
    assert_eq!(std::fs::read(folder.path().join("0001.eml")).expect("a file"), mails[0].raw);
}

#[tokio::test]
async fn a_subject_cannot_become_a_header() {
    let folder = tempfile::tempdir().expect("a folder");
    let mailbox = Mailbox::start(folder.path()).await.expect("a mailbox");
    let mailer = Mailer::new(&settings(&mailbox)).expect("a way out");
    send(&mailer, &letter("a\r\nBcc: charlie@evil.example\r\n\r\nb", "text")).await;
    for mail in mailbox.mails() {
        let raw = String::from_utf8_lossy(&mail.raw).into_owned();
        assert!(!raw.lines().any(|line| line.starts_with("Bcc:")), "{raw}");
        assert_eq!(mail.to.len(), 2);
    }
}

#[tokio::test]
async fn what_the_mail_server_says_is_what_is_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let mailbox = Mailbox::start(folder.path()).await.expect("a mailbox");
    let mailer = Mailer::new(&settings(&mailbox)).expect("a way out");
    for (fault, code, kept) in [
        (MailFault::Says(451), Some(451), 0),
        (MailFault::Says(550), Some(550), 0),
        (MailFault::Refuses, Some(421), 0),
        (MailFault::BreaksOff, None, 0),
        (MailFault::KeepsAndBreaksOff, None, 1),
    ] {
        mailbox.fault(Some(fault));
        let reply = send(&mailer, &letter("s", "t")).await;
        assert_eq!((reply.code, mailbox.mails().len()), (code, kept), "{fault:?}: {reply:?}");
        assert!(!reply.text.is_empty());
    }
}

#[tokio::test]
async fn nobody_is_told_a_password_who_is_not_trusted_and_a_wrong_one_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mailbox = Mailbox::start(folder.path()).await.expect("a mailbox");
    let stranger = crate::config::Mail { ca_file: None, ..settings(&mailbox) };
    let reply = send(&Mailer::new(&stranger).expect("a way out"), &letter("s", "t")).await;
    assert_eq!(reply.code, None, "{reply:?}");
    let wrong = crate::config::Mail { password: Secret::new("wrong"), ..settings(&mailbox) };
    assert_eq!(send(&Mailer::new(&wrong).expect("a way out"), &letter("s", "t")).await.code, Some(535));
    let open = crate::config::Mail { tls: MailTls::None, ..settings(&mailbox) };
    assert!(!matches!(send(&Mailer::new(&open).expect("a way out"), &letter("s", "t")).await.code, Some(250)));
    assert!(mailbox.mails().is_empty());
    let none = Mailer::new(&crate::config::Mail::default()).expect("none is set");
    assert!(send(&none, &letter("s", "t")).await.text.contains("`mail.host`"));
}
