// `why`: one item for one subject with its whole trace, whether the answer is yes, no or not yet: decided anew from the newest snapshot, or for a period
// that was decided from what it was decided on. Writes nothing.
import { maskId, plainCode } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { insertLook } from '../consult/store.ts';
import type { Db } from '../db/handle.ts';
import { choose } from '../match/choose.ts';
import { veilOf } from '../match/sealed.ts';
import { matchById } from '../match/store.ts';
import { whyNow } from '../match/why.ts';
import { whyThen } from '../match/why-then.ts';
import type { PublishedItem } from '../policy/store.ts';
import { registerOf } from '../policy/vocabulary.ts';
import { findSubjects, type Subject, subjectById } from '../record/view-store.ts';
import { listLines } from '../settlement/read-store.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import { itemGaps, listingTexts } from '../web/lists.ts';
import { factsRead } from '../web/person-why.ts';
import { registerNames } from '../web/words.ts';
import type { Command, CommandContext } from './command.ts';
import { atTheMachine, isUuid, textOption, withProduct } from './opening.ts';
import { itemFor } from './published.ts';
import { purposeFor } from './purpose.ts';
import { type WhyTold, whyDocument, whyLines } from './why-words.ts';

/** By our own id or by the number that names it. The number is a person's: whatever is said of it shows its last four at most. */
const subjectFor = async (db: Db, named: string, register: string): Promise<Subject> => {
  const found = isUuid(named)
    ? [await subjectById(db, named.toLowerCase(), everything)].filter((one) => one !== null)
    : await findSubjects(db, { scope: everything, key: plainCode(named), limit: 5 });
  const subject = found.find((one) => one.register === register);
  if (subject !== undefined) return subject;
  const shown = isUuid(named) ? named : maskId(plainCode(named)).slice(-18);
  const [other] = found;
  if (other !== undefined) {
    const [is, wants] = [other.register, register].map((one) => registerNames[one] ?? one);
    return fail('missing.subject', shown, `这是${is}，本事项的对象是${wants}。`, '核对事项和对象。');
  }
  return fail('missing.subject', shown, '库里没有这个对象。', '写对象编号、身份证号或统一社会信用代码；新报送的先导入、封存。');
};

/** What the asked period was decided on; null: it was never decided, or asked for a day of its own. */
const thenFor = async (db: Db, item: PublishedItem['item'], subject: Subject, asked: string | null): Promise<WhyTold | null> => {
  if (asked === null || (item.period === 'once' && asked !== 'once')) return null;
  const { subjectId, key, name, division } = subject;
  const found = await whyThen(db, {
    itemId: item.id,
    subject: { subjectId, key, name, division },
    periodKey: asked,
    scope: everything,
    near: true,
  });
  if (found === null) return null;
  const decisions = item.period === 'per-event' ? found.answer.decisions.filter((one) => one.period.key === asked) : found.answer.decisions;
  const [first] = decisions;
  if (first === undefined) return null;
  const { version, catalogue, from, matchId, agrees } = found;
  return {
    version,
    subject,
    knownAt: first.period.knownAt,
    catalogue,
    answer: { ...found.answer, decisions },
    from,
    matchId,
    agrees,
    settled: [],
    listings: [],
    nameGaps: [],
  };
};

const nowFor = async (
  db: Db,
  versions: readonly [PublishedItem, ...PublishedItem[]],
  subject: Subject,
  asked: string | null,
): Promise<WhyTold> => {
  const snapshot = await latestSnapshot(db);
  if (snapshot === null) return fail('state.no-snapshot', '', '还没有数据快照。', '先运行 npm run -s zhixiang -- seal。');
  const { version: published, period, eventKey } = choose(versions, asked, snapshot.knownAt);
  const catalogue = await loadCatalogue(db);
  const version = { item: published.item, version: published.version, hash: published.hash };
  const answer = await whyNow(db, {
    version,
    catalogue,
    subjectId: subject.subjectId,
    scope: everything,
    near: true,
    ...(period === null || period.kind === 'per-event' ? {} : { period }),
  });
  if (answer === null)
    return fail('missing.subject', subject.subjectId, '最新的快照里没有这个对象。', '它是封存之后才入库的，重新 seal 再看。');
  const decisions = eventKey === null ? answer.decisions : answer.decisions.filter((one) => one.period.key === eventKey);
  if (eventKey !== null && decisions.length === 0)
    return fail('input.period', '--period', '没有这个编号的事件，或它不在办理的期限内。', '不写 --period 会列出全部事件。');
  const { knownAt } = snapshot;
  return {
    version,
    subject,
    knownAt,
    catalogue,
    answer: { ...answer, decisions },
    from: 'now',
    matchId: null,
    agrees: true,
    settled: [],
    listings: [],
    nameGaps: [],
  };
};

/** What settlement made of it: who was first is named by the rule, never by name. */
const settledFor = async (db: Db, { version, subject, answer }: WhyTold): Promise<WhyTold['settled']> => {
  const lines = await Promise.all(
    answer.decisions.map((one) =>
      listLines(db, {
        scope: everything,
        filter: { itemId: version.item.id, subjectId: subject.subjectId, periodKey: one.period.key },
        limit: 100,
      }),
    ),
  );
  const rows = lines.flatMap((page) => page.rows);
  const names = await namesOf(db, [...new Set(rows.map((row) => row.matchId))]);
  for (const { decision } of answer.decisions) for (const { key } of decision.lines) if (key !== null) names.set(veilOf(db)(key), key);
  // An element that neither its match nor today's decision knows any more has no name to tell.
  return rows.map((row) => ({ ...row, key: names.get(row.key) ?? '' }));
};

/** Settlement knows elements veiled; their matches know them by name. */
const namesOf = async (db: Db, matchIds: readonly string[]): Promise<Map<string, string>> => {
  const veil = veilOf(db);
  const names = new Map<string, string>();
  for (const id of matchIds)
    for (const { key } of (await matchById(db, id, everything))?.lines ?? []) if (key !== null) names.set(veil(key), key);
  return names;
};

const why = async (context: CommandContext, db: Db): Promise<number> => {
  const [itemId, named] = context.args;
  if (itemId === undefined || named === undefined || context.args.length > 2)
    return fail('input.argument', '', '要写一个事项和一个对象。', '例如 why luquan-gaoling <对象编号或证件号码> --period 2026-04');
  const versions = await itemFor(db, itemId);
  const asked = textOption(context, 'period');
  const subject = await subjectFor(db, named, registerOf(versions[0].item.audience));
  const purpose = await purposeFor(context, db);
  const found = (await thenFor(db, versions[0].item, subject, asked)) ?? (await nowFor(db, versions, subject, asked));
  const told = {
    ...found,
    settled: await settledFor(db, found),
    listings: await listingTexts(db, found.subject.subjectId, found.answer.compiled, found.catalogue),
    nameGaps: await itemGaps(db, found.answer.compiled, found.catalogue),
  };
  await insertLook(db, {
    ...purpose,
    actor: atTheMachine,
    role: 'system',
    subjectId: subject.subjectId,
    view: 'why',
    itemId: found.version.item.id,
    facts: factsRead(found.answer.decisions.flatMap(({ decision }) => decision.read)),
    at: context.now(),
  });
  context.out.say(whyLines(told).join('\n'));
  if (context.out.asJson) context.out.json(whyDocument(told));
  return 0;
};

export const whyCommand: Command = {
  name: 'why',
  usage: ['<事项> <对象编号、身份证号或统一社会信用代码> [--period 2026-04] --purpose <事由>:<工单号> [--json]'],
  options: { period: { type: 'string' }, purpose: { type: 'string' } },
  run: (context) => withProduct(context, ({ db }) => why(context, db)),
};
