import type { TipCount, TipView } from '../../../src-shared/domain/tip';
import { libraryCensus } from '../../../src-shared/tip/threat-library';
import type { ScreeningStore } from '../../store/screening-store';
import type { TipResultRecord } from '../../store/store-record';
import type { AccountsService } from '../accounts-service';
import type { SiteService } from '../site-service';
import type { TipService } from './tip-service';

/** Results that the figures are counted on, the last ones. */
const RESULTS_LIMIT = 20_000;
/** Missed threats that are listed. */
const MISSES_LIMIT = 50;

interface TipViewParts {
  readonly store: ScreeningStore;
  readonly site: SiteService;
  readonly accounts: AccountsService;
  readonly tips: TipService;
}

/**
 * What a supervisor sees of projected threats at a checkpoint.
 * @throws PhiscanError `checkpoint-not-found`
 */
export async function tipView(parts: TipViewParts, checkpointId: string): Promise<TipView> {
  const { store, site, accounts, tips } = parts;
  site.checkpoint(checkpointId);
  await tips.libraries.load();
  const { all, faults, threats } = tips.libraries;
  const results = await store.readTipResults(checkpointId, RESULTS_LIMIT);
  const census = libraryCensus(threats.map(({ threat }) => threat));
  return {
    current: tips.currentOf(checkpointId),
    history: [...tips.historyOf(checkpointId)],
    libraries: all.map(({ name, origin, threats: own }) => ({
      name,
      origin,
      threats: own.length,
      projections: own.flatMap(({ attitudes }) => attitudes.flat()).length,
    })),
    faults: [...faults],
    categories: categoriesOf(census, results),
    operators: await operatorsOf(parts, checkpointId, results),
    misses: results
      .filter(({ result }) => result === 'miss')
      .slice(0, MISSES_LIMIT)
      .map(({ id, accountId, category, name, cause, at }) => ({
        ...{ id, category, name, cause, at },
        operator: accounts.nameOf(accountId),
      })),
    withoutRoom: tips.withoutRoom,
  };
}

/** What libraries hold now, and what was shown of it; also of what they held once. */
function categoriesOf(
  census: ReturnType<typeof libraryCensus>,
  results: readonly TipResultRecord[],
): TipView['categories'] {
  const names = new Set([
    ...census.map(({ category }) => category),
    ...results.map(({ category }) => category),
  ]);
  return [...names].sort().map((category) => {
    const held = census.find((entry) => entry.category === category);
    const own = results.filter((record) => record.category === category);
    const { threats, projections } = held ?? { threats: 0, projections: 0 };
    return { category, threats, projections, ...countOf(own) };
  });
}

async function operatorsOf(
  { store, accounts }: TipViewParts,
  checkpointId: string,
  results: readonly TipResultRecord[],
): Promise<TipView['operators']> {
  const counts = await store.countDecidedBags(checkpointId);
  const ids = new Set([...counts, ...results].map(({ accountId }) => accountId));
  return [...ids]
    .map((accountId) => {
      const own = counts.filter((count) => count.accountId === accountId);
      const sum = (of: typeof own): number => of.reduce((total, { bags }) => total + bags, 0);
      return {
        accountId,
        name: accounts.nameOf(accountId),
        bags: sum(own),
        searched: sum(own.filter(({ outcome }) => outcome === 'search')),
        ...countOf(results.filter((record) => record.accountId === accountId)),
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

const countOf = (results: readonly TipResultRecord[]): TipCount => {
  const hits = results.filter(({ result }) => result === 'hit').length;
  return { hits, misses: results.length - hits };
};
