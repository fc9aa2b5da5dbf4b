import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { AnomalyMethod } from './anomaly-method';
import { anoganMethod } from './anogan';
import { egbadMethod } from './egbad';
import { ganomalyMethod } from './ganomaly-method';
import { skipGanomalyMethod } from './skip-ganomaly';
import { vaeMethod } from './vae';

/** Every method by its name, with its paper's constants. */
const METHODS: readonly AnomalyMethod[] = [
  ganomalyMethod(),
  anoganMethod(),
  egbadMethod(),
  vaeMethod(),
  skipGanomalyMethod(),
];

/** @throws PhiscanError `arguments-invalid` for a name that no method bears */
export function findMethod(name: string): AnomalyMethod {
  const method = METHODS.find((candidate) => candidate.name === name);
  if (method !== undefined) return method;
  throw new PhiscanError(
    'arguments-invalid',
    `There is no method named ${name}. Name one of ${METHODS.map((known) => known.name).join(', ')}.`,
  );
}
