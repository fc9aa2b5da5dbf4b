import type { TipSettings, TipView } from '../../src-shared/domain/tip';

/** The settings as they stand in the form: figures as they are typed. */
export interface TipDraft {
  enabled: boolean;
  oneIn: string;
  shares: { readonly category: string; share: string }[];
  days: number[];
  from: string;
  to: string;
  windowS: string;
  extendedS: string;
}

/** What is wrong with a draft. */
export type TipDraftFault = 'oneIn' | 'shares' | 'days' | 'times' | 'window' | 'extended';

/** Settings to begin with: one bag in 50, all of the library's categories alike, at any time. */
export function tipDraftOf({ current, categories }: TipView): TipDraft {
  const settings = current?.settings;
  const held = categories.filter(({ threats }) => threats > 0).map(({ category }) => category);
  const names = [...new Set([...held, ...Object.keys(settings?.categories ?? {})])].sort();
  const even = Math.floor(100 / Math.max(1, names.length));
  const first = 100 - even * (names.length - 1);
  return {
    enabled: settings?.enabled ?? false,
    oneIn: String(settings?.oneIn ?? 50),
    shares: names.map((category, at) => ({
      category,
      share: String(settings ? (settings.categories[category] ?? 0) : at === 0 ? first : even),
    })),
    days: settings ? [...settings.days] : [0, 1, 2, 3, 4, 5, 6],
    from: settings?.from ?? '00:00',
    to: settings?.to ?? '00:00',
    windowS: String(settings?.windowS ?? 10),
    extendedS: String(settings?.extendedS ?? 45),
  };
}

const numberIn = (text: string, least: number, most: number): number | null => {
  const value = /^\d+([.,]\d+)?$/.test(text.trim()) ? Number(text.replace(',', '.')) : NaN;
  return value >= least && value <= most ? value : null;
};

/** Sum of the shares as they are typed; what is no number counts nothing. */
export const sharesSum = ({ shares }: TipDraft): number =>
  shares.reduce((sum, { share }) => sum + (numberIn(share, 0, 100) ?? 0), 0);

/** The settings that a draft asks for, within the ranges that main takes; or what is wrong with it. */
export function tipSettingsOf(
  draft: TipDraft,
): { readonly settings: TipSettings } | { readonly wrong: TipDraftFault } {
  const oneIn = numberIn(draft.oneIn, 1, 10_000);
  if (oneIn === null || !Number.isInteger(oneIn)) return { wrong: 'oneIn' };
  const isSummed = Math.abs(sharesSum(draft) - 100) < 0.5;
  if (!isSummed || draft.shares.some(({ share }) => numberIn(share, 0, 100) === null)) {
    return { wrong: 'shares' };
  }
  if (draft.days.length === 0) return { wrong: 'days' };
  const isTime = (time: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(time);
  if (!isTime(draft.from) || !isTime(draft.to)) return { wrong: 'times' };
  const windowS = numberIn(draft.windowS, 1, 10);
  if (windowS === null) return { wrong: 'window' };
  const extendedS = numberIn(draft.extendedS, windowS, 45);
  if (extendedS === null) return { wrong: 'extended' };
  const categories = Object.fromEntries(
    draft.shares.map(({ category, share }) => [category, numberIn(share, 0, 100) ?? 0]),
  );
  const { enabled, from, to } = draft;
  const days = [...draft.days].sort((a, b) => a - b);
  return { settings: { enabled, oneIn, categories, days, from, to, windowS, extendedS } };
}
