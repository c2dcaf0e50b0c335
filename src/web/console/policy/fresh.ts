// Where a new rule begins: blank, as most begin, or with one form of award and what goes with it. Pure.
import { isJson, type Json } from './document.ts';

export interface Head {
  readonly id: string;
  readonly title: string;
  readonly authority: string;
  /** The policy document it rests on. */
  readonly document: string;
  readonly region: string | null;
  readonly audience: 'citizen' | 'enterprise';
  readonly period: string;
}

/** Living here, at least when the period began: what nearly every benefit for residents asks; firms are in business here. */
const usual = ({ audience, region }: Head): readonly Json[] => {
  const place = region === null ? [] : [{ fact: audience === 'citizen' ? 'hukouRegion' : 'regionCode', operator: 'within', value: region }];
  if (audience === 'enterprise') return [...place, { fact: 'businessStatus', operator: 'equal', value: '在营' }];
  const alive = (more: Json): Json => ({
    any: [
      { fact: 'deathDate', operator: 'absent', value: true, ...more },
      { fact: 'deathDate', operator: 'onOrAfter', value: { fact: 'period.start' }, ...more },
    ],
  });
  return [
    ...place,
    { ...alive({}), text: '在世，或在当期内去世' },
    { ...alive({ checkAt: 'payment' }), text: '付款前再核：当期开始前未去世' },
  ];
};

interface Form {
  readonly text: string;
  /** What it is for, in the words of policy documents. */
  readonly hint: string;
  readonly parts: (head: Head) => Json;
}

const yuan = (amount: number): Json => ({ fixed: { yuan: amount } });
const age = { ageThen: { text: '期末周岁', feel: 'age at(birthDate, period.end)', unit: '岁' } };

const form = (text: string, hint: string, parts: Form['parts'] | Json): Form => ({
  text,
  hint,
  parts: typeof parts === 'function' ? (parts as Form['parts']) : () => parts,
});

export const templates = {
  blank: form('空白', '条件和标准都从头写', { award: yuan(0) }),
  fixed: form('定额', '每人（户）每期一样多', { award: yuan(100) }),
  tiers: form('分档', '如 80 岁以上 100 元，90 岁以上 200 元', ({ audience }) =>
    audience === 'citizen'
      ? {
          facts: age,
          award: {
            tiers: {
              by: 'ageThen',
              rows: [
                { from: 80, below: 90, yuan: 100 },
                { from: 90, yuan: 200 },
              ],
            },
          },
        }
      : {
          award: {
            tiers: {
              by: 'insuredCount',
              rows: [
                { from: 1, below: 100, yuan: 10_000 },
                { from: 100, yuan: 50_000 },
              ],
            },
          },
        },
  ),
  perUnit: form('按数量', '每亩、每人、每件多少元', { award: { perUnit: { yuan: 1000, count: '' } } }),
  rate: form('按比例', '按某项金额的百分之几，封顶多少', { award: { rate: { base: '', rate: 0.1 }, cap: 100_000 } }),
  brackets: form('分段累进', '1 万元以内 10%，超出部分 5%', {
    award: { brackets: { base: '', rows: [{ upTo: 10_000, rate: 0.1 }, { rate: 0.05 }] }, cap: 100_000 },
  }),
  sum: form('几部分相加', '基本部分加上奖励部分', { award: { sum: [yuan(100), { when: { all: [] }, ...yuan(50) }] } }),
  highest: form('几项取最高', '就高不重复', {
    award: {
      highest: [
        { when: { all: [] }, ...yuan(100) },
        { when: { all: [] }, ...yuan(200) },
      ],
    },
  }),
  lowest: form('几项取最低', '实际发生与标准取低', { award: { lowest: [{ rate: { base: '', rate: 1 } }, yuan(1000)] } }),
  formula: form('公式', '别的形式写不下的', { award: { formula: '0' } }),
  each: form('一项一笔', '每个子女、每名用工各算一笔', ({ audience }) => ({
    each:
      audience === 'citizen'
        ? { list: 'children', as: 'child', where: 'true', key: 'childId' }
        : { list: 'hires', as: 'hire', where: 'true', key: 'personId' },
    award: yuan(1000),
  })),
  event: form('每发生一次', '每次生育、每台农机、每张证书办一次', {
    period: 'per-event',
    event: { list: '', day: '', key: '' },
    award: yuan(1000),
  }),
  instalments: form('分期发放', '分三年发，到时再核', {
    period: 'yearly',
    instalments: {
      yearsSince: '0',
      parts: [
        { year: 0, share: '0.4' },
        { year: 1, share: '0.3' },
        { year: 2, share: '0.3' },
      ],
    },
    award: yuan(100_000),
  }),
  rank: form('按名次', '前十名各多少', {
    facts: { place: { text: '名次', rank: { by: '', among: { all: [] } } } },
    closing: { days: 30 },
    award: { tiers: { by: 'place', rows: [{ upTo: 10, yuan: 50_000 }, { yuan: 0 }] } },
  }),
  pool: form('分一笔总额', '总额按面积、人数摊到各户', {
    facts: { own: { text: '分得的金额', pool: { yuan: 1_000_000, quantity: '', give: 'share' } } },
    closing: { days: 30 },
    award: { formula: 'own' },
  }),
} as const satisfies Readonly<Record<string, Form>>;
export type Template = keyof typeof templates;

export const freshItem = (head: Head, template: Template, today: string): Json => ({
  id: head.id,
  title: head.title,
  authority: head.authority,
  region: head.region,
  basis: { document: head.document, number: null, clause: null, url: null },
  audience: head.audience,
  mode: 'auto',
  period: head.period,
  effective: { from: today, to: null },
  conditions: { all: template === 'blank' ? [] : usual(head) },
  flow: {
    first: ['guard', 'review', 'notice', 'publicity', 'pay'],
    continuing: ['guard', 'pay'],
    suspended: ['review', 'notice'],
    ended: ['review', 'notice'],
  },
  publicity: { days: 7 },
  limits: [{ once: 'period' }],
  budget: { kind: 'entitlement' },
  notes: [],
  examples: [],
  ...templates[template].parts(head),
});

/** A version as the beginning of another item. */
export const copyOf = (content: Json, { id, title, authority, document }: Head): Json => ({
  ...content,
  ...{ id, title, authority },
  basis: { ...(isJson(content.basis) ? content.basis : {}), document },
});
