// Adds up what an award says step by step, from its words and running amounts alone: every step must follow from the one before, and the last must be the
// amount. Not a test by itself.
import {
  absolute,
  add,
  compare,
  div,
  greatest,
  least,
  mul,
  parseDecimal,
  type Rational,
  ratio,
  sub,
  zero,
} from '../../src/base/rational.ts';

export interface Step {
  readonly kind: string;
  readonly text: string;
  readonly yuan: string;
}

const number = (text: string): Rational => {
  const plain = text.replaceAll(',', '').replace(/ ?元$/, '');
  const [, above, below] = /^(-?\d+)\/(\d+)$/.exec(plain) ?? [];
  if (above !== undefined && below !== undefined) return ratio(BigInt(above), BigInt(below));
  const value = parseDecimal(plain.replace(/%$/, ''));
  if (value === null) throw new Error(`no number: ${text}`);
  return plain.endsWith('%') ? mul(value, ratio(1n, 100n)) : value;
};

/** Texts show at most six decimals. */
const near = (a: Rational, b: Rational): boolean =>
  compare(absolute(sub(a, b)), greatest(ratio(1n, 10_000n), mul(absolute(b), ratio(1n, 1_000_000n)))) <= 0;

const figures = (text: string): readonly Rational[] =>
  (text.match(/-?[\d,]+(?:\.\d+)?(?:\/\d+|%)?(?= |元|$|，|）| 元)/g) ?? []).map(number);

/** What is wrong, or null. `amountFen`: as decided. */
export const wrongStep = (steps: readonly Step[], amountFen: bigint): string | null => {
  let running = zero;
  let parts: Rational[] = [];
  for (const step of steps) {
    const yuan = number(step.yuan);
    const wrong = (why: string): string => `${step.kind} ${step.text}（${step.yuan}）：${why}`;
    const product = /× ([\d,./%]+(?: 元)?)(?: = | 元 = )/.exec(step.text);
    const [last = zero] = figures(step.text).slice(-1);
    switch (step.kind) {
      case 'base':
      case 'rate':
      case 'tier': {
        if (product !== null && !step.text.includes('分段')) {
          const factors = step.text.slice(0, step.text.indexOf(' × ')).match(/-?[\d,]+(?:\.\d+)?(?=(?: 元)?$)/);
          if (factors !== null && !/每满|最多计/.test(step.text) && !near(mul(number(factors[0]), number(product[1] ?? '')), yuan))
            return wrong('两数相乘不等');
        }
        if (!near(last, yuan) && !step.text.includes('档次') && !step.text.includes('为 0.00')) return wrong('结果与本步不等');
        break;
      }
      case 'multiplier': {
        const [, by = ''] = /乘以 ([\d,./]+)/.exec(step.text) ?? [];
        if (!near(mul(running, number(by)), yuan)) return wrong('乘以系数不等');
        break;
      }
      case 'prorate': {
        const [, part = '', of = ''] = /按 ([\d,.]+) ÷ ([\d,.]+)/.exec(step.text) ?? [];
        const share = div(number(part), number(of)) ?? zero;
        if (!near(mul(running, least(share, ratio(1n, 1n))), yuan)) return wrong('折算不等');
        break;
      }
      case 'cap':
        if (!near(last, yuan)) return wrong('封顶不等');
        break;
      case 'floor':
        if (!near(greatest(running, last), yuan)) return wrong('保底不等');
        break;
      case 'deduct': {
        const [, off = ''] = /扣除 ([\d,.]+ 元)/.exec(step.text) ?? [];
        if (!near(greatest(zero, sub(running, number(off))), yuan)) return wrong('扣除不等');
        break;
      }
      case 'part': {
        const [, count] = /^(\d+) 项合计/.exec(step.text) ?? [];
        if (count === undefined) {
          if (!step.text.includes('中取')) parts.push(yuan);
        } else if (parts.length === Number(count)) {
          if (!near(parts.reduce(add, zero), yuan)) return wrong('各项之和不等');
          parts = [];
        }
        break;
      }
      case 'rounding':
        if (compare(absolute(sub(yuan, running)), ratio(1n, 1n)) >= 0) return wrong('尾数处理多于一元');
        break;
    }
    running = yuan;
  }
  return compare(running, ratio(amountFen, 100n)) === 0 ? null : `最后一步 ${steps.at(-1)?.yuan ?? '无'} 与金额 ${amountFen} 分不等`;
};
