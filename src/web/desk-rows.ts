// What waits in a queue, as rows for a table. Each carries a mark of how it stands; names show by role, accounts their last four.
import { listAttestations } from '../attest/store.ts';
import { yuanText } from '../base/amount.ts';
import { maskAccount } from '../base/codes.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type CertificationState, certificationStates, visitResults } from '../certification/certification.ts';
import { listTurns } from '../certification/store.ts';
import type { Db, Tx } from '../db/handle.ts';
import { humanAbouts } from '../disbursement/human.ts';
import { listObjections } from '../disbursement/objection-store.ts';
import { states } from '../disbursement/states.ts';
import { returnReasons } from '../payment/reason.ts';
import { starName } from '../rating/rating.ts';
import { listRatings } from '../rating/store.ts';
import type { SheetCell } from '../sheet/xlsx-write.ts';
import { listTickets } from '../ticket/store.ts';
import { vaultOf } from '../vault/hold.ts';
import { factLabel } from './attest.ts';
import { type QueueName, queues } from './desk-queues.ts';
import { countWaiting, type RecordQueue, revisionsOf, type Waiting, waitingRecords } from './desk-store.ts';
import { type Role, roles } from './role.ts';
import { shownNames, shownPayees } from './shown-names.ts';
import type { StaffAccount } from './store.ts';
import { periodText, shown } from './words.ts';

export type Clerk = Pick<StaffAccount, 'userId' | 'roles' | 'scope'>;

/** Rows of one file, out or in. */
export const most = 5_000;

/** Before decision, reason and what a queue asks beside them. */
export const rowHeader = ['编号', '校验', '事项', '期别', '区划', '收款人', '账户', '金额', '截止', '情况'] as const;

export const mustHold = (staff: Clerk, allowed: readonly Role[], what: string): void => {
  if (!staff.roles.some((role) => allowed.includes(role)))
    fail('scope.role', '', `您的岗位不能办理“${what}”。`, `需要：${allowed.map((role) => roles[role]).join('、')}。`);
};

/** How a row stands, so that nobody can make one up and any act on it shows. */
export const markOf = (reader: Db | Tx, queue: QueueName, id: string, stand: readonly unknown[]): string =>
  vaultOf(reader).index('object', ['desk', queue, id, ...stand.map(String)].join('\n'));

const recordQueues: readonly string[] = ['reviews', 'asks', 'returned', 'withheld', 'held'] satisfies readonly RecordQueue[];
const isRecordQueue = (queue: QueueName): queue is RecordQueue => recordQueues.includes(queue);

interface Row {
  readonly id: string;
  readonly subjectId: string;
  readonly mark: string;
  readonly cells: readonly SheetCell[];
}

export interface Listing {
  readonly db: Db;
  readonly titles: ReadonlyMap<string, string>;
  readonly catalogue: Catalogue;
}

/** What waits and is no disbursement record: of whom, how it stands, until when, what it is about. */
interface Beside {
  readonly id: string;
  readonly subjectId: string;
  readonly stand: readonly unknown[];
  readonly item: string | null;
  readonly division: string | null;
  readonly fen: bigint | null;
  readonly dueOn: Day | null;
  readonly why: string;
}
type BesideQueue = 'attestations' | 'certifications' | 'corrections' | 'ratings';

/** Those somebody can still be certified in; who was said to be dead waits for the stop. */
const certifying: readonly CertificationState[] = ['open', 'visiting', 'suspended'];

const dueFirst = (rows: readonly Beside[]): readonly Beside[] => {
  const key = (one: Beside) => `${one.dueOn ?? '9999'} ${one.id}`;
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
};

const besides: Readonly<Record<BesideQueue, (listing: Listing, staff: Clerk) => Promise<readonly Beside[]>>> = {
  attestations: async ({ db, catalogue }, { scope }) =>
    dueFirst(
      (await listAttestations(db, { scope, state: 'entered', limit: most + 1 })).map((one) => ({
        ...{
          id: one.id,
          subjectId: one.subjectId,
          stand: [one.state],
          item: null,
          division: one.division,
          fen: null,
          dueOn: one.expiresOn,
        },
        why: `${factLabel(catalogue, one.register, one.fact)}；凭${one.documentTitle}；${one.reason}`,
      })),
    ),
  certifications: async ({ db, titles }, { scope }) =>
    dueFirst(
      (await listTurns(db, { scope, states: certifying, limit: most + 1 })).map((one) => ({
        ...{
          id: one.id,
          subjectId: one.subjectId,
          stand: [one.revision],
          item: titles.get(one.itemId) ?? one.title,
          division: one.division,
        },
        ...{ fen: one.pausedCount === 0 ? null : one.pausedFen, dueOn: one.dueOn },
        why: [
          certificationStates[one.state].text,
          ...(one.pausedCount === 0 ? [] : [`已暂停 ${one.pausedCount} 期`]),
          ...(one.lastVisitOn === null ? [] : [`${one.lastVisitOn} ${visitResults[one.lastResult as keyof typeof visitResults] ?? ''}`]),
        ].join('；'),
      })),
    ),
  corrections: async ({ db }, { scope }) =>
    (await Promise.all((['open', 'answered'] as const).map((state) => listTickets(db, { scope, limit: most + 1, state }))))
      .flat()
      .map((one) => ({
        ...{ id: one.id, subjectId: one.subjectId, stand: [one.state, one.answeredAt?.getTime() ?? 0], item: null, division: one.division },
        ...{ fen: null, dueOn: null },
        why: [`${one.department}：${one.question}`, ...(one.answer === null ? [] : [`答复：${one.answer}`])].join(' '),
      })),
  ratings: async ({ db, titles }, { scope }) =>
    dueFirst(
      (await listRatings(db, { scope, open: true, limit: most + 1 })).rows.map((one) => ({
        ...{ id: one.id, subjectId: one.subjectId, stand: ['open'], item: titles.get(one.itemId) ?? one.itemId, division: one.division },
        ...{ fen: null, dueOn: one.dueOn, why: `${starName(one.stars)}：${shown(one.reason ?? '')}` },
      })),
    ),
};
const isBeside = (queue: QueueName): queue is BesideQueue => Object.hasOwn(besides, queue);

const namedRows = async (db: Db, staff: Clerk, queue: BesideQueue, found: readonly Beside[]): Promise<readonly Row[]> => {
  const nameOf = await shownNames(
    db,
    staff,
    found.map((one) => one.subjectId),
  );
  return found.map((one): Row => {
    const mark = markOf(db, queue, one.id, one.stand);
    const cells = [
      ...[one.id, mark, one.item, null, one.division, nameOf(one.subjectId), null, one.fen === null ? null : { number: yuanText(one.fen) }],
      ...[one.dueOn === null ? null : { day: one.dueOn }, one.why],
    ] as SheetCell[];
    return { id: one.id, subjectId: one.subjectId, mark, cells };
  });
};

/** What waits in a queue within the scope, first due first; `more`: there are further rows. Oversight may look, names masked. */
export const queueRows = async (
  { db, titles, catalogue }: Listing,
  staff: Clerk,
  queue: QueueName,
): Promise<{ readonly rows: readonly Row[]; readonly more: boolean }> => {
  mustHold(staff, [...queues[queue].roles, 'auditor'], queues[queue].title);
  if (isBeside(queue)) {
    const found = await besides[queue]({ db, titles, catalogue }, staff);
    return { rows: await namedRows(db, staff, queue, found.slice(0, most)), more: found.length > most };
  }
  const ask = { scope: staff.scope, limit: most + 1 };
  const shown = async (
    found: readonly {
      readonly record: Waiting;
      readonly id: string;
      readonly mark: string;
      readonly why: string;
      readonly dueOn: string | null;
    }[],
  ) => {
    const nameOf = await shownPayees(
      db,
      staff,
      found.map(({ record }) => record),
    );
    return found.map(({ record: d, id, mark, why, dueOn }): Row => {
      const cells = [
        ...[id, mark, titles.get(d.itemId) ?? d.basis.title, periodText(d.periodKey), d.division, nameOf(d)],
        ...[d.account === null ? null : `尾号 ${maskAccount(d.account).slice(-4)}`, { number: yuanText(d.amountFen) }],
        ...[dueOn === null ? null : { day: dueOn }, why],
      ] as SheetCell[];
      return { id, subjectId: d.subjectId, mark, cells };
    });
  };
  if (isRecordQueue(queue)) {
    const records = await waitingRecords(db, queue, ask);
    const rows = await shown(
      records.slice(0, most).map((record) => ({
        ...{ record, id: record.id, mark: markOf(db, queue, record.id, [record.revision]), dueOn: record.dueOn },
        why: queue === 'returned' ? doctor(record.why) : (record.why ?? states[record.state].text),
      })),
    );
    return { rows, more: records.length > most };
  }
  queue satisfies 'objections';
  const found = (await listObjections(db, { ...ask, state: 'open' })).rows;
  const records = await revisionsOf(
    db,
    found.flatMap((one) => one.disbursementId ?? []),
  );
  const rows = await shown(
    found.slice(0, most).flatMap((one) => {
      const record = one.kind === 'human' ? undefined : records.get(one.disbursementId ?? '');
      return record === undefined
        ? []
        : [{ record, id: one.id, mark: markOf(db, queue, one.id, [one.state, record.revision]), dueOn: one.dueOn, why: one.text }];
    }),
  );
  // Requests that a person decides: who does not qualify has no record, so what a record says of money stays empty.
  const nameOf = await shownNames(
    db,
    staff,
    found.map((one) => one.subjectId),
  );
  const asked = found.slice(0, most).flatMap((one): Row[] => {
    if (one.kind !== 'human' || one.about === null) return [];
    const mark = markOf(db, queue, one.id, [one.state, 0]);
    const why = `请人看${humanAbouts[one.about]}：${one.text}`;
    const cells = [one.id, mark, titles.get(one.itemId) ?? one.itemId, periodText(one.periodKey ?? ''), one.division];
    const due = one.dueOn === null ? null : { day: one.dueOn };
    return [{ id: one.id, subjectId: one.subjectId, mark, cells: [...cells, nameOf(one.subjectId), null, null, due, why] }];
  });
  return { rows: [...rows, ...asked], more: found.length > most };
};

/** What the bank said and what to do about it. */
const doctor = (text: string | null): string => {
  const known = returnReasons.find((one) => text?.includes(one.text) === true);
  return [text ?? '退汇', ...(known === undefined ? [] : [`${known.fix}${known.sameAccount ? '' : '原账户不能再用。'}`])].join('：');
};

/** How many wait in each queue that this account may see. */
export const queueCounts = async (
  { db, catalogue }: Pick<Listing, 'db' | 'catalogue'>,
  staff: Clerk,
): Promise<readonly { readonly queue: QueueName; readonly title: string; readonly waiting: number }[]> => {
  const seen = (Object.keys(queues) as QueueName[]).filter((queue) =>
    staff.roles.some((role) => role === 'auditor' || (queues[queue].roles as readonly Role[]).includes(role)),
  );
  const counts = [];
  for (const queue of seen) {
    const ask = { scope: staff.scope, limit: most };
    const waiting = isBeside(queue)
      ? (await besides[queue]({ db, titles: new Map(), catalogue }, staff)).length
      : isRecordQueue(queue)
        ? await countWaiting(db, queue, staff.scope)
        : (await listObjections(db, { ...ask, state: 'open' })).rows.length;
    counts.push({ queue, title: queues[queue].title, waiting });
  }
  return counts;
};
