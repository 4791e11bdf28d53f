//! The reading of a whole letter: sort it, find the appeal's own words, and read everything else out of those.
//!
//! Not here: the single readings, each in its own file.

use super::author::Side;
use super::forms::Form;
use super::kind::{self, Sorted};
use super::learned::Features;
use super::names::{self, Named};
use super::questions::judged;
use super::slot::{self, Offer};
use super::times::{Mode, windows};
use super::translit::Script;
use super::urgency::Found;
use super::words::{TEXT_LIMIT, Words, cut, fold, forget};
use super::{CalendarAnswer, Category, Context, Intent, Kind, Role, Topics, Understanding, Window};
use super::{answers, author, bounce, classes, contact, family, language, people, survey, thread, topic, translit, wishes};
use crate::itip::PartStat;
use crate::message::Message;
use chrono::{NaiveDate, Utc};

/// How sure a reading may be at most where the words were not read: such a letter goes to the head.
const NOT_READ: f64 = 0.3;

/// Understands a letter. Pure and total; the topic rules are prepared once.
pub fn understand(topics: &Topics, message: &Message, context: &Context<'_>) -> Understanding {
    let mut read = match language::restored(message) {
        Some((turned, script)) => in_other_letters(topics, message, &turned, script, context),
        None => {
            let mut read = letter(topics, message, context);
            read.language = language::foreign(&read.text);
            read
        }
    };
    if matches!(read.kind, Some(Kind::NewAppeal | Kind::StaffForm | Kind::ReplyToThread | Kind::SurveyAnswer)) {
        if let Some(language) = read.language {
            read.confidence = read.confidence.min(NOT_READ);
            read.reasons.push(format!("{}: решает руководитель", language::told(language)));
        }
        no_words(&mut read, message);
    } else {
        read.language = None;
    }
    let person = !matches!(read.kind, None | Some(Kind::Bounce | Kind::AutoReply | Kind::SpamOrList | Kind::StaffForm));
    if person && read.name.is_none() {
        read.name = display(message).filter(|d| in_latin(d)).map(|d| d.trim().to_owned());
    }
    read.reasons.truncate(16);
    forget();
    read
}

/// «Daniel Okoro»: two or three words in Latin letters, each with a capital.
fn in_latin(display: &str) -> bool {
    let words: Vec<&str> = display.split_whitespace().collect();
    let word = |w: &&str| w.starts_with(|c: char| c.is_ascii_uppercase()) && w.chars().skip(1).all(|c| c.is_ascii_lowercase() || matches!(c, '-' | '\''));
    let business = ["School", "Support", "Admin", "Service", "Info", "Team", "Mail", "Office", "News", "Shop"];
    (2..=3).contains(&words.len()) && words.iter().all(word) && !words.iter().any(|w| business.contains(w))
}

/// Russian in Latin letters is read in Cyrillic; what can be read as it was written stays as written.
fn in_other_letters(topics: &Topics, message: &Message, turned: &Message, script: Script, context: &Context<'_>) -> Understanding {
    let mut read = letter(topics, turned, context);
    let how = match script {
        Script::Translit => "письмо написано по-русски латиницей: прочитано по звукам",
        Script::Layout => "письмо набрано в английской раскладке: прочитано по клавишам",
    };
    read.reasons.push(how.to_owned());
    if script == Script::Translit {
        let back = |name: Option<String>| name.map(|n| translit::as_written(&n, &message.body.whole).unwrap_or(n));
        (read.name, read.child) = (back(read.name.take()), back(read.child.take()));
        if read.text == turned.body.own {
            read.text = cut(&message.body.own, TEXT_LIMIT).to_owned();
        }
    }
    read
}

/// A letter that only carries a file: nothing was read, and that is said.
fn no_words(read: &mut Understanding, message: &Message) {
    let device = message.body.signature.trim();
    let own = read.text.trim().trim_end_matches(device);
    if message.attachments.is_empty() || own.chars().filter(|c| c.is_alphanumeric()).count() > 1 {
        return;
    }
    let named = message.subject.chars().filter(|c| c.is_alphabetic()).count() > 3 && read.kind == Some(Kind::NewAppeal);
    read.confidence = read.confidence.min(if named { 0.5 } else { NOT_READ });
    let what = message.attachments.first().map_or("файл", |a| match a.media_type.split('/').next() {
        Some("image") => "фото",
        Some("audio") => "голосовое сообщение",
        Some("video") => "видео",
        _ if a.media_type == "application/pdf" => "файл PDF",
        _ => "файл",
    });
    read.wordless = Some(what);
    read.reasons.push(format!("письмо без слов, только вложение ({what}): прочитать его должен человек"));
}

/// Understands a letter whose words are as they are.
fn letter(topics: &Topics, message: &Message, context: &Context<'_>) -> Understanding {
    let sorted = kind::sort(message, context);
    let mut read = Understanding { kind: sorted.kind, ignored: sorted.ignored, confidence: sorted.sure, ..Understanding::default() };
    read.reasons.push(sorted.why.clone());
    read.thread = sorted.thread.id.clone();
    read.text = cut(own_words(message, &sorted), TEXT_LIMIT).to_owned();
    let staff = message.sender().is_some_and(|a| kind::is_staff(&a.email, context));
    match sorted.kind {
        None => {}
        Some(Kind::Bounce) => {
            let report = bounce::read(message, context.own);
            let about = read.thread.as_ref().and_then(|id| context.sent.iter().find(|s| s.message_id == *id));
            if about.is_some_and(|sent| !bounce::names(message, &report, sent)) {
                // Whoever has seen a letter of ours knows its id: of another address it proves nothing.
                read.thread = None;
                read.reasons.push("отчёт о доставке называет другой адрес, не тот, на который ушло наше письмо: не верим".to_owned());
            }
            if !report.also.is_empty() {
                read.reasons.push(format!("не доставлено и другим: {}", report.also.join(", ")));
            }
            read.bounce = Some(report);
        }
        Some(Kind::AutoReply | Kind::SpamOrList) => {}
        Some(Kind::CalendarReply) => calendar(&mut read, topics, message, context, sorted, staff),
        Some(Kind::SurveyAnswer) => {
            answered(&mut read, topics, message, context, &sorted, staff);
            // A form filled in between or behind the lines of ours is quoted text: what the author's own words leave open, all of the letter tells.
            let own = survey::read(cut(&read.text, TEXT_LIMIT));
            let filled = survey::read(cut(&message.body.whole, TEXT_LIMIT));
            let between = message.body.whole.lines().take(6).any(|l| l.trim_start().starts_with('>'));
            read.survey = Some(if between { filled.or(own) } else { own.or(filled) });
        }
        Some(Kind::ReplyToThread) => {
            answered(&mut read, topics, message, context, &sorted, staff);
            answer_turned_appeal(&mut read, topics, message, context, &sorted, staff);
        }
        Some(Kind::NewAppeal | Kind::StaffForm) => appeal(&mut read, topics, message, context, &sorted, staff),
    }
    read
}

/// The appeal's own words: the form's field, the letter passed on, or what the author wrote.
fn own_words<'a>(message: &'a Message, sorted: &'a Sorted) -> &'a str {
    match (&sorted.form, &sorted.passed) {
        (Some(form), _) => &form.text,
        (None, Some(passed)) => &passed.text,
        (None, None) if message.body.own.trim().is_empty() && message.body.quoted.trim().is_empty() => &message.body.whole,
        _ => &message.body.own,
    }
}

/// The local day of the letter: its Date in the school's zone.
fn today(message: &Message, context: &Context<'_>) -> NaiveDate {
    match (message.date, context.zone, context.received) {
        (Some(date), Some(zone), _) => date.with_timezone(&zone).date_naive(),
        (Some(date), None, _) => date.date_naive(),
        (None, Some(zone), Some(received)) => received.with_timezone(&zone).date_naive(),
        (None, _, received) => received.unwrap_or(chrono::DateTime::<Utc>::UNIX_EPOCH).date_naive(),
    }
}

fn display(message: &Message) -> Option<&str> {
    message.sender().and_then(|a| a.name.as_deref())
}

/// Readings that every letter of a person has: phone, class, child, danger, grief, complaint.
fn common(
    read: &mut Understanding,
    topics: &Topics,
    text: &Words<'_>,
    (signed, named): (&str, &Named<'_>),
    subject: &str,
    context: &Context<'_>,
) -> (Option<(Category, f64)>, Features) {
    read.phone = contact::phone(signed, context.school_phones);
    read.class = classes::class(signed, false).or_else(|| classes::class(subject, true));
    read.child = family::child(named, read.name.as_deref());
    let subject = Words::new(subject);
    let features = topic::features(&topic::both(&subject, text));
    let Found { danger, grief, complaint, outweighed } = topics.urgency_by(&subject, text, &features);
    read.urgent = danger.is_some();
    read.delicate = grief.is_some();
    read.complaint = complaint.is_some();
    let leans = danger.as_ref().and_then(|d| d.leans);
    read.reasons.extend([danger.map(|d| d.why), outweighed, grief, complaint].into_iter().flatten());
    (leans, features)
}

/// An answer: intent, times, and what it tells anew of the author.
fn answered(read: &mut Understanding, topics: &Topics, message: &Message, context: &Context<'_>, sorted: &Sorted, staff: bool) {
    let signed = format!("{}\n{}", read.text, message.body.signature);
    let named = names::read(&signed);
    read.name = author::name(&named, display(message), Side::Parent).name;
    read.role = if staff { Role::Staff } else { Role::Parent };
    let own = read.text.clone();
    let _ = common(read, topics, &Words::new(&own), (&signed, &named), "", context);
    read.wants_consultation = false;
    let today = today(message, context);
    if sorted.kind == Some(Kind::ReplyToThread) {
        let text = read.text.clone();
        read.times = super::offers::chosen(&text, &message.body.quoted, today).unwrap_or_else(|| windows(&text, today, Mode::Answer));
        let offer = offered(read.thread.as_deref(), context, message).or_else(|| slot::quoted(&message.body.quoted, &message.subject, today));
        if let Some(offer) = offer {
            read.times = slot::against(&text, std::mem::take(&mut read.times), offer, today);
        }
        busy(&mut read.times, &text);
        let (intent, words) = answers::intent(&text, staff, &read.times, offer);
        read.intent = intent;
        if intent == Intent::Accept && offer.is_some_and(|o| slot::is_the_offer(&read.times, o)) {
            read.times.clear();
        }
        if matches!(intent, Intent::Accept | Intent::Thanks | Intent::CloseReport) && read.times.iter().all(|w| w.not) {
            read.times.clear();
        }
        // What did not happen, what did not help: its hours are told, not wished.
        if matches!(
            intent,
            Intent::NoShow | Intent::NotHelped | Intent::Complaint | Intent::WrongPerson | Intent::Withdraw | Intent::DataWithdrawal | Intent::Thanks
        ) {
            read.times = windows(&text, today, Mode::Letter);
            read.times.retain(|w| intent != Intent::Withdraw || w.not);
        }
        if intent == Intent::Tentative {
            read.times.retain(|w| w.not);
        }
        if intent == Intent::WrongPerson && !staff {
            read.role = Role::Unknown;
        }
        if intent == Intent::Decline
            && let Some(day) = offer.map(|o| o.start.date()).filter(|d| *d >= today && !read.times.iter().any(|w| w.date == Some(*d)))
        {
            read.times.insert(0, Window { date: Some(day), not: true, ..Window::default() });
        }
        if matches!(intent, Intent::Reschedule | Intent::Decline) {
            super::offers::refuse_offered(&mut read.times, &message.body.quoted, today);
        }
        if let Some(words) = words {
            read.reasons.push(format!("смысл ответа («{words}»)"));
        }
        let words = Words::new(&text);
        read.channel = wishes::channel(&words, read.phone.is_some() && read.times.iter().any(|w| !w.not));
    }
}

/// «Поставили смену с семи до семи», «дежурю с 8 до 20»: hours without a day that say when the author is busy are no wish.
fn busy(times: &mut Vec<Window>, text: &str) {
    let words = Words::new(text);
    const BUSY: [&str; 12] = ["смен", "дежур", "работа", "занят", "совещан", "планерк", "трениров", "урок", "учеб", "операци", "рейс", "прием"];
    let said = words.tokens.windows(4).any(|w| {
        let free = w.iter().any(|t| t.norm.starts_with("посл"));
        matches!(w, [a, b, c, d] if BUSY.iter().any(|k| a.norm.starts_with(k)) && !free && [b, c, d].iter().any(|t| matches!(t.norm.as_str(), "с" | "со")))
    });
    if said {
        times.retain(|w| w.not || w.date.is_some() || !w.weekday.is_empty() || w.from.is_some() || w.to.is_some() || w.after.is_none() || w.before.is_none());
    }
}

/// The slot that the letter answered had offered, local to the school.
fn offered(thread: Option<&str>, context: &Context<'_>, message: &Message) -> Option<Offer> {
    let sent = context.sent.iter().find(|s| Some(s.message_id.as_str()) == thread)?;
    let (start, end) = (sent.slot_start?, sent.slot_end.or_else(|| sent.slot_start.map(|s| s + chrono::TimeDelta::minutes(40)))?);
    Some(Offer { start: local(start, context, message), end: local(end, context, message) })
}

/// A moment on the school's clock.
fn local(t: chrono::DateTime<Utc>, context: &Context<'_>, message: &Message) -> chrono::NaiveDateTime {
    match (context.zone, message.date) {
        (Some(zone), _) => t.with_timezone(&zone).naive_local(),
        (None, Some(date)) => t.with_timezone(date.offset()).naive_local(),
        (None, None) => t.naive_utc(),
    }
}

/// Who answers an announcement with a trouble of the own opens an appeal; so does who takes an old letter, or any, to write of something else.
fn answer_turned_appeal(read: &mut Understanding, topics: &Topics, message: &Message, context: &Context<'_>, sorted: &Sorted, staff: bool) {
    let text = read.text.clone();
    let long = text.chars().count();
    if staff || long < 100 || fold(&text).contains("ознакомлен") {
        return;
    }
    let announced = thread::announcement(message, &sorted.thread);
    let other = thread::another_matter(&text);
    let old = thread::age(message, &sorted.thread, context, today(message, context)).is_some_and(|days| days > OLD);
    let why = if announced {
        "ответ на объявление, но о своей беде: новое обращение"
    } else if other {
        "ответ на наше письмо, но сказано, что о другом: новое обращение"
    } else if old
        && long >= 160
        && !matches!(read.intent, Intent::NotHelped | Intent::Thanks | Intent::Complaint | Intent::NoShow | Intent::DataWithdrawal | Intent::WrongPerson)
    {
        "ответ на давнее письмо с новым вопросом: новое обращение"
    } else {
        return;
    };
    let verdict = topics.judge(&Words::new(""), &Words::new(&text), None, "", None);
    if verdict.category.is_some_and(|c| c != Category::Other) && verdict.confidence > 0.5 {
        let thread = read.thread.take();
        *read = Understanding { kind: Some(Kind::NewAppeal), confidence: 0.75, text, thread, ..Understanding::default() };
        read.reasons.push(why.to_owned());
        appeal(read, topics, message, context, sorted, staff);
    }
}

/// Days after which a letter of ours is an old one.
const OLD: i64 = 30;

/// A new appeal, a form, a letter passed on.
fn appeal(read: &mut Understanding, topics: &Topics, message: &Message, context: &Context<'_>, sorted: &Sorted, staff: bool) {
    let text = read.text.clone();
    let words = Words::new(sorted.noted.as_ref().map_or(&text, |n| &n.matter));
    let sender_name = match (&sorted.form, &sorted.passed) {
        (Some(_), _) => None,
        (None, Some(passed)) => passed.from.name.as_deref(),
        (None, None) => display(message),
    };
    let (signed, subject) = match (&sorted.form, &sorted.passed) {
        (Some(_), _) => (text.clone(), String::new()),
        (None, Some(passed)) => (text.clone(), passed.subject.clone()),
        (None, None) => (format!("{text}\n{}", message.body.signature), message.subject.clone()),
    };
    let named = names::read(&signed);
    let evidence = people::evidence(&words, sender_name);
    let mut signed_class = false;
    read.name = match &sorted.form {
        Some(form) => form.name.clone(),
        None if sorted.noted.is_some() => sorted.noted.as_ref().and_then(|n| n.name.clone()),
        None if sorted.relayed => family::relayed(&named),
        None => {
            let author = author::name(&named, sender_name, evidence.side());
            signed_class = author.beside_class;
            author.name
        }
    };
    let (leans, features) = common(read, topics, &words, (&signed, &named), &subject, context);
    if let Some(phone) = display(message).filter(|_| read.phone.is_none() && sorted.form.is_none() && sorted.passed.is_none()) {
        read.phone = contact::phone(phone, context.school_phones);
    }
    if sorted.form.is_none() && sorted.passed.is_none() && !sorted.relayed {
        read.class = read.class.take().or_else(|| classes::class(display(message).unwrap_or_default(), true));
        let from = message.sender().map_or("", |a| a.email.as_str());
        read.contact_email = contact::answer_to(&signed, context.own).filter(|a| a != from);
    }
    if let Some(noted) = &sorted.noted {
        read.phone = noted.phone.clone().or(read.phone.take());
        read.class = noted.class.clone().or(read.class.take());
        read.contact_email.clone_from(&noted.email);
    }
    let today = today(message, context);
    read.times = windows(&signed, today, Mode::Letter);
    let mut remark = false;
    if let Some(form) = &sorted.form {
        remark = from_form(read, form, context, today);
    } else if let Some(passed) = &sorted.passed {
        read.contact_email = Some(passed.from.email.clone()).filter(|e| !e.is_empty());
        read.class = read.class.take().or_else(|| classes::class(&message.subject, true)).or_else(|| classes::class(&message.body.own, false));
    }
    let subject_words = Words::new(&subject);
    let form_type = sorted.form.as_ref().and_then(|f| f.kind.as_deref());
    let sender = message.sender().map_or("", |a| a.email.as_str());
    let verdict = judged(topics, &subject_words, &words, form_type, sender, leans, Some(&features));
    (read.category, read.runner_up, read.secondary) = (verdict.category, verdict.runner_up, verdict.secondary);
    read.confidence = (read.confidence * verdict.confidence / 0.9).clamp(0.05, 0.98);
    read.reasons.extend(verdict.reasons);
    if sorted.form.is_none() {
        let own = sorted.passed.is_none() && !sorted.relayed;
        // Younger children do not sign letters to the school.
        let upper = read.class.as_deref().is_some_and(|c| !c.starts_with(['1', '2', '3', '4']) || c.starts_with("10") || c.starts_with("11"));
        read.role = evidence.role(read.class.is_some(), staff && own, signed_class && upper);
        if !own && matches!(read.role, Role::Unknown | Role::Teacher | Role::Staff) {
            read.role = Role::Parent;
        }
    }
    let talk = wishes::wants_talk(&words, read.category, form_type);
    read.wants_consultation = talk.is_some();
    read.reasons.extend(talk);
    let called = remark || called_when(&words, read) || beside_phone(&signed, today);
    read.channel = match &sorted.form {
        Some(form) => wishes::channel(&Words::new(&format!("{text}\n{}", form.phone)), called),
        None => wishes::channel(&words, called),
    };
    if read.complaint || read.category == Some(Category::LessonQuality) {
        about(read, &words, context);
    }
}

/// A phone with a time beside it says when it may be called.
fn called_when(words: &Words<'_>, read: &Understanding) -> bool {
    read.phone.is_some()
        && !read.times.is_empty()
        && words.tokens.iter().any(|t| ["звон", "позвон", "перезвон", "набер", "трубк", "созвон", "телефон"].iter().any(|s| t.norm.starts_with(s)))
        && !words.tokens.iter().any(|t| ["подойт", "прийти", "подъех", "встре", "зайти", "приех"].iter().any(|s| t.norm.starts_with(s)))
}

/// A remark right behind a number: «8 900 …, лучше в среду», «(после шести)».
fn beside_phone(text: &str, today: NaiveDate) -> bool {
    contact::phones(text).first().and_then(|p| text.get(p.at..)).is_some_and(|rest| {
        let tail: String = rest.trim_start_matches(|c: char| !c.is_alphabetic() && c != '\n').lines().next().unwrap_or_default().chars().take(60).collect();
        !windows(&tail, today, Mode::Answer).is_empty()
    })
}

/// What a form says in its fields; whether the phone's field carries a remark on the time.
fn from_form(read: &mut Understanding, form: &Form, context: &Context<'_>, today: NaiveDate) -> bool {
    read.role = form.role;
    read.class = form.class.clone().or(read.class.take());
    read.phone = contact::phone(&form.phone, context.school_phones).or(read.phone.take());
    read.contact_email = form.email.clone();
    let remark: Vec<Window> = windows(&form.phone, today, Mode::Answer);
    let any = !remark.is_empty();
    read.times.extend(remark);
    any
}

/// Staff named as the object of a complaint.
fn about(read: &mut Understanding, words: &Words<'_>, context: &Context<'_>) {
    read.about_staff = people::staff_named(words, context.staff, read.name.as_deref());
    let person = words
        .tokens
        .iter()
        .any(|t| ["учител", "педагог", "преподавател", "психолог", "логопед", "завуч", "директор", "руководител"].iter().any(|p| t.norm.starts_with(p)));
    read.about_unclear = read.complaint && person && read.about_staff.is_empty();
}

/// A calendar answer.
fn calendar(read: &mut Understanding, topics: &Topics, message: &Message, context: &Context<'_>, sorted: Sorted, staff: bool) {
    let method = sorted.method.unwrap_or_default();
    read.role = if staff { Role::Staff } else { Role::Parent };
    read.name = author::name(&names::read(""), display(message), Side::Parent).name;
    let sender = message.sender().map_or("", |a| a.email.as_str());
    let attendee = sorted.object.as_ref().and_then(|o| o.attendees.iter().find(|a| a.email == sender).or_else(|| o.attendees.first()));
    let partstat = attendee.map(|a| a.partstat);
    read.intent = thread::calendar_intent(&method, partstat);
    let today = today(message, context);
    let comment = sorted.object.as_ref().and_then(|o| o.comment.clone()).or_else(|| quoted_comment(&message.body.own));
    if let Some(object) = &sorted.object {
        if method == "COUNTER" {
            read.times.extend(proposed(object.start, object.end, message, context));
        }
        read.calendar = Some(CalendarAnswer {
            method: method.clone(),
            uid: object.uid.clone(),
            attendee: attendee.map(|a| a.email.clone()),
            // A proposal of another time often has no status at all.
            partstat: partstat.filter(|p| *p != PartStat::NeedsAction).map(|p| text_of(p).to_owned()),
            start: object.start,
        });
    }
    if let Some(comment) = comment {
        let words = Words::new(&comment);
        let Found { danger, outweighed, .. } = topics.urgency(&Words::new(""), &words);
        read.urgent = danger.is_some();
        read.reasons.extend(danger.map(|d| d.why).or(outweighed));
        if method != "COUNTER" {
            read.times = windows(&comment, today, Mode::Answer);
        }
        read.text = comment;
    }
    read.object = sorted.object;
}

fn text_of(partstat: PartStat) -> &'static str {
    match partstat {
        PartStat::NeedsAction => "NEEDS-ACTION",
        PartStat::Accepted => "ACCEPTED",
        PartStat::Declined => "DECLINED",
        PartStat::Tentative => "TENTATIVE",
        PartStat::Delegated => "DELEGATED",
    }
}

/// The note that Google prints in guillemets of its own.
fn quoted_comment(own: &str) -> Option<String> {
    let (_, rest) = own.split_once("омментарием:")?;
    let (_, rest) = rest.split_once('«')?;
    rest.split_once('»').map(|c| c.0.trim().to_owned())
}

fn proposed(start: Option<chrono::DateTime<Utc>>, end: Option<chrono::DateTime<Utc>>, message: &Message, context: &Context<'_>) -> Option<Window> {
    let start = local(start?, context, message);
    Some(Window { date: Some(start.date()), after: Some(start.time()), before: end.map(|e| local(e, context, message).time()), ..Window::default() })
}
