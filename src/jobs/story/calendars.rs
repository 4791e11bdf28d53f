//! Calendar objects as people's programs send them: answers in the manner of each client, «занято» of a colleague.
//!
//! The shapes are those of tests/itip/replies. Not here: the letters round them that are not calendars (`letters`), what we send (`itip`).

use super::letters::{Maker, PLAIN, base64, crlf};
use crate::itip::{self, Method, Object, PartStat};
use crate::message;
use chrono::{DateTime, Utc};

/// Whose manner a calendar answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Client {
    Gmail,
    Outlook,
    Exchange,
    Apple,
    Thunderbird,
    Yandex,
    Zimbra,
    Nextcloud,
}

impl Client {
    /// All of them, by the names that stories use.
    pub(super) const ALL: [(&str, Client); 8] = [
        ("gmail", Client::Gmail),
        ("outlook", Client::Outlook),
        ("exchange", Client::Exchange),
        ("apple", Client::Apple),
        ("thunderbird", Client::Thunderbird),
        ("yandex", Client::Yandex),
        ("zimbra", Client::Zimbra),
        ("nextcloud", Client::Nextcloud),
    ];
}

/// What is answered to an invitation.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said {
    Answer(PartStat),
    /// Another start; the length stays.
    Counter(DateTime<Utc>),
    /// Who is to come instead.
    Delegated(String),
    /// «Как там было?»
    Refresh,
}

impl Said {
    fn method(&self) -> Method {
        match self {
            Said::Answer(_) | Said::Delegated(_) => Method::Reply,
            Said::Counter(_) => Method::Counter,
            Said::Refresh => Method::Refresh,
        }
    }

    /// In Russian and in English, as subjects begin.
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Said::Answer(PartStat::Accepted) => ("Принято", "Event accepted"),
            Said::Answer(PartStat::Declined) => ("Отклонено", "Event declined"),
            Said::Answer(_) => ("Под вопросом", "Event tentatively accepted"),
            Said::Counter(_) => ("Предложено новое время", "New time proposed"),
            Said::Delegated(_) => ("Поручено", "Event delegated"),
            Said::Refresh => ("Запрос обновления", "Event refresh"),
        }
    }

    /// The value of PARTSTAT and parameters that go with it.
    fn partstat(&self) -> String {
        match self {
            Said::Answer(answer) => answer.as_str().to_owned(),
            Said::Counter(_) => PartStat::Tentative.as_str().to_owned(),
            Said::Delegated(to) => format!("DELEGATED;DELEGATED-TO=\"mailto:{to}\""),
            Said::Refresh => PartStat::NeedsAction.as_str().to_owned(),
        }
    }
}

/// The invitation in one of our letters.
pub(super) fn request(raw: &[u8]) -> Option<Object> {
    let message = message::read(raw);
    let part = message.calendars.first()?;
    itip::read(&part.bytes, part.method.as_deref()).ok().filter(|o| o.method == Some(Method::Request))
}

const SUMMARY: &str = "Консультация специалиста школы";

/// An answer in the manner of a client.
pub(super) fn answer(maker: &Maker, who: &str, name: Option<&str>, object: &Object, said: &Said, client: Client) -> Vec<u8> {
    let (russian, english) = said.words();
    let subject = match client {
        Client::Apple => format!("{english}: {SUMMARY}"),
        _ => format!("{russian}: {SUMMARY}"),
    };
    let told = format!("{russian}: {SUMMARY}");
    let ics = crlf(&Answering { maker, who, name: name.unwrap_or(who), object, said, subject: &told }.object(client));
    let method = said.method().as_str();
    let head = maker.head(who, name, &subject);
    let b = format!("story-boundary-{}", maker.number);
    let plain = format!("--{b}\r\n{PLAIN}\r\n{told}\r\n\r\n");
    let html =
        format!("--{b}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<html><body><p>{told}</p></body></html>\r\n\r\n");
    let calendar = |kind: &str| format!("--{b}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}", base64(&ics));
    let body = match client {
        // The same object twice: as an alternative and as a file.
        Client::Gmail | Client::Thunderbird => format!(
            "Content-Type: multipart/mixed; boundary=\"m{b}\"\r\n\r\n--m{b}\r\nContent-Type: multipart/alternative; boundary=\"{b}\"\r\n\r\n{plain}{}--{b}--\r\n--m{b}\r\nContent-Type: application/ics; name=\"invite.ics\"\r\nContent-Disposition: attachment; filename=\"invite.ics\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--m{b}--\r\n",
            calendar(&format!("text/calendar; charset=\"UTF-8\"; method={method}")),
            base64(&ics)
        ),
        Client::Outlook | Client::Yandex => format!(
            "Content-Type: multipart/alternative; boundary=\"{b}\"\r\n\r\n{plain}{}--{b}--\r\n",
            calendar(&format!("text/calendar; charset=\"utf-8\"; method={method}"))
        ),
        Client::Exchange => format!(
            "Content-Type: multipart/alternative; boundary=\"{b}\"\r\n\r\n{plain}{html}{}--{b}--\r\n",
            calendar(&format!("text/calendar; charset=\"utf-8\"; method={method}"))
        ),
        Client::Zimbra => format!(
            "Content-Type: multipart/alternative; boundary=\"{b}\"\r\n\r\n{plain}{html}{}--{b}--\r\n",
            calendar(&format!("text/calendar; charset=utf-8; method={method}; name=meeting.ics"))
        ),
        // A file that names its method.
        Client::Nextcloud => format!(
            "Content-Type: multipart/mixed; boundary=\"{b}\"\r\n\r\n{plain}--{b}\r\nContent-Type: text/calendar; method={method}; name=event.ics; charset=utf-8\r\nContent-Disposition: attachment; filename=event.ics\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--{b}--\r\n",
            base64(&ics)
        ),
        // An attachment without method= and charset=.
        Client::Apple => format!(
            "Content-Type: multipart/mixed; boundary=\"{b}\"\r\n\r\n{plain}--{b}\r\nContent-Type: text/calendar; name=iCal-reply.ics\r\nContent-Disposition: attachment; filename=iCal-reply.ics\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--{b}--\r\n",
            base64(&ics)
        ),
    };
    format!("{head}{body}").into_bytes()
}

/// An answer on its way to text.
struct Answering<'a> {
    maker: &'a Maker,
    who: &'a str,
    name: &'a str,
    object: &'a Object,
    said: &'a Said,
    subject: &'a str,
}

impl Answering<'_> {
    /// Start and end as the answer has them: those of the invitation, or the ones proposed.
    fn span(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let (start, end) = (self.object.start, self.object.end);
        match self.said {
            Said::Counter(at) => (Some(*at), start.zip(end).and_then(|(start, end)| at.checked_add_signed(end - start))),
            _ => (start, end),
        }
    }

    /// DTSTART and DTEND, in UTC or in a zone of the given name.
    fn times(&self, id: Option<&str>) -> String {
        let zone = self.maker.at.timezone();
        let (start, end) = self.span();
        let mut lines = String::new();
        for (field, at) in [("DTSTART", start), ("DTEND", end)] {
            let Some(at) = at else { continue };
            lines.push_str(&match id {
                Some(id) => format!("{field};TZID={id}:{}\n", at.with_timezone(&zone).format("%Y%m%dT%H%M%S")),
                None => format!("{field}:{}\n", at.format("%Y%m%dT%H%M%SZ")),
            });
        }
        lines
    }

    fn object(&self, client: Client) -> String {
        let Answering { maker, who, name, object, said, subject } = self;
        let stamp = maker.at.to_utc().format("%Y%m%dT%H%M%SZ");
        let (uid, sequence, school) = (&object.uid, object.sequence, &maker.school);
        let partstat = &said.partstat();
        let common = format!("UID:{uid}\nSEQUENCE:{sequence}\nDTSTAMP:{stamp}\nLAST-MODIFIED:{stamp}\nTRANSP:OPAQUE\n");
        let iana = maker.at.timezone().name();
        let local = || self.times(Some(iana));
        let (product, zones, event) = match client {
            Client::Gmail => (
                "-//Google Inc//Google Calendar 70.9054//EN",
                String::new(),
                format!(
                    "{}ORGANIZER;CN={school}:mailto:{school}\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN={name};X-NUM-GUESTS=0:mailto:{who}\nDESCRIPTION:\nLOCATION:\nSTATUS:CONFIRMED\nSUMMARY:{SUMMARY}\n{common}",
                    self.times(None)
                ),
            ),
            // No ORGANIZER, a rewritten SUMMARY, an address in capitals.
            Client::Outlook => (
                "-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN",
                String::new(),
                format!(
                    "ATTENDEE;PARTSTAT={partstat}:MAILTO:{}\nCLASS:PUBLIC\n{}PRIORITY:5\nSUMMARY;LANGUAGE=ru:{subject}\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\n{common}",
                    who.to_uppercase(),
                    self.times(None)
                ),
            ),
            // No ORGANIZER, a zone of Windows, the revision in a property of its own.
            Client::Exchange => (
                "Microsoft Exchange Server 2010",
                standard(maker, windows(iana), true),
                format!(
                    "ATTENDEE;PARTSTAT={partstat};CN={name}:mailto:{who}\nCOMMENT;LANGUAGE=ru-RU:\\n\nUID:{uid}\nSUMMARY;LANGUAGE=ru-RU:{subject}\n{}CLASS:PUBLIC\nPRIORITY:5\nDTSTAMP:{stamp}\nTRANSP:OPAQUE\nSTATUS:CONFIRMED\nSEQUENCE:0\nLOCATION;LANGUAGE=ru-RU:\nX-MICROSOFT-CDO-APPT-SEQUENCE:{sequence}\nX-MICROSOFT-CDO-OWNERAPPTID:-1456789012\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\nX-MICROSOFT-DISALLOW-COUNTER:FALSE\n",
                    self.times(Some(windows(iana)))
                ),
            ),
            Client::Apple => (
                "-//Apple Inc.//macOS 15.5//EN",
                standard(maker, iana, false),
                format!(
                    "{}ATTENDEE;CN=\"{name}\";CUTYPE=INDIVIDUAL;EMAIL=\"{who}\";PARTSTAT={partstat};ROLE=REQ-PARTICIPANT:mailto:{who}\nORGANIZER;EMAIL=\"{school}\":mailto:{school}\nSUMMARY:{SUMMARY}\n{common}",
                    local()
                ),
            ),
            Client::Thunderbird => (
                "-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
                standard(maker, iana, false),
                format!(
                    "ORGANIZER:mailto:{school}\nATTENDEE;CN={name};EMAIL={who};PARTSTAT={partstat};ROLE=REQ-PARTICIPANT:mailto:{who}\n{}SUMMARY:{SUMMARY}\n{common}",
                    local()
                ),
            ),
            Client::Yandex => (
                "-//Yandex LLC//Yandex Calendar//EN",
                format!("X-YANDEX_MAIL_TYPE:event_reply\n{}", standard(maker, iana, false)),
                format!(
                    "{}SUMMARY:{SUMMARY}\nATTENDEE;PARTSTAT={partstat};CN=\"{name}\";ROLE=REQ-PARTICIPANT:mailto:{who}\nORGANIZER:mailto:{school}\n{common}",
                    local()
                ),
            ),
            Client::Zimbra => (
                "Zimbra-Calendar-Provider",
                standard(maker, iana, false),
                format!(
                    "SUMMARY:{subject}\nATTENDEE;CN={name};ROLE=REQ-PARTICIPANT;PARTSTAT={partstat}:mailto:{who}\nORGANIZER;CN={school}:mailto:{school}\n{}STATUS:CONFIRMED\nCLASS:PUBLIC\nX-MICROSOFT-CDO-INTENDEDSTATUS:BUSY\n{common}",
                    self.times(Some(&format!("\"{iana}\"")))
                ),
            ),
            // A length instead of an end.
            Client::Nextcloud => {
                let (start, end) = self.span();
                let lasting = start.zip(end).map_or(0, |(start, end)| (end - start).num_minutes());
                let begins = start.map(|at| format!("DTSTART:{}\n", at.format("%Y%m%dT%H%M%SZ"))).unwrap_or_default();
                (
                    "-//Sabre//Sabre VObject 4.5.6//EN",
                    "CALSCALE:GREGORIAN\n".to_owned(),
                    format!(
                        "UID:{uid}\nDTSTAMP:{stamp}\nSEQUENCE:{sequence}\nREQUEST-STATUS:2.0;Success\n{begins}DURATION:PT{lasting}M\nSUMMARY:{SUMMARY}\nORGANIZER;CN={school}:mailto:{school}\nATTENDEE;CN={name};PARTSTAT={partstat}:mailto:{who}\n"
                    ),
                )
            }
        };
        let delegate = match said {
            Said::Delegated(to) => format!("ATTENDEE;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE;DELEGATED-FROM=\"mailto:{who}\":mailto:{to}\n"),
            _ => String::new(),
        };
        let method = said.method().as_str();
        format!("BEGIN:VCALENDAR\nPRODID:{product}\nVERSION:2.0\nMETHOD:{method}\n{zones}BEGIN:VEVENT\n{event}{delegate}END:VEVENT\nEND:VCALENDAR\n")
    }
}

/// METHOD:REFRESH, which names the event and nothing else (RFC 5546 §3.2.6).
pub(super) fn refresh(maker: &Maker, who: &str, name: Option<&str>, object: &Object) -> Vec<u8> {
    let stamp = maker.at.to_utc().format("%Y%m%dT%H%M%SZ");
    let event = format!("UID:{}\nDTSTAMP:{stamp}\nORGANIZER:mailto:{}\nATTENDEE:mailto:{who}\n", object.uid, maker.school);
    let (words, _) = Said::Refresh.words();
    let object = format!("BEGIN:VCALENDAR\nPRODID:-//Story//RU\nVERSION:2.0\nMETHOD:REFRESH\nBEGIN:VEVENT\n{event}END:VEVENT\nEND:VCALENDAR\n");
    alternative(maker, who, name, &format!("{words}: {SUMMARY}"), Method::Refresh, &object)
}

/// «Занято»: an event of a colleague to which the school's mailbox is invited.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    pub who: String,
    pub uid: String,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    pub weeks: Option<u32>,
}

/// METHOD:REQUEST to the school, or the CANCEL of it.
pub(super) fn block(maker: &Maker, name: Option<&str>, block: &Block, method: Method) -> Vec<u8> {
    let Block { who, uid, start, end, weeks } = block;
    let (zone, school) = (maker.at.timezone(), &maker.school);
    let stamp = maker.at.to_utc().format("%Y%m%dT%H%M%SZ");
    let local = |at: &DateTime<Utc>| at.with_timezone(&zone).format("%Y%m%dT%H%M%S").to_string();
    let (sequence, status, words) = match method {
        Method::Cancel => (1, "CANCELLED", "Отменено: занято"),
        _ => (0, "CONFIRMED", "Занято"),
    };
    let rule = weeks.map(|n| format!("RRULE:FREQ=WEEKLY;COUNT={n}\n")).unwrap_or_default();
    let event = format!(
        "UID:{uid}\nSEQUENCE:{sequence}\nDTSTAMP:{stamp}\nDTSTART;TZID={id}:{}\nDTEND;TZID={id}:{}\n{rule}SUMMARY:Занято\nORGANIZER;CN=\"{}\":mailto:{who}\nATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{school}\nSTATUS:{status}\nTRANSP:OPAQUE\n",
        local(start),
        local(end),
        name.unwrap_or(who),
        id = zone.name()
    );
    let zones = standard(maker, zone.name(), false);
    let method_name = method.as_str();
    let object = format!(
        "BEGIN:VCALENDAR\nPRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN\nVERSION:2.0\nMETHOD:{method_name}\n{zones}BEGIN:VEVENT\n{event}END:VEVENT\nEND:VCALENDAR\n"
    );
    alternative(maker, who, name, words, method, &object)
}

fn alternative(maker: &Maker, who: &str, name: Option<&str>, subject: &str, method: Method, object: &str) -> Vec<u8> {
    let b = format!("story-boundary-{}", maker.number);
    let method = method.as_str();
    format!(
        "{}Content-Type: multipart/alternative; boundary=\"{b}\"\r\n\r\n--{b}\r\n{PLAIN}\r\n{subject}\r\n\r\n--{b}\r\nContent-Type: text/calendar; method={method}; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}--{b}--\r\n",
        maker.head(who, name, subject),
        base64(&crlf(object))
    )
    .into_bytes()
}

/// A VTIMEZONE of the school's zone; Exchange adds a summer time that is none.
fn standard(maker: &Maker, id: &str, twice: bool) -> String {
    let offset = maker.at.format("%z");
    let daylight =
        if twice { format!("BEGIN:DAYLIGHT\nDTSTART:16010101T000000\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:DAYLIGHT\n") } else { String::new() };
    format!(
        "BEGIN:VTIMEZONE\nTZID:{id}\nBEGIN:STANDARD\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nDTSTART:19700101T000000\nEND:STANDARD\n{daylight}END:VTIMEZONE\n"
    )
}

/// What Windows calls a zone.
fn windows(iana: &str) -> &str {
    match iana {
        "Europe/Kaliningrad" => "Kaliningrad Standard Time",
        "Europe/Moscow" => "Russian Standard Time",
        "Europe/Samara" => "Russia Time Zone 3",
        "Europe/Volgograd" => "Volgograd Standard Time",
        "Asia/Yekaterinburg" => "Ekaterinburg Standard Time",
        "Asia/Vladivostok" => "Vladivostok Standard Time",
        "Asia/Kamchatka" => "Russia Time Zone 11",
        other => other,
    }
}
