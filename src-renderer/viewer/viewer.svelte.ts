import { untrack } from 'svelte';
import type { Presentation, PresentedView } from '../../src-shared/domain/review';
import type { PixelKind } from '../../src-shared/domain/scan';
import type { TileScore } from '../../src-shared/domain/screening-outcome';
import type { DisplayView } from '../../src-shared/imaging/display/display-view';
import { readPixel, type PixelReading } from '../../src-shared/imaging/display/read-pixel';
import {
  describeFrame,
  describeGlass,
  type ShownView,
  type ViewerSettings,
} from './describe-frame';
import { numberRegions, tileAt, type NumberedRegion } from './finding';
import type { FrameDescription } from './frame-description';
import { groundOf } from './image-function';
import { layOutViews } from './lay-out-views';
import { Measuring } from './measuring.svelte';
import { moveBetween } from './move-between';
import type { OverlayPane } from './overlay/describe-overlay';
import { OVERLAY_MODES, type OverlayMode } from './overlay/overlay-description';
import { PictureSteps } from './picture-steps.svelte';
import { viewLayouts, type ViewLayout } from './view-layouts';
import { ViewPictures } from './view-pictures.svelte';
import {
  bringIntoView,
  FIT,
  fitScale,
  flipped,
  panBy,
  placeView,
  settle,
  toView,
  turned,
  zoomAt,
  type Point,
  type Size,
  type Viewpoint,
} from './viewpoint';

/** Side of the magnifier's glass in CSS pixels. */
export const GLASS_SIDE_PX = 300;
const OPACITY_STEPS = [0.25, 0.5, 0.75, 1] as const;

type LaidOutView = Omit<ShownView, 'picture'> & { readonly view: DisplayView | null };

/** Everything that the viewer shows, in one place; `frame` is what one frame draws. */
export class Viewer {
  viewpoint = $state.raw<Viewpoint>(FIT);
  readonly steps = new PictureSteps();
  readonly measuring = new Measuring();
  magnifying = $state(false);
  /** Off hides every mark of the machine. */
  marksShown = $state(true);
  overlayMode = $state<OverlayMode>('heat');
  opacity = $state(0.75);
  /** Which of the bag's layouts is shown; 0 shows all views. */
  #layoutAt = $state(0);
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
  readonly #layouts = $derived(viewLayouts(this.viewCount));
  /** The views that stand side by side now. */
  readonly layout: ViewLayout = $derived(this.#layouts[this.#layoutAt] ?? this.#layouts[0] ?? []);
  /** The views of the bag whose pictures are here, on screen or not. */
  readonly pictures = $derived(this.#pictures.here);
  /** Where views lie does not hang on the image functions: layers over the picture stay as they are. */
  readonly #laidOut: readonly LaidOutView[] = $derived.by(() => this.#layOut());
  readonly shown: readonly ShownView[] = $derived(
    this.#laidOut.map(({ view, ...lies }) => ({
      ...lies,
      picture: view && { view, parameters: this.steps.parametersOf(view.kind) },
    })),
  );
  /** What the pixels of the bag on screen are; an export until they are here. */
  readonly pixelKind: PixelKind = $derived(
    this.#laidOut.find(({ view }) => view !== null)?.view?.kind ??
      this.#views[0]?.pixelKind ??
      'rgb',
  );
  readonly frame: FrameDescription = $derived(describeFrame(this.#settings(), this.shown));
  /** What the magnifier shows and where its middle is; null while it is put away. */
  readonly glass = $derived.by(() => this.#describeGlass());
  /** Where the views lie, for the layers over the picture. */
  readonly overlayPanes: readonly OverlayPane[] = $derived(
    this.#laidOut.map(({ viewIndex, place, size, frame }) => ({
      viewIndex,
      place,
      toStage: placeView(this.viewpoint, size, frame),
    })),
  );
  /** The tile under the pointer, the highest scoring where several lie there. */
  readonly tileUnderPointer: TileScore | null = $derived.by(() => this.#tileUnderPointer());
  /** What the view's own pixels say at the pointer. */
  readonly pixelUnderPointer: PixelReading | null = $derived.by(() => {
    const at = this.#pointed();
    const picture = at?.shown.picture ?? null;
    return at === null || picture === null ? null : readPixel(picture.view, at.x, at.y);
  });
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
    this.viewpoint = { ...this.viewpoint, zoom: FIT.zoom, centre: FIT.centre };
  }

  /** One pixel of the view for one of the screen. */
  actualSize(): void {
    const view = this.shown[0];
    if (view === undefined) return;
    const fit = fitScale(view.size, view.frame, this.viewpoint.turn) * this.viewpoint.zoom;
    this.zoomBy(1 / (fit * this.pixelRatio));
  }

  /** A quarter turn clockwise. */
  turn(): void {
    this.#settleAt(turned(this.viewpoint));
  }

  flip(): void {
    this.#settleAt(flipped(this.viewpoint));
  }

  cycleViews(): void {
    if (this.viewCount < 2) return;
    this.#layoutAt = (this.#layoutAt + 1) % this.#layouts.length;
    this.fit();
  }

  /** Shows one view alone, or all again where it is alone already. */
  showAlone(viewIndex: number): void {
    const isAlone = this.layout.length === 1 && this.layout[0] === viewIndex;
    const wanted = this.#layouts.findLastIndex(([first]) => first === viewIndex);
    this.#layoutAt = isAlone ? 0 : Math.max(0, wanted);
    this.fit();
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
    if (!this.layout.includes(entry.viewIndex)) this.showAlone(entry.viewIndex);
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
    this.#settleAt(this.viewpoint);
  }

  #settleAt(viewpoint: Viewpoint): void {
    const first = this.shown[0];
    this.viewpoint = first === undefined ? viewpoint : settle(viewpoint, first.size, first.frame);
  }

  #startAnew(presentationId: string | null): void {
    this.#presentationId = presentationId;
    this.#pictures.turnTo(presentationId);
    this.viewpoint = FIT;
    this.steps.startAnew();
    this.measuring.clear();
    this.#layoutAt = 0;
    this.selectedNumber = null;
  }

  #settings(): ViewerSettings {
    const { stage, pixelRatio, viewpoint } = this;
    return { stage, pixelRatio, viewpoint, ground: groundOf(this.steps.shown) };
  }

  #describeGlass(): { frame: FrameDescription; at: Point } | null {
    if (!this.magnifying) return null;
    const at = this.pointer ?? { x: this.stage.width / 2, y: this.stage.height / 2 };
    const view = this.#viewUnder(at);
    if (view === undefined) return null;
    return { frame: describeGlass(this.#settings(), view, at, GLASS_SIDE_PX), at };
  }

  #layOut(): readonly LaidOutView[] {
    const { layout, stage } = this;
    const places = layOutViews(stage, layout.length);
    return layout.flatMap((viewIndex, index) => {
      const laidOut = places[index];
      const view = this.#pictures.here.find((entry) => entry.viewIndex === viewIndex)?.view ?? null;
      const known = view ?? this.#viewAt(viewIndex);
      if (laidOut === undefined || known === undefined || stage.width === 0) return [];
      const size = { width: known.widthPx, height: known.heightPx };
      return [{ viewIndex, size, ...laidOut, view }];
    });
  }

  #viewAt(viewIndex: number): PresentedView | undefined {
    return this.#views.find((view) => view.viewIndex === viewIndex);
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

  /** The view under the pointer, and where on it, in its pixels. */
  #pointed(): (Point & { readonly shown: ShownView }) | null {
    const { pointer } = this;
    const shown = this.#viewUnder(pointer);
    if (pointer === null || shown === undefined) return null;
    return { shown, ...toView(placeView(this.viewpoint, shown.size, shown.frame), pointer) };
  }

  #tileUnderPointer(): TileScore | null {
    const at = this.#pointed();
    const view = at === null ? undefined : this.#viewAt(at.shown.viewIndex);
    return at === null || view?.state !== 'scored' ? null : tileAt(view.tileScores, at.x, at.y);
  }
}
