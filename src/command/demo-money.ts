// `demo --to paid`: the sample city's money from matches to the bank and back, through the same functions as in earnest: sources, batches, three people,
// files, a made-up bank that lies, re-issue, and the sums that must agree in 分.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { addDays, type Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { type Db, transaction } from '../db/handle.ts';
import { brokenInvariants } from '../db/invariant-store.ts';
import { addCalendarEntry } from '../payment/calendar-store.ts';
import { formats } from '../payment/format.ts';
import { addFundingSource } from '../payment/funding-store.ts';
import { releasedFile } from '../payment/manifest.ts';
import { type Batch, bandFor, defaultBands, type FundingSource } from '../payment/payment.ts';
import { correctReturned } from '../payment/reissue.ts';
import { prepareRelease, releaseBatch } from '../payment/release.ts';
import { applyResults, endOf } from '../payment/result.ts';
import { readResultFile } from '../payment/result-file.ts';
import { sealBatch } from '../payment/seal.ts';
import { approveBatch, returnBatch } from '../payment/sign.ts';
import { itemsWithin } from '../policy/view-store.ts';
import { reissuedRecord } from '../reconcile/paper-store.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import { statementSheets } from '../reconcile/statement.ts';
import { type BankAnswer, type BankLine, type BankOrder, bankAnswer } from '../sample/bank.ts';
import { type AnswerKind, answerFile } from '../sample/bank-file.ts';
import type { Delivery } from '../sample/delivery.ts';
import { bytesContent } from '../sheet/content.ts';
import { writeXlsx } from '../sheet/xlsx-write.ts';
import type { StepContext } from '../steps.ts';
import { calledIn } from '../web/items.ts';
import { workpaperOf, workpaperPage } from '../web/workpaper.ts';
import type { Output } from './command.ts';
import type { Cast } from './demo-accounts.ts';
import { deathsTold } from './demo-death.ts';
import { peopleAct } from './demo-people.ts';
import { bringIn } from './journey.ts';
import { type MoneyDocument, moneyDocument, wrongSums } from './money.ts';
import { moneySums, readySums, recordsIn, residentsToBePaid, saidOf } from './money-store.ts';
import { writeWhole } from './out-file.ts';

const makerOf = ({ cast }: Pick<MoneyAsk, 'cast'>) => ({ id: cast.financeMaker, role: 'finance-maker' });
const checkersOf = ({ cast }: Pick<MoneyAsk, 'cast'>) => [
  { id: cast.financeChecker, role: 'finance-checker' },
  { id: cast.financeHead, role: 'finance-head' },
];
const issuerOf = ({ cast }: Pick<MoneyAsk, 'cast'>) => ({ id: cast.financeIssuer, role: 'finance-issuer' });

export interface MoneyAsk {
  readonly steps: StepContext;
  readonly cast: Cast;
  readonly seed: number;
  readonly deliveries: readonly Delivery[];
  /** Where files made on the way may stand. */
  readonly directory: string;
  /** Where payment and result files are left; null: nowhere. */
  readonly out: string | null;
  readonly output: Output;
}

interface Desk extends MoneyAsk {
  readonly db: Db;
  /** What became of each order by the bank's own books, and what it said that fits none. */
  readonly ends: Map<string, 'paid' | 'returned' | 'unknown'>;
  readonly stray: { words: number; fen: bigint };
  files: number;
}

/** People first, on the city's own day and ten days on, when windows and publicity have ended; then the money. */
export const payOut = async (ask: MoneyAsk): Promise<{ readonly money: MoneyDocument; readonly wrong: readonly string[] }> => {
  const { output } = ask;
  if (ask.out !== null)
    for (const folder of ['to-bank', 'from-bank', 'books']) mkdirSync(join(ask.out, folder), { recursive: true, mode: 0o700 });
  await output.step('people', '补信息、审核、确认', () => peopleAct(ask.steps, ask.cast.reviewer), told);
  const steps = onDay(ask.steps, addDays(ask.steps.today, 10));
  await output.step('people', '十天后：公示期满，再往下走', () => peopleAct(steps, ask.cast.reviewer), told);
  const desk: Desk = { ...ask, steps, db: steps.db, ends: new Map(), stray: { words: 0, fen: 0n }, files: 0 };
  const sources = await output.step(
    'funding',
    '登记资金来源和拨付日',
    () => fundAll(desk),
    (made) => `${made.length} 个`,
  );
  const batches = await output.step(
    'seal',
    '封批、复核',
    () => sealAll(desk, sources, 2),
    (made) => `${made.length} 批`,
  );
  const victims = await residentsToBePaid(desk.db, 2);
  await output.step('deaths', '签发之前，卫健委补报死亡', async () =>
    bringIn(desk.db, steps.catalogue, await deathsTold(ask, victims, steps.today), steps.now()),
  );
  await output.step(
    'release',
    '签发，银行处理，回盘',
    () => releaseAll(desk, batches, false),
    () => `${desk.files} 份回盘`,
  );
  await output.step('reissue', '退汇更正，重新拨付', () => reissue(desk, sources));
  return await output.step('sums', '核对各处的合计', () => sums(desk));
};

const told = (done: Awaited<ReturnType<typeof peopleAct>>): string =>
  `补 ${done.answered}，审核 ${done.reviewed}，确认 ${done.confirmed}，放弃 ${done.declined}`;

const onDay = (steps: StepContext, today: Day): StepContext => ({ ...steps, today, now: () => new Date(`${today}T02:00:00Z`) });

/** One format after the other; of every four items one has a single source, one pays by order, one by share, and one is a little short of money. */
const fundAll = async (desk: Desk): Promise<readonly string[]> => {
  const { db, steps } = desk;
  const maker = makerOf(desk);
  const by = { actor: maker.id, role: maker.role, at: steps.now() };
  const first: string[] = [];
  await transaction(db, async (tx) => {
    for (const after of [2, 3]) {
      const on = addDays(steps.today, after);
      await addCalendarEntry(tx, { kind: 'pay', itemId: null, periodKey: null, fromDay: on, toDay: on, reason: null }, by);
    }
    const freeze = { fromDay: addDays(steps.today, 60), toDay: addDays(steps.today, 66) };
    await addCalendarEntry(tx, { kind: 'freeze', itemId: null, periodKey: null, ...freeze, reason: '年终关账' }, by);
    for (const [i, { itemId, year, fen }] of (await readySums(db)).entries()) {
      const format = [...formats.keys()][i % formats.size] ?? '';
      const source = { ...sample, itemId, year, format, shareBp: null, rank: 0 };
      const parts: readonly Partial<FundingSource>[] = [
        [{ amountFen: fen }],
        [
          { amountFen: (fen * 3n) / 10n + 1n, level: 'central' as const, nature: 'transfer' as const },
          { amountFen: fen, rank: 1 },
        ],
        [
          { amountFen: fen, shareBp: 6_667, level: 'province' as const, nature: 'transfer' as const },
          { amountFen: fen, shareBp: 3_333, rank: 1 },
        ],
        [{ amountFen: fen - fen / 10n }],
      ][i % 4] as readonly Partial<FundingSource>[];
      for (const [n, part] of parts.entries()) {
        const id = await addFundingSource(tx, { ...source, amountFen: fen, ...part, document: `云财预〔${year}〕${n + 1}号` }, by);
        if (n === 0) first.push(id);
      }
    }
  });
  return first;
};

const sample = {
  projectCode: 'P2026001',
  subjectCode: '2081002',
  nature: 'budget',
  level: 'county',
  payerName: '云溪县财政局',
  payerAccount: '6200000000000001',
  payerBank: '云溪农商银行',
  payerBankCode: '313651027012',
} as const;

type Sealed = Pick<Batch, 'id' | 'hash' | 'totalFen' | 'number' | 'format'>;

/** The first batch is sent back once and sealed anew, as it happens. */
const sealAll = async (desk: Desk, sources: readonly string[], payAfter: number): Promise<readonly Sealed[]> => {
  const { db, steps } = desk;
  const checkers = checkersOf(desk);
  const ask = {
    payOn: addDays(steps.today, payAfter),
    maker: makerOf(desk),
    catalogue: steps.catalogue,
    today: steps.today,
    now: steps.now(),
  };
  const sealed: Sealed[] = [];
  for (const sourceId of sources) {
    const { batch } = await sealBatch(db, { ...ask, sourceId });
    if (batch === null) continue;
    const sendBack = sealed.length === 0 && payAfter === 2;
    if (sendBack) {
      const [person] = checkers as [(typeof checkers)[number]];
      await returnBatch(db, { batchId: batch.id, hash: batch.hash, person, now: steps.now(), reason: '附言有误，重新封批。' });
    }
    const own = sendBack ? (await sealBatch(db, { ...ask, sourceId })).batch : batch;
    if (own === null) continue;
    for (const person of checkers.slice(0, bandFor(defaultBands, own.totalFen).checkers))
      await approveBatch(db, { batchId: own.id, hash: own.hash, person, now: steps.now() });
    sealed.push(own);
  }
  return sealed;
};

const releaseAll = async (desk: Desk, batches: readonly Sealed[], kind: boolean): Promise<void> => {
  const { db, steps, ends, stray, seed } = desk;
  const on = { catalogue: steps.catalogue, today: steps.today, now: steps.now() };
  for (const [i, batch] of batches.entries()) {
    const { sha256, hash } = await prepareRelease(db, { ...on, batchId: batch.id });
    await releaseBatch(db, { ...on, batchId: batch.id, sha256, hash, person: issuerOf(desk) });
    const file = await releasedFile(db, { batchId: batch.id, person: issuerOf(desk), now: steps.now() });
    await leave(desk, 'to-bank', file.name, file.open());
    await leave(desk, 'to-bank', `${file.name}.manifest.json`, [Buffer.from(`${JSON.stringify(file.manifest, null, 2)}\n`)]);
    const orders: BankOrder[] = [];
    await formats.get(batch.format)?.read(file.open(), (order) => orders.push(order));
    const answer = bankAnswer(orders, { seed, kind, disorder: i % 2 === 1 });
    await takeIn(desk, batch, answer);
    for (const [id, end] of answer.ends) ends.set(id, end);
    stray.words += answer.stray.words;
    stray.fen += answer.stray.fen;
  }
};

/** How each bank answers; a statement of account knows nothing of what was only accepted. */
const kindOf = (format: string, lines: readonly BankLine[], nth: number): AnswerKind => {
  const booked = lines.every((one) => one.says !== 'accepted');
  switch (format) {
    case 'pain.001':
      return booked && nth === 3 ? 'camt.053' : booked && nth > 0 && lines.every((one) => one.says !== 'unknown') ? 'camt.054' : 'pain.002';
    case 'rural-gbk-csv':
      return 'gbk-csv';
    case 'treasury-pipe':
      return 'bars';
    case 'city-fixed':
      return 'fixed';
    default:
      return nth % 2 === 0 ? 'csv' : 'xlsx';
  }
};

/** Each answer in the order it comes, and the second of them once more: the same bytes are the same file. */
const takeIn = async (desk: Desk, batch: Sealed, answer: BankAnswer): Promise<void> => {
  for (const [nth, lines] of answer.files.entries()) {
    const file = answerFile(kindOf(batch.format, lines, nth), lines, batch.number);
    const pieces: Uint8Array[] = [];
    for await (const piece of file.open()) pieces.push(piece);
    const content = bytesContent(Buffer.concat(pieces));
    const name = `${batch.number}-${nth + 1}.${file.extension}`;
    await leave(desk, 'from-bank', name, content.open());
    const { format, words } = await readResultFile(content);
    for (let times = nth === 1 ? 2 : 1; times > 0; times--)
      await applyResults(desk.db, { name, format, words, content }, makerOf(desk), desk.steps.now());
    desk.files += 1;
  }
};

const leave = async (desk: Desk, folder: string, name: string, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> => {
  if (desk.out === null) return;
  await writeWhole(
    join(desk.out, folder, name),
    (async function* () {
      yield* pieces;
    })(),
  );
};

/** All but every fifth are put right: another account where the reason asks for one. */
const reissue = async (desk: Desk, sources: readonly string[]): Promise<void> => {
  const { db, steps } = desk;
  for (const [i, { id }] of (await recordsIn(db, 'returned')).entries()) {
    if (i % 5 === 4) continue;
    const ask = { disbursementId: id, actor: makerOf(desk), by: 'finance' as const, scope: everything, now: steps.now() };
    await transaction(db, (tx) =>
      correctReturned(tx, { ...ask, account: `62170020${String(i).padStart(8, '0')}`, reason: '收款人提供了新的账户，见材料。' }),
    );
  }
  await releaseAll(desk, await sealAll(desk, sources, 3), true);
};

/** One payment on one page, and of them the one that says most: returned and paid anew. */
const leavePaper = async (desk: Desk): Promise<void> => {
  const id = await reissuedRecord(desk.db);
  const paper = desk.out === null || id === null ? null : await workpaperOf({ db: desk.db }, id, everything);
  if (paper !== null) await leave(desk, 'books', 'workpaper.html', [Buffer.from(String(await workpaperPage(paper, desk.steps.now())))]);
};

const sums = async (desk: Desk): Promise<{ readonly money: MoneyDocument; readonly wrong: readonly string[] }> => {
  const { db, ends, stray } = desk;
  const violations = await brokenInvariants(db);
  const found = await moneySums(db);
  const said = await saidOf(db);
  const reconciled = await reconcile(db, 'batch', { scope: everything });
  // What waits in suspense is the bank's own: it is counted below.
  const differences = reconciled.differences.filter((one) => one.kind !== 'suspense');
  const called = calledIn(await itemsWithin(db, everything));
  await leave(desk, 'books', 'reconciliation.xlsx', writeXlsx(statementSheets(reconciled, 'batch', called)));
  await leavePaper(desk);
  const apart = [...ends].filter(([id, end]) => endOf(said.get(id) ?? new Set()) !== end).length;
  const wrong = [
    ...wrongSums(found),
    ...violations.map((one) => `承诺 ${one.invariant} 不成立：${one.message}`),
    ...differences.map((one) => `${one.message}：${one.place} ${one.at}（${one.says}）`),
    ...(apart === 0 ? [] : [`${apart} 笔和银行的账不一致`]),
    ...(found.suspense === stray.words && found.suspenseFen === stray.fen ? [] : ['挂账的回音和银行多说的不一致']),
  ];
  return { money: moneyDocument(found, violations.length), wrong };
};

/** `--out`: an empty or new folder, so that nobody's files are mixed with made-up ones. */
export const requireEmpty = (folder: string): string => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return readdirSync(folder).length === 0
    ? folder
    : fail('conflict.file', '--out', '这个文件夹里已经有文件。', '换一个空的文件夹，或一个还没有的。');
};
