import type { CallResponse } from '../../src-shared/contract/contract';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { ReviewRules, ReviewRulesRecord } from '../../src-shared/domain/review-rules';
import type { ScreeningStore } from '../store/screening-store';
import type { ReviewRulesEntry } from '../store/store-record';
import type { Clock } from './clock';
import { newId } from './clock';
import type { SiteService } from './site-service';

export interface ReviewRulesChange {
  readonly checkpointId: string;
  readonly rules: ReviewRules;
  readonly reason: string;
}

/** How bags are reviewed at each checkpoint: set with a reason, its history kept. */
export class ReviewRulesService {
  constructor(
    private readonly store: ScreeningStore,
    private readonly site: SiteService,
    private readonly nameOf: (accountId: string) => string,
    private readonly clock: Clock,
  ) {}

  /** @throws PhiscanError `checkpoint-not-found` */
  async view(checkpointId: string): Promise<CallResponse<'reviewRules.view'>> {
    const { review: current } = this.site.checkpoint(checkpointId);
    const entries = await this.store.readReviewRules(checkpointId);
    return { current, history: entries.map((entry) => this.#named(entry)) };
  }

  /** @throws PhiscanError `checkpoint-not-found`, `reason-required` */
  async set(change: ReviewRulesChange, by: string): Promise<ReviewRulesRecord> {
    const { checkpointId, rules } = change;
    this.site.checkpoint(checkpointId);
    const reason = change.reason.trim();
    if (reason === '') {
      throw new PhiscanError(
        'reason-required',
        'A change of the review rules needs a reason. Say why in a few words.',
      );
    }
    const setAt = this.clock().toISOString();
    const entry = { id: newId(), checkpointId, rules, reason, setBy: by, setAt };
    await this.site.setReviewRules(entry);
    return this.#named(entry);
  }

  #named(entry: ReviewRulesEntry): ReviewRulesRecord {
    return { ...entry, setByName: this.nameOf(entry.setBy) };
  }
}
