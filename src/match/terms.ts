// On what terms an item is planned for a period: decided as ever, left out because it waits or is not triggered, or with a longer freshness limit for
// those who were paid before. Frozen in run_item.terms, so that whoever takes up a run decides on the same terms.
import { canonicalJson } from '../base/canonical.ts';
import { ProblemError } from '../base/problem.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import { requirePurpose } from '../catalogue/purpose.ts';
import type { Tx } from '../db/handle.ts';
import { type CompiledItem, compileItem } from '../policy/compile.ts';
import type { Extension } from '../readiness/late.ts';
import { assess, type Ground, type Readiness, type ReadyState } from '../readiness/readiness.ts';
import { peopledDivisions, readDecisions, readHeard, recordReadiness } from '../readiness/store.ts';
import { waitText } from '../readiness/words.ts';
import { factOf } from '../record/lookup.ts';
import type { OpenSnapshot } from '../snapshot/open.ts';
import { registersOf, sealedFacts } from '../snapshot/snapshot.ts';
import type { ItemVersion } from './match.ts';
import type { PlannedItem } from './plan.ts';
import { decidedWithMatches } from './plan-store.ts';

export interface Terms {
  readonly skipped: { readonly state: Exclude<ReadyState, 'ready'>; readonly why: string } | null;
  readonly extensions: readonly Extension[];
  /** Decisions about late datasets that are in time again: whom they covered is decided anew by this run. */
  readonly settles: readonly string[];
}

export const ordinary: Terms = { skipped: null, extensions: [], settles: [] };

/** null: decided as ever. */
export const storedTerms = (terms: Terms): Terms | null =>
  terms.skipped === null && terms.extensions.length === 0 && terms.settles.length === 0 ? null : terms;

export const sameTerms = (a: Terms | null, b: Terms | null): boolean => canonicalJson(a) === canonicalJson(b);

const whyOf = (found: Readiness, catalogue: Catalogue): string => {
  if (found.state === 'waiting')
    return `等${found.waits
      .filter((w) => w.holds)
      .map((wait) => waitText(wait, catalogue))
      .join('；')}`;
  const reasons = found.record?.reasons.map((r) => `${r.rule}（现为${r.found === '' ? '不满足' : r.found}）`) ?? [];
  return `本期未触发：${reasons.join('；')}`;
};

const termsOf = (found: Readiness, catalogue: Catalogue): Terms => ({
  skipped: found.state === 'ready' ? null : { state: found.state, why: whyOf(found, catalogue) },
  extensions: found.extensions,
  settles: found.settles,
});

/** What was compiled by a catalogue, for as long as it is kept, by what the item says: tonight's run reads most rules as last night's did. */
const compiledBy = new WeakMap<Catalogue, Map<string, CompiledItem>>();
const mostCompiled = 512;

const compiledOnce = (item: ItemVersion['item'], catalogue: Catalogue): CompiledItem => {
  const known = compiledBy.get(catalogue) ?? new Map<string, CompiledItem>();
  compiledBy.set(catalogue, known);
  const text = JSON.stringify(item);
  const made = known.get(text) ?? compileItem(item, catalogue);
  if (known.size >= mostCompiled) known.clear();
  known.set(text, made);
  return made;
};

/** Compiles each version once; throws ProblemError where the catalogue cannot read it or does not grant what it reads. */
export const compiler = (catalogue: Catalogue): ((version: ItemVersion) => CompiledItem) => {
  const known = new Map<ItemVersion, CompiledItem>();
  return (version) => {
    const before = known.get(version);
    if (before !== undefined) return before;
    const made = compiledOnce(version.item, catalogue);
    // Before anything is read: a grant that was taken back since, or never given, stops the item as a whole.
    for (const read of made.reads) requirePurpose(factOf(catalogue, read.register, read.fact) as Fact, version.item);
    known.set(version, made);
    return made;
  };
};

export const groundOf = async (tx: Tx, snapshot: OpenSnapshot, catalogue: Catalogue): Promise<Ground> => ({
  catalogue,
  knownAt: snapshot.snapshot.knownAt,
  heard: await readHeard(tx),
  peopled: await peopledDivisions(tx),
  sealed: sealedFacts(snapshot.leaves),
  registers: registersOf(snapshot.leaves),
  decisions: await readDecisions(tx),
});

type Unassessed = Pick<PlannedItem, 'version' | 'period'>;

export const assessAll = async (
  tx: Tx,
  ground: Ground,
  asked: readonly Unassessed[],
  compiled: (version: ItemVersion) => CompiledItem,
): Promise<readonly Readiness[]> => {
  const decided = await decidedWithMatches(tx, [...new Set(asked.map((one) => one.version.item.id))]);
  return asked.flatMap(({ version, period }) => {
    const readable = readableBy(compiled, version);
    if (readable === null) return [];
    const name = `${version.item.id}\n${period.key}`;
    return [assess(ground, { compiled: readable, version: version.version, period, decided: decided.has(name) })];
  });
};

/** null: today's catalogue no longer understands it; the run stops the item and says why. */
const readableBy = (compiled: (version: ItemVersion) => CompiledItem, version: ItemVersion): CompiledItem | null => {
  try {
    return compiled(version);
  } catch (error) {
    if (error instanceof ProblemError) return null;
    throw error;
  }
};

/** The terms of everything a run is asked for; writes down what has changed about them. */
export const termsFor =
  (
    snapshot: OpenSnapshot,
    catalogue: Catalogue,
    compiled: (version: ItemVersion) => CompiledItem,
    by: { readonly at: Date; readonly actor: string },
  ) =>
  async (tx: Tx, asked: readonly Unassessed[]): Promise<readonly PlannedItem[]> => {
    const found = await assessAll(tx, await groundOf(tx, snapshot, catalogue), asked, compiled);
    await recordReadiness(tx, found, { knownAt: snapshot.snapshot.knownAt, ...by });
    const terms = new Map(found.map((one) => [`${one.itemId}\n${one.version}\n${one.period.key}`, termsOf(one, catalogue)]));
    return asked.map((one) => {
      const name = `${one.version.item.id}\n${one.version.version}\n${one.period.key}`;
      return { ...one, terms: terms.get(name) ?? ordinary };
    });
  };
