// `run`: every published item against the newest snapshot, then the steps of the flow behind it. Seals nothing. What was done before is not done again.
import { formatYuan } from '../base/amount.ts';
import { fail } from '../base/problem.ts';
import type { AdvanceReport } from '../disbursement/advance.ts';
import type { PrefillReport } from '../disbursement/prefill.ts';
import { states } from '../disbursement/states.ts';
import type { RunReport } from '../match/run.ts';
import { templateNames } from '../notice/notice.ts';
import type { TellReport } from '../notice/tell.ts';
import { stateNames } from '../readiness/words.ts';
import type { SettleReport } from '../settlement/settle.ts';
import { lineStates } from '../settlement/settlement.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import { advanceStep, choicesStep, matchStep, prefillStep, type StepContext, settleStep, tellStep } from '../steps.ts';
import { countText, kindNames } from '../web/words.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { type Opened, stepsFor, withProduct } from './opening.ts';

type Counts = Readonly<Record<string, number | undefined>>;
const total = (counts: Counts): number => Object.values(counts).reduce<number>((sum, n) => sum + (n ?? 0), 0);

const countsText = (counts: Counts, names: Readonly<Record<string, string>>): string => {
  const parts = Object.entries(counts).filter(([, n]) => (n ?? 0) > 0);
  return parts.length === 0 ? '没有新的内容' : parts.map(([name, n]) => `${names[name] ?? name} ${countText(n ?? 0)}`).join('，');
};

const textsOf = (table: Readonly<Record<string, { readonly text: string }>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(table).map(([name, one]) => [name, one.text]));

/** New rows of a run: a second look at the same data writes none. */
const newMatches = (ran: RunReport): number => (ran.already ? 0 : ran.items.reduce((sum, item) => sum + total(item.written), 0));

const tellMatches = (context: CommandContext, ran: RunReport): void => {
  const { say } = context.out;
  if (ran.already) say(`  · 匹配：这份快照已经匹配过（批次 ${ran.runId}），没有新的内容。`);
  else if (newMatches(ran) === 0) say(`  · 匹配：批次 ${ran.runId}，结果与上次相同，没有新的内容。`);
  else {
    const written: Record<string, number> = {};
    for (const item of ran.items) for (const [kind, n] of Object.entries(item.written)) written[kind] = (written[kind] ?? 0) + (n ?? 0);
    say(`  ✓ 匹配：批次 ${ran.runId}，${ran.items.length} 个事项期别；${countsText(written, kindNames)}`);
  }
  if (ran.busy > 0) say(`  △ 还有 ${ran.busy} 块由别的进程在算，稍后再运行一次看结果。`);
  const rows = ran.items.map((item) => [
    item.itemId,
    item.periodKey,
    countText(item.eligible),
    countText(item.undetermined),
    countText(item.ineligible),
    item.held
      ? '待放行'
      : item.stopped !== null
        ? '已停下'
        : item.terms?.skipped
          ? stateNames[item.terms.skipped.state]
          : formatYuan(item.amountFen),
  ]);
  say(textTable(['事项', '期别', '符合', '待核', '不符合', '金额'], rows, [2, 3, 4, 5]));
  for (const { itemId, periodKey, terms } of ran.items) if (terms?.skipped) say(`  · ${itemId} ${periodKey} ${terms.skipped.why}`);
  for (const item of ran.items) {
    if (item.held) say(`  △ ${item.itemId} ${item.stopped} 放行：brake release ${ran.runId} ${item.itemId}`);
    else if (item.stopped !== null) say(`  ✕ ${item.itemId} 已停下：${item.stopped}`);
  }
};

interface Flowed {
  readonly settled: SettleReport;
  readonly prefilled: PrefillReport;
  readonly advanced: AdvanceReport;
  readonly told: TellReport;
}

const flow = async (context: CommandContext, steps: StepContext): Promise<Flowed> => {
  const { out } = context;
  const settled = await out.step(
    'settle',
    '结算',
    () => settleStep(steps),
    (done) => countsText(done.lines, textsOf(lineStates)),
  );
  const prefilled = await out.step(
    'prefill',
    '预填兑付记录',
    () => prefillStep(steps),
    ({ made, stops, gaps }) => countsText({ 新记录: made, 停发: stops, 有缺口: gaps }, {}),
  );
  const advanced = await out.step(
    'advance',
    '按流程推进',
    () => advanceStep(steps),
    (done) => countsText(done, textsOf(states)),
  );
  await choicesStep(steps);
  const told = await out.step(
    'tell',
    '写告知',
    () => tellStep(steps),
    (done) => countsText(done, templateNames),
  );
  return { settled, prefilled, advanced, told };
};

const documentOf = (ran: RunReport, flowed: Flowed | null) => ({
  run: ran.runId,
  snapshot: ran.snapshotId,
  already: ran.already,
  busy: ran.busy,
  newMatches: newMatches(ran),
  items: ran.items.map((item) => ({
    id: item.itemId,
    version: item.version,
    period: item.periodKey,
    eligible: item.eligible,
    undetermined: item.undetermined,
    ineligible: item.ineligible,
    amountFen: String(item.amountFen),
    written: ran.already ? {} : item.written,
    ...(item.stopped === null ? {} : { stopped: item.stopped, held: item.held }),
    ...(item.terms?.skipped ? { skipped: item.terms.skipped } : {}),
    ...(item.terms === null || item.terms.extensions.length === 0 ? {} : { extensions: item.terms.extensions.map(({ id }) => id) }),
  })),
  ...(flowed === null
    ? {}
    : {
        settled: {
          lines: flowed.settled.lines,
          grantedFen: String(flowed.settled.grantedFen),
          recoverFen: String(flowed.settled.recoverFen),
          busy: flowed.settled.busy,
        },
        prefilled: { ...flowed.prefilled, amountFen: String(flowed.prefilled.amountFen) },
        advanced: flowed.advanced,
        told: flowed.told,
      }),
});

const run = async (context: CommandContext, opened: Opened): Promise<number> => {
  const steps = await stepsFor(context, opened);
  const snapshot = await latestSnapshot(steps.db);
  if (snapshot === null) return fail('state.no-snapshot', '', '还没有数据快照，没有可匹配的数据。', '先运行 npm run -s zhixiang -- seal。');
  if (snapshot.catalogueHash !== steps.catalogue.hash)
    fail('state.other-catalogue', '', '最新的快照是按另一版指标目录封存的。', '先运行 npm run -s zhixiang -- seal，再匹配。');
  const ran = await matchStep(steps);
  // Sealed anew by somebody else between the two looks: as good as not found, and gone at the next try.
  if (ran === null) return fail('state.other-catalogue', '', '匹配期间又封存了新的快照。', '再运行一次。');
  tellMatches(context, ran);
  const flowed = context.options['match-only'] === true ? null : await flow(context, steps);
  if (context.out.asJson) context.out.json(documentOf(ran, flowed));
  return ran.busy > 0 || ran.items.some((item) => item.stopped !== null) ? 1 : 0;
};

export const runCommand: Command = {
  name: 'run',
  usage: ['[--json]', '--match-only [--json]    只匹配，不结算也不告知'],
  options: { 'match-only': { type: 'boolean' } },
  run: (context) => withProduct(context, (opened) => run(context, opened)),
};
