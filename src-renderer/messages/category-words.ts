import { KNOWN_CATEGORIES } from '../../src-shared/tip/known-categories';
import { t } from './translate';

/** A category of threats in the window's language; a site's own as the site wrote it. */
export function categoryWords(category: string): string {
  const known = KNOWN_CATEGORIES.find((name) => name === category);
  return known === undefined ? category : t(`tip.category.${known}`);
}
