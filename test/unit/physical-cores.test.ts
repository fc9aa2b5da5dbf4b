import { describe, expect, it } from 'vitest';
import { coresOf, physicalCoreCount } from '../../src-main/engine/physical-cores';

function cpuInfo(processors: readonly { chip: number; core: number }[]): string {
  return processors
    .map(
      ({ chip, core }, index) =>
        `processor\t: ${index}\nmodel name\t: Some CPU\nphysical id\t: ${chip}\ncore id\t\t: ${core}\n`,
    )
    .join('\n');
}

describe('coresOf', () => {
  it('counts two threads of one core once, and equal numbers on two chips twice', () => {
    const processors = [
      { chip: 0, core: 0 },
      { chip: 0, core: 1 },
      { chip: 0, core: 0 },
      { chip: 1, core: 0 },
    ];
    expect(coresOf(cpuInfo(processors))).toBe(3);
  });

  it('knows nothing where the system names no cores', () => {
    expect(coresOf('processor\t: 0\nBogoMIPS\t: 50.00\n')).toBeNull();
  });
});

describe('physicalCoreCount', () => {
  it('finds at least one core here', () => {
    expect(physicalCoreCount()).toBeGreaterThanOrEqual(1);
  });
});
