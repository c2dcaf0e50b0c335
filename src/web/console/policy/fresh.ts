// Where a new rule begins: blank, as most begin, or with one form of award. Pure.
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

export const templates = {
  blank: { text: '空白', award: { fixed: { yuan: 0 } } },
  fixed: { text: '定额补贴', award: { fixed: { yuan: 100 } } },
  tiers: {
    text: '按年龄分档',
    award: {
      tiers: {
        by: 'ageThen',
        rows: [
          { from: 80, below: 90, yuan: 100 },
          { from: 90, yuan: 200 },
        ],
      },
    },
  },
  perUnit: { text: '按数量计发', award: { perUnit: { yuan: 1000, count: '' } } },
  rate: { text: '按比例补助', award: { rate: { base: '', rate: 0.1 }, cap: 100_000 } },
  formula: { text: '公式', award: { formula: '0' } },
} as const;
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
  ...(template === 'tiers' ? { facts: { ageThen: { text: '期末周岁', feel: 'age at(birthDate, period.end)', unit: '岁' } } } : {}),
  conditions: { all: template === 'blank' ? [] : usual(head) },
  award: templates[template].award,
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
});

/** A version as the beginning of another item. */
export const copyOf = (content: Json, { id, title, authority, document }: Head): Json => ({
  ...content,
  ...{ id, title, authority },
  basis: { ...(isJson(content.basis) ? content.basis : {}), document },
});
