// A rule as plain JSON under somebody's hands: read, put, taken out and moved by JSON pointer. Nothing is changed in place, so that every state before can be
// had again; what these functions do not know they carry along untouched. Pure.

export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const partsOf = (at: string): readonly string[] =>
  at
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** `/a/b` and `c` → `/a/b/c`. */
export const below = (at: string, ...parts: readonly (string | number)[]): string =>
  `${at}${parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;

/** The place it stands in, and its name or number there. */
export const splitAt = (at: string): { readonly parent: string; readonly key: string } => {
  const cut = at.lastIndexOf('/');
  return { parent: at.slice(0, cut), key: partsOf(at.slice(cut))[0] ?? '' };
};

export const get = (whole: unknown, at: string): unknown =>
  partsOf(at).reduce<unknown>(
    (here, part) => (Array.isArray(here) ? here[Number(part)] : isJson(here) && Object.hasOwn(here, part) ? here[part] : undefined),
    whole,
  );

const change = (whole: unknown, parts: readonly string[], made: (old: unknown) => unknown): unknown => {
  const [part, ...rest] = parts;
  if (part === undefined) return made(whole);
  if (Array.isArray(whole)) return whole.map((one, i) => (i === Number(part) ? change(one, rest, made) : one));
  const here = isJson(whole) ? whole : {};
  return { ...here, [part]: change(here[part], rest, made) };
};

/** With `value` at the place; what is missing on the way is made. */
export const put = <T>(whole: T, at: string, value: unknown): T => change(whole, partsOf(at), () => value) as T;

/** Without the place: taken out of a list, or the key gone. */
export const drop = <T>(whole: T, at: string): T => {
  const { parent, key } = splitAt(at);
  return change(whole, partsOf(parent), (holder) => {
    if (Array.isArray(holder)) return holder.filter((_, i) => i !== Number(key));
    if (!isJson(holder)) return holder;
    const { [key]: _, ...rest } = holder;
    return rest;
  }) as T;
};

/** `value` put; undefined and '' take the key away. */
export const set = <T>(whole: T, at: string, value: unknown): T =>
  value === undefined || value === '' ? drop(whole, at) : put(whole, at, value);

/** Into the list at `at`, before the `index`th. */
export const insert = <T>(whole: T, at: string, index: number, value: unknown): T =>
  change(whole, partsOf(at), (list) => (Array.isArray(list) ? list.toSpliced(index, 0, value) : [value])) as T;

/** Of a rule as text: no rule comes near it, and what is longer would hold up the page and be refused by the server. */
export const mostText = 300_000;

// ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────────────

export type Kind = 'all' | 'any' | 'not' | 'leaf' | 'raw';

/** How the builder shows a node; `raw`: only as JSON, which is kept as it is. */
export const kindOf = (node: unknown): Kind => {
  if (!isJson(node)) return 'raw';
  const groups = (['all', 'any', 'not'] as const).filter((key) => Object.hasOwn(node, key));
  const [group] = groups;
  if (groups.length > 1 || (group !== undefined && Object.hasOwn(node, 'fact'))) return 'raw';
  if (group === 'not') return isJson(node.not) ? 'not' : 'raw';
  if (group !== undefined) return Array.isArray(node[group]) ? group : 'raw';
  return typeof node.fact === 'string' && typeof node.operator === 'string' ? 'leaf' : 'raw';
};

export const childrenOf = (node: unknown, at: string): readonly string[] => {
  const kind = kindOf(node);
  if (kind === 'not') return [below(at, 'not')];
  if (kind !== 'all' && kind !== 'any') return [];
  return ((node as Json)[kind] as readonly unknown[]).map((_, i) => below(at, kind, i));
};

/** Remarks of a group stay with it when its kind changes. */
export const asGroup = (node: Json, kind: 'all' | 'any' | 'not'): Json => {
  const { all, any, not, ...rest } = node;
  const children = Array.isArray(all) ? all : Array.isArray(any) ? any : not === undefined ? [] : [not];
  if (kind !== 'not') return { [kind]: children, ...rest };
  return { not: children.length === 1 ? children[0] : { all: children }, ...rest };
};

/** The condition alone in a group of its own. */
export const wrapped = (node: unknown, kind: 'all' | 'any' | 'not'): Json => (kind === 'not' ? { not: node } : { [kind]: [node] });

/** A step up or down in its list; the same document where there is none. */
export const shifted = <T>(whole: T, at: string, by: -1 | 1): { readonly whole: T; readonly at: string } => {
  const { parent, key } = splitAt(at);
  const list = get(whole, parent);
  const to = Number(key) + by;
  if (!Array.isArray(list) || to < 0 || to >= list.length) return { whole, at };
  const moved = list.toSpliced(Number(key), 1).toSpliced(to, 0, list[Number(key)]);
  return { whole: put(whole, parent, moved), at: below(parent, to) };
};

/** Out of its group, to stand right behind it; the same document where the group stands in no list. */
export const lifted = <T>(whole: T, at: string): T => {
  const group = splitAt(splitAt(at).parent).parent;
  const { parent, key } = splitAt(group);
  if (!Array.isArray(get(whole, parent))) return whole;
  const node = get(whole, at);
  return insert(drop(whole, at), parent, Number(key) + 1, node);
};

/** Taken out; of a `not`, which cannot stand empty, the `not` as well. */
export const removed = <T>(whole: T, at: string): T => {
  const { parent, key } = splitAt(at);
  return key === 'not'
    ? Array.isArray(get(whole, splitAt(parent).parent))
      ? drop(whole, parent)
      : put(whole, parent, { all: [] })
    : drop(whole, at);
};

/** Right behind it where it stands in a list; undefined where it does not. */
export const pastedAfter = <T>(whole: T, at: string, node: unknown): T | undefined => {
  const { parent, key } = splitAt(at);
  return Array.isArray(get(whole, parent)) ? insert(whole, parent, Number(key) + 1, node) : undefined;
};

/** A name for a fact of the item that nothing bears yet. */
export const freeName = (facts: unknown, stem: string): string => {
  const taken = isJson(facts) ? facts : {};
  let n = 1;
  while (Object.hasOwn(taken, `${stem}${n}`)) n += 1;
  return `${stem}${n}`;
};
