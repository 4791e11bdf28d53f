//! Otklik: letters to a school become answered appeals. A program without screens: it reads the school's mailbox, sends a receipt, hands the
//! appeal to a specialist, invites by calendar, reminds, escalates and reports. This page is the architecture; `tests/architecture.rs` checks it.
//!
//! # The way of a letter
//!
//! ```text
//!   school's mailbox, read-only                                                        people
//!  INBOX, Spam, Sent ─▶ mailbox ─▶ store.journal ─▶ message::read ─▶ understand ─┐       ▲
//!                       (bytes,     (commit 1:       (total)         (kind, topic,│       │
//!                        UID)        it is known)                     wishes, why)▼       │
//!  orders of staff ────────────────────────────────▶ store.decide_…( facts ─▶ decide ─▶ effects )
//!  clock ─▶ deadlines, reports ────────────────────▶   (commit 2: state, history, letters to send)
//!                                                                                 │       │
//!                                                         outbox ─▶ dispatch ─▶ transport ┘─▶ APPEND to Sent
//! ```
//!
//! 1. [`mailbox::Mailbox::scan`] tells what is new; [`store::Store::journal`] commits (folder, UIDVALIDITY, UID) before a byte is parsed.
//! 2. [`jobs::handle()`] reads ([`message::read()`]) and understands ([`understand::understand`]) a batch in parallel. Both are total: a letter that
//!    breaks them is parked and told about, the next one goes on.
//! 3. [`store::Store::decide_letters`] asks the facts, calls [`decide::on_message`] and carries the effects out, in one `BEGIN IMMEDIATE`.
//! 4. A letter to send is an [`outbox::Posting`]: bytes frozen by [`compose::freeze()`] when it was decided, under a key that names the decision.
//! 5. [`jobs::dispatch()`] hands due postings to [`transport::Transport::send`]; the row tells at every moment what may have left.
//!
//! # Map
//!
//! In import order: a module names only modules above it, so there is no circle. [`store`] never names [`decide`], [`compose`] or [`config`] (what
//! it carries out comes as a closure and as effects); nobody but `main` and tests names [`daemon`] or [`cli`].
//!
//! Pure: plain values in, plain values out. No clock, no I/O, no async, no randomness, no log.
//!
//! | module | is |
//! | --- | --- |
//! | [`message`] | bytes to a letter as data; never fails, lists what is odd |
//! | [`worktime`] | production calendar, office hours, terms with the reason for each day |
//! | [`itip`] | calendar objects of RFC 5545/5546: what we send, what comes back |
//! | [`understand`] | a letter understood: kind, topic, author, wishes, urgency, with reasons |
//! | [`slots`] | who is free when, and which slot to take |
//! | [`outbox`] | an outgoing letter as a notion: posting, status, retry rule |
//! | [`appeal`] | one appeal from arrival to closing: states, terms, consultations, seats in groups |
//! | [`announcement`] | what staff announce to families: the sender's text, the audience, the answers, the pace |
//! | [`report`] | reports, journal and register as data |
//! | [`compose`] | every letter we send: context and template to frozen MIME |
//! | [`settings`] | the gathered settings of one school, checked, immutable |
//! | [`publish`] | what everybody may see: the schedule as page, workbook and feeds, fragments of the site |
//! | [`facts`] | what a decision may know |
//! | [`effect`] | all that a decision may order |
//! | [`decide`] | the only place that decides |
//!
//! Edges: one outside thing each. Their doubles are variants of an enum, not traits: `Script` in mailbox and transport, `Virtual` in the clock.
//!
//! | module | is |
//! | --- | --- |
//! | [`clock`] | the only wall clock |
//! | [`dial`] | how a connection begins: TCP, or a pipe of a test |
//! | [`moment`] | named moments at which a program that dies leaves something half done; watched by tests alone |
//! | [`config`] | files to settings; all mistakes at once, with file and line; the only reader of the environment |
//! | [`mailbox`] | IMAP, a folder of letters, a script; read-only but for APPEND to Sent |
//! | [`transport`] | SMTP, a folder, a script; each outcome tells its phase |
//! | [`store`] | one SQLite file and all SQL of the program; never waits, has no clock |
//!
//! Shells: they move what others decided.
//!
//! | module | is |
//! | --- | --- |
//! | [`jobs`] | intake, deadlines, reports, dispatch, copies, orders, groups, announcements, blocked time, lessons, backups, rebuild, takeover, what was forgotten, rehearsal and stories; idempotent, called by daemon, `once`, rehearsal, the simulator and tests alike |
//! | [`daemon`] | two tasks a school (one reads and decides, one sends), signals, watchdog, back-off; what a round does is [`daemon::round`] |
//! | [`cli`] | the command line, one file a command |
//!
//! One noun, three places: the pure module decides ([`appeal`]), `store/appeals.rs` remembers, [`jobs`] move.
//!
//! # What always holds
//!
//! - **Decide, then do.** Facts are read, the decision taken and its effects written in one transaction, letters included. Daemon and command line
//!   can never take one slot or one number twice. Only dispatch sends.
//! - **Journal before effect.** A letter is known before it is parsed; one that stops the program three times is parked.
//! - **The mailbox stays untouched.** No flag, no move, no delete, no SEARCH; what is handled is known from the journal alone.
//! - **Every outgoing letter is frozen bytes with a deterministic Message-ID.** Equal input gives equal bytes; sent at least once, recognisable when
//!   repeated. The same decision twice is one posting.
//! - **One `now` a round**, passed down as a value. SQL has no clock.
//! - **Nothing is guessed silently.** What is unclear goes to the head; each reading has its reasons (`otklik explain`), each appeal its history.
//! - **No listening socket.** Connections are made to the IMAP and SMTP servers of the configuration and nowhere else.
//! - **First day safe.** What was there at the first start is never answered; shadow mode sends everything to the operator.
//! - **Logs name numbers only**: appeal, posting, UID; never a name, address, subject, text or Message-ID (`docs/logging.md`).
//!
//! Errors: pure modules return values ([`message::Oddity`], [`itip::Refusal`], [`appeal::Refusal`]); edges say whether to try again
//! ([`mailbox::MailboxError`], [`outbox::Outcome`]); shells add context, log once, choose the exit code.
//!
//! # Words
//!
//! обращение **appeal** · письмо **message** (comes in), **posting** (goes out) · заявитель **author** · специалист **specialist** · руководитель
//! службы **head** · окно **slot** · консультация **consultation** · срок **term** (a rule), **due** (a moment) · эскалация **escalation**, its steps
//! **rungs** · журнал **journal** · поручение **order** · группа **meeting**, a family's place in it **seat** · объявление **announcement**, a family in its audience **addressee** · занято **block** · **round**: one run of the jobs at one moment · **baseline**: what was there before the start ·
//! **parked**: kept, not understood by the program, told to a person · **evidence**: proof that a letter left, from Sent or an answer.
//!
//! # A letter is answered
//!
//! A mother writes about her son's sleep. `intake` journals UID 118 and fetches it; [`understand::Understanding`] says: new appeal, psychologist,
//! «вторник после 15:00», by phone. [`decide::on_message`] opens appeal 147 ([`effect::Effect::Open`]), lets [`slots::choose`] take Tuesday
//! 15:00 ([`effect::Effect::Book`]) and posts two letters: the receipt to the mother, the task with a calendar request to the psychologist
//! ([`effect::Effect::Post`]). One commit. The send task wakes, marks `receipt/147` as being sent, commits again before the first byte of the
//! letter, and hands it over. The server's 250 makes it [`outbox::Status::Sent`]; a connection that ends before it makes it
//! [`outbox::Status::Unknown`]: evidence is awaited, then [`outbox::after_evidence`] says whether the same bytes go once more.
//!
//! # A specialist accepts
//!
//! The psychologist presses «Принять» in her calendar; it mails a REPLY. [`itip::read()`] reads it behind limits of size and depth, the store
//! finds the posting with this UID, [`decide::on_message`] sees that UID, attendee and sender are one person's and asks [`itip::verdict()`]: fresh.
//! The appeal makes [`appeal::Move::Take`] (the compiler knows every state and move, [`appeal::after`]), the consultation goes from
//! [`appeal::Stage::Proposed`] to [`appeal::Stage::Invited`], the mother's invitation is posted and meets the term of three business
//! days, and [`effect::Effect::WakeAt`] tells [`jobs::deadlines()`] when to look at 147 again. The same REPLY once more is a duplicate: nothing happens.

// Pure.
pub mod announcement;
pub mod appeal;
pub mod compose;
pub mod decide;
pub mod effect;
pub mod facts;
pub mod itip;
pub mod message;
pub mod outbox;
pub mod publish;
pub mod report;
pub mod settings;
pub mod slots;
pub mod understand;
pub mod worktime;

// Edges.
pub mod clock;
pub mod config;
pub mod dial;
pub mod mailbox;
pub mod moment;
pub mod store;
pub mod transport;

// Shells.
pub mod cli;
pub mod daemon;
pub mod jobs;
