// The catalogue checked as a whole: names used once, everything that is named exists, dates in order, code trees without gaps or loops.
// All problems at once, each with a pointer into the whole (`/facts/3/tree`). Pure: read.ts brings the parts.
import { type Day, parsePeriodKey, weekdayOf } from '../base/day.ts';
import { type Problem, problem } from '../base/problem.ts';
import type { Column, Dataset, Fact, Field } from './catalogue.ts';
import { checkTrees } from './check-tree.ts';
import type { Parts } from './shape.ts';

const report = (code: string, at: string, message: string, hint: string): Problem => problem(`catalogue.${code}`, at, message, hint);

/** What stands twice, at its second place. */
const duplicates = (keys: readonly string[], place: (i: number) => string, what: string): readonly Problem[] => {
  const first = new Map<string, number>();
  return keys.flatMap((key, i) => {
    const before = first.get(key);
    if (before === undefined) first.set(key, i);
    return before === undefined
      ? []
      : [report('duplicate', place(i), `${what}「${key}」与第 ${before + 1} 项重复`, '改名，或删去其中一项')];
  });
};

/** Names that FEEL or the item itself already uses; a fact of that name could not be read. */
const reserved = new Set([
  'period',
  'each',
  'event',
  'item',
  'if',
  'then',
  'else',
  'for',
  'in',
  'return',
  'some',
  'every',
  'satisfies',
  'and',
  'or',
  'not',
  'null',
  'true',
  'false',
]);

const missing = (what: string, name: string | undefined, at: string): Problem =>
  report('unknown-name', at, `${what}「${name ?? ''}」不存在`, `先在目录里定义这个${what}，或改成已有的`);

interface Names {
  readonly registers: ReadonlySet<string>;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly trees: ReadonlySet<string>;
}

const checkTyped = (f: Fact | Field, at: string, names: Names): readonly Problem[] => {
  const out: Problem[] = [];
  if (f.type === 'code' && !names.trees.has(f.tree ?? '')) out.push(missing('分类树', f.tree, `${at}/tree`));
  if (f.type !== 'code' && f.tree !== undefined)
    out.push(report('misplaced', `${at}/tree`, '只有代码类型才有分类树', '删去 tree，或把类型改为 code'));
  if (f.type === 'category' && f.values === undefined) out.push(report('incomplete', at, '类别缺少取值清单', '补上 values'));
  if (f.values !== undefined) {
    if (f.type !== 'category' && f.type !== 'set')
      out.push(report('misplaced', `${at}/values`, '只有类别和多选才有取值清单', '删去 values'));
    out.push(...duplicates(f.values, (i) => `${at}/values/${i}`, '取值'));
  }
  return out;
};

const checkSources = (f: Fact, at: string, names: Names): readonly Problem[] =>
  f.datasets.flatMap((id, i) => {
    const source = names.datasets.get(id);
    const here = `${at}/datasets/${i}`;
    if (source === undefined) return [missing('数据集', id, here)];
    if (source.register !== f.register) return [report('mismatch', here, `数据集「${id}」属于另一登记库`, '换成同一登记库的数据集')];
    const delivers = source.shape === 'list' ? source.fact === f.key : source.columns.some((c) => c.to === f.key);
    if (!delivers) return [report('mismatch', here, `数据集「${id}」没有交付这个指标的列`, '给数据集加一列，或从来源中删去它')];
    if ((source.shape === 'timed') !== (f.timed === true)) {
      return [report('mismatch', here, '带有效期的指标只能来自带有效期的数据集，反之亦然', '核对指标的 timed 与数据集的 shape')];
    }
    if ((source.shape === 'series') !== (f.type === 'series'))
      return [report('mismatch', here, '时间序列只能来自 series 数据集，反之亦然', '核对类型与 shape')];
    return [];
  });

const checkFact = (f: Fact, at: string, names: Names): readonly Problem[] => {
  const out: Problem[] = [...checkTyped(f, at, names), ...checkSources(f, at, names)];
  if (!names.registers.has(f.register)) out.push(missing('登记库', f.register, `${at}/register`));
  if (reserved.has(f.key)) out.push(report('reserved', `${at}/key`, `「${f.key}」是保留名`, '换一个指标名'));
  if (f.type === 'series' && f.every === undefined)
    out.push(report('incomplete', at, '时间序列缺少周期', '补上 every: year、quarter 或 month'));
  if (f.type === 'link' && !names.registers.has(f.to ?? '')) out.push(missing('登记库', f.to, `${at}/to`));
  if (f.type === 'list') {
    const fields = f.fields ?? [];
    if (fields.length === 0) out.push(report('incomplete', at, '清单缺少字段', '补上 fields'));
    out.push(
      ...duplicates(
        fields.map((x) => x.key),
        (i) => `${at}/fields/${i}/key`,
        '字段',
      ),
    );
    out.push(...fields.flatMap((x, i) => checkTyped(x, `${at}/fields/${i}`, names)));
    // A field stands beside `each` and `event` by its bare name; of the same name it would hide the element itself.
    out.push(
      ...fields.flatMap((x, i) =>
        reserved.has(x.key) ? [report('reserved', `${at}/fields/${i}/key`, `「${x.key}」是保留名`, '换一个字段名')] : [],
      ),
    );
    if (!fields.some((x) => x.key === f.elementKey)) out.push(missing('字段', f.elementKey, `${at}/elementKey`));
  }
  return out;
};

/** Column targets every dataset of a shape must have. */
const owed: Record<Dataset['shape'], readonly string[]> = {
  record: ['$key'],
  timed: ['$key', '$from', '$to'],
  list: ['$key'],
  series: ['$key', '$period'],
};

const checkColumn = (c: Column, at: string, d: Dataset, facts: ReadonlyMap<string, Fact>): readonly Problem[] => {
  if (c.to.startsWith('$')) return [];
  if (d.shape === 'list') {
    const fields = facts.get(`${d.register}/${d.fact}`)?.fields ?? [];
    return fields.some((f) => f.key === c.to) ? [] : [missing('字段', c.to, `${at}/to`)];
  }
  const fact = facts.get(`${d.register}/${c.to}`);
  if (fact === undefined) return [missing('指标', c.to, `${at}/to`)];
  return fact.datasets.includes(d.id)
    ? []
    : [report('mismatch', `${at}/to`, `指标「${c.to}」没有把这个数据集列为来源`, '在指标的 datasets 里加上它')];
};

const checkDataset = (d: Dataset, at: string, names: Names, facts: ReadonlyMap<string, Fact>): readonly Problem[] => {
  const targets = d.columns.map((c) => c.to);
  const out: Problem[] = [
    ...duplicates(
      d.columns.map((c) => c.header),
      (i) => `${at}/columns/${i}/header`,
      '列名',
    ),
    ...duplicates(targets, (i) => `${at}/columns/${i}/to`, '列的去向'),
    ...d.columns.flatMap((c, i) => checkColumn(c, `${at}/columns/${i}`, d, facts)),
  ];
  // A list by name may leave its dates to its own validity, and who is not on it is only known of a closed list.
  const columns = d.keyedBy === 'name' ? ['$key'] : owed[d.shape];
  if (d.keyedBy === 'name' && (d.introduces === true || d.kinds.some((kind) => kind !== 'list') || d.shape === 'series'))
    out.push(report('mismatch', at, '按名称报送的数据集只能是名单，也不能新增主体', '把 kinds 改为 ["list"]，去掉 introduces'));
  for (const target of columns) {
    if (!targets.includes(target)) out.push(report('incomplete', `${at}/columns`, `缺少 ${target} 列`, `${d.shape} 数据集必须有这一列`));
  }
  if (!names.registers.has(d.register)) out.push(missing('登记库', d.register, `${at}/register`));
  if (d.introduces === true && !targets.includes('$name'))
    out.push(report('incomplete', `${at}/columns`, '可新增主体的数据集须有 $name 列', '加上名称列'));
  if (d.shape === 'list') {
    const fact = facts.get(`${d.register}/${d.fact}`);
    if (fact?.type !== 'list') out.push(missing('清单指标', d.fact, `${at}/fact`));
    else if (!targets.includes(fact.elementKey ?? ''))
      out.push(report('incomplete', `${at}/columns`, '缺少区分各行的编号列', `加上去向为 ${fact.elementKey} 的列`));
  } else if (d.fact !== undefined) out.push(report('misplaced', `${at}/fact`, '只有 list 数据集才写 fact', '删去 fact'));
  return out;
};

interface Dated {
  readonly region: string | null;
  readonly from: Day;
  readonly to: Day | null;
}

const overlaps = (a: Dated, b: Dated): boolean =>
  a.region === b.region && (b.to === null || a.from < b.to) && (a.to === null || b.from < a.to);

const checkParameters = (parts: Parts, divisions: ReadonlySet<string>): readonly Problem[] =>
  parts.parameters.flatMap((p, i) =>
    p.values.flatMap((v, j) => {
      const at = `/parameters/${i}/values/${j}`;
      const out: Problem[] = [];
      if (v.region !== null && !divisions.has(v.region)) out.push(missing('区划', v.region, `${at}/region`));
      if (v.to !== null && v.to <= v.from) out.push(report('dates', `${at}/to`, '止期不晚于起期', '止期是失效的第一天，须晚于起期'));
      const clash = p.values.findIndex((w, k) => k < j && overlaps(v, w));
      if (clash >= 0) out.push(report('overlap', at, `同一地区的期间与第 ${clash + 1} 项重叠`, '让前一项在后一项生效之日失效'));
      return out;
    }),
  );

const periodShape = { year: /^\d{4}$/, quarter: /^\d{4}Q[1-4]$/, month: /^\d{4}-\d{2}$/ } as const;

const checkExternal = (parts: Parts, divisions: ReadonlySet<string>): readonly Problem[] =>
  parts.external.flatMap((s, i) =>
    s.values.flatMap((v, j) => {
      const at = `/external/${i}/values/${j}`;
      const out: Problem[] = [];
      if (v.region !== null && !divisions.has(v.region)) out.push(missing('区划', v.region, `${at}/region`));
      if (!periodShape[s.every].test(v.period) || parsePeriodKey(v.period) === null)
        out.push(report('dates', `${at}/period`, '期间写法不对', '写作 2025、2025Q1 或 2025-01'));
      return out;
    }),
  );

/** The longest a cycle can be; what is due must fall into it. */
const cycleDays = { day: 1, week: 7, month: 31, quarter: 92, year: 366 } as const;

const checkTerms = (parts: Parts, datasets: Names['datasets']): readonly Problem[] =>
  (parts.deliveries ?? []).flatMap((term, i) => {
    const at = `/deliveries/${i}`;
    const { by, every } = term;
    const out: Problem[] = [];
    if (!datasets.has(term.dataset)) out.push(missing('数据集', term.dataset, `${at}/dataset`));
    if ('month' in by && every !== 'year')
      out.push(report('dates', `${at}/by`, '几月几日只用于按年报送', '按月、按季写第几个工作日或第几天'));
    const nth = 'workingDay' in by ? by.workingDay : 'month' in by ? 1 : by.day;
    if (nth > cycleDays[every]) out.push(report('dates', `${at}/by`, '报送期限超出了一个周期', `改成不超过 ${cycleDays[every]} 的数`));
    return out;
  });

const checkCalendar = ({ calendar }: Parts): readonly Problem[] => {
  const known = (d: Day): boolean => d >= calendar.knownFrom && d <= calendar.knownTo;
  const days = (list: readonly Day[], key: string, weekend: boolean): readonly Problem[] =>
    list.flatMap((d, i) => {
      const at = `/calendar/${key}/${i}`;
      if (!known(d)) return [report('dates', at, '日期不在日历所知的年份内', '改 knownFrom、knownTo 或删去这一天')];
      return weekdayOf(d) > 5 === weekend
        ? []
        : [report('dates', at, weekend ? '补班日须为周末' : '放假日只列工作日', '周末本来就不上班，无须列出')];
    });
  return [
    ...(calendar.knownFrom < calendar.knownTo ? [] : [report('dates', '/calendar/knownTo', '止期不晚于起期', '改正日历的年份')]),
    ...days(calendar.holidays, 'holidays', false),
    ...days(calendar.workdays, 'workdays', true),
    ...duplicates(
      [...calendar.holidays, ...calendar.workdays],
      (i) => (i < calendar.holidays.length ? `/calendar/holidays/${i}` : `/calendar/workdays/${i - calendar.holidays.length}`),
      '日期',
    ),
  ];
};

export const checkCatalogue = (parts: Parts): readonly Problem[] => {
  const facts = new Map(parts.facts.map((f) => [`${f.register}/${f.key}`, f]));
  const names: Names = {
    registers: new Set(parts.registers.map((r) => r.id)),
    datasets: new Map(parts.datasets.map((d) => [d.id, d])),
    trees: new Set(parts.trees.map((t) => t.id)),
  };
  const division = parts.trees.find((t) => t.id === 'division');
  const divisions = new Set(division?.nodes.map((n) => n.code));
  return [
    ...duplicates(
      parts.registers.map((r) => r.id),
      (i) => `/registers/${i}/id`,
      '登记库',
    ),
    ...duplicates(
      parts.facts.map((f) => `${f.register}/${f.key}`),
      (i) => `/facts/${i}/key`,
      '指标',
    ),
    ...duplicates(
      parts.datasets.map((d) => d.id),
      (i) => `/datasets/${i}/id`,
      '数据集',
    ),
    ...duplicates(
      parts.trees.map((t) => t.id),
      (i) => `/trees/${i}/id`,
      '分类树',
    ),
    ...duplicates(
      parts.parameters.map((p) => p.key),
      (i) => `/parameters/${i}/key`,
      '参数',
    ),
    ...duplicates(
      parts.external.map((s) => s.key),
      (i) => `/external/${i}/key`,
      '外部序列',
    ),
    ...parts.facts.flatMap((f, i) => checkFact(f, `/facts/${i}`, names)),
    ...parts.datasets.flatMap((d, i) => checkDataset(d, `/datasets/${i}`, names, facts)),
    ...(division === undefined ? [missing('分类树', 'division', '/trees')] : []),
    ...checkTrees(parts.trees),
    ...checkParameters(parts, divisions),
    ...checkExternal(parts, divisions),
    ...duplicates(
      (parts.deliveries ?? []).map((term) => term.dataset),
      (i) => `/deliveries/${i}/dataset`,
      '报送日历',
    ),
    ...checkTerms(parts, names.datasets),
    ...checkCalendar(parts),
  ];
};
