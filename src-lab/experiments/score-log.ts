import { appendFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { readIfPresent } from './run-record';

const lineSchema = z.strictObject({
  /** Name of the list of pictures: `normal` or a class. */
  list: z.string(),
  /** Index of the first picture scored. */
  from: z.int(),
  scores: z.array(z.number()),
  /** Time that scoring took. */
  seconds: z.number(),
});
type ScoreLine = z.infer<typeof lineSchema>;

/** Scores as they come, a line for each batch, so that a stopped run does not score them again. */
export class ScoreLog {
  private constructor(
    private readonly file: string,
    private readonly lines: ScoreLine[],
  ) {}

  /** Opens a log or begins one; a last line that was cut short by a kill is dropped. */
  static async open(file: string): Promise<ScoreLog> {
    const text = (await readIfPresent(file)) ?? '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole !== text) await writeFile(file, whole);
    const lines = whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => lineSchema.parse(JSON.parse(line)));
    return new ScoreLog(file, lines);
  }

  get seconds(): number {
    return this.lines.reduce((sum, line) => sum + line.seconds, 0);
  }

  has(list: string, from: number): boolean {
    return this.lines.some((line) => line.list === list && line.from === from);
  }

  async append(line: ScoreLine): Promise<void> {
    await appendFile(this.file, `${JSON.stringify(line)}\n`);
    this.lines.push(line);
  }

  /** All scores of a list, in no particular order. */
  scoresOf(list: string): number[] {
    return this.lines.filter((line) => line.list === list).flatMap(({ scores }) => scores);
  }
}
