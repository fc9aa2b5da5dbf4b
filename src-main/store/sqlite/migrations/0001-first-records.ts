import { appendOnly } from './append-only';

/** Tables of records: each row is written once, in order of `seq`. */
const RECORD_TABLES = [
  'sites',
  'checkpoints',
  'lanes',
  'lane_selections',
  'account_events',
  'session_events',
  'thresholds',
  'bags',
  'outcomes',
  'presentations',
  'shown_alarms',
  'decisions',
  'engine_events',
] as const;

export const firstRecords = `
CREATE TABLE sites (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE checkpoints (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  by TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE lanes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  checkpoint_id TEXT NOT NULL REFERENCES checkpoints(id),
  name TEXT NOT NULL,
  scanner_kind TEXT NOT NULL,
  pixel_pitch_mm REAL,
  by TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE lane_selections (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  lane_id TEXT NOT NULL REFERENCES lanes(id),
  by TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE account_events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('created', 'secret-set', 'deactivated')),
  name TEXT NOT NULL,
  -- The name without case, so that no two accounts can be told apart by case alone.
  folded_name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('operator', 'supervisor')),
  secret_hash TEXT,
  by TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX account_names ON account_events(folded_name) WHERE kind = 'created';
CREATE UNIQUE INDEX account_ids ON account_events(account_id) WHERE kind = 'created';

CREATE TABLE session_events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  account_id TEXT,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX session_events_by_account ON session_events(account_id, seq);

CREATE TABLE thresholds (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  checkpoint_id TEXT NOT NULL REFERENCES checkpoints(id),
  threshold REAL NOT NULL CHECK (threshold >= 0 AND threshold <= 1),
  bundle_id TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (length(reason) > 0),
  set_by TEXT NOT NULL,
  set_at TEXT NOT NULL
) STRICT;
CREATE INDEX thresholds_by_checkpoint ON thresholds(checkpoint_id, seq);

CREATE TABLE bags (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  lane_id TEXT NOT NULL REFERENCES lanes(id),
  label TEXT NOT NULL,
  source TEXT NOT NULL,
  sha256 TEXT,
  arrived_at TEXT NOT NULL
) STRICT;

CREATE TABLE outcomes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  bag_id TEXT NOT NULL REFERENCES bags(id),
  bundle_id TEXT NOT NULL,
  engine TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('screened', 'unscored')),
  sha256 TEXT,
  anomaly_score_max REAL,
  display_score_max REAL,
  views TEXT NOT NULL,
  error TEXT,
  elapsed_ms REAL NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX outcomes_by_bag ON outcomes(bag_id, seq);

CREATE TABLE presentations (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  bag_id TEXT NOT NULL REFERENCES bags(id),
  account_id TEXT NOT NULL,
  lane_id TEXT NOT NULL REFERENCES lanes(id),
  sha256 TEXT,
  threshold_id TEXT NOT NULL REFERENCES thresholds(id),
  bundle_id TEXT NOT NULL,
  calibrated INTEGER NOT NULL CHECK (calibrated IN (0, 1)),
  shown_at TEXT NOT NULL
) STRICT;
CREATE INDEX presentations_by_bag ON presentations(bag_id, seq);

CREATE TABLE shown_alarms (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  presentation_id TEXT NOT NULL REFERENCES presentations(id),
  outcome_id TEXT NOT NULL REFERENCES outcomes(id),
  engine TEXT NOT NULL,
  machine TEXT NOT NULL CHECK (machine IN ('alarm', 'no-alarm', 'unscored')),
  calibrated INTEGER NOT NULL CHECK (calibrated IN (0, 1)),
  display_score_max REAL,
  views TEXT NOT NULL,
  error TEXT,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX shown_alarms_by_presentation ON shown_alarms(presentation_id, seq);

CREATE TABLE decisions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  bag_id TEXT NOT NULL REFERENCES bags(id),
  presentation_id TEXT NOT NULL REFERENCES presentations(id),
  outcome TEXT NOT NULL CHECK (outcome IN ('clear', 'search', 'undone')),
  machine TEXT NOT NULL CHECK (machine IN ('alarm', 'no-alarm', 'unscored')),
  note TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  supersedes TEXT REFERENCES decisions(id),
  CHECK (outcome <> 'undone' OR supersedes IS NOT NULL)
) STRICT;
CREATE INDEX decisions_by_bag ON decisions(bag_id, seq);
-- The decisions of a bag form one chain: one begins it, and each can be superseded once.
CREATE UNIQUE INDEX decisions_begin_once ON decisions(bag_id) WHERE supersedes IS NULL;
CREATE UNIQUE INDEX decisions_superseded_once ON decisions(supersedes) WHERE supersedes IS NOT NULL;
CREATE UNIQUE INDEX decisions_one_a_presentation ON decisions(presentation_id) WHERE outcome <> 'undone';

CREATE TABLE engine_events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  bundle_id TEXT NOT NULL,
  description TEXT NOT NULL,
  error TEXT,
  at TEXT NOT NULL
) STRICT;
${RECORD_TABLES.map(appendOnly).join('\n')}
`;
