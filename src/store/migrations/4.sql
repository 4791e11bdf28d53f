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
