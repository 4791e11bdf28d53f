//! What goes wrong on the wires: each kind with its rate, and single faults planned at a byte or a verb. Which of them a verb can have is said here;
//! how each of them looks is the servers' matter.

use super::State;
use super::chance::Chance;

/// Which of the two servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wire {
    /// The mailbox.
    Imap,
    /// The way out.
    Smtp,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// From the program to the server.
    In,
    /// From the server to the program.
    Out,
}

/// Declares each kind once: its variant, its rate, its name in the counts.
macro_rules! kinds {
    ($($(#[$doc:meta])* $field:ident $kind:ident)*) => {
        /// A kind of misbehaviour.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $($(#[$doc])* $kind,)* }

        /// How often each kind happens, per mille of the occasions it has.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Rates { $($(#[$doc])* pub $field: u32,)* }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind,)*];
            /// The name in counts and traces.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$kind => stringify!($field),)* }
            }
        }

        impl Rates {
            /// The rate of a kind.
            pub fn of(&self, kind: Kind) -> u32 {
                match kind { $(Kind::$kind => self.$field,)* }
            }
            /// The place of a rate, to be drawn.
            pub fn of_mut(&mut self, kind: Kind) -> &mut u32 {
                match kind { $(Kind::$kind => &mut self.$field,)* }
            }
        }
    };
}

kinds! {
    /// The connection is refused.
    refused Refused
    /// The connection ends at some byte, in either direction, and the program hears of it only by reading: what it wrote last may be lost.
    cut Cut
    /// The connection is reset at some byte: reading and writing fail from there on.
    reset Reset
    /// The answer takes a while (up to a minute and a half).
    delay Delay
    /// The command takes effect, its answer never comes.
    silence Silence
    /// IMAP: NO. SMTP: 5xx.
    no No
    /// IMAP: BAD. SMTP: 4xx.
    bad Bad
    /// The server goes down: BYE, or 421; the command may have taken effect (IMAP).
    restart Restart
    /// Untagged answers come in another order.
    reorder Reorder
    /// Untagged answers come twice.
    repeat Repeat
    /// EXISTS, EXPUNGE, FLAGS that nobody asked for.
    unsolicited Unsolicited
    /// Untagged lines without end.
    endless Endless
    /// The answer is to a command that was never given.
    wrong_tag WrongTag
    /// The login is refused.
    login_refused LoginRefused
    /// The folder gets another UIDVALIDITY and its letters other UIDs.
    renumbered Renumbered
    /// EXAMINE tells no UIDNEXT.
    no_uid_next NoUidNext
    /// A scan gives letters with UIDs below what was asked.
    old_uid OldUid
    /// RFC822.SIZE is wrong, or no number.
    wrong_size WrongSize
    /// A letter comes without its body.
    no_body NoBody
    /// A literal of 4 GiB is announced.
    huge_literal HugeLiteral
    /// No room for an APPEND.
    over_quota OverQuota
    /// 450 at RCPT for some minutes, once for each address.
    greylist Greylist
    /// A reply of many lines, legal.
    many_lines ManyLines
    /// A reply that is none.
    malformed Malformed
    /// The letter is kept, the connection ends before its 250.
    untold Untold
    /// The letter is kept, and the reply never comes.
    silent_dot SilentDot
    /// 250, and then the connection ends.
    told_then_cut ToldThenCut
    /// 451 although the letter is kept.
    kept_but_451 KeptBut451
    /// 535 at AUTH, 530 at MAIL.
    lost_login LostLogin
    /// 554 5.7.1 after the dot: taken for spam.
    spam Spam
}

/// When a planned fault happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// After so many bytes on this wire in this direction, over all its connections: a cut or a reset.
    Byte(Wire, Way, u64),
    /// At this verb, so many times heard since the world began (from 1).
    Verb(Wire, &'static str, u32),
}

/// One fault, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// When.
    pub when: Moment,
    /// What.
    pub what: Kind,
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub struct Faults {
    /// Where drawn faults come from.
    pub chance: Chance,
    /// How often.
    pub rates: Rates,
    /// Exactly these, each once.
    pub planned: Vec<Planned>,
}

impl Faults {
    /// None yet.
    pub fn new(seed: u64) -> Faults {
        Faults { chance: Chance::new(seed), rates: Rates::default(), planned: Vec::new() }
    }
}

/// Whether a kind can happen at a verb. Verbs of IMAP: connect greeting CAPABILITY AUTHENTICATE LOGIN LIST EXAMINE NOOP SCAN FETCH APPEND LITERAL IDLE
/// DONE LOGOUT; of SMTP: connect greeting EHLO AUTH MAIL RCPT DATA DOT RSET QUIT.
pub fn possible(kind: Kind, wire: Wire, verb: &str) -> bool {
    use Kind::*;
    if verb == "connect" {
        return matches!(kind, Refused | Cut | Reset);
    }
    match (wire, kind) {
        (_, Refused | Cut | Reset) => false,
        (_, Delay) => true,
        (Wire::Smtp, Silence) => verb != "DOT",
        (Wire::Smtp, No | Bad) => verb != "QUIT",
        (Wire::Smtp, Restart | ManyLines | Malformed) => true,
        (Wire::Smtp, Greylist) => verb == "RCPT",
        (Wire::Smtp, Untold | SilentDot | ToldThenCut | KeptBut451) => verb == "DOT",
        (Wire::Smtp, Spam) => verb == "DOT" || verb == "MAIL",
        (Wire::Smtp, LostLogin) => verb == "AUTH" || verb == "MAIL",
        (Wire::Imap, Silence | Restart) => true,
        (Wire::Imap, No | Bad) => !matches!(verb, "greeting" | "LOGOUT"),
        (Wire::Imap, WrongTag) => verb != "greeting",
        (Wire::Imap, Reorder | Repeat) => matches!(verb, "LIST" | "EXAMINE" | "SCAN" | "FETCH" | "CAPABILITY"),
        (Wire::Imap, Unsolicited) => !matches!(verb, "greeting" | "CAPABILITY" | "AUTHENTICATE" | "LOGIN" | "LOGOUT"),
        (Wire::Imap, Endless) => !matches!(verb, "SCAN" | "LOGOUT"),
        (Wire::Imap, LoginRefused) => matches!(verb, "AUTHENTICATE" | "LOGIN"),
        (Wire::Imap, Renumbered | NoUidNext) => verb == "EXAMINE",
        (Wire::Imap, OldUid | WrongSize) => verb == "SCAN",
        (Wire::Imap, NoBody | HugeLiteral) => verb == "FETCH",
        (Wire::Imap, OverQuota) => matches!(verb, "APPEND" | "LITERAL"),
        _ => false,
    }
}

impl State {
    /// The fault of this occasion, counted and noted; the planned one comes before any that is drawn.
    pub(super) fn fault(&mut self, wire: Wire, verb: &'static str) -> Option<Kind> {
        let heard = self.heard.entry((wire, verb)).or_default();
        *heard += 1;
        let heard = *heard;
        let planned = self.faults.planned.iter().position(|p| p.when == Moment::Verb(wire, verb, heard));
        let kind = match planned {
            Some(at) => Some(self.faults.planned.remove(at).what),
            None => {
                let Faults { chance, rates, .. } = &mut self.faults;
                Kind::ALL.iter().copied().find(|kind| rates.of(*kind) > 0 && possible(*kind, wire, verb) && chance.per_mille(rates.of(*kind)))
            }
        };
        // What a kind does not do at once (a cut that never comes, an address that was greylisted before) is counted where it happens.
        if let Some(kind) = kind.filter(|kind| !matches!(kind, Kind::Cut | Kind::Reset | Kind::Greylist)) {
            self.count(kind, verb);
        }
        kind
    }

    /// A fault has happened.
    pub(super) fn count(&mut self, kind: Kind, verb: &str) {
        *self.counts.entry(kind.name()).or_default() += 1;
        self.note(format!("!! {} at {verb}", kind.name()));
    }

    /// How many bytes may still pass before a planned cut, and of which kind it is.
    pub(super) fn until_cut(&self, wire: Wire, way: Way) -> Option<(u64, Kind)> {
        let passed = self.passed.get(&(wire, way)).copied().unwrap_or_default();
        let cuts = self.faults.planned.iter().filter_map(|p| match p.when {
            Moment::Byte(w, d, at) if (w, d) == (wire, way) => Some((at.saturating_sub(passed), p.what)),
            _ => None,
        });
        cuts.min()
    }

    /// So many bytes passed.
    pub(super) fn pass(&mut self, wire: Wire, way: Way, bytes: usize) {
        *self.passed.entry((wire, way)).or_default() += bytes as u64;
    }

    /// A cut of this direction has happened; a planned one is done with.
    pub(super) fn cut_done(&mut self, wire: Wire, way: Way, kind: Kind) {
        let passed = self.passed.get(&(wire, way)).copied().unwrap_or_default();
        self.faults.planned.retain(|p| !matches!(p.when, Moment::Byte(w, d, at) if (w, d) == (wire, way) && at <= passed));
        self.count(kind, if way == Way::In { "a byte in" } else { "a byte out" });
    }
}
