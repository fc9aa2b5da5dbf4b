import type { ScoreMap } from '../../../src-shared/domain/screening-outcome';
import type { ScoredPresentedView } from '../finding';

/**
 * The score map as heat and lines show it. Overlapping tiles have been averaged already; squares
 * that lie side by side (a score finer than tiles) would show as steps, so the score runs straight
 * from the middle of one to the middle of the next: the mean over one square around each cell. What
 * was not scored stays so and lends nothing. The alarm rule reads neither.
 */
export function drawnMap(view: ScoredPresentedView): ScoreMap {
  const { scoreMap, tiles } = view;
  const [first] = view.tileScores;
  if (first === undefined || first.width > tiles.strideX * 1.01) return scoreMap;
  const reachX = Math.round(tiles.strideX / scoreMap.cellPx / 2);
  const reachY = Math.round(tiles.strideY / scoreMap.cellPx / 2);
  const across = meanAlong(scoreMap, reachX, 1);
  return meanAlong(across, reachY, scoreMap.columns);
}

/** Mean over `reach` cells to both sides, the outermost counting half; `step` leads to the next cell. */
function meanAlong(map: ScoreMap, reach: number, step: number): ScoreMap {
  const { columns, rows, displayScores } = map;
  const count = step === 1 ? columns : rows;
  const averaged = displayScores.map((own, cell) => {
    if (Number.isNaN(own)) return own;
    const at = step === 1 ? cell % columns : Math.floor(cell / columns);
    let sum = 0;
    let weights = 0;
    for (let away = -reach; away <= reach; away += 1) {
      const score = displayScores[cell + away * step] ?? Number.NaN;
      if (at + away < 0 || at + away >= count || Number.isNaN(score)) continue;
      const weight = Math.abs(away) === reach ? 0.5 : 1;
      sum += score * weight;
      weights += weight;
    }
    return weights > 0 ? sum / weights : own;
  });
  return { ...map, displayScores: averaged };
}
