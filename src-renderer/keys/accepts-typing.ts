const TEXT_INPUTS = ['text', 'password', 'number', 'search', 'email'];

/** Whether letters belong to the focused element: then they are no commands. */
export function acceptsTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && TEXT_INPUTS.includes(target.type);
}
