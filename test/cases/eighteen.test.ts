// The eighteen cases of the domain, each from the departments' files to the bank's answer: given / when / then. Nothing in here says what the answer is
// before the product has worked it out; items are what a county would write, data are what departments would deliver.
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addWorkingDays, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { answer } from '../../src/disbursement/ask.ts';
import { openRecovery } from '../../src/disbursement/recovery.ts';
import { listRecoveries } from '../../src/disbursement/recovery-store.ts';
import { undeterminedSubjects } from '../../src/match/undetermined.ts';
import { correctReturned } from '../../src/payment/reissue.ts';
import type { Item } from '../../src/policy/item.ts';
import { liveItems } from '../../src/policy/store.ts';
import { itemOf } from '../settlement/ground.ts';
import { atOnce, type County, catalogue, firm, luquan, openCounty, panlong, resident } from './county.ts';

let county: County;
beforeEach(async () => {
  county = await openCounty();
});
afterEach(async () => {
  expect(await county.violations()).toEqual([]);
  await county.close();
});

const calendar = {
  holidays: new Set(catalogue.calendar.holidays),
  workdays: new Set(catalogue.calendar.workdays),
  knownFrom: catalogue.calendar.knownFrom,
  knownTo: catalogue.calendar.knownTo,
};

/** 高龄津贴: 60 yuan a month for whoever is eighty, lives here and was alive when the month began. */
const oldAge = (over: Partial<Item> = {}): Item =>
  itemOf('old-age', {
    title: '高龄津贴',
    lookback: 6,
    conditions: {
      all: [
        { fact: 'hukouRegion', operator: 'within', value: over.region ?? luquan },
        { fact: 'age', operator: 'greaterThanInclusive', value: 80 },
        {
          any: [
            { fact: 'deathDate', operator: 'absent', value: true },
            { fact: 'deathDate', operator: 'onOrAfter', value: { fact: 'period.start' } },
          ],
        },
      ],
    } as unknown as Item['conditions'],
    facts: { age: { text: '当月末周岁', feel: 'age at(birthDate, period.end)' } },
    award: { fixed: { yuan: 60 } },
    flow: atOnce,
    limits: [
      { once: 'period' },
      { claim: { kind: 'person', object: 'subject.key', group: 'old-age', per: 'period' }, text: '同一人同一月的高龄津贴只由一地发放' },
    ],
    ...over,
  });

/** An award for firms; `conditions` beside being a firm in good standing when it is paid. */
const award = (id: string, over: Partial<Item> = {}): Item =>
  itemOf(id, {
    audience: 'enterprise',
    period: 'yearly',
    conditions: { all: [{ fact: 'orgType', operator: 'equal', value: '企业' }] } as unknown as Item['conditions'],
    award: { fixed: { yuan: 10_000 } },
    flow: atOnce,
    limits: [{ once: 'period' }],
    ...over,
  });

const wang = resident(1, '王一');
const zhao = resident(2, '赵二');
const [jia, yi] = [firm(1, '甲公司'), firm(2, '乙公司')];

describe('death', () => {
  it('case 1: dies on 31 January, three sources tell by 10 February: February is not paid, January was the last month', async () => {
    await county.publish([oldAge()]);
    await county.residents('2026-01-15', [wang, zhao]);
    await county.night('2026-01-15');
    await county.pay('old-age', '2026-01-20');
    // February begins before anybody has told: it is promised, not paid.
    await county.residents('2026-02-01', [wang, zhao]);
    await county.night('2026-02-01');
    expect(await county.lines('old-age')).toContain('王一 2026-02 granted 60.00');

    await county.deliver('health-deaths', 'list', '2026-02-02', [`${wang.id},2026-01-31`]);
    await county.deliver('civil-cremations', 'list', '2026-02-03', [`${wang.id},2026-02-01`]);
    await county.deliver('police-residents', 'changes', '2026-02-10', [`${wang.id},${wang.name},${luquan},女,${wang.birth},2026-02-02`]);
    await county.night('2026-02-15');
    const february = await county.pay('old-age', '2026-02-20');

    expect((await county.sealedLines(february)).map((line) => line.payeeName)).toEqual(['赵二']);
    expect(await county.lines('old-age')).toEqual([
      '王一 2026-01 granted 60.00',
      '王一 2026-02 ended 0.00 stop',
      '赵二 2026-01 granted 60.00',
      '赵二 2026-02 granted 60.00',
    ]);
    expect(await county.budget('old-age')).toEqual({ available: '-180.00', paid: '180.00' });
  });

  it('case 1, told only on the morning of the payment: the second look leaves the line out', async () => {
    await county.publish([oldAge()]);
    await county.residents('2026-02-10', [wang, zhao]);
    await county.night('2026-02-10');
    await county.deliver('health-deaths', 'list', '2026-02-20', [`${wang.id},2026-01-31`]);

    const sealed = await county.seal('old-age', '2026-02-20');

    expect(sealed.batch?.lines).toBe(1);
    expect(sealed.excluded.map((one) => one.reasons)).toEqual([['已于2026年1月31日去世，之后的期别不再发放。']]);
  });

  it('case 2: the record arrives on 25 February, after the payment: one month is over-paid, and only that month', async () => {
    await county.publish([oldAge({ overpaid: { tellWorkingDays: 5, dueMonths: 3, clause: '第九条' } })]);
    await county.residents('2026-01-15', [wang, zhao]);
    await county.night('2026-01-15');
    await county.pay('old-age', '2026-01-20');
    await county.residents('2026-02-10', [wang, zhao]);
    await county.night('2026-02-10');
    await county.pay('old-age', '2026-02-20');

    await county.deliver('health-deaths', 'list', '2026-02-25', [`${wang.id},2026-01-31`]);
    await county.night('2026-02-25');

    const over = await county.database.sql`
      select period_key as period, recover_fen as fen, reasons -> 1 ->> 'text' as why from settlement_line where recover_fen > 0`;
    expect(over).toEqual([{ period: '2026-02', fen: 6_000n, why: '按最新核定多发 60.00 元，待追回。' }]);
    // A person stands behind the stop: it waits for review, nobody is told by machine alone.
    const [stop] = await county.database.sql`select state, match_kind from disbursement where line_id is null`;
    expect(stop).toEqual({ state: 'reviewing', match_kind: 'ended' });

    // The machine proposes, a person opens the case: told within five working days, due in three months.
    await county.recover('2026-02-25');
    const find = async () => (await listRecoveries(county.database.db, { scope: everything, limit: 10 })).rows;
    const [proposed] = await find();
    expect(proposed).toMatchObject({ state: 'proposed', amountFen: 6_000n, periodKey: '2026-02', tellBy: '2026-03-03', dueOn: null });
    const clerk = { actor: { id: 'reviewer', role: 'reviewer' }, scope: everything, now: new Date('2026-02-26T02:00:00Z'), calendar };
    await transaction(county.database.db, (tx) =>
      openRecovery(tx, { ...clerk, id: proposed?.id ?? '', today: day('2026-02-26'), reason: '1月31日去世，2月多发一个月' }),
    );
    expect(await find()).toMatchObject([{ state: 'open', amountFen: 6_000n, dueOn: '2026-05-26', clause: '第九条' }]);
  });
});

describe('one thing, once', () => {
  it('case 3: a graduate claimed by firm A, then by firm B: B is refused, the reason names the rule and not A', async () => {
    const hiring = (id: string, title: string) =>
      award(id, {
        title,
        each: { list: 'hires', as: 'hire', where: 'each.hasLaborContract', key: 'personId' },
        award: { fixed: { yuan: 1_500 } },
        limits: [
          { once: 'period' },
          {
            text: '同一毕业生只由一家单位享受一次',
            claim: { kind: 'graduate', object: 'each.personId', group: 'hire', per: 'ever', orderBy: 'each.hiredDate' },
          },
        ],
      });
    const graduate = resident(9, '毕业生', '2003-05-01').id;
    const hired = (of: string, on: string) => `${of},${graduate},${on},2025-06-30,2025,2003-05-01,否,否,是,4`;
    await county.publish([hiring('kuogang', '扩岗补助'), hiring('xina', '吸纳就业补助')]);
    await county.firms('2026-06-01', [jia, yi]);
    // B's row arrives first, A's event is the earlier one: what arrives first does not matter.
    await county.deliver('hrss-hires', 'list', '2026-06-01', [hired(yi.id, '2026-03-01')]);
    await county.night('2026-06-01');
    await county.deliver('hrss-hires', 'list', '2026-06-10', [hired(yi.id, '2026-03-01'), hired(jia.id, '2026-02-01')]);
    await county.night('2026-06-10');
    const sealed = [await county.seal('kuogang', '2026-06-15'), await county.seal('xina', '2026-06-15')];

    // Both items pay, and each firm stands in both: of four claims on one graduate one is granted, to A.
    const lines = [...(await county.lines('kuogang')), ...(await county.lines('xina'))];
    expect(lines.filter((line) => line.includes('granted'))).toEqual(['甲公司 2026 granted 1500.00']);
    expect(lines.filter((line) => line.includes('乙公司'))).toEqual(['乙公司 2026 refused 0.00 claim', '乙公司 2026 refused 0.00 claim']);
    expect(sealed.reduce((n, one) => n + (one.batch?.lines ?? 0), 0)).toBe(1);
    const texts = await county.database.sql<{ text: string }[]>`
      select distinct reasons -> 0 ->> 'text' as text from settlement_line where state = 'refused'`;
    expect(texts.map((row) => row.text)).toEqual(['同一毕业生只由一家单位享受一次，已计入在先的一笔，本笔不再计。']);
  });

  it('case 4: two items of one exclusion group, the higher approved later: only the difference is paid', async () => {
    const limits: Item['limits'] = [{ exclusive: { group: 'growth', per: 'year' } }];
    await county.publish([award('small', { title: '小升规奖励', award: { fixed: { yuan: 30_000 } }, limits })]);
    await county.firms('2026-06-01', [jia]);
    await county.night('2026-06-01');
    await county.pay('small', '2026-06-10');

    await county.publish([award('large', { title: '高成长奖励', award: { fixed: { yuan: 100_000 } }, limits })]);
    await county.firms('2026-07-01', [jia]);
    await county.night('2026-07-01');
    await county.pay('large', '2026-07-10');

    expect(await county.records('small')).toEqual(['甲公司 2026 paid 30000.00']);
    expect(await county.records('large')).toEqual(['甲公司 2026 paid 70000.00']);
    expect(await county.lines('large')).toEqual(['甲公司 2026 reduced 70000.00 exclusive']);
  });

  it('case 5: a growth award is the year less the quarter already paid, capped at two million, never below nothing', async () => {
    const bing = firm(3, '丙公司');
    await county.publish([award('quarter', { period: 'quarterly', award: { fixed: { yuan: 50_000 } } })]);
    await county.firms('2026-03-10', [jia, yi, bing]);
    await county.deliver('tax-yearly', 'full', '2026-03-10', [
      `${jia.id},2025,30000000,30000000,0,0`,
      `${yi.id},2025,900000000,900000000,0,0`,
      `${bing.id},2025,1000000,1000000,0,0`,
    ]);
    await county.night('2026-03-10');
    await county.pay('quarter', '2026-03-15');

    await county.publish([
      award('year', {
        facts: { last: { text: '上年营业收入', feel: 'value at(revenue, string(period.end.year - 1))' } },
        award: { rate: { base: 'last', rate: 0.01 }, cap: 2_000_000, deduct: 'paid("quarter")' },
      }),
    ]);
    await county.night('2026-03-20');

    // 1 % of 30 million less 50,000; of 900 million two million at most, less 50,000; of one million less than was paid already.
    expect(await county.lines('year')).toEqual([
      '丙公司 2026 refused 0.00 zero',
      '乙公司 2026 granted 1950000.00',
      '甲公司 2026 granted 250000.00',
    ]);
  });
});

describe('asking, telling, paying', () => {
  it('case 6: 71 firms without account and size class: asked, reminded, named in public, deemed to give up; one completes on the last evening', async () => {
    const firms = Array.from({ length: 71 }, (_, i) => firm(100 + i, `企业${String(i).padStart(2, '0')}`, { account: null }));
    await county.publish([
      award('upgrade', {
        flow: { first: ['guard', 'ask', 'pay'], continuing: ['guard', 'pay'] },
        ask: {
          fields: [{ id: 'size', label: '企业规模', kind: 'choice', options: ['中型', '小型', '微型'] }],
          days: 7,
          late: 'waive',
          named: { workingDays: 5 },
          clause: '第六条',
        },
      }),
    ]);
    await county.firms('2026-06-01', firms);
    await county.night('2026-06-01');
    await county.reached('2026-06-01');
    for (let n = 2; n <= 9; n++) {
      await county.evening(`2026-06-0${n}`);
      await county.reached(`2026-06-0${n}`);
    }
    const told = await county.database.sql`
      select nl.template, count(distinct nl.subject_id)::int as firms from notice_line nl group by 1 order by 1`;
    expect(told).toEqual(
      ['ask-reminder-1', 'ask-reminder-2', 'ask-reminder-3', 'asking', 'named'].map((template) => ({ template, firms: 71 })),
    );
    expect((await county.records('upgrade')).filter((line) => line.includes('named')).length).toBe(71);

    const last = addWorkingDays(day('2026-06-09'), 5, calendar);
    const [mine] = await county.database.sql<{ id: string }[]>`
      select d.id from disbursement d join record r on r.subject_id = d.subject_id where r.name = '企业70'`;
    await county.evening(last ?? '');
    await transaction(county.database.db, (tx) =>
      answer(tx, {
        id: mine?.id ?? '',
        actor: { id: 'firm70', role: 'beneficiary' },
        by: 'beneficiary',
        scope: everything,
        now: new Date(`${last}T15:00:00Z`),
        today: day(last ?? ''),
        calendar,
        account: '5301288009999999',
        bank: '云溪农商银行',
        bankCode: '313651027012',
        fields: { size: '小型' },
        reason: '企业自己填报',
      }),
    );
    await county.evening('2026-06-17');
    const sealed = await county.pay('upgrade', '2026-06-20');

    expect((await county.sealedLines(sealed)).map((line) => line.payeeName)).toEqual(['企业70']);
    const states = await county.database.sql`select state, count(*)::int as n from disbursement group by 1 order by 1`;
    expect(states).toEqual([
      { state: 'paid', n: 1 },
      { state: 'waived', n: 70 },
    ]);
  });

  it('case 7: the bank returns 40 of 1,000 for the name: corrected, paid by new orders that name the old; sums agree in 分', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => resident(i, `居民${String(i).padStart(4, '0')}`));
    await county.publish([oldAge()]);
    await county.residents('2026-02-10', many);
    await county.night('2026-02-10');
    const first = await county.seal('old-age', '2026-02-20');
    await county.approve(first, '2026-02-20');
    await county.release(first, '2026-02-20');
    const wrong = (line: { readonly position: number }) => line.position % 25 === 0;
    await county.answer(first, '2026-02-20', (line) => (wrong(line) ? { kind: 'returned', code: 'name', text: '户名不符' } : {}));
    expect(await county.budget('old-age')).toEqual({ available: '-60000.00', reserved: '2400.00', paid: '57600.00' });

    const back = (await county.sealedLines(first)).filter(wrong);
    for (const line of back)
      await transaction(county.database.db, (tx) =>
        correctReturned(tx, {
          disbursementId: line.disbursementId,
          account: `62220299${String(line.position).padStart(8, '0')}`,
          reason: '本人带卡来改',
          actor: { id: 'clerk', role: 'finance' },
          by: 'finance',
          scope: everything,
          now: new Date('2026-02-23T02:00:00Z'),
        }),
      );
    const second = await county.pay('old-age', '2026-02-24');

    const again = await county.sealedLines(second);
    expect(again.length).toBe(40);
    expect(new Set(again.map((line) => line.replaces))).toEqual(new Set(back.map((line) => line.id)));
    expect(again.filter((line) => back.some((old) => old.endToEndId === line.endToEndId))).toEqual([]);
    expect(await county.budget('old-age')).toEqual({ available: '-60000.00', paid: '60000.00' });
    const [bank] = await county.database.sql`
      select sum(l.amount_fen)::bigint as fen from line_event e join payment_line l on l.id = e.line_id where e.kind = 'paid'`;
    expect(bank).toEqual({ fen: 6_000_000n });
  });

  it('case 8: the bank says “processing”: not sent again, asked, then paid', async () => {
    await county.publish([oldAge()]);
    await county.residents('2026-02-10', [wang]);
    await county.night('2026-02-10');
    const sealed = await county.seal('old-age', '2026-02-20');
    await county.approve(sealed, '2026-02-20');
    await county.release(sealed, '2026-02-20');
    await county.answer(sealed, '2026-02-20', () => ({ kind: 'unknown', text: '处理中' }));
    expect(await county.records('old-age')).toEqual(['王一 2026-02 unknown 60.00']);

    await county.night('2026-02-21');
    expect((await county.seal('old-age', '2026-02-22')).batch).toBeNull();

    await county.answer(sealed, '2026-02-23');
    expect(await county.records('old-age')).toEqual(['王一 2026-02 paid 60.00']);
    expect((await county.database.sql`select id from payment_line`).length).toBe(1);
  });

  it('case 9: two on one card are flagged for whoever checks; a parent’s account for two children is not', async () => {
    const li = resident(5, '李父', '1990-01-01');
    const children = [resident(6, '李大', '2018-01-01'), resident(7, '李二', '2020-01-01')].map(({ card: _, ...child }) => child);
    await county.publish([
      oldAge(),
      oldAge({
        id: 'child',
        title: '儿童补助',
        facts: { age: { text: '当月末周岁', feel: 'age at(birthDate, period.end)' } },
        conditions: { all: [{ fact: 'age', operator: 'lessThan', value: 16 }] } as unknown as Item['conditions'],
        limits: [{ once: 'period' }],
        accounts: ['card', 'guardian'],
      }),
    ]);
    await county.residents('2026-02-10', [wang, { ...zhao, card: wang.card ?? '' }, resident(3, '孙三'), li, ...children]);
    await county.deliver(
      'civil-guardians',
      'full',
      '2026-02-10',
      children.map((child) => `${child.id},${li.id},2020-01-01,`),
    );
    await county.night('2026-02-10');
    const flagsOf = async (item: string) =>
      Object.fromEntries(
        (await county.sealedLines(await county.seal(item, '2026-02-20'))).map((line) => [
          `${line.payeeName} ${line.account.slice(-4)}`,
          (line.guards.flags ?? []).filter((flag) => flag.includes('同一账户')),
        ]),
      );

    expect(await flagsOf('old-age')).toEqual({
      '王一 0001': ['另有 1 人用同一账户'],
      '赵二 0001': ['另有 1 人用同一账户'],
      '孙三 0003': [],
    });
    expect(await flagsOf('child')).toEqual({ '李父 0005': [] });
    expect((await county.records('child')).map((line) => line.split(' ').slice(0, 3).join(' ')).toSorted()).toEqual([
      '李二 2026-02 sealed',
      '李大 2026-02 sealed',
    ]);
  });

  it('case 10: a firm is deregistered between approval and payment: its line is withheld at release, the other is paid', async () => {
    await county.publish([award('upgrade')]);
    await county.firms('2026-06-01', [jia, yi]);
    await county.night('2026-06-01');
    const sealed = await county.seal('upgrade', '2026-06-05');
    await county.approve(sealed, '2026-06-05');
    await county.deliver('market-status', 'changes', '2026-06-06', [`${jia.id},注销,${luquan},2026-06-06,`]);

    expect(await county.release(sealed, '2026-06-06')).toEqual([['登记状态为注销。']]);
    await county.answer(sealed, '2026-06-06', (line) => (line.payeeName === '甲公司' ? { kind: 'accepted' } : {}));

    expect(await county.records('upgrade')).toEqual(['乙公司 2026 paid 10000.00', '甲公司 2026 ready 10000.00']);
    expect((await county.seal('upgrade', '2026-06-08')).batch).toBeNull();
  });

  it('case 11: on the blacklist on match day, repaired by payment day: paid where the item asks at payment, not before', async () => {
    const clean = (checkAt: 'payment' | 'match') =>
      ({
        all: [
          { fact: 'orgType', operator: 'equal', value: '企业' },
          { fact: 'blacklists', operator: 'absent', value: true, checkAt },
        ],
      }) as unknown as Item['conditions'];
    await county.publish([award('at-payment', { conditions: clean('payment') }), award('at-match', { conditions: clean('match') })]);
    await county.firms('2026-03-01', [jia]);
    await county.deliver('credit-blacklists', 'list', '2026-03-01', [`${jia.id},严重失信主体名单,2026-01-10,`]);
    await county.night('2026-03-01');
    const early = await county.seal('at-payment', '2026-03-05');
    await county.deliver('credit-blacklists', 'list', '2026-03-18', [`${jia.id},严重失信主体名单,2026-01-10,2026-03-15`]);
    await county.pay('at-payment', '2026-03-20');

    expect(early.batch).toBeNull();
    expect(early.excluded[0]?.reasons.join('')).toContain('付款条件未满足');
    expect(await county.records('at-payment')).toEqual(['甲公司 2026 paid 10000.00']);
    expect(await county.records('at-match')).toEqual([]);
  });
});

describe('budgets, days, places', () => {
  it('case 12: a budget of 10 million, claims of 10.4 million: first come, pro rata, carried over', async () => {
    const firms = Array.from({ length: 26 }, (_, i) => firm(200 + i, `企业${String(i).padStart(2, '0')}`));
    const limited = (id: string, more: object): Item =>
      award(id, {
        award: { fixed: { yuan: 400_000 } },
        budget: { kind: 'limited', yuan: 10_000_000, order: 'establishedDate', ...more },
      });
    await county.publish([
      limited('first', {}),
      limited('prorata', { give: 'prorata', cutoff: '06-30' }),
      limited('carried', { carry: true }),
    ]);
    await county.firms('2026-06-10', firms);
    await county.night('2026-06-10');
    const grouped = async (item: string, period = '2026') =>
      Object.entries(
        Object.groupBy(
          (await county.lines(item)).filter((line) => line.split(' ')[1] === period).map((line) => line.split(' ').slice(2).join(' ')),
          (line) => line,
        ),
      )
        .map(([line, all]) => `${all?.length} × ${line}`)
        .sort();
    const served = ['1 × waiting 0.00 budget', '25 × granted 400000.00'];
    expect([await grouped('first'), await grouped('prorata'), await grouped('carried')]).toEqual([
      served,
      ['26 × waiting 0.00 budget'],
      served,
    ]);

    await county.firms('2026-07-01', firms);
    await county.night('2026-07-01');
    // 10,000,000.00 ÷ 26 = 384,615.384…: twelve get the 分 left over, and it adds up.
    expect(await grouped('prorata')).toEqual(['12 × reduced 384615.39 budget', '14 × reduced 384615.38 budget']);
    expect(await county.budget('prorata')).toEqual({ appropriation: '-10000000.00', reserved: '10000000.00' });

    await county.firms('2027-01-05', firms);
    await county.night('2027-01-05');
    // Next year's money: the one who waited first, then the new claims, of which two wait.
    expect(await grouped('carried')).toEqual(['26 × granted 400000.00']);
    expect(await grouped('carried', '2027')).toEqual(['2 × waiting 0.00 budget', '24 × granted 400000.00']);
    expect(await grouped('first')).toEqual(served);
    expect(await county.budget('carried', 2027)).toEqual({ appropriation: '-10000000.00', reserved: '10000000.00' });
  });

  it('case 13: five working days of publicity over the October holiday, with its moved working Saturday', async () => {
    await county.publish([
      award('upgrade', { flow: { first: ['guard', 'publicity', 'pay'], continuing: ['guard', 'pay'] }, publicity: { workingDays: 5 } }),
    ]);
    await county.firms('2026-09-28', [jia]);
    await county.night('2026-09-28');
    // 29, 30 September, then the holiday from 1 to 7 October, 8, 9 and the Saturday 10, on which people work.
    const [shown] = await county.database.sql`select state, window_from as "from", due_on as until from disbursement`;
    expect(shown).toEqual({ state: 'publicity', from: '2026-09-28', until: '2026-10-10' });
    await county.evening('2026-10-10');
    expect(await county.records('upgrade')).toEqual(['甲公司 2026 publicity 10000.00']);
    await county.evening('2026-10-11');
    expect(await county.records('upgrade')).toEqual(['甲公司 2026 ready 10000.00']);
  });

  it('case 14: moves out on the 15th of a month paid by the month: the next district does not pay it again', async () => {
    const lived = (region: string) =>
      ({ all: [{ fact: 'hukouRegion', operator: 'within', value: region, on: 'any' }] }) as unknown as Item['conditions'];
    await county.publish([
      oldAge({ conditions: lived(luquan) }),
      oldAge({ id: 'old-age-next', region: panlong, authority: '邻区民政局', conditions: lived(panlong) }),
    ]);
    await county.residents('2026-04-10', [wang]);
    await county.night('2026-04-10');
    await county.pay('old-age', '2026-04-12');

    await county.deliver('police-hukou', 'changes', '2026-04-20', [`${wang.id},${panlong},农村,2026-04-15,`]);
    await county.night('2026-04-20');
    expect(await county.lines('old-age-next')).toEqual(['王一 2026-04 refused 0.00 claim']);

    // From the month after on the next district pays, and the first does not.
    await county.residents('2026-05-10', [wang]);
    await county.deliver('police-hukou', 'changes', '2026-05-10', [`${wang.id},${panlong},农村,2026-04-15,`]);
    await county.night('2026-05-10');
    expect((await county.lines('old-age-next')).at(-1)).toBe('王一 2026-05 granted 60.00');
    expect(await county.records('old-age')).toEqual(['王一 2026-04 paid 60.00']);
  });
});

describe('data and rules that change', () => {
  it('case 15: a source is 40 days old, its limit 31: 待核, not 不符合, and the datum and its day are named', async () => {
    await county.publish([oldAge()]);
    await county.residents('2026-01-05', [wang]);
    for (const [dataset, rows] of [
      ['police-residents', [`${wang.id},${wang.name},${luquan},女,${wang.birth},`]],
      ['social-cards', []],
    ] as const)
      await county.deliver(dataset, dataset === 'social-cards' ? 'changes' : 'full', '2026-02-14', rows);
    for (const dataset of ['health-deaths', 'civil-cremations']) await county.deliver(dataset, 'list', '2026-02-14', []);
    await county.night('2026-02-14');

    const [version] = await liveItems(county.database.db);
    if (version === undefined) throw new Error('no item');
    const { rows } = await undeterminedSubjects(county.database.db, { version, catalogue, periodKey: '2026-02', scope: everything });
    expect(rows.map((row) => [row.name, row.missing])).toEqual([
      ['王一', [expect.objectContaining({ fact: 'hukouRegion', dataset: 'police-hukou', reason: 'stale', asOf: '2026-01-05' })]],
    ]);
    expect(await county.lines('old-age')).toEqual([]);
  });

  it('case 16: refused on a wrong date of birth; the police correct it: the past months are paid', async () => {
    const young = { ...wang, birth: '1950-01-01' };
    await county.publish([oldAge({ effective: { from: day('2026-01-01'), to: null } })]);
    await county.residents('2026-01-15', [young, zhao]);
    await county.night('2026-01-15');
    await county.residents('2026-02-15', [young, zhao]);
    await county.night('2026-02-15');
    expect((await county.lines('old-age')).filter((line) => line.startsWith('王一'))).toEqual([]);

    await county.residents('2026-03-10', [wang, zhao]);
    await county.night('2026-03-10');
    await county.pay('old-age', '2026-03-20');

    expect((await county.records('old-age')).filter((line) => line.startsWith('王一'))).toEqual([
      '王一 2026-01 paid 60.00',
      '王一 2026-02 paid 60.00',
      '王一 2026-03 paid 60.00',
    ]);
  });

  it('case 17: somebody adds a row to a sealed batch in the database: nothing is signed, nothing leaves', async () => {
    await county.publish([oldAge()]);
    await county.residents('2026-02-10', [wang, zhao]);
    await county.night('2026-02-10');
    const sealed = await county.seal('old-age', '2026-02-20');
    const owner = postgres(county.database.ownerUrl, { max: 1, onnotice: () => undefined });
    await owner`
      insert into payment_line select (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid(), 'position', 3, 'end_to_end_id', 'ADDED'))).*
      from payment_line l where l.position = 1`;
    // Its account is sealed to another row: whoever wrote it does not have the county's keys.
    await expect(county.approve(sealed, '2026-02-20')).rejects.toThrow('internal.sealed');
    await expect(county.release(sealed, '2026-02-20')).rejects.toThrow();
    await owner`delete from payment_line where end_to_end_id = 'ADDED'`;
    // A row that is there, with another amount: the content is not what its hash says.
    await owner`update payment_line set amount_fen = amount_fen + 1 where position = 2`;
    await expect(county.approve(sealed, '2026-02-20')).rejects.toThrow('state.tampered');
    await owner`update payment_line set amount_fen = amount_fen - 1 where position = 2`;
    await owner.end();
    await county.approve(sealed, '2026-02-20');
  });

  it('case 18: a rule is edited mid-period: the old match keeps its version, a re-run shows and pays the difference', async () => {
    await county.publish([oldAge()]);
    await county.residents('2026-02-10', [wang]);
    await county.night('2026-02-10');
    await county.pay('old-age', '2026-02-12');

    await county.publish([oldAge({ award: { fixed: { yuan: 80 } } })], 2);
    await county.night('2026-02-15');

    const matches = await county.database.sql`
      select version, kind, amount_fen as fen from match where period_key = '2026-02' order by sequence`;
    expect(matches).toEqual([
      { version: 1, kind: 'first', fen: 6_000n },
      { version: 2, kind: 'changed', fen: 8_000n },
    ]);
    await county.pay('old-age', '2026-02-20');
    expect(await county.records('old-age')).toEqual(['王一 2026-02 paid 60.00', '王一 2026-02 paid 20.00']);
    expect(await county.budget('old-age')).toEqual({ available: '-80.00', paid: '80.00' });
  });
});
