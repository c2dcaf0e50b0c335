// A delivered file opened for one dataset: the table found in it, its columns bound, its rows ready to be read. What is not certain refuses the file and
// says what a person has to settle.
import { fail, ProblemError } from '../base/problem.ts';
import type { Catalogue, Dataset } from '../catalogue/catalogue.ts';
import { type Format, openBook } from '../sheet/book.ts';
import type { Content } from '../sheet/content.ts';
import { type Binder, type Binding, binderOf, type How, isCertain, likeliest, type Mapping } from './binding.ts';
import { type Layout, layOut } from './layout.ts';
import { type DataRows, dataRows, type Found, findTable } from './table.ts';

/** A saved mapping with its version; versions begin at 1. */
export interface SavedMapping {
  readonly version: number;
  readonly labels: Mapping;
}

/** How the file was read; kept with the delivery. */
export interface Source {
  readonly format: Format;
  /** The header's row (its last one, where it has two lines). */
  readonly headerLine: number;
  /** Version of the saved mapping that was used; null where the labels said it all. */
  readonly mapping: number | null;
  /** Columns whose label is not the dataset's own. */
  readonly renamed: readonly { readonly label: string; readonly to: string; readonly how: How; readonly scale: number }[];
}

export interface Delivered {
  readonly layout: Layout;
  readonly data: DataRows;
  readonly source: Source;
}

/** The table as it was found, before anything is decided about its columns. */
export interface Looked {
  readonly found: Found;
  readonly binder: Binder;
  readonly binding: Binding;
}

export const lookInto = async (
  content: Content,
  dataset: Dataset,
  catalogue: Catalogue,
  saved: SavedMapping | null,
  sheet: string | null,
): Promise<Looked> => {
  const binder = binderOf(dataset, catalogue, saved?.labels ?? null);
  const found = await findTable(await openBook(content), dataset, binder, sheet);
  return { found, binder, binding: binder.bind(found.header.labels, found.unit) };
};

/** Throws a ProblemError: what the readers refuse, `import.header`, `import.unit`, `import.mapping`. */
export const openDelivered = async (
  content: Content,
  dataset: Dataset,
  catalogue: Catalogue,
  saved: SavedMapping | null,
  sheet: string | null = null,
): Promise<Delivered> => {
  const { found, binder, binding } = await lookInto(content, dataset, catalogue, saved, sheet);
  const { header, table } = found;
  refuseUnits(binding, header.line);
  const layout = layOut(dataset, catalogue, header.labels, binding, table.place);
  if (!('dataset' in layout)) {
    const near = likeliest(binding, header.labels).map(([to, label]) => `“${label}”→“${to}”`);
    const hint = near.length === 0 ? layout.hint : `${layout.hint}也许是：${near.join('、')}；确实如此的，请保存列的对应关系后再导入。`;
    throw new ProblemError([{ ...layout, at: `${header.line}`, hint }]);
  }
  if (!isCertain(binding)) refuseUncertain(binding, header.line);
  const columns = [...binding.columns];
  return {
    layout,
    data: dataRows(found, { key: layout.key.index, days: layout.days, score: binder.score }),
    source: {
      format: table.format,
      headerLine: header.line,
      mapping: columns.some(([, c]) => c.how === 'saved') ? (saved?.version ?? null) : null,
      renamed: columns.filter(([, c]) => c.how !== 'exact').map(([to, { label, how, scale }]) => ({ label, to, how, scale })),
    },
  };
};

const refuseUnits = ({ units }: Binding, line: number): void => {
  if (units.length === 0) return;
  const what = units.map((u) => `“${u.label}”与“${u.header}”`).join('、');
  fail('import.unit', `${line}`, `计量单位对不上：${what}，整份文件没有导入。`, '请按数据集的单位重新报送，或核对列名里的单位是否写对。');
};

/** ×10⁴ in words a clerk uses. */
export const scaleWords = (scale: number): string => {
  if (scale === 0) return '';
  const factor = `1${'0'.repeat(Math.abs(scale))}`;
  return scale > 0 ? `，数值乘以 ${factor}` : `，数值除以 ${factor}`;
};

const refuseUncertain = (binding: Binding, line: number): void => {
  const proposals = [...binding.columns]
    .filter(([, c]) => c.how === 'synonym' || c.how === 'unit')
    .map(([to, c]) => `“${c.label}”→“${to}”${scaleWords(c.scale)}`);
  fail(
    'import.mapping',
    `${line}`,
    `表头与数据集的列名不完全一样，要先由人核对：${proposals.join('；')}。`,
    '核对无误后保存列的对应关系（zhixiang import … --propose --save），以后同样的表头会自动沿用。',
  );
};

/** The format in words for reports. */
export const formatWords = (format: Format): string => {
  if (format.kind === 'xlsx') return `工作表“${format.sheet}”`;
  const separator = { ',': '逗号', '\t': '制表符', ';': '分号' }[format.separator];
  return `文本，${format.encoding === 'utf-8' ? 'UTF-8' : 'GB18030'}，${separator}分隔`;
};
