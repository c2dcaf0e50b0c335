// The forecast 匡算: a draft against the sealed snapshot, before anybody publishes it. Decides with the run's own machinery, writes nothing, and says what a
// run would write: counts and 分 before settlement are the same (test/forecast).
import { createHash } from 'node:crypto';
import { canonicalJson } from '../base/canonical.ts';
import { fail } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Db } from '../db/handle.ts';
import type { ItemVersion } from '../match/match.ts';
import { type CompiledItem, compileItem } from '../policy/compile.ts';
import { type Item, pays } from '../policy/item.ts';
import { modeFor, modeNames, modesOf } from '../policy/mode.ts';
import { itemHash } from '../policy/publish.ts';
import { speakerOf } from '../policy/speaker.ts';
import { type Speaker, sayLeaf } from '../rule/explain.ts';
import { leavesOf } from '../rule/ready.ts';
import { type OpenSnapshot, openSnapshot } from '../snapshot/open.ts';
import { budgetOf, cashOf, promisedIn } from './budget.ts';
import type { Forecast, MissingTold } from './document.ts';
import { type Findings, openFindings, takeBlock } from './findings.ts';
import { tellNear } from './near.ts';
import { nextOf, periodFor, versionFor } from './period.ts';
import { tellShift } from './shift.ts';
import { tellSpread, totalOf } from './spread.ts';
import { surveyItems, type Variant, type Watch } from './survey.ts';
import { type Sweep, sweptItems } from './sweep.ts';

export interface ForecastOptions {
  readonly snapshotId: string;
  /** Must be the snapshot's own. */
  readonly catalogue: Catalogue;
  /** A checked item: what `readItem` gave, published or not, of a known id or a new one. */
  readonly draft: Item;
  /** Published versions of the same id that are not retired; the one in force is compared with. */
  readonly published: readonly ItemVersion[];
  readonly ledgerCut: bigint;
  /** A calendar period other than the one that is due. */
  readonly periodKey?: string;
  /** 分; instead of the item's own budget. */
  readonly budgetFen?: bigint;
  readonly sweep?: Sweep;
  /** How many of those left out are asked how near they are, per block of 65,536; default 2,000, 0: none. */
  readonly nearRows?: number;
  readonly watch?: Watch;
}

/** Throws `missing.snapshot`, `state.other-catalogue`, `input.period`, `input.sweep`, and `state.superseded` where nobody waits any more. Reads only; the same question has the same document, hash included. */
export const forecastItem = async (db: Db, options: ForecastOptions): Promise<Forecast> => {
  const { catalogue, draft } = options;
  const snapshot = await openSnapshot(db, options.snapshotId);
  if (snapshot === null) return fail('missing.snapshot', 'snapshotId', '没有这个数据快照。', '请先封存数据，再做匡算。');
  if (snapshot.snapshot.catalogueHash !== catalogue.hash)
    fail('state.other-catalogue', 'catalogue', '数据快照是按另一版指标目录封存的。', '请按现行目录重新封存，再做匡算。');
  const plan = planOf(options, snapshot);
  const findings = openFindings(plan.next !== null, plan.swept.length);
  const also = ['birthDate', 'enterpriseScale'].flatMap((fact) =>
    catalogue.facts.some((f) => f.register === plan.draft.compiled.register && f.key === fact)
      ? [{ register: plan.draft.compiled.register, fact }]
      : [],
  );
  const survey = { snapshot, catalogue, variants: variantsOf(plan), ledgerCut: options.ledgerCut, also, watch: options.watch };
  await surveyItems(db, survey, (block, views, tx) =>
    takeBlock(findings, block, views, tx, {
      inForce: plan.inForce !== null,
      next: plan.next !== null,
      ageOn: plan.draft.period.end,
      also: also.map((a) => a.fact),
      nearRows: options.nearRows ?? 2_000,
    }),
  );
  const cash = cashOf(draft, plan.draft.period, plan.next?.period ?? null, findings, catalogue);
  const promised = await promisedIn(db, draft.id, snapshot.snapshot.knownAt);
  const body: Omit<Forecast, 'hash'> = {
    format: 'zhixiang-forecast-1',
    item: { id: draft.id, title: draft.title, mode: modeFor(draft, null), hash: plan.draft.hash },
    snapshot: { id: snapshot.snapshot.id, knownAt: snapshot.snapshot.knownAt },
    catalogueHash: catalogue.hash,
    ledgerCut: String(options.ledgerCut),
    period: { key: plan.draft.period.key, start: plan.draft.period.start, end: plan.draft.period.end },
    asIf: plan.asIf,
    ...tellFindings(findings, plan, catalogue),
    nearMiss:
      plan.draft.compiled.event !== null || plan.draft.compiled.closings.length > 0 || options.nearRows === 0
        ? null
        : tellNear(findings.near, speakerOf(plan.draft.compiled, catalogue), catalogue, plan.draft.compiled.register),
    cash: cash.told,
    budget: !pays(draft) ? null : budgetOf(draft, options.budgetFen ?? null, promised, cash.all),
  };
  return { ...body, hash: createHash('sha256').update(canonicalJson(body)).digest('hex') };
};

interface Plan {
  readonly draft: Variant;
  readonly asIf: boolean;
  readonly inForce: (Variant & { readonly version: number }) | null;
  readonly next: Variant | null;
  readonly swept: readonly { readonly value: string; readonly variant: Variant }[];
  readonly sweepAt: string | null;
}

const variantsOf = (plan: Plan): readonly Variant[] => [
  plan.draft,
  ...(plan.inForce === null ? [] : [plan.inForce]),
  ...(plan.next === null ? [] : [plan.next]),
  ...plan.swept.map((s) => s.variant),
];

const planOf = (options: ForecastOptions, snapshot: OpenSnapshot): Plan => {
  const { catalogue, draft: item, published, periodKey, sweep } = options;
  const { knownAt } = snapshot.snapshot;
  const { period, asIf } = periodFor(item, knownAt, periodKey ?? null);
  const compiled = compileItem(item, catalogue);
  const hash = itemHash(item);
  const draft: Variant = { name: 'draft', compiled, hash, period };
  const version = versionFor(published, period, knownAt);
  const nextPeriod = nextOf(item, period);
  return {
    draft,
    asIf,
    inForce:
      version === null
        ? null
        : {
            name: 'inForce',
            compiled: compileItem(version.version.item, catalogue),
            hash: version.version.hash,
            period: version.period,
            version: version.version.version,
          },
    next: nextPeriod === null ? null : { ...draft, name: 'next', period: nextPeriod },
    swept:
      sweep === undefined
        ? []
        : sweptItems(item, sweep, catalogue).map((s) => ({
            value: s.value,
            variant: { name: s.value, compiled: s.compiled, hash: itemHash(s.compiled.item), period },
          })),
    sweepAt: sweep?.at ?? null,
  };
};

/** A pointer into an item as the sentence that stands there. */
export const sentences = (compiled: CompiledItem, speaker: Speaker): ((at: string) => string) => {
  const known = new Map(leavesOf(compiled.match).map((leaf) => [leaf.at, sayLeaf(leaf, speaker)]));
  const list = (name: string | undefined): string => (name === undefined ? '清单' : (speaker.label(name) ?? name));
  return (at) => {
    if (at === '/each') return `${list(compiled.each?.list)}中没有符合条件的一项`;
    if (at === '/event') return `${list(compiled.event?.list)}中没有要办的事`;
    return known.get(at) ?? '条件';
  };
};

const tellFindings = (f: Findings, plan: Plan, catalogue: Catalogue): Omit<Forecast, FrameKeys> => {
  const now = sentences(plan.draft.compiled, speakerOf(plan.draft.compiled, catalogue));
  const before = plan.inForce === null ? now : sentences(plan.inForce.compiled, speakerOf(plan.inForce.compiled, catalogue));
  const name = (missing: Findings['missing']): readonly MissingTold[] => tellMissing(missing, plan.draft.compiled, catalogue);
  return {
    counts: { ...f.counts, amountFen: String(f.amountFen) },
    undetermined: name(f.missing),
    modes: tellModes(f, plan.draft.compiled.item),
    amounts: tellSpread(f.spread),
    amountsMissing: name(f.amountsMissing),
    byDivision: f.byDivision.told().map((g) => ({ ...g, label: divisionName(g.key, catalogue) })),
    bySize: f.bySize?.told().map((g) => ({ ...g, label: g.key === '' ? '未知' : g.key })) ?? null,
    byAge: f.byAge?.told().map((g) => ({ ...g, label: ageLabel(g.key) })) ?? null,
    against: {
      inForce:
        plan.inForce === null
          ? null
          : {
              ...tellShift(f.againstInForce, before, now),
              version: plan.inForce.version,
              hash: plan.inForce.hash,
              periodKey: plan.inForce.period.key,
            },
      lastRun: f.everRun ? tellShift(f.againstLastRun, now, now) : null,
    },
    next:
      f.next === null || plan.next === null
        ? null
        : {
            ...tellShift(f.next.shift, now, now),
            periodKey: plan.next.period.key,
            eligible: f.next.eligible,
            amountFen: String(f.next.amountFen),
          },
    sweep:
      plan.sweepAt === null
        ? null
        : {
            at: plan.sweepAt,
            points: plan.swept.map(({ value }, i) => {
              const point = f.swept[i];
              if (point === undefined) throw new Error('a swept point was not counted');
              const shift = tellShift(point.shift, now, now);
              return {
                value,
                eligible: point.eligible,
                undetermined: point.undetermined,
                amountFen: String(totalOf(point.spread)),
                open: point.spread.bounded.count + point.spread.unknown,
                gained: shift.gained.subjects,
                lost: shift.lost.subjects,
                deltaFen: shift.deltaFen,
              };
            }),
          },
  };
};

const tellModes = (f: Findings, item: Item): Forecast['modes'] =>
  typeof item.mode === 'string'
    ? null
    : modesOf(item).map((mode) => ({ mode, name: modeNames[mode], ...(f.modes.get(mode) ?? { matches: 0, open: 0 }) }));

type FrameKeys =
  | 'format'
  | 'item'
  | 'snapshot'
  | 'catalogueHash'
  | 'ledgerCut'
  | 'period'
  | 'asIf'
  | 'cash'
  | 'budget'
  | 'nearMiss'
  | 'hash';

const ageLabel = (band: string): string => {
  const [from, to] = band.replace('+', '').split('-').map(Number);
  return band === '' ? '未知' : to === undefined ? `${from} 岁以上` : `${from}–${to} 岁`;
};

export const divisionName = (code: string, catalogue: Catalogue): string =>
  code === '' ? '未知' : (catalogue.trees.find((t) => t.id === 'division')?.nodes.find((n) => n.code === code)?.name ?? code);

const tellMissing = (missing: Findings['missing'], compiled: CompiledItem, catalogue: Catalogue): readonly MissingTold[] => {
  const speaker = speakerOf(compiled, catalogue);
  const datasets = new Map(catalogue.datasets.map((d) => [d.id, d]));
  return [...missing.values()]
    .sort((a, b) => b.subjects - a.subjects || (`${a.fact} ${a.dataset} ${a.reason}` < `${b.fact} ${b.dataset} ${b.reason}` ? -1 : 1))
    .map((m) => {
      const dataset = datasets.get(m.dataset);
      const [fact = m.fact] = m.fact.split('[');
      const label = speaker.label(fact) ?? speaker.label(fact.split('.')[0] ?? fact) ?? fact;
      return { ...m, label, title: dataset?.title ?? null, department: dataset?.department ?? null };
    });
};
