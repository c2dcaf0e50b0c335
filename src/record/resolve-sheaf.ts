// What the records of a stretch are worth, fact by fact instead of subject by subject: the same meaning as `resolver`, which works on one record and is what
// this is held against. A dataset's standing is worked out once for all it says, and only who is listed costs anything.
import type { Day } from '../base/day.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import type { Vault } from '../vault/vault.ts';
import { attestedDataset } from './attested.ts';
import { type Bundle, cellsIn, openBundle, type Sheaf } from './bundle.ts';
import { type Covered, coverageLookup, placeName } from './coverage.ts';
import { emptyOf, resolveOne, type Standing, standingOf, type Terms, type ToldCell } from './opinion.ts';
import type { Coverage, Envelope } from './record.ts';
import { type ResolvedCell, type ResolvedFact, termsOf } from './resolve.ts';
import { underVariant, type Variant } from './variant.ts';

/** A column: a fact under the terms it is read by. */
export interface Asked {
  readonly fact: Fact;
  readonly terms: ReadonlyMap<string, Terms>;
}

/** `facts[i][row]` is the i-th asked fact of the subject at `row`, undefined: nothing was ever delivered of it (or nobody stands at the row). */
export interface Told {
  /** The first row's ordinal; the last row holds a subject. */
  readonly first: number;
  /** By row; undefined: nobody. */
  readonly subjects: readonly (Envelope | undefined)[];
  readonly facts: readonly (readonly (ResolvedFact | undefined)[])[];
  /** Rows with something attested: these are to be resolved one by one, and are not right here. */
  readonly attested: readonly number[];
}

type Coverings = ReadonlyMap<string, Covered>;
/** undefined: nothing was ever delivered of it. */
type MaybeFact = ResolvedFact | undefined;

/** Where somebody lives, as far as that decides what silence says. */
interface Ground {
  readonly covered: Coverings;
  /** Of whom no dataset lists, by column. Equal ones are one object. */
  readonly unlisted: readonly MaybeFact[];
}

const noCells: readonly ToldCell[] = [];
const nothing = (): readonly ToldCell[] => noCells;

/** `asked` in the order of the columns; all of one register. */
export const sheafResolver = (
  vault: () => Vault,
  coverages: readonly Coverage[],
  catalogue: Pick<Catalogue, 'trees'>,
  asked: readonly Asked[],
): ((sheaf: Sheaf) => Told | null) => {
  const covered = coverageLookup(coverages, catalogue);
  const grounds = new Map<string, Ground>();
  const one = new Map<string, ResolvedFact>();
  const groundOf = ({ register, division, moves }: Envelope): Ground => {
    const name = placeName(register, division, moves);
    let ground = grounds.get(name);
    if (ground === undefined) {
      const here = covered(register, division, moves);
      const unlisted = asked.map(({ fact, terms }): MaybeFact => {
        const standing = (dataset: string): Standing => standingOf(undefined, terms.get(dataset), here.get(dataset) ?? null);
        const resolved = resolveOne(fact, nothing, standing);
        if (resolved === null) return undefined;
        const text = JSON.stringify(resolved);
        const same = one.get(text) ?? resolved;
        one.set(text, same);
        return same;
      });
      ground = { covered: here, unlisted };
      grounds.set(name, ground);
    }
    return ground;
  };
  const alone = new Map<string, readonly number[]>();
  const several: number[] = [];
  asked.forEach(({ fact: { datasets } }, i) => {
    const [only] = datasets;
    if (datasets.length > 1) several.push(i);
    else if (only !== undefined) alone.set(only, [...(alone.get(only) ?? []), i]);
  });
  return (sheaf) => {
    const last = sheaf.subjects.at(-1);
    if (last === undefined) return null;
    const first = (sheaf.subjects[0] as Envelope).ordinal;
    const subjects = new Array<Envelope | undefined>(last.ordinal - first + 1).fill(undefined);
    for (const subject of sheaf.subjects) subjects[subject.ordinal - first] = subject;
    const ground = subjects.map((subject) => (subject === undefined ? null : groundOf(subject)));
    const facts = asked.map((_, i) => ground.map((here) => here?.unlisted[i]));
    const attested: number[] = [];
    const heard = sheaf.bundles.map((bundle) => hear(vault, bundle, first, subjects));
    for (const said of heard) {
      if (said.bundle.dataset === attestedDataset) attested.push(...said.rows);
      else for (const i of alone.get(said.bundle.dataset) ?? []) tellAlone(asked[i] as Asked, said, ground, facts[i] as MaybeFact[]);
    }
    for (const i of several) tellSeveral(asked[i] as Asked, heard, ground, facts[i] as MaybeFact[]);
    return { first, subjects, facts, attested: [...new Set(attested)] };
  };
};

interface Heard {
  readonly bundle: Bundle;
  readonly rows: readonly number[];
  readonly own: (i: number, fact: string) => readonly ToldCell[] | undefined;
}

const hear = (vault: () => Vault, bundle: Bundle, first: number, subjects: readonly (Envelope | undefined)[]): Heard => {
  const inside = openBundle(vault, bundle, (ordinal) => subjects[ordinal - first] as Envelope);
  return {
    bundle,
    rows: bundle.ordinals.map((ordinal) => ordinal - first),
    own: (i, fact) => cellsIn(bundle.cells[i] as Bundle['cells'][number], inside[i], fact),
  };
};

/** One fact of the only dataset that delivers it. */
const tellAlone = ({ fact, terms }: Asked, { bundle, rows, own }: Heard, ground: readonly (Ground | null)[], into: MaybeFact[]): void => {
  const { dataset, asOf, refused } = bundle;
  const spoke = { asOf, delivery: '', ...(refused === null ? {} : { refused }) };
  const tellers = new Map<Covered | null, (cells: readonly ToldCell[] | undefined) => MaybeFact>();
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const here = ground[row]?.covered.get(dataset) ?? null;
    let teller = tellers.get(here);
    if (teller === undefined) {
      teller = tellerOf(fact, dataset, standingOf(spoke, terms.get(dataset), here));
      tellers.set(here, teller);
    }
    into[row] = teller(own(i, fact.key));
  }
};

/** Cells of one dataset in one standing, as the fact they are; what many have alike is one object. */
const tellerOf = (fact: Fact, dataset: string, standing: Standing): ((cells: readonly ToldCell[] | undefined) => MaybeFact) => {
  const general = (cells: readonly ToldCell[]): MaybeFact =>
    resolveOne(
      fact,
      () => cells,
      () => standing,
    ) ?? undefined;
  const { asOf, stale } = standing;
  const ofNone = general(noCells);
  // Nothing it says counts: everybody is as unknown as who has no cell.
  if (asOf === null || stale) return () => ofNone;
  const simple = fact.type !== 'series' && fact.combine !== 'union';
  const dated = datedTeller(fact, dataset, asOf, standing.sinceEver);
  const alike = new Map<boolean | string | null, ResolvedFact>();
  const closed = fact.type === 'category' || fact.type === 'code' || fact.type === 'boolean';
  return (cells) => {
    if (cells === undefined || cells.length === 0) return ofNone;
    const cell = cells[0] as ToldCell;
    if (!simple || cells.length > 1) return general(cells);
    if (fact.timed === true) return dated(cell) ?? general(cells);
    const v = cell.v ?? null;
    if (v !== null && typeof v !== 'boolean' && !(closed && typeof v === 'string')) return { cells: [{ v, dataset, asOf }] };
    let same = alike.get(v);
    if (same === undefined) {
      same = { cells: [{ v, dataset, asOf }] };
      alike.set(v, same);
    }
    return same;
  };
};

/** A dated fact with one value: around it there is nothing, as far as the dataset says so. null: another case. */
const datedTeller =
  (fact: Fact, dataset: string, asOf: Day, sinceEver: boolean) =>
  ({ v, from: began, to: ended, unknown }: ToldCell): ResolvedFact | null => {
    const from = began ?? null;
    const to = ended ?? null;
    if (unknown === true || (from ?? '') >= (to ?? '~')) return null;
    const cells: ResolvedCell[] = [];
    if (sinceEver && from !== null) cells.push({ v: emptyOf(fact), from: null, to: from, dataset, asOf });
    cells.push({ v, from, to, dataset, asOf });
    if (to !== null) cells.push({ v: emptyOf(fact), from: to, to: null, dataset, asOf });
    return { cells };
  };

/** A fact that several datasets deliver: whoever any of them lists is asked of all. */
const tellSeveral = ({ fact, terms }: Asked, heard: readonly Heard[], ground: readonly (Ground | null)[], into: MaybeFact[]): void => {
  const said = new Map<string, { readonly heard: Heard; readonly i: number }>();
  const rows = new Set<number>();
  for (const one of heard) {
    if (!fact.datasets.includes(one.bundle.dataset)) continue;
    one.rows.forEach((row, i) => {
      rows.add(row);
      said.set(`${row} ${one.bundle.dataset}`, { heard: one, i });
    });
  }
  const alike = new Map<string, ResolvedFact>();
  for (const row of rows) {
    const found = (dataset: string) => said.get(`${row} ${dataset}`);
    const standing = (dataset: string): Standing => {
      const bundle = found(dataset)?.heard.bundle;
      const spoke = bundle && { asOf: bundle.asOf, delivery: '', ...(bundle.refused === null ? {} : { refused: bundle.refused }) };
      return standingOf(spoke, terms.get(dataset), ground[row]?.covered.get(dataset) ?? null);
    };
    const told = (dataset: string): readonly ToldCell[] => {
      const at = found(dataset);
      return at?.heard.own(at.i, fact.key) ?? noCells;
    };
    into[row] = shared(alike, resolveOne(fact, told, standing));
  }
};

/** "None" of one source is one object, as it is of most people. */
const shared = (alike: Map<string, ResolvedFact>, resolved: ResolvedFact | null): MaybeFact => {
  if (resolved === null) return undefined;
  const only = resolved.cells?.length === 1 ? resolved.cells[0] : undefined;
  if (only === undefined || only.v !== null || only.from !== undefined) return resolved;
  const name = `${only.dataset} ${only.asOf}`;
  const same = alike.get(name) ?? resolved;
  alike.set(name, same);
  return same;
};

/** Every column of a register in their order: its facts, and those under longer limits. */
export const askedOf = (catalogue: Catalogue, register: string, knownAt: Day, variants: readonly Variant[]): readonly Asked[] =>
  [catalogue, ...variants.map((variant) => underVariant(catalogue, variant))].flatMap((under) => {
    const terms = termsOf(under, knownAt);
    return under.facts.filter((fact) => fact.register === register).map((fact) => ({ fact, terms }));
  });
