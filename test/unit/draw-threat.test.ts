import { describe, expect, it } from 'vitest';
import { drawThreat, isScheduled } from '../../src-main/services/tip/draw-threat';
import type { LibraryThreat } from '../../src-main/services/tip/threat-libraries';
import type { TipSettings } from '../../src-shared/domain/tip';
import { EVERY_BAG } from '../fixtures/small-threats';

const threat = (
  id: string,
  category: string,
  createdAt = '2026-01-01T00:00:00Z',
): LibraryThreat => ({
  directory: '/threats/a',
  createdAt,
  threat: { id, category, name: id, attitudes: [[], []] },
});
const THREATS = [
  ...Array.from({ length: 10 }, (_, at) => threat(`gun-${at}`, 'gun')),
  ...Array.from({ length: 5 }, (_, at) => threat(`knife-${at}`, 'knife')),
];
const SETTINGS: TipSettings = { ...EVERY_BAG, categories: { gun: 25, knife: 75 } };
const draw = (bag: number, own: Partial<TipSettings> = {}, threats = THREATS, key = '5a') =>
  drawThreat({
    settings: { ...SETTINGS, ...own },
    drawKey: key.repeat(32),
    bagId: `B-${bag}`,
    arrivedAt: new Date('2026-03-04T10:00:00Z'),
    threats,
  });
const many = (count: number, own: Partial<TipSettings> = {}) =>
  Array.from({ length: count }, (_, bag) => draw(bag, own)).filter((drawn) => drawn !== null);

describe('which bags carry a projected threat', () => {
  it('is about one in as many as were asked for, by no pattern', () => {
    const drawn = Array.from({ length: 20_000 }, (_, bag) => draw(bag, { oneIn: 25 }) !== null);
    const carried = drawn.flatMap((isDrawn, bag) => (isDrawn ? [bag] : []));
    expect(carried.length).toBeGreaterThan(20_000 / 25 - 90);
    expect(carried.length).toBeLessThan(20_000 / 25 + 90);
    const gaps = carried.slice(1).map((bag, at) => bag - (carried[at] ?? 0));
    // Gaps of a coin that is tossed for each bag: a share 1/25 of them are 1.
    expect(gaps.filter((gap) => gap === 1).length / gaps.length).toBeCloseTo(0.04, 1);
    expect(Math.max(...gaps)).toBeGreaterThan(75);
  });

  it('follows from the key and the bag alone', () => {
    expect(draw(7)).toEqual(draw(7));
    const others = Array.from({ length: 50 }, (_, bag) => draw(bag, {}, THREATS, 'b7')?.seed);
    expect(others).not.toEqual(Array.from({ length: 50 }, (_, bag) => draw(bag)?.seed));
  });

  it('is none while it is off, at other times, or without a library', () => {
    expect(draw(1, { enabled: false })).toBeNull();
    expect(draw(1, {}, [])).toBeNull();
    expect(draw(1, { categories: { explosive: 100 } })).toBeNull();
    const wednesday = new Date('2026-03-04T10:00:00Z').getDay();
    expect(draw(1, { days: [(wednesday + 1) % 7] })).toBeNull();
  });

  it('does not change when a library comes after the bag', () => {
    const later = [...THREATS, threat('gun-late', 'gun', '2026-03-04T10:00:01Z')];
    for (let bag = 0; bag < 40; bag++) expect(draw(bag, {}, later)).toEqual(draw(bag));
  });
});

describe('which threat a bag carries', () => {
  it('has the shares of the categories, each threat and attitude of one as often', () => {
    const drawn = many(6_000);
    expect(drawn).toHaveLength(6_000);
    const count = (of: (id: string) => boolean): number =>
      drawn.filter(({ threat: { id } }) => of(id)).length;
    expect(count((id) => id.startsWith('knife')) / 6_000).toBeCloseTo(0.75, 1);
    expect(count((id) => id === 'gun-3') / 6_000).toBeCloseTo(0.025, 2);
    expect(drawn.filter(({ attitude }) => attitude === 1).length / 6_000).toBeCloseTo(0.5, 1);
  });

  it('spreads what a missing category would have had over the others', () => {
    const drawn = many(200, { categories: { gun: 10, explosive: 90 } });
    expect(drawn).toHaveLength(200);
    expect(drawn.every(({ threat: { category } }) => category === 'gun')).toBe(true);
  });
});

describe('the schedule', () => {
  const at = (day: number, time: string): Date => new Date(`2026-03-0${day}T${time}:00`);
  // 2026-03-02 is a Monday.
  const shift = { ...EVERY_BAG, days: [1], from: '22:00', to: '06:00' };

  it.each([
    [2, '21:59', false],
    [2, '22:00', true],
    [3, '05:59', true],
    [3, '06:00', false],
    [2, '05:00', false],
    [3, '23:00', false],
  ] as const)('of a night from Monday holds on day %i at %s: %s', (day, time, isOn) => {
    expect(isScheduled(shift, at(day, time))).toBe(isOn);
  });

  it('of a day has its beginning and not its end', () => {
    const day = { ...EVERY_BAG, days: [1, 2], from: '08:30', to: '17:00' };
    expect(isScheduled(day, at(2, '08:30'))).toBe(true);
    expect(isScheduled(day, at(2, '17:00'))).toBe(false);
    expect(isScheduled(day, at(4, '12:00'))).toBe(false);
  });
});
