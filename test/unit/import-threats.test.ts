import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectCounts } from '../../src-lab/simulator/physics/detect-counts';
import { DEFAULT_SCANNER } from '../../src-lab/simulator/physics/scanner';
import { starterThreat } from '../../src-lab/tip/starter-threat';
import { castThreat } from '../../src-shared/tip/cast-threat';
import { libraryCensus } from '../../src-shared/tip/threat-library';
import { readProjection } from '../../src-main/scan-io/tip/projection-file';
import { readThreatLibrary } from '../../src-main/scan-io/tip/threat-library-folder';
import { writePngGrey16, writePngRgb8 } from '../../src-main/scan-io/raster/write-png';
import { importThreats } from '../../src-main/services/tip/import-threats';

const SIDE = 320;

describe('importing a site’s own threats', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phiscan-threats-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  /** A scan of a simulated threat on air, noisy as a scanner's. */
  const scanOnAir = async (category: string, name: string, at = SIDE / 2): Promise<void> => {
    const [[projection] = []] = starterThreat(1, 1).attitudes;
    if (projection === undefined) throw new Error('no projection');
    const pose = { angle: 0, mirrored: false, centreX: at, centreY: SIDE / 2 };
    const cast = castThreat(projection, pose, { pixelPitchMm: 1, blurSigmaPx: 0.5 });
    const plane = (of: Float32Array): Float32Array => {
      const values = new Float32Array(SIDE * SIDE).fill(1);
      of.forEach((passed, pixel) => {
        const x = cast.x + (pixel % cast.width);
        const y = cast.y + Math.floor(pixel / cast.width);
        if (x >= 0 && y >= 0 && x < SIDE && y < SIDE) values[y * SIDE + x] = passed;
      });
      return values;
    };
    const passed = { low: plane(cast.low), high: plane(cast.high) };
    const counts = detectCounts(passed, SIDE, SIDE, DEFAULT_SCANNER, 7);
    const directory = join(folder, 'own', category);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, `${name}_low.png`), writePngGrey16(SIDE, SIDE, counts.low));
    await writeFile(join(directory, `${name}_high.png`), writePngGrey16(SIDE, SIDE, counts.high));
  };
  const plan = (pixelPitchMm: number | null = 1) => ({
    from: join(folder, 'own'),
    directory: join(folder, 'library'),
    name: 'Ours',
    pixelPitchMm,
  });
  const nothing = (): void => undefined;

  it('makes projections of scans on air, to scale and without their noise', async () => {
    await scanOnAir('knife', 'kitchen');
    await scanOnAir('own-things', 'blade');
    const { library, refused } = await importThreats(plan(), nothing);
    expect(refused).toEqual([]);
    expect(libraryCensus(library.threats)).toEqual([
      { category: 'knife', threats: 1, projections: 1 },
      { category: 'own-things', threats: 1, projections: 1 },
    ]);
    const read = await readThreatLibrary(plan().directory);
    expect(read).toEqual(library);
    const entry = read.threats[0]?.attitudes[0]?.[0];
    if (entry === undefined) throw new Error('no projection');
    const imported = await readProjection(plan().directory, entry);
    const [[original] = []] = starterThreat(1, 1).attitudes;
    if (original === undefined) throw new Error('no projection');
    const total = (values: Float32Array, pitch: number): number =>
      values.reduce((sum, value) => sum + value, 0) * pitch ** 2;
    expect(total(imported.low, 1) / total(original.low, original.pixelPitchMm)).toBeGreaterThan(
      0.85,
    );
    expect(total(imported.low, 1) / total(original.low, original.pixelPitchMm)).toBeLessThan(1.1);
    // The corner is air: no noise of the scan is left there.
    expect(imported.low[0]).toBe(0);
  });

  it('leaves out what cannot be projected, and says why', async () => {
    await scanOnAir('knife', 'good');
    await scanOnAir('knife', 'cut', 20);
    const own = join(folder, 'own', 'knife');
    await writeFile(join(own, 'colour.png'), writePngRgb8(64, 64, new Uint8Array(64 * 64 * 3)));
    await writeFile(join(own, 'broken.png'), 'not a picture');
    const { library, refused } = await importThreats(plan(), nothing);
    expect(library.threats).toHaveLength(1);
    const said = refused.map(({ message }) => message).join('\n');
    expect(refused).toHaveLength(3);
    expect(said).toMatch(/cut.*touches the border/);
    expect(said).toMatch(/colour\.png cannot be projected: it is a pseudo-colour picture/);
  });

  it('refuses folders that are laid out otherwise, and scans without a scale', async () => {
    await mkdir(join(folder, 'own'));
    await expect(importThreats(plan(), nothing)).rejects.toThrow(/holds no folders/);
    await scanOnAir('knife', 'good');
    await expect(importThreats(plan(null), nothing)).rejects.toMatchObject({
      code: 'threat-library-invalid',
      message: expect.stringMatching(/pixel pitch is not known; give it with --pitch/) as string,
    });
    await mkdir(join(folder, 'own', 'Big Guns'));
    await expect(importThreats(plan(), nothing)).rejects.toThrow(/cannot be a category/);
  });

  it('says what is wrong with a library that was changed', async () => {
    await scanOnAir('knife', 'good');
    const { library } = await importThreats(plan(), nothing);
    const entry = library.threats[0]?.attitudes[0]?.[0];
    if (entry === undefined) throw new Error('no projection');
    const file = join(plan().directory, entry.low.file);
    await writeFile(file, (await readFile(file)).subarray(0, 50));
    await expect(readProjection(plan().directory, entry)).rejects.toMatchObject({
      code: 'threat-library-invalid',
      message: expect.stringMatching(/is not the file that was put there/) as string,
    });
    await writeFile(join(plan().directory, 'library.json'), '{"threats": []}');
    await expect(readThreatLibrary(plan().directory)).rejects.toThrow(/not a threat library/);
    await expect(readThreatLibrary(join(folder, 'none'))).rejects.toMatchObject({
      code: 'threat-library-missing',
    });
  });
});
