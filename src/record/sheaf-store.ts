// Reading many records at once, for a seal: a stretch of a register in one value per dataset, which `resolve-sheaf.ts` makes columns of.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { Bundle, Sheaf } from './bundle.ts';
import type { Envelope } from './record.ts';
import type { StoredCells } from './sealed.ts';

interface BundleRow {
  readonly dataset: string;
  readonly asOf: Day;
  readonly refused: Day | null;
  readonly ordinals: string;
  readonly cells: string;
}

type EnvelopeJson = readonly [
  ordinal: number,
  subjectId: string,
  key: string,
  name: string | null,
  division: string | null,
  moves: Envelope['moves'] | null,
];

/** Groups of one stretch fit into it, so that nothing is sorted; and a page is too little to start helpers for. */
export const readyToRead = async (tx: Tx): Promise<void> => {
  await rawSql(tx)`select set_config('work_mem', '64MB', true), set_config('max_parallel_workers_per_gather', '0', true)`;
};

/** Ordinals `from` to `end`, exclusive. */
export const readSheaf = async (reader: Db | Tx, register: string, from: number, end: number): Promise<Sheaf> => {
  const sql = rawSql(reader);
  const [envelopes, bundles] = await Promise.all([
    sql<{ list: string | null }[]>`
      select json_agg(json_build_array(ordinal, subject_id, key, name, division, moves))::text as list
      from record where register = ${register} and ordinal >= ${from} and ordinal < ${end}`,
    sql<BundleRow[]>`
      select p.dataset, p.as_of as "asOf", p.refused, string_agg(r.ordinal::text, ',') as ordinals, string_agg(p.cells::text, ',') as cells
      from record r join record_part p on p.register = r.register and p.subject_id = r.subject_id
      where r.register = ${register} and r.ordinal >= ${from} and r.ordinal < ${end}
      group by p.dataset, p.as_of, p.refused order by p.dataset, p.as_of, p.refused`,
  ]);
  const list = JSON.parse(envelopes[0]?.list ?? '[]') as readonly EnvelopeJson[];
  const subjects = list.map(([ordinal, subjectId, key, name, division, moves]): Envelope => {
    return { register, subjectId, key, ordinal, name, division, ...(moves === null ? {} : { moves }) };
  });
  return { subjects: subjects.sort((a, b) => a.ordinal - b.ordinal), bundles: bundles.map(bundleOf) };
};

const bundleOf = ({ dataset, asOf, refused, ordinals, cells }: BundleRow): Bundle => ({
  dataset,
  asOf,
  refused,
  ordinals: JSON.parse(`[${ordinals}]`) as readonly number[],
  cells: JSON.parse(`[${cells}]`) as readonly StoredCells[],
});
