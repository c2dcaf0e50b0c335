// 资格认证 on a real PostgreSQL: who is due, who was seen without being asked, who is kept back and gets every paused month once, who has died.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Day, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { hold, lift } from '../../src/disbursement/act.ts';
import { lateOn } from '../../src/disbursement/late-store.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { testDatabase } from '../database.ts';
import { act, lifeOf } from '../disbursement/ground.ts';
import { actor, steps } from '../payment/ground.ts';
import { broken, empty, publish } from '../settlement/ground.ts';
import { catalogue, certifying, old, terms, yearOf } from './ground.ts';

const database = testDatabase();
const year = yearOf(database);
const { doing, notices } = lifeOf(database);
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

const on = (text: string): Day => day(`2026-${text}`);
const nothing = { opened: 0, traced: 0, reminded: 0, visiting: 0, suspended: 0, void: 0, paused: 0, resumed: 0 };
const live = () => year.turns(['open', 'visiting', 'suspended', 'deceased']);
const one = async () => {
  const [turn, ...more] = await live();
  if (turn === undefined || more.length > 0) throw new Error('not one live turn');
  return turn;
};

/** Paid from January on; certification is due on 5 April. */
const until = async (last: string, who: readonly string[] = ['A']): Promise<void> => {
  for (let month = 1; month <= Number(last); month++) {
    const period = `2026-${String(month).padStart(2, '0')}`;
    await year.month(period, who);
    expect((await year.pay(day(`${period}-20`))).lines).toBe(who.length);
  }
};

/** A was told on 5 April, has not answered, and is kept back from 6 May on. */
const suspendedInMay = async (): Promise<void> => {
  await year.begin({ A: old('甲', 1) });
  await until('04');
  await year.step(on('04-05'));
  await year.tellAll(on('04-05'));
  await year.handOver(on('04-05'));
  await year.month('2026-05', ['A']);
  expect(await year.step(on('05-05'))).toMatchObject({ suspended: 0, visiting: 1 });
  expect(await year.step(on('05-06'))).toMatchObject({ suspended: 1, paused: 1 });
};

describe('a certification that is due', () => {
  it('is opened three months after the first match, once, and the person is told by when and how', async () => {
    await year.begin({ A: old('甲', 1) });
    await until('03');
    expect(await year.step(on('04-04'))).toEqual(nothing);
    expect(await year.step(on('04-05'))).toEqual({ ...nothing, opened: 1 });
    expect(await year.step(on('04-05'))).toEqual(nothing);
    await year.tellAll(on('04-05'));
    const [notice, ...more] = await notices();
    expect(more).toEqual([]);
    expect(notice?.subject).toBe('请在2026年5月5日前办理资格认证：高龄津贴');
    expect(notice?.body).toContain('带身份证到村（居）委会，或打电话约上门');
    expect(notice?.body).toContain('暂停发放，不是取消');
  });

  it('reminds on the days the item says, then goes on the visit list, and pays all the while', async () => {
    await year.begin({ A: old('甲', 1) });
    await until('04');
    await year.step(on('04-05'));
    await year.tellAll(on('04-05'));
    await year.handOver(on('04-06'));
    // Handed over a day after it was opened: the whole window lies a day later.
    expect(await year.step(on('04-15'))).toEqual(nothing);
    expect(await year.step(on('04-16'))).toEqual({ ...nothing, reminded: 1 });
    expect(await year.step(on('04-20'))).toEqual({ ...nothing, visiting: 1 });
    expect(await year.step(on('04-26'))).toEqual({ ...nothing, reminded: 1 });
    expect(await one()).toMatchObject({ state: 'visiting', dueOn: '2026-05-06', visitFrom: '2026-04-20', reminded: 2 });
  });

  it('is answered by a silent trace without asking anybody, and counts from the day of the trace', async () => {
    await year.begin({ A: old('甲', 1, { checkupOn: '2026-02-10' }), B: old('乙', 2, { rides: { '2026-02': 31, '2026-03': 0 } }) });
    await until('04', ['A', 'B']);
    expect(await year.step(on('04-05'))).toEqual({ ...nothing, traced: 2 });
    await year.tellAll(on('04-05'));
    expect(await year.told()).toEqual([]);
    const seen = (await year.turns()).map(({ name, certifiedOn, how, decidedBy }) => ({ name, certifiedOn, how, decidedBy }));
    expect(seen).toHaveLength(2);
    expect(seen).toContainEqual({ name: '甲', certifiedOn: '2026-02-10', how: 'trace', decidedBy: null });
    expect(seen).toContainEqual({ name: '乙', certifiedOn: '2026-02-01', how: 'trace', decidedBy: null });
    // Three months after it was seen, not after the step looked.
    await year.month('2026-05', ['A', 'B']);
    expect(await year.step(on('05-09'))).toMatchObject({ opened: 1 });
    expect(await year.step(on('05-10'))).toMatchObject({ opened: 1 });
  });

  it('takes no trace that is of the future, too old, of a fact that was not granted, or later than a death', async () => {
    const people = {
      A: old('甲', 1, { checkupOn: '2026-04-06' }),
      B: old('乙', 2, { checkupOn: '2026-01-04' }),
      C: old('丙', 3, {
        clinic: [
          { id: '1', on: '2026-03-01' },
          { id: '2', on: '2026-02-01' },
        ],
      }),
      D: old('丁', 4, { kept: '2026-03-01' }),
    };
    const elsewhere = [{ fact: 'clinic', field: 'on', dataset: 'elsewhere' }, { fact: 'nothing' }, { fact: 'kept' }];
    await year.begin(people, certifying({ certify: { ...terms, silent: elsewhere } }));
    await until('04', ['A', 'B', 'C', 'D']);
    expect(await year.step(on('04-05'))).toEqual({ ...nothing, opened: 4 });
    await publish(database, [certifying({ certify: { ...terms, silent: [...(terms.silent ?? []), { fact: 'kept' }] } })], { version: 2 });
    // C was at the doctor's; A's day has not come; B's lies before the first match; D's was granted to somebody else.
    expect(await year.step(on('04-05'))).toEqual({ ...nothing, traced: 1 });
    expect((await year.turns(['certified'])).map((turn) => turn.certifiedOn)).toEqual(['2026-03-01']);
    await year.trace('A', { checkupOn: '2026-04-20', deathDate: '2026-04-10' });
    expect(await year.step(on('04-22'))).toMatchObject({ traced: 0, void: 1 });
  });
});

describe('silence', () => {
  it('keeps back what would be paid, names the reason, ends nothing, and pays exactly the paused months later', async () => {
    await suspendedInMay();
    await year.tellAll(on('05-06'));
    expect(await year.told()).toContain('certify-suspended mail');
    expect(await year.pay(on('05-20'))).toMatchObject({ lines: 0, left: [] });
    for (const month of ['06', '07']) {
      await year.month(`2026-${month}`, ['A']);
      // Ready since the last night: the guard knows before the step does.
      const { lines, left } = await year.pay(on(`${month}-06`));
      expect([lines, left]).toEqual([0, ['资格认证到2026年5月5日没有办，暂停发放；认证后补发。']]);
      expect(await year.step(on(`${month}-07`))).toEqual({ ...nothing, paused: 1 });
      expect(await year.pay(on(`${month}-20`))).toMatchObject({ lines: 0, left: [] });
    }
    expect((await year.states()).filter((state) => state.endsWith('paused'))).toEqual([
      'A 2026-05 paused',
      'A 2026-06 paused',
      'A 2026-07 paused',
    ]);
    expect(await database.sql`select from settlement_line where state not in ('granted')`).toHaveLength(0);
    const { code, pausedCount, pausedFen } = await one();
    expect([pausedCount, pausedFen]).toEqual([3, 30_000n]);

    expect(await year.visit(code, on('07-25'))).toMatchObject({ state: 'certified', news: true, resumed: 3 });
    expect(await year.visit(code, on('07-25'))).toMatchObject({ news: false, resumed: 0 });
    await year.tellAll(on('07-25'));
    const notice = (await notices()).find((one) => one.template === 'certify-resumed');
    expect(notice?.body).toContain('恢复发放，暂停期间应发的 300.00 元随下一批补发（共 3 笔合计）。');
    expect(await year.pay(on('07-26'))).toMatchObject({ lines: 3, left: [] });
    expect(await year.pay(on('07-27'))).toMatchObject({ lines: 0, left: [] });
    expect(await year.step(on('07-28'))).toEqual(nothing);
    expect(await database.sql`select period_key from payment_line order by 1`).toMatchObject(
      ['01', '02', '03', '04', '05', '06', '07'].map((month) => ({ period_key: `2026-${month}` })),
    );
    // The next turn counts from the visit.
    await year.month('2026-10', ['A']);
    expect(await year.step(on('10-24'))).toEqual(nothing);
    expect(await year.step(on('10-25'))).toMatchObject({ opened: 1 });
  });

  it('ends with a trace that comes late, paid back all the same', async () => {
    await suspendedInMay();
    await year.trace('A', { checkupOn: '2026-05-15' });
    expect(await year.step(on('05-16'))).toEqual({ ...nothing, traced: 1, resumed: 1 });
    expect(await year.pay(on('05-20'))).toMatchObject({ lines: 1, left: [] });
  });

  it('keeps nothing back from whoever was never reached: a letter nobody handed over shows as late instead', async () => {
    await year.begin({ A: old('甲', 1, { email: null, birthDate: '1941-01-01' }) });
    await until('04');
    await year.step(on('04-05'));
    await year.tellAll(on('04-05'));
    expect(await year.told()).toEqual(['certify letter']);
    await year.month('2026-05', ['A']);
    expect(await year.step(on('06-30'))).toMatchObject({ suspended: 0, visiting: 1 });
    expect(await lateOn(database.db, { scope: everything, today: on('06-30'), limit: 9 })).toMatchObject([
      { kind: 'certify-deliver', dueOn: '2026-05-05', itemId: 'g' },
    ]);
    // Somebody at the door counts as word of it: the window runs from there, and is over a month later.
    const { code } = await one();
    expect(await year.visit(code, on('07-01'), { result: 'not-met', note: '家中无人，留下通知单' })).toMatchObject({ state: 'visiting' });
    expect(await year.step(on('07-02'))).toEqual(nothing);
    expect(await one()).toMatchObject({ state: 'visiting', dueOn: '2026-07-31' });
    expect(await year.step(on('08-01'))).toMatchObject({ suspended: 1, paused: 1 });
    expect(await lateOn(database.db, { scope: everything, today: on('08-02'), limit: 9 })).toMatchObject([{ kind: 'certify' }]);
    expect(await year.visit(code, on('08-03'))).toMatchObject({ state: 'certified', resumed: 1 });
  });

  it('takes a line out at release that was sealed while the window still ran', async () => {
    await year.begin({ A: old('甲', 1), B: old('乙', 2, { checkupOn: '2026-04-01' }) });
    await until('04', ['A', 'B']);
    await year.step(on('04-05'));
    await year.tellAll(on('04-05'));
    await year.handOver(on('04-05'));
    await year.month('2026-05', ['A', 'B']);
    const { batch, lines } = await year.pay(on('05-05'));
    if (batch === null) throw new Error('nothing sealed');
    expect(lines).toBe(2);
    expect(await year.step(on('05-06'))).toMatchObject({ suspended: 1, paused: 0 });
    await approveBatch(database.db, {
      batchId: batch.id,
      hash: batch.hash,
      person: actor('checker'),
      now: new Date('2026-05-06T02:00:00Z'),
    });
    const looking = { ...steps(on('05-05')), now: new Date('2026-05-06T03:00:00Z'), catalogue, batchId: batch.id };
    const { sha256, hash } = await prepareRelease(database.db, looking);
    await releaseBatch(database.db, { ...looking, sha256, hash, person: actor('issuer') });
    expect(
      await database.sql`select text from line_event e join payment_line p on p.id = e.line_id where e.kind = 'withheld'`,
    ).toMatchObject([{ text: '资格认证到2026年5月5日没有办，暂停发放；认证后补发。' }]);
    expect(await year.step(on('05-07'))).toMatchObject({ paused: 1 });
    expect((await year.states()).filter((state) => state.includes('2026-05'))).toEqual(['A 2026-05 paused', 'B 2026-05 sent']);
  });

  it('waits where the item says so: nobody is kept back', async () => {
    await year.begin({ A: old('甲', 1) }, certifying({ certify: { ...terms, late: 'wait' } }));
    await until('04');
    await year.step(on('04-05'));
    await year.tellAll(on('04-05'));
    await year.handOver(on('04-05'));
    await year.month('2026-05', ['A']);
    expect(await year.step(on('12-01'))).toMatchObject({ suspended: 0, visiting: 1 });
    expect((await year.pay(on('12-01'))).lines).toBe(1);
  });
});

describe('people', () => {
  it('who hold a payment keep holding it: the certification lets go what it paused and nothing else', async () => {
    await suspendedInMay();
    await year.month('2026-06', ['A']);
    await year.step(on('06-06'));
    const [held] = await database.sql<{ id: string }[]>`select id from disbursement where period_key = '2026-05'`;
    await doing((tx) => hold(tx, { ...act(held?.id ?? '', { on: on('06-07') }), reason: '有人举报' }));
    expect(await year.visit((await one()).code, on('06-08'))).toMatchObject({ resumed: 1 });
    expect(await year.step(on('06-09'))).toEqual(nothing);
    expect((await year.states()).slice(-2)).toEqual(['A 2026-05 held', 'A 2026-06 ready']);
    await doing((tx) => lift(tx, { ...act(held?.id ?? '', { on: on('06-10') }), reason: '查无此事' }));
    expect(await year.step(on('06-11'))).toEqual({ ...nothing, resumed: 1 });
    expect((await year.pay(on('06-12'))).lines).toBe(2);
  });

  it('who report a death by name keep everything back until the death is told; then what was due waits for whoever comes after', async () => {
    await year.begin({ A: old('甲', 1) });
    await until('04');
    await year.step(on('04-05'));
    await year.month('2026-05', ['A']);
    const { code } = await one();
    const died = { result: 'deceased', note: '邻居说五月底已去世' } as const;
    await expect(year.visit(code, on('06-01'), died)).rejects.toThrow('没有写去世日期');
    await expect(year.visit(code, on('06-01'), { ...died, diedOn: on('06-02') })).rejects.toThrow('去世日期在核查之后');
    expect(await year.visit(code, on('06-01'), { ...died, diedOn: on('05-30') })).toMatchObject({ state: 'deceased' });
    expect((await year.states()).at(-1)).toBe('A 2026-05 paused');
    await year.month('2026-06', ['A']);
    expect(await year.pay(on('06-06'))).toMatchObject({ lines: 0, left: ['资格认证核查本人已去世，等人处理，暂停发放。'] });
    // Laid before whoever decides about stops; nothing has ended by it.
    expect(await database.sql`select kind, state, last_on::text as on, reason from stop_order`).toMatchObject([
      { kind: 'death', state: 'proposed', on: '2026-05-30', reason: '入户核查，村干部赵明：邻居说五月底已去世' },
    ]);
    // Traces undo no word of a person.
    await year.trace('A', { checkupOn: '2026-06-01' });
    expect(await year.step(on('06-07'))).toEqual({ ...nothing, paused: 1 });
    await year.trace('A', { deathDate: '2026-05-30' });
    expect(await year.step(on('06-10'))).toEqual({ ...nothing, void: 1, resumed: 2 });
    const { lines, left } = await year.pay(on('06-20'));
    expect([lines, left.toSorted()]).toEqual([
      0,
      ['已于2026年5月30日去世，之后的期别不再发放。', '收款人已于2026年5月30日去世，这一期转由继承人或照料人办理。'],
    ]);
  });

  it('who were told dead by mistake are certified by whoever meets them', async () => {
    await suspendedInMay();
    const { code } = await one();
    await year.visit(code, on('05-10'), { result: 'deceased', note: '电话里说已去世', diedOn: on('05-01') });
    expect(await year.visit(code, on('05-12'))).toMatchObject({ state: 'certified', resumed: 1 });
    expect((await year.pay(on('05-20'))).lines).toBe(1);
  });

  it('write down who saw whom, where and when, and are refused without', async () => {
    await suspendedInMay();
    const { code } = await one();
    const refused = async (over: Parameters<typeof year.visit>[2], why: string, typed = code) =>
      await expect(year.visit(typed, on('05-10'), over)).rejects.toThrow(why);
    await refused({ visitor: ' ' }, '没有写是谁去核查的');
    await refused({ note: '' }, '没有写核查情况');
    await refused({ document: 'f'.repeat(64) }, '没有这份扫描件');
    await refused({ visitedOn: on('05-11') }, '核查日期在今天之后');
    await refused({ visitedOn: on('01-05') }, '不晚于上一次认证');
    await refused({}, '核查码不对', `${code.slice(0, -1)}${code.endsWith('2') ? '3' : '2'}`);
    await refused({ scope: { ...everything, authorities: ['别处民政局'] } }, '没有这个核查码');
    // Seen in January says nothing of May: three months are over.
    await refused({ visitedOn: on('01-20') }, '已经过了');
    expect(await one()).toMatchObject({ state: 'suspended' });
    expect(await database.sql`select from certification_visit`).toHaveLength(0);
  });
});

describe('whoever is not paid any more', () => {
  it('needs no certification: an open one falls away, one that kept money back stays until somebody is seen', async () => {
    await year.begin({ A: old('甲', 1), B: old('乙', 2) });
    await until('04', ['A', 'B']);
    await year.step(on('04-05'));
    await year.tellAll(on('04-05'));
    await year.handOver(on('04-05'));
    await year.month('2026-05', ['A', 'B']);
    await year.trace('B', { checkupOn: '2026-05-01' });
    expect(await year.step(on('05-06'))).toMatchObject({ suspended: 1, traced: 1 });
    await year.month('2026-08', ['B']);
    expect(await year.step(on('08-05'))).toMatchObject({ opened: 1 });
    await year.month('2026-09', ['A', 'B'], { kind: 'ended', verdict: 'ineligible' });
    expect(await year.step(on('09-05'))).toMatchObject({ void: 1 });
    expect((await live()).map(({ name, state }) => [name, state])).toEqual([['甲', 'suspended']]);
  });
});

describe('steps side by side', () => {
  it('open, remind, suspend and pay back nobody twice', { timeout: 120_000 }, async () => {
    const people = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`P${i}`, old(`人${i}`, i, i % 4 === 0 ? { checkupOn: '2026-03-01' } : {})]),
    );
    const who = Object.keys(people);
    await year.begin(people);
    await until('04', who);
    const together = async (at: Day) => {
      const reports = await Promise.all(Array.from({ length: 4 }, () => year.step(at, { chunk: 7 })));
      return reports.reduce(
        (sum, report) =>
          ({
            ...Object.fromEntries(Object.entries(report).map(([key, n]) => [key, n + sum[key as keyof typeof sum]])),
          }) as typeof sum,
      );
    };
    expect(await together(on('04-05'))).toEqual({ ...nothing, opened: 30, traced: 10 });
    await Promise.all([year.tellAll(on('04-05')), year.tellAll(on('04-05'))]);
    expect(await year.told()).toHaveLength(30);
    await year.handOver(on('04-05'));
    await year.month('2026-05', who);
    expect(await together(on('04-20'))).toEqual({ ...nothing, reminded: 30, visiting: 30 });
    expect(await together(on('05-06'))).toEqual({ ...nothing, suspended: 30, paused: 30 });
    for (const name of who) await year.trace(name, { checkupOn: '2026-05-08' });
    expect(await together(on('05-09'))).toMatchObject({ traced: 30, resumed: 30 });
    expect((await year.pay(on('05-20'))).lines).toBe(40);
  });
});
