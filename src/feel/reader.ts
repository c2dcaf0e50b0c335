// What the readers share: where they are, how they refuse, how names and types are read.

import { normalizeContextKey } from 'lezer-feel';
import { type Problem, problem } from '../base/problem.ts';
import type { Span, TypeName } from './ast.ts';
import { childrenOf, type Tree } from './grammar.ts';
import { placeOf } from './text.ts';

export interface Reader {
  readonly text: string;
  /** Normalised spelling → the name as declared. */
  readonly names: ReadonlyMap<string, string>;
  /** Where `range<…>` was written. */
  readonly ranges: ReadonlySet<number>;
  readonly problems: Problem[];
  depth: number;
}

export class Refused extends Error {}

export const refuse = (r: Reader, t: Span, code: string, message: string, hint: string): never => {
  r.problems.push(problem(`feel.${code}`, placeOf(r.text, t.from), message, hint));
  throw new Refused();
};

export const textOf = (r: Reader, t: Tree): string => r.text.slice(t.from, t.to);

export const nameOf = (r: Reader, t: Tree): string => {
  const written = textOf(r, t)
    .replace(/`/g, '')
    .replace(/\/\*.*?\*\//gs, ' ');
  const normal = normalizeContextKey(written);
  return r.names.get(normal) ?? written.replace(/\s+/g, ' ').trim();
};

export const spanOf = (t: Tree): Span => ({ from: t.from, to: t.to });

export const readType = (r: Reader, t: Tree): TypeName => {
  const inner = t.name === 'Type' ? childrenOf(t)[0] : t;
  if (inner === undefined) return refuse(r, t, 'syntax', '缺少类型', '写成 x instance of number');
  const types = childrenOf(inner);
  switch (inner.name) {
    case 'ListType': {
      const element = types.find((c) => c.name === 'Type') ?? inner;
      return { kind: r.ranges.has(inner.from) ? 'range' : 'list', element: readType(r, element) };
    }
    case 'ContextType': {
      const entries = types.flatMap((c) => (c.name === 'ContextEntryTypes' ? childrenOf(c) : []));
      const fields = entries.map((e) => {
        const [name, type] = childrenOf(e);
        return { name: nameOf(r, name ?? e), type: readType(r, type ?? e) };
      });
      return { kind: 'context', fields };
    }
    case 'FunctionType': {
      const parameters = types
        .flatMap((c) => (c.name === 'ArgumentTypes' ? childrenOf(c) : []))
        .map((a) => readType(r, childrenOf(a)[0] ?? a));
      const result = types.findLast((c) => c.name === 'Type') ?? inner;
      return { kind: 'function', parameters, result: readType(r, result) };
    }
    default:
      return { kind: 'named', name: textOf(r, inner).replace(/\s+/g, ' ').trim() };
  }
};
