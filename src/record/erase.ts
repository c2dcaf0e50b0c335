// 删除请求 (个人信息保护法第四十七条): what of one person may go goes, and what must stay is named with the reason. What departments delivered for deciding
// benefits is held by duty and not by consent; ways to reach the person are not, and they go.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import type { Catalogue, Dataset } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { removeParts } from './retention-store.ts';

/** Datasets that say nothing but how to reach somebody. */
const contactOnly = ({ columns }: Dataset): boolean => {
  const own = columns.filter((column) => !column.to.startsWith('$'));
  return own.length > 0 && own.every(({ format }) => format === 'phone' || format === 'email');
};

export interface Erasure {
  /** Titles of the datasets whose data about this person are gone. */
  readonly erased: readonly string[];
}

export interface EraseRequest {
  readonly subject: { readonly register: string; readonly subjectId: string };
  /** Two accounts: who takes the request, and who has checked it. */
  readonly maker: string;
  readonly checker: string;
  readonly reason: string;
  readonly at: Date;
}

/** Throws `state.same-person`. The next delivery of a department may bring the same again: the request has to reach it as well. */
export const eraseContacts = async (db: Db, catalogue: Catalogue, request: EraseRequest): Promise<Erasure> => {
  const { subject, maker, checker, reason, at } = request;
  if (maker === checker) fail('state.same-person', '', '经办与复核是同一人。', '请另一位工作人员复核。');
  const datasets = catalogue.datasets.filter((d) => d.register === subject.register && contactOnly(d));
  const gone = await transaction(db, async (tx) => {
    const removed = await removeParts(
      tx,
      subject,
      datasets.map((d) => d.id),
    );
    const entry = { role: 'system', objectKind: 'subject', objectId: subject.subjectId, reason, at } as const;
    await audit(tx, { ...entry, actor: maker, action: 'subject.erase', after: { datasets: removed, checker } });
    await audit(tx, { ...entry, actor: checker, action: 'subject.erase-checked', after: { datasets: removed, maker } });
    return removed;
  });
  return { erased: datasets.filter((d) => gone.includes(d.id)).map((d) => d.title) };
};
