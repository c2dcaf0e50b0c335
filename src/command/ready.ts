// `ready`: which items can be decided and what the others wait for; `ready decide`: a reviewer waits for a late guard dataset or extends its limit for
// those paid before; `ready extended`: whom an extension carries, and how each came out.
import { type Day, parsePeriodKey } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { type Extended, extendedMatches } from '../match/extended-store.ts';
import { readyNow } from '../match/ready.ts';
import { compileItem } from '../policy/compile.ts';
import type { Item } from '../policy/item.ts';
import { liveItems } from '../policy/store.ts';
import { decideLate, type LateQuestion } from '../readiness/decide.ts';
import type { Readiness, ReadyState } from '../readiness/readiness.ts';
import { type ReadinessRow, readReadiness } from '../readiness/store.ts';
import { overdueOf, stateNames, waitText } from '../readiness/words.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import { gapsByItem, type ListGap } from '../web/lists.ts';
import { staffAccounts } from '../web/store.ts';
import { type Command, type CommandContext, wholeNumber } from './command.ts';
import { dayOption, type Opened, textOption, withProduct } from './opening.ts';
import { itemFor } from './published.ts';

const order: Readonly<Record<ReadyState, number>> = { waiting: 0, 'not-triggered': 1, ready: 2 };
const marks: Readonly<Record<ReadyState, string>> = { waiting: '…', 'not-triggered': '－', ready: '✓' };

const tellOne = (
  context: CommandContext,
  catalogue: Catalogue,
  one: Pick<Readiness, 'itemId' | 'state' | 'waits' | 'record'>,
  period: string,
  more = '',
): void => {
  const { say } = context.out;
  say(`  ${marks[one.state]} ${one.itemId} ${period}：${stateNames[one.state]}${more}`);
  for (const reason of one.record?.reasons ?? []) say(`      ${reason.rule}；现为 ${reason.found || '不满足'}`);
  for (const wait of one.waits)
    say(
      `      ${wait.holds ? '等' : '缺'} ${waitText(wait, catalogue)}${wait.guard && wait.decision === null && wait.reason === 'stale' ? '，待决定：等待或延长' : ''}`,
    );
};

const documentOf = (catalogue: Catalogue, one: Readiness, today: Day, row: ReadinessRow | undefined, lists: readonly ListGap[]) => ({
  item: one.itemId,
  version: one.version,
  period: one.period.key,
  state: one.state,
  since: row !== undefined && row.state === one.state ? row.at.toISOString() : null,
  waits: one.waits.map((wait) => ({ ...wait, overdueDays: overdueOf(wait, today), text: waitText(wait, catalogue) })),
  ...(one.record === null ? {} : { record: one.record }),
  ...(lists.length === 0 ? {} : { lists }),
  ...(one.extensions.length === 0 ? {} : { extensions: one.extensions }),
});

const history = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const [itemId, periodKey] = [textOption(context, 'item'), textOption(context, 'period')];
  const rows = await readReadiness(db, {
    history: true,
    ...(itemId === null ? {} : { itemId }),
    ...(periodKey === null ? {} : { periodKey }),
  });
  const catalogue = await loadCatalogue(db);
  for (const row of rows) tellOne(context, catalogue, row, row.periodKey, `（第 ${row.sequence} 次，数据到 ${row.knownAt}）`);
  if (context.out.asJson) context.out.json({ history: rows.map((row) => ({ ...row, at: row.at.toISOString() })) });
  return 0;
};

const list = async (context: CommandContext, opened: Opened): Promise<number> => {
  if (context.options.history === true) return await history(context, opened);
  const { db } = opened;
  const [itemId, periodKey] = [textOption(context, 'item'), periodOption(context)];
  const versions = itemId === null ? await liveItems(db) : await itemFor(db, itemId);
  const catalogue = await loadCatalogue(db);
  const now = await readyNow(db, { catalogue, versions, ...(periodKey === null ? {} : { periodKey }) });
  if (now === null) return fail('state.no-snapshot', '', '还没有数据快照，没有可匹配的数据。', '先运行 npm run -s zhixiang -- seal。');
  const today = now.knownAt as Day;
  const rows = new Map((await readReadiness(db)).map((row) => [`${row.itemId}\n${row.periodKey}`, row]));
  const items = [...now.items].sort((a, b) => order[a.state] - order[b.state] || (a.itemId < b.itemId ? -1 : 1));
  const counts = Object.groupBy(items, (one) => one.state);
  context.out.say(
    `数据到 ${today}：${(Object.keys(stateNames) as ReadyState[]).map((state) => `${stateNames[state]} ${counts[state]?.length ?? 0}`).join('，')}`,
  );
  const newest = new Map([...versions].sort((a, b) => a.version - b.version).map(({ item }) => [item.id, item]));
  const gaps = await gapsByItem(db, [...newest.keys()], (id) => compileItem(newest.get(id) as Item, catalogue), catalogue);
  for (const one of items) {
    tellOne(context, catalogue, one, one.period.key);
    // The item is decided all the same: only those whom a waiting name may mean are 待核.
    for (const { text } of gaps.get(one.itemId) ?? []) context.out.say(`      缺 ${text}（names）`);
  }
  if (context.out.asJson)
    context.out.json({
      knownAt: today,
      items: items.map((one) =>
        documentOf(catalogue, one, today, rows.get(`${one.itemId}\n${one.period.key}`), gaps.get(one.itemId) ?? []),
      ),
    });
  return 0;
};

const periodOption = (context: CommandContext): string | null => {
  const text = textOption(context, 'period');
  if (text !== null && parsePeriodKey(text) === null)
    fail('input.period', '--period', '没有这样的所属期。', '按月写 2026-01，按季写 2026Q1，按年写 2026。');
  return text;
};

const choiceOf = (context: CommandContext): LateQuestion['choice'] => {
  const [extend, until] = [context.options.extend, dayOption(context, 'wait')];
  if ((extend === undefined) === (until === null))
    return fail(
      'input.option',
      '--extend',
      '要么等待，要么延长，只能写一样。',
      '写 --wait 2026-05-08（等到哪天），或 --extend 15（延长几天）。',
    );
  return until === null ? { kind: 'extend', days: wholeNumber('extend', extend, 0, 1, 366) } : { kind: 'wait', until };
};

const decide = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const [, named = ''] = context.args;
  const [{ item }] = await itemFor(db, named);
  const period = parsePeriodKey(textOption(context, 'period') ?? '');
  if (period === null || period.kind !== item.period)
    return fail(
      'input.period',
      '--period',
      '没有写所属期，或不是这个事项的所属期。',
      '只有按月、按季、按年的事项可以决定；看 ready --item。',
    );
  const by = textOption(context, 'by')?.toLowerCase() ?? '';
  const account = (await staffAccounts(db)).find((one) => one.username === by && one.leftAt === null);
  if (account === undefined) return fail('missing.account', '--by', '没有这个在职账号。', '写 --by <用户名>；用户名见 accounts。');
  const snapshot = await latestSnapshot(db);
  if (snapshot === null) return fail('state.no-snapshot', '', '还没有数据快照。', '先运行 npm run -s zhixiang -- seal。');
  const question = {
    item,
    periodKey: period.key,
    dataset: textOption(context, 'dataset') ?? '',
    choice: choiceOf(context),
    reason: textOption(context, 'reason') ?? '',
  };
  const approver = { actor: account.userId, reviewer: account.roles.includes('reviewer'), scope: account.scope };
  const made = await decideLate(db, question, approver, {
    catalogue: await loadCatalogue(db),
    knownAt: snapshot.knownAt,
    at: context.now(),
  });
  context.out.say(
    made.choice === 'wait'
      ? `已决定：${item.title} ${made.periodKey} 等 ${made.dataset}，最晚到 ${made.until}。`
      : `已决定：${item.title} ${made.periodKey} 对上期已享受的人，${made.dataset} 有效期延长 ${made.days} 天，到 ${made.until}；首次享受的人不适用。`,
  );
  context.out.say('  下一次封存和匹配起生效；要马上生效，运行 seal 再运行 run。');
  if (context.out.asJson) context.out.json({ ...made, sequence: String(made.sequence), at: made.at.toISOString() });
  return 0;
};

const outcomes: Readonly<Record<Extended['outcome'], string>> = {
  carried: '沿用中，数据未到',
  confirmed: '数据已到，核对无误',
  changed: '数据已到，金额变了',
  suspended: '已暂停',
  ended: '数据已到，不再符合',
};

const extended = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const [, itemId] = context.args;
  const periodKey = periodOption(context);
  const rows = await extendedMatches(db, {
    scope: everything,
    ...(itemId === undefined ? {} : { itemId: (await itemFor(db, itemId))[0].item.id }),
    ...(periodKey === null ? {} : { periodKey }),
  });
  const counts = Object.entries(Object.groupBy(rows, (row) => row.outcome)).map(
    ([name, own]) => `${outcomes[name as Extended['outcome']]} ${own?.length ?? 0}`,
  );
  context.out.say(rows.length === 0 ? '没有靠延长有效期享受的人。' : counts.join('，'));
  for (const row of rows) context.out.say(`  ${row.itemId} ${row.periodKey} ${row.subjectId} ${outcomes[row.outcome]}`);
  if (context.out.asJson) context.out.json({ extended: rows });
  return 0;
};

const run = async (context: CommandContext, opened: Opened): Promise<number> => {
  const [verb] = context.args;
  if (verb === undefined) return await list(context, opened);
  if (verb === 'decide') return await decide(context, opened);
  if (verb === 'extended') return await extended(context, opened);
  return fail('input.argument', '', `不认识“${verb.slice(0, 20)}”。`, '看用法：npm run -s zhixiang -- ready --help');
};

export const readyCommand: Command = {
  name: 'ready',
  usage: [
    '[--item <事项>] [--period <所属期>] [--json]    现在能办的、在等数据的、本期未触发的',
    '--history [--item <事项>] [--period <所属期>]   历次变化',
    'decide <事项> --period <所属期> --dataset <数据集> --wait <日子> --by <审核人> --reason <理由>     等迟到的核验数据（死亡、状态、名单），最晚等到这一天；其间不发也不停',
    'decide <事项> --period <所属期> --dataset <数据集> --extend <天数> --by <审核人> --reason <理由>   对上期已享受的人延长它的有效期；首次享受的不适用，数据一到重新核对',
    'extended [<事项>] [--period <所属期>] [--json]   靠延长享受的人，和数据到后核对的结果',
  ],
  options: {
    item: { type: 'string' },
    period: { type: 'string' },
    history: { type: 'boolean' },
    dataset: { type: 'string' },
    wait: { type: 'string' },
    extend: { type: 'string' },
    by: { type: 'string' },
    reason: { type: 'string' },
  },
  run: (context) => withProduct(context, (opened) => run(context, opened)),
};
