//! A new appeal: its record, its terms, the receipt, and who hears of it.

use super::assign;
use super::case::Case;
use super::message::{Incoming, author_of, settled, text_hash};
use super::{Round, alarm, files, incident, phone};
use crate::appeal::{Appeal, Due, State, due_of};
use crate::compose::{self, Passed, Path, Receipt};
use crate::effect::{Effect, Event, Settled};
use crate::facts::ForLetter;
use crate::message::Origin;
use crate::outbox::Kind as Post;
use crate::settings::{Handling, Route};
use crate::slots::{Specialist, channel_kind};
use crate::understand::{Category, Channel, Kind};

/// Opens an appeal, unless the same words of the same author opened one within seven days that is still open. Nothing urgent is merged.
pub(super) fn on_new(round: Round<'_>, facts: &ForLetter, incoming: &Incoming<'_>) -> Vec<Effect> {
    if let Some(number) = facts.resent.filter(|_| !incoming.understanding.text.trim().is_empty() && !incoming.understanding.urgent) {
        return settled(Settled::Duplicate(Some(number)), Event::Added, Some(number), "автор прислал то же письмо ещё раз");
    }
    if bare_invitation(incoming) {
        return settled(Settled::Ignored("calendar"), Event::Ignored, None, "календарное приглашение не от сотрудника и без письма: ничего не назначено");
    }
    let mut appeal = record(round, facts.next_number, incoming);
    // One victim's address in many forms: beyond the day's number it is not believed, and whoever it was is called.
    let enough = facts.automatic_to_author >= round.settings.brake.address_day && typed_in(&appeal, incoming) && !appeal.urgent;
    if enough {
        appeal.email = None;
    }
    let (files, listed) = files::pass(&incoming.message.attachments);
    let mut case = Case::of(round, appeal, &[], facts.busy.clone(), facts.load.clone(), incoming.message.message_id.iter().cloned().collect());
    case.fresh = true;
    case.family.clone_from(&facts.family);
    case.replying = true;
    case.files = files;
    case.groups.clone_from(&facts.groups);
    case.proposed = incoming.proposed.cloned();
    case.note(Event::Opened, opened_text(&case.appeal));
    if enough {
        case.note(Event::NotAnswered, "адрес из формы не взят: на него за сутки уже ушло несколько писем о других формах; автору только звонят");
    }
    if incoming.message.calendars.iter().any(|c| c.method.is_some()) {
        case.note(Event::Ignored, "календарное приглашение от автора не исполняется, прочитано только письмо");
    }
    let (noticed, known) = incident::on_new(round, facts, &case.appeal, incoming.understanding);
    case.known = known;
    receipt(&mut case, facts, incoming);
    if case.appeal.urgent {
        alarm::sound(&mut case);
    }
    assign::first(&mut case, listed, facts.last_specialist.as_deref());
    passed_on(&mut case);
    let number = case.appeal.number;
    let mut effects = case.finish();
    effects.extend(noticed);
    effects.push(Effect::Settle(Settled::Opened(number)));
    effects
}

/// A calendar object that asks for something, and hardly a word beside it: nobody wrote to the school.
fn bare_invitation(incoming: &Incoming<'_>) -> bool {
    let asks = |m: &str| ["REQUEST", "PUBLISH", "ADD", "CANCEL", "DECLINECOUNTER"].iter().any(|known| m.trim().eq_ignore_ascii_case(known));
    let u = incoming.understanding;
    let invites = incoming.message.calendars.iter().filter_map(|c| c.method.as_deref()).any(asks);
    invites && !u.urgent && !u.complaint && u.text.split_whitespace().count() <= 3
}

fn opened_text(a: &Appeal) -> String {
    let mut marks = vec![a.category.title().to_owned()];
    marks.extend(a.urgent.then(|| "срочно".to_owned()));
    marks.extend(a.complaint.then(|| "жалоба".to_owned()));
    marks.extend(a.unsure.then(|| "тема не ясна".to_owned()));
    format!("заявка открыта: {}", marks.join(", "))
}

/// The record of a new appeal, nobody's yet.
pub(super) fn record(round: Round<'_>, number: i64, incoming: &Incoming<'_>) -> Appeal {
    let (s, u, m) = (round.settings, incoming.understanding, incoming.message);
    let unsure = u.category.is_none() || u.confidence < s.terms.sure;
    let category = u.category.unwrap_or(Category::Other);
    let consultation = !u.complaint && !u.delicate && s.categories.get(&category).is_some_and(|r| r.handled == Handling::Consultation);
    // A form of its own (000 3.3): where the family asks for it and the windows offer it, the answer is a letter, within the same three days.
    let by_letter = consultation && !u.urgent && u.channel == Some(Channel::Email) && answers_by_letter(round, category);
    // A family without internet asks for materials, not for a talk (002 4.2, 5).
    let consultation = consultation && !on_paper(category, &u.text);
    let invited = consultation;
    let consultation = consultation && !by_letter;
    let terms = &s.terms;
    let email = author_of(incoming);
    let passed_by = (u.kind == Some(Kind::StaffForm)).then(|| m.sender().map(|a| a.email.clone())).flatten();
    Appeal {
        number,
        state: State::Undecided,
        category,
        runner_up: u.runner_up.filter(|_| unsure),
        secondary: u.secondary,
        consultation,
        urgent: u.urgent,
        complaint: u.complaint,
        delicate: u.delicate,
        unsure,
        name: u.name.clone(),
        role: u.role,
        child: u.child.clone(),
        class: u.class.clone(),
        phone: u.phone.clone(),
        channel: u.channel,
        times: u.times.clone(),
        text: u.text.clone(),
        reasons: u.reasons.clone(),
        passed_by,
        excluded: u.about_staff.clone(),
        assignee: None,
        message_id: m.message_id.clone(),
        cause: m.content_hash.clone(),
        text_hash: text_hash(email.as_deref(), u),
        email,
        received: incoming.received,
        assigned: None,
        taken: None,
        met: None,
        closed: None,
        extended: false,
        take_due: due_of(&s.worktime, incoming.received, terms.take),
        due: main_due(round, incoming, invited),
        alarms: None,
        alarmed: None,
        acknowledged: None,
        question: None,
        asked: None,
    }
}

/// Materials on paper are asked for.
pub(super) fn on_paper(category: Category, text: &str) -> bool {
    let text = text.to_lowercase();
    category == Category::LearningHelp && ["на бумаг", "в бумажн", "распечат", "на печатн"].iter().any(|w| text.contains(w))
}

/// Whether somebody who serves the category holds consultations by e-mail.
fn answers_by_letter(round: Round<'_>, category: Category) -> bool {
    let by_mail = |p: &&Specialist| p.windows.iter().flat_map(|w| &w.channels).any(|c| channel_kind(c) == Some(Channel::Email));
    round.of_category(category, &[]).iter().any(by_mail)
}

/// Answer within 24 hours, or invitation within three business days (001 3.2.2, 000 3.2).
fn main_due(round: Round<'_>, incoming: &Incoming<'_>, consultation: bool) -> Due {
    let terms = &round.settings.terms;
    due_of(&round.settings.worktime, incoming.received, if consultation { terms.invite } else { terms.answer })
}

/// The receipt: once, only to a person, only where the address can be answered and has not been answered too often today.
fn receipt(case: &mut Case<'_>, facts: &ForLetter, incoming: &Incoming<'_>) {
    let settings = case.round.settings;
    let m = incoming.message;
    if case.appeal.email.is_none() {
        return;
    }
    let site_form = incoming.understanding.contact_email.is_some();
    if m.origin != Origin::Person && !site_form {
        return case.note(Event::NotAnswered, "квитанция не отправлена: письмо похоже на автоматическое");
    }
    let to_us = m.to.iter().chain(&m.cc).any(|a| a.email == settings.address || settings.aliases.contains(&a.email));
    if !to_us && !site_form && case.appeal.passed_by.is_none() {
        return case.note(Event::NotAnswered, "квитанция не отправлена: школа не названа среди получателей письма");
    }
    if facts.automatic_to_author >= settings.brake.address_day && !case.appeal.urgent {
        return case.note(Event::NotAnswered, "квитанция не отправлена: на этот адрес сегодня уже ушло несколько автоматических писем");
    }
    // What they wrote, a name too, does not go there.
    let by_name = !typed_in(&case.appeal, incoming);
    post_receipt(case, incoming.understanding.wordless, by_name);
}

/// The address stands in a form and wrote nothing itself: anybody can fill in somebody else's. What staff bring in is believed.
fn typed_in(appeal: &Appeal, incoming: &Incoming<'_>) -> bool {
    let itself = incoming.message.sender().is_some_and(|s| Some(&s.email) == appeal.email.as_ref());
    incoming.understanding.contact_email.is_some() && appeal.passed_by.is_none() && !itself
}

/// The receipt's letter, without asking whether it may be sent; `by_name`: the address is known to be theirs whom the letter names.
pub(super) fn post_receipt(case: &mut Case<'_>, wordless: Option<&str>, by_name: bool) {
    let settings = case.round.settings;
    let (a, terms) = (&case.appeal, &settings.terms);
    let path = match a {
        _ if a.delicate => Path::Delicate,
        _ if a.complaint => Path::Complaint,
        _ if a.consultation => Path::Consultation,
        _ => Path::Request,
    };
    let due = settings.worktime.due(a.received, if a.consultation { terms.invite } else { terms.answer });
    // What the regulation counts by the clock may end on a day off; people are told the day on which somebody is there.
    let day = case.round.date(a.due.literal.max(a.due.office));
    let holder = case
        .round
        .decider(&a.excluded)
        .map_or_else(|| "руководитель".to_owned(), |d| if d.post.is_empty() { "руководитель службы".into() } else { d.post.clone() });
    let letter = Receipt {
        name: a.name.clone().filter(|_| by_name),
        number: a.number,
        received: a.received,
        path,
        due_date: day,
        due: a.due.literal,
        provisional: a.due.provisional,
        skipped: settings.worktime.skipped(&due),
        holder,
        season: case.round.season_line(),
        passed_by: a.passed_by.as_ref().map(|email| settings.person_by_email(email).map_or_else(|| "сотрудник школы".to_owned(), |p| p.post.clone())),
        wordless: wordless.map(str::to_owned),
        ask_phone: a.phone.is_none(),
        known: case.known.clone(),
    };
    let key = format!("receipt/{}", case.appeal.number);
    if case.to_author(Post::Receipt, key, None, &letter) && case.known.is_some() {
        // What the school knows stands in the receipt: the term is kept with it.
        case.appeal.met.get_or_insert(case.round.now);
        case.note(Event::Added, "с квитанцией ушёл известный ответ об общем случае");
    }
}

/// One line to whoever passed the appeal on: number, who, by when.
fn passed_on(case: &mut Case<'_>) {
    let Some(to) = case.appeal.passed_by.clone() else { return };
    let excluded = case.round.settings.person_by_email(&to).is_some_and(|p| case.appeal.excluded.contains(&p.id));
    if excluded {
        return;
    }
    let who = case.assignee().map_or_else(|| "руководитель службы".to_owned(), |p| p.post.clone());
    let told = phone::said_at_once(case);
    let called = case.appeal.email.is_none();
    let by_operator = case.operator().eq_ignore_ascii_case(&to);
    let letter = Passed {
        number: case.appeal.number,
        who,
        due_date: case.round.date(case.appeal.due.literal.max(case.appeal.due.office)),
        call: called && !told,
        // Whoever wrote down a call may still have the author on the line.
        say: if case.appeal.phone.is_some() && (called || told || by_operator) { phone::say_at_once(case) } else { Vec::new() },
        phone: case.appeal.phone.as_deref().filter(|_| called && told).map(compose::phone),
    };
    // They wait for it, at any hour.
    case.at_once = true;
    let key = format!("passed/{}", case.appeal.number);
    case.to_address(Post::Confirm, key, &to, None, Vec::new(), &letter);
}

/// Who a category goes to first.
pub(super) fn route(round: Round<'_>, category: Category) -> Route {
    round.settings.categories.get(&category).map_or(Route::Head, |r| r.to)
}
