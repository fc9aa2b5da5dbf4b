import type {
  AccountEvent,
  BagRecord,
  CheckpointRecord,
  DecisionRecord,
  EngineEvent,
  LaneRecord,
  OutcomeRecord,
  PresentationRecord,
  ReleaseRecord,
  ReviewRulesEntry,
  SessionEvent,
  SessionEventKind,
  ShownAlarms,
  SiteRecord,
  StoreRecord,
  ThresholdEntry,
  TipResultRecord,
  TipSettingsEntry,
} from './store-record';

/** A decided bag with the decision in force. */
export interface DecidedBag {
  readonly bag: BagRecord;
  readonly decision: DecisionRecord;
}

/** Bags that one person decided on in one way. */
export interface DecidedCount {
  readonly accountId: string;
  readonly outcome: string;
  readonly bags: number;
}

export interface SessionEventFilter {
  /** Null asks for tries with names that belong to nobody. */
  readonly accountId?: string | null;
  readonly kinds?: readonly SessionEventKind[];
}

/**
 * The records of a site. It can be appended to and read: there is no verb that changes or removes.
 *
 * Every implementation also refuses, in the database itself, to change or remove a record, to hold
 * two decisions on one presentation, two decisions that supersede the same one, a decision other
 * than search that time made, a release of a bag that somebody was shown, or two accounts of one
 * name (whatever its case).
 */
export interface ScreeningStore {
  /** Where the records lie, for About. */
  readonly location: string;

  /**
   * Writes all of the records or none; when it answers, they are on disk.
   * @throws PhiscanError `store-full` when the disk is full, `already-decided` or `account-exists`
   *   when the records contradict those in the store, `store-unavailable` for any other fault.
   */
  append(...records: readonly StoreRecord[]): Promise<void>;

  /** Null before the first run has ended. */
  readSite(): Promise<SiteRecord | null>;
  readCheckpoints(): Promise<CheckpointRecord[]>;
  readLanes(): Promise<LaneRecord[]>;
  /** The lane selected last. */
  readSelectedLaneId(): Promise<string | null>;
  /** In order of writing. */
  readAccountEvents(): Promise<AccountEvent[]>;
  /** Newest first. */
  readSessionEvents(limit: number, which?: SessionEventFilter): Promise<SessionEvent[]>;
  /** Newest first: the first one is in force. */
  readThresholds(checkpointId: string): Promise<ThresholdEntry[]>;

  /** Newest first: the first one is in force; none while those of installation hold. */
  readReviewRules(checkpointId: string): Promise<ReviewRulesEntry[]>;

  /** Bags without a decision in force that the machine did not release, in order of arrival. */
  readUndecidedBags(): Promise<BagRecord[]>;
  /** Bags with a decision in force, the last decided first. */
  readDecidedBags(limit: number): Promise<DecidedBag[]>;
  readBag(bagId: string): Promise<BagRecord | null>;
  /** In order of writing. */
  readOutcomes(bagId: string): Promise<OutcomeRecord[]>;
  /** In order of showing. */
  readPresentations(bagId: string): Promise<PresentationRecord[]>;
  readShownAlarms(presentationId: string): Promise<ShownAlarms[]>;
  /** In order of writing; the last one is in force unless it is `undone`. */
  readDecisions(bagId: string): Promise<DecisionRecord[]>;
  /** What a person was shown since a time, in order of showing. */
  readPresentationsTo(accountId: string, since: string): Promise<PresentationRecord[]>;
  /** Newest first. */
  readReleases(limit: number): Promise<ReleaseRecord[]>;
  /** Newest first: the first one is in force; none where threats were never projected. */
  readTipSettings(checkpointId: string): Promise<TipSettingsEntry[]>;
  /** Found and missed threats of a checkpoint, newest first. */
  readTipResults(checkpointId: string, limit: number): Promise<TipResultRecord[]>;
  /** Null where no threat was decided on in the bag. */
  readTipResultOf(bagId: string): Promise<TipResultRecord | null>;
  /** Bags of a checkpoint with a person's decision in force: how many each person cleared and sent to search. */
  countDecidedBags(checkpointId: string): Promise<DecidedCount[]>;
  /** Newest first. */
  readEngineEvents(limit: number): Promise<EngineEvent[]>;

  close(): Promise<void>;
}
