// Looking up one person or firm: the search that leaves a trace, and the one subject's view that pages and the API share.
import { randomUUID } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { isAccount, isCitizenId, isUscc, maskId, maskText, plainCode } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type LookPurpose, lookReasons } from '../consult/consult.ts';
import { transaction } from '../db/handle.ts';
import type { Disbursement } from '../disbursement/disbursement.ts';
import { listObjections, type Objection } from '../disbursement/objection-store.ts';
import { listDisbursements, subjectsPaidOn } from '../disbursement/store.ts';
import { answersOf, type StandingAnswer } from '../match/overview-store.ts';
import { listMatches, type MatchSummary } from '../match/store.ts';
import type { Notice } from '../notice/notice.ts';
import { listNotices } from '../notice/store.ts';
import { type OwnPayment, paymentsOf } from '../payment/own-store.ts';
import type { VersionView } from '../policy/view-store.ts';
import { findSubjects, type Subject, subjectById } from '../record/view-store.ts';
import type { Staff } from './access.ts';
import type { WebContext } from './context.ts';
import { itemsFor } from './items.ts';
import { reasonsOf } from './person-why.ts';
import type { MissingNote } from './why.ts';
import { personName, shown } from './words.ts';

const mostFound = 20;

export interface Found {
  readonly subjectId: string;
  readonly register: string;
  readonly name: string;
  /** Masked to its last four. */
  readonly key: string;
  readonly division: string | null;
}

export const foundOf = (subject: Subject): Found => ({
  subjectId: subject.subjectId,
  register: subject.register,
  name: personName(subject.register, subject.name),
  key: maskId(subject.key),
  division: subject.division,
});

export interface Search {
  readonly who: string;
  /** In words of one's own, or a reason with its work order. */
  readonly purpose: string | LookPurpose;
}

/** Who, and why as the trail keeps it: a work order is no number of anybody's, free words may hold one. */
const checked = (search: Search): { readonly who: string; readonly reason: string } => {
  const who = search.who.trim();
  if (who.length < 2 || who.length > 100)
    fail('input.who', '/who', '请写要查的人或单位。', '写完整的身份号码、统一社会信用代码、收款账号，或完整姓名。');
  if (typeof search.purpose !== 'string') return { who, reason: `${lookReasons[search.purpose.reason]} ${search.purpose.order}` };
  const purpose = search.purpose.trim();
  if (purpose.length < 2 || purpose.length > 200)
    fail('input.purpose', '/purpose', '请写明查询事由。', '例如：核对本人来电反映的高龄津贴。事由会留痕。');
  return { who, reason: maskText(shown(purpose), 200) };
};

/** By identity number, USCC, account or name, within the scope. Leaves one audit row: who looked, why, whom it showed; never what was typed. */
export const searchPeople = async (
  web: WebContext,
  staff: Staff,
  search: Search,
  at: Date,
): Promise<{ readonly rows: readonly Found[]; readonly more: boolean }> => {
  const { who, reason } = checked(search);
  const code = plainCode(who);
  const byKey = isCitizenId(code) || isUscc(code) || /^[0-9A-Z]{15,20}$/.test(code);
  const limit = mostFound + 1;
  // An account may have as many digits as an identity number: such a search looks for both.
  const paid = isAccount(code) ? { subjectIds: await subjectsPaidOn(web.db, code, { scope: staff.scope, limit }) } : null;
  const wanted = { ...paid, ...(byKey ? { key: code } : {}), ...(byKey || paid !== null ? {} : { name: who }) };
  const found = await findSubjects(web.db, { scope: staff.scope, ...wanted, limit });
  const rows = found.slice(0, mostFound);
  await transaction(web.db, (tx) =>
    audit(tx, {
      actor: staff.userId,
      role: staff.roles.join(','),
      scope: staff.scope,
      action: 'subject.search',
      objectKind: 'subject-search',
      objectId: randomUUID(),
      after: {
        by: (paid?.subjectIds.length ?? 0) > 0 ? 'account' : byKey || paid !== null ? 'key' : 'name',
        found: rows.map((row) => row.subjectId),
      },
      reason,
      at,
    }),
  );
  return { rows: rows.map(foundOf), more: found.length > mostFound };
};

export interface PersonItem {
  readonly published: VersionView;
  /** The last period an item was decided for. */
  readonly answer: StandingAnswer;
  /** Why not, or what is missing, in a sentence; null where the answer is yes, or nothing can be said. */
  readonly reason: string | null;
  /** What nobody told, and who should have. */
  readonly missing: readonly MissingNote[];
}

export interface PersonView {
  /** Fact paths read for the reasons shown, sorted. */
  readonly facts: readonly string[];
  readonly subject: Subject;
  readonly items: readonly PersonItem[];
  readonly matches: readonly MatchSummary[];
  readonly disbursements: readonly Disbursement[];
  readonly notices: readonly Notice[];
  /** Of the records above, newest first. */
  readonly payments: readonly OwnPayment[];
  readonly objections: readonly Objection[];
}

/** null when nobody of that id is within the scope. */
export const personView = async (web: WebContext, subjectId: string, scope: Scope): Promise<PersonView | null> => {
  const subject = await subjectById(web.db, subjectId, scope);
  if (subject === null) return null;
  const register = subject.register;
  const items = (await itemsFor(web, scope)).filter(({ item }) => (item.audience === 'enterprise' ? 'enterprise' : 'citizen') === register);
  const answers = await answersOf(
    web.db,
    subject,
    items.map((one) => one.itemId),
  );
  const ask = { scope, filter: { subjectId }, limit: 100 } as const;
  const [matches, disbursements, notices, paid, objections] = await Promise.all([
    listMatches(web.db, { scope, subjectId, limit: 200 }),
    listDisbursements(web.db, ask),
    listNotices(web.db, ask),
    paymentsOf(web.db, subjectId, 200),
    listObjections(web.db, { scope, subjectId, limit: 50 }),
  ]);
  const own = new Set(disbursements.rows.map((one) => one.id));
  const answered = items.flatMap((published) => {
    const answer = answers.get(published.itemId);
    return answer === undefined ? [] : [{ published, answer }];
  });
  const { reasons, facts } = await reasonsOf(web, subject, answered);
  return {
    subject,
    facts,
    items: answered.map((one) => ({ ...one, ...(reasons.get(one.published.itemId) ?? { reason: null, missing: [] }) })),
    matches: matches.rows,
    disbursements: disbursements.rows,
    notices: notices.rows,
    payments: paid.filter((one) => own.has(one.disbursementId)),
    objections: objections.rows,
  };
};
