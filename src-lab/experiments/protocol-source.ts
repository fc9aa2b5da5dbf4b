import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import { oneClassSets } from './one-class-sets';
import { openPublicSet, type PublicSet } from './open-public-set';
import type { RunSpec } from './plan-runs';
import type { ProtocolSets } from './protocol-sets';
import { drawSets, openFfob, openUba, type Watch } from './simulated-sets';
import { isThreatClass } from './test-scans';

/** The pictures of runs, opened when the first run needs them and kept for the next. */
export class ProtocolSource {
  private publicSet: Promise<PublicSet> | null = null;
  private simulated: Promise<ProtocolSets> | null = null;

  /** @param datasets folder of the public sets; null where none was named */
  constructor(
    private readonly datasets: string | null,
    private readonly watch: Watch,
  ) {}

  /**
   * What a run trains on and is tested on. All runs asked for belong to one protocol and, of a
   * simulated one, to the same classes and numbers of bags.
   * @throws PhiscanError `file-not-found` and the readers' errors, `cancelled`, `arguments-invalid`
   */
  async setsOf(run: RunSpec): Promise<ProtocolSets> {
    const { protocol, classes, seed, settings } = run;
    const [className] = classes;
    switch (protocol) {
      case 'mnist':
      case 'cifar10': {
        this.publicSet ??= openPublicSet(protocol, this.folder());
        const { trainPictures, testPictures, method } = settings;
        return oneClassSets(await this.publicSet, {
          className: className ?? '',
          seed,
          sidePx: method.isize,
          trainPictures,
          testPictures,
        });
      }
      case 'uba':
        this.simulated ??= openUba(classes.filter(isThreatClass), settings, this.watch);
        return drawSets(await this.simulated, { ...settings, seed });
      case 'ffob':
        this.simulated ??= openFfob(settings, this.watch);
        return drawSets(await this.simulated, { ...settings, seed });
      default:
        throw missingCaseError(protocol);
    }
  }

  private folder(): string {
    if (this.datasets !== null) return this.datasets;
    throw new PhiscanError(
      'arguments-invalid',
      'The public data sets are not part of Phiscan. Name the folder that holds them with ' +
        '--datasets.',
    );
  }
}
