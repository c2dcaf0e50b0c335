// What the columns of a delivery mean: the file's header held against the dataset and the catalogue, compiled once per import.
import { type Problem, problem } from '../base/problem.ts';
import type { Catalogue, Column, Dataset, Fact, Field } from '../catalogue/catalogue.ts';
import type { TreeIndex } from '../catalogue/tree.ts';
import { type Binding, type BoundColumn, binderOf } from './binding.ts';
import { type CellReader, type CellType, cellReader, scaledReader } from './cell.ts';
import { treeOf } from './lookup.ts';

export interface LaidColumn {
  /** Position in the file's rows. */
  readonly index: number;
  readonly header: string;
  /** Fact or field key, `$name` or `$division`. */
  readonly to: string;
  readonly read: CellReader;
  readonly empty: 'unknown' | 'null';
  readonly required: boolean;
  /** Sums of it stand in the control totals. */
  readonly numeric: boolean;
  readonly isCard: boolean;
}

export interface Layout {
  readonly dataset: Dataset;
  readonly header: readonly string[];
  readonly key: LaidColumn;
  readonly from: LaidColumn | null;
  readonly to: LaidColumn | null;
  readonly period: { readonly column: LaidColumn; readonly every: 'year' | 'quarter' | 'month' | undefined } | null;
  readonly name: LaidColumn | null;
  readonly division: LaidColumn | null;
  /** Facts (record, timed, series) or fields of the list. */
  readonly values: readonly LaidColumn[];
  /** list: the fact filled, and the field that tells its elements apart. */
  readonly list: { readonly fact: string; readonly elementKey: string } | null;
  /** Facts whose dated sets add up, so that two rows may begin on the same day. */
  readonly setsOnly: boolean;
  /** Position of the column that withdraws (`$op`, 操作), in changes only. */
  readonly operation: number | null;
  /** Positions of the columns that hold days. */
  readonly days: ReadonlySet<number>;
  /** What a cell is called where the file is a workbook: `Sheet1!C7`; null in text. */
  readonly place: (line: number, index: number) => string | null;
}

const operationHeaders = ['$op', '操作'];

/** Every header problem in one: what is missing, and what was found instead. `binding` says which column is which; default by the labels alone. */
export const layOut = (
  dataset: Dataset,
  catalogue: Catalogue,
  found: readonly string[],
  binding: Binding = binderOf(dataset, catalogue, null).bind(found),
  place: Layout['place'] = () => null,
): Layout | Problem => {
  const header = found.map((h) => h.trim());
  const { missing, doubled } = binding;
  if (missing.length > 0 || doubled.length > 0) return headerProblem(dataset, header, missing, doubled);
  const laid = new Map(dataset.columns.map((column) => [column, lay(dataset, catalogue, column, binding.columns.get(column.header))]));
  const special = (to: string): LaidColumn | null => {
    const column = dataset.columns.find((c) => c.to === to);
    return column === undefined ? null : (laid.get(column) ?? null);
  };
  const key = special('$key');
  if (key === null)
    return problem('import.dataset', dataset.id, `数据集“${dataset.title}”没有定义主键列。`, '请在数据目录里为它指定主键列。');
  const facts = dataset.columns.filter((c) => !c.to.startsWith('$')).map((c) => factFor(dataset, catalogue, c.to));
  const period = special('$period');
  const listFact =
    dataset.shape === 'list' ? catalogue.facts.find((f) => f.register === dataset.register && f.key === dataset.fact) : undefined;
  return {
    dataset,
    header: listDates(dataset) ? [...header, '$from', '$to'] : header,
    key,
    from: listDates(dataset) ? listDay('$from', header.length) : special('$from'),
    to: listDates(dataset) ? listDay('$to', header.length + 1) : special('$to'),
    period: period === null ? null : { column: period, every: facts[0]?.every },
    name: special('$name'),
    division: special('$division'),
    values: dataset.columns.filter((c) => !c.to.startsWith('$')).flatMap((c) => laid.get(c) ?? []),
    list: listFact === undefined ? null : { fact: listFact.key, elementKey: listFact.elementKey ?? '' },
    setsOnly: dataset.shape === 'timed' && facts.every((f) => f?.type === 'set' && f.combine === 'union'),
    operation: header.findIndex((h) => operationHeaders.includes(h)) < 0 ? null : header.findIndex((h) => operationHeaders.includes(h)),
    days: new Set([...laid].flatMap(([column, at]) => (typeOf(dataset, catalogue, column).type === 'date' ? [at.index] : []))),
    place,
  };
};

/** A dated list by name whose rows have no dates has those of the list, as two cells behind the others (names.ts). */
const listDates = ({ keyedBy, shape, columns }: Dataset): boolean =>
  keyedBy === 'name' && shape === 'timed' && !columns.some((c) => c.to === '$from');

const listDay = (to: '$from' | '$to', index: number): LaidColumn => {
  return { index, header: to, to, read: cellReader({ type: 'date' }), empty: 'null', required: false, numeric: false, isCard: false };
};

/** The place of a column in the file, by the dataset's header. */
export const columnIndex = ({ key, from, to, period, name, division, values }: Layout, header: string): number | null =>
  [key, from, to, period?.column ?? null, name, division, ...values].find((c) => c?.header === header)?.index ?? null;

const quoted = (headers: readonly string[]): string => headers.map((h) => `“${h}”`).join('、');

const headerProblem = (dataset: Dataset, header: readonly string[], missing: readonly string[], doubled: readonly string[]): Problem => {
  if (header.some((h) => h.includes('\ufffd') || h.includes('\0'))) {
    return problem(
      'import.encoding',
      '1',
      '文件不是 UTF-8 编码的文本，表头无法识别。',
      '请在表格软件里另存为“CSV UTF-8（逗号分隔）”后重新导入。',
    );
  }
  const shown = header.slice(0, 40).map((h) => (h.length > 40 ? `${h.slice(0, 40)}…` : h));
  const what = [missing.length > 0 ? `缺少列${quoted(missing)}` : '', doubled.length > 0 ? `列${quoted(doubled)}出现了不止一次` : ''];
  return problem(
    'import.header',
    '1',
    `表头与数据集“${dataset.title}”不符：${what.filter((w) => w !== '').join('；')}。文件里的表头是：${shown.length === 0 ? '（空）' : quoted(shown)}。`,
    '请核对是不是选错了数据集，或者按模板改正表头后重新导入。',
  );
};

type Meant = Pick<Fact, 'type' | 'values' | 'tree' | 'every' | 'combine'> & { readonly to?: string };

const factFor = (dataset: Dataset, catalogue: Catalogue, to: string): Meant | undefined => {
  const named = dataset.shape === 'list' ? dataset.fact : to;
  const fact = catalogue.facts.find((f) => f.register === dataset.register && f.key === named);
  if (dataset.shape !== 'list') return fact;
  const field: Field | undefined = fact?.fields?.find((f) => f.key === to);
  return field as Meant | undefined;
};

const elementKeyOf = (dataset: Dataset, catalogue: Catalogue): string | undefined =>
  dataset.shape === 'list' ? catalogue.facts.find((f) => f.register === dataset.register && f.key === dataset.fact)?.elementKey : undefined;

const lay = (dataset: Dataset, catalogue: Catalogue, column: Column, bound: BoundColumn | undefined): LaidColumn => {
  const cellType = typeOf(dataset, catalogue, column);
  const scale = cellType.type === 'number' ? (bound?.scale ?? 0) : 0;
  return {
    index: bound?.index ?? 0,
    header: column.header,
    to: column.to,
    read: scale === 0 ? cellReader(cellType) : scaledReader(cellReader(cellType), scale),
    empty: column.empty ?? 'unknown',
    required: column.required === true || column.to === '$key' || column.to === '$period' || column.to === elementKeyOf(dataset, catalogue),
    numeric: cellType.type === 'number' && !column.to.startsWith('$'),
    isCard: column.format === 'account',
  };
};

/** undefined where the catalogue has no such tree: then any code is let in. */
const treeIn = (catalogue: Catalogue, id: string): TreeIndex | undefined =>
  catalogue.trees.some((t) => t.id === id) ? treeOf(catalogue, id) : undefined;

const typeOf = (dataset: Dataset, catalogue: Catalogue, column: Column): CellType => {
  const { format, separator } = column;
  const keyFormat = (register: string | undefined): Column['format'] => {
    const kind = catalogue.registers.find((r) => r.id === register)?.key;
    return kind === 'text' ? undefined : kind;
  };
  switch (column.to) {
    case '$key':
      return { type: 'text', format: format ?? keyFormat(dataset.register) };
    case '$name':
      return { type: 'text', isName: keyFormat(dataset.register) === 'citizen-id' };
    case '$division':
      return { type: 'code', tree: treeIn(catalogue, 'division') };
    case '$from':
    case '$to':
      return { type: 'date' };
    case '$period':
      return { type: 'text' };
  }
  const fact = factFor(dataset, catalogue, column.to);
  if (fact === undefined) return { type: 'text', format };
  const tree = fact.tree === undefined ? undefined : treeIn(catalogue, fact.tree);
  if (fact.type === 'link') return { type: 'text', format: format ?? keyFormat(fact.to) };
  const type = fact.type === 'list' ? 'text' : fact.type === 'series' && dataset.shape === 'series' ? 'number' : fact.type;
  return { type, format, separator, values: fact.values, tree, every: fact.every };
};
