import type { Calibration } from '../../src-shared/domain/model-bundle';
import { benignBagRate, rarity } from '../../src-shared/screening/calibration';
import type { ScoreLine, ScoringFacts } from './score-line';

const SCAN_WIDTH = 44;

/** Counts of a run, for its last line. */
export interface ScoreCounts {
  readonly scans: number;
  readonly alarms: number;
  readonly unscored: number;
  readonly elapsedMs: number;
}

export function tableHead(): string {
  return `${'scan'.padEnd(SCAN_WIDTH)}  view  ${'state'.padEnd(12)}  score  ${'how rare among benign bags'.padEnd(26)}  regions    tiles      ms`;
}

/** A view's row for people; a scan that is not scored says why, in words. */
export function tableRow(line: ScoreLine, calibration: Calibration | null): string {
  const scan = fitted(line.scan);
  if ('state' in line) {
    const view = line.view === undefined ? '   –' : String(line.view).padStart(4);
    return `${scan}  ${view}  ! not scored  ${line.error.message}`;
  }
  const scored = line.tiles.count - line.tiles.skipped;
  const cells = [
    scan,
    String(line.view).padStart(4),
    stateWords(line.alarm).padEnd(12),
    (line.displayScoreMax === null ? '–' : line.displayScoreMax.toFixed(2)).padStart(5),
    rarityWords(calibration, line).padEnd(26),
    String(line.regions.length).padStart(7),
    `${scored}/${line.tiles.count}`.padStart(9),
    line.elapsedMs.toFixed(0).padStart(6),
  ];
  return cells.join('  ');
}

function stateWords(alarm: boolean | null): string {
  if (alarm === null) return '! no scale';
  return alarm ? '▲ alarm' : '○ no alarm';
}

/** "about 1 in 50", "rarer than 1 in 260"; the raw score where no scale speaks of this scanner. */
function rarityWords(
  calibration: Calibration | null,
  { anomalyScoreMax, calibrated }: { anomalyScoreMax: number; calibrated: boolean },
): string {
  if (calibration === null) return `A(x) ${anomalyScoreMax.toPrecision(4)}`;
  if (!calibrated) return `not known, A(x) ${anomalyScoreMax.toPrecision(4)}`;
  const { oneIn, beyondSample } = rarity(calibration, anomalyScoreMax);
  if (beyondSample) return `rarer than 1 in ${oneIn}`;
  return oneIn < 1.5 ? 'common' : `about 1 in ${oneIn < 10 ? oneIn.toFixed(1) : oneIn.toFixed(0)}`;
}

/** The last line: what was found, at which φ, by which model. */
export function tableSummary(counts: ScoreCounts, facts: ScoringFacts): string {
  const { scans, alarms, unscored, elapsedMs } = counts;
  const noAlarms = scans - alarms - unscored;
  const meaning = rateWords(facts.threshold);
  return [
    `${scans} ${scans === 1 ? 'scan' : 'scans'}: ${alarms} alarm, ${noAlarms} no alarm, ${unscored} not scored.`,
    `φ ${facts.threshold} (${meaning}) · model ${facts.model} · ${facts.engine} · ${(elapsedMs / Math.max(1, scans)).toFixed(0)} ms a scan`,
  ].join('\n');
}

/** What φ means: "about 1 benign bag in 10 alarms". */
export function rateWords(threshold: number): string {
  const oneIn = 1 / benignBagRate(threshold);
  if (oneIn < 1.5) return 'nearly every benign bag alarms';
  return `about 1 benign bag in ${oneIn < 10 ? oneIn.toFixed(1) : oneIn.toFixed(0)} alarms`;
}

/** A path cut to the column from its front, since names differ at their end. */
function fitted(path: string): string {
  return path.length > SCAN_WIDTH ? `…${path.slice(1 - SCAN_WIDTH)}` : path.padEnd(SCAN_WIDTH);
}
