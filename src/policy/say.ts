// An item read aloud in plain Chinese from its structure alone: who, what for, how much, in which steps. One renderer for pages, files and diffs.
import { dayText } from '../base/day.ts';
import { zero } from '../base/rational.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Expression } from '../feel/feel.ts';
import { sayEach, say as sayFeel } from '../feel/say.ts';
import { pointer } from '../rule/check.ts';
import { linesOf, type Said, type Speaker, said, sayConditions } from '../rule/explain.ts';
import { numberFrom } from '../rule/literal.ts';
import type { ReadyClosing } from './closing.ts';
import type { CompiledItem } from './compile.ts';
import type { FlowStep, Item, Limit, LimitedBudget, MatchKind, Mode, PeriodKind } from './item.ts';
import { modeText } from './mode.ts';
import { percent, plainMoney } from './money.ts';
import type { ReadyOrder } from './order.ts';
import { sayAward, sayInstalments } from './say-award.ts';
import { sayLife } from './say-life.ts';
import { speakerOf } from './speaker.ts';

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
  apply: '提交申请',
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
const each: Readonly<Record<PeriodKind, string>> = {
  monthly: '每月',
  quarterly: '每季',
  yearly: '每年',
  'per-event': '每次',
  once: '一次性',
};
const pers = (item: Item) => ({ period: each[item.period], year: '每年', ever: '累计' }) as const;

const yuanText = (raw: unknown): string => {
  const n = numberFrom(raw);
  return n === null ? String(raw) : plainMoney(n);
};

const sayLimit = (limit: Limit, item: Item, speaker: Speaker): string => {
  if ('once' in limit) return limit.once === 'period' && item.period !== 'once' ? `${each[item.period]}只发一次` : '只发一次';
  if ('times' in limit) return `${limit.times.per === 'year' ? '每年' : '累计'}最多 ${limit.times.count} 次`;
  if ('cap' in limit) {
    const { yuan } = limit.cap;
    const most = typeof yuan === 'object' ? (speaker.label(yuan.fact) ?? yuan.fact) : yuanText(yuan);
    const per = { payment: '每次', 'subject-year': '每户每年合计', subject: '每户累计' }[limit.cap.per];
    return `${per}不超过${typeof yuan === 'object' ? '' : ' '}${most}${limit.cap.group === undefined ? '' : '（与同组事项合并计算）'}`;
  }
  if ('claim' in limit) return `同一对象${pers(item)[limit.claim.per]}只能用一次，先发生的优先`;
  if ('exclusive' in limit) {
    const { per, choose } = limit.exclusive;
    return `与同类事项${pers(item)[per]}${choose === undefined ? '就高不重复' : `只享受一项，${choose.days} 天内由本人选择，逾期就高`}`;
  }
  return `暂不能自动执行：${limit.unsupported.reason}（兑现前由系统拦下）`;
};

const sayFlow = ({ flow, mode }: Item): readonly Said[] => {
  // Only an automatic path among others passes a step over: whoever is paid without a word confirms nothing.
  const passed = typeof mode !== 'string' && mode.some((row) => row.mode === 'auto') ? '（免申即享的略过）' : '';
  const step = (s: FlowStep): string => `${steps[s]}${s === 'confirm' ? passed : ''}`;
  return (Object.keys(kinds) as MatchKind[]).flatMap((kind) => {
    const own = flow[kind];
    return own === undefined || own.length === 0 ? [] : [said(`${kinds[kind]}：${own.map(step).join(' → ')}`)];
  });
};

/** Each row with its conditions, in the order in which they are asked. */
const sayModes = ({ modes: rows }: CompiledItem, speaker: Speaker): readonly Said[] => {
  if (rows.length === 0) return [];
  const told = rows.map(({ when, mode, text }, i) => {
    if (when === null) return said(`其余的，${modes[mode]}`, [], `/mode/${i}`);
    return said(
      `${i === 0 ? '' : '否则'}${text === null ? '' : `${text}，`}满足以下条件的，${modes[mode]}`,
      sayConditions(when, speaker),
      `/mode/${i}`,
    );
  });
  return [said('兑现方式（从上到下，先满足的为准；缺数据、无法判断的，按其中较慎重的一种）', told, '/mode')];
};

const sayPublicity = (item: Item): readonly Said[] => {
  const p = item.publicity;
  if (p === undefined) return [];
  if (p.none !== undefined) return [said(`不公示：${p.none}`, [], '/publicity')];
  return [said(`公示 ${p.days ?? p.workingDays} ${p.days === undefined ? '个工作日' : '天'}`, [], '/publicity')];
};

/** 「全体：…；按「得分」从高到低排名次，并列同名次」. */
const sayClosing = (text: string, closing: ReadyClosing, speaker: Speaker): Said => {
  const label = (fact: string): string => `「${speaker.label(fact) ?? fact}」`;
  const among = sayConditions(closing.among, speaker);
  if (closing.kind === 'rank') {
    const { by, order, group, ties } = closing.rank;
    const within = group === undefined ? '' : `在${label(group)}相同的范围内`;
    const tied = ties === 'last' ? '并列的都取最后的名次' : '并列的名次相同';
    return said(`${text}：${within}按${label(by)}从${order === 'asc' ? '低到高' : '高到低'}排名，${tied}，在以下对象中`, among);
  }
  const { yuan, quantity, give, decimals = 2 } = closing.pool;
  const how =
    give === 'share'
      ? `按各自${label(quantity)}占全体的比例分到分，余数给尾数最大的`
      : `除以全体${label(quantity)}之和，得单价（元，保留 ${decimals} 位小数，其余舍去）`;
  return said(`${text}：总额 ${yuanText(yuan)}，${how}，在以下对象中`, among);
};

const sayOrder = ({ fact, kind, direction }: ReadyOrder, speaker: Speaker): string => {
  if (fact.startsWith('period.') && direction === 'asc') return '先到期的先发';
  const label = speaker.label(fact) ?? fact;
  if (kind === 'date') return direction === 'asc' ? `按${label}先后` : `按${label}从晚到早`;
  return `按${label}从${direction === 'asc' ? '低到高' : '高到低'}`;
};

const sayBudget = ({ item, order }: CompiledItem, speaker: Speaker): string =>
  item.budget.kind === 'entitlement' || order === null ? '应发尽发，不因预算不足而少发' : sayLimited(item.budget, order, speaker);

const sayLimited = ({ yuan, give, cutoff, carry }: LimitedBudget, order: ReadyOrder, speaker: Speaker): string => {
  const until = cutoff === undefined ? '' : `每年 ${Number(cutoff.slice(0, 2))} 月 ${Number(cutoff.slice(3))} 日截止后统一核定，`;
  const how = give === 'prorata' ? '不足时按同一比例发放' : `用完为止，${sayOrder(order, speaker)}`;
  return `${yuanText(yuan)}，${until}${how}${carry === true ? '，排不上的结转下年优先' : ''}`;
};

const sayPayees = (item: Item, speaker: Speaker): readonly Said[] => {
  const whom = (to: { readonly fact: string } | null): string => (to === null ? '本人' : (speaker.label(to.fact) ?? to.fact));
  if (item.payees === undefined) return item.payee === undefined ? [] : [said(`收款人：${whom(item.payee)}`, [], '/payee')];
  const shares = item.payees.map(({ share, to }) => `${whom(to)}${percent(numberFrom(share) ?? zero)}`);
  return [
    said(
      `收款人：${shares.join('，')}；不足一分的归${item.payees.some(({ to }) => to === null) ? '本人' : whom(item.payees[0]?.to ?? null)}`,
      [],
      '/payees',
    ),
  ];
};

const sayValidity = ({ effective: { from, to } }: Item): string => {
  if (from === null && to === null) return '施行日期：来源未载';
  return `施行日期：${from === null ? '' : `${dayText(from)}起`}${to === null ? '' : `${from === null ? '' : '，'}至${dayText(to)}`}`;
};

/** Below a heading that says when, no line need say it again. */
const withoutTime = (s: Said): Said => said(s.text.replace(/^支付时/, ''), s.children.map(withoutTime), s.at);

/** The whole item; `linesOf` makes it text. `titles`: other items by id, which a formula may ask about. */
export const sayItem = (compiled: CompiledItem, catalogue: Catalogue, titles?: ReadonlyMap<string, string>): Said => {
  const { item } = compiled;
  const speaker = speakerOf(compiled, catalogue, titles);
  const expression = (e: Expression): string => sayExpression(e, speaker);
  const { basis } = item;
  const { reduces } = item.award;
  const region = item.region === null ? '全国' : (speaker.codeName('division', item.region) ?? item.region);
  const facts = Object.entries(item.facts ?? {}).flatMap(([name, f]) => {
    const e = compiled.plan.itemFacts.get(name);
    const closing = compiled.closings.find((c) => c.name === name);
    const at = `/facts/${pointer(name)}`;
    if (closing !== undefined) return [{ ...sayClosing(f.text, closing, speaker), at }];
    return e === undefined ? [] : [said(`${f.text}：${expression(e)}`, [], at)];
  });
  const lines =
    compiled.each === null
      ? []
      : [
          said(
            `按${speaker.label(compiled.each.list) ?? '清单'}逐项计发，每项须`,
            sayEach(compiled.each.where, speaker.label).map((t) => said(t)),
          ),
        ];
  const limits = item.limits.map((l, i) => said(l.text ?? sayLimit(l, item, speaker), [], `/limits/${i}`));
  const confirm =
    item.confirm === undefined
      ? []
      : [said(`确认期限 ${item.confirm.days} 天${item.confirm.clause === undefined ? '' : `（${item.confirm.clause}）`}`, [], '/confirm')];
  return said(`${item.title}（${item.authority}）`, [
    said(
      `依据：${basis.document}${basis.number === null ? '' : `（${basis.number}）`}${basis.clause === null ? '' : `，${basis.clause}`}`,
      [],
      '/basis',
    ),
    said(
      `对象：${region}的${item.audience === 'citizen' ? '居民' : '企业'}；${periods[item.period]}；${typeof item.mode === 'string' ? modes[item.mode] : modeText(item)}`,
      [],
      '/region',
    ),
    said(sayValidity(item), [], '/effective'),
    ...sayModes(compiled, speaker),
    said('条件（都要满足）', [...sayConditions(compiled.match, speaker), ...lines], '/conditions'),
    ...(compiled.payment === null ? [] : [said('付款时再核', sayConditions(compiled.payment, speaker).map(withoutTime))]),
    ...(facts.length === 0 ? [] : [said('其中', facts, '/facts')]),
    said(`标准（${compiled.each === null ? '' : '每项'}${each[item.period]}${reduces === undefined ? '' : `，减免${reduces}，不发钱`}）`, [
      sayAward(compiled.award, speaker),
      ...(compiled.instalments === null ? [] : [{ ...sayInstalments(compiled.instalments, speaker), at: '/instalments' }]),
    ]),
    ...(limits.length === 0 ? [] : [said('限制', limits, '/limits')]),
    ...sayPayees(item, speaker),
    said('流程', [...sayFlow(item), ...sayPublicity(item), ...confirm, ...sayLife(item, speaker)], '/flow'),
    ...(reduces === undefined ? [said(`预算：${sayBudget(compiled, speaker)}`, [], '/budget')] : []),
  ]);
};

export const itemText = (compiled: CompiledItem, catalogue: Catalogue, titles?: ReadonlyMap<string, string>): string =>
  linesOf(sayItem(compiled, catalogue, titles)).join('\n');
