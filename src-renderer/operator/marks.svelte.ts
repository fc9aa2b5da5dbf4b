import type { Mark } from '../../src-shared/domain/mark';
import { MARKS_LIMIT } from '../../src-shared/domain/mark';

export type MarkTool = Mark['kind'];

/** What the person draws on the bag on screen, before it goes with the decision. */
export class Marks {
  /** In order of drawing. */
  drawn = $state.raw<readonly Mark[]>([]);
  /** What the next stroke draws; null while the pointer moves the picture. */
  tool = $state<MarkTool | null>(null);

  /** Takes a tool up, or lays it down when it is in use. */
  choose(tool: MarkTool): void {
    this.tool = this.tool === tool ? null : tool;
  }

  add(mark: Mark): void {
    if (this.drawn.length < MARKS_LIMIT) this.drawn = [...this.drawn, mark];
  }

  removeLast(): void {
    this.drawn = this.drawn.slice(0, -1);
  }

  /** Begins anew, or from marks that were drawn before. */
  startAnew(from: readonly Mark[] = []): void {
    this.drawn = from;
    this.tool = null;
  }
}
