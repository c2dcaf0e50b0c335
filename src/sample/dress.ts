// Some departments hand over workbooks, others text in GB18030, with a title above the table and totals and a signature below: small datasets of the
// sample city are dressed so. The rows stay what they were.
import { readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { isDay } from '../base/day.ts';
import type { Catalogue, Dataset } from '../catalogue/catalogue.ts';
import { bytesContent } from '../sheet/content.ts';
import { readCsv } from '../sheet/csv.ts';
import { encodeGb18030 } from '../sheet/gb18030.ts';
import { type SheetCell, writeXlsxFile } from '../sheet/xlsx-write.ts';
import { csvLine } from './cell.ts';
import type { Delivery } from './delivery.ts';

type Dress = 'xlsx' | 'gb18030' | 'gb18030-tabs';

/** Datasets of some hundred rows, so that the first start takes no longer. */
const dresses: Readonly<Record<string, Dress>> = {
  'health-deaths': 'gb18030',
  'civil-cremations': 'gb18030',
  'water-resettlement': 'gb18030-tabs',
  'citizen-lists': 'gb18030',
  'justice-sentences': 'gb18030',
  'emergency-accidents': 'gb18030-tabs',
  veterans: 'xlsx',
  'health-family-planning': 'xlsx',
  'education-hardship': 'xlsx',
  'tourism-groups': 'xlsx',
  'stats-units': 'xlsx',
};

interface Table {
  readonly title: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly foot: readonly (readonly string[])[];
}

const tableOf = async (delivery: Delivery, dataset: Dataset): Promise<Table> => {
  const rows: (readonly string[])[] = [];
  for await (const batch of readCsv(bytesContent(readFileSync(delivery.file)).open())) for (const row of batch) rows.push(row.cells);
  const blank = rows[0]?.map(() => '') ?? [];
  const line = (...cells: string[]): readonly string[] => blank.map((_, i) => cells[i] ?? '');
  return {
    title: line(`${dataset.title}（${delivery.asOf}）`),
    rows,
    foot: [line('合计', `${rows.length - 1} 条`), line(`填表人：经办人甲　审核人：经办人乙　报送单位：${dataset.department}`)],
  };
};

/** Only a column of the type is given as a number or a day: an id stays text. */
const cellMaker = (dataset: Dataset, catalogue: Catalogue): ((text: string, column: number) => SheetCell) => {
  const types = dataset.columns.map(({ to }) => {
    if (to === '$from' || to === '$to') return 'date';
    const fact = catalogue.facts.find((f) => f.register === dataset.register && f.key === (dataset.shape === 'list' ? dataset.fact : to));
    return dataset.shape === 'list' ? fact?.fields?.find((f) => f.key === to)?.type : fact?.type;
  });
  return (text, column) => {
    if (types[column] === 'date' && isDay(text)) return { day: text };
    return types[column] === 'number' && /^-?\d+(?:\.\d+)?$/.test(text) ? { number: text } : text;
  };
};

const dress = async (delivery: Delivery, dataset: Dataset, catalogue: Catalogue, how: Dress): Promise<string> => {
  const { title, rows, foot } = await tableOf(delivery, dataset);
  const stem = delivery.file.replace(/\.csv$/, '');
  if (how === 'xlsx') {
    const cell = cellMaker(dataset, catalogue);
    const [header = [], ...data] = rows;
    rmSync(`${stem}.xlsx`, { force: true });
    await writeXlsxFile(`${stem}.xlsx`, [
      { name: '报送表', header: title, widths: header.map(() => 22), rows: [header, ...data.map((row) => row.map(cell)), ...foot] },
    ]);
    return `${stem}.xlsx`;
  }
  const tabs = how === 'gb18030-tabs';
  const line = (cells: readonly string[]): string => (tabs ? `${cells.join('\t')}\r\n` : csvLine(cells, '\r\n'));
  writeFileSync(`${stem}.txt`, encodeGb18030([title, ...rows, ...foot].map(line).join('')));
  return `${stem}.txt`;
};

/** The deliveries with some of their files written anew; the plain files of these are gone. Deterministic. */
export const dressed = async (deliveries: readonly Delivery[], catalogue: Catalogue): Promise<readonly Delivery[]> => {
  const done: Delivery[] = [];
  for (const delivery of deliveries) {
    const how = dresses[delivery.dataset];
    const dataset = catalogue.datasets.find((d) => d.id === delivery.dataset);
    if (how === undefined || dataset === undefined || delivery.rows === 0) {
      done.push(delivery);
      continue;
    }
    done.push({ ...delivery, file: await dress(delivery, dataset, catalogue, how) });
    unlinkSync(delivery.file);
  }
  return done;
};
