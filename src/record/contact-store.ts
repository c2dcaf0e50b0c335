// Contact and payment facts of some subjects, as they stand on a day: account, bank, mail, phone and links to other subjects (guardian). Only the
// datasets that carry them are read, because pre-filling and telling ask for hundreds of subjects at a time and need none of the rest.
import type { Day } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import { vaultOf } from '../vault/hold.ts';
import type { Vault } from '../vault/vault.ts';
import { attestedDataset } from './attested.ts';
import { coverages } from './delivery-store.ts';
import type { Cell, Moves, Provenance, SubjectRecord } from './record.ts';
import { type ResolvedRecord, resolver } from './resolve.ts';
import { openCells, type StoredCells } from './sealed.ts';

/** Reads subjects of one register by id or by natural key; whoever does not exist is absent. */
export type SubjectReader = (
  tx: Tx,
  register: string,
  by: { readonly ids: readonly string[] } | { readonly keys: readonly string[] },
  /** Facts beyond contact and payment that the asker needs this time. */
  also?: readonly string[],
) => Promise<readonly ResolvedRecord[]>;

/** What a link to another subject is called (`guardian` → 监护人) and which register it leads to. */
export type LinkNames = (fact: string) => { readonly label: string; readonly register: string };

const contactFacts = new Set([
  ...['account', 'bankName', 'bankCode', 'accountName', 'email', 'phone'],
  ...['insuranceAccount', 'insuranceBankName', 'insuranceBankCode', 'insuranceAccountName'],
]);

interface Row {
  readonly subject_id: string;
  readonly key: string;
  readonly ordinal: number;
  readonly name: string | null;
  readonly division: string | null;
  readonly moves: Moves | null;
  readonly parts: readonly {
    d: string;
    asOf: Day;
    delivery: string;
    refused: Day | null;
    cells: StoredCells;
  }[];
}

/** Facts older than their dataset's limit come back as missing with reason `stale`, never as values. */
export const contactReader = (catalogue: Catalogue, knownAt: Day): SubjectReader => {
  const narrowTo = (also: readonly string[]) => {
    const facts = catalogue.facts.filter((fact) => contactFacts.has(fact.key) || fact.type === 'link' || also.includes(fact.key));
    const narrow = { facts, datasets: catalogue.datasets, trees: catalogue.trees };
    return { narrow, datasets: [...new Set([...facts.flatMap((fact) => fact.datasets), attestedDataset])] };
  };
  const usual = narrowTo([]);
  return async (tx, register, by, also = []) => {
    const { narrow, datasets } = also.length === 0 ? usual : narrowTo(also);
    const sql = rawSql(tx);
    const chosen = 'ids' in by ? sql`r.subject_id = any(${[...by.ids]}::uuid[])` : sql`r.key = any(${[...by.keys]}::text[])`;
    const rows = await sql<Row[]>`
      select r.subject_id, r.key, r.ordinal, r.name, r.division, r.moves, coalesce(jsonb_agg(jsonb_build_object('d', p.dataset, 'asOf', p.as_of,
        'delivery', p.delivery_id, 'refused', p.refused, 'cells', p.cells) order by p.dataset) filter (where p.dataset is not null), '[]') as parts
      from record r left join record_part p
        on p.register = r.register and p.subject_id = r.subject_id and p.dataset = any(${datasets}::text[])
      where r.register = ${register} and ${chosen}
      group by r.register, r.subject_id order by r.ordinal`;
    return rows.map((row) => recordOf(() => vaultOf(tx), register, row)).map(resolver(await coverages(tx), narrow, knownAt));
  };
};

const recordOf = (vault: () => Vault, register: string, row: Row): SubjectRecord => {
  const facts: Record<string, Cell[]> = {};
  const provenance: Record<string, Provenance> = {};
  for (const part of row.parts) {
    provenance[part.d] = { asOf: part.asOf, delivery: part.delivery, ...(part.refused === null ? {} : { refused: part.refused }) };
    for (const [fact, cells] of Object.entries(openCells(vault, { register, dataset: part.d, key: row.key }, part.cells)))
      facts[fact] = [...(facts[fact] ?? []), ...cells.map((cell) => ({ ...cell, d: part.d }))];
  }
  return {
    register,
    subjectId: row.subject_id,
    key: row.key,
    ordinal: row.ordinal,
    name: row.name,
    division: row.division,
    ...(row.moves === null ? {} : { moves: row.moves }),
    facts,
    provenance,
  };
};

export const linkNames =
  (catalogue: Catalogue): LinkNames =>
  (key) => {
    const fact = catalogue.facts.find((one) => one.key === key && one.type === 'link');
    return { label: fact?.label ?? '收款人', register: fact?.to ?? 'citizen' };
  };

/** A text fact's value; null when it is none, empty or not known. */
export const contactText = (record: ResolvedRecord, fact: string): string | null => {
  const v = record.facts[fact]?.cells?.at(-1)?.v ?? null;
  return typeof v === 'string' && v.trim() !== '' ? v.trim() : null;
};
