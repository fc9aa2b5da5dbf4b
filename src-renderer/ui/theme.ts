export const THEMES = ['dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = 'phiscan.theme';

/** Dark unless this workstation chose otherwise: screening rooms are dim. */
export function currentTheme(): Theme {
  return document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark';
}

/** Wears the theme that was chosen on this workstation. */
export function applyStoredTheme(): void {
  if (localStorage.getItem(STORAGE_KEY) === 'light')
    document.documentElement.dataset['theme'] = 'light';
}

/** Wears a theme and remembers it on this workstation. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  localStorage.setItem(STORAGE_KEY, theme);
}
