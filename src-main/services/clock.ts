import { randomUUID } from 'node:crypto';

/** What the services ask for the time. */
export type Clock = () => Date;

export const newId = (): string => randomUUID();

/** A bag's name for people and records: when it arrived, by the computer's own clock, and four letters. */
export function newBagId(arrivedAt: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const date = `${arrivedAt.getFullYear()}${two(arrivedAt.getMonth() + 1)}${two(arrivedAt.getDate())}`;
  const time = `${two(arrivedAt.getHours())}${two(arrivedAt.getMinutes())}${two(arrivedAt.getSeconds())}`;
  return `B-${date}-${time}-${randomUUID().slice(0, 6)}`;
}
