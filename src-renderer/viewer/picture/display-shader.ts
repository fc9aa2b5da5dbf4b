import { LEAST_LUMA, LUMA } from '../../../src-shared/imaging/display/colour-table';
import { MAX_ATTENUATION } from '../../../src-shared/imaging/material-wedges';

/** A number as GLSL writes floats. */
const float = (value: number): string => {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
};

/** One triangle that covers everything: no buffer is needed. */
export const VERTEX_SHADER = `#version 300 es
void main() {
  vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

/** What a program does: each is a program of its own, so that no pixel pays for what is off. */
export interface ShaderVariant {
  /** Samples are an export's colours instead of roots of attenuation. */
  readonly isExport: boolean;
  /** Neighbours are read, for smoothing or edges. */
  readonly withBlur: boolean;
}

/**
 * What src-shared/imaging/display/render-display.ts does to a pixel, where the reasons stand. The
 * texture unit blends samples and table entries. Both are held to the same golden pictures.
 */
export const fragmentShader = ({ isExport, withBlur }: ShaderVariant): string => `#version 300 es
#define EXPORT ${isExport ? 1 : 0}
#define BLUR ${withBlur ? 1 : 0}
precision highp float;
precision highp int;
precision highp sampler2D;

uniform sampler2D uSamples;
uniform sampler2D uTable;
uniform vec2 uTableSize;
uniform vec2 uLevelSize;
uniform vec2 uViewSize;
uniform float uHeight;
uniform vec3 uToViewX;
uniform vec3 uToViewY;
uniform float uShrink;
uniform bool uCrisp;
uniform bool uPlain;
uniform bool uColoured;
uniform bool uNegative;
uniform bool uSmooth;
uniform float uEdgeGain;
uniform float uLowShare;
out vec4 colour;

const vec3 LUMA = vec3(${LUMA.map(float).join(', ')});
const float LEAST_LUMA = ${float(LEAST_LUMA / 255)};
const float MAX_ATTENUATION = ${float(MAX_ATTENUATION)};

float lumaOf(vec3 shares) {
  return max(dot(LUMA, shares), LEAST_LUMA);
}

vec3 lookUp(vec2 shares) {
  return texture(uTable, (shares * (uTableSize - 1.0) + 0.5) / uTableSize).rgb;
}

#if EXPORT
vec3 exported(vec3 shown) {
  float luma = lumaOf(shown);
  float brightness = uPlain ? luma : lookUp(vec2(luma, 0.0)).r;
  vec3 level = uColoured ? shown : vec3(luma);
  vec3 rgb = brightness <= luma
    ? level * (brightness / luma)
    : 1.0 - (1.0 - level) * ((1.0 - brightness) / (1.0 - luma));
  if (uNegative) {
    rgb += 1.0 - max(rgb.r, max(rgb.g, rgb.b)) - min(rgb.r, min(rgb.g, rgb.b));
  }
  return rgb;
}
#endif

float density(vec3 shares) {
#if EXPORT
  return -log(lumaOf(shares));
#else
  return MAX_ATTENUATION * (uLowShare * shares.x * shares.x + (1.0 - uLowShare) * shares.y * shares.y);
#endif
}

void main() {
  vec3 at = vec3(gl_FragCoord.x, uHeight - gl_FragCoord.y, 1.0);
  vec2 view = vec2(dot(uToViewX, at), dot(uToViewY, at));
  if (view.x < 0.0 || view.y < 0.0 || view.x >= uViewSize.x || view.y >= uViewSize.y) {
    colour = vec4(0.0);
    return;
  }
  vec2 place = view * uShrink;
  if (uCrisp) place = floor(place) + 0.5;
  vec2 here = place / uLevelSize;
  vec3 centre = texture(uSamples, here).rgb;
  vec3 shown = centre;
#if BLUR
  vec2 step = 1.0 / uLevelSize;
  vec3 blurred = 0.2 * (centre +
    texture(uSamples, here + vec2(step.x, 0.0)).rgb + texture(uSamples, here - vec2(step.x, 0.0)).rgb +
    texture(uSamples, here + vec2(0.0, step.y)).rgb + texture(uSamples, here - vec2(0.0, step.y)).rgb);
  if (uSmooth) shown = blurred;
#endif
#if EXPORT
  vec3 rgb = exported(shown);
#else
  vec3 rgb = lookUp(shown.xy);
#endif
#if BLUR
  if (uEdgeGain > 0.0) {
    float denser = density(centre) - density(blurred);
    float factor = exp((uNegative ? 1.0 : -1.0) * uEdgeGain * denser);
    rgb = factor <= 1.0 ? rgb * factor : 1.0 - (1.0 - rgb) / factor;
  }
#endif
  colour = vec4(clamp(rgb, 0.0, 1.0), 1.0);
}`;
