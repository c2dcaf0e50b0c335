// Formulas read into their tree where a form may show them, and the small words both directions share. Pure.
import type { Node } from '../../../feel/ast.ts';
import { readExpression } from '../../../feel/read.ts';
import { anyType, typeEnv } from '../../../feel/type.ts';
import { isNumber } from '../../../feel/value.ts';
import { numberText, plain } from '../../../rule/literal.ts';

/** Functions of several words; the grammar knows none by itself. */
const functions = [...['list contains', 'value at', 'sum over', 'consecutive months', 'consecutive growth', 'period key', 'shift period']];
const env = typeEnv({ period: anyType });

/** null: no formula at all. */
export const readFeel = (text: string): Node | null => {
  const read = readExpression(text, env, functions);
  return read.ok ? read.root : null;
};

export const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** `period.end` and the like, however the grammar took the point apart. */
export const nameIn = (node: Node | undefined): string | null =>
  node === undefined
    ? null
    : node.op === 'name'
      ? node.name
      : node.op === 'path' && node.target.op === 'name'
        ? `${node.target.name}.${node.name}`
        : null;

export const callIn = (node: Node | undefined, name: string): readonly Node[] | null =>
  node?.op === 'call' && node.names === null && nameIn(node.callee) === name ? node.args : null;

/** A whole number, minus included. */
export const wholeIn = (node: Node | undefined): number | null => {
  if (node?.op === 'negate') {
    const n = wholeIn(node.operand);
    return n === null ? null : -n;
  }
  if (node?.op !== 'literal' || !isNumber(node.value)) return null;
  const n = Number(numberText(node.value));
  return Number.isSafeInteger(n) ? n : null;
};

export const textIn = (node: Node | undefined): string | null =>
  node?.op === 'literal' && typeof node.value === 'string' ? node.value : null;

/** `date("2026-01-31")` and `@"2026-01-31"`. */
export const dayIn = (node: Node | undefined): string | null => {
  const called = callIn(node, 'date');
  if (called !== null) return called.length === 1 ? textIn(called[0]) : null;
  const value = node?.op === 'literal' ? plain(node.value) : null;
  return typeof value === 'string' && textIn(node) === null && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : null;
};
