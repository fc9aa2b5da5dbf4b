import { describe, expect, it } from 'vitest';
import { judgeTip } from '../../src-main/services/tip/judge-tip';
import type { Mark } from '../../src-shared/domain/mark';

const PLACES = [{ viewIndex: 0, x: 100, y: 50, width: 80, height: 20 }];
const searched = (...marks: Mark[]) =>
  judgeTip({ outcome: 'search', cause: 'person', marks }, PLACES);

describe('a projected threat', () => {
  it('is found when the bag goes to search with a reason, or with a mark on it or next to it', () => {
    const hit = { result: 'hit', cause: 'decision' };
    expect(searched()).toEqual(hit);
    expect(searched({ kind: 'point', viewIndex: 0, x: 140, y: 60 })).toEqual(hit);
    expect(searched({ kind: 'point', viewIndex: 0, x: 190, y: 60 })).toEqual(hit);
    expect(searched({ kind: 'box', viewIndex: 0, x: 0, y: 0, width: 300, height: 300 })).toEqual(
      hit,
    );
    const line = [
      { x: 0, y: 60 },
      { x: 120, y: 61 },
    ];
    expect(searched({ kind: 'line', viewIndex: 0, points: line })).toEqual(hit);
    const away: Mark = { kind: 'point', viewIndex: 0, x: 5, y: 5 };
    expect(searched(away, { kind: 'point', viewIndex: 0, x: 140, y: 60 })).toEqual(hit);
  });

  it('is missed when all marks lie elsewhere, or in another view', () => {
    const miss = { result: 'miss', cause: 'marked-elsewhere' };
    expect(searched({ kind: 'point', viewIndex: 0, x: 210, y: 60 })).toEqual(miss);
    expect(searched({ kind: 'point', viewIndex: 1, x: 140, y: 60 })).toEqual(miss);
  });

  it('is missed when the bag is cleared, and when nobody decided in time', () => {
    const mark: Mark = { kind: 'point', viewIndex: 0, x: 140, y: 60 };
    expect(judgeTip({ outcome: 'clear', cause: 'person', marks: [mark] }, PLACES)).toEqual({
      result: 'miss',
      cause: 'decision',
    });
    expect(judgeTip({ outcome: 'search', cause: 'time-limit', marks: [] }, PLACES)).toEqual({
      result: 'miss',
      cause: 'time',
    });
  });
});
