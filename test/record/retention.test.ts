// What is past its dataset's retention goes, what stands on it stays: files and refused rows, never hash, report or facts; on a real database.
import { beforeAll, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import type { ProblemError } from '../../src/base/problem.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { refusedAsCsv } from '../../src/record/report.ts';
import { removePast } from '../../src/record/retention.ts';
import { recordByKey } from '../../src/record/store.ts';
import { openKept } from '../../src/vault/kept.ts';
import { testDatabase } from '../database.ts';
import { county, person } from './county.ts';

const database = testDatabase();
const [a, b] = [person(1), person(2)];
const catalogue = { ...county, datasets: county.datasets.map((d) => (d.id === 'wages' ? { ...d, retainDays: 30 } : d)) };
const people = `身份证号,姓名,区划,性别,死亡日期\n${a},张三,530128,男,\n${b},李四,530128,女,\n`;
const wages = `身份证号,年度,工资\n${a},2025,84627\n${b},2025,很多\n`;

const deliver = async (dataset: string, text: string, asOf: string, at: string): Promise<string> => {
  const request = { dataset, kind: 'full' as const, division: null, asOf: day(asOf), fileName: 'f.csv', receivedBy: 's', role: 'steward' };
  const done = await importDelivery(
    database.db,
    catalogue,
    { ...request, content: bytesContent(Buffer.from(text)) },
    { now: new Date(at) },
  );
  return done.deliveryId;
};
const hashOf = async (id: string): Promise<string> => {
  const [row] = await database.sql<{ sha256: string }[]>`select sha256 from delivery where id = ${id}`;
  return row?.sha256 ?? '';
};
const kept = async (sha256: string): Promise<string> => {
  try {
    let text = '';
    for await (const piece of openKept(database.db, sha256)) text += Buffer.from(piece).toString();
    return text;
  } catch (error) {
    return (error as ProblemError).problems[0]?.code ?? '';
  }
};
const refused = async (id: string): Promise<string> => {
  let text = '';
  for await (const piece of refusedAsCsv(database.db, id)) text += piece;
  return text;
};

describe('retention', () => {
  let first = '';
  beforeAll(async () => {
    await deliver('people', people, '2026-01-01', '2026-01-01T00:00:00Z');
    first = await deliver('wages', wages, '2026-01-01', '2026-01-01T00:00:00Z');
  });

  it('keeps a file to the last day, readable as it was delivered', async () => {
    expect(await removePast(database.db, catalogue, new Date('2026-01-30T23:59:59Z'))).toEqual({ files: 0, deliveries: 0 });
    expect(await kept(await hashOf(first))).toBe(wages);
  });

  it('keeps a file that was delivered again since', async () => {
    const again = await deliver('wages', wages, '2026-01-20', '2026-01-20T00:00:00Z');
    await removePast(database.db, catalogue, new Date('2026-02-01T00:00:00Z'));
    expect(await kept(await hashOf(again))).toBe(wages);
  });

  it('then removes bytes and refused rows of that dataset alone; hash, report and facts stay, and each removal is audited', async () => {
    const hash = await hashOf(first);
    expect(await removePast(database.db, catalogue, new Date('2026-03-01T00:00:00Z'))).toMatchObject({ files: 1 });
    expect(await kept(hash)).toBe('missing.kept-file');
    const [row] = await database.sql`select bytes, removed_at from kept_file where sha256 = ${hash}`;
    expect(row).toMatchObject({ bytes: BigInt(Buffer.byteLength(wages)), removed_at: new Date('2026-03-01T00:00:00Z') });
    expect(await refused(first)).not.toContain('很多');
    const problems = await database.sql`select code from delivery_problem where delivery_id = ${first}`;
    expect(problems.length).toBeGreaterThan(0);
    expect((await recordByKey(database.db, 'citizen', a))?.facts.income?.[0]?.v).toEqual({ '2025': '84627' });
    const [other] = await database.sql<{ sha256: string }[]>`select sha256 from delivery where dataset = 'people'`;
    expect(await kept(other?.sha256 ?? '')).toBe(people);
    const audited = await database.sql`select object_id from audit_entry where action = 'kept-file.remove'`;
    expect(audited.map((one) => one.object_id)).toEqual([hash]);
    expect(await removePast(database.db, catalogue, new Date('2026-03-01T00:00:00Z'))).toEqual({ files: 0, deliveries: 0 });
  });

  it('empties rows of lists by name too, but not one that still waits for its name', async () => {
    const named = await deliver('wages', wages.replace('84627', '84628'), '2026-02-01', '2026-02-01T00:00:00Z');
    await database.sql`
      insert into named_row (delivery_id, line, dataset, register, division, name, norm, state, method, subject_id, row)
      select ${named}::uuid, n, 'wages', 'citizen', '', '张三', '张三', case n when 1 then 'matched' else 'open' end, case n when 1 then 'name' end,
        case n when 1 then gen_random_uuid() end, 'AQJr' from generate_series(1, 2) n`;
    const rows = async () => (await database.sql`select line, row from named_row order by line`).map((one) => one.row);
    await removePast(database.db, catalogue, new Date('2026-02-15T00:00:00Z'));
    expect(await rows()).toEqual(['AQJr', 'AQJr']);
    await removePast(database.db, catalogue, new Date('2026-03-05T00:00:00Z'));
    expect(await rows()).toEqual([null, 'AQJr']);
    await database.sql`delete from named_row`;
  });

  it('keeps a removed file anew when it comes again', async () => {
    const again = await deliver('wages', wages, '2026-03-02', '2026-03-02T00:00:00Z');
    expect(await kept(await hashOf(again))).toBe(wages);
  });

  it('never removes bytes that an attested document or a payment file is', async () => {
    const at = '2026-04-01T00:00:00Z';
    const texts = ['scan', 'result', 'plain'].map((word) => `身份证号,年度,工资\n${a},2024,1\n${b},2024,${word}\n`);
    const hashes: string[] = [];
    for (const text of texts) hashes.push(await hashOf(await deliver('wages', text, '2026-04-01', at)));
    const [scan = '', result = '', plain = ''] = hashes;
    await database.sql`insert into attested_document (sha256, media_type, stored_at, stored_by) values (${scan}, 'application/pdf', ${at}, 'reviewer')`;
    await database.sql`
      insert into payment_file (batch_id, direction, format, name, sha256, manifest, at, by)
      values (null, 'in', 'agent-csv', 'back.csv', ${result}, '{}', ${at}, 'clerk')`;
    const { files } = await removePast(database.db, catalogue, new Date('2027-01-01T00:00:00Z'));
    expect(files).toBeGreaterThan(0);
    expect([await kept(scan), await kept(result), await kept(plain)]).toEqual([texts[0], texts[1], 'missing.kept-file']);
    expect(await removePast(database.db, catalogue, new Date('2027-01-01T00:00:00Z'))).toEqual({ files: 0, deliveries: 0 });
  });
});
