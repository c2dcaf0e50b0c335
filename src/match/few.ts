// A few records as a block of their own, those who depend on them and whom their links lead to behind them: what deciding an event reads instead of whole
// blocks.
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Tx } from '../db/handle.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { factOf } from '../record/lookup.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { recordsOf } from '../record/store.ts';
import type { Added } from '../snapshot/add.ts';
import { fullBitmap } from '../snapshot/bitmap.ts';
import { type Column, columnBuilder, finishColumn, pushRow } from '../snapshot/columns.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { columnsOf } from '../snapshot/seal-block.ts';
import type { SealedSubject } from '../snapshot/subjects.ts';
import type { Dependents } from './dependents.ts';
import { type Frame, linkedKey } from './frame.ts';

export interface Few {
  readonly frame: Frame;
  /** Ordinals of the register's changed records, then of those who depend on changed ones: the first rows of its block, in this order. */
  asked(register: string): readonly number[];
  /** Whether the item is asked about the row: of whoever depends, where it reads over that link. */
  concerns(compiled: CompiledItem, row: number): boolean;
  /** null: none of its records is asked about. */
  block(register: string): OpenBlock | null;
}

const unasked = (): never => {
  throw new Error('an event reads no more than a few records');
};

export const openFew = async (
  tx: Tx,
  of: {
    readonly added: Added;
    readonly dependents: Dependents;
    readonly catalogue: Catalogue;
    readonly compiled: readonly CompiledItem[];
  },
): Promise<Few> => {
  const { added, dependents, catalogue } = of;
  const asked = new Map(
    [...new Set([...added.records.keys(), ...dependents.records.keys()])].map((register): [string, readonly ResolvedRecord[]] => [
      register,
      [...(added.records.get(register) ?? []), ...(dependents.records.get(register) ?? [])],
    ]),
  );
  const linked = await linkedTo(tx, asked, of);
  const blocks = new Map<string, OpenBlock>();
  const rows = new Map<string, ReadonlyMap<string, number>>();
  for (const register of new Set([...asked.keys(), ...linked.keys()])) {
    const own = asked.get(register) ?? [];
    const known = new Set(own.map((r) => r.key));
    const all = [...own, ...(linked.get(register) ?? []).filter((r) => !known.has(r.key))];
    blocks.set(register, blockOfFew(register, catalogue, all));
    rows.set(register, new Map(all.map((r, i) => [r.key, i])));
  }
  const placeOf = (register: string, key: string) => {
    const [block, row] = [blocks.get(register), rows.get(register)?.get(key)];
    return block === undefined || row === undefined ? undefined : { block, row };
  };
  const { snapshotId } = added;
  const frame: Frame = {
    snapshot: {
      snapshot: { id: snapshotId },
      leaves: [],
      base: unasked,
      deltas: unasked,
      blocks: unasked,
      load: unasked,
    } as unknown as Frame['snapshot'],
    catalogue,
    changes: { rows: unasked },
    block: unasked,
    parts: unasked,
    narrow: unasked,
    prepareLinks: async () => undefined,
    prepareNamed: async () => undefined,
    targets: async () => [],
    release: () => undefined,
    link: placeOf,
    linkedRecords: async (item, records) => {
      const found = new Map<string, ResolvedRecord>();
      for (const { register, key } of linksOf(item, catalogue, records)) {
        const place = placeOf(register, key);
        const record = place?.block.record(place.row) ?? null;
        if (record !== null) found.set(linkedKey(register, key), record);
      }
      return found;
    },
  };
  return {
    frame,
    asked: (register) => (asked.get(register) ?? []).map((r) => r.ordinal),
    concerns: ({ register, reads }, row) => {
      if (row < (added.records.get(register)?.length ?? 0)) return true;
      const links = dependents.via.get(`${register}\n${asked.get(register)?.[row]?.ordinal}`);
      return links !== undefined && reads.some(({ link }) => link !== null && links.has(link));
    },
    block: (register) => (asked.has(register) ? (blocks.get(register) ?? null) : null),
  };
};

/** Keys the records' links name, whenever, as far as the item follows them. */
const linksOf = (
  item: CompiledItem,
  catalogue: Catalogue,
  records: readonly ResolvedRecord[],
): readonly { readonly register: string; readonly key: string }[] =>
  [...new Set(item.reads.flatMap((r) => (r.link === null ? [] : [r.link])))].flatMap((link) => {
    const register = factOf(catalogue, item.register, link)?.to;
    if (register === undefined) return [];
    const own = records.filter((r) => r.register === item.register);
    return own.flatMap((r) =>
      (r.facts[link]?.cells ?? []).flatMap((cell) => (typeof cell.v === 'string' ? [{ register, key: cell.v }] : [])),
    );
  });

/** Whom the links of those asked about lead to, resolved for the same day: what is sealed of them is the same. */
const linkedTo = async (
  tx: Tx,
  asked: ReadonlyMap<string, readonly ResolvedRecord[]>,
  { added, catalogue, compiled }: { readonly added: Added; readonly catalogue: Catalogue; readonly compiled: readonly CompiledItem[] },
): Promise<ReadonlyMap<string, readonly ResolvedRecord[]>> => {
  const all = [...asked.values()].flat();
  const wanted = Map.groupBy(
    compiled.flatMap((item) => linksOf(item, catalogue, all)),
    (w) => w.register,
  );
  const found = new Map<string, readonly ResolvedRecord[]>();
  for (const [register, own] of wanted)
    found.set(register, (await recordsOf(tx, register, { keys: [...new Set(own.map((w) => w.key))] })).map(added.resolve));
  return found;
};

/** Of the many columns a register has an event reads a few: each is made when it is asked for. */
const blockOfFew = (register: string, catalogue: Catalogue, records: readonly ResolvedRecord[]): OpenBlock => {
  const facts = new Map(columnsOf(catalogue, register, []).map((fact) => [fact.key, fact]));
  const columns = new Map<string, Column | null>();
  const made = (name: string): Column | null => {
    const fact = facts.get(name);
    if (fact === undefined) throw new Error(`column ${name} was not loaded`);
    const builder = columnBuilder(fact);
    for (const record of records) pushRow(builder, record.facts[name]);
    return builder.told === 0 ? null : finishColumn(builder);
  };
  const at = (row: number): SealedSubject | null => {
    const record = records[row];
    if (record === undefined) return null;
    const { subjectId, key, name, division } = record;
    return { subjectId, key, name, division };
  };
  const subjects = {
    rows: records.length,
    at,
    key: (row: number) => records[row]?.key ?? null,
    id: (row: number) => records[row]?.subjectId ?? null,
    division: (row: number) => records[row]?.division ?? null,
  };
  return {
    register,
    block: 0,
    rows: records.length,
    present: fullBitmap(records.length),
    subjects,
    over: new Map(),
    column: (name) => {
      const column = columns.get(name) ?? (columns.has(name) ? null : made(name));
      columns.set(name, column);
      return column;
    },
    readyRecords: async () => undefined,
    record: (row) => records[row] ?? null,
  };
};
