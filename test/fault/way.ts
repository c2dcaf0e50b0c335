// The whole way of one town's money, from matches to what came back and was paid anew, as steps that find what there is to do from the rows: each may be
// cut off anywhere and done again, by whoever comes next. `outcome` is what stands in the end, in an order of its own.

import { everything } from '../../src/base/scope.ts';
import { type Failpoint, nowhere } from '../../src/db/failpoint.ts';
import type { Database } from '../../src/db/handle.ts';
import { transaction } from '../../src/db/handle.ts';
import { advance } from '../../src/disbursement/advance.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { tell } from '../../src/notice/tell.ts';
import { linesOf } from '../../src/payment/batch-store.ts';
import { releasedFile } from '../../src/payment/manifest.ts';
import { correctReturned } from '../../src/payment/reissue.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { applyResults, type BankWord } from '../../src/payment/result.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { contactReader, linkNames } from '../../src/record/contact-store.ts';
import { settle } from '../../src/settlement/settle.ts';
import type { TestDatabase } from '../database.ts';
import { actor, catalogue, fund, payDay, paying, person, steps } from '../payment/ground.ts';
import { calendar, publish, runWith, settlePeople } from '../settlement/ground.ts';

const names = Array.from({ length: 9 }, (_, i) => `P${i}`);

/** Nine people, a limited budget that ends with the eighth, told before they are paid; every fourth is told by mail. */
export const town = async (database: TestDatabase): Promise<void> => {
  await settlePeople(
    database,
    Object.fromEntries(names.map((key, i) => [key, person(`人${i}`, i + 1, i % 4 === 0 ? { email: `p${i}@example.org` } : {})])),
  );
  const item = paying('a', {
    flow: { first: ['guard', 'notice', 'pay'], continuing: ['guard', 'pay'] },
    budget: { kind: 'limited', yuan: 850, order: 'deathDate' },
  });
  await publish(database, [item]);
  await runWith(
    database,
    names.map((subject, i) => ({ item: item.id, subject, yuan: 100, orderDay: `2026-0${i + 1}-01` })),
  );
  await fund(database, item.id);
};

const batchesIn = (database: Database, state: string) =>
  database.sql<{ id: string; hash: string }[]>`select id, hash from batch where state = ${state} order by number`;

const machine = (at: Failpoint) => {
  const { now, today } = steps();
  return { now, today, calendar, read: contactReader(catalogue, today), link: linkNames(catalogue), chunk: 4, at };
};

/** The first time the fourth comes back and the fifth is not known; one word is about nobody. */
const answer = async (database: Database, batchId: string, at: Failpoint): Promise<void> => {
  const words: BankWord[] = [];
  for await (const { line } of linesOf(database.db, batchId)) {
    const first = line.replaces === null;
    const kind = first && line.payeeName === '人3' ? 'returned' : first && line.payeeName === '人4' ? 'unknown' : 'paid';
    const code = kind === 'returned' ? 'AC04' : null;
    words.push({ position: line.position, endToEndId: line.endToEndId, kind, amountFen: line.amountFen, code, text: null });
  }
  words.push({ position: words.length + 1, endToEndId: 'ZXNOBODY', kind: 'paid', amountFen: 100n, code: null, text: null });
  const content = {
    open: async function* () {
      yield Buffer.from(`the answer about ${batchId}`);
    },
  };
  await applyResults(database.db, { name: 'back', format: 'table', words, content }, actor('clerk'), steps().now, at);
};

const seal = async (database: Database, at: Failpoint): Promise<void> => {
  const [source] = await database.sql<{ id: string }[]>`select id from funding_source`;
  const ask = { ...steps(), sourceId: source?.id ?? '', payOn: payDay, maker: actor('maker'), limit: 5, at };
  for (let more = true; more; ) more = (await sealBatch(database.db, ask)).batch !== null;
};
const approve = async (database: Database): Promise<void> => {
  for (const { id, hash } of await batchesIn(database, 'sealed'))
    await approveBatch(database.db, { batchId: id, hash, person: actor('checker'), now: steps().now });
};
const release = async (database: Database, at: Failpoint): Promise<void> => {
  for (const { id, hash } of await batchesIn(database, 'approved')) {
    const { sha256 } = await prepareRelease(database.db, { ...steps(), batchId: id, at });
    await releaseBatch(database.db, { ...steps(), batchId: id, hash, sha256, person: actor('issuer'), at });
  }
};
const takeFile = async (database: Database): Promise<void> => {
  for (const { id } of await batchesIn(database, 'released')) {
    const file = await releasedFile(database.db, { batchId: id, person: actor('maker'), now: steps().now });
    for await (const _piece of file.open()) void _piece;
  }
};
const answers = async (database: Database, at: Failpoint): Promise<void> => {
  for (const { id } of await batchesIn(database, 'released')) await answer(database, id, at);
};
const reissue = async (database: Database): Promise<void> => {
  const { now } = steps();
  for (const { id } of await database.sql<{ id: string }[]>`select id from disbursement where state = 'returned' order by id`)
    await transaction(database.db, (tx) =>
      correctReturned(tx, {
        ...{ disbursementId: id, account: '6222020000099999', reason: '本人来电更正', scope: everything, now },
        ...{ actor: actor('maker'), by: 'finance' },
      }),
    );
};

export interface Step {
  readonly name: string;
  readonly run: (database: Database, at: Failpoint) => Promise<unknown>;
}

const payment: readonly Step[] = [
  { name: 'seal', run: seal },
  { name: 'approve', run: approve },
  { name: 'release', run: release },
  { name: 'file', run: takeFile },
  { name: 'result', run: answers },
];

export const wholeWay: readonly Step[] = [
  { name: 'settle', run: ({ db }, at) => settle(db, { now: steps().now, chunk: 4, at }) },
  { name: 'prefill', run: ({ db }, at) => prefill(db, machine(at)) },
  { name: 'advance', run: ({ db }, at) => advance(db, machine(at)) },
  { name: 'tell', run: ({ db }, at) => tell(db, { ...machine(at), label: String, mail: true, messageDomain: 'test.example' }) },
  { name: 'advance', run: ({ db }, at) => advance(db, machine(at)) },
  ...payment,
  { name: 'reissue', run: reissue },
  ...payment,
];

export const walkWhole = async (database: Database, at: Failpoint = nowhere): Promise<void> => {
  for (const step of wholeWay) await step.run(database, at);
};

/** Amounts, states and counts; ids and moments differ from time to time. Taking a file is noted each time it is taken, and is no part of it. */
export const outcome = async ({ sql }: Pick<Database, 'sql'>): Promise<unknown> => ({
  settled: await sql`select state, granted_fen, count(*)::int as n from settlement_line group by 1, 2 order by 1, 2`,
  states: await sql`select payee_name, state, amount_fen, revision from disbursement order by 1`,
  notices: await sql`select template, channel, count(*)::int as n, sum(amount_fen)::bigint as fen from notice group by 1, 2 order by 1, 2`,
  told: (await sql`select from notice_line`).length,
  events:
    await sql`select l.payee_name, e.kind, e.code, l.replaces is null as first from line_event e join payment_line l on l.id = e.line_id order by 1, 4 desc, 2`,
  postings:
    await sql`select kind, regexp_replace(account, '^fund:[^:]+', 'fund') as account, count(*)::int as n, sum(amount_fen)::bigint as fen
    from posting group by 1, 2 order by 1, 2`,
  balances:
    await sql`select regexp_replace(account, '^fund:[^:]+', 'fund') as account, amount_fen from balance where amount_fen <> 0 order by 1`,
  batches: await sql`select state, lines, total_fen from batch order by lines, total_fen`,
  files: await sql`select direction, count(*)::int as n from payment_file group by 1 order by 1`,
  suspense: await sql`select reference, amount_fen from suspense order by 1`,
  signatures: await sql`select role, person, count(*)::int as n from batch_signature group by 1, 2 order by 1, 2`,
  audited: await sql`select action, count(*)::int as n from audit_entry where action <> 'batch.file' group by 1 order by 1`,
});
