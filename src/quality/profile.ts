// One pass over the records: per dataset and fact how many are told, none, missing and stale, by division; what its values look like; which sources disagree;
// which values cannot be. Memory grows with facts and divisions, not with people.
import { type Day, daysBetween } from '../base/day.ts';
import type { Catalogue, Dataset, Fact } from '../catalogue/catalogue.ts';
import { coverageLookup } from '../record/coverage.ts';
import { treeOf } from '../record/lookup.ts';
import type { Cell, CellValue, Coverage, SubjectRecord } from '../record/record.ts';
import { holdsOn } from '../record/timeline.ts';
import { mostExamples } from './finding.ts';
import { birthIn, type Oddity, oddityOf } from './range.ts';

/** What a dataset's values of one fact look like, without any person: kept to compare the next delivery with. */
export interface FactShape {
  /** Subjects it lists; of these told a value, told there is none, and left without. */
  readonly listed: number;
  readonly told: number;
  readonly none: number;
  /** Category, code, yes-no → how many; the commonest forty. */
  readonly values: Readonly<Record<string, number>>;
  /** Quartiles of numbers, of days as days since 1970, of lists as their length; null: no such values. */
  readonly quartiles: readonly [number, number, number] | null;
}

export interface Profile {
  readonly subjects: number;
  readonly facts: Readonly<Record<string, FactShape>>;
}

/** Count with a few of whom. */
export interface Tally {
  count: number;
  readonly examples: string[];
}
const add = (tallies: Map<string, Tally>, name: string, subjectId: string): void => {
  const tally = tallies.get(name) ?? { count: 0, examples: [] };
  tallies.set(name, tally);
  tally.count++;
  if (tally.examples.length < mostExamples) tally.examples.push(subjectId);
};

interface OpenFact {
  told: number;
  none: number;
  readonly values: Map<string, number>;
  readonly numbers: number[];
  /** Numbers seen; of many only every n-th is kept. */
  seen: number;
}

interface OpenDataset {
  subjects: number;
  readonly facts: Map<string, OpenFact>;
}

export interface Survey {
  readonly datasets: Map<string, OpenDataset>;
  /** `dataset\nfact\ndivision` → listed without a value there. */
  readonly missing: Map<string, Tally>;
  /** `dataset\ndivision` → subjects whose last word is older than the limit. */
  readonly stale: Map<string, Tally>;
  /** `dataset\ndivision` → subjects it speaks of at all. */
  readonly listed: Map<string, number>;
  /** `fact\ndataset\ndataset` → subjects on whom they disagree. */
  readonly conflicts: Map<string, Tally>;
  /** `dataset\nfact\noddity`. */
  readonly odd: Map<string, Tally>;
  subjects: number;
}

export const openSurvey = (): Survey => ({
  datasets: new Map(),
  missing: new Map(),
  stale: new Map(),
  listed: new Map(),
  conflicts: new Map(),
  odd: new Map(),
  subjects: 0,
});

/** Counties: finer places would name people, coarser ones nobody to ask. */
const countyOf = (division: string | null): string => (division === null ? '' : division.slice(0, 6));

const mostNumbers = 8_192;
const mostValues = 2_000;

/** The cell that speaks for the day: the one that holds, else the last; untimed the only one. */
const cellOn = (fact: Fact, cells: readonly Cell[], on: Day): Cell | undefined =>
  fact.timed === true ? (cells.find((c) => holdsOn(c, on) && c.unknown !== true) ?? undefined) : cells[0];

const numberOf = (fact: Fact, value: CellValue): number | null => {
  if (fact.type === 'list') return Array.isArray(value) ? value.length : null;
  if (typeof value !== 'string') return null;
  if (fact.type === 'number') return Number.isFinite(Number(value)) ? Number(value) : null;
  return fact.type === 'date' ? Math.floor(Date.parse(`${value}T00:00:00Z`) / 86_400_000) : null;
};

const wordsOf = (fact: Fact, value: CellValue): readonly string[] => {
  if (fact.type === 'category' || fact.type === 'boolean' || fact.type === 'code') return [String(value).slice(0, 60)];
  return fact.type === 'set' && Array.isArray(value) ? value.map((v) => String(v).slice(0, 60)) : [];
};

const note = (open: OpenFact, fact: Fact, value: CellValue): void => {
  if (value === null) {
    open.none++;
    return;
  }
  open.told++;
  for (const word of wordsOf(fact, value))
    if (open.values.size < mostValues || open.values.has(word)) open.values.set(word, (open.values.get(word) ?? 0) + 1);
  const number = numberOf(fact, value);
  if (number === null || Number.isNaN(number)) return;
  // A fixed stride, so that the same data gives the same figures.
  const stride = 1 + Math.floor(open.seen / mostNumbers);
  if (open.seen % stride === 0) open.numbers.push(number);
  open.seen++;
};

/** Looks at one record after the other; `coverages` as they stand. */
export const surveyor = (
  catalogue: Catalogue,
  coverages: readonly Coverage[],
  knownAt: Day,
): ((survey: Survey, record: SubjectRecord) => void) => {
  const covered = coverageLookup(coverages, catalogue);
  const datasets = new Map(catalogue.datasets.map((d) => [d.id, d]));
  const factsBy = new Map(
    catalogue.datasets.map((d) => [d.id, catalogue.facts.filter((f) => f.register === d.register && f.datasets.includes(d.id))]),
  );
  const shared = Map.groupBy(
    catalogue.facts.filter((f) => f.datasets.length > 1 && f.combine !== 'union' && f.type !== 'series' && f.type !== 'list'),
    (f) => f.register,
  );
  const has = (tree: string, code: string): boolean => treeOf(catalogue, tree).has(code);
  const stale = (survey: Survey, record: SubjectRecord, dataset: Dataset, asOf: Day, county: string): void => {
    const coverage = covered(record.register, record.division, record.moves).get(dataset.id)?.asOf;
    const latest = record.provenance[dataset.id]?.refused === undefined && coverage !== undefined && coverage > asOf ? coverage : asOf;
    if (daysBetween(latest, knownAt) > dataset.freshnessDays) add(survey.stale, `${dataset.id}\n${county}`, record.subjectId);
  };
  return (survey, record) => {
    const county = countyOf(record.division);
    survey.subjects++;
    for (const [id, { asOf }] of Object.entries(record.provenance)) {
      const dataset = datasets.get(id);
      if (dataset === undefined) continue;
      const open = survey.datasets.get(id) ?? { subjects: 0, facts: new Map<string, OpenFact>() };
      survey.datasets.set(id, open);
      open.subjects++;
      survey.listed.set(`${id}\n${county}`, (survey.listed.get(`${id}\n${county}`) ?? 0) + 1);
      stale(survey, record, dataset, asOf, county);
      for (const fact of factsBy.get(id) ?? []) {
        const own = open.facts.get(fact.key) ?? { told: 0, none: 0, values: new Map(), numbers: [], seen: 0 };
        open.facts.set(fact.key, own);
        const cell = cellOn(
          fact,
          (record.facts[fact.key] ?? []).filter((c) => c.d === id),
          knownAt,
        );
        if (cell === undefined) add(survey.missing, `${id}\n${fact.key}\n${county}`, record.subjectId);
        else {
          note(own, fact, cell.v);
          const odd = oddityOf(fact, cell.v, asOf, has);
          if (odd !== null) add(survey.odd, `${id}\n${fact.key}\n${odd}`, record.subjectId);
        }
      }
    }
    disagreements(survey, record, shared.get(record.register) ?? [], knownAt);
    together(survey, record);
  };
};

const disagreements = (survey: Survey, record: SubjectRecord, facts: readonly Fact[], on: Day): void => {
  for (const fact of facts) {
    const cells = record.facts[fact.key];
    if (cells === undefined) continue;
    const said = fact.datasets.flatMap((dataset) => {
      const cell = cellOn(
        fact,
        cells.filter((c) => c.d === dataset),
        on,
      );
      return cell === undefined || cell.v === null ? [] : [{ dataset, text: JSON.stringify(cell.v) }];
    });
    for (const [i, a] of said.entries())
      for (const b of said.slice(i + 1))
        if (a.text !== b.text) add(survey.conflicts, `${fact.key}\n${a.dataset}\n${b.dataset}`, record.subjectId);
  }
};

/** What only two values together show. */
const together = (survey: Survey, record: SubjectRecord): void => {
  const first = (fact: string): Cell | undefined => record.facts[fact]?.find((c) => typeof c.v === 'string');
  const [birth, death] = [first('birthDate'), first('deathDate')];
  const odd = (cell: Cell, fact: string, what: Oddity): void => add(survey.odd, `${cell.d}\n${fact}\n${what}`, record.subjectId);
  if (birth !== undefined && death !== undefined && (death.v as string) < (birth.v as string))
    odd(death, 'deathDate', 'death-before-birth');
  const told = birthIn(record.key);
  if (birth !== undefined && told !== null && told !== birth.v) odd(birth, 'birthDate', 'birth-differs');
};

const commonest = 40;

export const profileOf = (open: OpenDataset): Profile => ({
  subjects: open.subjects,
  facts: Object.fromEntries(
    [...open.facts].map(([fact, { told, none, values, numbers }]): [string, FactShape] => {
      const sorted = [...numbers].sort((a, b) => a - b);
      const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
      return [
        fact,
        {
          listed: open.subjects,
          told,
          none,
          values: Object.fromEntries([...values].sort(([, a], [, b]) => b - a).slice(0, commonest)),
          quartiles: sorted.length === 0 ? null : [at(0.25), at(0.5), at(0.75)],
        },
      ];
    }),
  ),
});
