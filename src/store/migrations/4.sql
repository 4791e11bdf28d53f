-- Version 3 to 4: steering by letter. New tables stand here word by word as in schema.sql (a test compares); prefer a new table to a changed one.

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
CREATE TABLE meeting_wake (
    meeting INTEGER PRIMARY KEY REFERENCES meeting (id),
    at      INTEGER
) STRICT;
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
CREATE TABLE announcement_file (
    announcement INTEGER NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    ordinal      INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    media_type   TEXT    NOT NULL,
    bytes        BLOB    NOT NULL,
    PRIMARY KEY (announcement, ordinal)
) STRICT;
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
CREATE TABLE unsubscribed (
    email TEXT PRIMARY KEY,
    at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
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
