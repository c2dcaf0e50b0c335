// An item read aloud in plain Chinese from its structure alone: who, what for, how much, in which steps. One renderer for pages, files and diffs.
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import type { Expression } from '../feel/feel.ts';
import { say as sayFeel } from '../feel/say.ts';
import { linesOf, type Said, type Speaker, said, sayCondition } from '../rule/explain.ts';
import { numberFrom } from '../rule/literal.ts';
import type { CompiledItem } from './compile.ts';
import type { Flow, FlowStep, Item, Limit, MatchKind, Mode, PeriodKind } from './item.ts';
import { money } from './money.ts';
import { sayAward, sayInstalments } from './say-award.ts';
import { treesOf } from './vocabulary.ts';

export const speakerOf = (compiled: Pick<CompiledItem, 'plan' | 'register'>, catalogue: Catalogue): Speaker => {
  const titles = new Map(catalogue.datasets.map((d) => [d.id, d.title]));
  const trees = treesOf(catalogue);
  const own = catalogue.facts.filter((f) => f.register === compiled.register);
  const fields = new Map<string, string>(
    own.flatMap((f) => (f.fields ?? []).map((field) => [`${f.key}.${field.key}`, field.label] as const)),
  );
  return {
    find: (name) => compiled.plan.inside(name),
    label: (name) => compiled.plan.inside(name)?.label ?? fields.get(name) ?? labelOfField(own, name),
    codeName: (tree, code) => trees.get(tree)?.node(code)?.name ?? null,
    datasetTitle: (id) => titles.get(id) ?? id,
  };
};

/** `团队.mode`, of a list the item itself computed: what every list of the register calls that field, when they agree. */
const labelOfField = (own: readonly Fact[], path: string): string | undefined => {
  const dot = path.lastIndexOf('.');
  if (dot < 0) return undefined;
  const key = path.slice(dot + 1);
  const labels = new Set(own.flatMap((f) => (f.fields ?? []).filter((field) => field.key === key).map((field) => field.label)));
  return labels.size === 1 ? [...labels][0] : undefined;
};

/** A FEEL expression with the labels of the item's facts. */
export const sayExpression = (expression: Expression, speaker: Speaker): string => sayFeel(expression, speaker.label);

const modes: Readonly<Record<Mode, string>> = {
  auto: '免申即享：符合的直接兑现，无需申请',
  confirm: '即申即享：符合的告知后一键确认即兑现',
  apply: '限时兑现：预填表单，提交后在期限内审核兑现',
  push: '精准推送：只告知可以申报和估算的金额，不直接兑现',
};
const periods: Readonly<Record<PeriodKind, string>> = {
  monthly: '按月',
  quarterly: '按季',
  yearly: '按年',
  'per-event': '每发生一次办一次',
  once: '一次性',
};
const steps: Readonly<Record<FlowStep, string>> = {
  guard: '核验名单与状态',
  ask: '补充信息',
  review: '部门审核',
  notice: '告知',
  confirm: '本人确认',
  publicity: '公示',
  pay: '拨付',
};
const kinds: Readonly<Record<MatchKind, string>> = {
  first: '首次符合',
  changed: '金额变动',
  continuing: '继续符合',
  resumed: '恢复符合',
  suspended: '暂时无法判断',
  ended: '不再符合',
};
const pers = { period: '每期', year: '每年', ever: '累计' } as const;

const yuanText = (raw: unknown): string => {
  const n = numberFrom(raw);
  return n === null ? String(raw) : money(n).text;
};

const sayLimit = (limit: Limit, speaker: Speaker): string => {
  if ('once' in limit) return limit.once === 'period' ? '每期只发一次' : '只发一次';
  if ('times' in limit) return `${limit.times.per === 'year' ? '每年' : '累计'}最多 ${limit.times.count} 次`;
  if ('cap' in limit) {
    const { yuan } = limit.cap;
    const most = typeof yuan === 'object' ? (speaker.label(yuan.fact) ?? yuan.fact) : yuanText(yuan);
    const per = { payment: '每次', 'subject-year': '每户每年合计', subject: '每户累计' }[limit.cap.per];
    return `${per}不超过${typeof yuan === 'object' ? '' : ' '}${most}${limit.cap.group === undefined ? '' : '（与同组事项合并计算）'}`;
  }
  if ('claim' in limit) return `同一对象${pers[limit.claim.per]}只能用一次（与同组事项互斥，先发生的优先）`;
  if ('exclusive' in limit) return `与“${limit.exclusive.group}”组内其他事项${pers[limit.exclusive.per]}就高不重复`;
  return `暂不能自动执行：${limit.unsupported.reason}（兑现前由系统拦下）`;
};

const sayFlow = (flow: Flow): readonly Said[] =>
  (Object.keys(kinds) as MatchKind[]).flatMap((kind) => {
    const own = flow[kind];
    return own === undefined || own.length === 0 ? [] : [said(`${kinds[kind]}：${own.map((s) => steps[s]).join(' → ')}`)];
  });

const sayPublicity = (item: Item): readonly Said[] => {
  const p = item.publicity;
  if (p === undefined) return [];
  if (p.none !== undefined) return [said(`不公示：${p.none}`)];
  return [said(`公示 ${p.days ?? p.workingDays} ${p.days === undefined ? '个工作日' : '天'}`)];
};

const sayBudget = (item: Item, speaker: Speaker): string =>
  item.budget.kind === 'entitlement'
    ? '应发尽发，不因预算不足而少发'
    : `预算 ${yuanText(item.budget.yuan)}，用完为止，按${speaker.label(item.budget.order) ?? item.budget.order}先后`;

const dayText = (day: string): string => day.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日');

const sayValidity = ({ effective: { from, to } }: Item): string => {
  if (from === null && to === null) return '施行日期：来源未载';
  return `施行日期：${from === null ? '' : `${dayText(from)}起`}${to === null ? '' : `${from === null ? '' : '，'}至${dayText(to)}`}`;
};

/** The whole item; `linesOf` makes it text. */
export const sayItem = (compiled: CompiledItem, catalogue: Catalogue): Said => {
  const { item } = compiled;
  const speaker = speakerOf(compiled, catalogue);
  const expression = (e: Expression): string => sayExpression(e, speaker);
  const { basis } = item;
  const region = item.region === null ? '全国' : (speaker.codeName('division', item.region) ?? item.region);
  const facts = Object.entries(item.facts ?? {}).flatMap(([name, f]) => {
    const e = compiled.plan.itemFacts.get(name);
    return e === undefined ? [] : [said(`${f.text}：${expression(e)}`)];
  });
  const each =
    compiled.each === null
      ? []
      : [said(`按${speaker.label(compiled.each.list) ?? compiled.each.list}逐项判断，每项须：${expression(compiled.each.where)}`)];
  const limits = item.limits.map((l) => said(l.text ?? sayLimit(l, speaker)));
  const confirm =
    item.confirm === undefined
      ? []
      : [said(`确认期限 ${item.confirm.days} 天${item.confirm.clause === undefined ? '' : `（${item.confirm.clause}）`}`)];
  return said(`${item.title}（${item.authority}）`, [
    said(`依据：${basis.document}${basis.number === null ? '' : `（${basis.number}）`}${basis.clause === null ? '' : `，${basis.clause}`}`),
    said(`对象：${region}的${item.audience === 'citizen' ? '居民' : '企业'}；${periods[item.period]}；${modes[item.mode]}`),
    said(sayValidity(item)),
    said('条件', [
      sayCondition(compiled.match, speaker),
      ...each,
      ...(compiled.payment === null ? [] : [sayCondition(compiled.payment, speaker)]),
    ]),
    ...(facts.length === 0 ? [] : [said('其中', facts)]),
    said('标准', [
      sayAward(compiled.award, speaker),
      ...(compiled.instalments === null ? [] : [sayInstalments(compiled.instalments, speaker)]),
    ]),
    ...(limits.length === 0 ? [] : [said('限制', limits)]),
    said('流程', [...sayFlow(item.flow), ...sayPublicity(item), ...confirm]),
    said(`预算：${sayBudget(item, speaker)}`),
  ]);
};

export const itemText = (compiled: CompiledItem, catalogue: Catalogue): string => linesOf(sayItem(compiled, catalogue)).join('\n');
