import { randomBytes } from 'node:crypto';
import type { TipMessage, TipSettings, TipSettingsRecord } from '../../../src-shared/domain/tip';
import { tipSettingsSchema } from '../../../src-shared/domain/tip';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import type { Lane } from '../../../src-shared/domain/site';
import type { Screener } from '../../engine/screener';
import type { ScreeningStore } from '../../store/screening-store';
import type { BagRecord, DecisionRecord, TipSettingsEntry } from '../../store/store-record';
import type { Clock } from '../clock';
import { newId } from '../clock';
import type { ProjectionDecided, Projector } from '../projector';
import type { QueuedBag } from '../queued-bag';
import type { SiteService } from '../site-service';
import { drawThreat } from './draw-threat';
import { judgeTip } from './judge-tip';
import type { ThreatLibraries } from './threat-libraries';
import type { TipPlan } from './tip-plan';

export interface TipOptions {
  readonly store: ScreeningStore;
  readonly screener: Screener;
  readonly site: SiteService;
  readonly libraries: ThreatLibraries;
  readonly nameOf: (accountId: string) => string;
  readonly clock: Clock;
}

export interface TipChange {
  readonly checkpointId: string;
  readonly settings: TipSettings;
  readonly reason: string;
}

/** Faults of the engine, after which a composite is still a composite. */
const ENGINE_FAULTS: readonly string[] = [
  'engine-stopped',
  'engine-timeout',
  'engine-unavailable',
  'cancelled',
  'internal',
];

/** Which bags carry a projected threat, and who found it. */
export class TipService implements Projector {
  /** Of each checkpoint, oldest first. */
  readonly #settings = new Map<string, readonly TipSettingsEntry[]>();
  /** Bags whose threat was found or missed while the program runs. */
  readonly #resolved = new Set<string>();
  #withoutRoom = 0;

  constructor(private readonly options: TipOptions) {}

  get libraries(): ThreatLibraries {
    return this.options.libraries;
  }

  /** Bags that were to carry a threat and had no room for it, since the program started. */
  get withoutRoom(): number {
    return this.#withoutRoom;
  }

  async load(): Promise<void> {
    const { store, site, libraries } = this.options;
    await libraries.load();
    for (const { id } of site.checkpoints) {
      this.#settings.set(id, (await store.readTipSettings(id)).reverse());
    }
  }

  async plan(bag: BagRecord, lane: Lane): Promise<TipPlan | null> {
    const entry = this.#inForce(lane.checkpointId, bag.arrivedAt);
    if (entry === null) return null;
    const { settings, drawKey } = entry;
    const drawn = drawThreat({
      ...{ settings, drawKey, bagId: bag.id },
      arrivedAt: new Date(bag.arrivedAt),
      threats: this.options.libraries.threats,
    });
    if (drawn === null || (await this.options.store.readTipResultOf(bag.id)) !== null) return null;
    const { threat, directory, attitude, seed } = drawn;
    return {
      source: {
        kind: 'composite',
        scan: bag.source,
        library: directory,
        projections: [...(threat.attitudes[attitude] ?? [])],
        seed,
        lanePitchMm: lane.pixelPitchMm,
      },
      settingsId: entry.id,
      threatId: threat.id,
      category: threat.category,
      name: threat.name,
      windowMs: settings.windowS * 1_000,
      extendedMs: settings.extendedS * 1_000,
      facts: null,
    };
  }

  async holds(plan: TipPlan): Promise<boolean> {
    try {
      plan.facts ??= await this.options.screener.readProjection(plan.source);
    } catch (fault) {
      // Without an engine it is not known; what the person may have seen was the composite.
      return !(fault instanceof PhiscanError) || ENGINE_FAULTS.includes(fault.code);
    }
    if (plan.facts.state === 'projected') return true;
    this.#withoutRoom++;
    return false;
  }

  async resolve(decided: ProjectionDecided): Promise<TipMessage | null> {
    const { presentation, queued, session, plan, decidedAt, outcome } = decided;
    // A bag that goes through the scanner again was decided on as it lay there.
    if (outcome === 'rescan' || !(await this.holds(plan))) return null;
    const { facts, source, category, name, threatId, settingsId } = plan;
    const places = facts?.state === 'projected' ? facts.places : [];
    const judged = judgeTip({ ...decided, outcome }, places);
    await this.options.store.append({
      kind: 'tipResult',
      record: {
        id: newId(),
        bagId: queued.bag.id,
        presentationId: presentation.id,
        accountId: session.accountId,
        checkpointId: queued.lane.checkpointId,
        settingsId,
        outcomeId: queued.screened?.outcomeId ?? null,
        ...judged,
        ...{ category, name, threatId, places },
        composite: source,
        approximations: facts?.state === 'projected' ? facts.approximations : [],
        machine: decided.machine,
        decidedMs: Date.parse(decidedAt) - Date.parse(presentation.shownAt),
        at: decidedAt,
      },
    });
    this.#resolved.add(queued.bag.id);
    return { ...judged, category, name, places };
  }

  decided(decision: DecisionRecord, { bag, lane }: QueuedBag): TipMessage | null {
    if (decision.outcome !== 'search' || decision.cause !== 'person') return null;
    // Nobody looks for a second threat where the first was told of.
    if (this.#resolved.has(bag.id)) return null;
    const entry = this.#inForce(lane.checkpointId, bag.arrivedAt);
    return entry?.settings.enabled === true ? { result: 'no-projection' } : null;
  }

  /** In force now; null where threats were never projected. */
  currentOf(checkpointId: string): TipSettingsRecord | null {
    return this.historyOf(checkpointId)[0] ?? null;
  }

  /** Newest first. */
  historyOf(checkpointId: string): readonly TipSettingsRecord[] {
    const entries = this.#settings.get(checkpointId) ?? [];
    return [...entries].reverse().map((entry) => this.#named(entry));
  }

  /**
   * Sets how threats are projected into the bags that arrive from now on.
   * @throws PhiscanError `checkpoint-not-found`, `reason-required`, `tip-settings-invalid`
   */
  async set(change: TipChange, by: string): Promise<TipSettingsRecord> {
    const { checkpointId } = change;
    this.options.site.checkpoint(checkpointId);
    const reason = change.reason.trim();
    if (reason === '') {
      throw new PhiscanError(
        'reason-required',
        'A change of the projected threats needs a reason. Say why in a few words.',
      );
    }
    const settings = tipSettingsSchema.parse(change.settings);
    if (settings.enabled) this.#requireThreats(settings);
    const setAt = this.options.clock().toISOString();
    const drawKey = randomBytes(32).toString('hex');
    const record = { id: newId(), checkpointId, settings, drawKey, reason, setBy: by, setAt };
    await this.options.store.append({ kind: 'tipSettings', record });
    this.#settings.set(checkpointId, [...(this.#settings.get(checkpointId) ?? []), record]);
    return this.#named(record);
  }

  /** As a supervisor sees it: who set it by name, and no key. */
  #named({
    id,
    checkpointId,
    settings,
    reason,
    setBy,
    setAt,
  }: TipSettingsEntry): TipSettingsRecord {
    const setByName = this.options.nameOf(setBy);
    return { id, checkpointId, settings, reason, setBy, setByName, setAt };
  }

  #requireThreats({ categories, windowS, extendedS }: TipSettings): void {
    const held = new Set(this.options.libraries.threats.map(({ threat }) => threat.category));
    const missing = Object.keys(categories).filter(
      (category) => (categories[category] ?? 0) > 0 && !held.has(category),
    );
    if (missing.length > 0) {
      throw new PhiscanError(
        'tip-settings-invalid',
        `No threat library on this computer holds ${missing.join(', ')}. Make or import one first ("phiscan tip"), or set the share to 0.`,
      );
    }
    if (extendedS < windowS) {
      throw new PhiscanError(
        'tip-settings-invalid',
        'The extended time for a decision is shorter than the usual one. Make it as long at least.',
      );
    }
  }

  /** The settings that held when a bag arrived: later ones do not change what it carries. */
  #inForce(checkpointId: string, at: string): TipSettingsEntry | null {
    const entries = this.#settings.get(checkpointId) ?? [];
    return entries.filter(({ setAt }) => setAt <= at).at(-1) ?? null;
  }
}
