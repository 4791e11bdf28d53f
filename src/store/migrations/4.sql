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
