// `facts`: what is, or was, known of one subject, with source, day and arrival of every value. Read from what was sealed then; writes
// nothing but that somebody looked.
import { maskId, plainCode } from '../base/codes.ts';
import { type Day, parseDay } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { insertLook } from '../consult/store.ts';
import type { Db } from '../db/handle.ts';
import { findSubjects, type Subject, subjectById } from '../record/view-store.ts';
import { factHistory } from '../snapshot/history.ts';
import { factsKnown, type Known, type KnownAt, type KnownFact } from '../snapshot/known.ts';
import { todayFor } from '../today.ts';
import { factNamed, type Hidden, hiddenNames, shownFact } from '../web/facts.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { atTheMachine, dayOption, isUuid, listOption, textOption, withProduct } from './opening.ts';
import { purposeFor } from './purpose.ts';

const subjectFor = async (db: Db, named: string): Promise<Subject> => {
  const [found] = isUuid(named)
    ? [await subjectById(db, named.toLowerCase(), everything)].filter((one) => one !== null)
    : await findSubjects(db, { scope: everything, key: plainCode(named), limit: 1 });
  const shown = isUuid(named) ? named : maskId(plainCode(named)).slice(-18);
  return found ?? fail('missing.subject', shown, '库里没有这个对象。', '写对象编号、身份证号或统一社会信用代码。');
};

const knownAtAsked = async (context: CommandContext, db: Db): Promise<KnownAt> => {
  const text = textOption(context, 'known-at');
  if (text === null) return { kind: 'now', day: await todayFor(db, context.now()) };
  const day = parseDay(text);
  if (day !== null) return { kind: 'day', day };
  return /^[0-9a-f]{64}$/.test(text)
    ? { kind: 'snapshot', id: text }
    : fail('input.option', '--known-at', '--known-at 要是一个日子或一个快照编号。', '例如 --known-at 2026-04-15；不写就是现在。');
};

const reasons: Readonly<Record<string, string>> = {
  undelivered: '没有报送过',
  stale: '过期',
  empty: '没有填',
  conflict: '说法不一',
};

const valueText = (one: KnownFact & { readonly hidden: Hidden }): string => {
  if (one.hidden !== null) return hiddenNames[one.hidden];
  if (one.state === 'unknown') return `未知（${reasons[one.reason ?? ''] ?? one.reason}）`;
  if (one.state === 'none') return '无';
  const text = typeof one.value === 'string' ? one.value : JSON.stringify(one.value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};

const spanText = ({ from, to }: KnownFact): string => (from === undefined ? '' : `${from ?? '…'} – ${to ?? '…'}`);

const chosenFacts = (context: CommandContext, catalogue: Catalogue, register: string): ReadonlySet<string> | null => {
  const named = listOption(context, 'fact');
  if (named === null) return null;
  return new Set(
    named.map(
      (name) =>
        factNamed(catalogue, register, name)?.key ??
        fail('input.option', '--fact', `没有“${name.slice(0, 40)}”这个指标。`, '写指标的编号或中文名。'),
    ),
  );
};

/** Nothing is guessed of days that were not sealed: which snapshot answers, and what came in between. */
const betweenText = ({ between, knownAt }: Known): string | null => {
  if (between === null || (between.sure && between.asked === knownAt)) return null;
  const next = between.next === null ? '' : `；之后第一次封存是 ${between.next.knownAt}`;
  return between.sure
    ? `${between.asked} 没有封存；最近一次封存（${knownAt}）到那天之间没有新的数据，答案就是当时所知${next}。`
    : `${between.asked} 当天所知不能逐项确定：以最近一次封存（${knownAt}）作答，其间又来了数据的指标标“？”${next}。`;
};

const history = async (context: CommandContext, db: Db, catalogue: Catalogue, subject: Subject): Promise<number> => {
  const name = textOption(context, 'history') ?? '';
  const fact =
    factNamed(catalogue, subject.register, name) ??
    fail('input.option', '--history', `没有“${name.slice(0, 40)}”这个指标。`, '写指标的编号或中文名。');
  const { register, ordinal, division, subjectId } = subject;
  const found = await factHistory(db, catalogue, { register, ordinal, division, fact });
  const states = found.states.map((state) => ({
    ...state,
    values: state.values.map((one) => ({ ...one, ...shownFact(fact, one.value, null) })),
  }));
  const rows = states.flatMap((state) => {
    const known = `${state.knownFrom} 起${state.replacedOn === null ? '' : `，${state.replacedOn} 改变`}`;
    if (state.missing !== null)
      return [[known, `未知（${reasons[state.missing.reason]}）`, '', state.missing.dataset ?? '', state.missing.asOf ?? '', '']];
    return state.values.map((one, i) => [
      i === 0 ? known : '',
      one.hidden !== null
        ? hiddenNames[one.hidden]
        : one.value === null
          ? '无'
          : typeof one.value === 'string'
            ? one.value
            : JSON.stringify(one.value),
      one.from === null && one.to === null ? '' : `${one.from ?? '…'} – ${one.to ?? '…'}`,
      one.dataset,
      one.asOf,
      one.delivery?.slice(0, 8) ?? '',
    ]);
  });
  context.out.say(
    `对象 ${subjectId}，${fact.label}：${found.snapshots} 次封存里的说法，新的在前${found.complete ? '' : '（更早的没有列）'}`,
  );
  context.out.say(textTable(['何时所知', '值', '起止', '数据集', '数据日期', '交付'], rows, []));
  if (context.out.asJson) context.out.json({ subjectId, register, fact: fact.key, label: fact.label, complete: found.complete, states });
  return 0;
};

const tell = async (context: CommandContext, db: Db): Promise<number> => {
  const [named] = context.args;
  if (named === undefined)
    return fail('input.argument', '', '没有写对象。', '例如 facts <对象编号或证件号码> --on 2026-02-20 --known-at 2026-02-25');
  const subject = await subjectFor(db, named);
  const catalogue = await loadCatalogue(db);
  const { register, key, ordinal, subjectId } = subject;
  const purpose = await purposeFor(context, db);
  const look = (facts: readonly string[]): Promise<void> =>
    insertLook(db, { ...purpose, actor: atTheMachine, role: 'system', subjectId, view: 'facts', itemId: null, facts, at: context.now() });
  if (context.options.history !== undefined) {
    await look([factNamed(catalogue, register, textOption(context, 'history') ?? '')?.key ?? '']);
    return history(context, db, catalogue, subject);
  }
  const knownAt = await knownAtAsked(context, db);
  const on: Day | null = dayOption(context, 'on');
  const known = await factsKnown(db, catalogue, { register, key, ordinal, on, knownAt });
  if (known === null)
    return fail(
      'missing.snapshot',
      '--known-at',
      '那时还没有封存过快照，或者快照里还没有这个对象。',
      '换一个晚些的日子；快照每天封存一次。',
    );
  const chosen = chosenFacts(context, catalogue, register);
  const wanted = known.facts.filter((one) => chosen?.has(one.fact) ?? (context.options.all === true || one.reason !== 'undelivered'));
  await look(wanted.map((one) => one.fact).sort());
  const facts = wanted.map((one) => ({ ...one, ...shownFact(factNamed(catalogue, register, one.fact), one.value, null) }));
  const rows = facts.map((one) => [
    one.doubts.length === 0 ? one.label : `${one.label}？`,
    valueText(one),
    spanText(one),
    one.dataset ?? '',
    one.asOf ?? '',
    one.arrived?.toISOString().slice(0, 16) ?? '',
  ]);
  const day = on ?? known.between?.asked ?? known.knownAt;
  context.out.say(
    `对象 ${subjectId}，${day} 的情况，按 ${known.between?.asked ?? known.knownAt} 所知${known.snapshotId === null ? '（现在的数据）' : `（快照 ${known.snapshotId.slice(0, 12)}，${known.knownAt}）`}`,
  );
  const between = betweenText(known);
  if (between !== null) context.out.say(between);
  context.out.say(textTable(['指标', '值', '起止', '数据集', '数据日期', '到达（UTC）'], rows, []));
  if (context.out.asJson)
    context.out.json({ subjectId, register, on: day, knownAt: known.knownAt, snapshot: known.snapshotId, between: known.between, facts });
  return 0;
};

export const factsCommand: Command = {
  name: 'facts',
  usage: [
    '<对象编号、身份证号或统一社会信用代码> [--on 2026-02-20] [--known-at 2026-02-25|<快照编号>] [--fact deathDate,户籍地] [--all] --purpose <事由>:<工单号> [--json]',
    '<对象> --history <指标> --purpose <事由>:<工单号> [--json]   一个指标历来的说法：值、起止、数据集、数据日期、交付、何时所知',
    '  --on 问哪一天的情况；--known-at 按哪一天所知（从当时封存的快照读），不写就是现在的数据',
    '  那天没有封存的，以最近一次封存作答，并说明其间来过哪些数据；没有来过的，答案就是当时所知',
  ],
  options: {
    on: { type: 'string' },
    'known-at': { type: 'string' },
    fact: { type: 'string' },
    all: { type: 'boolean' },
    history: { type: 'string' },
    purpose: { type: 'string' },
  },
  run: (context) => withProduct(context, ({ db }) => tell(context, db)),
};
