/** The channel of every call; the call's name and request are its arguments. */
export const CALL_CHANNEL = 'phiscan:call';
/** Prefix of an event's own channel. */
export const eventChannel = (name: string): string => `phiscan:event:${name}`;
