import { untrack } from 'svelte';
import type { Presentation, PresentedView } from '../../src-shared/domain/review';
import type { TileScore } from '../../src-shared/domain/screening-outcome';
import { describeFrame, type ShownView } from './describe-frame';
import { numberRegions, tileAt, type NumberedRegion } from './finding';
import type { FrameDescription } from './frame-description';
import { applyImageFunction, type ImageFunction } from './image-function';
import { moveBetween } from './move-between';
import type { OverlayPane } from './overlay/describe-overlay';
import { OVERLAY_MODES, type OverlayMode } from './overlay/overlay-description';
import { ViewPictures } from './view-pictures.svelte';
import {
  bringIntoView,
  dividePlace,
  FIT,
  panBy,
  placeView,
  settle,
  toView,
  zoomAt,
  type Point,
  type Size,
  type Viewpoint,
} from './viewpoint';

/** Room around a fitted view: the caption stands above it, the read-out below. */
const PANE_MARGIN = { top: 36, bottom: 36, side: 12 } as const;
const OPACITY_STEPS = [0.25, 0.5, 0.75, 1] as const;

/** Everything that the viewer shows, in one place; `frame` is what one frame draws. */
export class Viewer {
  viewpoint = $state.raw<Viewpoint>(FIT);
  imageFunction = $state<ImageFunction>('original');
  /** Off hides every mark of the machine. */
  marksShown = $state(true);
  overlayMode = $state<OverlayMode>('heat');
  opacity = $state(0.75);
  /** All views side by side, or one alone. */
  layout = $state<'all' | number>('all');
  stage = $state.raw<Size>({ width: 0, height: 0 });
  pixelRatio = $state(1);
  selectedNumber = $state<number | null>(null);
  /** Where the pointer is, in the stage's CSS pixels. */
  pointer = $state.raw<Point | null>(null);

  readonly #pictures = new ViewPictures();
  #presentationId: string | null = null;
  #views = $state.raw<readonly PresentedView[]>([]);

  readonly regions: readonly NumberedRegion[] = $derived(numberRegions(this.#views));
  readonly viewCount = $derived(Math.max(this.#pictures.viewCount, this.#views.length));
  readonly #rasters = $derived(
    this.#pictures.here.map(({ viewIndex, picture }) => ({
      viewIndex,
      raster: applyImageFunction(picture, this.imageFunction),
    })),
  );
  readonly shown: readonly ShownView[] = $derived.by(() => this.#shownViews());
  readonly frame: FrameDescription = $derived.by(() => this.#describeFrame());
  /** Where the views lie, for the layers over the picture. */
  readonly overlayPanes: readonly OverlayPane[] = $derived(
    this.shown.map(({ viewIndex, place, size, frame }) => {
      const { scale, originX, originY } = placeView(this.viewpoint, size, frame);
      return {
        viewIndex,
        place,
        toStage: { a: scale, b: 0, c: 0, d: scale, e: originX, f: originY },
      };
    }),
  );
  /** The tile under the pointer, the highest scoring where several lie there. */
  readonly tileUnderPointer: TileScore | null = $derived.by(() => this.#tileUnderPointer());
  /** No view of the bag has a picture, and none is on its way. */
  readonly pictureless = $derived(this.#pictures.none);
  /** Why there is no picture; null when there is one, or nobody says. */
  readonly pictureRefusal = $derived(this.#pictures.refusal);

  /** Shows a presentation, or news of the one that is shown; null empties the stage. */
  show(presentation: Presentation | null): void {
    untrack(() => {
      const id = presentation?.id ?? null;
      if (id !== this.#presentationId) this.#startAnew(id);
      else if (presentation !== null && !presentation.scoring) this.#pictures.forgetMissing();
      this.#views = presentation?.views ?? [];
      if (!this.regions.some(({ number }) => number === this.selectedNumber)) {
        this.selectedNumber = this.regions.length > 0 ? 1 : null;
      }
      if (presentation !== null) this.#pictures.fetch(this.viewCount);
    });
  }

  /** Fetches the pictures of a presentation that will be shown, so that it is drawn at once. */
  prefetch(presentationId: string): void {
    this.#pictures.prefetch(presentationId);
  }

  zoomBy(factor: number, at: Point | null = null): void {
    const view = this.#viewUnder(at) ?? this.shown[0];
    if (view === undefined) return;
    const middle = {
      x: view.frame.x + view.frame.width / 2,
      y: view.frame.y + view.frame.height / 2,
    };
    this.viewpoint = zoomAt(this.viewpoint, view.size, view.frame, at ?? middle, factor);
  }

  pan(by: Point, at: Point | null = null): void {
    const view = this.#viewUnder(at) ?? this.shown[0];
    if (view !== undefined) this.viewpoint = panBy(this.viewpoint, view.size, view.frame, by);
  }

  fit(): void {
    this.viewpoint = FIT;
  }

  cycleViews(): void {
    if (this.viewCount < 2) return;
    const next = this.layout === 'all' ? 0 : this.layout + 1;
    this.layout = next < this.viewCount ? next : 'all';
    this.viewpoint = FIT;
  }

  stepOpacity(): void {
    this.opacity = OPACITY_STEPS.find((step) => step > this.opacity + 0.001) ?? OPACITY_STEPS[0];
  }

  /** Heat, then the area that alarms alone, then lines of equal score; brings hidden marks back. */
  stepOverlayMode(): void {
    const next = OVERLAY_MODES.indexOf(this.overlayMode) + 1;
    if (this.marksShown) this.overlayMode = OVERLAY_MODES[next % OVERLAY_MODES.length] ?? 'heat';
    this.marksShown = true;
  }

  /** Selects the next (+1) or previous (−1) alarm region and brings it into view. */
  stepRegion(by: 1 | -1): void {
    const count = this.regions.length;
    if (count === 0) return;
    const from = this.selectedNumber ?? (by === 1 ? 0 : 1);
    this.select(((from - 1 + by + count) % count) + 1);
  }

  select(number: number): void {
    const entry = this.regions.find((region) => region.number === number);
    if (entry === undefined) return;
    this.selectedNumber = number;
    if (this.layout !== 'all' && this.layout !== entry.viewIndex) this.layout = entry.viewIndex;
    const view = this.shown.find((shown) => shown.viewIndex === entry.viewIndex);
    if (view === undefined) return;
    const target = bringIntoView(this.viewpoint, view.size, view.frame, entry.region);
    moveBetween(
      this.viewpoint,
      target,
      () => this.viewpoint,
      (viewpoint) => (this.viewpoint = viewpoint),
    );
  }

  /** Fits the stage anew when its size changes. */
  resize(stage: Size, pixelRatio: number): void {
    this.stage = stage;
    this.pixelRatio = pixelRatio;
    const first = this.shown[0];
    if (first !== undefined) this.viewpoint = settle(this.viewpoint, first.size, first.frame);
  }

  #startAnew(presentationId: string | null): void {
    this.#presentationId = presentationId;
    this.#pictures.turnTo(presentationId);
    this.viewpoint = FIT;
    this.imageFunction = 'original';
    this.layout = 'all';
    this.selectedNumber = null;
  }

  #describeFrame(): FrameDescription {
    const { stage, pixelRatio, viewpoint, imageFunction } = this;
    return describeFrame({ stage, pixelRatio, viewpoint, imageFunction }, this.shown);
  }

  #shownViews(): readonly ShownView[] {
    const { layout, stage } = this;
    const indexes = Array.from({ length: this.viewCount }, (_, index) => index).filter(
      (index) => layout === 'all' || layout === index,
    );
    const places = dividePlace({ x: 0, y: 0, ...stage }, indexes.length);
    return indexes.flatMap((viewIndex, index) => {
      const place = places[index];
      const size = this.#sizeOf(viewIndex);
      if (place === undefined || size === null || stage.width === 0) return [];
      const frame = {
        x: place.x + PANE_MARGIN.side,
        y: place.y + PANE_MARGIN.top,
        width: Math.max(1, place.width - 2 * PANE_MARGIN.side),
        height: Math.max(1, place.height - PANE_MARGIN.top - PANE_MARGIN.bottom),
      };
      return [
        {
          viewIndex,
          size,
          place,
          frame,
          picture: this.#rasters.find((entry) => entry.viewIndex === viewIndex)?.raster ?? null,
        },
      ];
    });
  }

  #viewAt(viewIndex: number): PresentedView | undefined {
    return this.#views.find((view) => view.viewIndex === viewIndex);
  }

  #sizeOf(viewIndex: number): Size | null {
    const raster = this.#rasters.find((entry) => entry.viewIndex === viewIndex)?.raster;
    const known = raster ?? this.#viewAt(viewIndex);
    return known === undefined ? null : { width: known.widthPx, height: known.heightPx };
  }

  #viewUnder(at: Point | null): ShownView | undefined {
    if (at === null) return undefined;
    return this.shown.find(
      ({ place }) =>
        at.x >= place.x &&
        at.y >= place.y &&
        at.x < place.x + place.width &&
        at.y < place.y + place.height,
    );
  }

  #tileUnderPointer(): TileScore | null {
    const { pointer } = this;
    const shown = this.#viewUnder(pointer);
    if (pointer === null || shown === undefined) return null;
    const view = this.#viewAt(shown.viewIndex);
    if (view?.state !== 'scored') return null;
    const at = toView(placeView(this.viewpoint, shown.size, shown.frame), pointer);
    return tileAt(view.tileScores, at.x, at.y);
  }
}
