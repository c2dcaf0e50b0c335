// A workbook: its sheets by name, and their rows as text, streamed. Reads what a delivery needs (texts, number formats, cached values of formulas) and
// nothing else: no styles, links, pictures, macros; nothing in a workbook is ever run.
import { fail } from '../base/problem.ts';
import type { Content } from './content.ts';
import { archiveProblem } from './kind.ts';
import { type Shown, shownBy } from './number.ts';
import type { DateSystem } from './serial.ts';
import { noStrings, readSharedStrings, type SharedStrings } from './shared-strings.ts';
import { readXml, type XmlHandler } from './xml.ts';
import { readDirectory, readEntry, type ZipEntry } from './zip-read.ts';

export interface WorkbookSheet {
  readonly name: string;
  readonly hidden: boolean;
  /** The sheet's XML, bounded. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

export interface Workbook {
  readonly sheets: readonly WorkbookSheet[];
  readonly dates: DateSystem;
  readonly strings: SharedStrings;
  /** By a cell's style index. */
  readonly shown: readonly Shown[];
}

/** Bytes a part may have once inflated: a sheet of a million rows and thirty columns has 1.2 GB. */
const most = { small: 4 << 20, styles: 32 << 20, strings: 256 << 20, sheet: 2 ** 31 } as const;
const maxSheets = 200;

const damaged = (what: string): never =>
  fail('import.damaged', '', `文件不完整或已损坏：${what}，没有导入。`, '请重新导出或重新传送这份文件。');

/** `xl/` + `worksheets/sheet1.xml`, `../xl/x.xml`, `/xl/x.xml`. */
const resolved = (folder: string, target: string): string => {
  const parts = target.startsWith('/') ? [] : folder.split('/').filter((p) => p !== '');
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
};

interface Relation {
  readonly id: string;
  /** Last word of the type, the same in the transitional and the strict form. */
  readonly kind: string;
  readonly target: string;
}

const relationsIn = async (pieces: AsyncIterable<Uint8Array>, folder: string): Promise<readonly Relation[]> => {
  const found: Relation[] = [];
  await over(pieces, (name, a) => {
    if (name !== 'Relationship' || a.TargetMode === 'External') return;
    found.push({ id: a.Id ?? '', kind: (a.Type ?? '').split('/').at(-1) ?? '', target: resolved(folder, a.Target ?? '') });
  });
  return found;
};

const over = async (
  pieces: AsyncIterable<Uint8Array>,
  open: XmlHandler['open'],
  close: XmlHandler['close'] = () => undefined,
): Promise<void> => {
  for await (const _ of readXml(pieces, { open, close, text: () => undefined }));
};

/** Opens a workbook; refuses other archives (`import.file-kind`), broken ones (`import.damaged`) and bombs (`import.bomb`, `import.too-large`). */
export const openWorkbook = async (content: Content): Promise<Workbook> => {
  const entries = new Map((await readDirectory(content)).map((e) => [e.name, e] as const));
  const part = (name: string, limit: number): AsyncGenerator<Uint8Array> => readEntry(content, entries.get(name) as ZipEntry, limit);
  if (!entries.has('_rels/.rels')) refuseArchive(entries);
  const roots = await relationsIn(part('_rels/.rels', most.small), '');
  const main = roots.find((r) => r.kind === 'officeDocument')?.target ?? '';
  if (!entries.has(main) || !main.endsWith('.xml') || main.startsWith('word/') || main.startsWith('ppt/')) refuseArchive(entries);
  const folder = main.slice(0, main.lastIndexOf('/') + 1);
  const relationsPart = `${folder}_rels/${main.slice(folder.length)}.rels`;
  if (!entries.has(relationsPart)) damaged('缺少工作簿目录');
  const relations = await relationsIn(part(relationsPart, most.small), folder);
  const { listed, dates } = await readMain(part(main, most.small));
  const sheets = listed.flatMap(({ name, hidden, id }) => {
    const relation = relations.find((r) => r.id === id);
    if (relation === undefined) return damaged(`工作表“${name.slice(0, 31)}”不在文件里`);
    if (relation.kind !== 'worksheet') return [];
    if (!entries.has(relation.target)) return damaged(`工作表“${name.slice(0, 31)}”不在文件里`);
    return [{ name, hidden, open: () => part(relation.target, most.sheet) }];
  });
  const optional = (kind: string): string | undefined => relations.find((r) => r.kind === kind && entries.has(r.target))?.target;
  const styles = optional('styles');
  const strings = optional('sharedStrings');
  return {
    sheets,
    dates,
    shown: styles === undefined ? [] : await readStyles(part(styles, most.styles)),
    strings: strings === undefined ? noStrings : await readSharedStrings(part(strings, most.strings)),
  };
};

const refuseArchive = (entries: ReadonlyMap<string, ZipEntry>): never => {
  const { code, at, message, hint } = archiveProblem([...entries.keys()]);
  return fail(code as 'import.file-kind', at, message, hint);
};

interface Listed {
  readonly name: string;
  readonly hidden: boolean;
  readonly id: string;
}

const readMain = async (pieces: AsyncIterable<Uint8Array>): Promise<{ readonly listed: readonly Listed[]; readonly dates: DateSystem }> => {
  const listed: Listed[] = [];
  let dates: DateSystem = '1900';
  await over(pieces, (name, a) => {
    if (name === 'workbookPr' && (a.date1904 === '1' || a.date1904 === 'true')) dates = '1904';
    if (name !== 'sheet') return;
    const id = Object.entries(a).find(([key]) => key.endsWith(':id'))?.[1] ?? '';
    listed.push({ name: a.name ?? '', hidden: a.state === 'hidden' || a.state === 'veryHidden', id });
    if (listed.length > maxSheets)
      fail('import.too-large', '', `工作簿里有 ${maxSheets} 张以上的工作表，没有导入。`, '请把要导入的工作表另存为一份文件。');
  });
  return { listed, dates };
};

/** Style index → whether its number format shows a day. */
const readStyles = async (pieces: AsyncIterable<Uint8Array>): Promise<readonly Shown[]> => {
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let inCells = false;
  await over(
    pieces,
    (name, a) => {
      if (name === 'numFmt') codes.set(Number(a.numFmtId), (a.formatCode ?? '').slice(0, 255));
      else if (name === 'cellXfs') inCells = true;
      else if (name === 'xf' && inCells) formats.push(Number(a.numFmtId ?? 0));
    },
    (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  );
  return formats.map((id) => shownBy(id, codes.get(id)));
};
