// Who is paid: the subject, one other whom a link leads to (`payee`), or several, each with a share (`payees`). Pure.
import { add, equal, fromBigint, mul, one, type Rational, round, zero } from '../base/rational.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { factsOf } from '../catalogue/env.ts';
import { isObject, numberFrom } from '../rule/literal.ts';
import { type Report, shown } from '../rule/operand.ts';
import { suggest } from '../rule/vocabulary.ts';
import { type Json, onlyKeys } from './checker.ts';
import type { Item } from './item.ts';

type Paying = Pick<Item, 'payee' | 'payees'>;
const most = 5;

/** The link to whoever is paid part `part` (0 the first); undefined: the subject itself. */
export const payeeLink = (item: Paying | undefined, part: number): string | undefined =>
  item?.payees === undefined ? item?.payee?.fact : item.payees[part]?.to?.fact;

/**
 * 分 per payee, in the item's order: each share cut to whole 分, what is left over goes to the subject (or to the first, where the subject gets none).
 * Adds up to `amountFen`. A part may be 0.
 */
export const splitFen = (item: Paying, amountFen: bigint): readonly bigint[] => {
  const { payees } = item;
  if (payees === undefined) return [amountFen];
  const cut = payees.map(({ share }) => round(mul(fromBigint(amountFen), numberFrom(share) ?? zero), 0, 'down').num);
  const own = Math.max(
    0,
    payees.findIndex(({ to }) => to === null),
  );
  const rest = amountFen - cut.reduce((a, b) => a + b, 0n);
  return cut.map((fen, i) => (i === own ? fen + rest : fen));
};

/** Checks `payee` and `payees` of an item and that the rest of it goes with them. */
export const checkPayees = (raw: Json, catalogue: Catalogue, register: string, report: Report): void => {
  const links = [...factsOf(catalogue, register).values()].filter((f) => f.type === 'link').map((f) => f.key);
  const linkAt = (to: unknown, at: string): void => {
    const name = isObject(to) ? to.fact : undefined;
    if (typeof name === 'string' && links.includes(name)) return;
    report('rule.unknown-fact', `${at}/fact`, '收款人须是一个关系指标', suggest(shown(name), links, `可用：${links.join('、') || '无'}`));
  };
  if (raw.payee !== undefined) linkAt(raw.payee, '/payee');
  if (raw.payees === undefined) return;
  if (raw.payee !== undefined) report('rule.payees', '/payee', 'payee 与 payees 只能写一个', '分给几方的写 payees，删去 payee');
  if (!Array.isArray(raw.payees) || raw.payees.length < 2 || raw.payees.length > most) {
    report('rule.payees', '/payees', `payees 须写 2 至 ${most} 个收款人`, '只有一个收款人的写 payee，或不写');
    return;
  }
  const shares = raw.payees.map((p: unknown, i: number) => payeeAt(p, `/payees/${i}`, linkAt, report));
  const named = raw.payees.map((p: unknown) => JSON.stringify(isObject(p) ? p.to : p));
  named.forEach((name, i) => {
    if (named.indexOf(name) !== i) report('rule.payees', `/payees/${i}/to`, '同一收款人写了两次', '合并成一项');
  });
  if (shares.every((s): s is Rational => s !== null) && !equal(shares.reduce(add, zero), one))
    report('rule.payees', '/payees', '各收款人的份额之和不是 1', '份额相加须正好为 1；三等分写 "1/3"');
  flowFits(raw, report);
};

const payeeAt = (raw: unknown, at: string, linkAt: (to: unknown, at: string) => void, report: Report): Rational | null => {
  if (!isObject(raw) || !onlyKeys(raw, ['share', 'to'], at, report) || raw.to === undefined) {
    report('rule.payees', at, '每个收款人须写 share 和 to', '如 {"share": "0.4", "to": {"fact": "landlord"}}；付给本人的 to 写 null');
    return null;
  }
  if (raw.to !== null) linkAt(raw.to, `${at}/to`);
  const share = numberFrom(raw.share);
  if (share !== null && share.num > 0n) return share;
  report('rule.payees', `${at}/share`, '份额须大于 0', '写小数或分数，如 "0.4"、"1/3"');
  return null;
};

/** One payee's silence would take the other's money back, so nobody is asked to confirm; what is only told has no payee. */
const flowFits = (raw: Json, report: Report): void => {
  if (raw.mode === 'push') report('rule.payees', '/payees', '精准推送只告知，不付款', '删去 payees，或改 mode');
  const steps = isObject(raw.flow) ? Object.values(raw.flow).flat() : [];
  if (steps.includes('confirm'))
    report('rule.payees', '/flow', '钱分给几方的事项不设确认：一方放弃会收回另一方的钱', '删去 confirm，改由部门审核');
};
