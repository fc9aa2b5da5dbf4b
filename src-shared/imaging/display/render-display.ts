import {
  colourTable,
  keepsBrightness,
  LEAST_LUMA,
  LUMA,
  turnOver,
  type ColourTable,
} from './colour-table';
import type { DisplayParameters } from './display-parameters';
import { attenuationOfShare, CHANNELS, FULL_SCALE, type DisplayView } from './display-view';
import { LevelSampler } from './sample-level';

/**
 * From a point of the picture that is drawn to a point of the view, both in pixels with centres at
 * halves: x' = xx · x + xy · y + x0, y' = yx · x + yy · y + y0.
 */
export interface ToView {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** What is to be drawn of a view: only these pixels are computed. */
export interface DisplayRequest {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly toView: ToView;
  /** Index of the level that is read. */
  readonly level: number;
  /** Shows the level's own pixels instead of blending between them. */
  readonly crisp: boolean;
  readonly parameters: DisplayParameters;
}

/** The neighbours that smoothing means and edges are told from: one level pixel away along each axis. */
const NEIGHBOURS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

/**
 * Draws a view by plain arithmetic: RGBA, row-major; transparent outside of the view. The
 * definition of the viewer's maths, which the shader repeats.
 */
export function renderDisplay(
  view: DisplayView,
  request: DisplayRequest,
): Uint8ClampedArray<ArrayBuffer> {
  const { widthPx, heightPx, toView } = request;
  const rgba = new Uint8ClampedArray(widthPx * heightPx * 4);
  const painter = new PixelPainter(view, request);
  const { rgb } = painter;
  let to = 0;
  for (let row = 0; row < heightPx; row++) {
    for (let column = 0; column < widthPx; column++, to += 4) {
      const x = toView.xx * (column + 0.5) + toView.xy * (row + 0.5) + toView.x0;
      const y = toView.yx * (column + 0.5) + toView.yy * (row + 0.5) + toView.y0;
      if (x < 0 || y < 0 || x >= view.widthPx || y >= view.heightPx) continue;
      painter.paint(x, y);
      rgba[to] = rgb[0] ?? 0;
      rgba[to + 1] = rgb[1] ?? 0;
      rgba[to + 2] = rgb[2] ?? 0;
      rgba[to + 3] = 255;
    }
  }
  return rgba;
}

class PixelPainter {
  /** The colour painted last, each part in [0, 255]. */
  readonly rgb = new Float64Array(3);
  readonly #centre = new Float64Array(3);
  readonly #blurred = new Float64Array(3);
  readonly #sampler: LevelSampler;
  readonly #table: ColourTable;
  readonly #shrink: number;
  readonly #fullScale: number;
  readonly #withBlur: boolean;

  constructor(
    view: DisplayView,
    private readonly request: DisplayRequest,
  ) {
    const level = view.levels[request.level];
    if (level === undefined) throw new RangeError(`the view has no level ${String(request.level)}`);
    this.#sampler = new LevelSampler(level, CHANNELS[view.kind]);
    this.#table = colourTable(request.parameters);
    this.#shrink = 2 ** -request.level;
    this.#fullScale = FULL_SCALE[view.kind];
    this.#withBlur = request.parameters.smooth || request.parameters.edgeGain > 0;
  }

  paint(viewX: number, viewY: number): void {
    const { crisp, parameters } = this.request;
    const [x, y] = [viewX * this.#shrink, viewY * this.#shrink];
    this.#read(crisp ? Math.floor(x) + 0.5 : x, crisp ? Math.floor(y) + 0.5 : y);
    const shown = parameters.smooth ? this.#blurred : this.#centre;
    if (parameters.kind === 'rgb') this.#colourExport(shown);
    else this.#lookUp(shown[0] ?? 0, parameters.kind === 'dual-energy' ? (shown[1] ?? 0) : 0);
    if (parameters.edgeGain > 0) this.#sharpen();
  }

  /** Shares of full scale: `#centre` at the position, `#blurred` the mean of it and its neighbours. */
  #read(x: number, y: number): void {
    this.#centre.fill(0);
    this.#sampler.add(x, y, 1 / this.#fullScale, this.#centre);
    if (!this.#withBlur) return;
    this.#blurred.fill(0);
    const weight = 1 / (this.#fullScale * (NEIGHBOURS.length + 1));
    this.#sampler.add(x, y, weight, this.#blurred);
    for (const [dx, dy] of NEIGHBOURS) this.#sampler.add(x + dx, y + dy, weight, this.#blurred);
  }

  /** Reads the colour table at shares of its range, bilinear. */
  #lookUp(acrossShare: number, downShare: number): void {
    const { columns, rows, rgba } = this.#table;
    const x = acrossShare * (columns - 1);
    const y = downShare * (rows - 1);
    const left = Math.min(Math.floor(x), columns - 2);
    const top = Math.max(Math.min(Math.floor(y), rows - 2), 0);
    const [fx, fy] = [x - left, y - top];
    const at = (top * columns + left) * 4;
    const below = rows > 1 ? at + columns * 4 : at;
    for (let channel = 0; channel < 3; channel++) {
      const above = (rgba[at + channel] ?? 0) * (1 - fx) + (rgba[at + 4 + channel] ?? 0) * fx;
      const under = (rgba[below + channel] ?? 0) * (1 - fx) + (rgba[below + 4 + channel] ?? 0) * fx;
      this.rgb[channel] = above * (1 - fy) + under * fy;
    }
  }

  /** An export's own colour brought to the table's brightness: towards black or towards white. */
  #colourExport(shown: Float64Array): void {
    const { coloured, negative } = this.request.parameters;
    const luma = lumaOf(shown);
    let brightness = luma;
    // As delivered means to the last bit: the table rounds.
    if (!keepsBrightness(this.request.parameters)) {
      this.#lookUp(luma / 255, 0);
      brightness = this.rgb[0] ?? 0;
    }
    for (let channel = 0; channel < 3; channel++) {
      const level = coloured ? 255 * (shown[channel] ?? 0) : luma;
      this.rgb[channel] =
        brightness <= luma
          ? (level * brightness) / luma
          : 255 - ((255 - level) * (255 - brightness)) / (255 - luma);
    }
    if (negative) turnOver(this.rgb);
  }

  /** Makes darker what is denser than its surroundings, lighter what is thinner; in a negative the reverse. */
  #sharpen(): void {
    const { edgeGain, negative } = this.request.parameters;
    const denser = this.#density(this.#centre) - this.#density(this.#blurred);
    const factor = Math.exp((negative ? 1 : -1) * edgeGain * denser);
    for (let channel = 0; channel < 3; channel++) {
      const level = this.rgb[channel] ?? 0;
      this.rgb[channel] = factor <= 1 ? level * factor : 255 - (255 - level) / factor;
    }
  }

  #density(samples: Float64Array): number {
    const { kind, lowShare } = this.request.parameters;
    if (kind === 'rgb') return -Math.log(lumaOf(samples));
    const low = attenuationOfShare(samples[0] ?? 0);
    if (kind === 'single-energy') return low;
    return lowShare * low + (1 - lowShare) * attenuationOfShare(samples[1] ?? 0);
  }
}

/** Brightness of an export's colour in its levels, never quite black. */
function lumaOf(shares: Float64Array): number {
  const luma = LUMA[0] * (shares[0] ?? 0) + LUMA[1] * (shares[1] ?? 0) + LUMA[2] * (shares[2] ?? 0);
  return Math.max(255 * luma, LEAST_LUMA);
}
