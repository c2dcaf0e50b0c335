// What a caller was told: kept sealed under the work order, in order, once per look; two answers side by side never stand as one.
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Day, day, type WorkingCalendar } from '../../src/base/day.ts';
import { type Replying, reply, replyDue } from '../../src/consult/reply.ts';
import { repliesTo } from '../../src/consult/reply-store.ts';
import { transaction } from '../../src/db/handle.ts';
import { testDatabase } from '../database.ts';

const database = testDatabase();
const now = new Date('2026-04-15T02:00:00Z');
const asked = (more: Partial<Replying> = {}): Replying => ({
  ...{ subjectId: randomUUID(), itemId: null, purpose: { reason: 'call', order: 'GD-2026-0412' }, seen: 0, now },
  ...{ text: '高龄津贴已经核定，本月二十日前发放。', receivedOn: day('2026-04-14') as Day, dueOn: day('2026-04-21') as Day },
  ...{ actor: { id: 'shen', role: 'reviewer' }, today: day('2026-04-15') as Day },
  ...more,
});
const give = (ask: Replying) => transaction(database.db, (tx) => reply(tx, ask));

describe('a reply', () => {
  it('is kept as it was said, newest first, and leaves its row in the trail without the words', async () => {
    const first = asked();
    expect([
      await give(first),
      await give({ ...first, seen: 1, text: '补充：已经到账，请查收。', now: new Date(now.getTime() + 60_000) }),
    ]).toEqual([1, 2]);
    expect((await repliesTo(database.db, first.subjectId)).map(({ ordinal, text, order }) => [ordinal, text, order])).toEqual([
      [2, '补充：已经到账，请查收。', 'GD-2026-0412'],
      [1, first.text, 'GD-2026-0412'],
    ]);
    const trail = await database.sql<{ text: string }[]>`
      select row_to_json(a)::text as text from audit_entry a where action = 'call.reply' and object_id = ${first.subjectId}`;
    expect(trail.length).toBe(2);
    expect(trail.every(({ text }) => !text.includes('高龄津贴') && text.includes('GD-2026-0412'))).toBe(true);
  });

  it('of several at once to one order stands once; the others are told to look first', async () => {
    const ask = asked();
    const done = await Promise.allSettled(Array.from({ length: 6 }, (_, i) => give({ ...ask, actor: { id: `c${i}`, role: 'reviewer' } })));
    expect(done.filter((one) => one.status === 'fulfilled').length).toBe(1);
    const codes = done.flatMap((one) => (one.status === 'rejected' ? [one.reason.problems[0].code] : []));
    expect(codes).toEqual(Array.from({ length: 5 }, () => 'conflict.replied'));
    expect((await repliesTo(database.db, ask.subjectId)).length).toBe(1);
  });

  it('refuses what cannot be one', async () => {
    const refused = (more: Partial<Replying>) =>
      expect(give(asked(more))).rejects.toMatchObject({ problems: [{ code: expect.stringMatching(/^input\./) }] });
    await refused({ text: '好' });
    await refused({ receivedOn: day('2026-04-16') as Day });
    await refused({ dueOn: day('2026-04-13') as Day });
  });

  it('is due after working days, and open where the calendar ends', () => {
    const calendar = {
      holidays: new Set(['2026-04-16']),
      workdays: new Set<string>(),
      knownFrom: day('2026-01-01'),
      knownTo: day('2026-12-31'),
    };
    expect(replyDue(day('2026-04-15') as Day, calendar as WorkingCalendar)).toBe('2026-04-23');
    expect(replyDue(day('2026-12-29') as Day, calendar as WorkingCalendar)).toBe(null);
  });
});
