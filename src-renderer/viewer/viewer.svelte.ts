import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { Presentation, PresentedView } from '../../src-shared/domain/review';
import type { TileScore } from '../../src-shared/domain/screening-outcome';
import { describeFrame, type ShownView } from './describe-frame';
import { numberRegions, tileAt, type NumberedRegion } from './finding';
import type { FrameDescription } from './frame-description';
import { heatRaster } from './heat-raster';
import { applyImageFunction, type ImageFunction } from './image-function';
import { loadView } from './load-picture';
import type { ViewPicture } from './raster';
import {
  bringIntoView,
  dividePlace,
  FIT,
  panBy,
  settle,
  toView,
  placeView,
  zoomAt,
  type Point,
  type Size,
  type Viewpoint,
} from './viewpoint';

/** Room around a fitted view: the caption stands above it, the read-out below. */
const PANE_MARGIN = { top: 36, bottom: 36, side: 12 } as const;
const OPACITY_STEPS = [0.25, 0.5, 0.75, 1] as const;
const MOVE_MS = 100;

/** What is known of a view's picture: being fetched, here, or not to be had. */
type PictureState =
  { state: 'fetching' } | { state: 'here'; picture: ViewPicture } | { state: 'none' };

/** Everything that the viewer shows, in one place; `frame` is what one frame draws. */
export class Viewer {
  viewpoint = $state.raw<Viewpoint>(FIT);
  imageFunction = $state<ImageFunction>('original');
  marksShown = $state(true);
  opacity = $state(0.75);
  /** All views side by side, or one alone. */
  layout = $state<'all' | number>('all');
  stage = $state.raw<Size>({ width: 0, height: 0 });
  pixelRatio = $state(1);
  selectedNumber = $state<number | null>(null);
  /** Where the pointer is, in the stage's CSS pixels. */
  pointer = $state.raw<Point | null>(null);

  readonly #opaqueWord: string;
  readonly #pictures = new SvelteMap<number, PictureState>();
  #presentationId: string | null = null;
  #views = $state.raw<readonly PresentedView[]>([]);
  #viewCount = $state(1);
  #stopFetching = new AbortController();

  readonly regions: readonly NumberedRegion[] = $derived(numberRegions(this.#views));
  readonly selected: NumberedRegion | null = $derived(
    this.regions.find((entry) => entry.number === this.selectedNumber) ?? null,
  );
  readonly viewCount = $derived(Math.max(this.#viewCount, this.#views.length));
  readonly #rasters = $derived(
    new Map(
      [...this.#pictures].flatMap(([index, entry]) =>
        entry.state === 'here'
          ? [[index, applyImageFunction(entry.picture, this.imageFunction)] as const]
          : [],
      ),
    ),
  );
  readonly #heats = $derived(
    new Map(
      this.#views.flatMap((view) => {
        if (view.state !== 'scored') return [];
        const { columns, rows, cellPx } = view.scoreMap;
        const covers = { x: 0, y: 0, width: columns * cellPx, height: rows * cellPx };
        return [[view.viewIndex, { raster: heatRaster(view.scoreMap), covers }] as const];
      }),
    ),
  );
  readonly shown: readonly ShownView[] = $derived.by(() => this.#shownViews());
  readonly frame: FrameDescription = $derived.by(() => this.#describeFrame());
  /** The tile under the pointer, the highest scoring where several lie there. */
  readonly tileUnderPointer: TileScore | null = $derived.by(() => this.#tileUnderPointer());
  /** No view of the bag has a picture, and none is on its way. */
  readonly pictureless = $derived(
    this.#pictures.size > 0 &&
      [...this.#pictures.values()].every((entry) => entry.state === 'none'),
  );

  /** `opaqueWord` stands on the flag of areas too dense to see through. */
  constructor(opaqueWord: string) {
    this.#opaqueWord = opaqueWord;
  }

  /** Shows a presentation, or news of the one that is shown; null empties the stage. */
  show(presentation: Presentation | null): void {
    untrack(() => {
      if (presentation?.id !== this.#presentationId) this.#startAnew(presentation);
      else if (presentation !== null && !presentation.scoring) this.#forgetMissing();
      this.#views = presentation?.views ?? [];
      if (this.selected === null) this.selectedNumber = this.regions.length > 0 ? 1 : null;
      if (presentation !== null) this.#fetchMissing(presentation.id);
    });
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
    if (view !== undefined) {
      this.#moveTo(bringIntoView(this.viewpoint, view.size, view.frame, entry.region));
    }
  }

  /** Fits the stage anew when its size changes. */
  resize(stage: Size, pixelRatio: number): void {
    this.stage = stage;
    this.pixelRatio = pixelRatio;
    const first = this.shown[0];
    if (first !== undefined) this.viewpoint = settle(this.viewpoint, first.size, first.frame);
  }

  #startAnew(presentation: Presentation | null): void {
    this.#stopFetching.abort();
    this.#stopFetching = new AbortController();
    this.#presentationId = presentation?.id ?? null;
    this.#pictures.clear();
    this.#viewCount = 1;
    this.viewpoint = FIT;
    this.imageFunction = 'original';
    this.layout = 'all';
    this.selectedNumber = null;
  }

  #forgetMissing(): void {
    for (const [index, entry] of this.#pictures) {
      if (entry.state === 'none' && this.#views.length === 0) this.#pictures.delete(index);
    }
  }

  #fetchMissing(presentationId: string): void {
    for (let index = 0; index < this.viewCount; index += 1) {
      if (!this.#pictures.has(index)) void this.#fetch(presentationId, index);
    }
  }

  async #fetch(presentationId: string, viewIndex: number): Promise<void> {
    const { signal } = this.#stopFetching;
    this.#pictures.set(viewIndex, { state: 'fetching' });
    const fetched = await loadView(presentationId, viewIndex, signal).catch(() => null);
    if (signal.aborted) return;
    this.#pictures.set(
      viewIndex,
      fetched === null ? { state: 'none' } : { state: 'here', picture: fetched },
    );
    if (fetched !== null && fetched.viewCount > this.#viewCount) {
      this.#viewCount = fetched.viewCount;
      this.#fetchMissing(presentationId);
    }
  }

  #describeFrame(): FrameDescription {
    const { stage, pixelRatio, viewpoint, imageFunction, marksShown, opacity, selectedNumber } =
      this;
    const settings = { stage, pixelRatio, viewpoint, imageFunction, marksShown, opacity };
    return describeFrame(
      { ...settings, selectedNumber, opaqueWord: this.#opaqueWord },
      this.shown,
      this.regions,
    );
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
      const view = this.#views.find((candidate) => candidate.viewIndex === viewIndex);
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
          picture: this.#rasters.get(viewIndex) ?? null,
          heat: this.#heats.get(viewIndex) ?? null,
          opaque: view?.state === 'scored' ? view.opaque : [],
        },
      ];
    });
  }

  #sizeOf(viewIndex: number): Size | null {
    const entry = this.#pictures.get(viewIndex);
    if (entry?.state === 'here') {
      return { width: entry.picture.widthPx, height: entry.picture.heightPx };
    }
    const view = this.#views.find((candidate) => candidate.viewIndex === viewIndex);
    return view === undefined ? null : { width: view.widthPx, height: view.heightPx };
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
    const view = this.#views.find((candidate) => candidate.viewIndex === shown.viewIndex);
    if (view?.state !== 'scored') return null;
    const at = toView(placeView(this.viewpoint, shown.size, shown.frame), pointer);
    return tileAt(view.tileScores, at.x, at.y);
  }

  /** Moves there in a blink, at once where motion is unwanted. */
  #moveTo(target: Viewpoint): void {
    const start = this.viewpoint;
    if (target === start) return;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.viewpoint = target;
      return;
    }
    const startedAt = performance.now();
    const between = (from: number, to: number, share: number) => from + (to - from) * share;
    let last = start;
    const step = (now: number): void => {
      // A wheel or a key in between has the last word.
      if (this.viewpoint !== last) return;
      const share = Math.min(1, Math.max(0, (now - startedAt) / MOVE_MS));
      last =
        share === 1
          ? target
          : {
              zoom: between(start.zoom, target.zoom, share),
              centre: {
                x: between(start.centre.x, target.centre.x, share),
                y: between(start.centre.y, target.centre.y, share),
              },
            };
      this.viewpoint = last;
      if (share < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
}
