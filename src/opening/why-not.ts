// Why somebody on the list would not be paid, in a line or two each: the conditions that fail, or the data that is missing. Pure.
import { type ExplainedNode, explainTrace, type Speaker, sayMissing } from '../rule/explain.ts';
import type { Decision } from '../rule/facts.ts';
import type { Ready } from '../rule/ready.ts';

const cite = (clause: string | null): string => (clause === null ? '' : `（${clause}）`);

/** Of an unmet group only what makes it so: in `all` every unmet part, in `any` all of them together, under `not` what must not be. */
const unmet = (node: ExplainedNode): readonly string[] => {
  switch (node.kind) {
    case 'leaf':
      return [`${node.text}${cite(node.clause)}：实际为${node.actual ?? '缺数据'}`];
    case 'any':
      return [`以下各项一项也不满足${cite(node.clause)}：${node.children.flatMap(unmet).join('；')}`];
    case 'not':
      return [
        `不应有的情形${cite(node.clause)}：${node.children.map((child) => (child.kind === 'leaf' ? `${child.text}（实际为${child.actual ?? '缺数据'}）` : child.text)).join('；')}`,
      ];
    default:
      return node.children.filter((child) => child.truth === false).flatMap(unmet);
  }
};

/** `ready` are the conditions the decision was made of. Never empty for a decision that is not eligible. */
export const whyNot = (decision: Decision, ready: Ready, speaker: Speaker): readonly string[] => {
  if (decision.verdict === 'eligible') return [];
  if (decision.verdict === 'undetermined') return [...new Set(decision.missing.map((one) => `待核：${sayMissing(one, speaker)}`))];
  const said = unmet(explainTrace(decision.trace, ready, speaker));
  return said.length > 0 ? said : ['没有一项符合发放条件的内容。'];
};
