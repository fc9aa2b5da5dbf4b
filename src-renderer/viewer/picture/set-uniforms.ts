import { colourTable, keepsBrightness } from '../../../src-shared/imaging/display/colour-table';
import type { DisplayView } from '../../../src-shared/imaging/display/display-view';
import type { DisplayRequest } from '../../../src-shared/imaging/display/render-display';

const locations = new WeakMap<WebGLProgram, Map<string, WebGLUniformLocation | null>>();

/** Gives the shader everything but its textures that one drawing of a view reads. */
export function setUniforms(
  gl: WebGL2RenderingContext,
  program: WebGLProgram,
  view: DisplayView,
  request: DisplayRequest,
): void {
  const known = locations.get(program) ?? new Map<string, WebGLUniformLocation | null>();
  locations.set(program, known);
  const at = (name: string): WebGLUniformLocation | null => {
    if (!known.has(name)) known.set(name, gl.getUniformLocation(program, name));
    return known.get(name) ?? null;
  };
  const flag = (name: string, on: boolean): void => gl.uniform1i(at(name), on ? 1 : 0);
  const { parameters, toView, heightPx } = request;
  const level = view.levels[request.level];
  const table = colourTable(parameters);
  gl.uniform2f(at('uTableSize'), table.columns, table.rows);
  gl.uniform2f(at('uLevelSize'), level?.widthPx ?? 1, level?.heightPx ?? 1);
  gl.uniform2f(at('uViewSize'), view.widthPx, view.heightPx);
  gl.uniform1f(at('uHeight'), heightPx);
  gl.uniform3f(at('uToViewX'), toView.xx, toView.xy, toView.x0);
  gl.uniform3f(at('uToViewY'), toView.yx, toView.yy, toView.y0);
  gl.uniform1f(at('uShrink'), 2 ** -request.level);
  flag('uCrisp', request.crisp);
  flag('uPlain', keepsBrightness(parameters));
  flag('uColoured', parameters.coloured);
  flag('uNegative', parameters.negative);
  flag('uSmooth', parameters.smooth);
  gl.uniform1f(at('uEdgeGain'), parameters.edgeGain);
  gl.uniform1f(at('uLowShare'), view.kind === 'single-energy' ? 1 : parameters.lowShare);
}
