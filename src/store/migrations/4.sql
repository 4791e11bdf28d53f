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
CREATE TABLE meeting_wake (
    meeting INTEGER PRIMARY KEY REFERENCES meeting (id),
    at      INTEGER
) STRICT;
