-- Otklik's database, version 5 (PRAGMA user_version). Moments are whole seconds of Unix time in UTC; flags are 0 or 1; lists are JSON.
-- The mailbox keeps the originals; here stands what the work needs and no more (152-FZ). SQL has no clock: every moment comes from the program.

-- A folder of the mailbox and how far it was read.
CREATE TABLE folder (
    name         TEXT PRIMARY KEY,
    uid_validity INTEGER NOT NULL,
    last_uid     INTEGER NOT NULL DEFAULT 0,      -- highest UID that is journalled
    baseline_uid INTEGER NOT NULL DEFAULT 0,      -- what was there at first start: never answered
    read_at      INTEGER                          -- last time it was read without an error
) STRICT;

-- The journal of incoming letters: a row before anything is done about one.
CREATE TABLE letter (
    id            INTEGER PRIMARY KEY,
    folder        TEXT    NOT NULL,
    uid_validity  INTEGER NOT NULL,
    uid           INTEGER NOT NULL,
    internal_date INTEGER NOT NULL,               -- the moment of receipt
    size          INTEGER NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('baseline', 'waiting', 'done', 'parked')),
    working       INTEGER NOT NULL DEFAULT 0 CHECK (working IN (0, 1)),   -- an attempt is open
    attempts      INTEGER NOT NULL DEFAULT 0,     -- counted before parsing
    outcome       TEXT CHECK (outcome IN ('opened', 'added', 'answer', 'duplicate', 'ignored')),
    reason        TEXT,
    appeal        INTEGER REFERENCES appeal (number),
    message_id    TEXT,
    content_hash  TEXT,
    sender        TEXT,
    subject       TEXT,
    text          TEXT,
    raw           BLOB,                           -- parked letters, or by the policy keep_raw
    seen_at       INTEGER NOT NULL,
    settled_at    INTEGER,
    UNIQUE (folder, uid_validity, uid),
    CHECK ((state = 'done') = (outcome IS NOT NULL))
) STRICT;
CREATE INDEX letter_by_state ON letter (state, folder);
CREATE INDEX letter_by_id ON letter (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX letter_by_hash ON letter (content_hash) WHERE content_hash IS NOT NULL;
CREATE INDEX letter_by_appeal ON letter (appeal) WHERE appeal IS NOT NULL;

-- One appeal: author, understanding, terms.
CREATE TABLE appeal (
    number            INTEGER PRIMARY KEY,
    state             TEXT    NOT NULL CHECK (state IN ('undecided', 'assigned', 'taken', 'closed')),
    category          TEXT    NOT NULL,
    runner_up         TEXT,
    secondary         TEXT,
    consultation      INTEGER NOT NULL CHECK (consultation IN (0, 1)),
    urgent            INTEGER NOT NULL CHECK (urgent IN (0, 1)),
    complaint         INTEGER NOT NULL CHECK (complaint IN (0, 1)),
    delicate          INTEGER NOT NULL CHECK (delicate IN (0, 1)),
    unsure            INTEGER NOT NULL CHECK (unsure IN (0, 1)),
    email             TEXT,
    name              TEXT,
    role              TEXT    NOT NULL,
    child             TEXT,
    class             TEXT,
    phone             TEXT,
    channel           TEXT,
    times             TEXT    NOT NULL,
    text              TEXT    NOT NULL,
    reasons           TEXT    NOT NULL,
    passed_by         TEXT,
    excluded          TEXT    NOT NULL,
    assignee          TEXT,
    message_id        TEXT,
    cause             TEXT    NOT NULL,
    text_hash         TEXT    NOT NULL,
    received          INTEGER NOT NULL,
    assigned          INTEGER,
    taken             INTEGER,
    met               INTEGER,
    closed            INTEGER,
    extended          INTEGER NOT NULL CHECK (extended IN (0, 1)),
    take_due_literal  INTEGER NOT NULL,
    take_due_office   INTEGER NOT NULL,
    due_literal       INTEGER NOT NULL,
    due_office        INTEGER NOT NULL,
    provisional       INTEGER NOT NULL CHECK (provisional IN (0, 1)),
    alarms            INTEGER,
    alarmed           INTEGER,
    acknowledged      INTEGER,
    question          TEXT,
    asked             INTEGER,
    wake_at           INTEGER,                    -- its deadlines are looked at not before then
    CHECK ((state = 'closed') = (closed IS NOT NULL)),
    CHECK (state NOT IN ('assigned', 'taken') OR assignee IS NOT NULL)
) STRICT;
CREATE INDEX appeal_by_wake ON appeal (wake_at) WHERE state <> 'closed';
CREATE INDEX appeal_by_email ON appeal (email, received) WHERE email IS NOT NULL;
CREATE INDEX appeal_by_text ON appeal (text_hash, received);
CREATE INDEX appeal_open ON appeal (assignee) WHERE state <> 'closed';
CREATE INDEX appeal_by_received ON appeal (received);
CREATE INDEX appeal_by_closed ON appeal (closed) WHERE closed IS NOT NULL;

-- The consultations of an appeal; a new row for another specialist and for each further meeting of a series.
CREATE TABLE consultation (
    appeal          INTEGER NOT NULL REFERENCES appeal (number),
    ordinal         INTEGER NOT NULL,
    specialist      TEXT    NOT NULL,
    starts          INTEGER NOT NULL,
    ends            INTEGER NOT NULL,
    channel         TEXT    NOT NULL,
    stage           TEXT    NOT NULL CHECK (stage IN ('offered', 'proposed', 'invited', 'cancelled')),
    staff_uid       TEXT    NOT NULL,
    staff_sequence  INTEGER NOT NULL,
    staff_dtstamp   INTEGER NOT NULL,
    staff_partstat  TEXT    NOT NULL,
    staff_replied   INTEGER,
    author_uid      TEXT,
    author_sequence INTEGER,
    author_dtstamp  INTEGER,
    author_partstat TEXT,
    author_replied  INTEGER,
    silent_at       INTEGER,
    invite_by       INTEGER,
    declined        TEXT    NOT NULL,
    why             TEXT    NOT NULL,
    wish_unmet      INTEGER NOT NULL CHECK (wish_unmet IN (0, 1)),
    series          INTEGER,                      -- ordinal of the first meeting of its series
    original        INTEGER,                      -- RECURRENCE-ID: its start by the rule, where the series is one event
    offered         TEXT    NOT NULL,             -- starts that the author may choose from
    outcome         TEXT CHECK (outcome IN ('held', 'no_show', 'failed', 'not_held')),
    recommendations TEXT,                         -- given to the author, kept for the journal (000 4.4)
    PRIMARY KEY (appeal, ordinal),
    CHECK (ends > starts AND ends - starts <= 2400),   -- 000 4.3.1: at most 40 minutes
    CHECK ((author_uid IS NULL) = (author_sequence IS NULL)),
    CHECK (original IS NULL OR series IS NOT NULL)
) STRICT;
CREATE INDEX consultation_by_start ON consultation (specialist, starts) WHERE stage <> 'cancelled';
CREATE INDEX consultation_by_time ON consultation (starts) WHERE stage <> 'cancelled';
CREATE UNIQUE INDEX consultation_by_staff_uid ON consultation (staff_uid, coalesce(original, 0));
CREATE UNIQUE INDEX consultation_by_author_uid ON consultation (author_uid, coalesce(original, 0)) WHERE author_uid IS NOT NULL;

-- Time that a specialist has blocked: an invitation to the mailbox, a file of theirs, another school of this daemon. Intervals, never reasons.
CREATE TABLE block (
    id             INTEGER PRIMARY KEY,
    specialist     TEXT    NOT NULL,
    source         TEXT    NOT NULL CHECK (source IN ('invitation', 'file', 'school')),
    uid            TEXT    NOT NULL,              -- of the invitation; the name of the school
    sequence       INTEGER NOT NULL,
    dtstamp        INTEGER,
    margin         INTEGER NOT NULL,              -- minutes kept free on both sides: the way from another school
    rule           TEXT    NOT NULL,              -- times only: what a series is expanded from
    expanded_until INTEGER NOT NULL,
    UNIQUE (specialist, source, uid)
) STRICT;
CREATE TABLE blocked (
    block  INTEGER NOT NULL REFERENCES block (id) ON DELETE CASCADE,
    starts INTEGER NOT NULL,
    ends   INTEGER NOT NULL,
    PRIMARY KEY (block, starts),
    CHECK (ends > starts)
) STRICT, WITHOUT ROWID;
CREATE INDEX blocked_by_end ON blocked (ends);

-- A group consultation: one event of the specialist, one seat a family.
CREATE TABLE meeting (
    id             INTEGER PRIMARY KEY,
    specialist     TEXT    NOT NULL,
    topic          TEXT    NOT NULL,
    starts         INTEGER NOT NULL,
    ends           INTEGER NOT NULL,
    channel        TEXT    NOT NULL,
    capacity       INTEGER NOT NULL CHECK (capacity > 0),
    classes        TEXT    NOT NULL,              -- whom it is for; empty: all
    course_end     TEXT,                          -- before intermediate certification: not before this date (003 3.7)
    stage          TEXT    NOT NULL CHECK (stage IN ('planned', 'cancelled')),
    staff_uid      TEXT    NOT NULL UNIQUE,
    staff_sequence INTEGER NOT NULL,
    staff_dtstamp  INTEGER NOT NULL,
    staff_partstat TEXT    NOT NULL,
    staff_replied  INTEGER,
    outcome        TEXT CHECK (outcome IN ('held', 'no_show', 'failed', 'not_held')),
    duties         TEXT,                          -- which of the three duties of 003 3.8 were carried out, as numbers
    asked          INTEGER,                       -- the specialist was asked whether it took place
    CHECK (ends > starts AND ends - starts <= 2400)    -- 000 4.3.1: at most 40 minutes
) STRICT;
CREATE INDEX meeting_by_time ON meeting (starts) WHERE stage <> 'cancelled';
CREATE TABLE seat (
    meeting  INTEGER NOT NULL REFERENCES meeting (id),
    appeal   INTEGER NOT NULL REFERENCES appeal (number),
    stage    TEXT    NOT NULL CHECK (stage IN ('waiting', 'invited', 'left')),
    joined   INTEGER NOT NULL,                    -- the waiting list goes by it
    uid      TEXT    NOT NULL UNIQUE,
    sequence INTEGER NOT NULL,
    dtstamp  INTEGER NOT NULL,
    partstat TEXT    NOT NULL,
    replied  INTEGER,
    asked    INTEGER,                       -- it waits, and the head was asked before its term ends
    missed   INTEGER NOT NULL CHECK (missed IN (0, 1)),   -- the family did not come
    PRIMARY KEY (meeting, appeal)
) STRICT;
CREATE INDEX seat_by_appeal ON seat (appeal);

-- Outgoing letters, frozen.
CREATE TABLE posting (
    id              INTEGER PRIMARY KEY,
    key             TEXT    NOT NULL UNIQUE,      -- the same decision twice is one row
    kind            TEXT    NOT NULL,
    appeal          INTEGER REFERENCES appeal (number),
    recipient       TEXT    NOT NULL,
    shadow_of       TEXT,
    message_id      TEXT    NOT NULL UNIQUE,
    subject         TEXT    NOT NULL,
    raw             BLOB,                         -- the frozen bytes
    sha256          TEXT    NOT NULL,
    shell           BLOB,
    copy            TEXT    NOT NULL CHECK (copy IN ('full', 'shell', 'no')),
    audience        TEXT    NOT NULL CHECK (audience IN ('automatic', 'owed', 'staff')),
    priority        INTEGER NOT NULL,
    ics_uid         TEXT,
    slot_start      INTEGER,
    slot_end        INTEGER,
    not_after       INTEGER,
    status          TEXT    NOT NULL CHECK (status IN ('queued', 'sending', 'unknown', 'sent', 'rejected', 'expired', 'cancelled')),
    attempt         INTEGER NOT NULL DEFAULT 0,
    first_at        INTEGER,                      -- first attempt
    next_at         INTEGER NOT NULL,             -- queued: not before; unknown: evidence is awaited until then
    data_started_at INTEGER,                      -- committed before the letter's first byte leaves
    repeated        INTEGER NOT NULL DEFAULT 0 CHECK (repeated IN (0, 1)),
    last_text       TEXT,                         -- the server's answer, cut, without addresses
    evidence        TEXT,
    bounced         TEXT CHECK (bounced IN ('hard', 'soft')),
    created_at      INTEGER NOT NULL,
    sent_at         INTEGER,
    copied_at       INTEGER,                      -- a copy is in Sent
    reported_at     INTEGER                       -- its failure was told to a person
) STRICT;
CREATE INDEX posting_due ON posting (status, next_at);
CREATE INDEX posting_untold ON posting (id) WHERE reported_at IS NULL AND (status IN ('rejected', 'expired') OR bounced IS NOT NULL);
CREATE INDEX posting_by_uid ON posting (ics_uid) WHERE ics_uid IS NOT NULL;
CREATE INDEX posting_by_appeal ON posting (appeal) WHERE appeal IS NOT NULL;
CREATE INDEX posting_by_recipient ON posting (recipient, created_at);
CREATE INDEX posting_sent ON posting (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX posting_uncopied ON posting (id) WHERE status = 'sent' AND copied_at IS NULL AND copy <> 'no';

-- When the moments of a group consultation (reminders, its end) are looked at next; nothing more to come: no moment.
CREATE TABLE meeting_wake (
    meeting INTEGER PRIMARY KEY REFERENCES meeting (id),
    at      INTEGER
) STRICT;

-- The call that an author without an address waits for, or waited for last: news replaces the words of the undone one.
CREATE TABLE call (
    appeal INTEGER PRIMARY KEY REFERENCES appeal (number) ON DELETE CASCADE,
    about  TEXT    NOT NULL CHECK (about IN ('receipt', 'time', 'answer', 'news')),
    words  TEXT    NOT NULL,                      -- what to say, at most five lines
    caller TEXT,                                  -- who chose to call by themselves; nobody: the operator
    tries  INTEGER NOT NULL,                      -- how often nobody was reached
    at     INTEGER NOT NULL,                      -- since when these words wait
    letter TEXT    NOT NULL,                      -- key of the letter with the task
    done   INTEGER
) STRICT;

-- Rungs of the ladders: each once.
CREATE TABLE rung (
    appeal INTEGER NOT NULL REFERENCES appeal (number),
    name   TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (appeal, name)
) STRICT, WITHOUT ROWID;

-- Reports: one a period.
CREATE TABLE report (
    kind   TEXT    NOT NULL CHECK (kind IN ('daily', 'weekly')),
    period TEXT    NOT NULL,
    until  INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (kind, period)
) STRICT, WITHOUT ROWID;

-- What happened, in order.
CREATE TABLE history (
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    event  TEXT    NOT NULL,
    appeal INTEGER REFERENCES appeal (number),
    letter INTEGER REFERENCES letter (id),
    text   TEXT    NOT NULL
) STRICT;
CREATE INDEX history_by_appeal ON history (appeal) WHERE appeal IS NOT NULL;
CREATE INDEX history_by_time ON history (at);

-- A person must come: each key once.
CREATE TABLE alert (
    key  TEXT PRIMARY KEY,
    text TEXT    NOT NULL,
    at   INTEGER NOT NULL,
    done INTEGER
) STRICT;

-- What a correction teaches: an appeal that people moved to another category, in words that name nobody. One an appeal, gone with it.
CREATE TABLE lesson (
    appeal   INTEGER PRIMARY KEY REFERENCES appeal (number) ON DELETE CASCADE,
    category TEXT    NOT NULL,                    -- where people put it
    stems    TEXT    NOT NULL,                    -- of common words, sorted
    at       INTEGER NOT NULL,
    undone   INTEGER                              -- taken out by hand: teaches nothing until it is put back
) STRICT;

-- What an order of staff changed: for an hour it can be taken back. Rows go a day later.
CREATE TABLE undo (
    id         INTEGER PRIMARY KEY,
    appeal     INTEGER NOT NULL REFERENCES appeal (number) ON DELETE CASCADE,
    staff      TEXT    NOT NULL,
    title      TEXT    NOT NULL,                  -- the order, in the words of the history
    at         INTEGER NOT NULL,
    until      INTEGER NOT NULL,
    before     TEXT    NOT NULL,                  -- state, hands, terms and consultations as they stood
    after      TEXT    NOT NULL,                  -- and as they stood behind it
    posted     TEXT    NOT NULL,                  -- keys of the letters that it made
    withdrew   TEXT    NOT NULL,                  -- keys of the letters that waited and that it withdrew
    taught     INTEGER NOT NULL CHECK (taught IN (0, 1)),
    taken_back INTEGER
) STRICT;
CREATE INDEX undo_by_appeal ON undo (appeal, id);
-- Answers to the questionnaire after a consultation (000 App. 2): one an appeal, gone with it.
CREATE TABLE survey (
    appeal     INTEGER PRIMARY KEY REFERENCES appeal (number) ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    specialist TEXT,                              -- who held it
    score      INTEGER CHECK (score BETWEEN 1 AND 5),
    include    TEXT CHECK (include IN ('practice', 'theory', 'enough')),
    impression TEXT,
    wishes     TEXT,
    recommend  INTEGER CHECK (recommend IN (0, 1))
) STRICT;
CREATE INDEX survey_by_time ON survey (at);

-- Single values: first start, mode after go-live, line stopped until, …
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Orders that wait for the word of the address in whose name they came: a day, a few tries, once.
CREATE TABLE confirmation (
    id       INTEGER PRIMARY KEY,
    staff    TEXT    NOT NULL,
    address  TEXT    NOT NULL,
    appeal   INTEGER REFERENCES appeal (number),
    subject  TEXT    NOT NULL,                    -- of the letter that ordered
    words    TEXT    NOT NULL,                    -- its own words
    letter   TEXT    NOT NULL UNIQUE,             -- key of the question; the code is made from it and stands nowhere
    answered TEXT,                                -- key of the letter of ours that was answered
    source   INTEGER REFERENCES letter (id),      -- the letter that ordered
    at       INTEGER NOT NULL,
    until    INTEGER NOT NULL,
    tries    INTEGER NOT NULL DEFAULT 0,
    done     INTEGER
) STRICT;
CREATE INDEX confirmation_by_address ON confirmation (address, at);

-- Days on which somebody of the staff is away, or is there although the register or an earlier word says otherwise. Rows are only added: what was
-- said last counts.
CREATE TABLE absence (
    id         INTEGER PRIMARY KEY,
    specialist TEXT    NOT NULL,
    from_day   TEXT    NOT NULL,                  -- local dates, both included
    until_day  TEXT,                              -- none: until a word about the return
    present    INTEGER NOT NULL CHECK (present IN (0, 1)),   -- 1: there on these days, whatever was said before
    source     TEXT    NOT NULL CHECK (source IN ('self', 'head', 'auto_reply', 'command')),
    at         INTEGER NOT NULL
) STRICT;

-- Letters to staff that did not leave by themselves: they wait for the list of the day, or for the reader's return. What they said stands in the
-- letter that is their heir.
CREATE TABLE aside (
    posting INTEGER PRIMARY KEY REFERENCES posting (id),
    reason  TEXT    NOT NULL CHECK (reason IN ('day', 'away')),
    at      INTEGER NOT NULL,
    heir    TEXT                                  -- key of that letter
) STRICT;
CREATE INDEX aside_waiting ON aside (posting) WHERE heir IS NULL;

-- Families that want no automatic letter up to a moment: by the address that their letters go to.
CREATE TABLE silence (
    author TEXT    PRIMARY KEY,
    until  INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The same trouble of many at once, proposed to the head as one, and the appeals that belong to it.
CREATE TABLE incident (
    id       INTEGER PRIMARY KEY,
    category TEXT    NOT NULL,
    state    TEXT    NOT NULL CHECK (state IN ('proposed', 'answered', 'apart', 'closed')),
    opened   INTEGER NOT NULL,
    newest   INTEGER NOT NULL,                    -- receipt of the last appeal that joined
    answer   TEXT                                 -- what everybody was answered, and newcomers are
) STRICT;
CREATE INDEX incident_live ON incident (category, newest) WHERE state IN ('proposed', 'answered');
CREATE TABLE incident_appeal (
    appeal   INTEGER PRIMARY KEY REFERENCES appeal (number),
    incident INTEGER NOT NULL REFERENCES incident (id)
) STRICT;
CREATE INDEX incident_appeal_of ON incident_appeal (incident);

-- Announcements of staff to families (000 4.1.1, 004): what is said, how far it is.
CREATE TABLE announcement (
    id         INTEGER PRIMARY KEY,
    staff      TEXT    NOT NULL,
    version    INTEGER NOT NULL,                  -- which preview
    stage      TEXT    NOT NULL CHECK (stage IN ('preview', 'sending', 'open', 'reminding', 'cancelling', 'closed', 'dropped', 'lapsed', 'cancelled')),
    message_id TEXT,                              -- of the sender's letter
    draft      TEXT    NOT NULL,                  -- JSON
    previewed  INTEGER NOT NULL,
    started    INTEGER,
    finished   INTEGER,                           -- the last letter was made
    remind_at  INTEGER,
    close_at   INTEGER,
    list_at    INTEGER,                           -- the sender's list of the day
    listed     INTEGER,
    at_night   INTEGER NOT NULL CHECK (at_night IN (0, 1)),
    wake_at    INTEGER
) STRICT;
CREATE INDEX announcement_by_wake ON announcement (wake_at) WHERE wake_at IS NOT NULL;

-- Its files, at most 5 MB.
CREATE TABLE announcement_file (
    announcement INTEGER NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    ordinal      INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    media_type   TEXT    NOT NULL,
    bytes        BLOB    NOT NULL,
    PRIMARY KEY (announcement, ordinal)
) STRICT;

-- Its audience, frozen with the preview: one row a family, one letter a row.
CREATE TABLE addressee (
    announcement INTEGER NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    ordinal      INTEGER NOT NULL,
    name         TEXT,
    classes      TEXT    NOT NULL,
    email        TEXT    NOT NULL,
    token        TEXT    NOT NULL UNIQUE,
    uid          TEXT    NOT NULL UNIQUE,         -- of the family's own event
    posted       INTEGER,
    left_out     TEXT CHECK (left_out IN ('unsubscribed', 'silent', 'dropped')),
    reminded     INTEGER,
    cancelled    INTEGER,
    answer       TEXT,                            -- read, yes, no, or the number of a choice
    answered     INTEGER,
    question     TEXT,                            -- other words, until the sender has them
    PRIMARY KEY (announcement, ordinal)
) STRICT;

-- Addresses that want no announcements; answers to their own appeals go on.
CREATE TABLE unsubscribed (
    email TEXT PRIMARY KEY,
    at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Consent of families (004 2.1): to which text, by which letter.
CREATE TABLE consent (
    email        TEXT    NOT NULL,
    version      TEXT    NOT NULL,
    name         TEXT,
    classes      TEXT    NOT NULL,
    given        INTEGER NOT NULL CHECK (given IN (0, 1)),
    at           INTEGER NOT NULL,
    announcement INTEGER NOT NULL REFERENCES announcement (id),
    message_id   TEXT,
    PRIMARY KEY (email, version)
) STRICT;

-- Second addresses of families: named from a known address, good once confirmed from the new one.
CREATE TABLE contact_learned (
    email     TEXT    NOT NULL,
    known     TEXT    NOT NULL,
    token     TEXT    NOT NULL UNIQUE,
    asked     INTEGER NOT NULL,
    confirmed INTEGER,
    PRIMARY KEY (known, email)
) STRICT;
CREATE INDEX contact_learned_by_email ON contact_learned (email);
CREATE INDEX posting_announced ON posting (created_at) WHERE kind = 'announcement';

-- Reports of a day do not read the years before it: terms by their end, letters that failed or are in doubt, letters of a folder by their moment.
CREATE INDEX appeal_by_met ON appeal (met) WHERE met IS NOT NULL;
CREATE INDEX appeal_by_phone ON appeal (phone) WHERE phone IS NOT NULL;
CREATE INDEX appeal_by_last ON appeal (max(due_office, due_literal));
CREATE INDEX posting_failed ON posting (coalesce(reported_at, sent_at, next_at)) WHERE status IN ('rejected', 'expired') OR bounced IS NOT NULL;
CREATE INDEX posting_doubtful ON posting (created_at) WHERE repeated = 1 OR status = 'unknown';
CREATE INDEX letter_by_receipt ON letter (folder, internal_date);
CREATE INDEX meeting_by_start ON meeting (starts);
CREATE INDEX meeting_open ON meeting (id) WHERE stage <> 'cancelled' AND outcome IS NULL;
-- A row of the journal that goes is looked for wherever it is referred to.
CREATE INDEX history_by_letter ON history (letter) WHERE letter IS NOT NULL;
CREATE INDEX confirmation_by_source ON confirmation (source) WHERE source IS NOT NULL;

-- How many letters of the journal went where: kept by triggers, so that the reconciliation does not count the whole journal each morning.
CREATE TABLE letter_count (
    folder  TEXT    NOT NULL,
    state   TEXT    NOT NULL,
    outcome TEXT    NOT NULL,                     -- empty: none yet
    reason  TEXT    NOT NULL,                     -- of ignored letters only
    count   INTEGER NOT NULL,
    PRIMARY KEY (folder, state, outcome, reason)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER letter_comes AFTER INSERT ON letter BEGIN
    INSERT INTO letter_count VALUES (new.folder, new.state, coalesce(new.outcome, ''), CASE WHEN new.outcome = 'ignored' THEN coalesce(new.reason, '') ELSE '' END, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER letter_changes AFTER UPDATE OF folder, state, outcome, reason ON letter BEGIN
    UPDATE letter_count SET count = count - 1 WHERE folder = old.folder AND state = old.state AND outcome = coalesce(old.outcome, '')
        AND reason = CASE WHEN old.outcome = 'ignored' THEN coalesce(old.reason, '') ELSE '' END;
    INSERT INTO letter_count VALUES (new.folder, new.state, coalesce(new.outcome, ''), CASE WHEN new.outcome = 'ignored' THEN coalesce(new.reason, '') ELSE '' END, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER letter_goes AFTER DELETE ON letter BEGIN
    UPDATE letter_count SET count = count - 1 WHERE folder = old.folder AND state = old.state AND outcome = coalesce(old.outcome, '')
        AND reason = CASE WHEN old.outcome = 'ignored' THEN coalesce(old.reason, '') ELSE '' END;
END;

-- How an appeal was closed last, where it was not by an answer: what was received is open, answered, withdrawn or merged.
CREATE TABLE ending (
    appeal INTEGER PRIMARY KEY REFERENCES appeal (number) ON DELETE CASCADE,
    how    TEXT    NOT NULL CHECK (how IN ('answered', 'withdrawn', 'merged'))
) STRICT;

-- People who asked to be forgotten: a keyed mark of their address that names nobody. What they wrote before is no appeal, wherever it is found again.
CREATE TABLE tombstone (
    mark   TEXT PRIMARY KEY,
    at     INTEGER NOT NULL,
    copied INTEGER                                -- the mark stands in the mailbox
) STRICT;
