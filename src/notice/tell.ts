// The step that tells: records at their notice step, records that lack something, reminders of a confirm window, and push matches become
// notices, one per match and template. Continuing recipients have no notice step and are not told again. Bounded chunks; may run twice and side by side.
import { randomUUID } from 'node:crypto';
import type { Day } from '../base/day.ts';
import { inChunks, type Look } from '../db/chunk.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import type { Item } from '../policy/item.ts';
import { waivedDays } from '../policy/life.ts';
import { payeeLink } from '../policy/payees.ts';
import type { LinkNames, SubjectReader } from '../record/contact-store.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { type Around, aroundOf, type Reader } from './around.ts';
import { newCheckCode } from './check-code.ts';
import type { Told } from './field.ts';
import { type Heir, heirKey, heirsOf } from './heir-store.ts';
import { reminderDue } from './reminder.ts';
import { insertNotices, type NewNotice } from './store.ts';
import {
  closePushRuns,
  itemsOf,
  lookConfirming,
  lookOwed,
  lookPush,
  lookRecords,
  markOwed,
  type RecordKey,
  type ToTell,
  takeConfirming,
  takenKeys,
  takeOwed,
  takePush,
  takeRecords,
} from './tell-store.ts';
import { render } from './template.ts';
import { type TemplateName, templates } from './template-table.ts';
import { waysFor } from './ways.ts';

export interface TellOptions {
  readonly now: Date;
  readonly today: Day;
  readonly read: SubjectReader;
  readonly link: LinkNames;
  /** A fact's label, for why something is suspended. */
  readonly label: (fact: string) => string;
  /** True when a mail server is configured; otherwise mail waits in the outbox, where pages show it. */
  readonly mail: boolean;
  /** True when a gateway for messages is configured. */
  readonly sms?: boolean;
  /** A division as people call it. */
  readonly place?: (division: string) => string;
  /** Right of the @ in Message-IDs: the sending domain. */
  readonly messageDomain: string;
  readonly chunk?: number;
  readonly at?: Failpoint;
}

export type TellReport = Readonly<Partial<Record<TemplateName, number>>>;

export const tell = async (db: Db, options: TellOptions): Promise<TellReport> => {
  const report: Partial<Record<TemplateName, number>> = {};
  const at = options.at ?? nowhere;
  const write = async (take: (tx: Tx) => Promise<readonly ToTell[]>): Promise<number> => {
    const made = await transaction(db, async (tx) => {
      const notices = await noticesFor(tx, await take(tx), options);
      await at('tell.before-write');
      const ids = await insertNotices(tx, notices, options.now);
      await markOwed(
        tx,
        notices.flatMap((n) => n.owedIds.map((owedId) => ({ owedId, noticeId: n.id }))),
      );
      await at('tell.before-commit');
      return notices.filter((n) => ids.has(n.id));
    });
    await at('tell.after-commit');
    for (const n of made) report[n.template] = (report[n.template] ?? 0) + 1;
    return made.length;
  };
  const each = (look: Look<RecordKey>['look'], take: (tx: Tx, keys: readonly RecordKey[]) => Promise<readonly ToTell[]>) =>
    inChunks<RecordKey>({
      look,
      take: (keys) => write((tx) => take(tx, keys)),
      chunk: options.chunk ?? 500,
      // One subject's records stay together: several lines of a match are one notice.
      together: (a, b) => a.subjectId === b.subjectId,
    });
  await each((after, limit) => transaction(db, (tx) => lookOwed(tx, after, limit)), takeOwed);
  await each((after, limit) => transaction(db, (tx) => lookRecords(tx, after, limit)), takeRecords);
  await each((after, limit) => transaction(db, (tx) => lookPush(tx, after, limit)), takePush);
  await transaction(db, (tx) => closePushRuns(tx, options.now));
  await each(
    (after, limit) => transaction(db, (tx) => lookConfirming(tx, options.today, after, limit)),
    async (tx, keys) =>
      (await takeConfirming(tx, options.today, keys)).flatMap((row) => {
        const template = reminderDue(row, options.today);
        return template === null ? [] : [{ ...row, template }];
      }),
  );
  return report;
};

const noticesFor = async (tx: Tx, rows: readonly ToTell[], options: TellOptions): Promise<readonly NewNotice[]> => {
  if (rows.length === 0) return [];
  const items = await itemsOf(tx, rows);
  // Payees who share a line are told apart, each of what is theirs.
  const shared = (row: ToTell): string => (items.get(`${row.itemId}@${row.version}`)?.payees === undefined ? '' : `:${row.part}`);
  const keyOf = (row: ToTell): string =>
    row.owed === undefined
      ? `${row.template}:${row.matchId}${shared(row)}${row.since === null ? '' : `:${row.since}`}`
      : row.template === 'paid'
        ? `paid:${row.matchId}${shared(row)}`
        : `owed:${row.owed.id}`;
  const groups = [...Map.groupBy(rows, keyOf)];
  const taken = await takenKeys(
    tx,
    groups.map(([key]) => key),
  );
  const people = await peopleOf(tx, rows, items, options);
  const around = await aroundOf(
    tx,
    [...items.values()].map((item) => item.authority),
    [...people.values()],
  );
  const heirs = await heirsOf(
    tx,
    rows.map((row) => row.subjectId),
  );
  return groups.flatMap(([key, group]) => {
    const [first] = group;
    const item = first === undefined ? undefined : items.get(`${first.itemId}@${first.version}`);
    if (first === undefined || item === undefined) return [];
    // A line that comes after its match was told (lifted from a hold, completed later) is told by itself.
    const dedupe = taken.has(key) && first.disbursementId !== null ? `${key}:${first.disbursementId}` : key;
    return [
      noticeOf(
        dedupe,
        group,
        first,
        item,
        { person: people.get(personKey(first)) ?? null, heir: heirs.get(heirKey(first)) },
        around,
        options,
      ),
    ];
  });
};

const personKey = (row: ToTell): string => row.payeeSubjectId ?? row.subjectId;

/** Whom to tell: the payee where that is somebody else (a guardian), else the subject. */
const peopleOf = async (
  tx: Tx,
  rows: readonly ToTell[],
  items: ReadonlyMap<string, Item>,
  options: TellOptions,
): Promise<ReadonlyMap<string, ResolvedRecord>> => {
  const registerOf = (row: ToTell): string => {
    const fact = payeeLink(items.get(`${row.itemId}@${row.version}`), row.part);
    return fact !== undefined && row.payeeSubjectId !== null && row.payeeSubjectId !== row.subjectId
      ? options.link(fact).register
      : row.register;
  };
  const people = new Map<string, ResolvedRecord>();
  for (const [register, own] of Map.groupBy(rows, registerOf)) {
    for (const record of await options.read(tx, register, { ids: [...new Set(own.map(personKey))] }, ['deathDate']))
      people.set(record.subjectId, record);
  }
  return people;
};

/** A payee the line is shared with may stand in another register than the subject (a landlord that is a firm). */
const audienceOf = (item: Item, person: ResolvedRecord | null): Item['audience'] =>
  item.payees === undefined || person === null ? item.audience : person.register === 'enterprise' ? 'enterprise' : 'citizen';

/** Whether silence about this notice is taken for giving up. */
const waives = (item: Item, template: TemplateName): boolean => {
  if (template.startsWith('apply')) return true;
  return item.ask?.late === 'waive' && (template === 'asking' || template === 'sent-back' || template.startsWith('ask-'));
};

const sumOf = (group: readonly ToTell[]): bigint | null =>
  group.some((row) => row.amountFen === null) ? null : group.reduce((sum, row) => sum + (row.amountFen ?? 0n), 0n);

/** What a text may say of these lines, by the record they begin with. */
export const toldOf = (
  group: readonly ToTell[],
  first: ToTell,
  item: Item,
  { person, heir }: Whom,
  options: Pick<TellOptions, 'label'>,
): Told => ({
  name: first.objector?.name ?? heir?.about ?? person?.name ?? null,
  title: item.title,
  authority: item.authority,
  document: item.basis.document,
  clause: item.basis.clause,
  ...(item.notice === undefined ? {} : { sentence: item.notice.text }),
  ...(item.award.reduces === undefined ? {} : { reduces: item.award.reduces }),
  audience: audienceOf(item, person),
  ...(first.owed?.detail.reason === undefined ? {} : { reason: first.owed.detail.reason }),
  ...(first.owed?.detail.clause == null ? {} : { ground: first.owed.detail.clause }),
  ...(first.owed?.detail.count === undefined ? {} : { count: first.owed.detail.count }),
  ...(first.owed?.detail.otherFen === undefined ? {} : { otherFen: BigInt(first.owed.detail.otherFen) }),
  ...(first.owed?.detail.onDay === undefined ? {} : { onDay: first.owed.detail.onDay }),
  ...(first.owed?.detail.how === undefined ? {} : { how: first.owed.detail.how, suspends: first.owed.detail.suspends === true }),
  ...(first.owed?.detail.sums === undefined ? {} : { sums: first.owed.detail.sums }),
  ...(first.owed?.detail.options === undefined ? {} : { options: first.owed.detail.options }),
  waives: waives(item, first.template),
  waivedDays: waivedDays(item),
  kind: first.matchKind,
  periodKey: first.owed?.detail.periodKey ?? first.periodKey,
  amountFen: sumOf(group),
  lines: first.owed?.detail.lines ?? group.length,
  account: first.account,
  dueOn: first.dueOn,
  gaps: [...new Set(group.flatMap((row) => row.gaps))],
  ahead: first.flow.slice(first.step + 1),
  missing: [...new Set(first.missing.map((m) => options.label(m.fact)))],
});

const wordsOf = (template: TemplateName, item: Item): TemplateName =>
  template === 'push' && item.award.reduces !== undefined ? 'reduced' : template;

/** Whom a notice is about, and who receives what is due to them where they have died and two people have named somebody. */
interface Whom {
  readonly person: ResolvedRecord | null;
  readonly heir: Heir | undefined;
}

/** The heir before any other relative: it is the heir's money now. */
const readerOf = (first: ToTell, { person, heir }: Whom, around: Around, options: TellOptions): Reader => {
  if (first.objector !== undefined) return around.stranger(first.objector);
  if (heir === undefined) return around.reader(person, first.division, options.place);
  const { name, email, phone } = heir;
  return { reach: { email, phone }, choice: null, portal: false, instead: { kind: 'relative', name } };
};

const noticeOf = (
  dedupe: string,
  group: readonly ToTell[],
  first: ToTell,
  item: Item,
  whom: Whom,
  around: Around,
  options: TellOptions,
): NewNotice => {
  const id = randomUUID();
  const code = newCheckCode();
  const words = wordsOf(first.template, item);
  const { wording, content } = around.wording(item, words);
  const { duty } = templates[words];
  const to = readerOf(first, whom, around, options);
  const told: Told = { ...toldOf(group, first, item, whom, options), ...(to.instead === undefined ? {} : { instead: to.instead }) };
  const text = render(words, told, { office: around.office(item.authority), code, issuedOn: options.today }, content);
  return {
    id,
    dedupe,
    // Not among the subject's own notices: what somebody else wrote about them is not theirs to read.
    subjectId: first.objector?.objectionId ?? first.subjectId,
    itemId: first.itemId,
    authority: item.authority,
    division: first.division,
    matchId: first.matchId,
    template: first.template,
    ways: waysFor(duty, to.reach, to.choice, { mail: options.mail, sms: options.sms ?? false }, to.portal),
    duty,
    entry: to.portal && whom.person !== null && personKey(first) === first.subjectId,
    wording,
    ...text,
    code,
    amountFen: told.amountFen,
    messageId: `${id}@${options.messageDomain}`,
    disbursementIds: group.flatMap((row) => (row.disbursementId === null ? [] : [row.disbursementId])),
    since: first.since,
    owedIds: group.flatMap((row) => (row.owed === undefined ? [] : [row.owed.id])),
  };
};
