/** One running host process, as the client sees it. */
export interface HostProcess {
  postMessage(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, however the process ended. */
  onExit(listener: (exitCode: number | null) => void): void;
  /** Ends the process at once, also while it computes; `onExit` follows. */
  kill(): void;
}

/** Starts host processes: Electron's utilityProcess in the program, a child of Node in tests. */
export interface HostLauncher {
  launch(): HostProcess;
}
