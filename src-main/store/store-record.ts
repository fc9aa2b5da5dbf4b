import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { Decision } from '../../src-shared/domain/review';
import type { ReviewRulesRecord } from '../../src-shared/domain/review-rules';
import type { ScanSource } from '../../src-shared/domain/scan';
import type {
  AlarmRegion,
  MachineState,
  ViewOutcome,
} from '../../src-shared/domain/screening-outcome';
import type { Role, ThresholdRecord } from '../../src-shared/domain/site';
import type { TipCause, TipPlace, TipSettingsRecord } from '../../src-shared/domain/tip';
import type { TipApproximation } from '../../src-shared/tip/project-threat';
import type { CompositeSource } from '../../src-shared/tip/composite-source';

/*
 * Everything that the store keeps, one type a kind. A record is written once and never changed:
 * what is true now is read from the last record that speaks of it. Times are ISO 8601 in UTC.
 */

/** The installation's name, given at first run. */
export interface SiteRecord {
  readonly id: string;
  readonly name: string;
  readonly at: string;
}

export interface CheckpointRecord {
  readonly id: string;
  readonly name: string;
  /** Account that added it. */
  readonly by: string;
  readonly at: string;
}

export interface LaneRecord {
  readonly id: string;
  readonly checkpointId: string;
  readonly name: string;
  readonly scannerKind: string;
  readonly pixelPitchMm: number | null;
  readonly by: string;
  readonly at: string;
}

/** From this moment bags that arrive on this computer belong to the lane. */
export interface LaneSelection {
  readonly id: string;
  readonly laneId: string;
  readonly by: string;
  readonly at: string;
}

/** Who wrote an account event when nobody was signed in. */
export const FIRST_RUN = 'first run';
export const COMPUTER_ADMINISTRATOR = 'computer administrator';

export type AccountEventKind = 'created' | 'secret-set' | 'deactivated';

export interface AccountEvent {
  readonly id: string;
  readonly accountId: string;
  readonly kind: AccountEventKind;
  readonly name: string;
  readonly role: Role;
  /** The argon2id hash in force from now on; null where the event does not set one. */
  readonly secretHash: string | null;
  /** An account id, or FIRST_RUN, or COMPUTER_ADMINISTRATOR with the system's user name. */
  readonly by: string;
  readonly at: string;
}

export type SessionEventKind =
  | 'signed-in'
  | 'sign-in-failed'
  | 'sign-in-delayed'
  | 'signed-out'
  | 'locked'
  | 'unlocked'
  | 'unlock-failed'
  | 'paused'
  | 'resumed'
  /** The duty time is over. */
  | 'hand-over-asked'
  | 'hand-over-declined'
  /** Signed out after a hand-over was asked for. */
  | 'handed-over';

/** The account is null when the name typed belongs to nobody; such a name is not kept (it may be a secret). */
export interface SessionEvent {
  readonly id: string;
  readonly kind: SessionEventKind;
  readonly accountId: string | null;
  readonly at: string;
}

/** φ as it was set; who is an account id, whose name stands in its account event. */
export type ThresholdEntry = Omit<ThresholdRecord, 'setByName'>;

/** Rules of review as they were set. */
export type ReviewRulesEntry = Omit<ReviewRulesRecord, 'setByName'>;

/** One bag as it arrived. */
export interface BagRecord {
  readonly id: string;
  readonly laneId: string;
  readonly label: string;
  readonly source: ScanSource;
  /** Over the source files' bytes at arrival; null when they could not be read then. */
  readonly sha256: string | null;
  readonly arrivedAt: string;
}

/** Facts of a view without its tiles and map, which are made again from the scan when needed. */
export type ViewSummary = ViewOutcome extends infer V
  ? V extends ViewOutcome
    ? Omit<V, 'tileScores' | 'scoreMap'>
    : never
  : never;

/** What screening a bag gave. */
export interface OutcomeRecord {
  readonly id: string;
  readonly bagId: string;
  readonly bundleId: string;
  /** Engine and runtime that scored, empty when none ran. */
  readonly engine: string;
  readonly state: 'screened' | 'unscored';
  readonly sha256: string | null;
  readonly anomalyScoreMax: number | null;
  readonly displayScoreMax: number | null;
  readonly views: readonly ViewSummary[];
  readonly error: ErrorRecord | null;
  readonly elapsedMs: number;
  readonly at: string;
}

/** One bag shown to one person. */
export interface PresentationRecord {
  readonly id: string;
  readonly bagId: string;
  readonly accountId: string;
  readonly laneId: string;
  readonly sha256: string | null;
  /** The φ record that holds for this presentation, whatever is set later. */
  readonly thresholdId: string;
  readonly bundleId: string;
  /** Whether the bundle's calibration covers the lane's scanner. */
  readonly calibrated: boolean;
  readonly shownAt: string;
}

export interface ShownViewAlarm {
  readonly viewIndex: number;
  readonly alarm: boolean;
  readonly regions: readonly AlarmRegion[];
}

/** The machine's word as the person saw it: at once, or when scoring ended while the bag was shown. */
export interface ShownAlarms {
  readonly id: string;
  readonly presentationId: string;
  readonly outcomeId: string;
  readonly engine: string;
  readonly machine: MachineState;
  /** Whether the calibration covers the lane's scanner and the pictures that were scored. */
  readonly calibrated: boolean;
  readonly displayScoreMax: number | null;
  readonly views: readonly ShownViewAlarm[];
  readonly error: ErrorRecord | null;
  readonly at: string;
}

/** A Decision with the bag it is about; along one bag each decision supersedes the one before. */
export interface DecisionRecord extends Omit<Decision, 'decidedByName'> {
  readonly bagId: string;
}

/** A bag that did not alarm where only alarms are reviewed: nobody looked at it. */
export interface ReleaseRecord {
  readonly id: string;
  readonly bagId: string;
  /** What screening gave. */
  readonly outcomeId: string;
  /** The φ record under which it did not alarm. */
  readonly thresholdId: string;
  /** The rules that let the machine release. */
  readonly reviewRulesId: string;
  readonly bundleId: string;
  readonly at: string;
}

/** TIP settings as they were set. */
export type TipSettingsEntry = Omit<TipSettingsRecord, 'setByName'> & {
  /**
   * 32 random bytes in hexadecimal, from which it follows which bags carry a threat, and which one:
   * nothing has to be written down of a bag before its threat was found or missed.
   */
  readonly drawKey: string;
};

/** A projected threat that a person found or missed; written when they had decided, never before. */
export interface TipResultRecord {
  readonly id: string;
  readonly bagId: string;
  readonly presentationId: string;
  readonly accountId: string;
  readonly checkpointId: string;
  readonly settingsId: string;
  /** The outcome that screening the composite gave: it is not the bag's own. Null where it was not scored yet. */
  readonly outcomeId: string | null;
  readonly result: 'hit' | 'miss';
  readonly cause: TipCause;
  readonly category: string;
  readonly name: string;
  readonly threatId: string;
  /** What the composite was made of: it can be made again. */
  readonly composite: CompositeSource;
  readonly places: readonly TipPlace[];
  readonly approximations: readonly TipApproximation[];
  /** The machine's word on the composite. */
  readonly machine: MachineState;
  /** From when it was shown. */
  readonly decidedMs: number;
  readonly at: string;
}

export type EngineEventKind = 'loaded' | 'load-failed' | 'stopped' | 'given-up';

export interface EngineEvent {
  readonly id: string;
  readonly kind: EngineEventKind;
  readonly bundleId: string;
  readonly description: string;
  readonly error: ErrorRecord | null;
  readonly at: string;
}

/** Kind of record → its type. */
export interface StoreRecords {
  readonly site: SiteRecord;
  readonly checkpoint: CheckpointRecord;
  readonly lane: LaneRecord;
  readonly laneSelection: LaneSelection;
  readonly accountEvent: AccountEvent;
  readonly sessionEvent: SessionEvent;
  readonly threshold: ThresholdEntry;
  readonly reviewRules: ReviewRulesEntry;
  readonly bag: BagRecord;
  readonly outcome: OutcomeRecord;
  readonly presentation: PresentationRecord;
  readonly shownAlarms: ShownAlarms;
  readonly decision: DecisionRecord;
  readonly release: ReleaseRecord;
  readonly tipSettings: TipSettingsEntry;
  readonly tipResult: TipResultRecord;
  readonly engineEvent: EngineEvent;
}

export type StoreRecordKind = keyof StoreRecords;

/** A record with its kind, as `append` takes it. */
export type StoreRecord = {
  [K in StoreRecordKind]: { readonly kind: K; readonly record: StoreRecords[K] };
}[StoreRecordKind];
