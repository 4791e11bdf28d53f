//! What FETCH and LIST answer, rightly and wrongly. What goes wrong with any answer is in `imap`.

use super::State;
use super::faults::Kind;
use super::imap::{Reply, numbered, spelled};
use imap_codec::imap_types::fetch::{MacroOrMessageDataItemNames, MessageDataItemName};
use imap_codec::imap_types::sequence::{SeqOrUid, Sequence, SequenceSet};

/// What a FETCH asks for.
pub(super) struct Wanted {
    /// From and to; 0 is `*`.
    ranges: Vec<(u32, u32)>,
    date: bool,
    size: bool,
    /// The letter itself: all of it, or from a byte so many.
    pub(super) body: Option<Option<(u32, u32)>>,
}

impl Wanted {
    /// What is asked; an error where it would mark letters as read, or is none of what a reader of letters needs.
    pub(super) fn of(set: &SequenceSet, items: &MacroOrMessageDataItemNames<'_>, uid: bool) -> Result<Wanted, String> {
        if !uid {
            return Err("by sequence number".to_owned());
        }
        let number = |n: &SeqOrUid| match n {
            SeqOrUid::Value(n) => n.get(),
            SeqOrUid::Asterisk => 0,
        };
        let ranges = set.0.as_ref().iter().map(|part| match part {
            Sequence::Single(n) => (number(n), number(n)),
            Sequence::Range(from, to) => (number(from), number(to)),
        });
        let mut wanted = Wanted { ranges: ranges.collect(), date: false, size: false, body: None };
        let MacroOrMessageDataItemNames::MessageDataItemNames(items) = items else { return Err(format!("{items:?}")) };
        for item in items {
            match item {
                MessageDataItemName::Uid => {}
                MessageDataItemName::InternalDate => wanted.date = true,
                MessageDataItemName::Rfc822Size => wanted.size = true,
                MessageDataItemName::BodyExt { section: None, partial, peek: true } => {
                    wanted.body = Some(partial.map(|(from, most)| (from, most.get())));
                }
                other => return Err(format!("{other:?}")),
            }
        }
        Ok(wanted)
    }

    /// `*` is the newest letter, and `n:*` holds it even where n is beyond it (RFC 3501 §6.4.8).
    fn holds(&self, uid: u32, newest: u32) -> bool {
        self.ranges.iter().any(|(from, to)| {
            let (from, to) = (if *from == 0 { newest } else { *from }, if *to == 0 { newest } else { *to });
            (from.min(to)..=from.max(to)).contains(&uid)
        })
    }
}

/// FETCH in a folder.
pub(super) fn fetch(state: &mut State, folder: &str, wanted: &Wanted, fault: Option<Kind>) -> Reply {
    let mut reply = Reply { untagged: Vec::new(), tagged: "OK fetched".to_owned() };
    let Some(place) = state.folders.get(folder) else { return Reply { tagged: "NO [NONEXISTENT] gone".to_owned(), ..reply } };
    let newest = place.letters.last().map_or(0, |letter| letter.uid);
    let chance = &mut state.faults.chance;
    for (number, letter) in numbered(place) {
        let old = fault == Some(Kind::OldUid) && letter.uid < newest;
        if !wanted.holds(letter.uid, newest) && !old {
            continue;
        }
        let mut line = format!("* {number} FETCH (UID {}", letter.uid).into_bytes();
        if wanted.date {
            line.extend_from_slice(format!(" INTERNALDATE \"{}\"", letter.received.format("%d-%b-%Y %H:%M:%S +0000")).as_bytes());
        }
        if wanted.size {
            let size = letter.raw.len();
            let told = match fault {
                Some(Kind::WrongSize) => chance
                    .pick(&[size.to_string(), "0".to_owned(), "7.5E2".to_owned(), (size / 2).to_string(), (size * 3).to_string(), u32::MAX.to_string()])
                    .clone(),
                _ => size.to_string(),
            };
            line.extend_from_slice(format!(" RFC822.SIZE {told}").as_bytes());
        }
        if let Some(part) = wanted.body {
            let from = part.map_or(0, |(from, _)| from as usize);
            let rest = letter.raw.get(from..).unwrap_or_default();
            let bytes = rest.get(..part.map_or(usize::MAX, |(_, most)| most as usize).min(rest.len())).unwrap_or_default();
            line.extend_from_slice(if part.is_some() { format!(" BODY[]<{from}>") } else { " BODY[]".to_owned() }.as_bytes());
            let wrong = fault.filter(|_| chance.per_mille(600));
            match wrong {
                // Three shapes that were met: NIL, no value at all, the letter left out.
                Some(Kind::NoBody) => match chance.below(3) {
                    0 => line.extend_from_slice(b" NIL"),
                    1 => {}
                    _ => continue,
                },
                Some(Kind::HugeLiteral) => {
                    line.extend_from_slice(format!(" {{{}}}\r\n", 4_u64 << 30).as_bytes());
                    line.extend_from_slice(bytes);
                    reply.untagged.push(line);
                    return reply;
                }
                _ => {
                    line.extend_from_slice(format!(" {{{}}}\r\n", bytes.len()).as_bytes());
                    line.extend_from_slice(bytes);
                }
            }
        }
        line.extend_from_slice(b")\r\n");
        reply.untagged.push(line);
    }
    reply
}

/// LIST: every folder, with its role where the server tells roles.
pub(super) fn list(state: &State, with_roles: bool) -> Reply {
    let mut reply = Reply { untagged: Vec::new(), tagged: "OK listed".to_owned() };
    let tells = with_roles || state.capabilities.contains(&"SPECIAL-USE");
    for (name, folder) in &state.folders {
        let role = folder.role.filter(|_| tells).map(|role| format!(" {role}")).unwrap_or_default();
        reply.line(format!("* LIST (\\HasNoChildren{role}) \"/\" \"{}\"", spelled(name)));
    }
    reply
}
