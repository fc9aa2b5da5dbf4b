import type { ReviewRules } from '../../src-shared/domain/review-rules';

/** The rules as they stand in the form: figures as they are typed, one reason a line. */
export interface ReviewDraft {
  mode: ReviewRules['mode'];
  /** Empty for no limit. */
  limitS: string;
  atLimit: ReviewRules['atLimit'];
  dutyMinutes: string;
  breakMinutes: string;
  searchReasons: string;
}

/** What is wrong with a draft. */
export type DraftFault = 'limit' | 'duty' | 'break' | 'reasons';

export const draftOf = (rules: ReviewRules): ReviewDraft => ({
  mode: rules.mode,
  limitS: rules.decisionLimitS === null ? '' : String(rules.decisionLimitS),
  atLimit: rules.atLimit,
  dutyMinutes: String(rules.dutyMinutes),
  breakMinutes: String(rules.breakMinutes),
  searchReasons: rules.searchReasons.join('\n'),
});

const whole = (text: string, least: number, most: number): number | null => {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : NaN;
  return value >= least && value <= most ? value : null;
};

/** The rules that a draft asks for, within the ranges that main takes; or what is wrong with it. */
export function rulesOf(draft: ReviewDraft): ReviewRules | { readonly wrong: DraftFault } {
  const isLimited = draft.limitS.trim() !== '';
  const decisionLimitS = isLimited ? whole(draft.limitS, 2, 600) : null;
  if (isLimited && decisionLimitS === null) return { wrong: 'limit' };
  const dutyMinutes = whole(draft.dutyMinutes, 1, 240);
  if (dutyMinutes === null) return { wrong: 'duty' };
  const breakMinutes = whole(draft.breakMinutes, 1, 120);
  if (breakMinutes === null) return { wrong: 'break' };
  const lines = draft.searchReasons.split('\n').map((line) => line.trim());
  const searchReasons = [...new Set(lines.filter((line) => line !== ''))];
  const isListed = searchReasons.length >= 1 && searchReasons.length <= 9;
  if (!isListed || searchReasons.some((reason) => reason.length > 60)) return { wrong: 'reasons' };
  const { mode, atLimit } = draft;
  return { mode, decisionLimitS, atLimit, dutyMinutes, breakMinutes, searchReasons };
}
