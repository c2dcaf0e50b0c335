// Ten thousand people, and of each the bank says the same things in another order: everybody ends in the same state, to the 分, with the same words kept.
import { beforeAll, expect, it } from 'vitest';
import type { BankWord } from '../../src/payment/result.ts';
import { chanceOf } from '../../src/sample/chance.ts';
import { testDatabase } from '../database.ts';
import { person, ready } from '../payment/ground.ts';
import { bankSays, referencesOf, sealOf, sendOut, word } from '../payment/way.ts';
import { broken } from '../settlement/ground.ts';

const database = testDatabase();
const count = 10_000;

/** What is said of a person, by the courses a payment can take; the last column is where it must end. */
const courses: readonly (readonly [readonly Pick<BankWord, 'kind' | 'code'>[], string])[] = [
  [[said('accepted'), said('unknown'), said('paid'), said('returned', 'AC04'), said('returned', 'AC06'), said('paid')], 'returned'],
  [[said('accepted'), said('unknown'), said('paid'), said('paid'), said('accepted'), said('unknown')], 'paid'],
  [[said('accepted'), said('unknown'), said('accepted'), said('unknown'), said('accepted'), said('accepted')], 'unknown'],
  [[said('returned', 'BE01'), said('accepted'), said('returned', 'BE01'), said('unknown'), said('accepted'), said('accepted')], 'returned'],
];
function said(kind: BankWord['kind'], code: string | null = null) {
  return { kind, code };
}

let references: readonly string[];
beforeAll(async () => {
  const people = Object.fromEntries(Array.from({ length: count }, (_, i) => [`P${i}`, person(`人${i}`, i + 1)]));
  const batch = await sealOf(database, await ready(database, people));
  await sendOut(database, batch);
  references = await referencesOf(database, batch.id);
}, 900_000);

it('whatever comes first, the end is one', async () => {
  expect(references).toHaveLength(count);
  const chance = chanceOf(7, 'orders');
  const orders = references.map((reference, i) => {
    const left = [...(courses[i % courses.length]?.[0] ?? [])];
    return Array.from({ length: 6 }, () =>
      word(reference, left[0]?.kind ?? 'unknown', { ...left.splice(chance.below(left.length), 1)[0] }),
    );
  });
  for (let nth = 0; nth < 6; nth++)
    await bankSays(
      database,
      orders.map((words) => words[nth] as BankWord),
      `file ${nth}`,
    );
  const ends = await database.sql<{ id: string; state: string; events: string }[]>`
    select l.end_to_end_id as id, d.state, (select string_agg(distinct e.kind || coalesce(':' || e.code, ''), ' ' order by e.kind || coalesce(':' || e.code, ''))
      from line_event e where e.line_id = l.id) as events
    from payment_line l join disbursement d on d.id = l.disbursement_id`;
  const found = new Map(ends.map((row) => [row.id, row]));
  const shapes = courses.map(
    (_, course) =>
      new Set(
        references.filter((_r, i) => i % courses.length === course).map((r) => JSON.stringify([found.get(r)?.state, found.get(r)?.events])),
      ),
  );
  expect(shapes.map((one) => one.size)).toEqual([1, 1, 1, 1]);
  expect(shapes.map((one) => (JSON.parse([...one][0] ?? '[]') as string[])[0])).toEqual(courses.map(([, end]) => end));
  const quarter = BigInt(count / 4) * 10_000n;
  const balances = await database.sql<
    { account: string; fen: bigint }[]
  >`select account, amount_fen as fen from balance where account like 'budget:%' and amount_fen <> 0`;
  expect(Object.fromEntries(balances.map((row) => [row.account.split(':').at(-1), row.fen]))).toEqual({
    available: -4n * quarter,
    reserved: 2n * quarter,
    paid: quarter,
    committed: quarter,
  });
  expect(await broken(database)).toEqual([]);
});
