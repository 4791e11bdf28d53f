//! A canonical session with each server, cut once at every byte.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "simulation/servers/mod.rs"]
mod servers;

use chrono::DateTime;
use otklik::mailbox::{Imap, Mailbox};
use otklik::settings::{Server, ServerTls};
use otklik::transport::{Smtp, Transport};
use servers::Servers;

fn server() -> Server {
    Server { host: "mail.school.example".into(), port: 1, tls: ServerTls::Implicit, user: "priemnaya@school.example".into(), password: "s3cret".into(), ca_file: None }
}

#[tokio::test(start_paused = true)]
async fn the_happy_path() {
    let servers = Servers::new(1);
    let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    servers.set_now(now);
    servers.deliver("INBOX", b"Subject: a\r\n\r\nb\r\n", now);
    let mut mailbox = Mailbox::Imap(Box::new(Imap::over(server(), servers.imap())));
    let folders = mailbox.folders().await.unwrap();
    mailbox.examine("INBOX").await.unwrap();
    let entries = mailbox.scan(0).await.unwrap();
    let letters = mailbox.fetch(&entries, 1000).await.unwrap();
    assert_eq!(letters[0].bytes.as_deref(), Some(&b"Subject: a\r\n\r\nb\r\n"[..]));
    mailbox.append(&folders.sent.unwrap(), b"Subject: c\r\n\r\nd\r\n", now).await.unwrap();
    mailbox.wait(std::time::Duration::from_secs(60)).await.unwrap();
    let mut transport = Transport::Smtp(Box::new(Smtp::over(server(), servers.smtp())));
    let outcome = transport.send("a@school.example", "b@family.example", b"Subject: e\r\n\r\n.f\r\n", &mut || Ok(())).await;
    transport.rest().await;
    servers.with(|state| {
        assert_eq!(&*state.accepted[0].raw, b"Subject: e\r\n\r\n.f\r\n", "{outcome:?}");
        assert!(state.accepted[0].told);
        assert_eq!(state.folders["Отправленные"].letters.len(), 1);
        assert!(state.destructive.is_empty() && state.illegal.is_empty(), "{:?} {:?}", state.destructive, state.illegal);
        for line in &state.commands { println!("{line}"); }
    });
}
