// Where the checker stands: names bound on the way down, what has been read, what has been found.

import { type Problem, problem } from '../base/problem.ts';
import type { Node } from './ast.ts';
import type { BuiltinTable } from './builtin.ts';
import type { Finding } from './check-operators.ts';
import { suggestion } from './nearest.ts';
import { placeOf } from './text.ts';
import { anyType, type FeelType, type TypeEnv } from './type.ts';

export interface CheckInput {
  readonly env: TypeEnv;
  readonly text: string;
  readonly builtins: BuiltinTable;
  readonly units: boolean;
}

/** A name bound on the way; `path` is the fact its values come from, so that `c.birthDate` is known to read `children.birthDate`. */
export type Binding =
  | { readonly kind: 'variable'; readonly name: string; readonly type: FeelType; readonly path: string | null }
  | { readonly kind: 'item'; readonly element: FeelType; readonly path: string | null };

export interface Seen {
  readonly type: FeelType;
  readonly path: string | null;
}

export interface Checker extends CheckInput {
  readonly types: Map<Node, FeelType>;
  readonly reads: Set<string>;
  readonly problems: Problem[];
}

export type Scope = readonly Binding[];

export const report = (c: Checker, node: Node, f: Finding | undefined): void => {
  if (f === undefined) return;
  const p = problem(`feel.${f.code}`, placeOf(c.text, node.span.from), f.message, f.hint);
  // Built trees share no nodes, but one mistake may be met twice on the way (a field tried in two scopes).
  if (!c.problems.some((q) => q.at === p.at && q.code === p.code && q.message === p.message)) c.problems.push(p);
};

export const seen = (type: FeelType, path: string | null = null): Seen => ({ type, path });

const namesInScope = (c: Checker, scope: Scope): readonly string[] => [
  ...scope.flatMap((b) =>
    b.kind === 'variable' ? [b.name] : b.element.kind === 'record' ? [...Object.keys(b.element.fields), 'item'] : ['item'],
  ),
  ...c.env.names,
];

export const read = (c: Checker, path: string | null): void => {
  if (path !== null) c.reads.add(path);
};

export const seeName = (c: Checker, node: Node & { op: 'name' }, scope: Scope): Seen => {
  for (let i = scope.length - 1; i >= 0; i--) {
    const b = scope[i] as Binding;
    if (b.kind === 'variable') {
      if (b.name === node.name) return seen(b.type, b.path);
      continue;
    }
    if (node.name === 'item') return seen(b.element, b.path);
    if (b.element.kind === 'record' && Object.hasOwn(b.element.fields, node.name)) {
      const path = b.path === null ? null : `${b.path}.${node.name}`;
      read(c, path);
      return seen(b.element.fields[node.name] as FeelType, path);
    }
  }
  const type = c.env.lookup(node.name);
  if (type !== undefined) {
    c.reads.add(node.name);
    return seen(type, node.name);
  }
  if (c.builtins.has(node.name)) return seen(anyType);
  // Inside elements nobody declared, any name may be a field of theirs.
  if (scope.some((b) => b.kind === 'item' && b.element.kind === 'any')) return seen(anyType);
  report(c, node, {
    code: 'name',
    message: `没有名为 ${node.name.slice(0, 60)} 的指标`,
    hint: suggestion(node.name, namesInScope(c, scope), '指标名称见指标目录'),
  });
  return seen(anyType);
};
