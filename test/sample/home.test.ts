// The households of the sample city, from the files of the departments to who belonged to which on a day; and the guardians of its orphans.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { addDays } from '../../src/base/day.ts';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { shippedCatalogue } from '../../src/command/place.ts';
import { membersOn } from '../../src/record/household-store.ts';
import { importDelivery } from '../../src/record/import.ts';
import { cityDefaults, generateCity } from '../../src/sample/city.ts';
import { fileContent } from '../../src/sheet/content.ts';
import { testDatabase } from '../database.ts';

const database = testDatabase();
const out = mkdtempSync(join(tmpdir(), 'zhixiang-home-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

it('are delivered for one county, with members over time, and land', async () => {
  const read = await readCatalogue(shippedCatalogue);
  if (!read.ok) throw new Error('catalogue');
  const { catalogue } = read;
  const { asOf } = cityDefaults;
  const city = generateCity({ firms: 20, residents: 1500, seed: 7, asOf, catalogue, out });
  const wanted = ['police-residents', 'police-households', 'police-household-members', 'civil-guardians'];
  for (const { dataset, kind, scope, asOf: of, file } of city.deliveries.filter((one) => wanted.includes(one.dataset))) {
    const request = { dataset, kind, division: scope.division, asOf: of, fileName: 'f.csv', content: fileContent(file) };
    const report = await importDelivery(
      database.db,
      catalogue,
      { ...request, receivedBy: 'test', role: 'system' },
      { now: new Date('2026-04-15T02:00:00Z') },
    );
    expect([dataset, report.state]).toEqual([dataset, 'landed']);
    if (dataset.startsWith('police-household')) expect([dataset, scope.division, report.rows.bad]).toEqual([dataset, '530128', 0]);
  }
  // Somebody who lived in a household of his own until he moved in with the children.
  const [moved] = await database.sql<{ id: string; cells: { v: string | null; from: string; to: string | null }[] }[]>`
    select subject_id as id, cells -> 'household' as cells from record_part
    where dataset = 'police-household-members' and jsonb_array_length(cells -> 'household') = 2 and not cells -> 'household' @> '[{"v": null}]'
    order by subject_id limit 1`;
  const [before, now] = moved?.cells ?? [];
  if (moved === undefined || before === undefined || now === undefined) throw new Error('nobody moved');
  const members = async (household: string | null, on: string) =>
    (await membersOn(database.db, catalogue, household ?? '', on as never, asOf)).map((one) => one.subjectId);
  expect(await members(before.v, addDays(now.from as never, -1))).toContain(moved.id);
  expect(await members(now.v, addDays(now.from as never, -1))).not.toContain(moved.id);
  const after = await members(now.v, now.from);
  expect([after.includes(moved.id), after.length > 1]).toEqual([true, true]);
  expect(await members(before.v, now.from)).not.toContain(moved.id);
  const guarded = await database.sql`select 1 from record_part where dataset = 'civil-guardians'`;
  expect(guarded.length).toBeGreaterThan(0);
});
