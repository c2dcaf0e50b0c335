// What is known today of records that are to be paid: subjects, payees, links and history, read in pages and handed to the guard.

import type { Day } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { keptBack } from '../certification/store.ts';
import type { Tx } from '../db/handle.ts';
import { heirAccounts } from '../disbursement/heir-store.ts';
import { payeesOf } from '../disbursement/payee.ts';
import { itemsOf } from '../disbursement/prefill-store.ts';
import { standingStops, stopKey } from '../disbursement/stop-store.ts';
import { paidHistory } from '../ledger/store.ts';
import { paidRowsOf, readsLedger } from '../match/batch.ts';
import { veilOf } from '../match/sealed.ts';
import { type CompiledItem, compileItem } from '../policy/compile.ts';
import { contactReader, linkNames } from '../record/contact-store.ts';
import { factOf } from '../record/lookup.ts';
import { type ResolvedRecord, resolver } from '../record/resolve.ts';
import { coverages, recordsOf } from '../record/store.ts';
import { accountIndex } from '../vault/account.ts';
import { type Found, guardReasons } from './guard.ts';
import type { ReadyRecord } from './ready-store.ts';

const pageSize = 500;

/** Reasons by record id; a record without is not in the map. Reads what the departments have delivered up to now, not a snapshot. */
export const guardAll = async (
  tx: Tx,
  records: readonly ReadyRecord[],
  context: { readonly catalogue: Catalogue; readonly today: Day },
): Promise<ReadonlyMap<string, Found>> => {
  const { catalogue, today } = context;
  const items = await itemsOf(tx, records);
  const compiled = new Map([...items].map(([name, item]) => [name, compileItem(item, catalogue)]));
  const resolve = resolver(await coverages(tx), catalogue, today);
  const reasons = new Map<string, Found>();
  const read = contactReader(catalogue, today);
  for (let from = 0; from < records.length; from += pageSize) {
    const page = records.slice(from, from + pageSize);
    const payees = await payeesOf(tx, page, items, { read, link: linkNames(catalogue) });
    const subjects = await byId(tx, page, resolve);
    const others = await payeeRecords(tx, page, catalogue, subjects, resolve);
    const links = await linked(tx, page, compiled, catalogue, subjects, resolve);
    const history = await paidHistory(tx, { subjectIds: [...new Set(page.map((record) => record.subjectId))] });
    const paid = Map.groupBy(history, (row) => row.subjectId);
    const uncertified = await keptBack(tx, page);
    const people = [...new Set(page.map((record) => record.subjectId))];
    const stops = await standingStops(tx, people);
    const heirs = await heirAccounts(tx, people);
    for (const record of page) {
      const own = compiled.get(`${record.itemId}@${record.version}`);
      if (own === undefined) {
        reasons.set(record.id, { reasons: ['这一版规则已查不到。'], death: null });
        continue;
      }
      const subject = subjects.get(record.subjectId) ?? null;
      const found = guardReasons(record, {
        catalogue,
        today,
        compiled: own,
        subject,
        payee: others.get(record.payeeSubjectId ?? '') ?? subject,
        account: payees.get(record.id) ?? null,
        link: (register, key) => links.get(`${register}\n${key}`),
        paid: readsLedger(own) ? paidRowsOf(paid.get(record.subjectId) ?? [], veilOf(tx)) : [],
        stoppedOn: stops.get(stopKey(record)) ?? null,
        toHeir: record.account !== null && heirs.get(stopKey(record)) === accountIndex(tx, record.account),
      });
      const kept = uncertified.get(`${record.subjectId}\n${record.itemId}`);
      if (kept !== undefined || found.reasons.length > 0)
        reasons.set(record.id, kept === undefined ? found : { ...found, reasons: [kept, ...found.reasons] });
    }
  }
  return reasons;
};

type Resolve = ReturnType<typeof resolver>;

const byId = async (tx: Tx, page: readonly ReadyRecord[], resolve: Resolve): Promise<ReadonlyMap<string, ResolvedRecord>> => {
  const found = new Map<string, ResolvedRecord>();
  for (const [register, own] of Map.groupBy(page, (record) => record.register))
    for (const record of await recordsOf(tx, register, { ids: [...new Set(own.map((one) => one.subjectId))] }))
      found.set(record.subjectId, resolve(record));
  return found;
};

/** Whoever is paid for somebody else, in the registers of people. */
const payeeRecords = async (
  tx: Tx,
  page: readonly ReadyRecord[],
  catalogue: Catalogue,
  subjects: ReadonlyMap<string, ResolvedRecord>,
  resolve: Resolve,
): Promise<ReadonlyMap<string, ResolvedRecord>> => {
  const ids = [
    ...new Set(page.flatMap((one) => (one.payeeSubjectId === null || subjects.has(one.payeeSubjectId) ? [] : [one.payeeSubjectId]))),
  ];
  const found = new Map(subjects);
  if (ids.length === 0) return found;
  for (const { id } of catalogue.registers)
    for (const record of await recordsOf(tx, id, { ids })) found.set(record.subjectId, resolve(record));
  return found;
};

/** Records the page's links lead to, as far as payment conditions may read them; by register and key. */
const linked = async (
  tx: Tx,
  page: readonly ReadyRecord[],
  compiled: ReadonlyMap<string, CompiledItem>,
  catalogue: Catalogue,
  subjects: ReadonlyMap<string, ResolvedRecord>,
  resolve: Resolve,
): Promise<ReadonlyMap<string, ResolvedRecord>> => {
  const wanted = new Map<string, Set<string>>();
  for (const record of page) {
    const own = compiled.get(`${record.itemId}@${record.version}`);
    if (own?.payment == null) continue;
    for (const link of new Set(own.reads.flatMap((read) => (read.link === null ? [] : [read.link])))) {
      const register = factOf(catalogue, own.register, link)?.to;
      if (register === undefined) continue;
      const keys = wanted.get(register) ?? new Set<string>();
      wanted.set(register, keys);
      for (const cell of subjects.get(record.subjectId)?.facts[link]?.cells ?? []) if (typeof cell.v === 'string') keys.add(cell.v);
    }
  }
  const found = new Map<string, ResolvedRecord>();
  for (const [register, keys] of wanted)
    for (const record of await recordsOf(tx, register, { keys: [...keys] })) found.set(`${register}\n${record.key}`, resolve(record));
  return found;
};
