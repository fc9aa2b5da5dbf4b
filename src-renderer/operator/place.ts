import type { AppState } from '../../src-shared/contract/contract';
import type { Checkpoint, Lane } from '../../src-shared/domain/site';

export interface Place {
  readonly checkpoint: Checkpoint;
  readonly lane: Lane;
}

/** The checkpoint and lane that this workstation works at, or null when there is none yet. */
export function placeOf(app: AppState): Place | null {
  for (const checkpoint of app.site.checkpoints) {
    const lane = checkpoint.lanes.find((candidate) => candidate.id === app.site.currentLaneId);
    if (lane !== undefined) return { checkpoint, lane };
  }
  return null;
}
