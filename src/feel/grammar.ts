// lezer-feel's grammar, configured once per environment, and the little we need to walk its trees.

import { normalizeContextKey, parser, trackVariables } from 'lezer-feel';
import type { FeelType, TypeEnv } from './type.ts';

/** What we need of lezer's nodes. */
export interface Tree {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly type: { readonly isError: boolean };
  readonly firstChild: Tree | null;
  readonly nextSibling: Tree | null;
}

const grammarFields = (t: FeelType, depth: number): unknown => {
  if (depth > 4) return 1;
  if (t.kind === 'list' || t.kind === 'range') return grammarFields(t.element, depth + 1);
  if (t.kind !== 'record') return 1;
  return Object.fromEntries(Object.entries(t.fields).map(([k, v]) => [k, grammarFields(v, depth + 1)]));
};

export interface Grammar {
  readonly parse: (text: string) => Tree;
  readonly names: ReadonlyMap<string, string>;
}

/** One configured grammar per environment: it must know every name with a space or a sign in it. */
const grammars = new WeakMap<TypeEnv, Grammar>();

/**
 * A built-in with a keyword inside its name must be declared like a variable. The others must not: the grammar would then read
 * `string` or `time` as that name where a type is meant.
 */
const mustBeDeclared = (name: string): boolean =>
  /\b(?:between|in|and|or|of|for|if|some|every|external)\b/.test(name) && !alsoTypes.includes(name);

/**
 * Functions that are names of types as well. A text that calls one has it declared, or a fact or field named `months` or `time` would hide it; a
 * text that asks `instance of` it has not.
 */
const alsoTypes: readonly string[] = ['date and time', 'years and months duration'];
const called: Readonly<Record<string, RegExp>> = {
  'date and time': /date\s+and\s+time\s*\(/,
  'years and months duration': /years\s+and\s+months\s+duration\s*\(/,
};

const calledIn = (text: string): readonly string[] =>
  /\binstance\s+of\b/.test(text) ? [] : alsoTypes.filter((name) => called[name]?.test(text));

export const grammarFor = (env: TypeEnv, builtins: Iterable<string>): Grammar => {
  let g = grammars.get(env);
  if (g === undefined) {
    const variables: Record<string, unknown> = {};
    const names = new Map<string, string>();
    for (const name of builtins) if (mustBeDeclared(name)) variables[name] = 1;
    for (const name of env.names) {
      const t = env.lookup(name);
      variables[name] = t === undefined ? 1 : grammarFields(t, 0);
      names.set(normalizeContextKey(name), name);
    }
    const configured = (more: readonly string[]) => {
      const all = { ...variables };
      for (const name of more) all[name] ??= 1;
      return parser.configure({ top: 'Expression', contextTracker: trackVariables(all) });
    };
    const parsers = new Map<string, ReturnType<typeof configured>>();
    const parserFor = (text: string): ReturnType<typeof configured> => {
      const more = calledIn(text);
      const known = parsers.get(more.join()) ?? configured(more);
      parsers.set(more.join(), known);
      return known;
    };
    g = { parse: (text) => parserFor(text).parse(text).topNode as unknown as Tree, names };
    grammars.set(env, g);
  }
  return g;
};

/** The grammar wraps one level of ours in up to three of its own. */
const maxTreeDepth = 900;

const isComment = (t: Tree): boolean => t.name === 'LineComment' || t.name === 'BlockComment';

export const childrenOf = (t: Tree): Tree[] => {
  const out: Tree[] = [];
  for (let c = t.firstChild; c !== null; c = c.nextSibling) if (!isComment(c)) out.push(c);
  return out;
};

/** Too deep a tree counts as an error at its depth: readers recurse. */
export const firstError = (t: Tree, depth = 0): Tree | null => {
  if (t.type.isError) return t;
  if (depth > maxTreeDepth) return t;
  for (let c = t.firstChild; c !== null; c = c.nextSibling) {
    const e = firstError(c, depth + 1);
    if (e !== null) return e;
  }
  return null;
};
