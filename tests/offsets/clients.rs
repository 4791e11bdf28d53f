//! The same sweep over the clients alone, without a database: cheap enough for every byte of a letter as well, both by a cut and by a reset. What a
//! client says of an exchange must never be better than what the server knows of it.

use super::servers::{Kind, Moment, Planned, Servers, Way, Wire};
use super::{SENT, morning, server, virtually};
use otklik::mailbox::{Imap, Mailbox};
use otklik::outbox::Outcome;
use otklik::transport::{Smtp, Transport};

const LETTERS: [&[u8]; 3] = [
    b"Subject: 1\r\n\r\n.dots\r\n..\r\n.\r\nend\r\n",
    b"Subject: 2\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xd0\xb4\xd0\xb0, * 5 EXISTS\r\n) OK\r\n",
    b"Subject: 3\r\n\r\n{12}\r\nno end of line",
];

/// Plays a session once whole, for its bytes, and once for each of them.
fn sweep(wire: Wire, session: impl Fn(&Servers) -> Result<(), String>) -> usize {
    let fresh = || {
        let servers = Servers::new(5);
        servers.set_now(morning());
        LETTERS.iter().for_each(|raw| {
            servers.deliver("INBOX", raw, morning());
        });
        servers
    };
    let whole = fresh();
    session(&whole).unwrap();
    let mut count = 0;
    for way in [Way::In, Way::Out] {
        let bytes = whole.with(|state| state.passed[&(wire, way)]);
        for (at, what) in (0..bytes).flat_map(|at| [(at, Kind::Cut), (at, Kind::Reset)]) {
            let servers = fresh();
            let when = Moment::Byte(wire, way, at);
            servers.with(|state| state.faults.planned.push(Planned { when, what }));
            let told = session(&servers);
            let sound = servers.with(|state| state.destructive.is_empty() && state.illegal.is_empty() && state.faults_injected() == 1);
            assert!(told.is_ok() && sound, "{when:?} {what:?}: {told:?}");
            count += 1;
        }
    }
    count
}

#[test]
fn what_smtp_says_of_a_letter_is_never_better_than_the_truth() {
    let count = sweep(Wire::Smtp, |servers| {
        virtually(async {
            let mut transport = Transport::Smtp(Box::new(Smtp::over(server(), servers.smtp())));
            for raw in LETTERS {
                let before = servers.with(|state| state.accepted.len());
                let outcome = transport.send("priemnaya@school.example", "p@family.example", raw, &mut || Ok(())).await;
                let kept = servers.with(|state| state.accepted.iter().skip(before).map(|letter| (letter.told, letter.raw.clone())).collect::<Vec<_>>());
                let whole = [raw.strip_suffix(b"\r\n").unwrap_or(raw), b"\r\n"].concat();
                match (&outcome, kept.as_slice()) {
                    (Outcome::Accepted(_), [(true, raw)]) | (Outcome::Unknown(_), [(_, raw)]) if **raw == *whole => {}
                    (Outcome::Unknown(_) | Outcome::Deferred(_), []) => {}
                    _ => return Err(format!("{outcome:?}, the server kept {kept:?}")),
                }
            }
            transport.rest().await;
            Ok(())
        })
    });
    println!("{count} cuts and resets of SMTP");
}

#[test]
fn what_imap_gives_is_whole_or_nothing() {
    let count = sweep(Wire::Imap, |servers| {
        virtually(async {
            let mut mailbox = Mailbox::Imap(Box::new(Imap::over(server(), servers.imap())));
            // Each step may fail, none may lie; the cut comes once, so that each step that is tried again succeeds.
            let folders = match mailbox.folders().await {
                Ok(folders) => folders,
                Err(_) => mailbox.folders().await.map_err(|e| e.to_string())?,
            };
            let (Some(sent), Some(_)) = (&folders.sent, &folders.spam) else { return Err(format!("{folders:?}")) };
            if folders.all.len() != 3 {
                return Err(format!("{folders:?}"));
            }
            let mut kept = 0;
            for _ in 0..2 {
                let Ok(examined) = mailbox.examine("INBOX").await else { continue };
                let Ok(entries) = mailbox.scan(0).await else { continue };
                if examined.uid_validity != 11 || entries.iter().map(|e| e.size).ne(LETTERS.iter().map(|raw| raw.len() as u64)) {
                    return Err(format!("{examined:?} {entries:?}"));
                }
                let Ok(letters) = mailbox.fetch(&entries, 1 << 20).await else { continue };
                if letters.iter().map(|letter| letter.bytes.as_deref()).ne(LETTERS.iter().map(|raw| Some(*raw))) {
                    return Err(format!("{letters:?}"));
                }
                if mailbox.append(sent, LETTERS[0], morning()).await.is_ok() {
                    kept += 1;
                }
                let _ = mailbox.wait(std::time::Duration::from_secs(60)).await;
            }
            servers.with(|state| {
                let copies = &state.folders[SENT].letters;
                let same = copies.iter().all(|letter| *letter.raw == *LETTERS[0]);
                if same && (kept..=2).contains(&copies.len()) { Ok(()) } else { Err(format!("{} copies, {kept} known of", copies.len())) }
            })
        })
    });
    println!("{count} cuts and resets of IMAP");
}
