-- 5: reports of a period and the director's analysis; backups; what the rest of this version adds.
-- Reports of a day do not read the years before it: terms by their end, letters that failed or are in doubt, letters of a folder by their moment.
CREATE INDEX appeal_by_met ON appeal (met) WHERE met IS NOT NULL;
CREATE INDEX appeal_by_phone ON appeal (phone) WHERE phone IS NOT NULL;
CREATE INDEX appeal_by_last ON appeal (max(due_office, due_literal));
CREATE INDEX posting_failed ON posting (coalesce(reported_at, sent_at, next_at)) WHERE status IN ('rejected', 'expired') OR bounced IS NOT NULL;
CREATE INDEX posting_doubtful ON posting (created_at) WHERE repeated = 1 OR status = 'unknown';
CREATE INDEX letter_by_receipt ON letter (folder, internal_date);
CREATE INDEX meeting_by_start ON meeting (starts);
CREATE INDEX meeting_open ON meeting (id) WHERE stage <> 'cancelled' AND outcome IS NULL;
-- A row of the journal that goes is looked for wherever it is referred to.
CREATE INDEX history_by_letter ON history (letter) WHERE letter IS NOT NULL;
CREATE INDEX confirmation_by_source ON confirmation (source) WHERE source IS NOT NULL;

-- How many letters of the journal went where: kept by triggers, so that the reconciliation does not count the whole journal each morning.
CREATE TABLE letter_count (
    folder  TEXT    NOT NULL,
    state   TEXT    NOT NULL,
    outcome TEXT    NOT NULL,                     -- empty: none yet
    reason  TEXT    NOT NULL,                     -- of ignored letters only
    count   INTEGER NOT NULL,
    PRIMARY KEY (folder, state, outcome, reason)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER letter_comes AFTER INSERT ON letter BEGIN
    INSERT INTO letter_count VALUES (new.folder, new.state, coalesce(new.outcome, ''), CASE WHEN new.outcome = 'ignored' THEN coalesce(new.reason, '') ELSE '' END, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER letter_changes AFTER UPDATE OF folder, state, outcome, reason ON letter BEGIN
    UPDATE letter_count SET count = count - 1 WHERE folder = old.folder AND state = old.state AND outcome = coalesce(old.outcome, '')
        AND reason = CASE WHEN old.outcome = 'ignored' THEN coalesce(old.reason, '') ELSE '' END;
    INSERT INTO letter_count VALUES (new.folder, new.state, coalesce(new.outcome, ''), CASE WHEN new.outcome = 'ignored' THEN coalesce(new.reason, '') ELSE '' END, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER letter_goes AFTER DELETE ON letter BEGIN
    UPDATE letter_count SET count = count - 1 WHERE folder = old.folder AND state = old.state AND outcome = coalesce(old.outcome, '')
        AND reason = CASE WHEN old.outcome = 'ignored' THEN coalesce(old.reason, '') ELSE '' END;
END;

-- How an appeal was closed last, where it was not by an answer: what was received is open, answered, withdrawn or merged.
CREATE TABLE ending (
    appeal INTEGER PRIMARY KEY REFERENCES appeal (number) ON DELETE CASCADE,
    how    TEXT    NOT NULL CHECK (how IN ('answered', 'withdrawn', 'merged'))
) STRICT;
-- People who asked to be forgotten: a keyed mark of their address that names nobody. What they wrote before is no appeal, wherever it is found again.
CREATE TABLE tombstone (
    mark   TEXT PRIMARY KEY,
    at     INTEGER NOT NULL,
    copied INTEGER                                -- the mark stands in the mailbox
) STRICT;
INSERT INTO letter_count SELECT folder, state, coalesce(outcome, ''), CASE WHEN outcome = 'ignored' THEN coalesce(reason, '') ELSE '' END, count(*) FROM letter GROUP BY 1, 2, 3, 4;
INSERT INTO ending SELECT a.number, CASE WHEN h.text = 'закрыта: автор отказался' THEN 'withdrawn' WHEN h.text LIKE 'закрыта: объединена с %' THEN 'merged' ELSE 'answered' END
    FROM appeal AS a JOIN history AS h ON h.id = (SELECT max(id) FROM history WHERE appeal = a.number AND event = 'closed') WHERE a.state = 'closed';
