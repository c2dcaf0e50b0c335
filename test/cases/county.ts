// A small county for the eighteen cases: departments deliver files, nights seal, match, settle, pre-fill and tell, and finance pays through a bank. Every
// step is the product's own, on a real database of its own; only the days pass faster.
import { citizenIdCheck, usccCheck } from '../../src/base/codes.ts';
import { addDays, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import type { Catalogue, DeliveryKind } from '../../src/catalogue/catalogue.ts';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { shippedCatalogue } from '../../src/command/place.ts';
import { transaction } from '../../src/db/handle.ts';
import { tickLetter } from '../../src/notice/hear-store.ts';
import { linesOf as sealedLinesOf } from '../../src/payment/batch-store.ts';
import type { PaymentLine } from '../../src/payment/payment.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { applyResults, type BankWord } from '../../src/payment/result.ts';
import { type SealReport, sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import type { Item } from '../../src/policy/item.ts';
import { receive } from '../../src/record/decide.ts';
import { bytesContent } from '../../src/record/import.ts';
import { advanceStep, matchStep, prefillStep, recoverStep, type StepContext, sealStep, settleStep, tellStep } from '../../src/steps.ts';
import { createDatabase, dropDatabase, type TestDatabase } from '../database.ts';
import { openTestDatabase } from '../open.ts';
import { fund } from '../payment/ground.ts';
import { publish } from '../settlement/ground.ts';

const read = await readCatalogue(shippedCatalogue);
if (!read.ok) throw new Error('catalogue');
/** The county has granted the items of the cases, which are made up, every purpose. */
export const catalogue: Catalogue = { ...read.catalogue, facts: read.catalogue.facts.map((fact) => ({ ...fact, purposes: ['*'] })) };

export const luquan = '530128';
export const panlong = '530103';

const born = (n: number, birth: string): string => {
  const digits = `530128${birth.replaceAll('-', '')}${String(n).padStart(3, '0')}`;
  return digits + citizenIdCheck(digits);
};

export interface Resident {
  readonly id: string;
  readonly name: string;
  readonly birth: string;
  readonly card?: string;
}
export const resident = (n: number, name: string, birth = '1940-01-01', more: Partial<Resident> = {}): Resident => ({
  id: born(n, birth),
  name,
  birth,
  card: `62220200000${String(n).padStart(5, '0')}`,
  ...more,
});

export interface Firm {
  readonly id: string;
  readonly name: string;
  readonly account: string | null;
}
export const firm = (n: number, name: string, more: Partial<Firm> = {}): Firm => {
  const digits = `91530128MA6${String(n).padStart(6, '0')}`;
  return { id: digits + usccCheck(digits), name, account: `530128800${String(n).padStart(7, '0')}`, ...more };
};

/** Paid as soon as it is settled, unless the case is about the steps between. */
export const atOnce: Item['flow'] = { first: ['guard', 'pay'], continuing: ['guard', 'pay'] };

const bank = '云溪农商银行';
const bankCode = '313651027012';

export interface County {
  readonly database: TestDatabase;
  /** A department's file arrives on a day and speaks of it, or of `asOf`. */
  deliver(dataset: string, kind: DeliveryKind, on: string, rows: readonly string[], asOf?: string): Promise<void>;
  /** What the police, the registries of death and the card office deliver every month of these residents. */
  residents(on: string, people: readonly Resident[]): Promise<void>;
  /** What the market and tax offices deliver of these firms; accounts where the firm has told one. */
  firms(on: string, firms: readonly Firm[], more?: { readonly legal?: readonly string[] }): Promise<void>;
  publish(items: readonly Item[], version?: number): Promise<void>;
  /** What the machine does in a night: seal, match, settle, pre-fill, tell. */
  night(on: string): Promise<void>;
  /** What the machine does by day: windows that have run out, notices and reminders. */
  evening(on: string): Promise<void>;
  /** What was paid and is not due any more is proposed for recovery. */
  recover(on: string): Promise<void>;
  /** Everything told so far has reached the people. */
  reached(on: string): Promise<void>;
  seal(item: string, on: string, year?: number): Promise<SealReport>;
  approve(sealed: SealReport, on: string): Promise<void>;
  /** The file leaves: guards run again, the issuer signs its bytes. Says what was withheld and why. */
  release(sealed: SealReport, on: string): Promise<readonly (readonly string[])[]>;
  sealedLines(sealed: SealReport): Promise<readonly PaymentLine[]>;
  /** What the bank says of the lines; left out: paid. */
  answer(sealed: SealReport, on: string, say?: (line: PaymentLine) => Partial<BankWord>): Promise<void>;
  /** Sealed, approved, released, and paid by the bank. */
  pay(item: string, on: string, year?: number): Promise<SealReport>;
  /** `<person> <period> <state> <yuan granted>`, with the rules that reduced it. */
  lines(item: string): Promise<string[]>;
  /** `<person> <period> <state> <yuan>` of every record that pays. */
  records(item: string): Promise<string[]>;
  /** Yuan on the accounts of a budget. */
  budget(item: string, year?: number): Promise<Readonly<Record<string, string>>>;
  violations(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

const yuan = (fen: bigint): string => (Number(fen) / 100).toFixed(2);
const clock = (on: string): Date => new Date(`${on}T02:00:00Z`);

export const openCounty = async (): Promise<County> => {
  const ownerUrl = await createDatabase();
  const database: TestDatabase = { ...(await openTestDatabase({ ownerUrl, maxConnections: 3 })), ownerUrl };
  const { db, sql } = database;
  const sources = new Map<string, string>();
  const context = (on: string): StepContext => ({
    db,
    catalogue,
    today: day(on),
    now: () => clock(on),
    mail: false,
    messageDomain: 'county.example',
  });
  const person = (id: string) => ({ id, role: `finance-${id.replace(/\d+$/, '')}` });
  const batchOf = (sealed: SealReport) => {
    if (sealed.batch === null) throw new Error(`nothing sealed: ${JSON.stringify(sealed.excluded.map((one) => one.reasons))}`);
    return sealed.batch;
  };
  const county: County = {
    database,
    async deliver(dataset, kind, on, rows, asOf = on) {
      const columns = catalogue.datasets.find((d) => d.id === dataset)?.columns ?? [];
      const header = columns.map((c) => c.header).join(',');
      const report = await receive(
        db,
        catalogue,
        {
          dataset,
          kind,
          division: null,
          asOf: day(asOf),
          fileName: `${dataset}.csv`,
          content: bytesContent(new TextEncoder().encode(`${header}\n${rows.map((row) => `${row}\n`).join('')}`)),
          receivedBy: 'steward',
          role: 'steward',
        },
        { now: clock(on) },
      );
      if (report.state !== 'landed') throw new Error(`${dataset}: ${JSON.stringify(report)}`);
    },
    async residents(on, people) {
      await county.deliver(
        'police-residents',
        'full',
        on,
        people.map((p) => `${p.id},${p.name},${luquan},女,${p.birth},`),
      );
      await county.deliver(
        'police-hukou',
        'full',
        on,
        people.map((p) => `${p.id},${luquan},农村,2010-01-01,`),
      );
      await county.deliver('health-deaths', 'list', on, []);
      await county.deliver('civil-cremations', 'list', on, []);
      await county.deliver(
        'social-cards',
        'full',
        on,
        people.flatMap((p) => (p.card === undefined ? [] : [`${p.id},${p.card},${bank},${bankCode},${p.name},是,2010-01-01,`])),
      );
    },
    async firms(on, firms, { legal = firms.map((f) => f.id) } = {}) {
      await county.deliver(
        'market-registration',
        'full',
        on,
        firms.map((f) => `${f.id},${f.name},${luquan},企业,否,民营,2019-03-01,否,,${legal.includes(f.id) ? '是' : '否'}`),
      );
      await county.deliver(
        'market-status',
        'full',
        on,
        firms.map((f) => `${f.id},在营,${luquan},2019-03-01,`),
      );
      await county.deliver('credit-blacklists', 'list', on, []);
      const told = firms.flatMap((f) => (f.account === null ? [] : [`${f.id},${f.account},${bank},${bankCode},${f.name},2019-03-01,`]));
      if (told.length > 0) await county.deliver('public-accounts', 'full', on, told);
    },
    publish: (items, version = 1) => publish(database, items, { version }),
    async night(on) {
      const steps = context(on);
      await sealStep(steps);
      const report = await matchStep(steps);
      const stopped = report?.items.filter((item) => item.stopped !== null) ?? [];
      if (stopped.length > 0) throw new Error(`stopped: ${JSON.stringify(stopped.map(({ itemId, stopped: why }) => ({ itemId, why })))}`);
      await settleStep(steps);
      await prefillStep(steps);
      await advanceStep(steps);
      await tellStep(steps);
      await advanceStep(steps);
    },
    async evening(on) {
      const steps = context(on);
      await advanceStep(steps);
      await tellStep(steps);
      await advanceStep(steps);
    },
    async recover(on) {
      await recoverStep(context(on));
    },
    async reached(on) {
      const open = await sql<
        { id: string }[]
      >`select id from notice where state = 'pending' and channel in ('letter', 'outbox') order by id`;
      const by = { actor: 'clerk', role: 'reviewer', scope: everything, at: clock(on), outcome: 'handed' as const };
      for (const { id } of open) await transaction(db, (tx) => tickLetter(tx, { by: { id }, ...by }));
    },
    async seal(item, on, year = Number(on.slice(0, 4))) {
      const key = `${item}:${year}`;
      const sourceId = sources.get(key) ?? (await fund(database, item, 'agent-csv', { year }));
      sources.set(key, sourceId);
      return await sealBatch(db, {
        catalogue,
        today: day(on),
        now: clock(on),
        sourceId,
        payOn: addDays(day(on), 7),
        maker: person('maker'),
      });
    },
    async approve(sealed, on) {
      const { id, hash } = batchOf(sealed);
      await approveBatch(db, { batchId: id, hash, person: person('checker'), now: clock(on) });
    },
    async release(sealed, on) {
      const { id } = batchOf(sealed);
      const at = { catalogue, today: day(on), now: clock(on), batchId: id };
      const { sha256, hash, withheld } = await prepareRelease(db, at);
      await releaseBatch(db, { ...at, sha256, hash, person: person('issuer') });
      return withheld.map((one) => one.reasons);
    },
    async sealedLines(sealed) {
      const lines: PaymentLine[] = [];
      for await (const { line } of sealedLinesOf(db, batchOf(sealed).id)) lines.push(line);
      return lines;
    },
    async answer(sealed, on, say = () => ({})) {
      const words = (await county.sealedLines(sealed)).map(
        (line, i): BankWord => ({
          position: i + 1,
          endToEndId: line.endToEndId,
          kind: 'paid',
          amountFen: line.amountFen,
          code: null,
          text: null,
          ...say(line),
        }),
      );
      const content = bytesContent(new TextEncoder().encode(JSON.stringify([on, words.map((w) => [w.endToEndId, w.kind])])));
      await applyResults(db, { name: 'answer.csv', format: 'agent-csv', words, content }, person('clerk'), clock(on));
    },
    async pay(item, on, year) {
      const sealed = await county.seal(item, on, year);
      await county.approve(sealed, on);
      await county.release(sealed, on);
      await county.answer(sealed, on);
      return sealed;
    },
    async lines(item) {
      const rows = await sql<{ name: string; period: string; key: string; state: string; granted: bigint; reasons: { rule: string }[] }[]>`
        select r.name, s.period_key as period, s.key, s.state, s.granted_fen as granted, s.reasons from settlement_line s
        join record r on r.subject_id = s.subject_id where s.item_id = ${item} and s.state <> 'superseded'
        order by r.name, s.period_key, s.key, s.part, s.state`;
      return rows.map((row) =>
        [row.name, row.period, row.state, yuan(row.granted), ...new Set(row.reasons.map((reason) => reason.rule))].join(' '),
      );
    },
    async records(item) {
      const rows = await sql<{ name: string; period: string; state: string; fen: bigint }[]>`
        select r.name, d.period_key as period, d.state, d.amount_fen as fen from disbursement d join record r on r.subject_id = d.subject_id
        where d.item_id = ${item} and d.line_id is not null order by r.name, d.period_key, d.created_at, d.state`;
      return rows.map((row) => `${row.name} ${row.period} ${row.state} ${yuan(row.fen)}`);
    },
    async budget(item, year = 2026) {
      const prefix = `budget:${item}:${year}:`;
      const rows = await sql<{ account: string; fen: bigint }[]>`
        select account, amount_fen as fen from balance where account like ${`${prefix}%`} and amount_fen <> 0`;
      return Object.fromEntries(rows.map((row) => [row.account.slice(prefix.length), yuan(row.fen)]));
    },
    violations: () => sql`select * from assert_invariants()`,
    async close() {
      await database.close();
      await dropDatabase(ownerUrl);
    },
  };
  return county;
};
