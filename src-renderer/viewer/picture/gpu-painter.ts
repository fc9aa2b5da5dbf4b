import { colourTable, type ColourTable } from '../../../src-shared/imaging/display/colour-table';
import { CHANNELS, type DisplayView } from '../../../src-shared/imaging/display/display-view';
import type { DisplayRequest } from '../../../src-shared/imaging/display/render-display';
import { fragmentShader, VERTEX_SHADER, type ShaderVariant } from './display-shader';
import { setUniforms } from './set-uniforms';

/** Texture units of the samples and of the colour table. */
const SAMPLES_UNIT = 0;
const TABLE_UNIT = 1;

/** The extension EXT_texture_norm16, as far as it is used. */
interface Norm16 {
  readonly R16_EXT: number;
  readonly RG16_EXT: number;
}

interface Painter {
  readonly gl: WebGL2RenderingContext;
  readonly norm16: Norm16;
  /** By their variants' names, made when they are first needed. */
  readonly programs: Map<string, WebGLProgram>;
  readonly table: WebGLTexture;
  readonly largestSidePx: number;
}

/**
 * Draws views with WebGL2 by the maths of src-shared/imaging/display, into a canvas of its own.
 * Each level of a view becomes a texture the first time that it is drawn.
 */
export class GpuPainter {
  readonly canvas: HTMLCanvasElement;
  #painter: Painter | null;
  #textures = new Map<DisplayView, Map<number, WebGLTexture>>();
  /** What the table's texture holds. */
  #tabled: ColourTable | null = null;

  /** Null where this computer has no WebGL2, or its textures blend no 16-bit samples. */
  static create(): GpuPainter | null {
    const canvas = document.createElement('canvas');
    const painter = prepare(canvas);
    return painter === null ? null : new GpuPainter(canvas, painter);
  }

  private constructor(canvas: HTMLCanvasElement, painter: Painter) {
    this.canvas = canvas;
    this.#painter = painter;
    canvas.addEventListener('webglcontextlost', (event) => {
      // Without this the browser would never give it back.
      event.preventDefault();
      this.#painter = null;
      this.#textures = new Map();
      this.#tabled = null;
    });
    canvas.addEventListener('webglcontextrestored', () => {
      this.#painter = prepare(canvas);
    });
  }

  /**
   * Draws into the lower left corner of the canvas.
   * @returns whether it could: not while the context is lost, nor a level larger than a texture
   */
  draw(view: DisplayView, request: DisplayRequest): boolean {
    const level = view.levels[request.level];
    if (this.#painter === null || level === undefined) return false;
    const { gl, largestSidePx } = this.#painter;
    // A lost context draws nothing and says nothing, and the event that tells of it comes later.
    if (gl.isContextLost()) return false;
    if (Math.max(level.widthPx, level.heightPx) > largestSidePx) return false;
    this.#makeRoom(request.widthPx, request.heightPx);
    gl.viewport(0, 0, request.widthPx, request.heightPx);
    gl.activeTexture(gl.TEXTURE0 + SAMPLES_UNIT);
    gl.bindTexture(gl.TEXTURE_2D, this.#textureOf(this.#painter, view, request.level));
    this.#showTable(this.#painter, colourTable(request.parameters));
    setUniforms(gl, programFor(this.#painter, view, request), view, request);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    return !gl.isContextLost();
  }

  /** Frees what was kept for all other views. */
  keepOnly(views: readonly DisplayView[]): void {
    for (const [view, textures] of this.#textures) {
      if (views.includes(view)) continue;
      for (const texture of textures.values()) this.#painter?.gl.deleteTexture(texture);
      this.#textures.delete(view);
    }
  }

  /** The canvas only grows: a new size costs a new buffer. */
  #makeRoom(widthPx: number, heightPx: number): void {
    if (this.canvas.width < widthPx) this.canvas.width = widthPx;
    if (this.canvas.height < heightPx) this.canvas.height = heightPx;
  }

  #showTable({ gl, table }: Painter, wanted: ColourTable): void {
    gl.activeTexture(gl.TEXTURE0 + TABLE_UNIT);
    gl.bindTexture(gl.TEXTURE_2D, table);
    if (this.#tabled === wanted) return;
    const { columns, rows, rgba } = wanted;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, columns, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
    this.#tabled = wanted;
  }

  #textureOf(painter: Painter, view: DisplayView, index: number): WebGLTexture {
    const ofView = this.#textures.get(view) ?? new Map<number, WebGLTexture>();
    this.#textures.set(view, ofView);
    const known = ofView.get(index);
    if (known !== undefined) return known;
    const texture = upload(painter, view, index);
    ofView.set(index, texture);
    return texture;
  }
}

function prepare(canvas: HTMLCanvasElement): Painter | null {
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, stencil: false });
  const norm16 = (gl?.getExtension('EXT_texture_norm16') ?? null) as Norm16 | null;
  if (gl === null || norm16 === null) return null;
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.activeTexture(gl.TEXTURE0 + TABLE_UNIT);
  const table = blendingTexture(gl);
  const largestSidePx = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
  return { gl, norm16, programs: new Map(), table, largestSidePx };
}

/** The program that does what a request needs and no more, in use. */
function programFor(
  { gl, programs }: Painter,
  view: DisplayView,
  { parameters }: DisplayRequest,
): WebGLProgram {
  const variant = {
    isExport: view.kind === 'rgb',
    withBlur: parameters.smooth || parameters.edgeGain > 0,
  };
  const name = JSON.stringify(variant);
  const program = programs.get(name) ?? link(gl, variant);
  programs.set(name, program);
  gl.useProgram(program);
  gl.uniform1i(gl.getUniformLocation(program, 'uSamples'), SAMPLES_UNIT);
  gl.uniform1i(gl.getUniformLocation(program, 'uTable'), TABLE_UNIT);
  return program;
}

function upload({ gl, norm16 }: Painter, view: DisplayView, index: number): WebGLTexture {
  const level = view.levels[index];
  if (level === undefined) throw new RangeError(`the view has no level ${index}`);
  const { widthPx, heightPx, samples } = level;
  const texture = blendingTexture(gl);
  const channels = CHANNELS[view.kind];
  const [inner, format] =
    channels === 3
      ? [gl.RGB8, gl.RGB]
      : channels === 2
        ? [norm16.RG16_EXT, gl.RG]
        : [norm16.R16_EXT, gl.RED];
  const type = channels === 3 ? gl.UNSIGNED_BYTE : gl.UNSIGNED_SHORT;
  gl.texImage2D(gl.TEXTURE_2D, 0, inner, widthPx, heightPx, 0, format, type, samples);
  return texture;
}

/** A new texture, bound, that blends between its pixels and goes on with its edge. */
function blendingTexture(gl: WebGL2RenderingContext): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return texture;
}

function link(gl: WebGL2RenderingContext, variant: ShaderVariant): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX_SHADER],
    [gl.FRAGMENT_SHADER, fragmentShader(variant)],
  ] as const) {
    const shader = gl.createShader(type);
    if (shader === null) throw new Error('WebGL2 makes no shader: its context was lost.');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true && !gl.isContextLost()) {
    throw new Error(`The viewer's shader does not link: ${gl.getProgramInfoLog(program) ?? ''}`);
  }
  return program;
}
