/** Sums up the losses of some steps and the time that they took. */
export class StepMeans {
  private sums = new Map<string, number>();
  private steps = 0;
  private seconds = 0;

  add(losses: Readonly<Record<string, number>>, seconds: number): void {
    this.steps += 1;
    this.seconds += seconds;
    for (const [name, loss] of Object.entries(losses)) {
      this.sums.set(name, (this.sums.get(name) ?? 0) + loss);
    }
  }

  /** The mean of each loss since the beginning or the last clearing. */
  losses(): Record<string, number> {
    return Object.fromEntries([...this.sums].map(([name, sum]) => [name, sum / this.steps]));
  }

  stepsPerSecond(): number {
    return this.steps / this.seconds;
  }

  clear(): void {
    this.sums = new Map();
    this.steps = 0;
    this.seconds = 0;
  }
}
