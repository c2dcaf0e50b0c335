// `bench --only notices`: how quickly notices leave. The product's own sender, woken by PostgreSQL as each chunk commits, hands them to a mail server in a
// process of its own, each with a link drawn for it; what is told is what stands in the rows afterwards, as `notices measure` tells it of the real ones.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { everything } from '../base/scope.ts';
import { insertPeople } from '../bench/notices-store.ts';
import { readConfig } from '../config.ts';
import { type Db, transaction } from '../db/handle.ts';
import { newCheckCode } from '../notice/check-code.ts';
import { sampleFrame, sampleTold } from '../notice/lint.ts';
import { handedOver } from '../notice/measure-store.ts';
import { countNotices, insertNotices, type NewNotice } from '../notice/store.ts';
import { render } from '../notice/template.ts';
import { startSending } from '../sender.ts';
import type { CommandContext } from './command.ts';
import { openTemporary } from './product.ts';

/** As many as the step that tells writes in one transaction. */
const chunk = 500;
const longestMs = 120_000;

const noticeFor = (subjectId: string, n: number): NewNotice => {
  const [id, code] = [randomUUID(), newCheckCode()];
  return {
    ...{ id, dedupe: `bench:${id}`, subjectId, itemId: 'bench', authority: sampleTold.authority, division: '530128', matchId: null },
    ...{
      template: 'matched',
      ways: [{ channel: 'mail', address: `p${n}@example.org` }],
      duty: 'required',
      entry: true,
      wording: 'shipped',
    },
    ...render('matched', sampleTold, { ...sampleFrame, code }),
    ...{ code, amountFen: sampleTold.amountFen, messageId: `${id}@bench.example`, disbursementIds: [], owedIds: [] },
  };
};

const untilSent = async (db: Db, wanted: number): Promise<void> => {
  const began = performance.now();
  for (;;) {
    const sent = (await countNotices(db, everything)).filter((one) => one.state === 'sent').reduce((sum, one) => sum + one.count, 0);
    if (sent >= wanted || performance.now() - began > longestMs) return;
    await pause(250);
  }
};

export const benchNotices = async (context: CommandContext, count: number): Promise<number> => {
  const { out, now } = context;
  const server = spawn(process.execPath, [path.join(import.meta.dirname, '..', '..', 'test', 'bench', 'mail-server.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const product = await out.step('database', '启动临时数据库', () => openTemporary(now()));
  try {
    const { db } = product.database;
    const address = String((await lines.next()).value);
    const config = readConfig({ SMTP_URL: address, MAIL_FROM: '测速 <bench@bench.example>', BASE_URL: 'http://localhost:3000' });
    const people = await transaction(db, (tx) => insertPeople(tx, count));
    const sender = await startSending(product.database, config, now, (error) => {
      throw error;
    });
    const began = now();
    for (let at = 0; at < people.length; at += chunk) {
      const written = people.slice(at, at + chunk).map((id, i) => noticeFor(id, at + i));
      await transaction(db, (tx) => insertNotices(tx, written, now()));
    }
    await untilSent(db, count);
    await sender.stop();
    const found = await handedOver(db, began);
    server.stdin.end();
    const taken = Number((await lines.next()).value);
    const share = found.total === 0 ? 0 : found.within / found.total;
    out.say(
      `  ${found.total} 封写出到交给邮件服务器：10 秒内 ${found.within} 封（${(share * 100).toFixed(2)}%），中位 ${found.medianMs} 毫秒，99% 在 ${found.p99Ms} 毫秒内；邮件服务器收到 ${taken} 封。`,
    );
    if (out.asJson) out.json({ notices: { ...found, share, taken } });
    return share >= 0.99 && taken === count ? 0 : 1;
  } finally {
    server.kill();
    await once(server, 'exit').catch(() => undefined);
    await product.close();
  }
};
