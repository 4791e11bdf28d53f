//! An [`Understanding`] as `otklik explain --json` prints it: exactly the keys of docs/labels.md, null where they do not apply.
//!
//! Not here: the reading of files, the words for people.

use super::{Kind, Understanding};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};

/// One object of `otklik explain --json`. `zone` is the school's: moments are printed in it.
pub fn explain_json(file: &str, read: &Understanding, zone: Tz) -> Value {
    let appeal = matches!(read.kind, Some(Kind::NewAppeal | Kind::StaffForm));
    let person = !matches!(read.kind, None | Some(Kind::Bounce | Kind::AutoReply | Kind::SpamOrList));
    let answer = matches!(read.kind, Some(Kind::ReplyToThread | Kind::CalendarReply | Kind::StaffForm | Kind::SurveyAnswer));
    let only = |yes: bool, value: Value| if yes { value } else { Value::Null };
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    put("file", json!(file));
    put("kind", json!(read.kind));
    put("category", only(appeal, json!(read.category)));
    put("secondary", only(appeal, json!(read.secondary)));
    put("urgent", json!(read.urgent));
    put("wants_consultation", only(appeal, json!(read.wants_consultation)));
    put("role", only(person, json!(read.role)));
    put("name", only(person, json!(read.name)));
    put("class", only(person, json!(read.class)));
    put("phone", only(person, json!(read.phone)));
    put("channel", only(person, json!(read.channel)));
    put("times", json!(read.times));
    put("intent", only(answer, json!(read.intent)));
    put("thread", json!(read.thread));
    put("contact_email", only(person, json!(read.contact_email)));
    put("child", only(person, json!(read.child)));
    put("bounce", json!(read.bounce));
    let calendar = read.calendar.as_ref().map(|c| {
        let start = c.start.map(|s| s.with_timezone(&zone).to_rfc3339());
        json!({ "method": c.method, "uid": c.uid, "attendee": c.attendee, "partstat": c.partstat, "start": start })
    });
    put("calendar", json!(calendar));
    put("survey", json!(read.survey));
    put("language", json!(read.language));
    put("confidence", json!((read.confidence * 100.0).round() / 100.0));
    put("reasons", json!(read.reasons));
    Value::Object(out)
}
