/**
 * What the launcher tells the person at the terminal. It goes to stderr, so that
 * `phiscan score --json > file` holds the program's own lines alone.
 */
export function say(text) {
  process.stderr.write(`phiscan: ${text}\n`);
}

/** A failure that the person can mend; its message says how. It is printed without a stack. */
export class LauncherError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'LauncherError';
    this.exitCode = exitCode;
  }
}

/**
 * Reports a long step's progress: on a terminal as one line that is rewritten, elsewhere as a line
 * at each tenth, so that a log stays short.
 * @param {string} label what is being done
 * @param {number} total in any unit, above 0
 * @returns {(done: number) => void} to be called with the amount done so far
 */
export function progress(label, total) {
  const onTerminal = process.stderr.isTTY === true;
  let lastShown = 0;
  return (done) => {
    const percent = Math.floor((100 * done) / total);
    const due = onTerminal ? percent > lastShown : percent >= lastShown + 25;
    if (!due) return;
    lastShown = percent;
    if (!onTerminal) say(`${label}: ${percent} %`);
    else process.stderr.write(`\r  ${label}: ${percent} %${percent >= 100 ? '\n' : ''}`);
  };
}
