// `rules forecast`: a rule file against the newest snapshot, before anybody publishes it. Prints the document that a review stores, or its gist in Chinese.
import { formatYuan, parseYuan } from '../base/amount.ts';
import { type Day, dayText } from '../base/day.ts';
import { fail, ProblemError } from '../base/problem.ts';
import { parseDecimal } from '../base/rational.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { transaction } from '../db/handle.ts';
import type { Forecast, GroupTold } from '../forecast/document.ts';
import { forecastItem } from '../forecast/forecast.ts';
import type { ShiftTold } from '../forecast/shift.ts';
import { parseSweep } from '../forecast/sweep.ts';
import { type WhatIf, whatIf } from '../forecast/what-if.ts';
import { ledgerCut } from '../ledger/store.ts';
import { readRuleFile } from '../policy/files.ts';
import { liveItems } from '../policy/store.ts';
import { sayValue } from '../rule/explain.ts';
import { openHot } from '../snapshot/hot.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import { countText, kindNames, periodText, reasonNames } from '../web/words.ts';
import { type CommandContext, textTable, wholeNumber } from './command.ts';
import { type Opened, textOption, withProduct } from './opening.ts';
import { ruleFilesFor } from './rule-files.ts';

const yuan = (fen: string | null): string => (fen === null ? '—' : formatYuan(BigInt(fen)));

const budgetOption = (context: CommandContext): bigint | null => {
  const text = textOption(context, 'budget');
  if (text === null) return null;
  const fen = parseYuan(text);
  return fen === null || fen < 0n ? fail('input.option', '--budget', '--budget 要是金额（元）。', '例如 --budget 1000000') : fen;
};

/** What `forecastItem` and `whatIf` are asked alike. */
const askedFor = async (context: CommandContext, { db }: Opened, name: string) => {
  const snapshot = await latestSnapshot(db);
  if (snapshot === null) return fail('state.no-snapshot', '', '还没有数据快照。', '先运行 npm run -s zhixiang -- seal。');
  const catalogue = await loadCatalogue(db);
  const [path] = await ruleFilesFor(context, [name]);
  const file = await readRuleFile(path ?? name, catalogue);
  if (!file.result.ok) throw new ProblemError(file.result.problems.map((one) => ({ ...one, at: `${file.name}.json ${one.at}`.trim() })));
  const { item } = file.result;
  const [periodKey, sweep] = [textOption(context, 'period'), textOption(context, 'sweep')];
  const published = (await liveItems(db)).filter((one) => one.item.id === item.id);
  return {
    snapshotId: snapshot.id,
    catalogue,
    draft: item,
    published,
    ledgerCut: await transaction(db, (tx) => ledgerCut(tx)),
    ...(periodKey === null ? {} : { periodKey }),
    ...(sweep === null ? {} : { sweep: parseSweep(sweep) }),
  };
};

const forecast = async (context: CommandContext, opened: Opened, name: string): Promise<Forecast> => {
  const budgetFen = budgetOption(context);
  return forecastItem(opened.db, {
    ...(await askedFor(context, opened, name)),
    ...(budgetFen === null ? {} : { budgetFen }),
    nearRows: wholeNumber('near', context.options.near, 2_000, 0, 65_536),
  });
};

/** One question needs no column twice. */
const quickly = async (context: CommandContext, opened: Opened, name: string): Promise<WhatIf> =>
  whatIf(opened.db, openHot(0), { ...(await askedFor(context, opened, name)), amounts: true, details: true });

const quickLines = (told: WhatIf): readonly string[] => [
  `${told.item} 试算：${periodText(told.periodKey)}，数据到 ${dayText(told.snapshot.knownAt as Day)}${told.asIf ? '（规则此时尚未施行或已失效，按施行估算）' : ''}`,
  textTable(
    [told.sweepAt ?? '', '符合', '待核', '不符合', '金额', '金额未定'],
    told.points.map((p) => [
      p.value ?? '草案',
      countText(p.eligible),
      countText(p.undetermined),
      countText(p.ineligible),
      yuan(p.amountFen),
      p.open === 0 || p.open === null ? '' : countText(p.open),
    ]),
    [1, 2, 3, 4, 5],
  ),
  ...(told.draft === null ? [] : reasonLines('不符合的人，第一条不满足的是', told.draft.failing)),
  ...(told.draft === null
    ? []
    : reasonLines(
        `只差一条的 ${countText(told.draft.nearMiss.subjects)} 人（户）${told.draft.nearMiss.exact ? '' : '以上'}`,
        told.draft.nearMiss.conditions,
      )),
  ...(told.against === null
    ? []
    : [
        ...reasonLines(
          `比现行第 ${told.against.version} 版多 ${countText(told.against.gained.subjects)} 人（户），按现行版`,
          told.against.gained.reasons,
        ),
        ...reasonLines(`少 ${countText(told.against.lost.subjects)} 人（户），按草案`, told.against.lost.reasons),
      ]),
];

const reasonLines = (title: string, reasons: readonly { readonly text: string; readonly subjects: number }[]): readonly string[] => [
  `${title}${reasons.length === 0 ? '' : '：'}`,
  ...reasons.slice(0, 8).map(({ text, subjects }) => `  ${countText(subjects)}  ${text}`),
];

const groupLines = (title: string, groups: readonly GroupTold[] | null): readonly string[] =>
  groups === null || groups.length === 0
    ? []
    : [
        '',
        title,
        textTable(
          ['', '人（户）次', '金额', '金额未定'],
          groups.map((g) => [g.label, countText(g.subjects), yuan(g.totalFen), g.open === 0 ? '' : countText(g.open)]),
          [1, 2, 3],
        ),
      ];

const shiftLines = (title: string, shift: ShiftTold | null): readonly string[] => {
  if (shift === null) return [];
  const side = (name: string, one: ShiftTold['gained']): readonly string[] => [
    `  ${name} ${countText(one.subjects)}，${yuan(one.fen)}`,
    ...one.reasons.slice(0, 8).map((r) => `    ${r.text}：${countText(r.subjects)}`),
  ];
  const { up, down, open } = shift.changed;
  return [
    '',
    `${title}：金额${shift.deltaFen.startsWith('-') ? '减少' : '增加'} ${yuan(shift.deltaFen.replace('-', ''))}`,
    ...side('新增', shift.gained),
    ...side('减少', shift.lost),
    `  金额变动：增 ${countText(up.subjects)}（${yuan(up.fen)}），减 ${countText(down.subjects)}（${yuan(down.fen)}）${open === 0 ? '' : `，未定 ${countText(open)}`}；不变 ${countText(shift.same)}`,
  ];
};

const cashLines = (told: Forecast): readonly string[] =>
  told.cash.days.length === 0
    ? []
    : [
        '',
        '拨付日程',
        textTable(
          ['日期', '期别', '', '笔数', '金额'],
          told.cash.days.map((c) => [
            c.day === null ? '工作日历未公布' : dayText(c.day),
            periodText(c.periodKey),
            kindNames[c.kind as keyof typeof kindNames] ?? c.kind,
            countText(c.awards),
            yuan(c.fen),
          ]),
          [3, 4],
        ),
        ...told.cash.assumptions.map((one) => `  ${one}`),
      ];

const budgetLines = ({ budget }: Forecast): readonly string[] => {
  if (budget === null) return [];
  const { exhausted } = budget;
  const end =
    exhausted === null
      ? '到年底够用'
      : `在${exhausted.day === null ? '' : ` ${dayText(exhausted.day)}`}（${periodText(exhausted.periodKey)}的钱）用完`;
  const share = budget.coverage === null ? '' : `，覆盖 ${(Number(budget.coverage) * 100).toFixed(2)}%`;
  return [
    '',
    `预算 ${yuan(budget.budgetFen)}，已占用 ${yuan(budget.promisedFen)}，可用 ${yuan(budget.availableFen)}；尚需 ${yuan(budget.neededFen)}${share}；${end}。`,
  ];
};

const nearLines = ({ nearMiss }: Forecast): readonly string[] => {
  if (nearMiss === null || nearMiss.examined === 0) return [];
  const { candidates, examined, one, two, waiting } = nearMiss;
  const of =
    examined === candidates
      ? `${countText(candidates)} 个可能改变的`
      : `${countText(candidates)} 个可能改变的中抽看了 ${countText(examined)} 个`;
  const figure = (text: string | null, unit: string | null): string => {
    const value = text === null ? null : parseDecimal(text);
    return value === null ? '' : sayValue(value, unit === null ? { kind: 'number' } : { kind: 'number', unit }, { codeName: () => null });
  };
  return [
    '',
    `不符合的人里，${of}：差一项 ${countText(one)}，差两项 ${countText(two)}，一年内到期即符合 ${countText(waiting)}`,
    ...nearMiss.changes
      .slice(0, 12)
      .map(
        (c) =>
          `  ${c.text}：${countText(c.subjects)}${c.least === null ? '' : `（相差 ${figure(c.least, c.unit)} 至 ${figure(c.most, c.unit)}，中位 ${figure(c.median, c.unit)}）`}`,
      ),
  ];
};

const linesFor = (told: Forecast): readonly string[] => {
  const { counts, amounts } = told;
  return [
    `${told.item.title}（${told.item.id}）匡算：${periodText(told.period.key)}，数据到 ${dayText(told.snapshot.knownAt)}${told.asIf ? '（规则此时尚未施行或已失效，按施行估算）' : ''}`,
    `对象 ${countText(counts.subjects)}：符合 ${countText(counts.eligible)}，待核 ${countText(counts.undetermined)}，不符合 ${countText(counts.ineligible)}`,
    `金额合计 ${yuan(amounts.totalFen)}（结算前）；最低 ${yuan(amounts.minFen)}，中位 ${yuan(amounts.medianFen)}，九成不超过 ${yuan(amounts.p90Fen)}，最高 ${yuan(amounts.maxFen)}`,
    ...(amounts.bounded.count === 0
      ? []
      : [
          `另有 ${countText(amounts.bounded.count)} 笔金额在 ${yuan(amounts.bounded.fromFen)} 至 ${yuan(amounts.bounded.toFen)} 之间（合计）`,
        ]),
    ...(amounts.unknown === 0 ? [] : [`另有 ${countText(amounts.unknown)} 笔金额未定`]),
    ...(told.modes === null
      ? []
      : [
          `兑现方式：${told.modes.map((m) => `${m.name} ${countText(m.matches)}${m.open === 0 ? '' : `（其中 ${countText(m.open)} 笔因缺数据从严）`}`).join('，')}`,
        ]),
    ...(told.undetermined.length === 0 ? [] : ['', '待核的人缺']),
    ...told.undetermined.map(
      (m) =>
        `  ${m.label}：${m.department ?? ''}${m.title === null ? '' : `《${m.title}》`}${reasonNames[m.reason as keyof typeof reasonNames] ?? m.reason}，${countText(m.subjects)}`,
    ),
    ...shiftLines(told.against.inForce === null ? '' : `与现行第 ${told.against.inForce.version} 版相比`, told.against.inForce),
    ...shiftLines('与上次匹配相比', told.against.lastRun),
    ...shiftLines(told.next === null ? '' : `下一期（${periodText(told.next.periodKey)}）与本期相比`, told.next),
    ...nearLines(told),
    ...groupLines('按地区', told.byDivision),
    ...groupLines('按企业规模', told.bySize),
    ...groupLines('按年龄', told.byAge),
    ...cashLines(told),
    ...budgetLines(told),
    ...(told.sweep === null
      ? []
      : [
          '',
          `${told.sweep.at} 取不同的值`,
          textTable(
            ['值', '符合', '待核', '金额', '比草案增', '减', '金额差'],
            told.sweep.points.map((p) => [
              p.value,
              countText(p.eligible),
              countText(p.undetermined),
              yuan(p.amountFen),
              countText(p.gained),
              countText(p.lost),
              yuan(p.deltaFen),
            ]),
            [0, 1, 2, 3, 4, 5, 6],
          ),
        ]),
  ];
};

export const forecastRule = async (context: CommandContext, names: readonly string[]): Promise<number> => {
  const [name] = names;
  if (name === undefined || names.length > 1)
    return fail('input.argument', '', '要写一个规则文件或一个事项编号。', '例如 rules forecast ./draft.json --json');
  if (context.options.quick === true) {
    const quick = await withProduct(context, (opened) => quickly(context, opened, name));
    if (context.out.asJson) context.out.json(quick);
    else context.out.say(quickLines(quick).join('\n'));
    return 0;
  }
  const told = await withProduct(context, (opened) => forecast(context, opened, name));
  if (context.out.asJson) context.out.json(told);
  else context.out.say(linesFor(told).join('\n'));
  return 0;
};
