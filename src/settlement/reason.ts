// The sentences settlement leaves behind: plain Chinese, the rule by name, never another person's identity. Also reads a cap's amount.
import { formatYuan, parseYuan } from '../base/amount.ts';
import type { Item, Limit, Yuan } from '../policy/item.ts';
import type { Claim, Reason } from './settlement.ts';

type Of<K extends string> = Extract<Limit, Record<K, unknown>>;

const objects: Readonly<Record<string, string>> = {
  person: '人员',
  graduate: '毕业生',
  child: '子女',
  invoice: '发票',
  machine: '机具',
  patent: '专利',
  loan: '贷款',
  certificate: '证书',
  contract: '合同',
  project: '项目',
  qualification: '资质证书',
  settlement: '就医结算',
  birth: '生育',
};

const caps = { payment: '单笔', 'subject-year': '本年度累计', subject: '累计' } as const;

/** Yuan of a rule file (already checked by `policy/read.ts`) as whole 分; what is no number is refused loudly. */
export const fenOf = (yuan: Yuan): bigint => {
  const fen = parseYuan(String(yuan));
  if (fen === null) throw new RangeError('a rule file holds an amount that is no number');
  return fen;
};

/** 分; null while a cap that is another fact is not known. */
export const capFenOf = (limit: Of<'cap'>, factFen: bigint | null | undefined): bigint | null =>
  typeof limit.cap.yuan === 'object' ? (factFen ?? null) : fenOf(limit.cap.yuan);

/** The rule in the item's own words where it has any, then what became of this line. */
const said = (text: string | undefined, own: string, then: string): string => `${(text ?? own).replace(/[。；，]$/, '')}，${then}。`;

export const claimReason = (item: Item, claim: Claim): Reason => {
  const limit = item.limits.find((l): l is Of<'claim'> => 'claim' in l && l.claim.kind === claim.kind && l.claim.group === claim.group);
  const what = objects[claim.kind] ?? '对象';
  return { rule: 'claim', text: said(limit?.text, `同一${what}在同类政策中只计一次`, '已计入在先的一笔，本笔不再计') };
};

export const reasonTexts = {
  blocked: (why: string) => `本事项暂不兑付：${why}`,
  zero: '核定金额为 0 元。',
  once: (limit: Of<'once'>) =>
    limit.once === 'ever'
      ? said(limit.text, '本事项只能享受一次', '此前已经享受')
      : said(limit.text, '本事项每期只发一次', '本期已经由其他渠道发放'),
  times: (limit: Of<'times'>) =>
    said(
      limit.text,
      `本事项${limit.times.per === 'year' ? '每年' : '累计'}最多 ${limit.times.count} 次`,
      limit.times.per === 'year' ? '本年度已满' : '已满',
    ),
  cap: (limit: Of<'cap'>, capFen: bigint, usedFen: bigint) => {
    const before = usedFen > 0n ? `此前已计 ${formatYuan(usedFen)}，` : '';
    return said(limit.text, `${caps[limit.cap.per]}最多 ${formatYuan(capFen)}`, `${before}超出部分不发`);
  },
  capUnknown: (limit: Of<'cap'>) =>
    `封顶金额依据的指标${typeof limit.cap.yuan === 'object' ? `「${limit.cap.yuan.fact}」` : ''}尚未取得，取得后再核定。`,
  exclusiveLost: (title: string) => `同类政策就高不重复：《${title}》不低于本项，本项不再发放。`,
  exclusiveDifference: (title: string, promisedFen: bigint, leftFen: bigint) =>
    `同类政策就高不重复：《${title}》已核定 ${formatYuan(promisedFen)}，本项补发差额 ${formatYuan(leftFen)}。`,
  collecting: (cutoff: string | null) => (cutoff === null ? '待汇总后统一核定。' : `${cutoff} 截止汇总后统一核定，核定前不承诺金额。`),
  shared: '本年度预算不足以全额发放，按同一比例核定。',
  tooLate: '本年度预算已在截止日后核定完毕，本笔未赶上。',
  choosing: (days: number, titles: string) => `同类政策只能享受一项（${titles}），请在 ${days} 天内选择；逾期按金额最高的发放。`,
  notChosen: (title: string) => `本人已选择《${title}》，同类政策只享受一项，本项不再发放。`,
  waiting: '本年度预算额度已排满，按先后顺序等候，有额度后自动核定。',
  noMore: '本年度预算额度已排满，先按暂停前保留的额度发放。',
  covered: (fen: bigint) => `此前已发 ${formatYuan(fen)}，本次没有需要补发的。`,
  difference: (fen: bigint, moreFen: bigint) => `此前已发 ${formatYuan(fen)}，本次补发差额 ${formatYuan(moreFen)}。`,
  recover: (fen: bigint) => `按最新核定多发 ${formatYuan(fen)}，待追回。`,
  ended: '不再符合条件，停发。',
  stopped: '已按停发决定停发，这一期不再发放。',
  suspended: '有数据暂时无法核实，先暂停；已核定的额度和名额保留，核实后恢复。',
} as const;
