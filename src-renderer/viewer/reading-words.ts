import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import type { PixelReading } from '../../src-shared/imaging/display/read-pixel';
import { t } from '../messages/translate';

/** A share as per cent: two figures where little passes. */
function percent(share: number): string {
  const value = 100 * share;
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
}

/** What a place of the picture measures, in words. */
export function readingWords(reading: PixelReading): string {
  switch (reading.kind) {
    case 'dual-energy': {
      const passes = { low: percent(reading.low), high: percent(reading.high) };
      return reading.effectiveZ === null
        ? t('reading.pairOnly', passes)
        : t('reading.pair', { ...passes, z: reading.effectiveZ.toFixed(0) });
    }
    case 'single-energy':
      return t('reading.one', { share: percent(reading.transmission) });
    case 'rgb': {
      const { red, green, blue } = reading;
      return t('reading.colour', {
        red: red.toFixed(0),
        green: green.toFixed(0),
        blue: blue.toFixed(0),
      });
    }
    default:
      throw missingCaseError(reading);
  }
}
