import type { PhiscanBridge } from '../../src-shared/contract/contract';

declare global {
  interface Window {
    /** Put there by the preload. */
    readonly phiscan: PhiscanBridge;
  }
}
