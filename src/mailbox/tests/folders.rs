//! Which folder is which, and names in modified UTF-7.

use super::fake::{Fake, act, after_login};
use crate::mailbox::names::{role, wire_name};
use crate::mailbox::{MailboxError, folder_name};

/// Names as providers send them (russian.md §2.3).
const NAMES: [(&str, &str); 9] = [
    ("Отправленные", "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-"),
    ("Спам", "&BCEEPwQwBDw-"),
    ("Корзина", "&BBoEPgRABDcEOAQ9BDA-"),
    ("Удалённые", "&BCMENAQwBDsEUQQ9BD0ESwQ1-"),
    ("Нежелательная почта", "&BB0ENQQ2BDUEOwQwBEIENQQ7BEwEPQQwBE8- &BD8EPgRHBEIEMA-"),
    ("Вся почта", "&BBIEQQRP- &BD8EPgRHBEIEMA-"),
    ("Обработано", "&BB4EMQRABDAEMQQ+BEIEMAQ9BD4-"),
    ("Родители & дети 😀", "&BCAEPgQ0BDgEQgQ1BDsEOA- &- &BDQENQRCBDg- &2D3eAA-"),
    ("Sent", "Sent"),
];

#[test]
fn names_travel_in_modified_utf7_and_come_back() {
    for (name, raw) in NAMES {
        assert_eq!(wire_name(name), raw);
        assert_eq!(folder_name(raw), name);
    }
    for broken in ["a&b", "&", "&-", "&BCE", "&****-", "&AA-", "A&-B"] {
        let _ = folder_name(broken);
    }
    assert_eq!(folder_name("Q&A"), "Q&A");
    assert_eq!(folder_name("Q&-A"), "Q&A");
    assert_eq!(folder_name("&AAA"), "&AAA");
    assert!(role("Исходящие").is_none(), "the outbox is not Sent");
}

async fn listed(answer: &str) -> crate::mailbox::Folders {
    let fake = Fake::start(vec![after_login(vec![act("LIST \"\" \"*\" RETURN (SPECIAL-USE)", &format!("{answer}{{t}} OK\r\n"))])]).await;
    fake.mailbox().folders().await.unwrap()
}

#[tokio::test]
async fn folders_are_found_by_attribute_then_by_name() {
    // mail.ru: names only; Yandex: delimiter `|`, attributes; Dovecot: a prefix; and a trap: a folder of one's own below another.
    let mail_ru = "* LIST (\\HasNoChildren) \"/\" INBOX\r\n* LIST () \"/\" \"&BCEEPwQwBDw-\"\r\n* LIST () \"/\" \"&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-\"\r\n";
    let found = listed(mail_ru).await;
    assert_eq!(found.sent.as_deref(), Some("&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-"));
    assert_eq!(found.spam.as_deref(), Some("&BCEEPwQwBDw-"));
    assert_eq!(found.all.len(), 3);

    let yandex = "* LIST (\\Unmarked \\HasNoChildren) \"|\" Archive|Sent\r\n* LIST (\\Unmarked \\Sent) \"|\" Outgoing\r\n* LIST (\\Junk) \"|\" \"Drafts|\\\"x\\\"\"\r\n\
                  * LIST (\\Noselect) \"|\" Spam\r\n";
    let found = listed(yandex).await;
    assert_eq!(found.sent.as_deref(), Some("Outgoing"));
    assert_eq!(found.spam.as_deref(), Some("Drafts|\"x\""));
    assert_eq!(found.all, ["Archive|Sent", "Outgoing", "Drafts|\"x\""]);

    let own =
        "* LIST () \".\" INBOX.Archive.Sent\r\n* LIST () \".\" INBOX.Sent\r\n* LIST () NIL {4}\r\nJunk\r\n* LIST ()  \"/\"  extended (\"OLDNAME\" (\"a\"))\r\n";
    let found = listed(own).await;
    assert_eq!(found.sent.as_deref(), Some("INBOX.Sent"));
    assert_eq!(found.spam.as_deref(), Some("Junk"));
    assert_eq!(found.all.last().map(String::as_str), Some("extended"));
}

#[tokio::test]
async fn a_folder_named_in_russian_is_opened_and_a_missing_one_needs_a_person() {
    let opened = "* 0 EXISTS\r\n* OK [UIDVALIDITY 5] ok\r\n{t} OK\r\n";
    let fake = Fake::start(vec![after_login(vec![
        act("EXAMINE \"&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-\"", opened),
        act("EXAMINE \"a\\\"b\"", "{t} NO [NONEXISTENT] Unknown Mailbox\r\n"),
    ])])
    .await;
    let mut mailbox = fake.mailbox();
    assert_eq!(mailbox.examine("Отправленные").await.unwrap().uid_validity, 5);
    let missing = mailbox.examine("a\"b").await;
    assert!(matches!(&missing, Err(MailboxError::Permanent(text)) if text.contains("no such folder")), "{missing:?}");
}
