// Conditions read aloud in plain Chinese, from structure alone, and a decision explained with its values: asked, found, where from, since when.
// Templates come from the operator table; names of facts, codes and datasets from a `Speaker`, so that rules need not know the catalogue.
import { dayText } from '../base/day.ts';
import { equal, fromInt, mul, parseDecimal, type Rational, toDecimalString } from '../base/rational.ts';
import { closeGaps, groupDigits } from '../feel/say-value.ts';
import type { FeelType } from '../feel/type.ts';
import { isContext, isList, isUncertain, isUnknown, type Value } from '../feel/value.ts';
import type { Missing, MissingReason, Trace, Truth } from './facts.ts';
import { plain } from './literal.ts';
import type { Bound, Operand } from './operand.ts';
import { operators } from './operators.ts';
import type { Ready, ReadyLeaf } from './ready.ts';
import type { FactShape } from './vocabulary.ts';

export interface Speaker {
  find(name: string): FactShape | undefined;
  /** Also fields of lists: `children.birthDate`. */
  label(name: string): string | undefined;
  codeName(tree: string, code: string): string | null;
  datasetTitle(id: string): string;
}

/** A sentence with what stands below it; `at`: the place in the item it reads aloud, as a JSON pointer. */
export interface Said {
  readonly text: string;
  readonly children: readonly Said[];
  readonly at?: string | undefined;
}

export const said = (text: string, children: readonly Said[] = [], at?: string): Said =>
  at === undefined ? { text, children } : { text, children, at };

/** One line each, children two spaces further in. */
export const linesOf = (s: Said, depth = 0): readonly string[] => [
  `${'  '.repeat(depth)}${s.text}`,
  ...s.children.flatMap((c) => linesOf(c, depth + 1)),
];

// ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A ratio as a percentage where that comes out even: 0.055 → 5.5%. */
const percentText = (n: Rational): string => {
  const percent = mul(n, fromInt(100));
  const text = toDecimalString(percent, 6);
  const back = parseDecimal(text);
  return back !== null && equal(back, percent) ? `${groupDigits(text)}%` : groupDigits(toDecimalString(n, 6));
};

const unitText = (unit: string): string => (unit === '月' ? '个月' : unit);

const numberText = (v: Rational, type: FeelType): string => {
  const unit = type.kind === 'number' ? type.unit : undefined;
  if (unit === '比例') return percentText(v);
  const text = groupDigits(toDecimalString(v, 6));
  return unit === undefined ? text : unit === '%' ? `${text}%` : `${text} ${unitText(unit)}`;
};

/** 「80 岁」「2026年1月31日」「禄劝县」「是」「低保、特困」「无」「缺数据」; of a long list the first eight, unless `all` of it is asked for. */
export const sayValue = (v: Value, type: FeelType, speaker: Pick<Speaker, 'codeName'>, all = false): string => {
  if (v === null) return '无';
  if (typeof v === 'boolean') return v ? '是' : '否';
  if (typeof v === 'string') return type.kind === 'code' ? (speaker.codeName(type.tree, v) ?? v) : v === '' ? '（空）' : v;
  if (isUnknown(v)) return '缺数据';
  if (isList(v) || isUncertain(v)) return sayList(v, type, speaker, all);
  switch (v.kind) {
    case 'number':
      return numberText(v, type);
    case 'date':
      return dayText(String(plain(v)));
    case 'range': {
      const [low, high] = [v.low, v.high].map((e) => (e === undefined ? null : sayValue(e, type, speaker)));
      const words = type.kind === 'date' ? (['不早于', '晚于', '不晚于', '早于'] as const) : (['达到', '超过', '不超过', '低于'] as const);
      const from = low == null ? [] : [spaced(words[v.lowClosed ? 0 : 1], low)];
      const to = high == null ? [] : [spaced(words[v.highClosed ? 2 : 3], high)];
      return [...from, ...to].join('、');
    }
    case 'context':
      return type.kind === 'record' ? '有记载' : `${v.entries.size} 期数据`;
    default:
      return String(plain(v));
  }
};

const sayList = (v: Value, type: FeelType, speaker: Pick<Speaker, 'codeName'>, all: boolean): string => {
  const element: FeelType = type.kind === 'list' ? type.element : type;
  const elements = isList(v) ? v : isUncertain(v) ? v.elements.map((e) => e.value) : [];
  if (elements.length === 0) return '无';
  if (elements.some(isContext)) return `${elements.length} 项${isUncertain(v) ? '（有的不能确定）' : ''}`;
  const own = elements.slice(0, all ? elements.length : 8).map((e) => sayValue(e, element, speaker));
  // 「农、林、牧、渔业」 is one name among others.
  const text = own.length === 1 ? own : own.map((one) => (one.includes('、') ? `“${one}”` : one));
  return `${text.join('、')}${elements.length > text.length ? ` 等 ${elements.length} 项` : ''}`;
};

const sayDuration = (operand: Extract<Operand, { readonly kind: 'duration' }>): string => {
  const { duration } = operand;
  if (duration.kind === 'dtDuration') return `${duration.nanos / 86_400_000_000_000n} 天`;
  const [years, months] = [Math.floor(duration.months / 12), duration.months % 12];
  return `${years > 0 ? `${years} 年` : ''}${years > 0 && months > 0 ? ' ' : ''}${months > 0 ? `${months} 个月` : ''}`;
};

// ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** A share without a unit is one by its name: 「同比增长率」. */
const typeOf = (leaf: Pick<ReadyLeaf, 'type' | 'label'>): FeelType =>
  leaf.type.kind === 'number' && leaf.type.unit === undefined && /(率|占比|比例|比重|增速)$/.test(leaf.label)
    ? { kind: 'number', unit: '比例' }
    : leaf.type;

const sayBounds = (leaf: ReadyLeaf, span: Extract<Operand, { readonly kind: 'span' }>, speaker: Speaker): string => {
  const words = leaf.type.kind === 'date' ? (['不早于', '晚于', '不晚于', '早于'] as const) : (['达到', '超过', '不超过', '低于'] as const);
  const bound = (b: Bound): string => ('fact' in b ? (speaker.label(b.fact) ?? b.fact) : sayValue(b.value, typeOf(leaf), speaker));
  const low = span.low === null ? [] : [spaced(words[span.lowClosed ? 0 : 1], bound(span.low))];
  const high = span.high === null ? [] : [spaced(words[span.highClosed ? 2 : 3], bound(span.high))];
  return [...low, ...high].join('、');
};

const sayOperand = (leaf: ReadyLeaf, speaker: Speaker): string => {
  const { operand, operator } = leaf;
  if (operand.kind === 'fact') return speaker.label(operand.fact) ?? operand.fact;
  if (operand.kind === 'duration') {
    const base = speaker.label(operand.of) ?? (operand.of === 'period.start' ? '期初' : '期末');
    return operator.name === 'olderThan' ? `${base}已满 ${sayDuration(operand)}` : `${base}前 ${sayDuration(operand)}`;
  }
  if (operand.kind === 'span') return sayBounds(leaf, operand, speaker);
  if (operator.operand === 'flag') return operand.value === true ? '没有' : '有';
  return sayValue(operand.value, typeOf(leaf), speaker, true);
};

const timeOf = (leaf: ReadyLeaf, speaker: Speaker): string =>
  ({ end: '', start: speaker.label('period.start') ?? '期初', any: '期内任何一天', every: '期内每一天' })[leaf.on];
const checks: Readonly<Record<ReadyLeaf['checkAt'], string>> = { period: '', match: '匹配当日', payment: '支付时' };

/** A figure stands apart from the word before it: 「达到 60 岁」. */
const spaced = (word: string, value: string): string => (/^[\d-]/.test(value) ? `${word} ${value}` : `${word}${value}`);
const fill = (reading: string, fact: string, value: string): string => {
  const [before = '', after = ''] = reading.split('{value}');
  return `${spaced(before, value)}${after}`.replace('{fact}', () => fact);
};

/** 「之一」 and 「任何一种」 of a single value say no more than the value. */
const single: Readonly<Record<string, string>> = { in: 'equal', notIn: 'notEqual', intersects: 'contains', disjoint: 'doesNotContain' };

/** One condition as a sentence, without its values: 「户籍地区划属于禄劝县」. */
export const sayLeaf = (leaf: ReadyLeaf, speaker: Speaker): string => {
  const { operand, operator } = leaf;
  const value = sayOperand(leaf, speaker);
  const one = operand.kind === 'literal' && operand.value !== null && isList(operand.value) && operand.value.length === 1;
  const reading = operators.get((one ? single[operator.name] : undefined) ?? operator.name)?.reading ?? '{fact}{value}';
  const yesNo = leaf.type.kind === 'boolean' && operator.operand === 'one' && operand.kind === 'literal';
  // Not being yes is being no, or nobody having it on record: a known none passes as well.
  const answer = operator.name === 'equal' ? value : `${operand.kind === 'literal' && operand.value === true ? '否' : '是'}，或没有记载`;
  const sentence = yesNo ? `${leaf.label}：${answer}` : fill(reading, leaf.label, value);
  return closeGaps(`${checks[leaf.checkAt]}${timeOf(leaf, speaker)}${sentence}`);
};

const groupTexts = { all: '以下各项都要满足：', any: '以下各项满足其一即可：', not: '以下情形不能有：' } as const;
const cite = (clause: string | undefined): string => (clause === undefined ? '' : `（${clause}）`);

/** The tree read aloud; the officer's own words stand behind the reading where they say it otherwise. */
export const sayCondition = (ready: Ready, speaker: Speaker): Said => {
  const own = ready.text === undefined ? '' : `〔${ready.text}〕`;
  switch (ready.kind) {
    case 'leaf':
      return said(`${sayLeaf(ready, speaker)}${own}${cite(ready.clause)}`, [], ready.at);
    case 'not':
      return said(`${groupTexts.not}${own}${cite(ready.clause)}`, [sayCondition(ready.child, speaker)], ready.at);
    default: {
      const [only, ...others] = ready.children;
      if (only !== undefined && others.length === 0) {
        const alone = sayCondition(only, speaker);
        return said(`${alone.text}${own}${cite(ready.clause)}`, alone.children, alone.at);
      }
      return said(
        `${groupTexts[ready.kind]}${own}${cite(ready.clause)}`,
        ready.children.map((c) => sayCondition(c, speaker)),
        ready.at,
      );
    }
  }
};

/** Everything that must hold, one after the other, where a heading says so already. */
export const sayConditions = (ready: Ready, speaker: Speaker): readonly Said[] =>
  ready.kind === 'all' && ready.text === undefined && ready.clause === undefined
    ? ready.children.map((c) => sayCondition(c, speaker))
    : [sayCondition(ready, speaker)];

// ── decisions ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ExplainedNode {
  readonly at: string;
  readonly kind: Trace['kind'];
  readonly truth: Truth;
  /** 满足 / 不满足 / 缺数据. */
  readonly answer: string;
  /** What is asked. */
  readonly text: string;
  /** The officer's own words for it: the sentence of the document. */
  readonly sentence: string | null;
  readonly clause: string | null;
  /** Leaves only: both sides as people read them. */
  readonly required: string | null;
  readonly actual: string | null;
  /** Dataset title and day it speaks for. */
  readonly source: string | null;
  readonly asOf: string | null;
  readonly missing: readonly string[];
  readonly children: readonly ExplainedNode[];
}

export const answerOf = (t: Truth): string => (t === null ? '缺数据' : t ? '满足' : '不满足');

const reasons: Readonly<Record<MissingReason, string>> = {
  undelivered: '尚未报送',
  empty: '已报送，但此项为空',
  stale: '数据已过期',
  conflict: '数据对不上，无法判断',
  'no-parameter': '没有登记这一天的标准',
  'no-link': '关联的人或单位不在库中',
  closing: '要等所属期结束、全体一起排定',
  others: '其他参评者的数据未到齐，还可能影响结果',
};

/** 「出生日期：居民户籍信息，尚未报送」. */
export const sayMissing = (m: Missing, speaker: Speaker): string => {
  const [fact = m.fact, period] = m.fact
    .replace(/^others:/, '')
    .replace(/\]$/, '')
    .split('[');
  // What no register calls by a name is bookkeeping of ours (`award:deduct`, a claim's object).
  const name = speaker.label(fact) ?? speaker.label(fact.split('.')[0] ?? '') ?? '计算所需的数据';
  const whose = m.reason === 'others' ? `其他 ${m.subjects ?? 1} 个参评者的` : '';
  const label = `${whose}${period === undefined ? name : `${name}（${period}）`}`;
  const since = m.asOf === undefined || m.asOf === null ? '' : `（最近一次 ${dayText(m.asOf)}）`;
  return `${label}：${m.dataset === null ? '' : `${speaker.datasetTitle(m.dataset)}，`}${reasons[m.reason]}${since}`;
};

/** `trace` is what `decideCondition` made of this very tree. */
export const explainTrace = (trace: Trace, ready: Ready, speaker: Speaker): ExplainedNode => {
  const children = ready.kind === 'leaf' ? [] : ready.kind === 'not' ? [ready.child] : ready.children;
  const asked = ready.kind === 'leaf' ? sayLeaf(ready, speaker) : groupTexts[ready.kind];
  const type: FeelType = ready.kind === 'leaf' ? typeOf(ready) : { kind: 'any' };
  return {
    at: trace.at,
    kind: trace.kind,
    truth: trace.truth,
    answer: answerOf(trace.truth),
    text: asked,
    sentence: ready.text ?? null,
    clause: trace.clause ?? null,
    required: ready.kind === 'leaf' ? requiredText(ready, trace, speaker) : null,
    actual: trace.actual === undefined ? null : sayValue(trace.actual, type, speaker),
    source: trace.source == null ? null : speaker.datasetTitle(trace.source.dataset),
    asOf: trace.source?.asOf ?? null,
    missing: (trace.missing ?? []).map((m) => sayMissing(m, speaker)),
    children: children.flatMap((c, i) => {
      const below = trace.children?.[i];
      return below === undefined ? [] : [explainTrace(below, c, speaker)];
    }),
  };
};

const requiredText = (leaf: ReadyLeaf, trace: Trace, speaker: Speaker): string => {
  const own = sayOperand(leaf, speaker);
  return leaf.operand.kind === 'literal' || trace.required === undefined
    ? own
    : `${own}（${sayValue(trace.required, typeOf(leaf), speaker)}）`;
};

/** 「✓ 当月周岁达到 80 岁：95 岁，满足（居民户籍信息，2026年1月10日）」, one line per condition. */
export const explainedLines = (node: ExplainedNode, depth = 0): readonly string[] => {
  const where = node.source === null ? '' : `（${node.source}${node.asOf === null ? '' : `，${dayText(node.asOf)}`}）`;
  const found = node.kind === 'leaf' ? `${node.actual ?? '缺数据'}，` : '';
  const lacks = node.missing.length === 0 ? '' : `——${node.missing.join('；')}`;
  const line = `${'  '.repeat(depth)}${node.text.replace(/：$/, '')}：${found}${node.answer}${cite(node.clause ?? undefined)}${where}${lacks}`;
  return [line, ...node.children.flatMap((c) => explainedLines(c, depth + 1))];
};

const foundAt = (actual: string | null, who: string): string => {
  if (actual === null || actual === '缺数据') return `${who}的数据还缺`;
  if (actual === '无') return `${who}没有`;
  return actual === '是' || actual === '否' ? `${who}的记载为“${actual}”` : spaced(who, actual);
};

/** To the one it is about: 「年满80周岁：您 95 岁，满足」, one line per condition that was asked of them; `who` is 您 or 贵单位. */
export const toldLines = (node: ExplainedNode, who: string, depth = 0): readonly string[] => {
  const indent = '  '.repeat(depth);
  const asked = (node.sentence ?? node.text).replace(/：$/, '').replace(/：(是|否)$/, '为$1');
  const answer = node.truth === null ? '还不能判断' : node.answer;
  const found = node.kind === 'leaf' ? `${foundAt(node.actual, who)}，` : '';
  return [
    `${indent}${asked}${cite(node.clause ?? undefined)}：${found}${answer}`,
    ...(node.truth === null ? node.missing.map((m) => `${indent}  还缺 ${m}`) : []),
    ...node.children.flatMap((c) => toldLines(c, who, depth + 1)),
  ];
};
