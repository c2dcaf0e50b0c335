// Whether an item can be decided for a period before anybody is looked at: ready, waiting (one entry for what it waits for, instead of everybody 待核),
// or not triggered (a rule about the region or an index is false for all). Pure; `store.ts` brings the ground and keeps the answers.
import type { Day } from '../base/day.ts';
import type { Catalogue, Dataset } from '../catalogue/catalogue.ts';
import { punctuality, termOf, workingCalendar } from '../catalogue/delivery-term.ts';
import type { TreeIndex } from '../catalogue/tree.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { type Lack, lacksOf, type Supply } from '../policy/needs.ts';
import { covers } from '../record/coverage.ts';
import { externalIn, factOf, parameterOn, treeOf } from '../record/lookup.ts';
import { variantFact } from '../record/variant.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import { type Heard, type Hearing, hear } from './heard.ts';
import { type Extension, inForce, type LateDecision, variantOf } from './late.ts';
import { type Untriggered, untriggered } from './trigger.ts';

export type ReadyState = 'ready' | 'waiting' | 'not-triggered';

/** One thing that is not there, named once however many people it concerns. */
export interface Wait {
  readonly kind: 'dataset' | 'parameter' | 'external';
  /** Dataset id, or key of the parameter or index. */
  readonly name: string;
  readonly label: string;
  /** Division that is missing; null: all of the item's region. */
  readonly division: string | null;
  readonly reason: 'never' | 'stale' | 'silent' | 'unpublished';
  /** The item waits for it; else it is decided and those it concerns are 待核. */
  readonly holds: boolean;
  readonly department: string | null;
  readonly contact: string | null;
  /** The day it was or will be due; null: nobody has set one. */
  readonly dueOn: Day | null;
  readonly asOf: Day | null;
  /** A late guard dataset: a named person may decide to wait or to extend (`late.ts`). */
  readonly guard: boolean;
  /** What was decided and counts today. */
  readonly decision: { readonly id: string; readonly choice: LateDecision['choice']; readonly until: Day; readonly actor: string } | null;
}

export interface Readiness {
  readonly itemId: string;
  readonly version: number;
  readonly period: DecisionPeriod;
  readonly state: ReadyState;
  readonly waits: readonly Wait[];
  readonly record: Untriggered | null;
  /** Longer limits that count for this item and period today. */
  readonly extensions: readonly Extension[];
  /** Extensions whose dataset is in time again: this run checks whom they covered. */
  readonly settles: readonly string[];
}

/** What is known when a run is planned. */
export interface Ground {
  readonly catalogue: Catalogue;
  readonly knownAt: Day;
  readonly heard: readonly Heard[];
  /** Register → divisions that hold subjects. */
  readonly peopled: ReadonlyMap<string, readonly string[]>;
  /** Register and fact of every sealed column, `register\nfact`; a register without subjects lacks nothing. */
  readonly sealed: ReadonlySet<string>;
  readonly registers: ReadonlySet<string>;
  readonly decisions: readonly LateDecision[];
}

export interface Asked {
  readonly compiled: CompiledItem;
  readonly version: number;
  readonly period: DecisionPeriod;
  /** Matches were written for this period: it is decided again as ever, or what was paid would stand undecided. */
  readonly decided: boolean;
}

export const assess = (ground: Ground, asked: Asked): Readiness => {
  const { compiled, version, period } = asked;
  const { catalogue } = ground;
  const { id: itemId } = compiled.item;
  const divisions = treeOf(catalogue, 'division');
  const hearings = hearingsOf(ground, compiled, divisions);
  const lacks = lacksOf(compiled, supplyOf(ground, compiled, divisions, hearings), period);
  const decisions = ground.decisions.filter((d) => d.itemId === itemId && d.periodKey === period.key);
  const held = lacks.flatMap((lack) => heldBy(ground, lack, hearings));
  const late = lateDatasets(ground, compiled, hearings, decisions);
  const waits = distinct([...held, ...late]);
  const record = asked.decided || lacks.length > 0 ? null : untriggered(compiled, catalogue, period);
  const waiting = !asked.decided && waits.some((wait) => wait.holds);
  const state: ReadyState = record !== null ? 'not-triggered' : waiting ? 'waiting' : 'ready';
  const isLate = (dataset: string): boolean => (hearings.get(dataset)?.stale.length ?? 0) > 0;
  const extend = decisions.filter((d) => d.choice === 'extend');
  const counting = inForce(decisions, ground.knownAt).filter((d) => d.choice === 'extend');
  // All that count make the variant; it carries somebody only while one of its datasets is late, and once it was sealed.
  const carries = isSealed(ground, counting) && counting.some((d) => isLate(d.dataset));
  return {
    itemId,
    version,
    period,
    state,
    // A period that was decided is not held up any more, whatever went missing since.
    waits: asked.decided ? waits.map((wait) => ({ ...wait, holds: false })) : waits,
    record,
    extensions: (carries ? counting : []).map(({ id, dataset, days, until, actor, reason, asOf }) => ({
      id,
      dataset,
      days: days ?? 0,
      until,
      actor,
      reason,
      asOf,
    })),
    settles: extend.filter((d) => hearings.has(d.dataset) && !isLate(d.dataset)).map((d) => d.id),
  };
};

/** A decision taken after the snapshot was sealed counts from the next one. */
const isSealed = (ground: Ground, counting: readonly LateDecision[]): boolean => {
  const variant = variantOf(counting);
  if (variant === null) return false;
  return [...ground.sealed].some((name) => name.endsWith(variantFact('', variant.name)));
};

const hearingsOf = (ground: Ground, compiled: CompiledItem, divisions: TreeIndex): ReadonlyMap<string, Hearing> => {
  const wanted = new Set(compiled.reads.flatMap((read) => read.datasets));
  const datasets = ground.catalogue.datasets.filter((d) => wanted.has(d.id));
  const { knownAt, heard } = ground;
  return new Map(
    datasets.map((dataset) => {
      const peopled = ground.peopled.get(dataset.register) ?? [];
      return [dataset.id, hear(dataset, heard, { divisions, region: compiled.item.region, knownAt, peopled })];
    }),
  );
};

/** A region that may be any subject's: values for the country, and for what lies above or below the item's own region. */
const anyRegion = (divisions: TreeIndex, own: string | null, of: string | null): boolean =>
  of === null || own === null || covers(divisions, of, own) || covers(divisions, own, of);

const supplyOf = (ground: Ground, compiled: CompiledItem, divisions: TreeIndex, hearings: ReadonlyMap<string, Hearing>): Supply => {
  const { catalogue, sealed, registers } = ground;
  const { region: own } = compiled.item;
  return {
    fact: (register, key) => {
      if (!registers.has(register)) return true;
      const fact = factOf(catalogue, register, key);
      if (fact === undefined || !sealed.has(`${register}\n${key}`)) return false;
      const told = fact.datasets.map((id) => hearings.get(id)).filter((h): h is Hearing => h !== undefined);
      const heard = told.filter((h) => h.asOf !== null).length;
      // Where the first source decides, one that spoke here is enough; where sources add up, the silence of one leaves every "none" open.
      if ((fact.combine ?? 'first') === 'first') return heard > 0 || !told.some((h) => h.elsewhere);
      return heard === told.length || (heard === 0 && !told.some((h) => h.elsewhere));
    },
    parameter: (key, region, day) => {
      if (region !== undefined && day !== null) return parameterOn(catalogue, key, region, day) !== null;
      const values = catalogue.parameters.find((p) => p.key === key)?.values ?? [];
      return values.some(
        (v) => (day === null || (v.from <= day && (v.to === null || day < v.to))) && anyRegion(divisions, region ?? own, v.region),
      );
    },
    external: (key, region, period) => {
      if (region !== undefined && period !== null) return externalIn(catalogue, key, region, period) !== null;
      const values = catalogue.external.find((s) => s.key === key)?.values ?? [];
      return values.some((v) => (period === null || v.period === period) && anyRegion(divisions, region ?? own, v.region));
    },
  };
};

const distinct = (waits: readonly Wait[]): readonly Wait[] =>
  [...new Map(waits.toReversed().map((w) => [`${w.kind}\n${w.name}\n${w.division ?? ''}`, w])).values()].reverse();

const heldBy = (ground: Ground, lack: Lack, hearings: ReadonlyMap<string, Hearing>): readonly Wait[] => {
  const { catalogue } = ground;
  if (lack.kind !== 'fact') {
    const series = lack.kind === 'parameter' ? catalogue.parameters : catalogue.external;
    const label = series.find((one) => one.key === lack.key)?.label ?? lack.key;
    const none = { division: null, department: null, contact: null, dueOn: null, asOf: null, guard: false, decision: null };
    return [{ kind: lack.kind, name: lack.key, label, reason: 'unpublished', holds: true, ...none }];
  }
  const fact = factOf(catalogue, lack.register, lack.fact);
  const datasets = (fact?.datasets ?? []).flatMap((id) => catalogue.datasets.find((d) => d.id === id) ?? []);
  const silent = datasets.filter((d) => (hearings.get(d.id)?.asOf ?? null) === null);
  return (silent.length > 0 ? silent : datasets).map((d) => ({ ...waitFor(ground, d, null, null), reason: 'never', holds: true }));
};

const waitFor = (ground: Ground, dataset: Dataset, division: string | null, asOf: Day | null): Wait => {
  const { catalogue, knownAt } = ground;
  const term = termOf(catalogue, dataset.id);
  const at = term === null ? null : punctuality(term, asOf, knownAt, workingCalendar(catalogue));
  return {
    kind: 'dataset',
    name: dataset.id,
    label: dataset.title,
    division,
    reason: 'stale',
    holds: false,
    department: dataset.department,
    contact: term?.contact.role ?? null,
    dueOn: at === null ? null : (at.open?.dueOn ?? at.nextDue),
    asOf,
    guard: false,
    decision: null,
  };
};

/** Datasets it reads that are too old somewhere, or silent in some divisions: the item is decided, those they concern are 待核. */
const lateDatasets = (
  ground: Ground,
  compiled: CompiledItem,
  hearings: ReadonlyMap<string, Hearing>,
  decisions: readonly LateDecision[],
): readonly Wait[] =>
  ground.catalogue.datasets.flatMap((dataset) => {
    const hearing = hearings.get(dataset.id);
    if (hearing === undefined) return [];
    const guard = termOf(ground.catalogue, dataset.id)?.guard === true && compiled.reads.some((r) => r.datasets.includes(dataset.id));
    const [last] = inForce(
      decisions.filter((d) => d.dataset === dataset.id),
      ground.knownAt,
    );
    const decision = last === undefined ? null : { id: last.id, choice: last.choice, until: last.until, actor: last.actor };
    const stale = hearing.stale.map(
      ({ division, asOf }): Wait => ({
        ...waitFor(ground, dataset, division, asOf),
        guard,
        decision,
        holds: decision?.choice === 'wait',
      }),
    );
    const silent = hearing.silent.map((division): Wait => ({ ...waitFor(ground, dataset, division, null), reason: 'silent' }));
    return [...stale, ...silent];
  });
