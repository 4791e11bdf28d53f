-- Version 3 to 4: steering by letter. New tables stand here word by word as in schema.sql (a test compares); prefer a new table to a changed one.
CREATE TABLE meeting_wake (
    meeting INTEGER PRIMARY KEY REFERENCES meeting (id),
    at      INTEGER
) STRICT;
