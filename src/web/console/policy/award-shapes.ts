// How much, as forms: each form of award, its parts, what is done to the result. The server's award checks name the same keys (src/policy/award-check.ts). Pure.
import { isJson } from './document.ts';
import type { Field, Shape, Way } from './shape.ts';

export const words: Shape = { kind: 'text', hint: '文件原话（可不写）' };
export const covers: Field = {
  key: 'covers',
  label: '对应原文',
  shape: { kind: 'texts', hint: '如 /conditions/0', places: true },
  fresh: [],
  rare: true,
};
export const said: Field = { key: 'text', label: '原话', shape: words, fresh: '' };

const has = (key: string) => (value: unknown) => isJson(value) && Object.hasOwn(value, key);
/** A record told from its kind by the key it has. */
export const byKey = (key: string, text: string, fresh: unknown, shape: Shape): Way => ({ text, is: has(key), fresh, shape });

const number = { kind: 'fact', of: 'number' } as const;
const yuan = { kind: 'figure', unit: '元' } as const;
const yuanOrFact = { kind: 'figure', unit: '元', or: 'ref' } as const;
const ratioOrFact = { kind: 'figure', unit: '比例', or: 'ref' } as const;

const rounding: Shape = {
  kind: 'record',
  fields: [
    {
      key: 'to',
      label: '到',
      shape: {
        kind: 'choice',
        options: [
          ['fen', '分'],
          ['jiao', '角'],
          ['yuan', '元'],
        ],
      },
    },
    {
      key: 'mode',
      label: '怎么取',
      shape: {
        kind: 'choice',
        options: [
          ['half-up', '四舍五入'],
          ['down', '舍去零头'],
          ['up', '有零头就进'],
          ['half-even', '四舍六入五成双'],
        ],
      },
    },
  ],
};

/** In the order in which they are applied. */
const modifiers: readonly Field[] = [
  { key: 'multiplier', label: '乘以倍数', shape: ratioOrFact, fresh: 1, hint: '如边远地区 1.5 倍' },
  {
    key: 'prorate',
    label: '按实际折算',
    shape: {
      kind: 'record',
      fields: [
        { key: 'part', label: '实际', shape: { kind: 'figure', unit: '', or: 'name' } },
        { key: 'of', label: '应满', shape: { kind: 'figure', unit: '', or: 'name' } },
      ],
    },
    fresh: { part: '', of: 12 },
    hint: '如实际 7 个月，应满 12 个月',
  },
  { key: 'minimum', label: '起发金额', shape: yuan, fresh: 0, hint: '不足的不发' },
  { key: 'floor', label: '保底', shape: yuanOrFact, fresh: 0 },
  { key: 'cap', label: '封顶', shape: yuanOrFact, fresh: 0 },
  { key: 'deduct', label: '再减去', shape: { kind: 'formula' }, fresh: 'paid()', hint: '如已经发过的：paid("事项编号")；减到 0 为止' },
  { key: 'rounding', label: '取整', shape: rounding, fresh: { to: 'yuan', mode: 'half-up' }, hint: '不写：四舍五入到分' },
  said,
  covers,
];

const figures = {
  perUnit: {
    fresh: { yuan: 0, count: '' },
    fields: [
      { key: 'count', label: '每', shape: number },
      { key: 'yuan', label: '给', shape: yuanOrFact },
      { key: 'step', label: '每满多少算一个', shape: { kind: 'figure', unit: '' }, fresh: 1, hint: '不满的不算' },
      { key: 'maxCount', label: '最多算几个', shape: { kind: 'whole', min: 1, max: 1_000_000 }, fresh: 1 },
    ],
  },
  rate: {
    fresh: { base: '', rate: 0.1 },
    fields: [
      { key: 'base', label: '基数', shape: number },
      { key: 'rate', label: '乘以', shape: ratioOrFact },
      { key: 'deductible', label: '起付线（先减去）', shape: yuan, fresh: 0 },
      { key: 'baseCap', label: '基数最多算到', shape: yuanOrFact, fresh: 0 },
    ],
  },
  brackets: {
    fresh: { base: '', rows: [{ upTo: 10_000, rate: 0.1 }, { rate: 0.05 }] },
    fields: [
      { key: 'base', label: '基数', shape: number },
      {
        key: 'rows',
        label: '各段',
        shape: {
          kind: 'list',
          one: '段',
          fresh: { rate: 0.1 },
          sheet: 'brackets',
          of: {
            kind: 'record',
            fields: [
              { key: 'upTo', label: '到', shape: yuan, fresh: 0 },
              { key: 'rate', label: '这一段乘以', shape: { kind: 'figure', unit: '比例' } },
            ],
          },
        },
      },
    ],
  },
} satisfies Readonly<Record<string, { readonly fresh: unknown; readonly fields: readonly Field[] }>>;

const parts: Shape = { kind: 'list', of: { kind: 'award' }, one: '部分', fresh: { fixed: { yuan: 0 } } };

export const awardForms = {
  fixed: { text: '定额', fresh: { yuan: 0 }, shape: { kind: 'record', fields: [{ key: 'yuan', label: '每次', shape: yuan }] } },
  perUnit: { text: '按数量', fresh: figures.perUnit.fresh, shape: { kind: 'record', fields: figures.perUnit.fields } },
  rate: { text: '按比例', fresh: figures.rate.fresh, shape: { kind: 'record', fields: figures.rate.fields } },
  tiers: { text: '分档', fresh: { by: '', rows: [{ below: 0, yuan: 0 }, { yuan: 0 }] }, shape: { kind: 'tiers' } },
  brackets: { text: '分段累进', fresh: figures.brackets.fresh, shape: { kind: 'record', fields: figures.brackets.fields } },
  sum: { text: '几部分相加', fresh: [{ fixed: { yuan: 0 } }, { fixed: { yuan: 0 } }], shape: parts },
  highest: { text: '几项取最高', fresh: [{ fixed: { yuan: 0 } }, { fixed: { yuan: 0 } }], shape: parts },
  lowest: { text: '几项取最低', fresh: [{ fixed: { yuan: 0 } }, { fixed: { yuan: 0 } }], shape: parts },
  formula: { text: '公式', fresh: '0', shape: { kind: 'formula' } },
} as const satisfies Readonly<Record<string, { readonly text: string; readonly fresh: unknown; readonly shape: Shape }>>;
export type AwardForm = keyof typeof awardForms;
export const forms = Object.keys(awardForms) as AwardForm[];

export const formOf = (award: unknown): AwardForm | null =>
  isJson(award) ? (forms.find((form) => Object.hasOwn(award, form)) ?? null) : null;

/** What a whole award may say beyond its form; a part of several may have a condition of its own, the outermost may be taken off a fee. */
export const modifierFields = (place: 'whole' | 'part' | 'row'): readonly Field[] => [
  ...(place === 'part' ? [{ key: 'when', label: '只在满足', shape: { kind: 'conditions' }, fresh: { all: [] } } as const] : []),
  ...modifiers,
  ...(place === 'whole'
    ? [{ key: 'reduces', label: '减免费用', shape: words, fresh: '水费', hint: '不发钱，从这项费用里减；写费用的名称' } as const]
    : []),
];

export const placeOf = (at: string): 'whole' | 'part' | 'row' =>
  at === '/award' ? 'whole' : /\/(sum|highest|lowest)\/\d+$/.test(at) ? 'part' : 'row';

const condition: Field = { key: 'when', label: '满足', shape: { kind: 'conditions' }, fresh: { all: [] } };
const bound = (key: string, label: string): Field => ({ key, label, shape: { kind: 'figure', unit: '' }, fresh: 0 });
export const rowFields: readonly Field[] = [
  ...[bound('from', '从（含）'), bound('above', '从（不含）'), bound('below', '到（不含）'), bound('upTo', '到（含）')],
  { key: 'is', label: '是其中之一', shape: { kind: 'texts' }, fresh: [] },
  condition,
  { key: 'yuan', label: '给', shape: yuan, fresh: 0 },
  { key: 'rate', label: '比例', shape: { kind: 'figure', unit: '比例' }, fresh: 0.1 },
  { key: 'award', label: '另算', shape: { kind: 'award' }, fresh: { fixed: { yuan: 0 } } },
  { key: 'cap', label: '本档封顶', shape: yuanOrFact, fresh: 0 },
  said,
  covers,
];

const tiersShape: Shape = {
  kind: 'record',
  fields: [
    { key: 'by', label: '按', shape: { kind: 'fact', of: 'any' }, fresh: '' },
    { key: 'base', label: '基数', shape: number, fresh: '' },
    {
      key: 'select',
      label: '几档都符合时',
      shape: {
        kind: 'choice',
        options: [
          ['first', '取先符合的一档'],
          ['highest', '取最高的一档'],
        ],
      },
      fresh: 'highest',
    },
    { key: 'rows', label: '各档', shape: { kind: 'list', one: '档', fresh: { yuan: 0 }, of: { kind: 'record', fields: rowFields } } },
  ],
};

/** The shape of an award as it is written: its one form and everything that may be done to the result. */
export const awardShape = (kind: 'award' | 'tiers', value: unknown): Shape => {
  if (kind === 'tiers') return tiersShape;
  const form = formOf(value);
  // `when` beside the outermost award is the server's to refuse; here it is only known where a part may have it.
  const fields = [...modifierFields('part'), ...modifierFields('whole')];
  return { kind: 'record', fields: form === null ? fields : [{ key: form, label: '', shape: awardForms[form].shape }, ...fields] };
};
