import { isMethodModel } from '../../src-lab/baselines/method-model-folder';
import type { ScreeningRecipe } from '../../src-lab/evaluation/screen-bag';
import { BagScreener } from '../../src-lab/evaluation/screen-bag';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { readBundle } from '../engine/bundle/read-bundle';
import type { EngineName } from '../engine/engine';
import { selectEngine } from '../engine/select-engine';

/** What an evaluation measures: a bundle, or a laboratory model of one of the paper's rivals. */
export interface EvaluatedModel {
  readonly id: string;
  readonly engine: EngineName;
  /** The bundle's definition; a rival scores by its own, which bears its name. */
  readonly scoreDefinition: string;
  readonly screener: BagScreener;
  /** The shape of the networks, for the row of random weights. */
  readonly architecture: ScreeningRecipe['architecture'];
}

/**
 * @throws PhiscanError as `readBundle` and `openMethodModel`; `arguments-invalid` when another
 * engine than TensorFlow is asked for by name to run a laboratory model.
 */
export async function openEvaluatedModel(
  directory: string,
  engineName: EngineName | 'auto',
): Promise<EvaluatedModel> {
  if (isMethodModel(directory)) return openLaboratoryModel(directory, engineName);
  const bundle = await readBundle(directory);
  const engine = selectEngine(engineName);
  const { id, scoreDefinition, architecture } = bundle.manifest;
  const screener = await BagScreener.load(engine, bundle);
  return { id, engine: engine.name, scoreDefinition, screener, architecture };
}

async function openLaboratoryModel(
  directory: string,
  engineName: EngineName | 'auto',
): Promise<EvaluatedModel> {
  if (engineName === 'onnx') {
    throw new PhiscanError(
      'arguments-invalid',
      `${directory} holds a laboratory model, which runs on TensorFlow alone. Leave --engine out.`,
    );
  }
  const { openMethodModel } = await import('../../src-lab/baselines/method-model');
  const { id, method, architecture, model, recipe } = await openMethodModel(directory);
  const screener = new BagScreener(model, recipe);
  return { id, engine: 'tensorflow', scoreDefinition: method, screener, architecture };
}
