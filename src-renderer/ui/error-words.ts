import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { Trouble } from '../state/client.svelte';
import { errorWords } from '../messages/en';

/** A reason in a few words, to follow "Not scored: "; main's own words where the catalogue has none. */
export function shortReason(error: ErrorRecord): string {
  return errorWords[error.code] ?? error.message;
}

/** The same as a sentence of its own. */
export function reasonSentence(error: ErrorRecord): string {
  const words = shortReason(error);
  const sentence = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** What went wrong, as the fixed place for messages says it. */
export function troubleSentence(trouble: Trouble): string {
  return 'words' in trouble ? trouble.words : reasonSentence(trouble);
}
