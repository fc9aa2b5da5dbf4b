import { appendOnly } from './append-only';

const DECISION_COLUMNS = `seq, id, bag_id, presentation_id, outcome, machine, note, decided_by,
  decided_at, supersedes`;

/**
 * Marks, reasons and causes of decisions, bags sent to be scanned again, the rules of review, and
 * what the machine released. The table of decisions is written anew, row by row as it was, because
 * the outcomes that it may hold stand in a CHECK, which SQLite cannot alter in place.
 */
export const reviewFlow = `
DROP TRIGGER decisions_never_changed;
DROP TRIGGER decisions_never_removed;

CREATE TABLE decisions_of_review (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  bag_id TEXT NOT NULL REFERENCES bags(id),
  presentation_id TEXT NOT NULL REFERENCES presentations(id),
  outcome TEXT NOT NULL CHECK (outcome IN ('clear', 'search', 'rescan', 'undone')),
  machine TEXT NOT NULL CHECK (machine IN ('alarm', 'no-alarm', 'unscored')),
  note TEXT NOT NULL,
  marks TEXT NOT NULL,
  reason TEXT,
  cause TEXT NOT NULL CHECK (cause IN ('person', 'time-limit')),
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  supersedes TEXT REFERENCES decisions_of_review(id),
  CHECK (outcome <> 'undone' OR supersedes IS NOT NULL),
  -- Time that runs out clears nothing.
  CHECK (cause = 'person' OR outcome = 'search')
) STRICT;
INSERT INTO decisions_of_review (${DECISION_COLUMNS}, marks, reason, cause)
  SELECT ${DECISION_COLUMNS}, '[]', NULL, 'person' FROM decisions ORDER BY seq;
DROP TABLE decisions;
ALTER TABLE decisions_of_review RENAME TO decisions;
CREATE INDEX decisions_by_bag ON decisions(bag_id, seq);
-- The decisions of a bag form one chain: one begins it, and each can be superseded once.
CREATE UNIQUE INDEX decisions_begin_once ON decisions(bag_id) WHERE supersedes IS NULL;
CREATE UNIQUE INDEX decisions_superseded_once ON decisions(supersedes) WHERE supersedes IS NOT NULL;
CREATE UNIQUE INDEX decisions_one_a_presentation ON decisions(presentation_id) WHERE outcome <> 'undone';
${appendOnly('decisions')}

CREATE TABLE review_rules (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  checkpoint_id TEXT NOT NULL REFERENCES checkpoints(id),
  rules TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (length(reason) > 0),
  set_by TEXT NOT NULL,
  set_at TEXT NOT NULL
) STRICT;
CREATE INDEX review_rules_by_checkpoint ON review_rules(checkpoint_id, seq);
${appendOnly('review_rules')}

CREATE TABLE releases (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  bag_id TEXT NOT NULL UNIQUE REFERENCES bags(id),
  outcome_id TEXT NOT NULL REFERENCES outcomes(id),
  threshold_id TEXT NOT NULL REFERENCES thresholds(id),
  review_rules_id TEXT NOT NULL REFERENCES review_rules(id),
  bundle_id TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
${appendOnly('releases')}
-- What a person was shown is that person's to decide.
CREATE TRIGGER releases_unseen_alone BEFORE INSERT ON releases
WHEN EXISTS (SELECT 1 FROM presentations WHERE bag_id = NEW.bag_id)
BEGIN SELECT RAISE(ABORT, 'a person was shown this bag'); END;

CREATE INDEX presentations_by_account ON presentations(account_id, shown_at);
`;
