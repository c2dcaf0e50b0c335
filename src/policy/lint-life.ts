// What the life of a disbursement reads must be there: facts that answer a question, traces that carry a day.
import { isGranted } from '../catalogue/purpose.ts';
import type { Trace } from './certify.ts';
import { type Finding, finding, type Looked } from './lint-look.ts';

export const life = (l: Looked): readonly Finding[] => {
  const { item } = l.compiled;
  const factOf = (key: string) => l.catalogue.facts.find((fact) => fact.key === key && fact.register === item.audience);
  const out: Finding[] = [];
  (item.ask?.fields ?? []).forEach((field, i) => {
    if (field.fact !== undefined && factOf(field.fact) === undefined)
      out.push(
        finding('life', `/ask/fields/${i}/fact`, `指标目录里没有 ${field.fact.slice(0, 40)}`, '换成目录里这个对象的指标，或删去 fact'),
      );
  });
  (item.certify?.silent ?? []).forEach((trace, i) => {
    out.push(...traceFindings(l, trace, `/certify/silent/${i}`));
  });
  // What a person lives on is known by its name as well; whoever keeps something back from it must have meant to.
  if (item.overpaid?.offset !== undefined && item.livelihood !== true && livelihood.test(item.title))
    out.push(
      finding(
        'livelihood',
        '/overpaid/offset',
        '看名称是基本生活类的补助，却从中抵扣多发的钱',
        '文件写明可以抵扣的，标明是基本生活类（livelihood），写明至少保留多少元（keepYuan）；没有写明的，删去抵扣（offset）',
      ),
    );
  return out;
};

const livelihood = /低保|最低生活|特困|孤儿|事实无人抚养|基本生活|残疾人|困难群众|流浪|高龄|临时救助/;

/** A trace names a fact of this subject that carries a day, granted to the item, from a dataset that delivers it. */
const traceFindings = (l: Looked, trace: Trace, at: string): readonly Finding[] => {
  const { item } = l.compiled;
  const fact = l.catalogue.facts.find((one) => one.key === trace.fact && one.register === item.audience);
  if (fact === undefined)
    return [finding('life', `${at}/fact`, `指标目录里没有 ${trace.fact.slice(0, 40)}`, '换成目录里这个对象的指标，或删去')];
  const out: Finding[] = [];
  if (!isGranted(fact, item.id))
    out.push(finding('purpose', `${at}/fact`, `“${fact.label}”没有授权用于本事项`, '先与数源部门商定用途，写入指标目录的 purposes'));
  if (trace.dataset !== undefined && !fact.datasets.includes(trace.dataset))
    out.push(
      finding('life', `${at}/dataset`, `“${fact.label}”不由 ${trace.dataset.slice(0, 40)} 报送`, `可用：${fact.datasets.join('、')}`),
    );
  const field = fact.fields?.find((one) => one.key === trace.field);
  const dated = fact.type === 'list' ? field?.type === 'date' : trace.field === undefined && ['date', 'series'].includes(fact.type);
  if (!dated || fact.key === 'deathDate')
    out.push(
      finding(
        'life',
        at,
        `“${fact.label}”说不出哪一天见到过本人`,
        '用日期、带日期字段的清单（写明 field）或按期的数列，户籍这样的名册不算',
      ),
    );
  return out;
};
