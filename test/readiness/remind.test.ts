// Reminders: at which level to whom, never twice for one due day and level, and out by mail exactly as claimed.
import { beforeEach, describe, expect, it } from 'vitest';
import { addDays, type Day, day } from '../../src/base/day.ts';
import type { Heard } from '../../src/readiness/heard.ts';
import { type ReminderChannel, remind, remindersOn, sendReminders } from '../../src/readiness/remind.ts';
import { listReminders } from '../../src/readiness/reminder-store.ts';
import { testDatabase } from '../database.ts';
import { empty } from '../match/ground.ts';
import { catalogueWith, tellDeaths } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const catalogue = catalogueWith();
const mail = { enabled: true, domain: 'example.gov.cn' };
const heard = (asOf: string, division: string | null = null): Heard => ({ dataset: 'deaths', division, asOf: day(asOf), covering: true });
const on = (today: string, ...told: readonly Heard[]) =>
  remindersOn(catalogue, told, day(today), mail).map((r) => `${r.dueOn} ${r.level} ${r.division} ${r.address}`);

describe('who is reminded, and when', () => {
  it('starts two days before the due day and climbs to the chief', () => {
    const told = heard('2026-01-31');
    expect(on('2026-02-20', told)).toEqual([]);
    expect(on('2026-03-02', told)).toEqual([]);
    expect(on('2026-03-03', told)).toEqual(['2026-03-05 0  deaths@example.gov.cn']);
    expect(on('2026-03-06', told)).toEqual(['2026-03-05 1  deaths@example.gov.cn']);
    expect(on('2026-03-10', told)).toEqual(['2026-03-05 2  chief@example.gov.cn']);
    expect(on('2026-03-31', told)).toEqual(['2026-03-05 3  chief@example.gov.cn']);
    expect(on('2026-03-31', heard('2026-03-02'))).toEqual([]);
  });
  it('names each division that is late, and not those that delivered', () => {
    expect(on('2026-03-06', heard('2026-01-31', '11'), heard('2026-03-01', '12'))).toEqual(['2026-03-05 1 11 deaths@example.gov.cn']);
  });
});

const run = (today: Day) => remind(database.db, { catalogue, today, at: new Date(`${today}T00:20:00Z`), mail });

describe('a month of mornings', () => {
  it('writes each level of a due day once, however often it runs', async () => {
    await tellDeaths(database, day('2026-01-31'));
    let written = 0;
    for (let i = 0; i < 31; i++) written += (await run(addDays(day('2026-03-01'), i))) + (await run(addDays(day('2026-03-01'), i)));
    expect(written).toBe(4);
    const all = await listReminders(database.db, 50);
    expect(all.map((r) => `${r.dueOn} ${r.level} ${r.role} ${r.subject}`).sort()).toEqual([
      '2026-03-05 0 信息科 即将到期：卫生健康委 死亡登记',
      '2026-03-05 1 信息科 催报：卫生健康委 死亡登记',
      '2026-03-05 2 分管主任 再次催报：卫生健康委 死亡登记',
      '2026-03-05 3 分管主任 催报，请督办：卫生健康委 死亡登记',
    ]);
    expect(await database.sql`select from audit_entry where action = 'reminder.write'`).toHaveLength(4);
    expect(all[0]?.body).toContain('最近一次数据截至2026年1月31日');
  });
  it('two processes at once write one', async () => {
    await tellDeaths(database, day('2026-01-31'));
    const both = await Promise.all([run(day('2026-03-06')), run(day('2026-03-06'))]);
    expect(both[0] + both[1]).toBe(1);
  });
});

describe('sending', () => {
  const channel = (answers: Awaited<ReturnType<ReminderChannel['send']>>[], sent: string[]): ReminderChannel => ({
    send: async (message) => {
      sent.push(`${message.to} ${message.messageId}`);
      return answers.shift() ?? { kind: 'sent' };
    },
  });
  it('tries again later, under the same id, and stops when refused', async () => {
    await tellDeaths(database, day('2026-01-31'));
    await run(day('2026-03-06'));
    const sent: string[] = [];
    const at = (minutes: number) => () => new Date(new Date('2026-03-06T00:30:00Z').getTime() + minutes * 60_000);
    expect(await sendReminders(database.db, channel([{ kind: 'retry', why: '451' }], sent), at(0))).toBe(0);
    expect(await sendReminders(database.db, channel([], sent), at(1))).toBe(0);
    expect(await sendReminders(database.db, channel([], sent), at(30))).toBe(1);
    expect(await sendReminders(database.db, channel([], sent), at(90))).toBe(0);
    expect(sent).toHaveLength(2);
    expect(new Set(sent).size).toBe(1);
    await run(day('2026-03-10'));
    expect(await sendReminders(database.db, channel([{ kind: 'refused', why: '550' }], sent), at(60 * 24 * 5))).toBe(0);
    const states = (await listReminders(database.db, 9)).map((r) => r.state);
    expect(states).toEqual(['bounced', 'sent']);
  });
});
