// A week of deliveries for kill tests, with what each does to the records; run in the test itself or in a child that is killed.
import { createHash } from 'node:crypto';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import type { Failpoint } from '../../src/db/failpoint.ts';
import type { Database } from '../../src/db/handle.ts';
import { decideDelivery } from '../../src/record/decide.ts';
import { bytesContent, type ImportReport, type ImportRequest, importDelivery } from '../../src/record/import.ts';
import { county, person } from './county.ts';

const everybody = Array.from({ length: 400 }, (_, i) => person(i));
const lines = (head: string, keys: readonly string[], cells: (key: string, i: number) => string): string =>
  `${head}\n${keys.map((key, i) => `${key},${cells(key, i)}`).join('\n')}\n`;

const wanted = (dataset: string, kind: ImportRequest['kind'], asOf: string, text: string): ImportRequest => ({
  dataset,
  kind,
  division: null,
  asOf: day(asOf),
  fileName: `${dataset}.csv`,
  content: bytesContent(new TextEncoder().encode(text)),
  receivedBy: 'steward',
  role: 'steward',
});

const hukou = '身份证号,户籍,户口性质,生效日期,失效日期';

/** Brings in, adds, merges, withdraws, drops, refuses: every kind of write an import makes. The last is held for what it drops, accepted, and lands. */
export const week: readonly ImportRequest[] = [
  wanted(
    'people',
    'full',
    '2026-02-01',
    lines('身份证号,姓名,区划,性别,死亡日期', everybody, (_, i) => `张${i},530128102,男,`),
  ),
  wanted(
    'hukou',
    'full',
    '2026-02-01',
    lines(hukou, everybody, (_, i) => `530128,${i % 7 === 0 ? '' : '农村'},2010-01-01,`),
  ),
  wanted(
    'pensions',
    'full',
    '2026-02-01',
    lines('身份证号,领取养老金', everybody.slice(0, 300), () => '是'),
  ),
  wanted(
    'hukou',
    'full',
    '2026-02-05',
    lines(hukou, everybody.slice(50), () => '530103,城镇,2026-02-03,'),
  ),
  wanted(
    'pensions',
    'changes',
    '2026-02-05',
    lines('身份证号,领取养老金,操作', everybody.slice(0, 40), (_, i) => (i % 2 === 0 ? ',撤回' : '否,')),
  ),
  wanted(
    'pensions',
    'full',
    '2026-02-07',
    lines('身份证号,领取养老金', [...everybody.slice(100, 350), everybody[100] ?? ''], (_, i) => (i === 9 ? '也许' : '是')),
  ),
];

export const bringWeek = async (database: Database, at?: Failpoint): Promise<readonly ImportReport[]> => {
  const reports: ImportReport[] = [];
  const options = { now: new Date('2026-02-20T01:00:00Z'), ...(at ? { at } : {}) };
  for (const request of week) {
    const report = await importDelivery(database.db, county, request, options);
    reports.push(report);
    if (report.state !== 'held') continue;
    const decision = {
      deliveryId: report.deliveryId,
      answer: 'accept',
      by: 'second',
      role: 'steward',
      reason: '已核对',
      scope: everything,
    } as const;
    reports.push(await decideDelivery(database.db, county, decision, options));
  }
  return reports;
};

/** Everything an import writes, without the ids that chance gave; one hash per state. */
const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

export const stateOf = async ({ sql }: Database): Promise<string> => {
  const rows = await sql`
    select 'record' as t, to_jsonb(r) - 'subject_id' as row from record r
    union all select 'part', to_jsonb(p) - 'subject_id' - 'delivery_id' || jsonb_build_object('key', r.key, 'sha', d.sha256)
      from record_part p join record r using (register, subject_id) join delivery d on d.id = p.delivery_id
    union all select 'coverage', to_jsonb(c) - 'delivery_id' from coverage c
    union all select 'delivery', (regexp_replace((to_jsonb(d) #- '{held,diff,samples}')::text, ${uuid}, '', 'g'))::jsonb from delivery d
    union all select 'problem', to_jsonb(p) - 'delivery_id' from delivery_problem p
    union all select 'audit', (regexp_replace((to_jsonb(a) - 'id' - 'txid' - 'hash')::text, ${uuid}, '', 'g'))::jsonb from audit_entry a
    order by 1, 2`;
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
};
