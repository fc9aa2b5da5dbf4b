import { comparatorsOf } from '../../src-shared/ganomaly/comparator-spec';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import { ComparatorTraining } from './comparator-training';
import { DenoiserTraining } from './denoiser-training';
import type { DenoisingSettings } from './denoising-settings';
import { FrozenGenerator } from './frozen-generator';
import type { Tensorflow } from './tensorflow-runtime';
import type { Trainee } from './trainee';

/** One network's training, from its first weights to the end of its annealed rate. */
export interface DenoisingStage {
  /** `generator`, `comparator 1 of 4` and so on. */
  readonly name: string;
  readonly steps: number;
  /** Learning rate before it is annealed. */
  readonly rate: number;
  /** @param finished the networks of the stages before */
  create(finished: WeightSet): Trainee;
}

/** The stages of a training in their order: the generator, then one comparator after the other. */
export class DenoisingStages {
  readonly all: readonly DenoisingStage[];
  private generator: FrozenGenerator | null = null;

  constructor(
    private readonly tf: Tensorflow,
    private readonly settings: DenoisingSettings,
  ) {
    const { architecture, seed, batchSize } = settings;
    const comparators = comparatorsOf(architecture);
    this.all = [
      {
        name: 'generator',
        steps: Math.ceil(settings.generatorCrops / batchSize),
        rate: settings.learningRate,
        create: () => new DenoiserTraining(tf, architecture, seed, settings),
      },
      ...comparators.map((spec, member) => ({
        name: this.comparatorName(member + 1),
        steps: Math.ceil(settings.comparatorCrops / batchSize),
        rate: settings.comparatorLearningRate,
        create: (finished: WeightSet) =>
          new ComparatorTraining(tf, spec, seed, this.rebuild(finished)),
      })),
    ];
  }

  get members(): number {
    return this.all.length - 1;
  }

  /** Of all stages, or of the first so many. */
  steps(stages = this.all.length): number {
    return this.all.slice(0, stages).reduce((sum, { steps }) => sum + steps, 0);
  }

  /** @throws RangeError for a number that no stage has, from 0 */
  at(index: number): DenoisingStage {
    const stage = this.all[index];
    if (stage === undefined) throw new RangeError(`There is no stage ${index}.`);
    return stage;
  }

  /** @param member from 1 */
  comparatorName(member: number): string {
    return `comparator ${member} of ${this.settings.architecture.comparator?.members ?? 0}`;
  }

  dispose(): void {
    this.generator?.dispose();
    this.generator = null;
  }

  /** One generator for all comparators that see x̂; null where they see the tile alone. */
  private rebuild(finished: WeightSet): FrozenGenerator['rebuild'] | null {
    const { architecture } = this.settings;
    if (architecture.comparator?.seesReconstruction !== true) return null;
    this.generator ??= new FrozenGenerator(this.tf, architecture, finished);
    return this.generator.rebuild;
  }
}
