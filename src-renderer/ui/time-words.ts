/** A span as minutes and seconds, e.g. `0:03` or `12:40`; hours join when it lasts that long. */
export function spanWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** Time of day on this computer's clock, e.g. `14:07:02`. */
export function timeWords(isoTime: string): string {
  return new Date(isoTime).toLocaleTimeString('en-GB');
}

/** Day and time, e.g. `12 Nov 2026, 06:10`. */
export function dateWords(isoTime: string): string {
  return new Date(isoTime).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}
