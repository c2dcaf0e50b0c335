// Ground for tests of payment: people whose death and account one dataset tells, items that pay them, and the steps up to a record that is ready.
import { type Day, day } from '../../src/base/day.ts';
import type { Catalogue, Fact } from '../../src/catalogue/catalogue.ts';
import { transaction } from '../../src/db/handle.ts';
import { advance } from '../../src/disbursement/advance.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { addFundingSource } from '../../src/payment/funding-store.ts';
import type { FundingSource } from '../../src/payment/payment.ts';
import type { Item } from '../../src/policy/item.ts';
import { contactReader, linkNames } from '../../src/record/contact-store.ts';
import { settle } from '../../src/settlement/settle.ts';
import type { TestDatabase } from '../database.ts';
import { at, calendar, itemOf, catalogue as plain, publish, runWith, settlePeople, today } from '../settlement/ground.ts';

const fact = (key: string, type: Fact['type']): Fact => ({
  key,
  label: key === 'deathDate' ? '死亡日期' : key === 'listed' ? '失信名单' : key,
  register: 'citizen',
  type,
  datasets: ['test-facts'],
  sensitivity: 'personal',
  purposes: ['*'],
  legalUse: 'decide',
});

export const catalogue: Catalogue = { ...plain, facts: [...plain.facts, fact('deathDate', 'date'), fact('listed', 'boolean')] };

/** Complete for payment: alive, on no list, an account with its bank. */
export const person = (name: string, n: number, more: Readonly<Record<string, unknown>> = {}) => ({
  name,
  account: `62220200000${String(n).padStart(5, '0')}`,
  accountName: name,
  bankName: '云溪农商银行',
  bankCode: '313651027012',
  deathDate: null,
  listed: false,
  ...more,
});

export const paying = (id: string, over: Partial<Item> = {}): Item =>
  itemOf(id, {
    conditions: {
      all: [
        { fact: 'deathDate', operator: 'absent', value: true },
        { fact: 'listed', operator: 'equal', value: false, checkAt: 'payment', text: '付款时不在失信名单' },
      ],
    },
    flow: { first: ['guard', 'pay'], continuing: ['guard', 'pay'] },
    ...over,
  });

/** Who is called maker or issuer is one; whoever else signs, checks. */
export const actor = (id: string, role = `finance-${id === 'maker' || id === 'issuer' ? id : 'checker'}`) => ({ id, role });
export const steps = (on: Day = today) => ({ now: new Date(`${on}T02:00:00Z`), today: on, catalogue });

/** From matches to records that are ready. */
export const toReady = async (database: TestDatabase, on: Day = today): Promise<void> => {
  const now = new Date(`${on}T02:00:00Z`);
  const reading = { now, today: on, calendar, read: contactReader(catalogue, on), link: linkNames(catalogue) };
  await settle(database.db, { now });
  await prefill(database.db, reading);
  await advance(database.db, reading);
};

export const fund = (
  database: TestDatabase,
  itemId: string,
  format = 'agent-csv',
  over: Partial<Omit<FundingSource, 'id'>> = {},
): Promise<string> =>
  transaction(database.db, (tx) =>
    addFundingSource(
      tx,
      {
        itemId,
        year: 2026,
        document: '云财预〔2026〕12号',
        projectCode: 'P2026001',
        subjectCode: '2081002',
        nature: 'budget',
        payerName: '云溪县财政局',
        payerAccount: '6200000000000001',
        payerBank: '云溪农商银行',
        payerBankCode: '313651027012',
        format,
        amountFen: 100_000_000_000n,
        level: 'county',
        shareBp: null,
        rank: 0,
        ...over,
      },
      { actor: 'treasury', role: 'finance-maker', at },
    ),
  );

/** People with their matches of one item and period, ready to be paid, and where the money comes from. */
export const ready = async (
  database: TestDatabase,
  people: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  over: { readonly item?: Item; readonly yuan?: number; readonly format?: string; readonly period?: string; readonly start?: string } = {},
): Promise<string> => {
  const item = over.item ?? paying('a');
  await settlePeople(database, people);
  await publish(database, [item]);
  await runWith(
    database,
    Object.keys(people).map((subject) => ({
      item: item.id,
      subject,
      yuan: over.yuan ?? 100,
      ...(over.period === undefined ? {} : { period: over.period }),
      ...(over.start === undefined ? {} : { start: over.start }),
    })),
  );
  await toReady(database);
  return await fund(database, item.id, over.format);
};

/** What a department delivers later about somebody. */
export const retell = async (database: TestDatabase, id: string, facts: Readonly<Record<string, unknown>>): Promise<void> => {
  const cells = Object.fromEntries(Object.entries(facts).map(([name, v]) => [name, [{ v }]]));
  await database.sql`update record_part set cells = cells || ${database.sql.json(cells as never)} where subject_id = ${id}`;
};

export const payDay = day('2026-11-20');

/** The same catalogue as somebody would publish it: for what reads it back from the database. */
export const publishable: Catalogue = {
  ...catalogue,
  datasets: catalogue.datasets.map((dataset) => ({
    ...dataset,
    columns: [{ header: '编号', to: '$key', required: true }, ...catalogue.facts.map((one) => ({ header: one.label, to: one.key }))],
  })),
  trees: [{ id: 'division', label: '区划', nodes: [{ code: '530128', name: '测试县', parent: null }] }] as unknown as Catalogue['trees'],
};
