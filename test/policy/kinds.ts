// Every kind of condition and of amount that the survey of 113 real policies counted, and where it is said: in a shipped policy (by a piece of its
// file) or, where the 58 lack it, in a small rule below.

export type Where =
  | { readonly policy: string; readonly says: RegExp }
  | { readonly rule: Record<string, unknown>; readonly cases: readonly Case[]; readonly shared?: readonly string[] };

/** Facts of one subject and what comes out: yuan, or the verdict. */
export type Case = readonly [facts: Record<string, unknown>, outcome: string];

const policy = (id: string, says: RegExp): Where => ({ policy: id, says });
const old = { birthDate: '1930-05-01', deathDate: null, hukouRegion: '530128' };
const always = { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 80 }] };
/** An award over a small catalogue, for somebody of 95. */
const award = (a: object, ...cases: readonly Case[]): Where => ({
  rule: { award: a, conditions: always },
  cases: cases.map(([facts, outcome]) => [{ ...old, ...facts }, outcome]),
});
const condition = (c: object, facts: Record<string, unknown>, ...cases: readonly Case[]): Where => ({
  rule: { conditions: c, facts, award: { fixed: { yuan: 100 } } },
  cases: cases.map(([f, outcome]) => [{ ...old, ...f }, outcome]),
});
const usage = (a: number, b: number, c: number) => ({ usage: { '2025-11': a, '2025-12': b, '2026-01': c } });

export const conditionKinds: Readonly<Record<string, Where>> = {
  'Region / household-registration membership, up and down the division tree': policy('luquan-gaoling', /"operator": "within"/),
  'Status or category equals / is in a set; a set field contains or intersects': policy('lanzhou-canji-huli', /"intersects"/),
  'Numeric threshold': policy('zs-huoju-dengling-2021', /"greaterThanInclusive"/),
  'Alternatives (OR group)': policy('huangpu-dengling', /"any":/),
  'Boolean flag': policy('shangyu-yongdian-2024q1', /"value": true/),
  'Attribute of another subject (family, spouse, child, own firm, employer, region)': policy('gz-zujin', /business\./),
  'Sub-list count, with a filter per element (hires, patents, groups, products, children)': policy('gaoming-sanpin', /count\(valid\[/),
  'Age at a date (incl. by gender, at year end, month of birthday)': policy('bj-gaoling', /age at\(/),
  'AND group nested inside an OR': policy('gaoming-sanpin', /"any": \[[^\]]*"all": \[/),
  'Fixed date window': policy('cn-60tuiyi-2018', /"between"/),
  'Ratio or difference of two fields; threshold that is itself an expression': policy(
    'zs-huoju-dengling-2021',
    /rdSpend[^"]* \/ value at\(revenue/,
  ),
  'Two variables decide the tier': policy('zs-huoju-dengling-2021', /"when": \{/),
  'Year-on-year growth / difference, any window (year, quarter, 7 days)': policy('zibo-q1-2022', /growth\(/),
  'Already paid before: once, n per year, same item, higher level': policy('cn-jineng-2024', /"times"/),
  'Relative date (within / older than N years or months)': policy('zs-huoju-dengling-2021', /"olderThan", "value": "P3Y"/),
  'Qualification record (type, level, event first/renewed/moved in, validity)': policy('qz-etdz-gaoqi-2024', /recognition/),
  'Sub-list sum / all / order / grouping': condition(
    { all: [{ fact: 'most', operator: 'greaterThan', value: 2 }] },
    { most: { text: '同一阶段孩次之和的最大值', feel: 'max(group sum(children, "school", "order").sum)' } },
    [{ children: [kid('a', '小学', 1), kid('b', '小学', 2), kid('c', '初中', 2)] }, '100.00'],
    [{ children: [kid('a', '小学', 1), kid('b', '初中', 2)] }, 'ineligible'],
  ),
  'Event belongs to the current policy year': policy('wuding-daxian-2023', /entryYear/),
  'Compared with a reference value (minimum wage, low-income line, social wage, quota ratio)': policy('jinan-chaobili', /parameter\(/),
  'On an official list or catalogue': policy('yishui-jigai-2022', /officialLists/),
  'Disability level × type': policy('sh-canji-huli', /disability/i),
  'First time ever / first breakthrough of a level': policy('wudi-waimao', /first period reaching/),
  'Numeric band': policy('zs-huoju-dengling-2021', /"from": 20000000, "below": 1000000000/),
  'N consecutive / joint months insured; back-payment excluded': policy('yichang-shengyu', /[cC]onsecutive/),
  'Blacklists, arrears, accidents, no longer in business': policy('hainan-shangguimo-2025', /taxArrears/),
  'Mutual exclusion with other policies (per person, per loan, per employer, per year)': policy('sd-wengang-2025', /"exclusive"/),
  'Event or class of the region (risk area, Pearl Delta or not)': policy('gd-xiaoshenggui-2025', /notWithin|within/),
  'Stops at death / status loss, at once or next year; backpay': policy('luquan-gaoling', /deathDate/),
  'Nested region overlay (district on top of city)': policy('wuding-daxian-2023', /县级奖励/),
  'CAGR, multi-year average, N consecutive growing years': condition(
    {
      all: [
        { fact: 'grew', operator: 'equal', value: true },
        { fact: 'mean', operator: 'greaterThanInclusive', value: 20 },
      ],
    },
    {
      grew: { text: '连续两月增长', feel: 'consecutive growth(usage, "2026-01", 2)' },
      mean: { text: '三月平均', feel: 'average(usage, "2025-11", "2026-01")' },
    },
    [usage(10, 20, 30), '100.00'],
    [usage(10, 30, 30), 'ineligible'],
    [usage(10, 19, 30), 'ineligible'],
  ),
  'Zero base in the comparison period': condition(
    { all: [{ fact: 'grew', operator: 'equal', value: true }] },
    {
      grew: {
        text: '比上月增长，上月为零的有用电即为增长',
        feel: 'if value at(usage, "2025-12") = 0 then value at(usage, "2026-01") > 0 else growth(usage, "2026-01", "2025-12") > 0.1',
      },
    },
    [usage(1, 0, 5), '100.00'],
    [usage(1, 0, 0), 'ineligible'],
    [usage(1, 10, 11), 'ineligible'],
    [usage(1, 10, 12), '100.00'],
  ),
  'Rank among all subjects (top N)': policy('huangpu-dengling', /"rank"/),
  'External index triggers the policy (CPI)': policy('guilin-liugong-2022', /external\(/),
  'Value as of a given month': policy('guizhou-liugong-2022', /value at\(/),
  'Accumulator over the calendar year': policy('suqian-yiliao', /年/),
  'Money pool of the policy': policy('jinjiang-guishang-2025', /"kind": "limited"/),
  'Implication (only if in industry X, check Y)': condition(
    {
      all: [{ any: [{ not: { fact: 'status', operator: 'equal', value: '低保' } }, { fact: 'income', operator: 'lessThan', value: 500 }] }],
    },
    {},
    [{ status: '普通', income: 900 }, '100.00'],
    [{ status: '低保', income: 400 }, '100.00'],
    [{ status: '低保', income: 900 }, 'ineligible'],
    [{ income: 900 }, 'undetermined'],
  ),
};

export const amountKinds: Readonly<Record<string, Where>> = {
  'Kind `formula`': policy('gaoming-sanpin', /"formula"/),
  'Kind `tiers`': policy('luquan-gaoling', /"tiers"/),
  'Kind `rate`': policy('huangpu-dengling', /"rate": \{/),
  'Kind `per-unit`': policy('gaoming-sanpin', /"perUnit"/),
  'Kind `fixed`': policy('huhehaote-rugui', /"fixed"/),
  'Amount looked up by category': policy('wuding-daxian-2023', /"is": \[/),
  'Cap on the result': policy('huangpu-dengling', /"cap": 1000000/),
  'Sum over list items, each with its own amount (per child, patent, policy, group, certificate)': policy(
    'gaoming-sanpin',
    /for s in valid/,
  ),
  'Several components added up': policy('huangpu-dengling', /"sum": \[/),
  'Step table over one number': policy('luquan-gaoling', /"below": 90/),
  'Per head × yuan': policy('huangshi-kuogang', /"each"/),
  'Table over two or three variables': policy('zs-huoju-dengling-2021', /"when": \{/),
  'Reference value × factor (minimum wage, low-income line, average wage, income per head)': policy('jieyang-shiye', /parameter\(/),
  'Prorated by months or days; limited to N months': award(
    { fixed: { yuan: 1200 }, prorate: { part: 'months', of: 12 } },
    [{ months: 5 }, '500.00'],
    [{ months: 14 }, '1200.00'],
    [{ months: 0 }, '0.00'],
    [{}, '?'],
  ),
  'Cap that varies by tier, or several caps nested, or cap = another field / lifetime / on the base': policy(
    'huangpu-dengling',
    /"cap": \{ "fact": "rdCap" \}/,
  ),
  'Highest of overlapping entitlements / levels': policy('zj-biye-jiuye', /"highest"/),
  'Rate that depends on a tier': policy('suqian-yiliao', /rate|\* 0\.\d/),
  'Increment over last period, or over a threshold': policy('wudi-waimao', /-/),
  'Paid in instalments over years, later parts re-checked': policy('huhehaote-rugui', /"instalments"/),
  'Per each full N of increment or excess': policy('gaoming-sanpin', /floor\(\(s\.mu - 500\) \/ 500\)/),
  'Top-up of the difference to a lower level already paid': policy('qingyang-wenlv', /"deduct"/),
  'Region-dependent unit amount or overlay': policy('wuding-daxian-2023', /州级奖励/),
  'Version by calendar date or index': policy('cn-yuer-butie', /"effective"/),
  'Explicit rounding / remainder rule, fractional count': policy('sd-wengang-2025', /"rounding"/),
  'Multiplier (double, ×3, 20 %)': policy('shaanxi-xuesheng-2019', /"multiplier"/),
  'Floor / not paid below a minimum': award(
    { rate: { base: 'income', rate: '0.1' }, minimum: 20, floor: 50 },
    [{ income: 199 }, '0.00'],
    [{ income: 200 }, '50.00'],
    [{ income: 900 }, '90.00'],
  ),
  'Lower of two (actual vs. standard)': award(
    { lowest: [{ formula: 'expense' }, { fixed: { yuan: 300 } }] },
    [{ expense: 120 }, '120.00'],
    [{ expense: 1200 }, '300.00'],
  ),
  'Marginal (progressive) brackets': award(
    { brackets: { base: 'income', rows: [{ upTo: 1000, rate: '0.5' }, { upTo: 3000, rate: '0.2' }, { rate: '0.1' }] } },
    [{ income: 1000 }, '500.00'],
    [{ income: 2000 }, '700.00'],
    [{ income: 5000 }, '1100.00'],
  ),
  'Percent of the award of a higher level; includes upper-level money': policy('hainan-shangguimo-2025', /paid\(/),
  'Deductible then rate': award(
    { rate: { base: 'expense', rate: '0.6', deductible: 200 } },
    [{ expense: 200 }, '0.00'],
    [{ expense: 1200 }, '600.00'],
  ),
  'Unit price derived from pool ÷ total quantity': {
    rule: {
      conditions: always,
      facts: {
        age: { text: '当月周岁', feel: 'period.end.year - birthDate.year', unit: '岁' },
        price: { text: '单价', pool: { yuan: 100, quantity: 'months', give: 'price', decimals: 2 } },
      },
      award: { perUnit: { yuan: { fact: 'price' }, count: 'months' } },
    },
    cases: [[{ ...old, months: 3 }, '99.99']],
  },
  'Share paid to a third party': {
    rule: {
      conditions: always,
      award: { fixed: { yuan: '100.01' } },
      payees: [
        { share: '1/3', to: { fact: 'spouse' } },
        { share: '2/3', to: null },
      ],
    },
    cases: [[old, '100.01']],
    shared: ['33.33', '66.68'],
  },
  'Fee reduction instead of payment': {
    rule: {
      conditions: always,
      award: { perUnit: { yuan: '2.5', count: 'months' }, cap: 20, reduces: '居民生活用水水费' },
      flow: { first: ['guard', 'notice'], continuing: ['guard'] },
      limits: [{ once: 'period' }],
    },
    cases: [
      [{ ...old, months: 6 }, '15.00'],
      [{ ...old, months: 9 }, '20.00'],
      [old, '?'],
    ],
  },
};

function kid(childId: string, school: string, order: number): Record<string, unknown> {
  return { childId, school, order, childBirth: '2015-01-01', status: '普通' };
}
