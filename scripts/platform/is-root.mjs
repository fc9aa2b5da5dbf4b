/** Whether this process may do everything on this machine (never on Windows). */
export const isRoot = process.getuid?.() === 0;
