import type { AnomalyMethod } from '../baselines/anomaly-method';
import type { RunSpec } from './plan-runs';
import type { ProtocolSets } from './protocol-sets';

/** What a run tells while it goes on. */
export interface RunProgress {
  readonly phase: 'training step' | 'picture';
  readonly done: number;
  readonly total: number;
}

export interface MethodRun {
  readonly run: RunSpec;
  readonly method: AnomalyMethod;
  readonly sets: ProtocolSets;
  /** Takes what a stopped run continues from; emptied when the run is over. */
  readonly directory: string;
  readonly minutes: number;
  readonly checkpointMinutes: number;
  readonly onProgress?: (progress: RunProgress) => void;
  readonly signal?: AbortSignal;
}
