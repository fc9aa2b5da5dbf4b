import type { BrowserWindow, IpcMainInvokeEvent } from 'electron';
import { ipcMain } from 'electron';
import { CALL_CHANNEL, eventChannel } from '../../src-shared/contract/channels';
import type { Answer } from '../../src-shared/contract/contract';
import type { CallDoor } from './answer-call';
import { answerCall } from './answer-call';
import type { SendEvent } from './publish-events';

/** Takes the calls of one window: of its top frame alone, and only while that shows our page. */
export function registerCalls(window: BrowserWindow, windowOrigin: string, door: CallDoor): void {
  const isOurs = ({ sender, senderFrame }: IpcMainInvokeEvent): boolean =>
    !window.isDestroyed() &&
    sender === window.webContents &&
    senderFrame !== null &&
    senderFrame === window.webContents.mainFrame &&
    senderFrame.url.startsWith(`${windowOrigin}/`);
  const refusal: Answer<never> = {
    ok: false,
    error: { code: 'sender-refused', message: 'This page may not call Phiscan.' },
  };
  ipcMain.handle(CALL_CHANNEL, (event, name: unknown, request: unknown) =>
    isOurs(event) ? answerCall(name, request, door) : refusal,
  );
}

/** Sends events to the window while there is one. */
export function eventSender(window: BrowserWindow): SendEvent {
  return (name, payload) => {
    if (!window.isDestroyed()) window.webContents.send(eventChannel(name), payload);
  };
}
