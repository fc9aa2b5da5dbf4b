import { printTotals } from './platform/test-totals.mjs';

printTotals();
