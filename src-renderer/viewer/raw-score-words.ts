/** A raw anomalyScore with four significant figures: its range belongs to the score definition. */
export function rawScoreWords(anomalyScore: number): string {
  const words =
    anomalyScore !== 0 && Math.abs(anomalyScore) < 0.001
      ? anomalyScore.toExponential(2)
      : String(Number(anomalyScore.toPrecision(4)));
  return words.replaceAll('-', '−');
}
