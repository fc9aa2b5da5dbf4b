/** Categories that have a name in every language; a site's own are shown as the site wrote them. */
export const KNOWN_CATEGORIES = ['gun', 'gun-part', 'knife', 'explosive'] as const;
