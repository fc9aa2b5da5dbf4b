import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import type { ScoreParts } from '../../src-shared/domain/score-parts';
import { t } from '../messages/translate';
import { rawScoreWords } from '../viewer/raw-score-words';

export interface ScorePartRow {
  readonly name: string;
  readonly words: string;
}

/**
 * What a region's score is made of, in words.
 * @param anomalyScore the region's own, as the bag was scored
 */
export function scorePartRows(parts: ScoreParts, anomalyScore: number): readonly ScorePartRow[] {
  const own = rawScoreWords(anomalyScore);
  const { typicalScore } = parts;
  const score: ScorePartRow[] = [{ name: t('parts.score'), words: own }];
  if (typicalScore !== null) {
    score.push({ name: t('parts.typical'), words: rawScoreWords(typicalScore) });
  }
  const rebuilt = {
    name: t('parts.rebuilt'),
    words: t('parts.share', { percent: (parts.rebuiltDifference * 100).toFixed(1) }),
  };
  switch (parts.kind) {
    case 'latent': {
      const { halfFrom, latentValues } = parts;
      const half = {
        name: t('parts.half'),
        words: t('parts.halfFrom', { some: halfFrom, all: latentValues }),
      };
      return [...score, half, rebuilt];
    }
    case 'map':
      return [...score, ...mapRows(parts, anomalyScore), rebuilt];
    default:
      throw missingCaseError(parts);
  }
}

function mapRows(
  { sharpestScore, meanSidePx, turnScores, anomalyScore: ofMap }: ScoreParts & { kind: 'map' },
  anomalyScore: number,
): ScorePartRow[] {
  const rows = [
    {
      name: t('parts.sharpest'),
      words: t('parts.sharpestMean', {
        sharpest: rawScoreWords(sharpestScore),
        side: String(Math.round(meanSidePx)),
        mean: rawScoreWords(ofMap),
      }),
    },
  ];
  if (turnScores.length > 1) {
    rows.push({
      name: t('parts.turns', { count: turnScores.length }),
      words: t('parts.fromTo', {
        low: rawScoreWords(Math.min(...turnScores)),
        high: rawScoreWords(Math.max(...turnScores)),
      }),
    });
  }
  // What a larger bag's greater chance of a high score takes off again; none where it is not asked for.
  const off = ofMap - anomalyScore;
  if (Math.abs(off) > Math.abs(ofMap) * 0.002) {
    rows.push({ name: t('parts.area'), words: rawScoreWords(-off) });
  }
  return rows;
}
