/** Interleaved 8-bit RGB, row-major. */
export interface Thumbnail {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgb: Uint8Array;
}

/** A picture made to fit, each pixel the mean of those under it; one that fits already stays as it is. */
export function shrinkPicture(
  picture: Thumbnail,
  { maxWidthPx, maxHeightPx }: { readonly maxWidthPx: number; readonly maxHeightPx: number },
): Thumbnail {
  const { widthPx, heightPx, rgb } = picture;
  const factor = Math.min(maxWidthPx / widthPx, maxHeightPx / heightPx);
  if (factor >= 1) return { widthPx, heightPx, rgb };
  const width = Math.max(1, Math.round(widthPx * factor));
  const height = Math.max(1, Math.round(heightPx * factor));
  const small = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * heightPx) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * heightPx) / height));
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * widthPx) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * widthPx) / width));
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let row = top; row < bottom; row++) {
        for (let at = (row * widthPx + left) * 3; at < (row * widthPx + right) * 3; at += 3) {
          red += rgb[at] ?? 0;
          green += rgb[at + 1] ?? 0;
          blue += rgb[at + 2] ?? 0;
        }
      }
      const count = (bottom - top) * (right - left);
      const to = (y * width + x) * 3;
      small[to] = Math.round(red / count);
      small[to + 1] = Math.round(green / count);
      small[to + 2] = Math.round(blue / count);
    }
  }
  return { widthPx: width, heightPx: height, rgb: small };
}
