//! The mark that somebody asked to be forgotten, as a letter in Sent: it names nobody, and a rebuilt or restored store obeys it.
//!
//! Not here: what is taken out (`store::forget`); who copies it (`jobs`).

use super::Composer;
use super::freeze::{boundary, message_id};
use super::mime::Draft;
use super::russian::{date_words, upfirst};
use super::stamp::sealed;
use chrono::{DateTime, Utc};

/// The bytes of the mark. It is never sent to anybody: it lies beside the letters whose writer it stands for.
pub fn tombstone(composer: &Composer, mark: &str, at: DateTime<Utc>) -> Vec<u8> {
    let key = format!("tombstone/{mark}");
    let local = at.with_timezone(&composer.zone);
    let text = format!(
        "Отметка Отклика. {} по просьбе человека удалены данные о нём. Здесь нет ни имени, ни адреса.\n\nНе удаляйте это письмо: по нему Отклик не примет старые письма этого человека за новые обращения, если базу придётся восстанавливать.",
        upfirst(&date_words(local.date_naive(), Some(0)))
    );
    let message_id = message_id(composer, &key);
    let draft = Draft {
        from: (composer.school.clone(), composer.address.clone()),
        to: composer.address.clone(),
        subject: "Отклик: отметка об удалении данных".to_owned(),
        date: local.to_rfc2822(),
        x_otklik: sealed(composer, &message_id, &format!("v=1; kind=other; record=1; mark={mark}; at={}", at.timestamp())),
        message_id,
        references: Vec::new(),
        replied: false,
        unsubscribe: None,
        html: format!("<p>{}</p>", text.replace("\n\n", "</p><p>")),
        text,
        calendar: None,
        files: Vec::new(),
        pictures: Vec::new(),
    };
    draft.assemble(|index| boundary(composer, &key, index))
}
