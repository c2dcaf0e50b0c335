// Whom a seal has to look at again since the one before: whoever was told something new, or holds something that has turned too old since. Everybody, where a
// delivery spoke of all at once or the terms are others.
import { createHash } from 'node:crypto';
import { addDays, type Day } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Tx } from '../db/handle.ts';
import { attestedDataset } from '../record/attested.ts';
import type { Coverage } from '../record/record.ts';
import { changedSince, newestRevision, type TurningParts, turningSince } from '../record/store.ts';
import type { Variant } from '../record/variant.ts';

/** What a seal stood on besides the catalogue and the day; null in a snapshot: nothing can be sealed on top of it. */
export interface Basis {
  /** Every change of a record up to this one is in it. */
  readonly revision: string;
  /** What full deliveries and lists say of everybody, as one hash per register. */
  readonly coverage: Readonly<Record<string, string>>;
  /** Names of the longer limits sealed beside the ordinary ones. */
  readonly variants: readonly string[];
}

export const basisNow = async (tx: Tx, coverages: readonly Coverage[], variants: readonly Variant[]): Promise<Basis> =>
  basisOf(await newestRevision(tx), coverages, variants);

/** `revision`: the newest there was. */
export const basisOf = (revision: bigint, coverages: readonly Coverage[], variants: readonly Variant[]): Basis => ({
  revision: String(revision),
  coverage: Object.fromEntries(
    [...Map.groupBy(coverages, (c) => c.register)].map(([register, own]) => [
      register,
      createHash('sha256')
        .update(JSON.stringify(own.map((c) => [c.dataset, c.division, c.asOf, c.periods ?? []]).sort()))
        .digest('hex'),
    ]),
  ),
  variants: variants.map((v) => v.name).sort(),
});

export interface Since {
  readonly catalogueHash: string;
  readonly knownAt: Day;
  readonly basis: Basis;
}

export interface Now {
  readonly catalogue: Catalogue;
  readonly knownAt: Day;
  readonly basis: Basis;
  readonly coverages: readonly Coverage[];
}

/** Days of a dataset that were within its limit then and are beyond it now: `[first, end)`. */
const turningDays = (since: Since, { catalogue, knownAt }: Now): readonly TurningParts[] =>
  catalogue.datasets.map(({ id, freshnessDays }) => ({
    dataset: id,
    first: addDays(since.knownAt, -freshnessDays),
    end: addDays(knownAt, -freshnessDays),
  }));

/** Ordinals to be sealed again; null: all of the register. */
export const touchedSince = async (tx: Tx, register: string, since: Since, now: Now): Promise<readonly number[] | null> => {
  const { catalogue, knownAt, basis } = now;
  if (since.catalogueHash !== catalogue.hash || knownAt < since.knownAt) return null;
  if (JSON.stringify(since.basis.variants) !== JSON.stringify(basis.variants)) return null;
  if (since.basis.coverage[register] !== basis.coverage[register]) return null;
  const changed = await changedSince(tx, register, BigInt(since.basis.revision));
  if (since.knownAt === knownAt) return changed;
  // A longer limit turns on days of its own.
  if (basis.variants.length > 0) return null;
  const windows = turningDays(since, now);
  const own = now.coverages.filter((c) => c.register === register);
  if (own.some((c) => windows.some((w) => w.dataset === c.dataset && w.first <= c.asOf && c.asOf < w.end))) return null;
  const attested = { dataset: attestedDataset, first: '0001-01-01' as Day, end: '9999-12-31' as Day };
  const turning = await turningSince(tx, register, [...windows, attested]);
  return [...new Set([...changed, ...turning])].sort((a, b) => a - b);
};
