import { createHmac } from 'node:crypto';
import type { TipSettings } from '../../../src-shared/domain/tip';
import type { LibraryThreat } from './threat-libraries';

/** A threat in one of its attitudes, and the seed of its place in the bag. */
export interface DrawnThreat extends LibraryThreat {
  readonly attitude: number;
  readonly seed: number;
}

export interface ThreatDraw {
  readonly settings: TipSettings;
  /** TipSettingsEntry.drawKey */
  readonly drawKey: string;
  readonly bagId: string;
  /** By the computer's own clock. */
  readonly arrivedAt: Date;
  readonly threats: readonly LibraryThreat[];
}

/**
 * Which threat a bag carries; null for none. It follows from the key and the bag's id alone
 * (HMAC-SHA-256), each bag by a chance of its own: nobody can tell from the bags before, a program
 * that is started again comes to the same, and nothing is written down beforehand.
 */
export function drawThreat(draw: ThreatDraw): DrawnThreat | null {
  const { settings, drawKey, bagId, arrivedAt } = draw;
  if (!settings.enabled || !isScheduled(settings, arrivedAt)) return null;
  const bytes = createHmac('sha256', Buffer.from(drawKey, 'hex')).update(bagId).digest();
  const share = (word: number): number => bytes.readUInt32BE(4 * word) / 2 ** 32;
  if (share(0) >= 1 / settings.oneIn) return null;
  // A library that came after the bag must not change what the bag carries.
  const present = draw.threats.filter(({ createdAt }) => Date.parse(createdAt) <= +arrivedAt);
  const category = drawCategory(settings, present, share(1));
  const threats = present.filter(({ threat }) => threat.category === category);
  const drawn = threats[Math.floor(share(2) * threats.length)];
  if (drawn === undefined) return null;
  const attitude = Math.floor(share(3) * drawn.threat.attitudes.length);
  return { ...drawn, attitude, seed: bytes.readUInt32BE(16) };
}

/** By the supervisor's shares among the categories that the libraries hold. */
function drawCategory(
  { categories }: TipSettings,
  threats: readonly LibraryThreat[],
  at: number,
): string | null {
  const held = new Set(threats.map(({ threat }) => threat.category));
  const shares = Object.entries(categories)
    .filter(([category, share]) => share > 0 && held.has(category))
    .sort(([a], [b]) => a.localeCompare(b));
  let rest = at * shares.reduce((sum, [, share]) => sum + share, 0);
  for (const [category, share] of shares) {
    rest -= share;
    if (rest < 0) return category;
  }
  return shares.at(-1)?.[0] ?? null;
}

/** Whether threats are projected at a time of the week. */
export function isScheduled({ days, from, to }: TipSettings, at: Date): boolean {
  const minute = at.getHours() * 60 + at.getMinutes();
  const [start, end] = [minuteOf(from), minuteOf(to)];
  const day = at.getDay();
  if (start === end) return days.includes(day);
  if (start < end) return days.includes(day) && minute >= start && minute < end;
  // Over midnight: the early hours belong to the day before.
  if (minute >= start) return days.includes(day);
  return minute < end && days.includes((day + 6) % 7);
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
