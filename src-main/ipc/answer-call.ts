import { z } from 'zod';
import type {
  Answer,
  CallName,
  CallPayload,
  CallResponse,
} from '../../src-shared/contract/contract';
import { calls } from '../../src-shared/contract/contract';
import { PhiscanError, toErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { Session, SessionService } from '../services/session-service';
import type { CallHandlers } from './call-handlers';

/** All that a locked window may ask. */
const OPEN_WHILE_LOCKED: ReadonlySet<CallName> = new Set<CallName>([
  'app.state',
  'session.signIn',
  'session.signOut',
  'session.unlock',
]);

export interface CallDoor {
  readonly session: SessionService;
  readonly handlers: CallHandlers;
  /** Hears of faults that are defects: what the window is told of them is `internal`. */
  readonly onDefect: (fault: unknown) => void;
}

/**
 * Answers one call of the window: its name, the session and role, then the payload are checked
 * before a handler sees it. Never rejects.
 */
export async function answerCall(
  name: unknown,
  request: unknown,
  door: CallDoor,
): Promise<Answer<unknown>> {
  try {
    if (!isCallName(name)) {
      throw new PhiscanError('request-invalid', `There is no call named ${String(name)}.`);
    }
    const caller = admit(name, door.session);
    return { ok: true, value: await handle(name, request, caller, door.handlers) };
  } catch (fault) {
    const error = toErrorRecord(fault);
    if (error.code === 'internal') door.onDefect(fault);
    return { ok: false, error };
  }
}

const isCallName = (name: unknown): name is CallName =>
  typeof name === 'string' && Object.hasOwn(calls, name);

/** @throws PhiscanError `not-signed-in`, `role-required` */
function admit(name: CallName, session: SessionService): Session | null {
  const { access } = calls[name];
  const { current } = session;
  if (current?.locked === true) {
    if (OPEN_WHILE_LOCKED.has(name)) return current;
    throw new PhiscanError('not-signed-in', 'The window is locked. Unlock it first.');
  }
  return access === 'anyone' ? current : session.require(access);
}

function handle<N extends CallName>(
  name: N,
  request: unknown,
  caller: Session | null,
  handlers: CallHandlers,
): Promise<CallResponse<N>> {
  const parsed = calls[name].request.safeParse(request);
  if (!parsed.success) {
    throw new PhiscanError(
      'request-invalid',
      `The request ${name} does not have the form that was agreed: ${z.prettifyError(parsed.error)}`,
    );
  }
  // The table ties name, payload, access and answer together; a generic index loses that tie.
  const handler = handlers[name] as unknown as (
    payload: CallPayload<N>,
    caller: Session | null,
  ) => Promise<CallResponse<N>>;
  return handler(parsed.data as CallPayload<N>, caller);
}
