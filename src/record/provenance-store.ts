// The SQL of why a subject stands on a list keyed by name.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { ListNote, MatchMethod } from './names-store.ts';

export interface ListProvenance {
  readonly dataset: string;
  readonly asOf: Day;
  readonly name: string;
  readonly method: MatchMethod;
  readonly list: ListNote | null;
}

/** By which rows of which lists a subject has what it has of these datasets; newest list first. */
export const listProvenance = async (
  reader: Db | Tx,
  subjectId: string,
  datasets: readonly string[],
): Promise<readonly ListProvenance[]> => {
  if (datasets.length === 0) return [];
  return rawSql(reader)<ListProvenance[]>`
    select n.dataset, d.as_of as "asOf", n.name, n.method, case when l.delivery_id is not null then jsonb_build_object('title', l.title,
      'number', l.number, 'publishedOn', l.published_on, 'validFrom', l.valid_from, 'validTo', l.valid_to) end as list
    from named_row n join delivery d on d.id = n.delivery_id left join name_list l on l.delivery_id = n.delivery_id
    where n.subject_id = ${subjectId} and n.dataset = any(${[...datasets]}::text[]) and n.state in ('matched', 'settled')
    order by d.as_of desc, n.line`;
};
