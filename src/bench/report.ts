// What `bench --out` writes: every row as JSON, charts, and a page with the figures beside what they should be. Measured in parts, the parts are put together:
// a row takes the place of the one that measured the same before. Pure.
import { type Bar, barChart } from './chart.ts';
import { howMeasured } from './how-measured.ts';

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
  /** Of a seal the stored records it read: rows of JSONB, one for what one dataset says of one subject. */
  readonly records?: number;
  readonly rssBytes?: number;
  readonly databaseRssBytes?: number;
}

export interface Measured {
  readonly machine: Machine;
  /** The day of the last part. */
  readonly day: string;
  readonly rows: readonly Figure[];
  /** Parts that failed or were stopped, with why. */
  readonly failed?: readonly string[];
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
  /** Subjects the target speaks of. Measured on fewer, a time is scaled up in proportion and says so; what does not scale is told without a verdict. */
  readonly at?: number;
  readonly scales?: boolean;
}

const measureIs =
  (measure: string, engine = 'zhixiang') =>
  (figure: Figure): boolean =>
    figure.measure.startsWith(measure) && figure.engine.startsWith(engine);
const exactly =
  (measure: string) =>
  (figure: Figure): boolean =>
    figure.measure === measure;
const seconds = (figure: Figure): number => figure.ms / 1000;
const ms = (figure: Figure): number => figure.ms;
const ratio = (figure: Figure): number => figure.ratio ?? 0;
const recordsOf = (figure: Figure): number => figure.records ?? figure.hits;
const subjectsOf = (figure: Figure): number => figure.rows;
const perMillion =
  (of: (figure: Figure) => number) =>
  (figure: Figure): number =>
    (figure.ms * 1000) / Math.max(1, of(figure));
const megabytes = (figure: Figure): number => Math.round((figure.rssBytes ?? 0) / 1e6);

const least = (text: string, find: Target['find'], value: Target['value'], unit: string, bound: number): Target => ({
  text,
  find,
  value,
  unit,
  bound,
  least: true,
});
const most = (
  text: string,
  find: Target['find'],
  value: Target['value'],
  unit: string,
  bound: number,
  more: Partial<Target> = {},
): Target => ({
  text,
  find,
  value,
  unit,
  bound,
  least: false,
  ...more,
});

/** A million residents with a tenth as many firms. */
const million = { at: 1_100_000, scales: true } as const;
const fixed = { at: 1_100_000, scales: false } as const;

const targets: readonly Target[] = [
  least(
    'kernel, one thread, hits written out',
    measureIs('kernel, one thread'),
    (f) => Math.round(f.decisionsPerSecond / 1e6),
    'M decisions/s',
    500,
  ),
  least('faster than DuckDB, one thread, its best way', measureIs('peer', 'duckdb'), ratio, '×', 15),
  least('faster than json-rules-engine', measureIs('peer', 'json-rules-engine'), ratio, '×', 10_000),
  least('faster than ZEN Engine', measureIs('peer', 'zen'), ratio, '×', 5000),
  least('two threads against one, by the clock', exactly('two threads against one'), ratio, '×', 1.7),
  least('two threads against one, processor time', exactly('two threads against one, processor time'), ratio, '×', 1.7),
  most('1,000 items against the time of 100', measureIs('1,000 items'), ratio, '×', 8),
  most('streamed: time per row against its first tenth', measureIs('streamed'), ratio, '×', 1.2),
  most('streamed: memory', measureIs('streamed'), megabytes, 'MB', 1500),
  most('first seal from JSONB, per million stored records', measureIs('seal from JSONB'), perMillion(recordsOf), 's', 40),
  most('first seal from JSONB, per million subjects with all their records', measureIs('seal from JSONB'), perMillion(subjectsOf), 's', 40),
  most('real rules: full first run, evidence written', measureIs('first run'), seconds, 's', 90, million),
  most('real rules: memory of the run', measureIs('first run'), megabytes, 'MB', 1200, fixed),
  most('real rules: 1 % changed against the full run', measureIs('run, 1 % changed'), ratio, '×', 0.1),
  most('event: one record, all items, p99', measureIs('event p99'), ms, 'ms', 50),
  most('what-if, count, column conditions, p95', measureIs('what-if, count, column'), ms, 'ms', 50, million),
  most('what-if, amounts, column conditions, p95', measureIs('what-if, amounts, column'), ms, 'ms', 500, million),
  most('what-if, count, list facts, p95', measureIs('what-if, count, list'), ms, 'ms', 2000, million),
  most('what-if, amounts, list facts, p95', measureIs('what-if, amounts, list'), ms, 'ms', 2000, million),
  most('console: key or click to picture, p95', exactly('console: key or click to picture, p95'), ms, 'ms', 100),
  most('console: 50,000 rows, turn of the wheel to picture, p95', measureIs('console: 50,000 rows, turn'), ms, 'ms', 100),
];

const figureText = (n: number): string => (n >= 1000 ? Math.round(n).toLocaleString('en-US') : String(Math.round(n * 100) / 100));

interface Held {
  readonly target: Target;
  readonly value: number;
  /** Subjects it was measured on, where the target speaks of more. */
  readonly from: number | null;
  /** null: what was measured does not say. */
  readonly better: number | null;
}

const heldTo = ({ rows }: Pick<Measured, 'rows'>): readonly Held[] =>
  targets.flatMap((target): Held[] => {
    const figure = rows.find(target.find);
    if (figure === undefined) return [];
    const from = target.at !== undefined && figure.rows < target.at * 0.9 ? figure.rows : null;
    const measured = target.value(figure);
    const value = from !== null && target.scales === true ? measured * ((target.at as number) / from) : measured;
    // How many times better than asked: 1 is just met.
    const better =
      (from !== null && target.scales !== true) || value <= 0 ? null : target.least ? value / target.bound : target.bound / value;
    return [{ target, value, from, better }];
  });

/** Every target that was measured, in plain JSON. `met` null: not shown at this size. */
export const targetsOf = (measured: Pick<Measured, 'rows'>) =>
  heldTo(measured).map(({ target, value, from, better }) => ({
    target: target.text,
    value,
    unit: target.unit,
    asked: target.bound,
    least: target.least,
    scaledFrom: from,
    met: better === null ? null : better >= 1,
  }));

const verdictText = ({ better, from, target }: Held): string => {
  if (better === null) return 'not shown at this size';
  const met = better >= 1 ? 'met' : '**not met**';
  return from === null
    ? met
    : `${met}, scaled from ${from.toLocaleString('en-US')} subjects${target.scales === true ? ' in proportion' : ''}`;
};

const speeds = ({ rows }: Measured): readonly Bar[] =>
  rows
    .filter(
      (row) =>
        row.workload === 'synthetic' &&
        !row.measure.startsWith('1,000') &&
        !row.measure.startsWith('streamed') &&
        !row.measure.endsWith('processor time') &&
        row.decisionsPerSecond > 0,
    )
    .map((row) => ({
      label: `${row.engine}${row.measure.startsWith('two') ? ', two threads' : row.measure.includes('made') ? ', first pass' : ''}`,
      value: row.decisionsPerSecond,
      text:
        row.decisionsPerSecond < 1e6
          ? `${figureText(row.decisionsPerSecond / 1e3)} k/s`
          : `${figureText(row.decisionsPerSecond / 1e6)} M/s`,
      own: row.engine.startsWith('zhixiang'),
    }))
    .sort((a, b) => b.value - a.value);

export const chartsOf = (measured: Measured): readonly { readonly file: string; readonly title: string; readonly svg: string }[] => {
  const [fast, met] = [speeds(measured), heldTo(measured).filter((one) => one.better !== null)];
  const speed = 'Decisions per second, same rules, same rows, equal hits';
  const targetsTitle = 'Against the targets: times better than asked';
  return [
    ...(fast.length === 0
      ? []
      : [
          {
            file: 'speed.svg',
            title: speed,
            svg: barChart(speed, fast, { axis: 'decisions per second', colours: ['zhixiang', 'others'] }),
          },
        ]),
    ...(met.length === 0
      ? []
      : [
          {
            file: 'targets.svg',
            title: targetsTitle,
            svg: barChart(
              targetsTitle,
              met.map((one) => ({
                label: one.target.text,
                value: one.better as number,
                text: `${figureText(one.value)} ${one.target.unit}${one.from === null ? '' : ' (scaled)'}`,
                own: (one.better as number) >= 1,
              })),
              { axis: 'times better than asked', colours: ['met', 'not met'], mark: { value: 1, text: 'asked' } },
            ),
          },
        ]),
  ];
};

const cells = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`;

/** `command`: what was typed. `folder`: where the charts stand, from the page. */
export const pageOf = (measured: Measured, command: string, folder: string): string => {
  const { machine, day, rows, failed = [] } = measured;
  const held = heldTo(measured);
  return [
    '# Benchmark',
    '',
    'Page and charts are written by this command and never by hand:',
    '',
    '```sh',
    command,
    '```',
    '',
    `${day}, ${machine.cpu}, ${machine.cores} cores, ${Math.round(machine.memoryBytes / 1e9)} GB of memory, Node ${machine.node}. Engines that are compared run in one process on the same data; the hits of every single item must agree, else the bench fails.`,
    '',
    ...chartsOf(measured).flatMap(({ file, title }) => [`![${title}](${folder}/${file})`, '']),
    '## Against the targets',
    '',
    cells(['measure', 'measured', 'asked', '']),
    cells(['---', '---:', '---:', '---']),
    ...held.map((one) =>
      cells([
        one.target.text,
        `${figureText(one.value)} ${one.target.unit}`,
        `${one.target.least ? '≥' : '≤'} ${figureText(one.target.bound)} ${one.target.unit}`,
        verdictText(one),
      ]),
    ),
    '',
    ...(failed.length === 0
      ? []
      : ['Parts that did not come to their end, whose rows may be missing or older:', '', ...failed.map((one) => `- ${one}`), '']),
    '## All figures',
    '',
    cells(['workload', 'measure', 'engine', 'rows', 'items', 'ms', 'M decisions/s', 'hits', 'ratio', 'RSS MB']),
    cells(['---', '---', '---', '---:', '---:', '---:', '---:', '---:', '---:', '---:']),
    ...rows.map((row) =>
      cells([
        row.workload,
        row.measure,
        row.engine,
        row.rows.toLocaleString('en-US'),
        String(row.items),
        figureText(row.ms),
        row.decisionsPerSecond > 0 ? figureText(row.decisionsPerSecond / 1e6) : '',
        row.hits.toLocaleString('en-US'),
        row.ratio === null ? '' : figureText(row.ratio),
        row.rssBytes === undefined ? '' : String(megabytes(row)),
      ]),
    ),
    '',
    '## How it is measured',
    '',
    ...howMeasured,
    '',
  ].join('\n');
};
