// An award read aloud: forms, rows, modifiers, instalments, as a clerk would say them.

import type { Expression } from '../feel/feel.ts';
import { say as sayFeel } from '../feel/say.ts';
import type { FeelType } from '../feel/type.ts';
import { type Said, type Speaker, said, sayCondition, sayValue } from '../rule/explain.ts';
import type { Figure, ReadyAward, ReadyForm, ReadyInstalments, ReadyModifiers, ReadyRow } from './award-ready.ts';
import type { Rounding } from './item.ts';
import { money, percent, share } from './money.ts';

const anyType: FeelType = { kind: 'any' };

const figureText = (f: Figure, how: 'money' | 'ratio' | 'number'): string => {
  if (f.kind === 'fact') return f.label;
  return how === 'money' ? money(f.value).text : how === 'ratio' ? percent(f.value) : share(f.value);
};

const feel = (e: Expression, speaker: Speaker): string => sayFeel(e, speaker.label);

const modes: Readonly<Record<Rounding['mode'], string>> = {
  'half-up': '四舍五入',
  down: '舍去尾数',
  up: '进位',
  'half-even': '四舍六入五成双',
};
const units: Readonly<Record<Rounding['to'], string>> = { fen: '分', jiao: '角', yuan: '元' };

const modifierTexts = (m: ReadyModifiers, speaker: Speaker): readonly string[] => [
  ...(m.multiplier === null ? [] : [`再乘以 ${figureText(m.multiplier, 'number')}`]),
  ...(m.prorate === null ? [] : [`按 ${figureText(m.prorate.part, 'number')} ÷ ${figureText(m.prorate.of, 'number')} 折算`]),
  ...(m.minimum === null ? [] : [`不足 ${money(m.minimum).text}不发`]),
  ...(m.floor === null ? [] : [`保底 ${figureText(m.floor, 'money')}`]),
  ...(m.cap === null ? [] : [`封顶 ${figureText(m.cap, 'money')}`]),
  ...(m.deduct === null ? [] : [`扣除 ${feel(m.deduct, speaker)}，不足扣的为 0`]),
  ...(m.rounding === null ? [] : [`${modes[m.rounding.mode]}到${units[m.rounding.to]}`]),
];

/** The award with its modifiers behind it; rows and parts as children. */
export const sayAward = (award: ReadyAward, speaker: Speaker): Said => {
  const { text, children } = sayForm(award, speaker);
  const more = modifierTexts(award, speaker);
  const own = award.text === null ? '' : `${award.text}：`;
  const when = award.when === null ? [] : [said('条件', [sayCondition(award.when, speaker)])];
  return said(`${own}${[text, ...more].join('，')}`, [...when, ...children]);
};

const sayForm = (form: ReadyForm, speaker: Speaker): Said => {
  switch (form.form) {
    case 'fixed':
      return said(`定额 ${money(form.yuan).text}`);
    case 'perUnit': {
      const unit = form.step === null ? form.count.label : `${form.count.label}每满 ${share(form.step)}`;
      return said(`${unit} × ${figureText(form.yuan, 'money')}${form.maxCount === null ? '' : `，最多计 ${share(form.maxCount)}`}`);
    }
    case 'rate': {
      const base = form.baseCap === null ? form.base.label : `${form.base.label}（最多计 ${figureText(form.baseCap, 'money')}）`;
      const over = form.deductible === null ? base : `${base}超过 ${money(form.deductible).text}的部分`;
      return said(`${over} × ${figureText(form.rate, 'ratio')}`);
    }
    case 'tiers': {
      const by = form.by === null ? '' : `按${form.by.label}`;
      const how = form.select === 'highest' ? '，符合几档的取最高' : '';
      return said(
        `${by}分档${how}`,
        form.rows.map((r) => sayRow(r, form, speaker)),
      );
    }
    case 'brackets':
      return said(
        `${form.base.label}分段计算`,
        form.rows.map((r, i) => said(`${sayBracket(form.rows, i)} × ${percent(r.rate)}`)),
      );
    case 'formula':
      return said(`按公式：${feel(form.expression, speaker)}`);
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
  if (own === null) return before === null ? '全部' : `超过 ${money(before).text}的部分`;
  return before === null ? `不超过 ${money(own).text}的部分` : `超过 ${money(before).text}至 ${money(own).text}的部分`;
};

const sayRow = (row: ReadyRow, form: Extract<ReadyForm, { readonly form: 'tiers' }>, speaker: Speaker): Said => {
  const type = form.by === null ? anyType : (speaker.find(form.by.fact)?.type ?? anyType);
  const bounds = [
    ...(row.range === null ? [] : [sayValue(row.range, type, speaker)]),
    ...(row.is === null ? [] : [sayValue(row.is, { kind: 'list', element: type }, speaker)]),
  ];
  const head = row.rest ? '其余' : bounds.join('，') || '符合以下条件的';
  const cap = row.cap === null ? '' : `，封顶 ${figureText(row.cap, 'money')}`;
  const when = row.when === null ? [] : [sayCondition(row.when, speaker)];
  switch (row.gives.kind) {
    case 'yuan':
      return said(`${head}：${money(row.gives.yuan).text}${cap}`, when);
    case 'rate':
      return said(`${head}：${form.base?.label ?? ''} × ${percent(row.gives.rate)}${cap}`, when);
    case 'award': {
      const inner = sayAward(row.gives.award, speaker);
      return said(`${head}：${inner.text}${cap}`, [...when, ...inner.children]);
    }
  }
};

export const sayInstalments = (plan: ReadyInstalments, speaker: Speaker): Said =>
  said(
    `分期发放（年数：${feel(plan.yearsSince, speaker)}）`,
    plan.parts.map((p) =>
      said(
        `${p.year === 0 ? '当年' : `第 ${p.year} 年后`}：${p.share === null ? money(p.yuan ?? { kind: 'number', num: 0n, den: 1n }).text : percent(p.share)}`,
        p.when === null ? [] : [said('再次核对', [sayCondition(p.when, speaker)])],
      ),
    ),
  );
