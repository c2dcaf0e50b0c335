// The golden set: files as departments really hand them over, each with the report it must give (`test/data/ugly/expected.json`, written anew with
// UPDATE_UGLY=1 and then read line by line by a person).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ProblemError } from '../../src/base/problem.ts';
import { openDelivered } from '../../src/record/delivered.ts';
import { readRow } from '../../src/record/group.ts';
import { toRow } from '../../src/record/problem.ts';
import { fileContent } from '../../src/sheet/content.ts';
import { county } from './county.ts';

const folder = join(import.meta.dirname, '../data/ugly');
const files = readdirSync(folder).filter((name) => name !== 'expected.json');

/** The dataset is the first word of the file's name. */
const reportOn = async (name: string): Promise<unknown> => {
  const dataset = county.datasets.find((d) => d.id === name.split('-')[0]);
  if (dataset === undefined) throw new Error(name);
  try {
    const { source, layout, data } = await openDelivered(fileContent(join(folder, name)), dataset, county, null);
    const rows: unknown[] = [];
    for await (const batch of data.rows()) {
      for (const row of batch) {
        const group = readRow(layout, row);
        const problems = group.problems.map((p) => toRow(layout, p)).map(({ code, message, masked }) => [code, message, masked]);
        rows.push({ line: row.line, ...(group.bad ? { problems } : { cells: group.cells, name: group.name, division: group.division }) });
      }
    }
    return { source, skipped: data.skipped, rows };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { refused: error.problems };
  }
};

test.each(files)('%s', async (name) => {
  const path = join(folder, 'expected.json');
  const report = JSON.parse(JSON.stringify(await reportOn(name))) as unknown;
  const expected = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  if (process.env.UPDATE_UGLY === '1') {
    writeFileSync(path, `${JSON.stringify({ ...expected, [name]: report }, null, 1)}\n`);
    return;
  }
  expect(report).toEqual(expected[name]);
});

test('no golden report without its file', () => {
  expect(Object.keys(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))).sort()).toEqual(files.toSorted());
});
