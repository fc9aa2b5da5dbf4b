import type { EventName, EventPayload } from '../../src-shared/contract/contract';
import type { Presentation } from '../../src-shared/domain/review';
import { toErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { Screening } from '../app/create-screening';

export type SendEvent = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

/** News that come faster than this are told as one: progress comes tile by tile, a folder bag by bag. */
const TOGETHER_MS = 60;

/**
 * Tells the window what changes. The queue and what is on screen are for an open session alone.
 * @returns how to stop
 */
export function publishEvents(screening: Screening, send: SendEvent): () => void {
  const isOpen = (): boolean => screening.session.current?.locked === false;
  const raise = (fault: unknown): void => {
    send('trouble.raised', toErrorRecord(fault));
  };
  let presentation: Presentation | null = null;

  const app = together(async () => {
    send('app.changed', await screening.appState());
  }, raise);
  const queue = together(async () => {
    const snapshot = await screening.queueSnapshot();
    if (isOpen()) send('queue.changed', snapshot);
  }, raise);
  const shown = together(() => {
    if (presentation !== null && isOpen()) send('presentation.changed', presentation);
    presentation = null;
    return Promise.resolve();
  }, raise);

  const stop = screening.news.subscribe((news) => {
    switch (news.name) {
      case 'app':
        app.soon();
        break;
      case 'queue':
        queue.soon();
        break;
      case 'presentation':
        ({ presentation } = news);
        shown.soon();
        break;
      case 'threatOver':
        if (isOpen()) send('presentation.threatOver', news.over);
        break;
      case 'trouble':
        raise(news.fault);
        break;
    }
  });
  return () => {
    stop();
    for (const each of [app, queue, shown]) each.cancel();
  };
}

/** Runs the work once for all that ask for it within TOGETHER_MS. */
function together(work: () => Promise<void>, onFault: (fault: unknown) => void) {
  let timer: NodeJS.Timeout | null = null;
  return {
    soon() {
      timer ??= setTimeout(() => {
        timer = null;
        work().catch(onFault);
      }, TOGETHER_MS);
    },
    cancel() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
