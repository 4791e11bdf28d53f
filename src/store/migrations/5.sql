-- 5: reports of a period and the director's analysis; backups; what the rest of this version adds.
CREATE INDEX posting_reports ON posting (created_at) WHERE kind = 'report_daily';

-- The analysis of a period for the director (001 3.3.3): with the head as a draft, told to the director once.
CREATE TABLE draft (
    period   TEXT    PRIMARY KEY,                 -- ISO week of the planned day
    staff    TEXT    NOT NULL,                    -- who has the draft: the head or who acts
    analysis TEXT    NOT NULL,                    -- JSON: figures and proposals as they stood
    made     INTEGER NOT NULL,
    due      INTEGER NOT NULL,                    -- it goes as it is then
    state    TEXT    NOT NULL CHECK (state IN ('draft', 'passed', 'unedited', 'kept')),
    settled  INTEGER
) STRICT;
CREATE INDEX draft_waiting ON draft (due) WHERE state = 'draft';

-- Reports of a period that staff asked for by letter.
CREATE TABLE report_wanted (
    id         INTEGER PRIMARY KEY,
    staff      TEXT    NOT NULL,
    span       TEXT    NOT NULL CHECK (span IN ('week', 'month', 'quarter')),
    first      TEXT    NOT NULL,                  -- first local day
    message_id TEXT,
    at         INTEGER NOT NULL,
    done       INTEGER
) STRICT;
CREATE INDEX report_wanted_waiting ON report_wanted (id) WHERE done IS NULL;
