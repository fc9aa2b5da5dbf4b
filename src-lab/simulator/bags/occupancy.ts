import type { Affine, Vector } from '../geometry/affine';
import type { SolidModel } from '../geometry/solid-model';
import { attenuationPerCm } from '../physics/materials';

const CELL_MM = 25;
/** Share of a part's box that the part fills, on average. */
const BOX_FILL = 0.6;

/** How dense a bag has become, seen from above: what is packed next goes where there is room. */
export class Occupancy {
  private readonly columns: number;
  private readonly rows: number;
  private readonly load: Float64Array;

  constructor(
    private readonly length: number,
    private readonly width: number,
  ) {
    this.columns = Math.ceil(length / CELL_MM);
    this.rows = Math.ceil(width / CELL_MM);
    this.load = new Float64Array(this.columns * this.rows);
  }

  /** Mean attenuation already there under an object's footprint. */
  loadUnder(model: SolidModel, pose: Affine): number {
    const cells = this.footprint(model.bounds(pose));
    let sum = 0;
    for (const cell of cells) sum += this.load[cell] ?? 0;
    return sum / Math.max(1, cells.length);
  }

  add(model: SolidModel, pose: Affine): void {
    const [low, high] = model.bounds(pose);
    const area = Math.max(1, (high[0] - low[0]) * (high[1] - low[1]));
    const weight = Math.min(3, crossSection(model) / area);
    for (const cell of this.footprint([low, high]))
      this.load[cell] = (this.load[cell] ?? 0) + weight;
  }

  private footprint([low, high]: readonly [Vector, Vector]): number[] {
    const column = (x: number): number => Math.floor((x + this.length / 2) / CELL_MM);
    const row = (y: number): number => Math.floor((y + this.width / 2) / CELL_MM);
    const cells: number[] = [];
    for (let r = Math.max(0, row(low[1])); r <= Math.min(this.rows - 1, row(high[1])); r++) {
      const last = Math.min(this.columns - 1, column(high[0]));
      for (let c = Math.max(0, column(low[0])); c <= last; c++) cells.push(r * this.columns + c);
    }
    return cells;
  }
}

/** Volume times attenuation at 60 keV, in mm²: its mean attenuation over an area, times that area. */
function crossSection(model: SolidModel): number {
  let sum = 0;
  for (const { shape, pose, material, fill } of model.parts) {
    const [x, y, z] = shape.halfExtents;
    const [a, b, c, , d, e, f, , g, h, i] = pose;
    const stretch = Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
    const perMm = attenuationPerCm(material, 60) / 10;
    sum += 8 * x * y * z * stretch * BOX_FILL * fill * perMm;
  }
  return Math.max(0, sum);
}
