// Reading aloud what an item says of the life of a disbursement: what is asked for, who reviews, applications, recovery, certification.
import { type Said, type Speaker, said } from '../rule/explain.ts';
import type { Certify } from './certify.ts';
import type { Item } from './item.ts';
import type { Ask, Offset, Overpaid, Review, StopTerm } from './life.ts';

const clauseOf = (clause: string | undefined): string => (clause === undefined ? '' : `（${clause}）`);
const term = (days: number | undefined, workingDays: number | undefined): string =>
  days !== undefined ? `${days} 天` : workingDays !== undefined ? `${workingDays} 个工作日` : '';

const sayAsk = (ask: Ask): readonly Said[] => {
  const fields = (ask.fields ?? []).map((f) => (f.options === undefined ? f.label : `${f.label}（${f.options.join('、')}）`));
  const within = term(ask.days, ask.workingDays);
  const late =
    ask.late === 'waive'
      ? `；逾期${ask.named === undefined ? '' : `公示催告 ${ask.named.workingDays} 个工作日后`}视同放弃`
      : within === ''
        ? ''
        : '；逾期继续等待，补齐后续办';
  return [
    ...(fields.length === 0 ? [] : [said(`除收款账户外还要补充：${fields.join('；')}`)]),
    ...(within === '' ? [] : [said(`补充期限 ${within}${late}${clauseOf(ask.clause)}`)]),
  ];
};

const divisions = { town: '乡镇', county: '县区', city: '市', province: '省' } as const;

const sayReview = (review: Review): readonly Said[] =>
  review.levels.length === 0
    ? [said('不设部门审核（停发、暂停仍须一人核过）')]
    : review.levels.map((level, i) => {
        const who = `${level.division === undefined ? '' : divisions[level.division]}审核人员`;
        const need = level.need ?? 'any';
        const how = need === 'any' ? `一名${who}` : need === 'all' ? `全部${who}` : `${need} 名${who}`;
        return said(
          `第${i + 1}级审核“${level.name}”：${how}同意${level.workingDays === undefined ? '' : `，${level.workingDays} 个工作日内`}`,
        );
      });

const sayOverpaid = ({ tellWorkingDays, dueMonths, clause, offset }: Overpaid): readonly Said[] => [
  said(`多发的 ${tellWorkingDays} 个工作日内告知，${dueMonths} 个月内退回${clauseOf(clause)}`),
  ...(offset === undefined ? [] : [said(`没有退回的从以后各期抵扣：${offsetTerms(offset)}${clauseOf(offset.clause)}`)]),
];

const offsetTerms = ({ share, yuan, keepYuan }: Offset): string =>
  [
    share === undefined ? '' : `每笔最多抵 ${Number((Number(share) * 100).toFixed(2))}%`,
    yuan === undefined ? '' : `每期最多抵 ${yuan} 元`,
    keepYuan === undefined ? '' : `每笔至少留下 ${keepYuan} 元`,
  ]
    .filter((part) => part !== '')
    .join('，');

const sayStop = ({ people, clause }: StopTerm): Said => said(`停发由${people === 2 ? '两人' : '一人'}决定${clauseOf(clause)}`);

const sayCertify = (certify: Certify, speaker: Speaker): readonly Said[] => {
  const traces = (certify.silent ?? []).map(({ fact }) => speaker.label(fact) ?? fact);
  const remind = certify.remindAfterDays ?? [];
  return [
    said(`领取人每 ${certify.everyMonths} 个月做一次资格认证，${certify.windowDays} 天内办：${certify.how}（${certify.clause}）`),
    ...(traces.length === 0 ? [] : [said(`部门数据里有新的记录就算认证，不打扰本人：${[...new Set(traces)].join('、')}`)]),
    said(
      `${remind.length === 0 ? '' : `第 ${remind.join('、')} 天提醒；`}第 ${certify.visitAfterDays} 天起列入入户核查名单；` +
        (certify.late === 'suspend' ? '到期没有认证的暂停发放，认证后补发暂停的各期' : '到期没有认证的照常发放，继续核查'),
    ),
  ];
};

export const sayLife = (item: Item, speaker: Speaker): readonly Said[] => [
  ...(item.apply === undefined
    ? []
    : [
        said(
          `申请材料：${item.apply.attachments.map((a) => `${a.title}${a.required === false ? '（可选）' : ''}`).join('、') || '无'}；` +
            `${item.apply.days === undefined ? '' : `${item.apply.days} 天内提交，`}提交后 ${item.apply.reviewWorkingDays} 个工作日内审完`,
        ),
      ]),
  ...(item.ask === undefined ? [] : sayAsk(item.ask)),
  ...(item.review === undefined ? [] : sayReview(item.review)),
  ...(item.objection === undefined
    ? []
    : [
        said(
          `异议 ${item.objection.workingDays} 个工作日内复核${item.objection.withinDays === undefined ? '' : `；不予发放的 ${item.objection.withinDays} 天内可以提`}`,
        ),
      ]),
  ...(item.waived === undefined ? [] : [said(`放弃和视同放弃的 ${item.waived.days} 天内可以恢复`)]),
  ...(item.certify === undefined ? [] : sayCertify(item.certify, speaker)),
  ...(item.overpaid === undefined ? [] : sayOverpaid(item.overpaid)),
  ...(item.stop === undefined ? [] : [sayStop(item.stop)]),
  ...(item.livelihood === undefined ? [] : [said('基本生活类：除文件写明的以外，不从中抵扣')]),
];
