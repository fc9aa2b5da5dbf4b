import { POINTS_OF, type Measured, type MeasureTool } from './measure';
import type { Point } from './viewpoint';

/** The ruler or the angle in the hand, and what has been measured with it on the bag on screen. */
export class Measuring {
  /** The tool in the hand; null lets the pointer move the picture. */
  tool = $state<MeasureTool | null>(null);
  done = $state.raw<readonly Measured[]>([]);
  /** Points set so far of the measure that is being taken. */
  begun = $state.raw<Measured | null>(null);

  /** Takes a tool into the hand; the same key again lays it down and wipes what it measured. */
  choose(tool: MeasureTool): void {
    if (this.tool === tool) this.clear();
    else {
      this.tool = tool;
      this.begun = null;
    }
  }

  /** Lays the tool down; what was measured stays. */
  layDown(): void {
    this.tool = null;
    this.begun = null;
  }

  clear(): void {
    this.layDown();
    this.done = [];
  }

  /** Sets a point of a view; a point on another view begins anew. */
  set(viewIndex: number, point: Point): void {
    if (this.tool === null) return;
    const before = this.begun?.viewIndex === viewIndex ? this.begun.points : [];
    const measured = { tool: this.tool, viewIndex, points: [...before, point] };
    const isWhole = measured.points.length === POINTS_OF[this.tool];
    this.begun = isWhole ? null : measured;
    if (isWhole) this.done = [...this.done, measured];
  }
}
