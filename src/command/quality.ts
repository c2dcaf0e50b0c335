// `quality`: the state of the data as it stands, by measure; who waits for what is late first.
import { plainJson } from '../base/canonical.ts';
import { liveItems } from '../policy/store.ts';
import { type Finding, type Measure, measureNames } from '../quality/finding.ts';
import { type QualityReport, qualityReport } from '../quality/report.ts';
import { type Command, type CommandContext, textTable, wholeNumber } from './command.ts';
import { type Opened, stepsFor, textOption, withProduct } from './opening.ts';

const order: readonly Measure[] = ['stale', 'conflict', 'range', 'duplicate', 'drift', 'missing'];

const tell = (context: CommandContext, report: QualityReport, findings: readonly Finding[], most: number): void => {
  const { say } = context.out;
  say(`数据质量（到 ${report.knownAt}）：${report.subjects.toLocaleString('en-US')} 份档案，${report.datasets.length} 个数据集`);
  say('');
  say('迟报的数据和在等的人');
  for (const one of report.late) say(`  ${one.text}`);
  if (report.late.length === 0) say('  没有。');
  for (const measure of order) {
    const own = findings.filter((one) => one.measure === measure);
    if (own.length === 0) continue;
    say('');
    say(`${measureNames[measure]}（${own.length}）`);
    for (const one of own.slice(0, most)) say(`  ${one.message}\n    → ${one.hint}`);
    if (own.length > most) say(`  …… 还有 ${own.length - most} 条，用 --most 看更多，或 --json`);
  }
};

const calendar = (context: CommandContext, report: QualityReport): void =>
  context.out.say(
    textTable(
      ['数据集', '部门', '最近截至', '下次应报', '迟几天', '已说到', '登记数'],
      [...report.datasets]
        .sort((a, b) => b.overdueDays - a.overdueDays || (a.dataset < b.dataset ? -1 : 1))
        .map((one) => [
          one.dataset,
          one.department,
          one.asOf ?? '从未',
          one.nextDue ?? '—',
          String(one.overdueDays),
          one.registered === 0 ? '—' : `${((100 * one.subjects) / one.registered).toFixed(1)}%`,
          String(one.registered),
        ]),
      [4, 5, 6],
    ),
  );

const run = async (context: CommandContext, opened: Opened): Promise<number> => {
  const { db, catalogue, today, now } = await stepsFor(context, opened);
  const dataset = textOption(context, 'dataset');
  const most = wholeNumber('most', context.options.most, 8, 1, 10_000);
  const report = await qualityReport(db, { catalogue, today, at: now(), items: await liveItems(db) });
  const findings = report.findings.filter((one) => dataset === null || one.dataset === dataset);
  if (context.options.calendar === true) calendar(context, report);
  else tell(context, report, findings, most);
  if (context.out.asJson) context.out.json(plainJson({ ...report, findings }));
  return 0;
};

export const qualityCommand: Command = {
  name: 'quality',
  usage: [
    '[--dataset <数据集>] [--most <条数>] [--json]    迟报和在等的人、缺失、过期、来源不一致、超出范围、一人多号、与上次相比的变化',
    '--calendar                                     报送日历：最近一次、下次应报、迟几天、覆盖多少',
  ],
  options: { dataset: { type: 'string' }, most: { type: 'string' }, calendar: { type: 'boolean' } },
  run: (context) => withProduct(context, (opened) => run(context, opened)),
};
