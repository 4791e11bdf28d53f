-- Version 3 to 4: steering by letter. New tables stand here word by word as in schema.sql (a test compares); prefer a new table to a changed one.

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
