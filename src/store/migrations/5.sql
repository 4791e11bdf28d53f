-- 5: reports of a period and the director's analysis; backups; what the rest of this version adds.

-- The files of an announcement that waits for its confirmation; they go with it.
CREATE TABLE confirmation_file (
    confirmation INTEGER NOT NULL REFERENCES confirmation (id) ON DELETE CASCADE,
    ordinal      INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    media_type   TEXT    NOT NULL,
    bytes        BLOB    NOT NULL,
    PRIMARY KEY (confirmation, ordinal)
) STRICT;
