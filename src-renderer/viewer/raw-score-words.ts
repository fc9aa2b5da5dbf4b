/** A raw anomalyScore with four significant figures: its range belongs to the score definition. */
export function rawScoreWords(anomalyScore: number): string {
  if (anomalyScore !== 0 && Math.abs(anomalyScore) < 0.001) return anomalyScore.toExponential(2);
  return String(Number(anomalyScore.toPrecision(4)));
}
