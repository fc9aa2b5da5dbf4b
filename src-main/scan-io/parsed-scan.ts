import type { ScanFormat, View } from '../../src-shared/domain/scan';

/** A view before it has its place among the scan's views. */
export type ParsedView = Omit<View, 'index'>;

/** What one file holds. */
export interface ParsedScan {
  readonly format: ScanFormat;
  readonly views: readonly ParsedView[];
}
