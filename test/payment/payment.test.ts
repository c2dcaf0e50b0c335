// From ready records to money that has arrived, on a real PostgreSQL: seal, two look-overs, three people, the file, the bank's answer.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moveChecks, requireCheck } from '../../src/account/verify.ts';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { linesOf as sealedLinesOf } from '../../src/payment/batch-store.ts';
import { formats, type PaymentOrder } from '../../src/payment/format.ts';
import { releasedFile } from '../../src/payment/manifest.ts';
import type { Batch } from '../../src/payment/payment.ts';
import { correctReturned } from '../../src/payment/reissue.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { applyResults, type BankWord } from '../../src/payment/result.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch, returnBatch } from '../../src/payment/sign.ts';
import { accountIndex } from '../../src/vault/account.ts';
import { clearTexts } from '../clear.ts';
import { testDatabase } from '../database.ts';
import { broken, empty, idOf, runWith, settlePeople } from '../settlement/ground.ts';
import { actor, payDay, paying, person, ready, retell, steps, toReady } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

const seal = (sourceId: string) => sealBatch(database.db, { ...steps(), sourceId, payOn: payDay, maker: actor('maker') });
const sealed = async (sourceId: string) => {
  const { batch } = await seal(sourceId);
  if (batch === null) throw new Error('nothing sealed');
  return batch;
};
type Sealed = Pick<Batch, 'id' | 'hash'>;
const signing = (batch: Sealed, person: string) => ({
  batchId: batch.id,
  hash: batch.hash,
  person: actor(person, 'finance-checker'),
  now: steps().now,
});
const release = async (batch: Sealed, on = steps().today, who = 'issuer') => {
  const prepared = await prepareRelease(database.db, { ...steps(on), batchId: batch.id });
  await releaseBatch(database.db, {
    ...steps(on),
    batchId: batch.id,
    sha256: prepared.sha256,
    hash: prepared.hash,
    person: actor(who, 'finance-issuer'),
  });
  return prepared;
};
const states = async () =>
  (
    await database.sql<{ key: string; state: string }[]>`
    select r.key, d.state from disbursement d join record r on r.subject_id = d.subject_id order by r.key`
  ).map((row) => `${row.key} ${row.state}`);
const accounts = async () =>
  Object.fromEntries(
    (
      await database.sql<
        { account: string; amount_fen: bigint }[]
      >`select account, amount_fen from balance where amount_fen <> 0 and account like 'budget:%'`
    ).map((row) => [row.account.split(':').at(-1), row.amount_fen]),
  );
const references = async (batchId: string): Promise<Record<string, string>> => {
  const names = new Map(
    (await database.sql<{ id: string; key: string }[]>`select subject_id as id, key from record`).map((row) => [row.id, row.key]),
  );
  const found: Record<string, string> = {};
  for await (const { line } of sealedLinesOf(database.db, batchId)) found[names.get(line.subjectId) ?? ''] = line.endToEndId;
  return found;
};
const word = (endToEndId: string, kind: BankWord['kind'], more: Partial<BankWord> = {}): BankWord => ({
  position: 1,
  endToEndId,
  kind,
  amountFen: 10_000n,
  code: null,
  text: null,
  ...more,
});
let files = 0;
const answer = (words: readonly BankWord[], bytes = `file ${files++}`) =>
  applyResults(
    database.db,
    {
      name: 'back.csv',
      format: 'agent-csv',
      words: words.map((one, i) => ({ ...one, position: i + 1 })),
      content: {
        open: async function* () {
          yield Buffer.from(bytes);
        },
      },
    },
    actor('clerk'),
    steps().now,
  );

describe('sealing', () => {
  it('takes who may be paid today, and says of the others why not', async () => {
    const source = await ready(database, {
      A: person('甲', 1),
      B: person('乙', 2),
      C: person('丙', 3),
      D: person('丁', 4),
      E: person('戊', 5),
    });
    await retell(database, idOf('B'), { deathDate: '2026-10-03' });
    await retell(database, idOf('C'), { listed: true });
    await retell(database, idOf('D'), { accountName: '别人' });
    const { batch, excluded } = await seal(source);
    expect(batch).toMatchObject({ lines: 2, totalFen: 20_000n, state: 'sealed' });
    const why = Object.fromEntries(excluded.map((one) => [one.subjectId, one.reasons.join('')]));
    expect(why[idOf('B')]).toContain('已于2026年10月3日去世');
    expect(why[idOf('C')]).toContain('付款条件未满足');
    expect(why[idOf('D')]).toContain('户名');
    expect(await states()).toEqual(['A sealed', 'B ready', 'C ready', 'D ready', 'E sealed']);
    expect(await accounts()).toEqual({ available: -50_000n, reserved: 30_000n, committed: 20_000n });
    expect(await seal(source)).toMatchObject({ batch: null });
  });

  it('keeps accounts sealed at rest', async () => {
    await sealed(await ready(database, { A: person('甲', 1) }));
    // What the departments delivered stands in these tests as they wrote it; of everything made from it no column shows the number.
    const shown = (await clearTexts(database.sql)).filter(({ text }) => text.includes('6222020000000001')).map(({ column }) => column);
    expect(shown).toEqual(['record_part.cells']);
  });

  it('pays nobody whose data is too old to know', async () => {
    const source = await ready(database, { A: person('甲', 1) });
    const late = await sealBatch(database.db, {
      ...steps(day('2026-12-20')),
      sourceId: source,
      payOn: day('2026-12-21'),
      maker: actor('maker'),
    });
    expect(late.batch).toBeNull();
    expect(late.excluded[0]?.reasons.join('')).toContain('死亡信息已过期');
  });

  const flagsOf = async (batchId: string): Promise<readonly string[]> => {
    const flags: string[] = [];
    for await (const { line } of sealedLinesOf(database.db, batchId)) flags.push(line.guards.flags.join('；'));
    return flags.sort();
  };
  const unverified = '首次付款账户未验证';
  const card = person('甲', 1).account;

  it('flags an account two beneficiaries share, in one batch or in two (case 9)', async () => {
    const people = { A: person('甲', 1), B: person('乙', 1, { account: card }), C: person('丙', 3) };
    const batch = await sealed(await ready(database, people));
    expect(await flagsOf(batch.id)).toEqual(
      [`另有 1 人用同一账户；${unverified}`, `另有 1 人用同一账户；${unverified}`, unverified].sort(),
    );
  });

  it('flags it where the other is paid by another item and was sealed long ago', async () => {
    await sealed(await ready(database, { A: person('甲', 1) }));
    const batch = await sealed(await ready(database, { B: person('乙', 1, { account: card }) }, { item: paying('b') }));
    expect(await flagsOf(batch.id)).toEqual([`另有 1 人用同一账户；${unverified}`]);
  });

  it('lets a parent be paid for two under-age children with the guardian relation, and flags a stranger among them (case 9)', async () => {
    const children = {
      A: person('甲', 1),
      C1: { name: '大', guardian: 'A', deathDate: null, listed: false },
      C2: { name: '小', guardian: 'A', deathDate: null, listed: false },
    };
    const item = paying('a', { accounts: ['card', 'guardian'] });
    const first = await sealed(await ready(database, children, { item }));
    expect([first.lines, await flagsOf(first.id)]).toEqual([3, [unverified, unverified, unverified]]);
    const other = await sealed(await ready(database, { S: person('生人', 9, { account: card }) }, { item: paying('b') }));
    expect(await flagsOf(other.id)).toEqual([`另有 3 人用同一账户；${unverified}`]);
  });

  it('where a check is required, pays first on a verified account only; what fails the check by release is withheld', async () => {
    const by = { actor: 'chief', role: 'finance-checker', at: steps().now };
    const check = (to: 'pending' | 'verified' | 'failed', who = 'A') =>
      transaction(database.db, (tx) =>
        moveChecks(
          tx,
          [
            {
              ...{ accountIndex: accountIndex(tx, person('', who === 'A' ? 1 : 2).account), subjectId: idOf(who), method: 'bank-file' },
              ...{ evidence: { file: 'f'.repeat(64), line: '3' }, to: () => to },
            },
          ],
          by,
        ),
      );
    const source = await ready(database, { A: person('甲', 1), B: person('乙', 2) });
    await requireCheck(database.db, true, by);
    try {
      const none = await seal(source);
      expect(none.batch).toBeNull();
      expect(none.excluded.map((one) => one.reasons)).toEqual([
        ['首次付款账户未验证，先验证再拨付。'],
        ['首次付款账户未验证，先验证再拨付。'],
      ]);
      for (const who of ['A', 'B']) for (const to of ['pending', 'verified'] as const) await check(to, who);
      const batch = await sealed(source);
      expect([batch.lines, await flagsOf(batch.id)]).toEqual([2, ['', '']]);
      await approveBatch(database.db, signing(batch, 'checker'));
      await check('failed', 'B');
      const prepared = await release(batch);
      expect(prepared.withheld.map((one) => one.reasons)).toEqual([['收款账户验证未通过，先验证再拨付。']]);
      expect(await states()).toEqual(['A sent', 'B ready']);
    } finally {
      await requireCheck(database.db, false, by);
    }
    const audited =
      await database.sql`select detail -> 'after' as after from audit_entry where action = 'account.require-check' order by id`;
    expect(audited.map((one) => one.after)).toEqual([{ required: true }, { required: false }]);
  });

  it('asks no more once money has arrived there, and asks again of another account', async () => {
    const first = await sealed(await ready(database, { A: person('甲', 1) }));
    await approveBatch(database.db, signing(first, 'checker'));
    await release(first);
    await answer([word((await references(first.id)).A ?? '', 'paid')]);
    expect(await flagsOf(first.id)).toEqual([unverified]);
    await runWith(database, [{ item: 'a', subject: 'A', yuan: 100, period: '2026-11', kind: 'continuing' }]);
    await toReady(database);
    const [source] = await database.sql<{ id: string }[]>`select id from funding_source`;
    const second = await sealed(source?.id ?? '');
    expect([second.lines, await flagsOf(second.id)]).toEqual([1, ['']]);
    await retell(database, idOf('A'), { account: person('甲', 7).account });
    await runWith(database, [{ item: 'a', subject: 'A', yuan: 100, period: '2026-12', kind: 'continuing' }]);
    await toReady(database);
    const third = await sealed(source?.id ?? '');
    expect([third.lines, await flagsOf(third.id)]).toEqual([1, [unverified]]);
  });
});

describe('three people', () => {
  it('put their names to one content, each once', async () => {
    const batch = await sealed(await ready(database, { A: person('甲', 1) }));
    await expect(approveBatch(database.db, signing(batch, 'maker'))).rejects.toThrow('state.same-person');
    await expect(approveBatch(database.db, { ...signing(batch, 'checker'), hash: 'x' })).rejects.toThrow('conflict.content');
    await expect(release(batch)).rejects.toThrow('state.batch');
    expect(await approveBatch(database.db, signing(batch, 'checker'))).toBe(0);
    for (const who of ['maker', 'checker']) await expect(release(batch, steps().today, who)).rejects.toThrow('state.same-person');
    await expect(releasedFile(database.db, { batchId: batch.id, person: actor('issuer'), now: steps().now })).rejects.toThrow(
      'state.batch',
    );
    const prepared = await release(batch);
    const read: PaymentOrder[] = [];
    const file = await releasedFile(database.db, { batchId: batch.id, person: actor('issuer'), now: steps().now });
    await formats.get('agent-csv')?.read(file.open(), (order) => read.push(order));
    expect(read).toMatchObject([{ payeeName: '甲', account: '6222020000000001', amountFen: 10_000n, statementText: '事项a26年10月' }]);
    expect(file.sha256).toBe(prepared.sha256);
    expect(await states()).toEqual(['A sent']);
  });

  it('need a second checker above a million yuan', async () => {
    const batch = await sealed(await ready(database, { A: person('甲', 1) }, { yuan: 1_000_001 }));
    expect(await approveBatch(database.db, signing(batch, 'c1'))).toBe(1);
    await expect(release(batch)).rejects.toThrow('state.batch');
    expect(await approveBatch(database.db, signing(batch, 'c2'))).toBe(0);
    await release(batch);
  });

  it('may send it back: the records are ready again, and the next batch pays them', async () => {
    const source = await ready(database, { A: person('甲', 1) });
    const batch = await sealed(source);
    await expect(returnBatch(database.db, { ...signing(batch, 'checker'), reason: ' ' })).rejects.toThrow('input.reason');
    await returnBatch(database.db, { ...signing(batch, 'checker'), reason: '附言写错' });
    expect(await states()).toEqual(['A ready']);
    expect(await accounts()).toEqual({ available: -10_000n, reserved: 10_000n });
    await expect(approveBatch(database.db, signing(batch, 'checker'))).rejects.toThrow('state.batch');
    expect((await sealed(source)).lines).toBe(1);
  });

  it('a row added to a sealed batch behind our back stops everything (case 17)', async () => {
    const batch = await sealed(await ready(database, { A: person('甲', 1), B: person('乙', 2) }));
    const { connect } = await import('../../src/db/handle.ts');
    const owner = connect(database.ownerUrl, { max: 1, statementTimeoutMs: 10_000 });
    await owner`update payment_line set amount_fen = amount_fen + 1 where position = 2`;
    await expect(approveBatch(database.db, signing(batch, 'checker'))).rejects.toThrow('state.tampered');
    await owner`update payment_line set amount_fen = amount_fen - 1 where position = 2`;
    await approveBatch(database.db, signing(batch, 'checker'));
    await owner`
      insert into payment_line select gen_random_uuid(), batch_id, 3, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), key, item_id, period_key, year,
        division, payee_subject_id, payee_name, account, account_index, bank, bank_code, amount_fen, statement_text, 'ZXFALSE', null, guards, hash
      from payment_line where position = 1`;
    // Without the keys nobody can write an account that opens in its place.
    await expect(release(batch)).rejects.toThrow('internal.sealed');
    await owner`delete from payment_line where position = 3`;
    await owner.end();
    // The program itself may not touch a sealed line.
    await expect(database.sql`update payment_line set amount_fen = 1`).rejects.toThrow();
  });
});

describe('release', () => {
  it('withholds who may not be paid by now, and pays the rest (case 10)', async () => {
    const source = await ready(database, { A: person('甲', 1), B: person('乙', 2) });
    const batch = await sealed(source);
    await approveBatch(database.db, signing(batch, 'checker'));
    await retell(database, idOf('B'), { deathDate: '2026-10-31' });
    const prepared = await release(batch);
    expect(prepared).toMatchObject({ lines: 1, totalFen: 10_000n });
    expect(prepared.withheld[0]?.reasons.join('')).toContain('去世');
    expect(await states()).toEqual(['A sent', 'B deceased']);
    expect(await accounts()).toEqual({ available: -20_000n, reserved: 10_000n, committed: 10_000n });
  });

  it('is refused when the file is no longer what was looked at, and after the pay day', async () => {
    const batch = await sealed(await ready(database, { A: person('甲', 1), B: person('乙', 2) }));
    await approveBatch(database.db, signing(batch, 'checker'));
    const { sha256, hash } = await prepareRelease(database.db, { ...steps(), batchId: batch.id });
    await retell(database, idOf('B'), { listed: true });
    const ask = { ...steps(), batchId: batch.id, sha256, hash, person: actor('issuer') };
    await expect(releaseBatch(database.db, ask)).rejects.toThrow('conflict.content');
    await expect(prepareRelease(database.db, { ...steps(day('2026-11-21')), batchId: batch.id })).rejects.toThrow('state.pay-day');
  });
});

describe("the bank's answer", () => {
  const sent = async (people: Record<string, Readonly<Record<string, unknown>>>) => {
    const source = await ready(database, people);
    const batch = await sealed(source);
    await approveBatch(database.db, signing(batch, 'checker'));
    await release(batch);
    return { source, batch, by: await references(batch.id) };
  };

  it('pays, returns, leaves unknown, and puts what fits no line into suspense', async () => {
    const { by } = await sent({ A: person('甲', 1), B: person('乙', 2), C: person('丙', 3) });
    const report = await answer([
      word(by.A ?? '', 'paid'),
      word(by.B ?? '', 'returned', { text: '户名不符' }),
      word(by.C ?? '', 'unknown', { text: '处理中' }),
      word('ZXNOBODY', 'paid'),
      word(by.A ?? '', 'paid', { amountFen: 9_999n }),
    ]);
    expect(report).toMatchObject({ applied: { paid: 1, returned: 1, unknown: 1 }, suspense: 2 });
    expect(await states()).toEqual(['A paid', 'B returned', 'C unknown']);
    expect(await accounts()).toEqual({ available: -30_000n, paid: 10_000n, reserved: 10_000n, committed: 10_000n });
    const events = await database.sql<{ code: string | null }[]>`select code from line_event where kind = 'returned'`;
    expect(events).toEqual([{ code: 'name' }]);
  });

  it('pays each payee of a shared line by an order of its own, and only the part that came back stays to be paid', async () => {
    const payees = [
      { share: '0.6', to: null },
      { share: '0.4', to: { fact: 'guardian' } },
    ];
    const item = paying('a', { payees });
    await settlePeople(database, { 母: person('母亲', 9) });
    const source = await ready(database, { A: person('甲', 1, { guardian: '母' }) }, { item });
    const batch = await sealed(source);
    await approveBatch(database.db, signing(batch, 'checker'));
    await release(batch);
    const orders = new Map<string, BankWord>();
    for await (const { line } of sealedLinesOf(database.db, batch.id))
      orders.set(
        line.payeeName,
        word(line.endToEndId, line.payeeName === '甲' ? 'paid' : 'returned', { amountFen: line.amountFen, code: 'AC04' }),
      );
    expect([...orders].map(([name, { amountFen }]) => [name, amountFen]).sort()).toEqual([
      ['母亲', 4_000n],
      ['甲', 6_000n],
    ]);
    await answer([...orders.values()]);
    expect((await states()).sort()).toEqual(['A paid', 'A returned']);
    expect(await accounts()).toEqual({ available: -10_000n, paid: 6_000n, reserved: 4_000n });
  });

  it('comes to one end in any order, however often', async () => {
    const { by } = await sent({ A: person('甲', 1), B: person('乙', 2) });
    const words = [
      word(by.A ?? '', 'accepted'),
      word(by.A ?? '', 'paid'),
      word(by.A ?? '', 'returned', { code: 'AC04' }),
      word(by.B ?? '', 'unknown'),
      word(by.B ?? '', 'paid'),
    ];
    for (const one of [...words, ...words].reverse()) await answer([one]);
    expect(await states()).toEqual(['A returned', 'B paid']);
    expect(await accounts()).toEqual({ available: -20_000n, reserved: 10_000n, paid: 10_000n });
  });

  it('the same file twice is one file', async () => {
    const { by } = await sent({ A: person('甲', 1) });
    expect(await answer([word(by.A ?? '', 'paid')], 'same')).toMatchObject({ already: false });
    expect(await answer([word(by.A ?? '', 'paid')], 'same')).toMatchObject({ already: true, applied: {} });
  });

  it('comes back, is put right and paid by a new order that names the old one, to the last 分 (case 7)', async () => {
    const { source, by } = await sent({ A: person('甲', 1), B: person('乙', 2), C: person('丙', 3) });
    await answer([
      word(by.A ?? '', 'paid'),
      word(by.B ?? '', 'returned', { text: '户名不符' }),
      word(by.C ?? '', 'returned', { code: 'AC04' }),
    ]);
    const ids = Object.fromEntries(
      (
        await database.sql<
          { key: string; id: string }[]
        >`select r.key, d.id from disbursement d join record r on r.subject_id = d.subject_id`
      ).map((row) => [row.key, row.id]),
    );
    const correct = (who: string, more: object = {}) =>
      transaction(database.db, (tx) =>
        correctReturned(tx, {
          disbursementId: ids[who] ?? '',
          reason: '已核对',
          actor: actor('clerk'),
          by: 'finance',
          scope: everything,
          now: steps().now,
          ...more,
        }),
      );
    await expect(correct('A')).rejects.toThrow('state.not-returned');
    await expect(correct('C')).rejects.toThrow('input.same-account');
    await expect(correct('B', { reason: ' ' })).rejects.toThrow('input.reason');
    await correct('B');
    await correct('C', { account: '6222020000099999' });
    const again = await sealed(source);
    const orders: string[] = [];
    for await (const { line } of sealedLinesOf(database.db, again.id))
      orders.push(`${line.endToEndId.slice(-1)} ${line.replaces === null ? 'new' : 'again'}`);
    expect(orders).toEqual(['2 again', '2 again']);
    await approveBatch(database.db, signing(again, 'checker'));
    await release(again);
    const second = await references(again.id);
    await answer([word(second.B ?? '', 'paid'), word(second.C ?? '', 'paid')]);
    // The old order's return, told once more, changes nothing.
    await answer([word(by.B ?? '', 'returned', { text: '户名不符' })]);
    expect(await states()).toEqual(['A paid', 'B paid', 'C paid']);
    expect(await accounts()).toEqual({ available: -30_000n, paid: 30_000n });
  });

  it('never sends an unknown payment again (case 8)', async () => {
    const { source, by } = await sent({ A: person('甲', 1) });
    await answer([word(by.A ?? '', 'unknown')]);
    expect(await seal(source)).toEqual({ batch: null, excluded: [] });
    await answer([word(by.A ?? '', 'paid')]);
    expect(await states()).toEqual(['A paid']);
  });
});

describe('an item paid under another format', () => {
  it('is left out line by line where the bank could not read it', async () => {
    const source = await ready(database, { A: person('甲', 1), B: person('𠮷田', 2) }, { item: paying('a'), format: 'city-fixed' });
    const { batch, excluded } = await seal(source);
    expect(batch?.lines).toBe(1);
    expect(excluded[0]?.reasons.join('')).toContain('𠮷');
  });
});
