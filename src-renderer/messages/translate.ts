import { en } from './en';

type Catalogue = typeof en;
export type MessageKey = keyof Catalogue;

type MessageParameters<K extends MessageKey> = Catalogue[K] extends (p: infer P) => string
  ? [P]
  : [];

/** The words of a message, in the language of the window. */
export function t<K extends MessageKey>(key: K, ...parameters: MessageParameters<K>): string {
  const message: string | ((p: never) => string) = en[key];
  if (typeof message === 'string') return message;
  return message(parameters[0] as never);
}
