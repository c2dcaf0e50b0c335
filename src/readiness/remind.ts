// Reminding departments of deliveries they owe: two days before, the day after, then louder and higher. One row per due day and level, whoever runs this
// how often; a row with an address goes out by mail, any other is shown on the pages.
import { randomUUID } from 'node:crypto';
import { type Day, daysBetween, dayText } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Contact, type DeliveryTerm, punctuality, workingCalendar } from '../catalogue/delivery-term.ts';
import { type Db, transaction } from '../db/handle.ts';
import { isRestoring } from '../db/restored.ts';
import type { Heard } from './heard.ts';
import { claimReminders, type Due, insertReminders, type NewReminder, type ReminderEnd, recordReminder } from './reminder-store.ts';
import { readHeard } from './store.ts';

/** From how many days after the due day on; the highest that fits is the one to write. `chief`: who is not the contact any more hears of it. */
const levels: readonly { readonly from: number; readonly what: string; readonly chief: boolean }[] = [
  { from: -2, what: '即将到期', chief: false },
  { from: 1, what: '催报', chief: false },
  { from: 5, what: '再次催报', chief: true },
  { from: 15, what: '催报，请督办', chief: true },
];

interface Scope {
  readonly division: string;
  readonly asOf: Day | null;
}

/** A dataset delivered by division is owed by division; one that covers nobody is owed by its latest changes. */
const scopesOf = (heard: readonly Heard[]): readonly Scope[] => {
  const covering = heard.filter((h) => h.covering);
  const speaking = covering.length > 0 ? covering : heard;
  if (speaking.length === 0) return [{ division: '', asOf: null }];
  const latest = new Map<string, Day>();
  for (const h of [...speaking, ...heard.filter((one) => speaking.some((s) => s.division === one.division))]) {
    const name = h.division ?? '';
    const before = latest.get(name);
    if (before === undefined || before < h.asOf) latest.set(name, h.asOf);
  }
  return [...latest].map(([division, asOf]) => ({ division, asOf }));
};

const bodyOf = (title: string, due: Day, late: number, scope: Scope, role: string): string =>
  [
    `${role}：`,
    '',
    `按报送日历，“${title}”${scope.division === '' ? '' : `（区划 ${scope.division}）`}应于${dayText(due)}报送${late > 0 ? `，已迟 ${late} 天` : ''}。`,
    scope.asOf === null ? '这份数据还没有报送过。' : `最近一次数据截至${dayText(scope.asOf)}。`,
    '数据不到，用到它的待遇不能按时办理。请按期报送；确有困难，请告知预计的日子。',
  ].join('\n');

/** What is owed on a day and has to be said; pure. */
export const remindersOn = (
  catalogue: Pick<Catalogue, 'datasets' | 'deliveries' | 'calendar'>,
  heard: readonly Heard[],
  today: Day,
  mail: { readonly enabled: boolean; readonly domain: string },
): readonly NewReminder[] => {
  const calendar = workingCalendar(catalogue);
  const titles = new Map(catalogue.datasets.map((d) => [d.id, `${d.department} ${d.title}`]));
  const one = (term: DeliveryTerm, scope: Scope): readonly NewReminder[] => {
    const dueOn = punctuality(term, scope.asOf, today, calendar).open?.dueOn ?? null;
    if (dueOn === null) return [];
    const late = daysBetween(dueOn, today);
    const level = levels.findLastIndex((l) => late >= l.from);
    const said = levels[level];
    if (said === undefined) return [];
    const to: Contact = said.chief ? (term.chief ?? term.contact) : term.contact;
    const title = titles.get(term.dataset) ?? term.dataset;
    const address = mail.enabled ? (to.mail ?? null) : null;
    return [
      {
        dataset: term.dataset,
        division: scope.division,
        dueOn,
        level,
        role: to.role,
        address,
        subject: `${said.what}：${title}`,
        body: bodyOf(title, dueOn, late, scope, to.role),
        messageId: `${randomUUID()}@${mail.domain}`,
      },
    ];
  };
  return (catalogue.deliveries ?? []).flatMap((term) =>
    scopesOf(heard.filter((h) => h.dataset === term.dataset)).flatMap((scope) => one(term, scope)),
  );
};

export interface RemindContext {
  readonly catalogue: Catalogue;
  readonly today: Day;
  readonly at: Date;
  readonly mail: { readonly enabled: boolean; readonly domain: string };
}

/** Returns how many were written now. */
export const remind = async (db: Db, context: RemindContext): Promise<number> =>
  await transaction(db, async (tx) => {
    const owed = remindersOn(context.catalogue, await readHeard(tx), context.today, context.mail);
    return await insertReminders(tx, owed, context.at);
  });

/** A mail channel as far as it is needed here. */
export interface ReminderChannel {
  send(message: {
    readonly messageId: string;
    readonly to: string;
    readonly subject: string;
    readonly text: string;
  }): Promise<{ readonly kind: 'sent' } | { readonly kind: 'refused' | 'retry'; readonly why: string }>;
}

const mostTries = 8;
const minute = 60_000;

const endOf = (due: Due, answer: Awaited<ReturnType<ReminderChannel['send']>>, now: Date): ReminderEnd => {
  if (answer.kind === 'sent') return { state: 'sent', at: now, nextAt: now, why: null };
  if (answer.kind === 'refused') return { state: 'bounced', at: now, nextAt: now, why: answer.why };
  const dead = due.attempts >= mostTries;
  return { state: dead ? 'dead' : 'pending', at: now, nextAt: new Date(now.getTime() + 5 * minute * 2 ** due.attempts), why: answer.why };
};

/** Claim, hand over with no transaction open, record; killed anywhere a reminder goes out at least once, always under the same Message-ID. */
export const sendReminders = async (db: Db, channel: ReminderChannel, clock: () => Date): Promise<number> => {
  let sent = 0;
  if (await isRestoring(db)) return sent;
  for (;;) {
    const now = clock();
    const due = await transaction(db, (tx) => claimReminders(tx, 20, now, new Date(now.getTime() + 10 * minute)));
    for (const one of due) {
      const answer = await channel.send({ messageId: one.messageId, to: one.address, subject: one.subject, text: one.body });
      const end = endOf(one, answer, clock());
      if (await transaction(db, (tx) => recordReminder(tx, one, end))) sent += end.state === 'sent' ? 1 : 0;
    }
    if (due.length < 20) return sent;
  }
};
