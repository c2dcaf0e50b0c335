// A made-up bank for the sample: pays what it is told, sends some back, leaves some open, and lies as banks do: says things twice, names amounts and
// payments nobody asked for, answers in the wrong order, takes back what it had paid, and sends the same answer again in another file. What became of
// each order in the end is known by construction. The same orders and seed give the same answer on every machine.
import { chanceOf } from './chance.ts';

/** What the bank read in a payment file. */
export interface BankOrder {
  readonly endToEndId: string;
  readonly payeeName: string;
  readonly account: string;
  readonly amountFen: bigint;
  readonly statementText: string;
}

export type BankSays = 'accepted' | 'paid' | 'returned' | 'unknown';

export interface BankLine {
  readonly endToEndId: string;
  readonly says: BankSays;
  readonly amountFen: bigint;
  /** ISO 20022 and in words; of what comes back only. */
  readonly reason: { readonly iso: string; readonly text: string } | null;
}

export interface BankAnswer {
  /** In the order they arrive. */
  readonly files: readonly (readonly BankLine[])[];
  /** What became of each order, whatever was said on the way. */
  readonly ends: ReadonlyMap<string, 'paid' | 'returned' | 'unknown'>;
  /** Words that are of no order, or of another amount than was ordered: how many and how much, 分. */
  readonly stray: { readonly words: number; readonly fen: bigint };
}

const reasons = [
  { iso: 'BE01', text: '户名不符' },
  { iso: 'AC01', text: '账号不存在' },
  { iso: 'AC04', text: '账户已销户' },
  { iso: 'AC06', text: '账户冻结' },
  { iso: 'AC16', text: '睡眠户' },
  { iso: 'AC13', text: '社保卡金融功能未激活' },
  { iso: 'AM14', text: '二类户超限额' },
  { iso: 'RC01', text: '联行号错误' },
] as const;

type Course = 'paid' | 'returned' | 'late' | 'taken-back' | 'open';

/** The first orders of a file go each another way, so that a small file meets them all; the rest by chance. */
const scripted: readonly Course[] = ['paid', 'returned', 'late', 'taken-back', 'open'];

const coursesOf = (orders: readonly BankOrder[], ask: { readonly seed: number; readonly kind: boolean }) => {
  const seen = new Map<string, number>();
  return orders.map((order, i) => {
    const name = `${order.payeeName}\n${order.account}\n${order.amountFen}\n${order.statementText}`;
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    const chance = chanceOf(ask.seed, `bank\n${name}\n${nth}`);
    const drawn = chance.weighted<Course>([
      ['paid', 900],
      ['returned', 60],
      ['late', 20],
      ['taken-back', 12],
      ['open', 8],
    ]);
    const course: Course = ask.kind ? 'paid' : orders.length >= 8 ? (scripted[i] ?? drawn) : drawn;
    return {
      order,
      course,
      reason: chance.pick(reasons),
      twice: chance.hit(30) || i === 5,
      wrong: !ask.kind && (chance.hit(10) || i === 6),
    };
  });
};

/** `kind`: this time the bank pays everything, as it does once accounts are put right. `disorder`: the later file arrives first. */
export const bankAnswer = (
  orders: readonly BankOrder[],
  ask: { readonly seed: number; readonly kind: boolean; readonly disorder: boolean },
): BankAnswer => {
  const courses = coursesOf(orders, ask);
  const line = (order: BankOrder, says: BankSays, reason: BankLine['reason'] = null): BankLine => ({
    endToEndId: order.endToEndId,
    says,
    amountFen: order.amountFen,
    reason,
  });
  const taken = courses.filter((_, i) => i % 2 === 0).map(({ order }) => line(order, 'accepted'));
  const first: BankLine[] = [];
  const later: BankLine[] = [];
  const stray: BankLine[] = [];
  for (const { order, course, reason, twice, wrong } of courses) {
    const said =
      course === 'returned'
        ? line(order, 'returned', reason)
        : course === 'paid' || course === 'taken-back'
          ? line(order, 'paid')
          : line(order, 'unknown');
    first.push(said);
    if (twice) first.push(said);
    if (wrong) stray.push({ ...line(order, 'paid'), amountFen: order.amountFen + 1n });
    if (course === 'late') later.push(line(order, 'paid'));
    if (course === 'taken-back') later.push(line(order, 'returned', reason));
  }
  const sample = orders[0];
  if (sample !== undefined && !ask.kind) stray.push({ ...line(sample, 'paid'), endToEndId: `XX${sample.endToEndId.slice(2)}` });
  first.push(...stray);
  const again = [...first].reverse();
  const files = (ask.disorder ? [later, first, taken, again] : [taken, first, later, again]).filter((file) => file.length > 0);
  const fen = stray.reduce((sum, one) => sum + one.amountFen, 0n);
  return {
    files,
    ends: new Map(
      courses.map(({ order, course }) => [
        order.endToEndId,
        course === 'paid' || course === 'late' ? 'paid' : course === 'open' ? 'unknown' : 'returned',
      ]),
    ),
    // Once in the answer and once more in the second file.
    stray: { words: stray.length * 2, fen: fen * 2n },
  };
};
