// Every example in the table of built-ins is run, and docs/feel.md says what the table says.

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/base/rational.ts';
import type { Builtin } from '../../src/feel/builtin.ts';
import { builtins } from '../../src/feel/builtins.ts';
import { compileFeel, evaluate } from '../../src/feel/feel.ts';
import { formatValue } from '../../src/feel/format.ts';
import { referenceMarkdown } from '../../src/feel/reference.ts';
import { say } from '../../src/feel/say.ts';
import type { Scope } from '../../src/feel/scope.ts';
import { scopeOf } from '../../src/feel/scope.ts';
import { parseDate, parseDateTime } from '../../src/feel/temporal.ts';
import { codeIn, type FeelType, typeEnv } from '../../src/feel/type.ts';
import type { Value } from '../../src/feel/value.ts';

const rows: readonly Builtin[] = [...builtins.values()].flatMap((r) => r.map((e) => e.builtin));

const wages: Readonly<Record<string, string>> = { '110000': '2540', '530000': '1990' };

/** A small world for the built-ins that ask their surroundings. */
const surroundings: Scope['call'] = (name, args) => {
  const text = args.map((a) => (typeof a === 'string' ? a : ''));
  switch (name) {
    case 'now':
      return parseDateTime('2026-01-31T10:00:00');
    case 'today':
      return parseDate('2026-01-31');
    case 'within':
      return (text[1] ?? '').startsWith((text[2] ?? '').replace(/0+$/, ''));
    case 'parameter':
      return parseDecimal(wages[text[1] ?? '530000'] ?? '1990');
    case 'external':
      return parseDecimal('103.5');
    case 'paid':
      return parseDecimal(text[1] === '2025' ? '720' : '1200');
    default:
      return undefined;
  }
};

const typeOf = (name: string, type: FeelType): FeelType => (name === 'region' ? codeIn('division') : type);

const run = (text: string, facts: Readonly<Record<string, string>> = {}): string => {
  const values = new Map<string, Value>();
  const types: Record<string, FeelType> = {};
  for (const [name, source] of Object.entries(facts)) {
    const c = compileFeel(source, typeEnv({}));
    if (!c.ok) throw new Error(JSON.stringify(c.problems));
    values.set(name, evaluate(c.expression, scopeOf({})));
    types[name] = typeOf(name, c.type);
  }
  const compiled = compileFeel(text, typeEnv(types));
  if (!compiled.ok) return compiled.problems.map((p) => `${p.code}: ${p.message}`).join('；');
  expect(say(compiled.expression)).not.toContain('undefined');
  return formatValue(evaluate(compiled.expression, scopeOf(values, surroundings)));
};

describe('the table of built-ins', () => {
  it.each(rows.map((b) => [b.signature, b] as const))('%s', (_, b) => {
    expect(b.examples.length).toBeGreaterThanOrEqual(3);
    expect(b.zh).not.toBe('');
    expect(b.about).toMatch(/。$/);
    for (const [text, result, facts] of b.examples) {
      // An example that shows a wrong argument is no house text: it is refused before it runs, which is as good as null.
      const got = run(text, facts);
      expect(got.startsWith('feel.') && result === 'null' ? 'null' : got, text).toBe(result);
    }
  });

  it('is what docs/feel.md says', () => {
    const file = new URL('../../docs/feel.md', import.meta.url);
    if (process.env.UPDATE_DOCS === '1') writeFileSync(file, referenceMarkdown());
    expect(readFileSync(file, 'utf8')).toBe(referenceMarkdown());
  });
});
