import type { StoreRecordKind, StoreRecords } from '../store-record';

/** How a field stands in its column: as it is, as JSON text, or as 0 or 1. */
type FieldForm = 'plain' | 'json' | 'boolean';

type RecordTables = {
  readonly [K in StoreRecordKind]: {
    readonly table: string;
    readonly fields: { readonly [F in keyof StoreRecords[K]]-?: FieldForm };
  };
};

/** Where each kind of record lies; a column is its field's name in snake case. */
export const recordTables: RecordTables = {
  site: { table: 'sites', fields: { id: 'plain', name: 'plain', at: 'plain' } },
  checkpoint: {
    table: 'checkpoints',
    fields: { id: 'plain', name: 'plain', by: 'plain', at: 'plain' },
  },
  lane: {
    table: 'lanes',
    fields: {
      id: 'plain',
      checkpointId: 'plain',
      name: 'plain',
      scannerKind: 'plain',
      pixelPitchMm: 'plain',
      by: 'plain',
      at: 'plain',
    },
  },
  laneSelection: {
    table: 'lane_selections',
    fields: { id: 'plain', laneId: 'plain', by: 'plain', at: 'plain' },
  },
  accountEvent: {
    table: 'account_events',
    fields: {
      id: 'plain',
      accountId: 'plain',
      kind: 'plain',
      name: 'plain',
      role: 'plain',
      secretHash: 'plain',
      by: 'plain',
      at: 'plain',
    },
  },
  sessionEvent: {
    table: 'session_events',
    fields: { id: 'plain', kind: 'plain', accountId: 'plain', at: 'plain' },
  },
  threshold: {
    table: 'thresholds',
    fields: {
      id: 'plain',
      checkpointId: 'plain',
      threshold: 'plain',
      bundleId: 'plain',
      reason: 'plain',
      setBy: 'plain',
      setAt: 'plain',
    },
  },
  bag: {
    table: 'bags',
    fields: {
      id: 'plain',
      laneId: 'plain',
      label: 'plain',
      source: 'json',
      sha256: 'plain',
      arrivedAt: 'plain',
    },
  },
  outcome: {
    table: 'outcomes',
    fields: {
      id: 'plain',
      bagId: 'plain',
      bundleId: 'plain',
      engine: 'plain',
      state: 'plain',
      sha256: 'plain',
      anomalyScoreMax: 'plain',
      displayScoreMax: 'plain',
      views: 'json',
      error: 'json',
      elapsedMs: 'plain',
      at: 'plain',
    },
  },
  presentation: {
    table: 'presentations',
    fields: {
      id: 'plain',
      bagId: 'plain',
      accountId: 'plain',
      laneId: 'plain',
      sha256: 'plain',
      thresholdId: 'plain',
      bundleId: 'plain',
      calibrated: 'boolean',
      shownAt: 'plain',
    },
  },
  shownAlarms: {
    table: 'shown_alarms',
    fields: {
      id: 'plain',
      presentationId: 'plain',
      outcomeId: 'plain',
      engine: 'plain',
      machine: 'plain',
      calibrated: 'boolean',
      displayScoreMax: 'plain',
      views: 'json',
      error: 'json',
      at: 'plain',
    },
  },
  decision: {
    table: 'decisions',
    fields: {
      id: 'plain',
      bagId: 'plain',
      presentationId: 'plain',
      outcome: 'plain',
      machine: 'plain',
      note: 'plain',
      marks: 'json',
      reason: 'plain',
      cause: 'plain',
      decidedBy: 'plain',
      decidedAt: 'plain',
      supersedes: 'plain',
    },
  },
  reviewRules: {
    table: 'review_rules',
    fields: {
      id: 'plain',
      checkpointId: 'plain',
      rules: 'json',
      reason: 'plain',
      setBy: 'plain',
      setAt: 'plain',
    },
  },
  release: {
    table: 'releases',
    fields: {
      id: 'plain',
      bagId: 'plain',
      outcomeId: 'plain',
      thresholdId: 'plain',
      reviewRulesId: 'plain',
      bundleId: 'plain',
      at: 'plain',
    },
  },
  tipSettings: {
    table: 'tip_settings',
    fields: {
      id: 'plain',
      checkpointId: 'plain',
      settings: 'json',
      drawKey: 'plain',
      reason: 'plain',
      setBy: 'plain',
      setAt: 'plain',
    },
  },
  tipResult: {
    table: 'tip_results',
    fields: {
      id: 'plain',
      bagId: 'plain',
      presentationId: 'plain',
      accountId: 'plain',
      checkpointId: 'plain',
      settingsId: 'plain',
      outcomeId: 'plain',
      result: 'plain',
      cause: 'plain',
      category: 'plain',
      name: 'plain',
      threatId: 'plain',
      composite: 'json',
      places: 'json',
      approximations: 'json',
      machine: 'plain',
      decidedMs: 'plain',
      at: 'plain',
    },
  },
  engineEvent: {
    table: 'engine_events',
    fields: {
      id: 'plain',
      kind: 'plain',
      bundleId: 'plain',
      description: 'plain',
      error: 'json',
      at: 'plain',
    },
  },
};
