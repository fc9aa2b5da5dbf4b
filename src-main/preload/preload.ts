import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { CALL_CHANNEL, eventChannel } from '../../src-shared/contract/channels';
import type { PhiscanBridge } from '../../src-shared/contract/contract';

/** Transport only: main checks every name, role and payload, and the contract's types tie both ends. */
const bridge: PhiscanBridge = {
  call: (name, request) => ipcRenderer.invoke(CALL_CHANNEL, name, request),
  on(name, listener) {
    type Payload = Parameters<typeof listener>[0];
    const onEvent = (_event: unknown, payload: Payload): void => {
      listener(payload);
    };
    ipcRenderer.on(eventChannel(name), onEvent);
    return () => {
      ipcRenderer.off(eventChannel(name), onEvent);
    };
  },
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
};

contextBridge.exposeInMainWorld('phiscan', bridge);
