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

/**
 * The lanes that the signed-in person may move this workstation to: an operator those of its
 * checkpoint, a supervisor every lane of the site.
 */
export function lanesOffered(app: AppState): readonly Place[] {
  const here = placeOf(app)?.checkpoint.id;
  const everywhere = app.session?.role === 'supervisor';
  return app.site.checkpoints
    .filter(({ id }) => everywhere || id === here)
    .flatMap((checkpoint) => checkpoint.lanes.map((lane) => ({ checkpoint, lane })));
}
