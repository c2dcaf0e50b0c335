// A condition on a list, 「符合…的用工不少于 3 人」, between the form people fill and the formula the rule holds. Only what the form can show is read back; any
// other formula stays a formula. Pure.

export type Compare = '=' | '!=' | '<' | '<=' | '>' | '>=';

export interface Clause {
  readonly field: string;
  readonly compare: Compare;
  /** `has`: a set field holds it. */
  readonly has?: boolean;
  readonly value: { readonly kind: 'text' | 'number' | 'date' | 'boolean'; readonly text: string };
}

export interface ListAsk {
  readonly fn: 'count' | 'sum';
  readonly list: string;
  readonly join: 'and' | 'or';
  readonly where: readonly Clause[];
  /** sum: of which field. */
  readonly field: string;
}

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

const literal = ({ kind, text }: Clause['value']): string => (kind === 'text' ? quoted(text) : kind === 'date' ? `date("${text}")` : text);

const clauseText = ({ field, compare, has, value }: Clause): string =>
  has === true ? `list contains(${field}, ${literal(value)})` : `${field} ${compare} ${literal(value)}`;

/** `count(hires[category = "毕业生" and months >= 3])`. */
export const listFeel = ({ fn, list, join, where, field }: ListAsk): string => {
  const filter = where.length === 0 ? '' : `[${where.map(clauseText).join(` ${join} `)}]`;
  return fn === 'count' ? `count(${list}${filter})` : `sum(${list}${filter}.${field})`;
};

const name = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
const value = String.raw`"(?:[^"\\]|\\.)*"|date\("\d{4}-\d{2}-\d{2}"\)|-?\d+(?:\.\d+)?|true|false`;
const clausePattern = new RegExp(
  String.raw`^(?:list contains\((?<set>${name}), (?<held>${value})\)|(?<field>${name}) (?<compare>!=|<=|>=|=|<|>) (?<value>${value}))(?: (?<join>and|or) |$)`,
  'u',
);
const wholePattern = new RegExp(String.raw`^(?<fn>count|sum)\((?<list>${name})(?:\[(?<where>.*)\])?(?:\.(?<field>${name}))?\)$`, 'u');

const literalIn = (text: string): Clause['value'] => {
  if (text.startsWith('"')) return { kind: 'text', text: text.slice(1, -1).replace(/\\(.)/g, '$1') };
  if (text.startsWith('date(')) return { kind: 'date', text: text.slice(6, -2) };
  return { kind: text === 'true' || text === 'false' ? 'boolean' : 'number', text };
};

/** null: no formula this form can show. */
export const listAsk = (feel: string): ListAsk | null => {
  const whole = wholePattern.exec(feel)?.groups;
  if (whole === undefined || (whole.fn === 'sum') !== (whole.field !== undefined)) return null;
  const where: Clause[] = [];
  const joins = new Set<string>();
  let rest = whole.where ?? '';
  while (rest !== '') {
    const found = clausePattern.exec(rest);
    if (found?.groups === undefined) return null;
    const { set, held, field, compare, value: given, join } = found.groups;
    rest = rest.slice(found[0].length);
    // A joint with nothing behind it is no formula.
    if (join !== undefined && rest === '') return null;
    if (join !== undefined) joins.add(join);
    where.push(
      set === undefined
        ? { field: field ?? '', compare: compare as Compare, value: literalIn(given ?? '') }
        : { field: set, compare: '=', has: true, value: literalIn(held ?? '') },
    );
  }
  if (joins.size > 1 || (whole.where !== undefined && where.length === 0)) return null;
  return {
    fn: whole.fn as 'count' | 'sum',
    list: whole.list ?? '',
    join: joins.has('or') ? 'or' : 'and',
    where,
    field: whole.field ?? '',
  };
};
