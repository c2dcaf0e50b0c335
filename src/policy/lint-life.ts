// What the life of a disbursement reads must be there: facts that answer a question.
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
  return out;
};
