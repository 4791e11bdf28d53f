//! Who may steer by letter: one table of token, sender, proof and risk (reliability.md, 2.1), with nothing else to consult.
//!
//! Not here: how a token or a sender is verified (`token`, `sender`), roles (`may`), the question to the registered address (`confirm`).

use super::may::Role;
use super::order::Order;
use super::sender;
use crate::settings::Settings;
use crate::slots::Specialist;

/// What is proved of a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Auth {
    /// The school's own domain, or a code that only the registered address got.
    Sure,
    /// The domain, at a free mail provider that lets nobody write under another address than that of the login.
    Login,
    /// The domain of a free mail provider: somebody of its millions.
    Shared,
    /// Nothing.
    None,
    /// It is forged, or broken on its way.
    Fail,
}

/// What an order can do wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Risk {
    /// It is seen and undone at once, and nobody outside reads anything new.
    Low,
    /// An answer to the author in an appeal that the writer has.
    OwnAnswer,
    /// Words that a parent reads, another hand, an end.
    High,
}

/// What becomes of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Carried out.
    Do,
    /// Carried out, and marked as not proved in the history and the daily report.
    DoMarked,
    /// The registered address is asked.
    Confirm,
    /// Not carried out, and nothing is answered; the daily report counts it. From another address, the token's owner hears once a day.
    Refuse,
    /// Not carried out; what could be done instead is told, once a day.
    Help,
    /// Not carried out, nobody is told; the daily report counts it.
    Silent,
}

/// The table. `token`: it is valid, and it is this person's. `registered`: the one sender is the address in the register.
pub(super) fn decide(token: bool, registered: bool, auth: Auth, risk: Risk) -> Verdict {
    match (token, registered, auth, risk) {
        (true, false, ..) | (true, true, Auth::Fail, _) => Verdict::Refuse,
        (true, true, Auth::Sure, _) => Verdict::Do,
        (true, true, Auth::Login, Risk::Low | Risk::OwnAnswer) | (true, true, Auth::Shared, Risk::Low) => Verdict::Do,
        (true, true, Auth::None, Risk::Low) => Verdict::DoMarked,
        (true, true, Auth::Login | Auth::Shared | Auth::None, _) => Verdict::Confirm,
        (false, true, Auth::Sure | Auth::Login | Auth::Shared, Risk::Low | Risk::OwnAnswer) => Verdict::Help,
        (false, true, Auth::Sure | Auth::Login | Auth::Shared, Risk::High) => Verdict::Refuse,
        (false, ..) => Verdict::Silent,
    }
}

/// The risk of an order about an appeal for somebody with these roles. What is not named here is high: a new order is asked about until
/// somebody has thought about it.
pub(super) fn risk(order: &Order, roles: &[Role]) -> Risk {
    let own = roles.contains(&Role::Assignee) || roles.contains(&Role::Specialist);
    match order {
        Order::Take | Order::Accept | Order::Decline | Order::Stands | Order::Acknowledge | Order::Called | Order::Reminders(_) | Order::Note(_) => Risk::Low,
        // Only staff hear of these, and both can be taken back.
        Order::NotMine(_) | Order::Keep(_) => Risk::Low,
        // Calls and their outcome change no time and send nothing outside.
        Order::Unreached | Order::CallMyself | Order::Confirmed => Risk::Low,
        Order::Ask(_) if own => Risk::OwnAnswer,
        Order::Held { recommendations: None } => Risk::Low,
        // «Не пришли» writes to the family, «сбой связи» takes a consultation away.
        Order::NotHeld { .. } | Order::Close { answer: Some(_), .. } | Order::Held { .. } | Order::Recommend(_) if own => Risk::OwnAnswer,
        _ => Risk::High,
    }
}

/// Which orders of somebody will be asked about, and why, in one line: for `otklik check`.
pub fn asked_about(settings: &Settings, person: &Specialist) -> String {
    let check = &settings.sender_check;
    let domain = person.email.rsplit_once('@').map_or("", |(_, d)| d);
    match sender::at_best(check, &person.email) {
        Auth::Sure if check.authserv_id.is_none() && !check.dkim => "nothing is confirmed: sender_check = \"trusted\" believes every letter".to_owned(),
        Auth::Sure => format!("no confirmation while the mail of {domain} passes DMARC or DKIM"),
        Auth::Login => format!("confirms orders that matter, but not answers in own appeals: {domain} is free mail that ties From to the login"),
        Auth::Shared => format!("confirms orders that matter: {domain} is free mail, and a pass proves the domain, not the person"),
        Auth::None if check.required => "confirms every order: nothing proves the sender (no authserv_id, no dkim = \"verify\")".to_owned(),
        Auth::None | Auth::Fail => "confirms orders that matter: nothing proves the sender (no authserv_id, no dkim = \"verify\")".to_owned(),
    }
}
