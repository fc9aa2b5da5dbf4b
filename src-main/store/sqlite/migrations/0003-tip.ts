import { appendOnly } from './append-only';

/** How threats are projected, and what became of each projection. */
export const tip = `
CREATE TABLE tip_settings (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  checkpoint_id TEXT NOT NULL REFERENCES checkpoints(id),
  settings TEXT NOT NULL,
  draw_key TEXT NOT NULL CHECK (length(draw_key) = 64),
  reason TEXT NOT NULL CHECK (length(reason) > 0),
  set_by TEXT NOT NULL,
  set_at TEXT NOT NULL
) STRICT;
CREATE INDEX tip_settings_by_checkpoint ON tip_settings(checkpoint_id, seq);
${appendOnly('tip_settings')}

CREATE TABLE tip_results (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  -- A bag carries one threat at most, and it is found or missed once.
  bag_id TEXT NOT NULL UNIQUE REFERENCES bags(id),
  presentation_id TEXT NOT NULL UNIQUE REFERENCES presentations(id),
  account_id TEXT NOT NULL,
  checkpoint_id TEXT NOT NULL REFERENCES checkpoints(id),
  settings_id TEXT NOT NULL REFERENCES tip_settings(id),
  outcome_id TEXT REFERENCES outcomes(id),
  result TEXT NOT NULL CHECK (result IN ('hit', 'miss')),
  cause TEXT NOT NULL CHECK (cause IN ('decision', 'marked-elsewhere', 'time')),
  category TEXT NOT NULL,
  name TEXT NOT NULL,
  threat_id TEXT NOT NULL,
  composite TEXT NOT NULL,
  places TEXT NOT NULL,
  approximations TEXT NOT NULL,
  machine TEXT NOT NULL CHECK (machine IN ('alarm', 'no-alarm', 'unscored')),
  decided_ms REAL NOT NULL,
  at TEXT NOT NULL,
  CHECK (result = 'miss' OR cause = 'decision')
) STRICT;
CREATE INDEX tip_results_by_checkpoint ON tip_results(checkpoint_id, seq);
${appendOnly('tip_results')}
-- A projection that was decided on is no decision on the bag.
CREATE TRIGGER tip_results_without_decision BEFORE INSERT ON tip_results
WHEN EXISTS (SELECT 1 FROM decisions WHERE presentation_id = NEW.presentation_id)
BEGIN SELECT RAISE(ABORT, 'the bag was decided on in this presentation'); END;
CREATE TRIGGER decisions_without_tip BEFORE INSERT ON decisions
WHEN EXISTS (SELECT 1 FROM tip_results WHERE presentation_id = NEW.presentation_id)
BEGIN SELECT RAISE(ABORT, 'a projected threat was decided on in this presentation'); END;
`;
