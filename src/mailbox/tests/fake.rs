//! A scripted IMAP server on loopback: each connection plays one script, line by line.

use crate::mailbox::{Imap, Mailbox};
use crate::settings::{Server, ServerTls};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// Ends a reply: the connection is closed after it.
pub const CLOSE: &str = "<close>";

/// What is awaited (a part of the line) and what is answered; `{t}` is the command's tag.
pub struct Act(pub &'static str, pub Vec<u8>);

pub fn act(awaited: &'static str, answer: &str) -> Act {
    Act(awaited, answer.as_bytes().to_vec())
}

/// A script that greets, takes the login and goes on with these acts.
pub fn after_login(acts: Vec<Act>) -> Vec<Act> {
    let mut script = vec![
        act("", "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n"),
        act("AUTHENTICATE PLAIN", "{t} OK in\r\n"),
        act("CAPABILITY", "* CAPABILITY IMAP4rev1 IDLE SPECIAL-USE MOVE\r\n{t} OK\r\n"),
    ];
    script.extend(acts);
    script
}

/// EXAMINE of a good server.
pub fn examine() -> Act {
    act("EXAMINE \"INBOX\"", "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 9] ok\r\n{t} OK [READ-ONLY] done\r\n")
}

/// A server and what it heard.
pub struct Fake {
    pub port: u16,
    pub heard: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    /// One script for each connection, in order; after the last nobody is let in.
    pub async fn start(scripts: Vec<Vec<Act>>) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let notes = heard.clone();
        tokio::spawn(async move {
            for script in scripts {
                let Ok((stream, _)) = listener.accept().await else { return };
                // Connections are played one after another: a client never holds two.
                tokio::spawn(play(stream, script, notes.clone()));
            }
        });
        Fake { port, heard }
    }

    pub fn server(&self) -> Server {
        Server {
            host: "127.0.0.1".into(),
            port: self.port,
            tls: ServerTls::None,
            user: "priemnaya@school.example".into(),
            password: "s3cret".into(),
            ca_file: None,
        }
    }

    pub fn mailbox(&self) -> Mailbox {
        Mailbox::Imap(Box::new(Imap::new(self.server())))
    }

    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

async fn play(stream: tokio::net::TcpStream, script: Vec<Act>, heard: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    let mut tag = String::new();
    for Act(awaited, answer) in script {
        if !awaited.is_empty() {
            let mut line = Vec::new();
            if stream.read_until(b'\n', &mut line).await.unwrap_or(0) == 0 {
                return;
            }
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            if let Some((first, _)) = line.split_once(' ')
                && first.starts_with('o')
            {
                tag = first.to_owned();
            }
            let expected = line.contains(awaited);
            heard.lock().unwrap().push(if expected { line } else { format!("UNEXPECTED {line} INSTEAD OF {awaited}") });
            if !expected {
                return;
            }
        }
        let close = answer.ends_with(CLOSE.as_bytes());
        let answer = if close { &answer[..answer.len() - CLOSE.len()] } else { &answer[..] };
        let answer = replace(answer, b"{t}", tag.as_bytes());
        if stream.write_all(&answer).await.is_err() || close {
            let _ = stream.shutdown().await;
            return;
        }
    }
    // Silent from here on, until the client goes.
    let mut rest = Vec::new();
    while stream.read_until(b'\n', &mut rest).await.unwrap_or(0) > 0 {
        heard.lock().unwrap().push(format!("LATE {}", String::from_utf8_lossy(&rest).trim_end()));
        rest.clear();
    }
}

fn replace(bytes: &[u8], what: &[u8], by: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(what) {
            out.extend_from_slice(by);
            at += what.len();
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}
