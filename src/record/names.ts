// Lists keyed by name. Exactly one subject of the division bears the name (now, or formerly): that is who is meant. Nobody, or several: the row waits for
// a person, whose answer is remembered for the next list.
//
// While a row waits, not being on the list is no "none" for whoever it may mean: those of one name, or, where nobody bears it, those whose name differs only
// in brackets or in the form of the firm. For everybody else absence stays known: a name unlike any other in the register is most often a firm of another
// place or one not registered here, and one misspelt row must not make a whole county unknown. The count of waiting rows stands beside every
// item that reads the list, and whoever is found later is paid for the past periods as well.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, rawSql, type Tx, transaction } from '../db/handle.ts';
import type { Row } from '../sheet/row.ts';
import { vaultOf } from '../vault/hold.ts';
import { readRow } from './group.ts';
import { type DivisionFilter, lockLanding } from './landing-store.ts';
import { columnIndex, type Layout, layOut } from './layout.ts';
import { changeCells } from './merge.ts';
import { coreOf, nearName, normalName } from './name.ts';
import * as store from './names-store.ts';
import type { OwnCells } from './record.ts';
import { openRow, type Sealer, sealerOf } from './sealed.ts';
import { recordById } from './store.ts';

/** The register's own list of what a firm was called before. */
export const formerNames = 'formerNames';

const mostRows = 200_000;

export interface NamedList {
  /** Rows whose subject is known, its key in the place of its name. */
  readonly rows: readonly Row[];
  readonly named: readonly store.NamedRow[];
}

export interface NameScope {
  readonly layout: Layout;
  readonly division: string | null;
  readonly filter: DivisionFilter | null;
  readonly sealer: Pick<Sealer, 'row'>;
}

/** With the validity of the list as two cells behind the others, where the layout asks for them. */
export const datedRow = (layout: Layout, note: store.ListNote | null, cells: readonly string[]): readonly string[] => {
  const { from } = layout;
  if (from?.header !== '$from') return cells;
  const filled = [...cells.slice(0, from.index), ...Array<string>(Math.max(0, from.index - cells.length)).fill('')];
  return [...filled, note?.validFrom ?? note?.publishedOn ?? '', note?.validTo ?? ''];
};

interface Bearing {
  readonly subjectId: string;
  readonly key: string;
  readonly method: store.MatchMethod;
}

interface Wanted {
  readonly names: ReadonlySet<string>;
  readonly byName: Map<string, Map<string, Bearing>>;
  readonly near: ReadonlyMap<string, readonly string[]>;
  readonly byNear: Map<string, Set<string>>;
}

const bear = (wanted: Wanted, norm: string, bearing: Bearing): void => {
  if (!wanted.names.has(norm)) return;
  const own = wanted.byName.get(norm) ?? new Map<string, Bearing>();
  const before = own.get(bearing.subjectId);
  if (before === undefined || before.method === 'former') own.set(bearing.subjectId, bearing);
  wanted.byName.set(norm, own);
};

/** One walk over the register; only names the list has are kept. */
const findBearers = async (tx: Tx, scope: NameScope, norms: ReadonlySet<string>): Promise<Wanted> => {
  const near = Map.groupBy(norms, nearName);
  const wanted: Wanted = { names: norms, byName: new Map(), near, byNear: new Map() };
  for await (const page of store.bearers(tx, scope.layout.dataset.register, scope.filter, formerNames)) {
    for (const { subjectId, key, name, former } of page) {
      bear(wanted, normalName(name), { subjectId, key, method: 'normalised' });
      for (const one of former) bear(wanted, normalName(one), { subjectId, key, method: 'former' });
      for (const one of [name, ...former]) {
        const place = nearName(one);
        if (place !== '' && near.has(place)) wanted.byNear.set(place, (wanted.byNear.get(place) ?? new Set()).add(subjectId));
      }
    }
  }
  return wanted;
};

/** The delivered cells by the dataset's own columns, so that they can be read again without knowing what the file called them. */
const ownCells = ({ dataset, from, to, ...layout }: Layout, cells: readonly string[]): readonly string[] => [
  ...dataset.columns.map((c) => cells[columnIndex({ dataset, from, to, ...layout }, c.header) ?? -1] ?? ''),
  ...(from?.header === '$from' ? [cells[from.index] ?? '', cells[to?.index ?? -1] ?? ''] : []),
];

/** Whom each row means; rows that wait are kept sealed until they are settled. */
export const resolveNames = async (tx: Tx, scope: NameScope, batches: AsyncIterable<readonly Row[]>): Promise<NamedList> => {
  const { layout } = scope;
  const { dataset } = layout;
  const keyIndex = layout.key.index;
  const given: { readonly row: Row; readonly name: string; readonly norm: string }[] = [];
  for await (const batch of batches)
    for (const row of batch) {
      if (row.cells.every((c) => c.trim() === '')) continue;
      const name = (row.cells[keyIndex] ?? '').trim();
      given.push({ row, name, norm: normalName(name) });
      if (given.length > mostRows)
        fail('import.names', '', `按名称报送的名单超过 ${mostRows} 行。`, '请分区划报送，或者改报统一社会信用代码。');
    }
  const norms = new Set(given.map((one) => one.norm).filter((norm) => coreOf(norm) !== ''));
  const choices = new Map((await store.choicesOf(tx, dataset.id, scope.division ?? '', [...norms])).map((one) => [one.norm, one]));
  const wanted = await findBearers(tx, scope, norms);
  const rows: Row[] = [];
  const named = given.map(({ row, name, norm }): store.NamedRow => {
    const about = { line: row.line, name: name.slice(0, 200), norm: norm.slice(0, 200), row: null };
    const choice = choices.get(norm);
    if (choice !== undefined && choice.subjectId === null)
      return { ...about, state: 'outside', method: 'settled', subjectId: null, candidates: [] };
    const bearings = [...(wanted.byName.get(norm)?.values() ?? [])];
    const [only] = bearings;
    const found =
      choice?.subjectId != null && choice.key !== null
        ? { subjectId: choice.subjectId, key: choice.key, method: 'settled' as const }
        : bearings.length === 1
          ? only
          : undefined;
    if (found === undefined) {
      const candidates = bearings.length > 0 ? bearings.map((b) => b.subjectId) : [...(wanted.byNear.get(nearName(norm)) ?? [])];
      return {
        ...about,
        state: 'open',
        method: null,
        subjectId: null,
        candidates,
        row: scope.sealer.row(row.line, ownCells(layout, row.cells)),
      };
    }
    rows.push({ ...row, cells: row.cells.map((cell, i) => (i === keyIndex ? found.key : cell)) });
    return { ...about, state: 'matched', method: found.method, subjectId: found.subjectId, candidates: [] };
  });
  return { rows, named };
};

/** After the list has landed: what each row was found to mean, and whom it leaves in doubt. */
export const landNames = async (
  tx: Tx,
  place: store.NamePlace,
  asOf: Parameters<typeof store.markDoubtful>[3],
  named: readonly store.NamedRow[],
): Promise<void> => {
  await store.insertNamed(tx, place, named);
  const listed = new Set(named.map((one) => one.subjectId));
  const doubtful = [...new Set(named.flatMap((one) => (one.state === 'open' ? one.candidates : [])))].filter((id) => !listed.has(id));
  if (doubtful.length > 0) await store.markDoubtful(tx, place, doubtful, asOf, await lockLanding(rawSql(tx)));
};

export interface NameDecision {
  readonly deliveryId: string;
  readonly line: number;
  /** null: nobody of the register is meant. */
  readonly subjectId: string | null;
  readonly reason: string;
  readonly by: string;
  readonly role: string;
  readonly scope: Scope;
}

/** Settles one waiting row once and for the lists to come. Refuses with `missing.name`, `state.edge`, `missing.subject`, `input.reason`. */
export const settleName = (db: Db, catalogue: Catalogue, decision: NameDecision, at: Date): Promise<void> =>
  transaction(db, async (tx) => {
    const { deliveryId, line, subjectId, by } = decision;
    const reason = decision.reason.trim();
    if ([...reason].length < 2 || reason.length > 500) fail('input.reason', '/reason', '请写明理由。', '例如：登记机关查得为同一企业。');
    const row = await store.lockNamed(tx, deliveryId, line, decision.scope);
    if (row === null) return fail('missing.name', '', '没有这一行，或者不在您的范围内。', '请核对交付编号和行号。');
    if (row.state !== 'open' || row.row === null) return fail('state.edge', '', '这一行已经有了结果，或者名单已经更新。', '请刷新后查看。');
    const place = { deliveryId, dataset: row.dataset, register: row.register, division: row.division };
    await store.writeChoice(tx, place, { norm: row.norm, subjectId, by, at, reason });
    await store.settleRow(tx, { deliveryId, line, subjectId, by, at, reason });
    const revision = await lockLanding(rawSql(tx));
    if (subjectId !== null) await landSettled(tx, catalogue, row, subjectId, revision);
    await store.clearDoubt(tx, place, row.candidates, revision);
    await audit(tx, {
      actor: by,
      role: decision.role,
      action: 'name.settle',
      objectKind: 'named_row',
      objectId: `${deliveryId}:${line}`,
      after: { dataset: row.dataset, subjectId },
      reason,
      at,
    });
  });

const landSettled = async (tx: Tx, catalogue: Catalogue, row: store.WorkRow, subjectId: string, revision: bigint): Promise<void> => {
  const dataset = catalogue.datasets.find((d) => d.id === row.dataset);
  const subject = await recordById(tx, row.register, subjectId);
  if (dataset === undefined || subject === null || row.row === null)
    return fail('missing.subject', '', '库里没有这个对象。', '请从候选里选，或先让登记部门报来。');
  const layout = layOut(
    dataset,
    catalogue,
    dataset.columns.map((c) => c.header),
  );
  if (!('dataset' in layout)) return fail('import.header', '', layout.message, layout.hint);
  const vault = vaultOf(tx);
  const cells = openRow(vault, row.dataset, row.line, row.row).map((cell, i) => (i === layout.key.index ? subject.key : cell));
  const group = readRow(layout, { line: row.line, cells });
  if (group.bad) return fail('import.row', '', '这一行的其他内容不合格，不能入库。', '请让报送部门改正后重新报送名单。');
  const old: Record<string, OwnCells[string][number][]> = {};
  for (const [fact, held] of Object.entries(subject.facts))
    for (const { d, ...cell } of held) if (d === row.dataset) old[fact] = [...(old[fact] ?? []), cell];
  const merged = changeCells(layout, old, group, false) ?? {};
  await store.writePart(tx, row, subjectId, sealerOf(vault, catalogue, dataset).cells(subject.key, merged), row.asOf, revision);
};
