// Static types: what the catalogue says a fact is, and what the checker concludes about an expression.

/** 元, 万元, 月, 年, 岁, 天, 人, 件, kWh, % …; a number without a unit fits every unit. */
export type Unit = string;

export type FeelType =
  | { readonly kind: 'any' }
  | { readonly kind: 'null' }
  | { readonly kind: 'number'; readonly unit?: Unit }
  | { readonly kind: 'boolean' }
  /** `values` is the category's enumeration (codes as stored); without it any text is allowed. */
  | { readonly kind: 'string'; readonly values?: readonly string[] }
  | { readonly kind: 'date' }
  | { readonly kind: 'time' }
  | { readonly kind: 'dateTime' }
  | { readonly kind: 'ymDuration' }
  | { readonly kind: 'dtDuration' }
  | { readonly kind: 'list'; readonly element: FeelType }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, FeelType>> }
  /** Period key (`2026-01`, `2026Q1`, `2026`) → number. */
  | { readonly kind: 'series'; readonly unit?: Unit }
  /** A code in a named tree: divisions, industries. */
  | { readonly kind: 'code'; readonly tree: string }
  | { readonly kind: 'range'; readonly element: FeelType }
  | { readonly kind: 'function'; readonly parameters: readonly FeelType[]; readonly result: FeelType };

export interface TypeEnv {
  lookup(name: string): FeelType | undefined;
  /** All names in scope; the grammar needs them to read names with spaces, the checker to suggest the nearest. */
  readonly names: Iterable<string>;
}

export const anyType: FeelType = { kind: 'any' };
export const nullType: FeelType = { kind: 'null' };
export const numberType: FeelType = { kind: 'number' };
export const booleanType: FeelType = { kind: 'boolean' };
export const stringType: FeelType = { kind: 'string' };
export const dateType: FeelType = { kind: 'date' };
export const dtDurationType: FeelType = { kind: 'dtDuration' };
export const seriesType: FeelType = { kind: 'series' };

export const numberIn = (unit: Unit): FeelType => ({ kind: 'number', unit });
export const categoryOf = (...values: readonly string[]): FeelType => ({ kind: 'string', values });
export const listOf = (element: FeelType): FeelType => ({ kind: 'list', element });
export const recordOf = (fields: Readonly<Record<string, FeelType>>): FeelType => ({ kind: 'record', fields });
export const codeIn = (tree: string): FeelType => ({ kind: 'code', tree });
export const rangeOf = (element: FeelType): FeelType => ({ kind: 'range', element });

/** A plain table as an environment. A dotted name (`period.end`) makes a record of its first part. */
export const typeEnv = (table: Readonly<Record<string, FeelType>>): TypeEnv => {
  const flat = new Map<string, FeelType>();
  for (const [name, type] of Object.entries(table)) {
    const [head, ...rest] = name.split('.');
    if (head === undefined || rest.length === 0) flat.set(name, type);
    else {
      const before = flat.get(head);
      const fields = before?.kind === 'record' ? before.fields : {};
      flat.set(head, recordOf({ ...fields, [rest.join('.')]: type }));
    }
  }
  return { lookup: (name) => flat.get(name), names: [...flat.keys()] };
};

const kindNames: Record<FeelType['kind'], string> = {
  any: '任意值',
  null: '空值',
  number: '数值',
  boolean: '是否',
  string: '文字',
  date: '日期',
  time: '时刻',
  dateTime: '日期时间',
  ymDuration: '年月时长',
  dtDuration: '天时时长',
  list: '清单',
  record: '记录',
  series: '时间序列',
  code: '分类代码',
  range: '区间',
  function: '函数',
};

/** The type as an officer reads it: 数值（万元）, 清单（记录）. */
export const typeName = (t: FeelType): string => {
  const name = kindNames[t.kind];
  if ((t.kind === 'number' || t.kind === 'series') && t.unit !== undefined) return `${name}（${t.unit}）`;
  return t.kind === 'list' || t.kind === 'range' ? `${name}（${typeName(t.element)}）` : name;
};
