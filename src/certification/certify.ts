// The nightly step of 资格认证: opens turns that are due, closes those that a silent trace answers, moves windows, reminds, puts people on the visit list, keeps
// payments back when a window has run out, lets them go. Bounded chunks, one transaction each; may run twice, be killed anywhere, and run side by side.
import { addDays, type Day, dayText, earliest } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { isGranted } from '../catalogue/purpose.ts';
import { inChunks } from '../db/chunk.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { moveAll } from '../disbursement/store.ts';
import { newCheckCode } from '../notice/check-code.ts';
import { type Certify, newestTrace, type Trace } from '../policy/certify.ts';
import { type Item, pays } from '../policy/item.ts';
import type { SubjectReader } from '../record/contact-store.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { counts, type Step, stepOf } from './certification.ts';
import { type Due, insertTurns, lookDue, type NewTurn, newestPeriod } from './due-store.ts';
import { type By, keepBack, oweNotice, resume } from './keep-back.ts';
import { certifyingItems, lookLeftPaused, takeLeftPaused } from './keep-back-store.ts';
import { type Certification, type LiveTurn, lookLive, moveTurn, type TurnKey, takeLive } from './store.ts';

export interface CertifyOptions {
  readonly now: Date;
  readonly today: Day;
  readonly catalogue: Pick<Catalogue, 'facts'>;
  readonly read: SubjectReader;
  readonly chunk?: number;
  readonly at?: Failpoint;
}

export interface CertifyReport {
  opened: number;
  /** Closed by a silent trace, those never opened for it included. */
  traced: number;
  reminded: number;
  visiting: number;
  suspended: number;
  void: number;
  /** Records kept back, and let go again. */
  paused: number;
  resumed: number;
}

const by: By = { id: 'step:certify', role: 'system', mover: 'machine' };

interface Work {
  readonly item: Item;
  readonly terms: Certify;
  readonly periodKey: string;
  readonly report: CertifyReport;
  readonly options: CertifyOptions;
}

export const certify = async (db: Db, options: CertifyOptions): Promise<CertifyReport> => {
  const report: CertifyReport = { opened: 0, traced: 0, reminded: 0, visiting: 0, suspended: 0, void: 0, paused: 0, resumed: 0 };
  const at = options.at ?? nowhere;
  const chunk = options.chunk ?? 200;
  const items = await transaction(db, (tx) => certifyingItems(tx));
  for (const { item, live } of items) {
    const terms = item.certify;
    const periodKey = terms === undefined ? null : await transaction(db, (tx) => newestPeriod(tx, item.id));
    if (terms === undefined || periodKey === null || !pays(item)) continue;
    const work: Work = { item, terms, periodKey, report, options };
    const ask = { itemId: item.id, periodKey, everyMonths: terms.everyMonths, today: options.today };
    if (live)
      await inChunks<Due>({
        look: (after, limit) => transaction(db, (tx) => lookDue(tx, { ...ask, after, limit })),
        take: (due) => transaction(db, (tx) => open(tx, due, work, at)),
        chunk,
      });
    await inChunks<TurnKey>({
      look: (after, limit) => transaction(db, (tx) => lookLive(tx, item.id, after, limit)),
      take: (keys) => transaction(db, (tx) => goOn(tx, keys, work, at)),
      chunk,
    });
  }
  await inChunks<TurnKey>({
    look: (after, limit) => transaction(db, (tx) => lookLeftPaused(tx, after, limit)),
    take: async (keys) => {
      const freed = await transaction(db, (tx) => free(tx, keys, options.now));
      report.resumed += freed;
      return freed;
    },
    chunk,
  });
  return report;
};

type Seen = NonNullable<ReturnType<typeof newestTrace>>;

interface Known {
  readonly seen: Seen | null;
  readonly dead: boolean;
}

/** The newest trace of each subject and whether it is known to be dead; traces after a death are somebody else's. */
const look = async (
  tx: Tx,
  subjects: readonly { readonly subjectId: string; readonly register: string }[],
  { item, terms, options }: Work,
): Promise<ReadonlyMap<string, Known>> => {
  const { catalogue, today } = options;
  const found = new Map<string, Known>();
  for (const [register, own] of Map.groupBy(subjects, (one) => one.register)) {
    const factOf = (key: string) => catalogue.facts.find((one) => one.key === key && one.register === register);
    // A grant that was taken back asks people instead.
    const traces = (terms.silent ?? []).filter((trace: Trace) => {
      const fact = factOf(trace.fact);
      return fact !== undefined && isGranted(fact, item.id);
    });
    const death = factOf('deathDate') === undefined ? [] : ['deathDate'];
    const wanted = [...new Set([...traces.map((trace) => trace.fact), ...death])];
    if (wanted.length === 0) continue;
    for (const record of await options.read(tx, register, { ids: own.map((one) => one.subjectId) }, wanted)) {
      const died = diedOn(record);
      const until = died === null ? today : earliest(died, today);
      found.set(record.subjectId, { seen: newestTrace(traces, (fact) => record.facts[fact]?.cells ?? [], until), dead: died !== null });
    }
  }
  return found;
};

const unseen: Known = { seen: null, dead: false };

const diedOn = (record: ResolvedRecord): Day | null => {
  const v = record.facts.deathDate?.cells?.at(-1)?.v ?? null;
  return typeof v === 'string' ? (v as Day) : null;
};

/** New turns: closed at once where a trace answers, else the person is told. Whoever is known to be dead is asked nothing. */
const open = async (tx: Tx, due: readonly Due[], work: Work, at: Failpoint): Promise<number> => {
  const { item, terms, report, options } = work;
  const { today, now } = options;
  const known = await look(tx, due, work);
  const turns = due.flatMap((one): NewTurn[] => {
    const { seen, dead } = known.get(one.subjectId) ?? unseen;
    if (dead) return [];
    return [
      {
        ...one,
        itemId: item.id,
        authority: item.authority,
        code: newCheckCode(),
        openedOn: today,
        dueOn: addDays(today, terms.windowDays),
        seen: seen !== null && counts(seen.on, one, terms, today) ? { on: seen.on, evidence: seen } : null,
      },
    ];
  });
  await at('certify.before-write');
  const made = await insertTurns(tx, turns, by.id, now);
  for (const turn of made) {
    if (turn.state === 'open') await oweNotice(tx, turn, 'certify', { terms, at: now });
    report[turn.state === 'open' ? 'opened' : 'traced'] += 1;
  }
  await at('certify.before-commit');
  return made.length;
};

/** What is open goes on as far as today allows. */
const goOn = async (tx: Tx, keys: readonly TurnKey[], work: Work, at: Failpoint): Promise<number> => {
  const turns = await takeLive(tx, keys, { periodKey: work.periodKey, today: work.options.today });
  const known = await look(tx, turns, work);
  await at('certify.before-write');
  let moved = 0;
  for (const turn of turns) moved += await walk(tx, turn, known.get(turn.subjectId) ?? unseen, work);
  await at('certify.before-commit');
  return moved;
};

const walk = async (tx: Tx, found: LiveTurn, { seen, dead }: Known, work: Work): Promise<number> => {
  const { terms, report, options } = work;
  const { reachedOn, entitled, stopped } = found;
  let turn: Certification = found;
  let steps = 0;
  for (;;) {
    const step = stepOf({ ...turn, reachedOn, entitled, over: dead || stopped, traceOn: seen?.on ?? null }, terms, options.today);
    if (step === null) break;
    turn = await take(tx, turn, step, { seen, dead }, work);
    steps += 1;
  }
  // What has become ready since it was suspended.
  if (turn.state === 'suspended' || turn.state === 'deceased') {
    const paused = await keepBack(tx, turn, by, options.now);
    report.paused += paused;
    steps += paused;
  }
  return steps;
};

const take = async (tx: Tx, turn: Certification, step: Step, { seen, dead }: Known, work: Work): Promise<Certification> => {
  const { terms, report, options } = work;
  const { now, today } = options;
  switch (step.to) {
    case 'certified': {
      const change = { certifiedOn: seen?.on ?? null, how: 'trace', evidence: seen };
      const done = await moveTurn(tx, { turn, to: 'certified', verb: 'trace', change }, by, now);
      report.traced += 1;
      report.resumed += await resume(tx, turn, done, terms, by, now);
      return done;
    }
    case 'visiting':
      report.visiting += 1;
      return await moveTurn(tx, { turn, to: 'visiting', verb: 'visit-list', change: { visitFrom: today } }, by, now);
    case 'moved': {
      const reason = '告知送达得晚，期限从送达之日起重新计算。';
      return await moveTurn(tx, { turn, to: turn.state, verb: 'window', change: { dueOn: step.dueOn }, reason }, by, now);
    }
    case 'suspended': {
      const reason = `${dayText(turn.dueOn)}前没有认证，暂停发放（${terms.clause}）；认证后补发。`;
      const done = await moveTurn(tx, { turn, to: 'suspended', verb: 'suspend', change: { suspendedOn: today }, reason }, by, now);
      await oweNotice(tx, done, 'certify-suspended', { terms, at: now });
      report.suspended += 1;
      return done;
    }
    case 'reminded': {
      const done = await moveTurn(tx, { turn, to: turn.state, verb: 'remind', change: { reminded: step.count } }, by, now);
      await oweNotice(tx, done, 'certify-reminder', { terms, at: now, count: step.count });
      report.reminded += 1;
      return done;
    }
    case 'void': {
      const reason = dead
        ? '去世已由部门数据证实，不再认证；应发未发的各期转继承人或照料人办理。'
        : '已不再领取，或停发已由人决定，不用认证。';
      report.void += 1;
      return await moveTurn(tx, { turn, to: 'void', verb: 'void', reason }, by, now);
    }
  }
};

/** Records that stayed paused because a person held them when their certification was done. */
const free = async (tx: Tx, keys: readonly TurnKey[], at: Date): Promise<number> => {
  const records = await takeLeftPaused(tx, keys);
  await moveAll(
    tx,
    records.map((record) => ({
      record,
      place: { state: 'ready' as const, step: record.step, windowFrom: null, dueOn: null },
      by: 'machine' as const,
      reason: '已经认证，恢复发放。',
      proof: { certification: record.certificationId },
    })),
    by,
    at,
  );
  return records.length;
};
