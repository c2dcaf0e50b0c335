// `facts`: what is, or was, known of one subject, with source, day and arrival of every value. Read from what was sealed then; writes nothing.
import { maskId, maskText, plainCode } from '../base/codes.ts';
import { type Day, parseDay } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import type { Db } from '../db/handle.ts';
import { findSubjects, type Subject, subjectById } from '../record/view-store.ts';
import { factsKnown, type KnownAt, type KnownFact } from '../snapshot/known.ts';
import { todayFor } from '../today.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { dayOption, isUuid, listOption, textOption, withProduct } from './opening.ts';

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

/** Texts and links may hold accounts and other people's numbers: their last four at most, in lists as well. */
const masked = (value: unknown): unknown =>
  typeof value === 'string'
    ? parseDay(value) === null && /\d{7}/.test(value)
      ? maskText(value)
      : value
    : Array.isArray(value)
      ? value.map(masked)
      : value;
const shownValue = (one: KnownFact, catalogue: Catalogue, register: string): KnownFact => {
  const type = catalogue.facts.find((fact) => fact.register === register && fact.key === one.fact)?.type;
  if (type === 'text' || type === 'link') return { ...one, value: masked(one.value) as KnownFact['value'] };
  if (type !== 'list' || !Array.isArray(one.value)) return one;
  const element = (e: unknown) => Object.fromEntries(Object.entries(e as Record<string, unknown>).map(([key, v]) => [key, masked(v)]));
  return { ...one, value: one.value.map(element) };
};

const valueText = (one: KnownFact): string => {
  if (one.state === 'unknown') return `未知（${reasons[one.reason ?? ''] ?? one.reason}）`;
  if (one.state === 'none') return '无';
  const text = typeof one.value === 'string' ? one.value : JSON.stringify(one.value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};

const spanText = ({ from, to }: KnownFact): string => (from === undefined ? '' : `${from ?? '…'} – ${to ?? '…'}`);

const chosenFacts = (context: CommandContext, catalogue: Catalogue, register: string): ReadonlySet<string> | null => {
  const named = listOption(context, 'fact');
  if (named === null) return null;
  const known = catalogue.facts.filter((fact) => fact.register === register);
  return new Set(
    named.map(
      (name) =>
        known.find((fact) => fact.key === name || fact.label === name)?.key ??
        fail('input.option', '--fact', `没有“${name.slice(0, 40)}”这个指标。`, '写指标的编号或中文名。'),
    ),
  );
};

const tell = async (context: CommandContext, db: Db): Promise<number> => {
  const [named] = context.args;
  if (named === undefined)
    return fail('input.argument', '', '没有写对象。', '例如 facts <对象编号或证件号码> --on 2026-02-20 --known-at 2026-02-25');
  const subject = await subjectFor(db, named);
  const catalogue = await loadCatalogue(db);
  const knownAt = await knownAtAsked(context, db);
  const on: Day | null = dayOption(context, 'on');
  const { register, key, ordinal, subjectId } = subject;
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
  const facts = wanted.map((one) => shownValue(one, catalogue, register));
  const rows = facts.map((one) => [
    one.label,
    valueText(one),
    spanText(one),
    one.dataset ?? '',
    one.asOf ?? '',
    one.arrived?.toISOString().slice(0, 16) ?? '',
  ]);
  context.out.say(
    `对象 ${subjectId}，${on ?? known.knownAt} 的情况，按 ${known.knownAt} 所知${known.snapshotId === null ? '（现在的数据）' : `（快照 ${known.snapshotId.slice(0, 12)}）`}`,
  );
  context.out.say(textTable(['指标', '值', '起止', '数据集', '数据日期', '到达（UTC）'], rows, []));
  if (context.out.asJson)
    context.out.json({ subjectId, register, on: on ?? known.knownAt, knownAt: known.knownAt, snapshot: known.snapshotId, facts });
  return 0;
};

export const factsCommand: Command = {
  name: 'facts',
  usage: [
    '<对象编号、身份证号或统一社会信用代码> [--on 2026-02-20] [--known-at 2026-02-25|<快照编号>] [--fact deathDate,户籍地] [--all] [--json]',
    '  --on 问哪一天的情况；--known-at 按哪一天所知（从当时封存的快照读），不写就是现在的数据',
  ],
  options: { on: { type: 'string' }, 'known-at': { type: 'string' }, fact: { type: 'string' }, all: { type: 'boolean' } },
  run: (context) => withProduct(context, ({ db }) => tell(context, db)),
};
