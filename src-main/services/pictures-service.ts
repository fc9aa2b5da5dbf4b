import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Box } from '../../src-shared/domain/screening-outcome';
import type { Screener, TileInspection, ViewDisplay } from '../engine/screener';
import type { EngineService } from './engine-service';
import { inTurns } from './in-turns';
import type { ReviewService } from './review-service';
import type { ScreeningService } from './screening-service';
import type { Session } from './session-service';
import type { Thumbnail } from './shrink-picture';
import { shrinkPicture } from './shrink-picture';

/** Thumbnails kept; each is at most THUMBNAIL_SIDES of RGB. */
const THUMBNAILS_KEPT = 300;
const THUMBNAIL_SIDES = { maxWidthPx: 176, maxHeightPx: 112 };

export interface PicturesOptions {
  readonly screener: Screener;
  readonly engine: EngineService;
  readonly screening: ScreeningService;
  readonly review: ReviewService;
}

/** The pixels that the window draws, for the session alone that may see them. */
export class PicturesService {
  readonly #thumbnails = new Map<string, Thumbnail>();
  /** One thumbnail is made at a time: a long queue must not hold up the scan being scored. */
  readonly #oneByOne = inTurns();

  constructor(private readonly options: PicturesOptions) {}

  /**
   * @throws PhiscanError `presentation-not-found`, why the scan can't be read, or `scan-changed`
   * where the marks on the picture would be another scan's
   */
  async view(session: Session, presentationId: string, viewIndex: number): Promise<ViewDisplay> {
    const { queued } = this.options.review.visible(session, presentationId);
    const display = await this.options.screener.readDisplay(queued.source, viewIndex);
    const outcome = queued.screened?.outcome;
    const scored = outcome?.state === 'screened' ? outcome.sha256 : null;
    if (scored !== null && scored !== display.sha256) {
      throw new PhiscanError(
        'scan-changed',
        'The file has changed since it was scored, so its scores are of another picture. Scan the bag again, or open the file again.',
      );
    }
    return display;
  }

  /** @throws PhiscanError as `view`, and the engine's faults */
  async tile(
    session: Session,
    presentationId: string,
    viewIndex: number,
    tile: Box,
  ): Promise<TileInspection> {
    const { review, engine, screener } = this.options;
    const { queued, threshold } = review.visible(session, presentationId);
    const { source } = queued;
    return engine.use(threshold.bundleId, () => screener.inspectTile(source, viewIndex, tile));
  }

  /** @throws PhiscanError `bag-not-found`, or why the scan can't be read */
  thumbnail(bagId: string): Promise<Thumbnail> {
    return this.#oneByOne(() => this.#thumbnail(bagId));
  }

  async #thumbnail(bagId: string): Promise<Thumbnail> {
    const { screening, screener } = this.options;
    const queued = screening.waitingBag(bagId) ?? screening.decidedBag(bagId);
    if (queued === null) {
      throw new PhiscanError(
        'bag-not-found',
        'This bag is neither waiting nor among the last decided ones.',
      );
    }
    // A picture belongs to its source, which may become another while the bag waits.
    const key = `${bagId} ${queued.source.kind}`;
    const known = this.#thumbnails.get(key);
    if (known !== undefined) return known;
    const thumbnail = shrinkPicture(await screener.readPlanes(queued.source, 0), THUMBNAIL_SIDES);
    this.#thumbnails.set(key, thumbnail);
    const [oldest] = this.#thumbnails.keys();
    if (this.#thumbnails.size > THUMBNAILS_KEPT && oldest !== undefined)
      this.#thumbnails.delete(oldest);
    return thumbnail;
  }
}
