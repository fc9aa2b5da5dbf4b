import type { Viewpoint } from './viewpoint';

const MOVE_MS = 100;

/**
 * Moves from one viewpoint to another in a blink, at once where motion is unwanted. Whoever sets
 * another viewpoint in between (a wheel, a key) has the last word.
 */
export function moveBetween(
  start: Viewpoint,
  target: Viewpoint,
  current: () => Viewpoint,
  set: (viewpoint: Viewpoint) => void,
): void {
  if (target === start) return;
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
    set(target);
    return;
  }
  const startedAt = performance.now();
  let last = start;
  const step = (now: number): void => {
    if (current() !== last) return;
    const share = Math.min(1, Math.max(0, (now - startedAt) / MOVE_MS));
    last = share === 1 ? target : between(start, target, share);
    set(last);
    if (share < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

function between(from: Viewpoint, to: Viewpoint, share: number): Viewpoint {
  const part = (one: number, other: number) => one + (other - one) * share;
  return {
    ...to,
    zoom: part(from.zoom, to.zoom),
    centre: { x: part(from.centre.x, to.centre.x), y: part(from.centre.y, to.centre.y) },
  };
}
