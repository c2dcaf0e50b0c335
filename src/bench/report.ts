// What `bench --out` writes: every row as JSON, charts, and a page with the figures beside what they should be. Measured in parts, the parts are put together:
// a row takes the place of the one that measured the same before. Pure.
import { type Bar, barChart } from './chart.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly memoryBytes: number;
}

export interface Figure {
  readonly measure: string;
  readonly workload: string;
  readonly engine: string;
  readonly rows: number;
  readonly items: number;
  readonly ms: number;
  readonly decisionsPerSecond: number;
  readonly hits: number;
  readonly ratio: number | null;
  readonly rssBytes?: number;
  readonly databaseRssBytes?: number;
}

export interface Measured {
  readonly machine: Machine;
  /** The day of the last part. */
  readonly day: string;
  readonly rows: readonly Figure[];
}

const nameOf = (figure: Figure): string => `${figure.workload}\n${figure.measure}\n${figure.engine}`;

/** Figures of another machine are not put beside these: then only the new ones stand. */
export const together = (before: Measured | null, now: Measured): Measured => {
  const same = before !== null && before.machine.cpu === now.machine.cpu && before.machine.cores === now.machine.cores;
  const fresh = new Set(now.rows.map(nameOf));
  return { ...now, rows: [...(same ? before.rows.filter((row) => !fresh.has(nameOf(row))) : []), ...now.rows] };
};

interface Target {
  readonly text: string;
  readonly find: (figure: Figure) => boolean;
  readonly value: (figure: Figure) => number;
  readonly unit: string;
  readonly bound: number;
  readonly least: boolean;
}

const measureIs =
  (measure: string, engine = 'zhixiang') =>
  (figure: Figure): boolean =>
    figure.measure.startsWith(measure) && figure.engine.startsWith(engine);
const ms = (figure: Figure): number => figure.ms;
const ratio = (figure: Figure): number => figure.ratio ?? 0;
const megabytes = (figure: Figure): number => Math.round((figure.rssBytes ?? 0) / 1e6);

const targets: readonly Target[] = [
  {
    text: '合成规则，一个线程，结果写出',
    find: measureIs('kernel, one thread'),
    value: (f) => Math.round(f.decisionsPerSecond / 1e6),
    unit: '百万次判定/秒',
    bound: 500,
    least: true,
  },
  { text: '比 DuckDB（一个线程，取它最快的写法）', find: measureIs('peer', 'duckdb'), value: ratio, unit: '倍', bound: 15, least: true },
  { text: '比 json-rules-engine', find: measureIs('peer', 'json-rules-engine'), value: ratio, unit: '倍', bound: 10_000, least: true },
  { text: '比 ZEN Engine', find: measureIs('peer', 'zen'), value: ratio, unit: '倍', bound: 5000, least: true },
  { text: '两个线程比一个', find: measureIs('two threads'), value: ratio, unit: '倍', bound: 1.7, least: true },
  { text: '1000 个事项比 100 个的用时', find: measureIs('1,000 items'), value: ratio, unit: '倍', bound: 8, least: false },
  { text: '逐块流过：每行用时与前十分之一之比', find: measureIs('streamed'), value: ratio, unit: '倍', bound: 1.2, least: false },
  { text: '逐块流过：内存', find: measureIs('streamed'), value: megabytes, unit: 'MB', bound: 1500, least: false },
  { text: '随附规则，首次封存', find: measureIs('seal'), value: ms, unit: '毫秒', bound: 40_000, least: false },
  { text: '随附规则，首次匹配，连依据写入', find: measureIs('first run'), value: ms, unit: '毫秒', bound: 90_000, least: false },
  { text: '同上：内存', find: measureIs('first run'), value: megabytes, unit: 'MB', bound: 1200, least: false },
  { text: '试算人数（条件只看列），95 分位', find: measureIs('what-if, count, column'), value: ms, unit: '毫秒', bound: 50, least: false },
  {
    text: '试算金额（条件只看列），95 分位',
    find: measureIs('what-if, amounts, column'),
    value: ms,
    unit: '毫秒',
    bound: 500,
    least: false,
  },
  { text: '试算金额（要看清单），95 分位', find: measureIs('what-if, amounts, list'), value: ms, unit: '毫秒', bound: 2000, least: false },
];

const figureText = (n: number): string => (n >= 1000 ? Math.round(n).toLocaleString('en-US') : String(Math.round(n * 100) / 100));

interface Held {
  readonly target: Target;
  readonly value: number;
}
const heldTo = ({ rows }: Measured): readonly Held[] =>
  targets.flatMap((target) => {
    const figure = rows.find(target.find);
    return figure === undefined ? [] : [{ target, value: target.value(figure) }];
  });

/** How many times better than asked: 1 is just met. */
const better = ({ target, value }: Held): number => (target.least ? value / target.bound : target.bound / value);

const speeds = ({ rows }: Measured): readonly Bar[] =>
  rows
    .filter(
      (row) =>
        row.workload === 'synthetic' &&
        !row.measure.startsWith('1,000') &&
        !row.measure.startsWith('streamed') &&
        row.decisionsPerSecond > 0,
    )
    .map((row) => ({
      label: `${row.engine}${row.measure.startsWith('two') ? '，两个线程' : row.measure.includes('made') ? '，第一次' : ''}`,
      value: row.decisionsPerSecond,
      text: `${figureText(row.decisionsPerSecond / 1e6)} 百万次/秒`,
      own: row.engine.startsWith('zhixiang'),
    }))
    .sort((a, b) => b.value - a.value);

export const chartsOf = (measured: Measured): readonly { readonly file: string; readonly svg: string }[] => {
  const [fast, met] = [speeds(measured), heldTo(measured).filter(({ value }) => value > 0)];
  return [
    ...(fast.length === 0 ? [] : [{ file: 'speed.svg', svg: barChart('同样的规则和数据，命中相同：每秒判定次数', fast) }]),
    ...(met.length === 0
      ? []
      : [
          {
            file: 'targets.svg',
            svg: barChart(
              '比要求好多少倍（1 为刚好达到）',
              met.map((one) => ({
                label: one.target.text,
                value: better(one),
                text: `${figureText(one.value)} ${one.target.unit}`,
                own: better(one) >= 1,
              })),
              { value: 1, text: '要求' },
            ),
          },
        ]),
  ];
};

const cells = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`;

/** `command`: what was typed. `folder`: where the charts stand, from the page. */
export const pageOf = (measured: Measured, command: string, folder: string): string => {
  const { machine, day, rows } = measured;
  const held = heldTo(measured);
  return [
    '# 性能测量',
    '',
    '这一页和图由下面的命令写出，不手改：',
    '',
    '```sh',
    command,
    '```',
    '',
    `${day}，${machine.cpu}，${machine.cores} 核，内存 ${Math.round(machine.memoryBytes / 1e9)} GB，Node ${machine.node}。对比的引擎在同一个进程里、同样的数据上跑，每一项的命中数必须相等，不等就报错。`,
    '',
    ...chartsOf(measured).map(({ file }) => `![${file}](${folder}/${file})`),
    '',
    '## 与要求相比',
    '',
    cells(['测量', '测得', '要求', '']),
    cells(['---', '---:', '---:', '---']),
    ...held.map((one) =>
      cells([
        one.target.text,
        `${figureText(one.value)} ${one.target.unit}`,
        `${one.target.least ? '≥' : '≤'} ${figureText(one.target.bound)}`,
        better(one) >= 1 ? '达到' : '未达到',
      ]),
    ),
    '',
    '## 全部数字',
    '',
    cells(['workload', 'measure', 'engine', 'rows', 'items', 'ms', '百万次/秒', 'hits', 'ratio', 'MB']),
    cells(['---', '---', '---', '---:', '---:', '---:', '---:', '---:', '---:', '---:']),
    ...rows.map((row) =>
      cells([
        row.workload,
        row.measure,
        row.engine,
        row.rows.toLocaleString('en-US'),
        String(row.items),
        figureText(row.ms),
        figureText(row.decisionsPerSecond / 1e6),
        row.hits.toLocaleString('en-US'),
        row.ratio === null ? '' : figureText(row.ratio),
        row.rssBytes === undefined ? '' : String(megabytes(row)),
      ]),
    ),
    '',
    '## 怎么测的',
    '',
    '- 合成规则：每人 30 项事实（3% 未知），每个事项 6 至 9 个条件，命中 0.5% 至 2%。列在内存里；每个事项的命中行号全部写出，“符合”和“可能符合”都算。取十五遍的中位数。',
    '- DuckDB 用一个线程，列已在内存表里；逐条查询和一条查询全部事项两种写法都试，取快的。json-rules-engine、ZEN 逐行判定，只跑前几百行，按每次判定的时间折算。',
    '- 两个线程各算一半的块，线程已经启动、列已经造好；计时从发出到两边都答完。',
    '- 逐块流过：每块造好、判定、放掉，造数据不计时，造列计时；另开一个进程测内存峰值。',
    '- 随附规则：示例城市放大，封存、匹配、连依据写进真实的 PostgreSQL。试算：每个面向居民、可按列计数的随附规则问五遍，取 95 分位。',
    '',
  ].join('\n');
};
