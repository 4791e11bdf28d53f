-- Version 3 to 4: steering by letter. New tables stand here word by word as in schema.sql (a test compares); prefer a new table to a changed one.

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
