// What a fact may be used for: the items its department granted it to, and how it may decide. Asked where a value is read, so that no rule, draft or
// page gets at it by another way; the lint and the publisher ask the same question earlier and politely. Pure.
import { fail } from '../base/problem.ts';
import type { Fact } from './catalogue.ts';

/** For which item somebody reads, and how that item pays. */
export interface Purpose {
  /** The item's id. */
  readonly id: string;
  readonly mode: Way | readonly { readonly mode: Way }[];
}

type Way = 'auto' | 'confirm' | 'apply' | 'push';

export const isGranted = (fact: Pick<Fact, 'purposes'>, item: string): boolean =>
  fact.purposes.includes('*') || fact.purposes.includes(item);

/** `precompute` may find and pre-fill; money it may only decide where the person confirms or applies, so not where any path is automatic. */
export const mayDecide = (fact: Pick<Fact, 'legalUse'>, mode: Purpose['mode']): boolean =>
  fact.legalUse !== 'precompute' || (typeof mode === 'string' ? mode !== 'auto' : mode.every((row) => row.mode !== 'auto'));

/** Throws `scope.purpose` or `scope.legal-use`: reading beyond the grant is no missing datum that could be delivered, it must not happen. */
export const requirePurpose = (fact: Pick<Fact, 'key' | 'label' | 'purposes' | 'legalUse'>, purpose: Purpose): void => {
  if (!isGranted(fact, purpose.id))
    fail(
      'scope.purpose',
      fact.key,
      `“${fact.label}”没有授权用于事项 ${purpose.id}，不能读取。`,
      '先与数源部门商定用途，写入指标目录的 purposes。',
    );
  if (!mayDecide(fact, purpose.mode))
    fail(
      'scope.legal-use',
      fact.key,
      `“${fact.label}”依法只能用于预填，不能由机器直接定${purpose.id}的金额。`,
      '事项改为 confirm（一键确认）或 apply，或换一项依据。',
    );
};
