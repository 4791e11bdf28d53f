//! Time, virtual: silence and keepalives never hold us longer than they may.

use crate::mailbox::wire::{Fault, Wire};
use crate::mailbox::{letters, session};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::time::Instant;

/// I14.
#[tokio::test(start_paused = true)]
async fn a_silent_server_is_given_up() {
    let (ours, _theirs) = tokio::io::duplex(4096);
    let mut wire = Wire::new(Box::new(ours));
    let begin = Instant::now();
    assert!(matches!(session::examine(&mut wire, "INBOX").await, Err(Fault::Lost(_))));
    assert_eq!(begin.elapsed().as_secs(), 60);

    let (ours, _theirs) = tokio::io::duplex(4096);
    let mut wire = Wire::new(Box::new(ours));
    let begin = Instant::now();
    assert!(matches!(letters::scan(&mut wire, 0).await, Err(Fault::Lost(_))));
    assert_eq!(begin.elapsed().as_secs(), 300);
}

/// I14: a server that neither takes a copy nor refuses it.
#[tokio::test(start_paused = true)]
async fn a_copy_that_nobody_takes_is_given_up() {
    let (ours, mut theirs) = tokio::io::duplex(64);
    theirs.write_all(b"+ go\r\n").await.unwrap();
    let mut wire = Wire::new(Box::new(ours));
    let done = session::append(&mut wire, "Sent", &[b'x'; 200_000], chrono::DateTime::from_timestamp(0, 0).unwrap()).await;
    assert!(matches!(done, Err(Fault::Lost(_))), "{done:?}");
}

/// I11: keepalives every 20 seconds for ever; the wait ends when it was to end, with a new IDLE every nine minutes.
#[tokio::test(start_paused = true)]
async fn keepalives_do_not_prolong_the_wait() {
    let (ours, theirs) = tokio::io::duplex(4096);
    let rounds = tokio::spawn(async move {
        let mut theirs = BufReader::new(theirs);
        let (mut tag, mut rounds) = (String::new(), 0);
        loop {
            let mut line = String::new();
            match tokio::time::timeout(Duration::from_secs(20), theirs.read_line(&mut line)).await {
                Err(_) => theirs.write_all(b"* OK Still here\r\n").await.unwrap(),
                Ok(Ok(0) | Err(_)) => return rounds,
                Ok(Ok(_)) if line.contains("IDLE") => {
                    tag = line.split(' ').next().unwrap().to_owned();
                    rounds += 1;
                    theirs.write_all(b"+ idling\r\n").await.unwrap();
                }
                Ok(Ok(_)) => theirs.write_all(format!("{tag} OK done\r\n").as_bytes()).await.unwrap(),
            }
        }
    });
    let mut wire = Wire::new(Box::new(ours));
    let begin = Instant::now();
    let idled = session::idle(&mut wire, begin + Duration::from_secs(25 * 60)).await.unwrap();
    assert_eq!(idled, session::Idled::Time);
    assert_eq!(begin.elapsed().as_secs(), 25 * 60);
    drop(wire);
    assert_eq!(rounds.await.unwrap(), 3);
}
