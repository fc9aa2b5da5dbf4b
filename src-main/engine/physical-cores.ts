import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * Cores to compute on. Two threads of one core share its vector unit, so matrix kernels gain
 * nothing from the second; where the system does not tell cores from threads (anything but Linux),
 * every thread counts.
 */
export function physicalCoreCount(): number {
  const available = availableParallelism();
  if (process.platform !== 'linux') return available;
  return Math.min(available, coresOf(readFileSync('/proc/cpuinfo', 'utf8')) ?? available);
}

/** Distinct cores in Linux's /proc/cpuinfo; null where it names none (ARM, some containers). */
export function coresOf(cpuInfo: string): number | null {
  const cores = new Set<string>();
  for (const processor of cpuInfo.split('\n\n')) {
    const core = /^core id\s*:\s*(\d+)/m.exec(processor)?.[1];
    if (core === undefined) continue;
    const chip = /^physical id\s*:\s*(\d+)/m.exec(processor)?.[1] ?? '0';
    cores.add(`${chip}/${core}`);
  }
  return cores.size === 0 ? null : cores.size;
}
