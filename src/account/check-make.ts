// Making a list of accounts to be tried, letting it out, sending it back. One person makes it, another lets it out by naming the hash of the file; only then
// are its accounts being tried, and only then may the file leave.
import { randomInt, randomUUID } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, transaction } from '../db/handle.ts';
import { mustBeReconciled } from '../db/restored.ts';
import { bytesContent } from '../sheet/content.ts';
import { keepFile } from '../vault/kept.ts';
import { type CheckList, type CheckRow, type ListMethod, listStates, mostRows, referenceOf } from './check.ts';
import { checkFile } from './check-file.ts';
import * as store from './check-store.ts';
import { noteUses } from './store.ts';
import { moveChecks } from './verify.ts';

export interface CheckActor {
  readonly id: string;
  readonly role: string;
  readonly scope: Scope;
}

export interface MakeAsk {
  readonly method: ListMethod;
  readonly template: string;
  /** null: of all items within the scope. */
  readonly itemIds: readonly string[] | null;
  /** Those that failed before and were put right since, instead of those nobody tried. */
  readonly again: boolean;
  readonly limit?: number | undefined;
}

const entry = (actor: CheckActor, action: string, list: Pick<CheckList, 'id'>, after: unknown, at: Date, reason: string | null = null) => ({
  ...{ actor: actor.id, role: actor.role, action, objectKind: 'account_check', objectId: list.id },
  ...{ after, reason, at },
});

/** 1 to 99 分, each by chance: whoever says the right one has seen the account. */
const smallAmount = (): bigint => BigInt(randomInt(1, 100));

/** Throws `missing.accounts` where there is nothing to try, `input.template`, `input.encoding`, `conflict.check`. */
export const makeCheck = async (db: Db, ask: MakeAsk, actor: CheckActor, at: Date): Promise<CheckList> => {
  const found = await store.candidates(db, { ...ask, scope: actor.scope, limit: Math.min(ask.limit ?? mostRows, mostRows) });
  if (found.length === 0)
    fail(
      'missing.accounts',
      '',
      ask.again ? '没有验证未通过、等着再验证的账户。' : '没有等着验证的账户。',
      '预填了收款账户、又没有验证过的才列进名单。',
    );
  const id = randomUUID();
  const amounts = found.map(() => (ask.method === 'small-amount' ? smallAmount() : null));
  const bytes = await checkFile(
    ask.template,
    ask.method,
    found.map(({ name, account, bank, bankCode }, i) => {
      const reference = referenceOf(id, i + 1);
      return { reference, name, account, bank: bank ?? '', bankCode: bankCode ?? '', amountFen: amounts[i] ?? null };
    }),
  );
  // Kept before it is named: a file nobody names is swept away, a name without its file would be a list nobody can send.
  const kept = await keepFile(db, bytesContent(bytes), at);
  const rows = found.map(({ account, bank: _b, bankCode: _c, payeeSubjectId: _p, ...row }, i): CheckRow => {
    return { ...row, position: i + 1, tail: account.slice(-4), amountFen: amounts[i] ?? null };
  });
  const totalFen = amounts.reduce<bigint>((sum, one) => sum + (one ?? 0n), 0n);
  const { method, template } = ask;
  const head = { id, method, template, state: 'made' as const, rows: rows.length, totalFen, fileSha256: kept.sha256, madeBy: actor.id };
  const list: CheckList = { ...head, madeAt: at, decidedBy: null, decidedAt: null, reason: null };
  await transaction(db, async (tx) => {
    await store.lockMaking(tx);
    if (await store.onOtherList(tx, rows))
      fail('conflict.check', '', '另一份名单刚刚列进了同样的账户，没有重复做。', '先放行或作废那一份。');
    await noteUses(
      tx,
      found.map(({ subjectId, payeeSubjectId, account }) => ({ subjectId, holderSubjectId: payeeSubjectId, account, source: 'told' })),
      at,
    );
    await store.insertList(tx, list, rows);
    const after = { method, template, rows: rows.length, file: kept.sha256, again: ask.again, totalFen: String(totalFen) };
    await audit(tx, entry(actor, 'account-check.make', list, after, at));
  });
  return list;
};

/** The list, locked, as it stands; `missing.check` outside the scope. */
export const lockedList = async (tx: Parameters<typeof store.lockList>[0], id: string, scope: Scope): Promise<CheckList> => {
  await store.lockList(tx, id);
  return (
    (await store.checkList(tx, id, scope)) ??
    fail('missing.check', '', '没有这份账户验证名单，或者不在您的范围内。', '编号见 payee checks。')
  );
};

const requireMade = (list: CheckList, what: string): void => {
  if (list.state !== 'made') fail('state.check', list.id, `这份名单${listStates[list.state]}，不能${what}。`, '请刷新后查看它现在的状态。');
};

/** Lets the file out and marks its accounts as being tried. Throws `scope.two-people`, `conflict.check-file`, `state.check`. */
export const releaseCheck = (db: Db, id: string, sha256: string, actor: CheckActor, at: Date): Promise<CheckList> =>
  transaction(db, async (tx) => {
    await mustBeReconciled(tx);
    const list = await lockedList(tx, id, actor.scope);
    requireMade(list, '放行');
    if (list.madeBy === actor.id) fail('scope.two-people', '', '名单是您做的，不能由您放行。', '请另一位财政复核人员放行。');
    if (list.fileSha256 !== sha256)
      fail('conflict.check-file', '/sha256', '文件哈希与名单不符，没有放行。', '请重新打开名单核对后再放行。');
    const decided = { state: 'released' as const, by: actor.id, at, reason: null };
    await store.decideList(tx, id, decided);
    const evidence = { list: id, file: list.fileSha256 };
    await moveChecks(
      tx,
      (await store.checkRows(tx, id)).map(({ accountIndex, subjectId }) => ({
        ...{ accountIndex, subjectId, method: list.method, evidence },
        to: ({ state }) => (state === 'unverified' || state === 'failed' ? ('pending' as const) : null),
      })),
      { actor: actor.id, role: actor.role, at },
    );
    await audit(tx, entry(actor, 'account-check.release', list, { file: sha256, rows: list.rows }, at));
    return { ...list, state: decided.state, decidedBy: actor.id, decidedAt: at };
  });

/** A list that never left. */
export const cancelCheck = (db: Db, id: string, reason: string, actor: CheckActor, at: Date): Promise<CheckList> =>
  transaction(db, async (tx) => {
    const list = await lockedList(tx, id, actor.scope);
    requireMade(list, '作废');
    if (reason.trim().length < 2) fail('input.reason', '/reason', '没有写作废的原因。', '一两句话即可。');
    const decided = { state: 'cancelled' as const, by: actor.id, at, reason: reason.trim().slice(0, 500) };
    await store.decideList(tx, id, decided);
    await audit(tx, entry(actor, 'account-check.cancel', list, null, at, decided.reason));
    return { ...list, state: decided.state, decidedBy: actor.id, decidedAt: at, reason: decided.reason };
  });

/** The hash under which the file is kept, with the leaving noted. Throws `state.check` before it was let out. */
export const takeCheckFile = (db: Db, id: string, actor: CheckActor, at: Date): Promise<CheckList> =>
  transaction(db, async (tx) => {
    // Small amounts are money as well.
    await mustBeReconciled(tx);
    const list = await lockedList(tx, id, actor.scope);
    if (list.state !== 'released')
      fail('state.check', id, `这份名单${listStates[list.state]}，文件不能取走。`, '由另一位财政人员核对放行后再取。');
    await audit(tx, entry(actor, 'account-check.file', list, { file: list.fileSha256 }, at));
    return list;
  });
