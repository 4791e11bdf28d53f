//! `otklik forget ADDRESS|N` and `otklik export ADDRESS`: a person's demand to be forgotten, or to be told what is known (152-FZ, art. 14, 20, 21).
//!
//! Without `--yes` nothing is taken out: the certificate says what would be. Not here: what goes with age (`jobs::retire`).

use super::WrongUse;
use crate::compose::decoded;
use crate::jobs::{School, forget, sweep};
use crate::store::{Certificate, ForgetError, Ours, Remains, Whom};
use anyhow::{Context, Result, bail};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `forget`.
#[derive(Debug, clap::Args)]
pub(super) struct Forget {
    /// An address, or the number of one appeal
    whom: String,
    /// Take it out, for ever; without it only what would be taken out is told
    #[arg(long)]
    yes: bool,
}

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The person's address
    address: String,
    /// Write FILE (for the owner alone) instead of printing
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// An address or a number.
fn whom(text: &str) -> Result<Whom> {
    let text = text.trim();
    if let Ok(number) = text.trim_start_matches('№').trim().parse() {
        return Ok(Whom::Appeal(number));
    }
    if text.contains('@') && !text.contains(char::is_whitespace) {
        return Ok(Whom::Address(text.to_lowercase()));
    }
    Err(WrongUse(format!("{text:?} is neither an address nor the number of an appeal; write `otklik forget mama@mail.example` or `otklik forget 147`")).into())
}

impl Forget {
    pub(super) fn run(self, school: &School, as_json: bool, now: DateTime<Utc>, out: &mut impl Write) -> Result<()> {
        let whom = whom(&self.whom)?;
        let settings = school.settings();
        let done = if self.yes { forget(school, &whom, now) } else { school.store().would_forget(&whom) };
        let certificate = match done {
            Ok(certificate) => certificate,
            Err(ForgetError::Unknown) => bail!("nothing is known of {}: no appeal, letter, announcement or consent", self.whom),
            Err(other) => return Err(other.into()),
        };
        if self.yes {
            // Of a backup or a rebuild that was broken off: it holds the person too, and neither can be at work on a database that this one has just changed.
            sweep(&settings).context("the person is out of the database, but not out of an unfinished copy of it")?;
        }
        let listed = match &whom {
            Whom::Address(address) => settings.contacts.iter().any(|c| c.email.as_ref().is_some_and(|e| e.eq_ignore_ascii_case(address))),
            Whom::Appeal(_) => false,
        };
        if as_json {
            let lines: Vec<_> = certificate.destroyed.iter().map(|(table, rows)| json!({"table": table, "rows": rows})).collect();
            writeln!(
                out,
                "{}",
                json!({"done": self.yes, "at": stamp(now), "appeals": certificate.appeals, "destroyed": lines, "remains": certificate.remains.iter().map(place).collect::<Vec<_>>(), "in_contacts": listed, "log_in_use": certificate.log_in_use})
            )?;
        } else {
            tell(&certificate, self.yes, listed, now, out)?;
        }
        Ok(())
    }
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn place(r: &Remains) -> serde_json::Value {
    json!({"folder": r.folder, "uid_validity": r.uid.0, "uid": r.uid.1, "date": stamp(r.date)})
}

/// The certificate (акт об уничтожении), fit to be printed and filed: it names nobody.
fn tell(certificate: &Certificate, done: bool, listed: bool, now: DateTime<Utc>, out: &mut impl Write) -> Result<()> {
    writeln!(
        out,
        "{}, {}",
        if done {
            "Акт об уничтожении персональных данных"
        } else {
            "Будет уничтожено (ничего ещё не сделано; повторите с --yes)"
        },
        stamp(now)
    )?;
    let numbers: Vec<String> = certificate.appeals.iter().map(|n| format!("№ {n}")).collect();
    writeln!(out, "Заявки: {}.", if numbers.is_empty() { "нет".to_owned() } else { numbers.join(", ") })?;
    for (table, rows) in &certificate.destroyed {
        writeln!(out, "  {table}: строк {rows}")?;
    }
    writeln!(out, "Остаются номера, темы, сроки и состояния: по ним никого нельзя узнать.")?;
    if certificate.remains.is_empty() {
        writeln!(out, "В почтовом ящике писем нет (среди тех, что программа читала; более старые найдите в ящике по адресу).")?;
    } else {
        writeln!(out, "В почтовом ящике остаются письма (из тех, что программа читала), удалите их вручную:")?;
        for r in &certificate.remains {
            writeln!(out, "  {}, UID {} (UIDVALIDITY {}), {}", r.folder, r.uid.1, r.uid.0, r.date.format("%d.%m.%Y %H:%M UTC"))?;
        }
    }
    if listed {
        writeln!(out, "Адрес стоит в rules/contacts.csv: уберите строку вручную.")?;
    }
    if certificate.log_in_use {
        writeln!(out, "Журнал базы сейчас читает другая программа (копирование, отчёт): следы в нём сотрёт служба, как только та закончит.")?;
    }
    writeln!(out, "Резервные копии, сделанные до этого, хранят данные до своего срока; при восстановлении отметка об удалении действует.")?;
    Ok(())
}

impl Export {
    pub(super) fn run(self, school: &School, now: DateTime<Utc>, out: &mut impl Write) -> Result<()> {
        let address = self.address.trim().to_lowercase();
        if !address.contains('@') {
            return Err(WrongUse(format!("{:?} is no address; write `otklik export mama@mail.example`", self.address)).into());
        }
        let known = school.store().known_of(&address)?;
        let letters = |raw: &[Ours]| -> Vec<_> {
            raw.iter().map(|(kind, at, bytes)| json!({"kind": kind, "at": stamp(*at), "letter": bytes.as_deref().map(decoded)})).collect()
        };
        let appeals: Vec<_> = known
            .appeals
            .iter()
            .map(|a| {
                json!({
                    "number": a.number, "received": stamp(a.received), "state": a.state, "category": a.category, "name": a.name, "child": a.child, "class": a.class,
                    "phone": a.phone, "text": a.text, "letters": a.letters.iter().map(|(at, subject, text)| json!({"at": stamp(*at), "subject": subject, "text": text})).collect::<Vec<_>>(),
                    "answers": letters(&a.answers), "history": a.history.iter().map(|(at, event, text)| json!({"at": stamp(*at), "event": event, "text": text})).collect::<Vec<_>>(),
                    "consultations": a.consultations.iter().map(|(start, specialist, recommendations)| json!({"start": stamp(*start), "specialist": specialist, "recommendations": recommendations})).collect::<Vec<_>>(),
                })
            })
            .collect();
        let whole = json!({
            "address": address, "at": stamp(now), "appeals": appeals, "announcements": letters(&known.announcements), "unsubscribed": known.unsubscribed,
            "consents": known.consents.iter().map(|(at, given)| json!({"at": stamp(*at), "given": given})).collect::<Vec<_>>(),
        });
        let text = serde_json::to_string_pretty(&whole)?;
        match &self.out {
            None => writeln!(out, "{text}")?,
            Some(path) => {
                use std::os::unix::fs::OpenOptionsExt as _;
                let mut file =
                    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).with_context(|| format!("writing {}", path.display()))?;
                writeln!(file, "{text}")?;
                writeln!(out, "{}: {} appeals; give it to that person alone", path.display(), known.appeals.len())?;
            }
        }
        Ok(())
    }
}
