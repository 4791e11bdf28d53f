//! Letters about group consultations: contexts, and the texts of their calendar objects. No count, no name and no address of another family
//! has a field here.

use super::russian::Moment;
use super::staff_letters::Task;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// What a letter to the specialist is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupNews {
    /// A new one.
    Planned,
    /// At another time.
    Moved,
    /// It will not take place.
    Cancelled,
    /// It is over: did it take place?
    Over,
    /// It begins soon.
    Soon,
    /// To somebody who holds it instead of another.
    Given,
    /// To the one who does not hold it any more.
    Passed,
    /// The invitation once more.
    Again,
}

/// The specialist's letter about a group.
#[derive(Debug, Clone, Serialize)]
pub struct GroupTask {
    /// Number of the group.
    pub id: i64,
    /// What happened.
    pub news: GroupNews,
    /// Topic, as staff named it.
    pub topic: String,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Channel.
    pub channel: String,
    /// Seats.
    pub capacity: u32,
    /// Whom it is for.
    pub classes: Vec<String>,
    /// End of the course, before intermediate certification.
    pub course_end: Option<NaiveDate>,
    /// What has to be done in it (003 3.8), where it is before intermediate certification.
    pub duties: Vec<String>,
    /// The time before a move.
    pub old_start: Option<DateTime<Utc>>,
    /// Why it is cancelled, or given to somebody else (a sentence without its stop); passed on: who holds it.
    pub reason: Option<String>,
    /// Appeals of the families invited, by number.
    pub seats: Vec<i64>,
    /// Appeals that wait for a seat.
    pub waiting: Vec<i64>,
    /// How many of the invited have said yes.
    pub confirmed: usize,
}

/// What a letter about a family's seat is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatNews {
    /// It is invited.
    Invited,
    /// It asked for another time: the seat stays, the time too.
    Fixed,
    /// The invitation once more.
    Again,
    /// Somebody else holds the group.
    Replaced,
    /// A day before.
    Tomorrow,
}

/// A family's invitation.
#[derive(Debug, Clone, Serialize)]
pub struct GroupInvitation {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// Topic, as staff named it.
    pub topic: String,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Channel.
    pub channel: String,
    /// How to connect or where to come, where configured.
    pub connect: Option<String>,
    /// «учитель математики Морозова Татьяна Игоревна».
    pub specialist: String,
    /// Before intermediate certification.
    pub certification: bool,
    /// What the letter is about.
    pub news: SeatNews,
}

/// «Вы в листе ожидания».
#[derive(Debug, Clone, Serialize)]
pub struct GroupWaiting {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// Topic.
    pub topic: String,
    /// Start.
    pub start: DateTime<Utc>,
    /// The group has another time than the family was told.
    pub moved: bool,
    /// By when the school writes whatever happens.
    pub due_date: Option<NaiveDate>,
}

/// The group meets at another time.
#[derive(Debug, Clone, Serialize)]
pub struct GroupMoved {
    /// The new invitation.
    pub invitation: GroupInvitation,
    /// The time before.
    pub old_start: DateTime<Utc>,
}

/// Why a family has no seat any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatEnd {
    /// It said no.
    Declined,
    /// Staff took it off the list.
    Removed,
    /// The group does not meet.
    Cancelled,
    /// It waited, and no seat became free.
    Full,
}

/// What comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatNext {
    /// A letter about another group.
    Group,
    /// The head decides, a letter follows.
    Decision,
    /// The family writes if it wants another group or a time of its own.
    Word,
    /// A consultation of its own, of which another letter told.
    Own,
    /// Nothing: the appeal is closed.
    Closed,
}

/// A family's seat is given up.
#[derive(Debug, Clone, Serialize)]
pub struct GroupCancelled {
    /// Author's name.
    pub name: Option<String>,
    /// Appeal number.
    pub number: i64,
    /// Start of the group.
    pub start: DateTime<Utc>,
    /// Why.
    pub why: SeatEnd,
    /// It was in the waiting list.
    pub waited: bool,
    /// Why the group does not meet, a neutral sentence.
    pub reason: Option<String>,
    /// What next.
    pub next: SeatNext,
    /// Before intermediate certification.
    pub certification: bool,
}

/// To the specialist: what one family of a group did or got. No other family is in it.
#[derive(Debug, Clone, Serialize)]
pub struct GroupFamily {
    /// Number of the group.
    pub id: i64,
    /// Its start.
    pub start: DateTime<Utc>,
    /// «семья получила место», a whole sentence without its stop.
    pub what: String,
    /// What the family just wrote, where it did.
    pub wrote: Option<String>,
    /// The family and its appeal.
    pub task: Task,
}

/// SUMMARY of the specialist's event.
pub fn group_summary(id: i64) -> String {
    format!("Групповая консультация № {id}")
}

/// DESCRIPTION of the specialist's event, with the duties of 003 3.8 as a checklist.
pub fn group_staff_description(id: i64, (start, end): (DateTime<Utc>, DateTime<Utc>), zone: chrono_tz::Tz, way: &str, duties: &[String]) -> String {
    let mut lines = vec![format!("{}.", group_summary(id)), when(start, end, zone), format!("Как: {way}.")];
    if !duties.is_empty() {
        lines.push("На консультации перед промежуточной аттестацией необходимо:".to_owned());
        lines.extend(duties.iter().map(|duty| format!("☐ {duty}")));
    }
    lines.join("\n")
}

/// DESCRIPTION of a family's event.
pub fn group_description(
    number: i64,
    (start, end): (DateTime<Utc>, DateTime<Utc>),
    zone: chrono_tz::Tz,
    way: &str,
    connect: Option<&str>,
    phone: &str,
) -> String {
    let mut lines = vec![format!("Групповая консультация по заявке № {number}."), when(start, end, zone), format!("Как: {way}.")];
    lines.extend(connect.map(str::to_owned));
    lines.push(format!("Не сможете прийти: ответьте на письмо или позвоните: {phone}."));
    lines.join("\n")
}

fn when(start: DateTime<Utc>, end: DateTime<Utc>, zone: chrono_tz::Tz) -> String {
    let (start, end) = (Moment { at: start, zone }, Moment { at: end, zone });
    format!("Когда: {}, до {} ({}).", start.spoken(), end.time(), start.zone_words())
}
