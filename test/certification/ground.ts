// Ground for tests of 资格认证: people paid month after month by an item that asks for certification every three months, and the days of a year going by.
import { type Day, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import type { Catalogue, Fact } from '../../src/catalogue/catalogue.ts';
import { type CertifyReport, certify } from '../../src/certification/certify.ts';
import { type Listed, listTurns } from '../../src/certification/store.ts';
import { recordVisit, type VisitAsk } from '../../src/certification/visit.ts';
import { transaction } from '../../src/db/handle.ts';
import { tell } from '../../src/notice/tell.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import type { Certify } from '../../src/policy/certify.ts';
import type { Item } from '../../src/policy/item.ts';
import { contactReader, linkNames } from '../../src/record/contact-store.ts';
import type { TestDatabase } from '../database.ts';
import { fund, catalogue as paid, paying, person, toReady } from '../payment/ground.ts';
import { idOf, publish, runWith, settlePeople } from '../settlement/ground.ts';

const fact = (key: string, label: string, more: Partial<Fact>): Fact => ({
  ...{
    key,
    label,
    register: 'citizen',
    type: 'date',
    datasets: ['test-facts'],
    sensitivity: 'sensitive',
    purposes: ['*'],
    legalUse: 'decide',
  },
  ...more,
});

export const catalogue: Catalogue = {
  ...paid,
  facts: [
    ...paid.facts,
    fact('checkupOn', '健康体检日期', {}),
    fact('kept', '授权给别的事项的日期', { purposes: ['other'] }),
    fact('rides', '公交刷卡', { type: 'series', every: 'month' }),
    fact('clinic', '门诊就医', {
      type: 'list',
      elementKey: 'id',
      purposes: ['g'],
      fields: [
        { key: 'id', label: '编号', type: 'text' },
        { key: 'on', label: '日期', type: 'date' },
      ],
    }),
  ],
};

export const terms: Certify = {
  everyMonths: 3,
  windowDays: 30,
  remindAfterDays: [10, 20],
  visitAfterDays: 15,
  silent: [{ fact: 'checkupOn' }, { fact: 'rides' }, { fact: 'clinic', field: 'on' }],
  how: '带身份证到村（居）委会，或打电话约上门',
  late: 'suspend',
  clause: '第九条 领取人每年认证一次',
};

export const certifying = (over: Partial<Item> = {}): Item => paying('g', { title: '高龄津贴', certify: terms, ...over });

export const yearOf = (database: TestDatabase) => {
  let source = '';
  const reading = (on: Day) => ({ read: contactReader(catalogue, on), link: linkNames(catalogue) });
  /** Departments deliver again, so that nothing is too old. */
  const fresh = (on: Day) => database.sql`update record_part set as_of = ${on}`;
  const step = (on: Day, over: { chunk?: number } = {}): Promise<CertifyReport> =>
    certify(database.db, { now: new Date(`${on}T18:40:00Z`), today: on, catalogue, read: reading(on).read, ...over });
  return {
    step,
    fresh,
    /** Everybody's first month, January 2026. */
    begin: async (people: Readonly<Record<string, Readonly<Record<string, unknown>>>>, item: Item = certifying()): Promise<void> => {
      await settlePeople(database, people);
      await publish(database, [item]);
      source = await fund(database, item.id);
    },
    /** A month's run, and its records as far as they go by themselves. */
    month: async (
      period: string,
      who: readonly string[],
      over: { kind?: string; verdict?: 'ineligible' | 'undetermined' } = {},
    ): Promise<void> => {
      const on = day(`${period}-05`);
      await fresh(on);
      const kind = over.kind ?? (period === '2026-01' ? 'first' : 'continuing');
      await runWith(
        database,
        who.map((subject) => ({ item: 'g', subject, period, kind, ...(over.verdict === undefined ? {} : { verdict: over.verdict }) })),
        { knownAt: on },
      );
      await toReady(database, on);
    },
    /** What may be paid is sealed; how many lines, and of whom the others were left out and why. */
    pay: async (
      on: Day,
    ): Promise<{ readonly lines: number; readonly left: readonly string[]; readonly batch: { id: string; hash: string } | null }> => {
      await fresh(on);
      const { batch, excluded } = await sealBatch(database.db, {
        ...{ now: new Date(`${on}T02:00:00Z`), today: on, catalogue, sourceId: source, payOn: on },
        maker: { id: 'maker', role: 'finance-maker' },
      });
      return { lines: batch?.lines ?? 0, left: excluded.flatMap((one) => one.reasons), batch };
    },
    tellAll: (on: Day) =>
      tell(database.db, {
        ...{ now: new Date(`${on}T19:00:00Z`), today: on, ...reading(on), label: (key: string) => key },
        ...{ mail: true, messageDomain: 'test.example' },
      }),
    /** Letters handed over, mail that arrived. */
    handOver: (on: Day) => database.sql`update notice set state = 'sent', sent_at = ${new Date(`${on}T03:00:00Z`)} where state = 'pending'`,
    trace: (who: string, facts: Readonly<Record<string, unknown>>) => {
      const cells = Object.fromEntries(Object.entries(facts).map(([name, v]) => [name, [{ v }]]));
      return database.sql`update record_part set cells = cells || ${database.sql.json(cells as never)} where subject_id = ${idOf(who)}`;
    },
    turns: (states: readonly Listed['state'][] = ['open', 'visiting', 'suspended', 'deceased', 'certified', 'void']) =>
      listTurns(database.db, { scope: everything, states, limit: 1_000 }),
    visit: (code: string, on: Day, over: Partial<VisitAsk> = {}) =>
      transaction(database.db, (tx) =>
        recordVisit(tx, {
          ...{ code, result: 'met', way: 'home', visitedOn: on, visitor: '村干部赵明', note: '在家见到本人，精神好' },
          ...{ actor: { id: 'u1', role: 'reviewer' }, scope: everything, now: new Date(`${on}T08:00:00Z`), today: on },
          ...over,
        }),
      ),
    states: async (): Promise<readonly string[]> =>
      (
        await database.sql<{ period: string; state: string }[]>`
          select r.key || ' ' || d.period_key as period, d.state from disbursement d join record r on r.subject_id = d.subject_id order by 1`
      ).map((row) => `${row.period} ${row.state}`),
    told: async (): Promise<readonly string[]> =>
      (await database.sql<{ t: string }[]>`select template || ' ' || channel as t from notice order by created_at, template`).map(
        (n) => n.t,
      ),
  };
};

export const old = (name: string, n: number, more: Readonly<Record<string, unknown>> = {}) =>
  person(name, n, { email: 'a@example.org', ...more });
