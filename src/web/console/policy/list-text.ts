// A condition on a list, 「符合…的用工不少于 3 人」, between the form people fill and the formula the rule holds: a tree of tests on each element, and what is done
// with those that pass. A test the form has no words for stays a formula inside the tree; a whole that is no such question stays a formula. Pure.
import type { Node } from '../../../feel/ast.ts';
import { isNumber } from '../../../feel/value.ts';
import { numberText } from '../../../rule/literal.ts';
import { callIn, dayIn, nameIn, quoted, readFeel, textIn } from './feel-text.ts';

export type Compare = '=' | '!=' | '<' | '<=' | '>' | '>=';
/** `has`: a set holds it; `within`: a code lies in the tree below it; `none` and `some`: checked and not there, or there. */
export type Ask = Compare | 'in' | 'has' | 'within' | 'none' | 'some';

export interface Held {
  readonly kind: 'text' | 'number' | 'date' | 'boolean' | 'period';
  readonly text: string;
}

export type Test =
  | { readonly kind: 'group'; readonly join: 'all' | 'any' | 'not'; readonly tests: readonly Test[] }
  | { readonly kind: 'clause'; readonly field: string; readonly ask: Ask; readonly values: readonly Held[] }
  | { readonly kind: 'formula'; readonly text: string };

/** `sum` of nothing is none, `total` of nothing is 0. */
export const totals = {
  count: '数有几项',
  total: '加总',
  mean: '平均',
  max: '最大',
  min: '最小',
  sum: '加总（一项也没有的为空）',
} as const;
export type Fn = keyof typeof totals;

export interface ListAsk {
  readonly fn: Fn;
  readonly list: string;
  /** What an element must pass; all of them, where empty. */
  readonly where: Extract<Test, { kind: 'group' }>;
  /** Of which field; '' for count. */
  readonly field: string;
}

export const everything: ListAsk['where'] = { kind: 'group', join: 'all', tests: [] };

// ── form to formula ──────────────────────────────────────────────────────────────────────────────────────────────────

const heldText = ({ kind, text }: Held): string => (kind === 'text' ? quoted(text) : kind === 'date' ? `date("${text}")` : text);

const clauseText = (clause: Extract<Test, { kind: 'clause' }>, prefix: string): string => {
  const { ask, values } = clause;
  const field = `${prefix}${clause.field}`;
  const [first] = values.map(heldText);
  switch (ask) {
    case 'none':
      return `${field} = null`;
    case 'some':
      return `${field} != null`;
    case 'in':
      // One value alone would take in what follows it, where the grammar stands inside brackets.
      return values.length === 1 ? `(${field} in [${first}])` : `${field} in (${values.map(heldText).join(', ')})`;
    case 'has':
      return `list contains(${field}, ${first})`;
    case 'within':
      return values.length === 1
        ? `within(${field}, ${first})`
        : `(${values.map((one) => `within(${field}, ${heldText(one)})`).join(' or ')})`;
    default:
      return `${field} ${ask} ${first}`;
  }
};

/** Loops and choices take in whatever follows them. */
const greedy = /^\s*(if|for|some|every)\b/;

const testText = (test: Test, above: 'all' | 'any' | 'not' | null, prefix: string): string => {
  if (test.kind === 'clause') return clauseText(test, prefix);
  if (test.kind === 'formula') return greedy.test(test.text) ? `(${test.text})` : test.text;
  const { join, tests } = test;
  const inside = tests.map((one) => testText(one, join === 'not' ? 'all' : join, prefix));
  if (join === 'not') return `not(${inside.length === 0 ? 'false' : inside.join(' and ')})`;
  if (inside.length === 0) return 'true';
  const text = inside.join(join === 'any' ? ' or ' : ' and ');
  return inside.length > 1 && above !== null && above !== 'not' && above !== join ? `(${text})` : text;
};

/** The filter alone; `prefix`: what stands before a field where an item asks it of each element. */
export const whereFeel = (where: ListAsk['where'], prefix: '' | 'each.' = ''): string => testText(where, null, prefix);

/** `count(hires[category = "毕业生" and months >= 3])`. */
export const listFeel = ({ fn, list, where, field }: ListAsk): string => {
  const filtered = where.tests.length === 0 ? list : `${list}[${whereFeel(where)}]`;
  return fn === 'count' ? `count(${filtered})` : `${fn}(${filtered}.${field})`;
};

// ── formula to form ──────────────────────────────────────────────────────────────────────────────────────────────────

const heldIn = (node: Node | undefined): Held | null => {
  const name = nameIn(node);
  if (name === 'period.start' || name === 'period.end') return { kind: 'period', text: name };
  const day = dayIn(node);
  if (day !== null) return { kind: 'date', text: day };
  const text = textIn(node);
  if (text !== null) return { kind: 'text', text };
  const minus = node?.op === 'negate' ? node.operand : node;
  if (minus?.op !== 'literal') return null;
  if (isNumber(minus.value)) return { kind: 'number', text: `${minus === node ? '' : '-'}${numberText(minus.value)}` };
  return typeof minus.value === 'boolean' && minus === node ? { kind: 'boolean', text: String(minus.value) } : null;
};

/** `months`, and `each.months` where an item asks it of each element. */
const fieldIn = (node: Node | undefined): string | null => {
  if (node?.op === 'path') return node.target.op === 'name' && node.target.name === 'each' ? node.name : null;
  return node?.op === 'name' && !['item', 'period', 'each', 'event'].includes(node.name) ? node.name : null;
};

const flat = (node: Node, op: 'and' | 'or'): readonly Node[] =>
  node.op === op ? [...flat(node.left, op), ...flat(node.right, op)] : [node];

const clauseIn = (node: Node): Test | null => {
  const clause = (field: string | null, ask: Ask, values: readonly (Held | null)[]): Test | null =>
    field !== null && values.every((one): one is Held => one !== null) ? { kind: 'clause', field, ask, values } : null;
  const field = fieldIn(node);
  if (field !== null) return clause(field, '=', [{ kind: 'boolean', text: 'true' }]);
  const has = callIn(node, 'list contains');
  if (has?.length === 2) return clause(fieldIn(has[0]), 'has', [heldIn(has[1])]);
  const within = callIn(node, 'within');
  if (within?.length === 2) return clause(fieldIn(within[0]), 'within', [heldIn(within[1])]);
  if (node.op === 'in') {
    const tests = node.tests.length === 1 && node.tests[0]?.op === 'list' ? node.tests[0].elements : node.tests;
    return clause(fieldIn(node.operand), 'in', tests.map(heldIn));
  }
  if (node.op !== 'compare') return null;
  const nothing = node.right.op === 'literal' && node.right.value === null;
  if (nothing)
    return node.operator === '=' || node.operator === '!=' ? clause(fieldIn(node.left), node.operator === '=' ? 'none' : 'some', []) : null;
  return clause(fieldIn(node.left), node.operator, [heldIn(node.right)]);
};

const testIn = (node: Node, text: string): Test => {
  if (node.op === 'and' || node.op === 'or') {
    const join = node.op === 'and' ? 'all' : 'any';
    return { kind: 'group', join, tests: flat(node, node.op).map((one) => testIn(one, text)) };
  }
  const denied = callIn(node, 'not');
  if (denied?.length === 1 && denied[0] !== undefined) {
    const inside = testIn(denied[0], text);
    return { kind: 'group', join: 'not', tests: inside.kind === 'group' && inside.join === 'all' ? inside.tests : [inside] };
  }
  return clauseIn(node) ?? { kind: 'formula', text: text.slice(node.span.from, node.span.to) };
};

const asGroup = (test: Test): ListAsk['where'] => (test.kind === 'group' ? test : { kind: 'group', join: 'all', tests: [test] });

/** A filter as its tree; null: no formula. */
export const whereAsk = (feel: string): ListAsk['where'] | null => {
  const node = readFeel(feel);
  return node === null ? null : asGroup(testIn(node, feel));
};

const filterIn = (node: Node | undefined, text: string): Pick<ListAsk, 'list' | 'where'> | null => {
  const list = fieldIn(node);
  if (list !== null) return { list, where: everything };
  if (node?.op !== 'filter') return null;
  const name = fieldIn(node.target);
  return name === null ? null : { list: name, where: asGroup(testIn(node.condition, text)) };
};

/** `sum(concatenate(x, [0]))` is what `total(x)` says. */
const summed = (node: Node | undefined): Node | undefined => {
  const joined = callIn(node, 'concatenate');
  return joined?.length === 2 && joined[1]?.op === 'list' && joined[1].elements.length === 1 ? joined[0] : undefined;
};

/** null: no question this form asks. */
export const listAsk = (feel: string): ListAsk | null => {
  const node = readFeel(feel);
  if (node === null || node.op !== 'call') return null;
  const count = callIn(node, 'count');
  if (count !== null) {
    const found = count.length === 1 ? filterIn(count[0], feel) : null;
    return found === null ? null : { fn: 'count', ...found, field: '' };
  }
  const joined = summed(callIn(node, 'sum')?.[0]);
  const fn = joined !== undefined ? 'total' : (['total', 'sum', 'mean', 'max', 'min'] as const).find((one) => callIn(node, one) !== null);
  const of = joined ?? node.args[0];
  if (fn === undefined || node.args.length !== 1 || of?.op !== 'path') return null;
  const found = filterIn(of.target, feel);
  return found === null ? null : { fn, ...found, field: of.name };
};
