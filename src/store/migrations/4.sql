-- Version 3 to 4: steering by letter. New tables stand here word by word as in schema.sql (a test compares); prefer a new table to a changed one.

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
