import type { ThreatProjection } from '../../src-shared/tip/threat-projection';
import { THREAT_ATTENUATION } from '../../src-shared/tip/threat-projection';
import type { Affine } from '../simulator/geometry/affine';
import { compose, translation } from '../simulator/geometry/affine';
import type { SolidModel } from '../simulator/geometry/solid-model';
import { transmissionOf } from '../simulator/physics/detect-counts';
import type { SimulatedScanner } from '../simulator/physics/scanner';
import { Projector } from '../simulator/project-solids';

/** Far away, so that a projection is to scale wherever in a bag it will lie. */
const SOURCE_MM = 20_000;
/** Air left around the threat. */
const MARGIN_PX = 3;

/** Projects a model on air, without blur or noise: what a threat library holds. */
export function castModel(
  model: SolidModel,
  turn: Affine,
  scanner: SimulatedScanner,
  pixelPitchMm: number,
): ThreatProjection {
  const [low, high] = model.bounds(turn);
  const centred = compose(
    translation(-(low[0] + high[0]) / 2, -(low[1] + high[1]) / 2, -low[2]),
    turn,
  );
  const widthPx = Math.ceil((high[0] - low[0]) / pixelPitchMm) + 2 * MARGIN_PX;
  const heightPx = Math.ceil((high[1] - low[1]) / pixelPitchMm) + 2 * MARGIN_PX;
  const geometry = {
    widthPx,
    heightPx,
    pixelPitchMm,
    firstX: (-(widthPx - 1) / 2) * pixelPitchMm,
    stepX: pixelPitchMm,
    firstY: (-(heightPx - 1) / 2) * pixelPitchMm,
    sourceY: 0,
    sourceToBeltMm: SOURCE_MM,
  };
  const projector = new Projector(geometry, scanner.beam.binsKev);
  projector.project(model, centred);
  const passed = transmissionOf(projector.planes, scanner);
  const attenuation = (values: Float32Array): Float32Array =>
    values.map((value) => Math.max(0, -Math.log(Math.max(value, 1e-7))));
  return trimmed({
    widthPx,
    heightPx,
    pixelPitchMm,
    blurSigmaPx: 0,
    low: attenuation(passed.low),
    high: attenuation(passed.high),
  });
}

/** Cut to what attenuates: a model's box is larger than what it shows once turned. */
function trimmed(projection: ThreatProjection): ThreatProjection {
  const { widthPx, heightPx, low } = projection;
  let [left, top, right, bottom] = [widthPx, heightPx, 0, 0];
  low.forEach((attenuation, pixel) => {
    if (attenuation < THREAT_ATTENUATION / 10) return;
    const x = pixel % widthPx;
    const y = (pixel - x) / widthPx;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  });
  if (right < left) throw new RangeError('The model does not attenuate anywhere.');
  [left, top] = [Math.max(0, left - MARGIN_PX), Math.max(0, top - MARGIN_PX)];
  right = Math.min(widthPx - 1, right + MARGIN_PX);
  bottom = Math.min(heightPx - 1, bottom + MARGIN_PX);
  const width = right - left + 1;
  const cut = (values: Float32Array): Float32Array => {
    const part = new Float32Array(width * (bottom - top + 1));
    for (let y = top; y <= bottom; y++) {
      part.set(values.subarray(y * widthPx + left, y * widthPx + right + 1), (y - top) * width);
    }
    return part;
  };
  return {
    ...projection,
    widthPx: width,
    heightPx: bottom - top + 1,
    low: cut(low),
    high: cut(projection.high),
  };
}
