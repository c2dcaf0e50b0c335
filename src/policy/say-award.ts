// An award read aloud: forms, rows, modifiers, instalments, as a clerk would say them.

import type { Expression } from '../feel/feel.ts';
import { say as sayFeel } from '../feel/say.ts';
import { closeGaps } from '../feel/say-value.ts';
import type { FeelType } from '../feel/type.ts';
import type { FeelRange } from '../feel/value.ts';
import { type Said, type Speaker, said, sayCondition, sayConditions, sayValue } from '../rule/explain.ts';
import type { Ready } from '../rule/ready.ts';
import type { Figure, ReadyAward, ReadyForm, ReadyInstalments, ReadyModifiers, ReadyRow } from './award-ready.ts';
import type { Rounding } from './item.ts';
import { percent, plainMoney, share } from './money.ts';

const anyType: FeelType = { kind: 'any' };

const figureText = (f: Figure, how: 'money' | 'ratio' | 'number'): string => {
  if (f.kind === 'fact') return f.label;
  return how === 'money' ? plainMoney(f.value) : how === 'ratio' ? percent(f.value) : share(f.value);
};

const feel = (e: Expression, speaker: Speaker): string => sayFeel(e, speaker.label);

const modes: Readonly<Record<Rounding['mode'], string>> = {
  'half-up': '四舍五入',
  down: '舍去尾数',
  up: '进位',
  'half-even': '四舍六入五成双',
};
const units: Readonly<Record<Rounding['to'], string>> = { fen: '分', jiao: '角', yuan: '元' };

/** In the order in which they apply. */
const modifierTexts = (m: ReadyModifiers, speaker: Speaker): readonly string[] => [
  ...(m.multiplier === null ? [] : [`再乘以${spacedFigure(m.multiplier, 'number')}`]),
  ...(m.prorate === null ? [] : [`按${spacedFigure(m.prorate.part, 'number')} ÷ ${figureText(m.prorate.of, 'number')} 折算`]),
  ...(m.minimum === null ? [] : [`不足 ${plainMoney(m.minimum)}的不发`]),
  ...(m.floor === null ? [] : [`保底${spacedFigure(m.floor, 'money')}`]),
  ...(m.cap === null ? [] : [`最高${spacedFigure(m.cap, 'money')}`]),
  ...(m.deduct === null ? [] : [`扣除${feel(m.deduct, speaker)}，扣完为止`]),
  ...(m.rounding === null ? [] : [`${modes[m.rounding.mode]}到${units[m.rounding.to]}`]),
];

const spacedFigure = (f: Figure, how: 'money' | 'ratio' | 'number'): string => (f.kind === 'fact' ? f.label : ` ${figureText(f, how)}`);

/** Conditions behind a heading that ends in 的: one stands in the heading, several stand below it. */
const behind = (when: Ready | null, speaker: Speaker): { readonly head: string; readonly below: readonly Said[] } => {
  if (when === null) return { head: '', below: [] };
  const list = sayConditions(when, speaker);
  const [only, ...more] = list;
  if (only !== undefined && more.length === 0 && only.children.length === 0)
    return { head: closeGaps(`${only.text.replace(/：(是|否)$/, '为$1').replace(/(\d)$/, '$1 ')}的`), below: [] };
  return { head: '符合以下各项的', below: list };
};

/** The award; rows and parts as children, and what is done to their outcome after them. */
export const sayAward = (award: ReadyAward, speaker: Speaker): Said => {
  const { text, children } = sayForm(award, speaker);
  const more = modifierTexts(award, speaker);
  const own = award.text === null ? '' : `${award.text}：`;
  const { head, below } = behind(award.when, speaker);
  const when = head === '' ? '' : below.length === 0 ? `${head}，` : '';
  const conditions = below.length === 0 ? [] : [said('须同时符合', below)];
  if (children.length === 0) return said(`${own}${when}${[text, ...more].join('，')}`, conditions, award.at);
  const after = more.length === 0 ? [] : [said(`以上结果${more.join('，')}`)];
  return said(`${own}${when}${text}`, [...conditions, ...children, ...after], award.at);
};

const unitOf = (figure: Figure, speaker: Speaker): string | null => {
  const type = figure.kind === 'fact' ? speaker.find(figure.fact)?.type : undefined;
  const unit = type?.kind === 'number' ? type.unit : undefined;
  return unit === undefined || unit === '比例' || unit === '%' ? null : unit === '月' ? '个月' : unit;
};

/** 「每人 500 元，按参保职工数计」; without a unit 「500 元 × 班次」. */
const sayPerUnit = (form: Extract<ReadyForm, { readonly form: 'perUnit' }>, speaker: Speaker): string => {
  const unit = unitOf(form.count, speaker);
  const most = form.maxCount === null ? '' : `，最多计 ${share(form.maxCount)}${unit === null ? '' : ` ${unit}`}`;
  if (form.step !== null)
    return `${form.count.label}每满 ${share(form.step)}${unit === null ? '' : ` ${unit}`}，计${spacedFigure(form.yuan, 'money')}${most}`;
  if (form.yuan.kind === 'fact') return `${form.count.label} × ${form.yuan.label}${most}`;
  const price = plainMoney(form.yuan.value);
  // 「每年 35 元」 in an allowance by the month would read as 35 a year.
  if (unit !== null && /^(年|个月|天|日)$/.test(unit)) return `${form.count.label}每 1 ${unit} ${price}${most}`;
  return unit === null || unit === '元' ? `${form.count.label} × ${price}${most}` : `每${unit} ${price}，按${form.count.label}计${most}`;
};

const sayForm = (form: ReadyForm & Pick<ReadyAward, 'at'>, speaker: Speaker): Said => {
  switch (form.form) {
    case 'fixed':
      return said(plainMoney(form.yuan));
    case 'perUnit':
      return said(sayPerUnit(form, speaker));
    case 'rate': {
      const base = form.baseCap === null ? form.base.label : `${form.base.label}（最多计${spacedFigure(form.baseCap, 'money')}）`;
      const over = form.deductible === null ? base : `${base}超过 ${plainMoney(form.deductible)}的部分`;
      return said(`${over} × ${figureText(form.rate, 'ratio')}`);
    }
    case 'tiers':
      return sayTiers(form, speaker);
    case 'brackets':
      return said(
        `${form.base.label}分段计算`,
        form.rows.map((r, i) => said(`${sayBracket(form.rows, i)} × ${percent(r.rate)}`, [], `${form.at}/brackets/rows/${i}`)),
      );
    case 'formula':
      return said(feel(form.expression, speaker));
    default: {
      const how = { sum: '以下各项相加', highest: '以下各项取最高', lowest: '以下各项取最低' }[form.form];
      return said(
        how,
        form.parts.map((p) => sayAward(p, speaker)),
      );
    }
  }
};

const sayBracket = (rows: Extract<ReadyForm, { readonly form: 'brackets' }>['rows'], i: number): string => {
  const [before, own] = [rows[i - 1]?.upTo ?? null, rows[i]?.upTo ?? null];
  if (own === null) return before === null ? '全部' : `超过 ${plainMoney(before)}的部分`;
  return before === null ? `不超过 ${plainMoney(own)}的部分` : `超过 ${plainMoney(before)}至 ${plainMoney(own)}的部分`;
};

type Tiers = Extract<ReadyForm, { readonly form: 'tiers' }>;

const sayTiers = (form: Tiers, speaker: Speaker): Said => {
  const by = form.by === null ? '' : `按${form.by.label}`;
  const ordered = form.select === 'first' && form.rows.filter((r) => r.when !== null).length > 1;
  const how = form.select === 'highest' ? '，符合几档的取最高' : ordered ? '，从上往下取最先符合的一档' : '';
  return said(
    `${by}分档${how}`,
    form.rows.map((_, i) => sayRow(form, i, speaker)),
  );
};

/** A row's bounds with what the rows above it have taken already: 「达到 90 岁、低于 100 岁」; null where they say nothing sure. */
const boundsOf = (form: Tiers, i: number): FeelRange | null => {
  const row = form.rows[i];
  const above = form.rows[i - 1];
  if (row === undefined || (row.range === null && !row.rest)) return null;
  const taken = form.select === 'first' && above !== undefined && above.when === null ? above.range : null;
  const own: FeelRange = row.range ?? { kind: 'range', low: undefined, high: undefined, lowClosed: false, highClosed: false };
  if (own.low !== undefined || taken?.high === undefined) return row.range;
  return { ...own, low: taken.high, lowClosed: !taken.highClosed };
};

const sayRow = (form: Tiers, i: number, speaker: Speaker): Said => {
  const row = form.rows[i] as ReadyRow;
  const type = form.by === null ? anyType : (speaker.find(form.by.fact)?.type ?? anyType);
  const range = boundsOf(form, i);
  const bounds = [
    ...(range === null ? [] : [sayValue(range, type, speaker)]),
    ...(row.is === null ? [] : [sayValue(row.is, { kind: 'list', element: type }, speaker, true)]),
  ];
  const { head, below } = behind(row.when, speaker);
  const cap = row.cap === null ? '' : `，最高${spacedFigure(row.cap, 'money')}`;
  const whose = [...bounds, ...(head === '' ? [] : [head])].join('，') || '其余';
  switch (row.gives.kind) {
    case 'yuan':
      return said(`${whose}：${plainMoney(row.gives.yuan)}${cap}`, below, row.at);
    case 'rate':
      return said(`${whose}：${form.base?.label ?? ''} × ${percent(row.gives.rate)}${cap}`, below, row.at);
    case 'award': {
      const inner = sayAward(row.gives.award, speaker);
      return said(`${whose}：${inner.text}${cap}`, [...below, ...inner.children], row.at);
    }
  }
};

export const sayInstalments = (plan: ReadyInstalments, speaker: Speaker): Said =>
  said(
    '分期发放',
    plan.parts.map((p) => {
      const due = p.share === null ? plainMoney(p.yuan ?? { kind: 'number', num: 0n, den: 1n }) : `总额的 ${percent(p.share)}`;
      const again = p.when === null ? [] : [said('届时再核', [sayCondition(p.when, speaker)])];
      return said(`${feel(plan.yearsSince, speaker)}为 ${p.year} 时：${due}`, again);
    }),
  );
