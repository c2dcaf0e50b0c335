// A decision table pasted from a spreadsheet becomes tiers: TSV with Chinese headers, one or more columns that decide and one that says how much. Every
// cell that cannot be read, every gap and every overlap is told by row and column. Pure; bounded in rows, columns and cells.

import type { Problem } from '../base/problem.ts';
import { compare, div, fromInt, mul, type Rational, toDecimalString } from '../base/rational.ts';
import { clip } from '../rule/operand.ts';
import type { FactShape, Vocabulary } from '../rule/vocabulary.ts';
import { type Bound, normalise, readCell } from './bounds.ts';
import type { TierRow } from './item.ts';
import { distinct, type Line, type Part, place, type Range, told, wholeness } from './tier-table-check.ts';

export type TableRead =
  | {
      readonly ok: true /** What stands at `award.tiers`. */;
      readonly tiers: { readonly by?: string; readonly base?: string; readonly rows: readonly TierRow[] };
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface TableOptions {
  readonly vocabulary: Vocabulary;
  /** Facts by column, where the headers do not say: `['age']`. */
  readonly by?: readonly string[];
  /** The fact a rate is taken of. */
  readonly base?: string;
}

const most = { bytes: 200_000, rows: 300, columns: 12 };

type Column =
  | { readonly kind: 'fact'; readonly shape: FactShape }
  | { readonly kind: 'yuan'; readonly factor: number }
  | { readonly kind: 'rate' }
  | { readonly kind: 'remark' };

/** Rows of cells as a spreadsheet copies them: tabs between, quotes around what holds a tab, a line break or a quote. */
export const readTsv = (text: string): readonly (readonly string[])[] => {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  const put = (): void => {
    rows.at(-1)?.push(cell.trim());
    cell = '';
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === '\t') put();
    else if (c === '\n') {
      put();
      rows.push([]);
    } else if (c !== '\r') cell += c;
  }
  put();
  return rows.filter((row) => row.some((one) => one !== ''));
};

const unitIn = (header: string): string => /[（(【[]([^（()）】\]]*)[)）】\]]/.exec(header)?.[1] ?? '';
const bare = (header: string): string => normalise(header.replaceAll(/[（(【[][^（()）】\]]*[)）】\]]/g, ''));

const factNamed = (header: string, { vocabulary }: TableOptions): FactShape | null => {
  const wanted = bare(header);
  const name = vocabulary.find(header.trim())?.name ?? vocabulary.names.find((n) => normalise(vocabulary.find(n)?.label ?? '') === wanted);
  return name === undefined ? null : (vocabulary.find(name) ?? null);
};

const columnOf = (header: string, index: number, options: TableOptions): Column | null => {
  const named = options.by?.[index];
  const words = normalise(header);
  // Columns every such table has come before facts that happen to be called the same.
  if (named === undefined && /^(?:备注|说明|序号|编号|档次|等次)$/.test(words)) return { kind: 'remark' };
  if (named === undefined && unitIn(header).includes('%')) return { kind: 'rate' };
  const shape = named === undefined ? factNamed(header, options) : (options.vocabulary.find(named) ?? null);
  if (shape !== null) return { kind: 'fact', shape };
  if (/比例|费率|%/.test(words)) return { kind: 'rate' };
  if (/标准|金额|补贴|补助|津贴|奖励|元|发放/.test(words))
    return { kind: 'yuan', factor: /万元/.test(unitIn(header) || words) ? 10_000 : 1 };
  return null;
};

const columnsOf = (header: readonly string[], options: TableOptions, problems: Problem[]): readonly Column[] | null => {
  const columns = header.map((h, i) => columnOf(h, i, options));
  columns.forEach((c, i) => {
    if (c !== null) return;
    const hint = '表头写指标的中文名，或用 --by 按列写指标名；金额列写“标准（元）”，比例列写“比例（%）”。';
    problems.push(told(place(0, i), `不知道“${clip(header[i] ?? '')}”这一列是什么。`, hint));
  });
  const known = columns.filter((c): c is Column => c !== null);
  const gives = known.filter((c) => c.kind === 'yuan' || c.kind === 'rate').length;
  if (problems.length === 0 && !known.some((c) => c.kind === 'fact'))
    problems.push(told(place(0, null), '没有按什么分档的一列。', '至少一列的表头是指标名。'));
  if (problems.length === 0 && gives !== 1)
    problems.push(told(place(0, null), '须有且只有一列写给多少。', '表头写“标准（元）”或“比例（%）”。'));
  if (problems.length === 0 && known.some((c) => c.kind === 'rate') && options.base === undefined)
    problems.push(told(place(0, null), '给的是比例，但没有说是什么的比例。', '用 --base 写被乘的指标。'));
  return problems.length > 0 ? null : known;
};

const yuanFactors: Readonly<Record<string, number>> = { 元: 1, 万元: 10_000, 亿元: 100_000_000 };

/** A bound in the fact's own unit; null where the units do not fit. */
const inUnit = (bound: Bound, unit: string | undefined): Rational | null => {
  const written = bound.unit === '周岁' ? '岁' : bound.unit === '个月' ? '月' : bound.unit === '日' ? '天' : bound.unit;
  if (written === '' || unit === undefined || written === unit) return bound.value;
  const [from, to] = [yuanFactors[written], yuanFactors[unit]];
  return from === undefined || to === undefined ? null : div(mul(bound.value, fromInt(from)), fromInt(to));
};

const partOf = (cell: string, shape: FactShape, at: string, problems: Problem[]): Part | null => {
  const refuse = (message: string, hint: string): null => {
    problems.push(told(at, message, hint));
    return null;
  };
  const { type } = shape;
  if (type.kind === 'string' || type.kind === 'code') {
    if (/^(?:其他|其它|其余|不限|全部|-|\/)$/.test(normalise(cell))) return { kind: 'rest' };
    const values = cell
      .split(/[、，,;；/\n]|或/)
      .map((v) => v.trim())
      .filter((v) => v !== '');
    const strange = type.kind === 'string' && type.values !== undefined ? values.filter((v) => !type.values?.includes(v)) : [];
    if (values.length === 0) return refuse('这一格是空的。', '写类别；其余的写“其他”。');
    return strange.length > 0 ? refuse(`${shape.label}没有“${clip(strange[0] ?? '')}”这个取值。`, '核对取值。') : { kind: 'is', values };
  }
  const read = readCell(cell, shape.label);
  if (read.kind === 'rest') return read;
  if (read.kind === 'unreadable') return refuse(`${read.why}：“${clip(cell)}”。`, '写成 ≥80且<90、80岁以上不满90岁 或 80—89。');
  const unit = type.kind === 'number' ? type.unit : undefined;
  const side = (bound: Bound | null): { readonly value: Rational; readonly closed: boolean } | null | undefined => {
    if (bound === null) return null;
    const value = inUnit(bound, unit);
    return value === null ? undefined : { value, closed: bound.closed };
  };
  const [low, high] = [side(read.low), side(read.high)];
  if (low === undefined || high === undefined)
    return refuse(`单位与${shape.label}（${unit ?? '无单位'}）不合：“${clip(cell)}”。`, '换成指标的单位。');
  if (low !== null && high !== null) {
    const order = compare(low.value, high.value);
    if (order > 0 || (order === 0 && !(low.closed && high.closed))) return refuse(`下界不低于上界：“${clip(cell)}”。`, '对调或改正。');
  }
  return { kind: 'range', range: { low, high } };
};

const amountOf = (cell: string, column: Column, at: string, problems: Problem[]): Pick<TierRow, 'yuan' | 'rate'> | null => {
  const text = normalise(cell)
    .replace(/\/(?:人|户|家|月|年|季|次|人月|月人)+$/, '')
    .replace(/^每(?:人|户|家)?(?:每)?(?:月|年|季|次)?/, '');
  const m = /^(\d{1,15}(?:\.\d{1,8})?)(万元|万|元|%)?$/.exec(text);
  const read = m === null ? null : readCell(m[1] ?? '');
  const value = read?.kind === 'bounds' ? read.low?.value : undefined;
  if (m === null || value === undefined) {
    problems.push(told(at, `看不懂给多少：“${clip(cell)}”。`, '写数字，如 60、60元、1.5万元、5%。'));
    return null;
  }
  if (column.kind === 'rate') {
    // 5 under 「比例（%）」 and 5% mean the same; 0.05 without a sign is meant as it stands.
    const percent = m[2] === '%' || compare(value, fromInt(1)) > 0;
    return { rate: toDecimalString(percent ? (div(value, fromInt(100)) ?? value) : value) };
  }
  const factor = m[2] === undefined ? (column.kind === 'yuan' ? column.factor : 1) : m[2].startsWith('万') ? 10_000 : 1;
  return { yuan: toDecimalString(mul(value, fromInt(factor))) };
};

const ends = ({ low, high }: Range): Pick<TierRow, 'from' | 'above' | 'below' | 'upTo'> => ({
  ...(low === null ? {} : { [low.closed ? 'from' : 'above']: toDecimalString(low.value) }),
  ...(high === null ? {} : { [high.closed ? 'upTo' : 'below']: toDecimalString(high.value) }),
});

const leaves = (shape: FactShape, part: Part): readonly object[] => {
  if (part.kind === 'rest') return [];
  if (part.kind === 'is')
    return [
      part.values.length === 1
        ? { fact: shape.name, operator: 'equal', value: part.values[0] }
        : { fact: shape.name, operator: 'in', value: part.values },
    ];
  const { low, high } = part.range;
  const leaf = (operator: string, value: Rational): object => ({ fact: shape.name, operator, value: toDecimalString(value) });
  return [
    ...(low === null ? [] : [leaf(low.closed ? 'greaterThanInclusive' : 'greaterThan', low.value)]),
    ...(high === null ? [] : [leaf(high.closed ? 'lessThanInclusive' : 'lessThan', high.value)]),
  ];
};

/** Never throws. A table with one deciding column becomes tiers `by` it; with several, each row carries its own `when`. */
export const tiersFromTable = (text: string, options: TableOptions): TableRead => {
  if (text.length > most.bytes) return { ok: false, problems: [told('', '表太大。', '一张表不超过 300 行；名单不写成分档。')] };
  const [header, ...rows] = readTsv(text);
  if (header === undefined || rows.length === 0)
    return { ok: false, problems: [told('', '没有表头或没有数据行。', '连表头一起从表格中复制粘贴。')] };
  if (rows.length > most.rows || header.length > most.columns)
    return { ok: false, problems: [told('', `表太大：${rows.length} 行 ${header.length} 列。`, '一张表不超过 300 行、12 列。')] };
  const problems: Problem[] = [];
  const columns = columnsOf(header, options, problems);
  if (columns === null) return { ok: false, problems };
  const lines = rows.flatMap((cells, i) => lineOf(cells, i + 1, columns, problems) ?? []);
  const shapes = columns.flatMap((c) => (c.kind === 'fact' ? [c.shape] : []));
  if (problems.length === 0) problems.push(...(shapes.length === 1 ? wholeness(lines, shapes[0] as FactShape) : distinct(lines)));
  if (problems.length > 0) return { ok: false, problems };
  const [only] = shapes;
  const base = options.base === undefined ? {} : { base: options.base };
  const tierRows = (shapes.length === 1 ? ordered(lines) : lines).map((line): TierRow => tierRow(line, shapes.length === 1));
  return { ok: true, tiers: { ...(shapes.length === 1 && only !== undefined ? { by: only.name } : {}), ...base, rows: tierRows } };
};

/** The rest goes last: `first` takes the first row that fits. */
const ordered = (lines: readonly Line[]): readonly Line[] => [
  ...lines.filter((l) => l.parts[0]?.part.kind !== 'rest'),
  ...lines.filter((l) => l.parts[0]?.part.kind === 'rest'),
];

const tierRow = (line: Line, single: boolean): TierRow => {
  const [first] = line.parts;
  if (single && first !== undefined) {
    const { part } = first;
    if (part.kind === 'range') return { ...ends(part.range), ...line.gives };
    return part.kind === 'is' ? { is: part.values.length === 1 ? (part.values[0] as string) : part.values, ...line.gives } : line.gives;
  }
  const all = line.parts.flatMap(({ shape, part }) => leaves(shape, part));
  return all.length === 0 ? line.gives : { when: { all } as unknown as NonNullable<TierRow['when']>, ...line.gives };
};

const lineOf = (cells: readonly string[], row: number, columns: readonly Column[], problems: Problem[]): Line | null => {
  const before = problems.length;
  const extra = cells.findIndex((cell, i) => i >= columns.length && cell !== '');
  if (extra >= 0) problems.push(told(place(row, extra), '这一格没有表头。', '补上表头，或删去这一格。'));
  const parts: { shape: FactShape; part: Part }[] = [];
  let gives: Pick<TierRow, 'yuan' | 'rate'> | null = null;
  columns.forEach((column, i) => {
    const cell = cells[i] ?? '';
    const at = place(row, i);
    if (column.kind === 'fact') {
      const part = partOf(cell, column.shape, at, problems);
      if (part !== null) parts.push({ shape: column.shape, part });
    } else if (column.kind !== 'remark') gives = amountOf(cell, column, at, problems);
  });
  return problems.length > before || gives === null ? null : { row, parts, gives };
};
