-- Version 3 to 4: steering by letter. New tables stand here word by word as in schema.sql (a test compares); prefer a new table to a changed one.

-- The call that an author without an address waits for, or waited for last: news replaces the words of the undone one.
CREATE TABLE call (
    appeal INTEGER PRIMARY KEY REFERENCES appeal (number),
    about  TEXT    NOT NULL CHECK (about IN ('receipt', 'time', 'answer', 'news')),
    words  TEXT    NOT NULL,                      -- what to say, at most five lines
    caller TEXT,                                  -- who chose to call by themselves; nobody: the operator
    tries  INTEGER NOT NULL,                      -- how often nobody was reached
    at     INTEGER NOT NULL,                      -- since when these words wait
    letter TEXT    NOT NULL,                      -- key of the letter with the task
    done   INTEGER
) STRICT;
