import { describe, expect, it } from 'vitest';
import { refuseImport } from '../../scripts/lint/dependency-rule.js';

describe('the dependency rule', () => {
  it.each([
    ['src-shared/domain/scan.ts', 'node:fs'],
    ['src-shared/domain/scan.ts', '../../src-main/engine/engine'],
    ['src-renderer/ui/button.ts', '../../src-main/services/review'],
    ['src-renderer/ui/button.ts', 'electron'],
    ['src-main/scan-io/read-scan.ts', '../engine/engine'],
    ['src-main/engine/host/host-client.ts', 'electron'],
    ['src-main/store/sqlite/open.ts', '../../services/accounts'],
    ['src-main/cli/score.ts', '../ipc/register'],
    ['src-lab/ganomaly/train.ts', '../../src-main/store/screening-store'],
    ['src-main/preload/preload.ts', 'node:path'],
  ])('refuses %s importing %s', (file, specifier) => {
    expect(refuseImport(file, specifier)).not.toBeNull();
  });

  it.each([
    ['src-main/engine/host/local-screener.ts', '../../scan-io/read-scan'],
    ['src-main/engine/host/electron-host-launcher.ts', 'electron'],
    ['src-main/services/review/review.ts', '../../../src-shared/domain/review'],
    ['src-main/cli/score.ts', '../app/create-screening'],
    ['src-main/ipc/register.ts', 'electron'],
    ['src-main/main.ts', './ipc/register'],
    ['src-renderer/viewer/draw-frame.ts', '../../src-shared/domain/screening-outcome'],
    ['src-lab/simulator/simulate-bag.ts', '../../src-shared/imaging/material-palette'],
  ])('lets %s import %s', (file, specifier) => {
    expect(refuseImport(file, specifier)).toBeNull();
  });
});
