// The head of the audit chain by mail, once a day: an anchor in the hands of somebody who administers neither the database nor this machine. The text is
// a line that the verifier reads, so the mail itself is saved and handed to it.
import type { Db } from '../db/handle.ts';
import type { BrokenInvariant } from '../db/invariant-store.ts';
import { auditHead } from './chain.ts';

/** What is needed of a mail channel. */
export interface HeadChannel {
  send(message: {
    readonly messageId: string;
    readonly to: string;
    readonly subject: string;
    readonly text: string;
  }): Promise<{ readonly kind: string; readonly why?: string }>;
}

/** One Chinese line when the head was handed to the mail server, null when nothing is chained yet. Throws when the server did not take it: the job shows it. */
export const mailHead = async (db: Db, channel: HeadChannel, ask: { readonly to: string; readonly now: Date }): Promise<string | null> => {
  const head = await auditHead(db);
  if (head === null) return null;
  const day = ask.now.toISOString().slice(0, 10);
  const text = [
    `直享审计链到第 ${head.position} 环。请保存这封邮件：核对留痕时把它当作锚文件。`,
    JSON.stringify({ ...head, at: ask.now }),
    '',
  ].join('\n');
  const answer = await channel.send({
    messageId: `audit-head.${day}.${head.position}@zhixiang.invalid`,
    to: ask.to,
    subject: `直享审计链头 ${day} 第 ${head.position} 环`,
    text,
  });
  if (answer.kind !== 'sent') throw new Error(`审计链头没有寄出：${answer.why ?? answer.kind}`);
  return `寄出链头：第 ${head.position} 环`;
};

/** The alarm of a broken promise to the same keeper, every night it stands. Throws when the server did not take it. */
export const mailAlarm = async (
  channel: HeadChannel,
  ask: { readonly to: string; readonly text: string; readonly broken: readonly BrokenInvariant[]; readonly now: Date },
): Promise<void> => {
  const day = ask.now.toISOString().slice(0, 10);
  const lines = ask.broken.map((one) => `${one.invariant}  ${one.message}  ${one.example ?? ''}`);
  const answer = await channel.send({
    messageId: `invariants.${day}@zhixiang.invalid`,
    to: ask.to,
    subject: `直享报警 ${day}：承诺被打破`,
    text: [ask.text, ...lines, ''].join('\n'),
  });
  if (answer.kind !== 'sent') throw new Error(`${ask.text} 报警邮件没有寄出：${answer.why ?? answer.kind}`);
};
