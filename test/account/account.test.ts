// Accounts: the order of sources on a day, names in other spellings, shared accounts, and the check before the first payment.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AccountUse, accountFor, sharedAccount } from '../../src/account/account.ts';
import { compareHolder } from '../../src/account/holder.ts';
import { noteUses, useOf, usesOf } from '../../src/account/store.ts';
import { checkEdges, checkStates, isVerified, moveChecks } from '../../src/account/verify.ts';
import { type Day, day } from '../../src/base/day.ts';
import { transaction } from '../../src/db/handle.ts';
import type { ResolvedRecord } from '../../src/record/resolve.ts';
import { accountIndex } from '../../src/vault/account.ts';
import { testDatabase } from '../database.ts';

const database = testDatabase();
const at = new Date('2026-04-15T02:00:00Z');
const asOf = day('2026-04-01');

const record = (facts: Record<string, unknown>, register = 'citizen'): ResolvedRecord => ({
  register,
  subjectId: randomUUID(),
  key: 'k',
  ordinal: 0,
  name: '张三',
  division: null,
  facts: Object.fromEntries(
    Object.entries(facts).map(([fact, v]) => [
      fact,
      { cells: (Array.isArray(v) ? v : [{ v }]).map((c: { v: unknown; from?: Day; to?: Day }) => ({ dataset: 'd', asOf, ...c })) as never },
    ]),
  ),
});

describe('which account', () => {
  const card = { account: '6217000010001234567', bankName: '样例银行', accountName: '张三' };
  const insurance = {
    insuranceAccount: [
      { v: '6217000010000000001', from: '2025-01-01', to: '2026-03-01' },
      { v: '6217000010000000002', from: '2026-03-01', to: null },
    ],
  };

  test('the first source in the item’s order that tells one on the day, with the reason and without the number', () => {
    const both = record({ ...card, ...insurance });
    expect(accountFor(both, ['card', 'insurance'], asOf).chosen).toMatchObject({ source: 'card', account: card.account, bank: '样例银行' });
    expect(accountFor(both, ['insurance', 'card'], day('2026-02-28')).chosen?.account).toBe('6217000010000000001');
    expect(accountFor(both, ['insurance', 'card'], day('2026-03-01')).chosen?.account).toBe('6217000010000000002');
    const early = accountFor(both, ['insurance', 'card'], day('2024-12-31'));
    expect(early.chosen?.source).toBe('card');
    expect(early.why).toEqual(['缴纳社会保险的账户：没有报送', '社会保障卡账户：采用，数据日期2026年4月1日']);
    expect(early.why.join()).not.toContain(card.account);
  });

  test('a guardian’s account is the guardian’s, and only where the item names it', () => {
    const [child, guardian] = [record({}), record(card)];
    expect(accountFor(child, ['card'], null, guardian).chosen).toBeNull();
    expect(accountFor(child, ['card', 'guardian'], null, guardian).chosen?.holderSubjectId).toBe(guardian.subjectId);
    expect(accountFor(child, ['guardian'], null).why).toEqual(['监护人账户：没有监护人信息']);
    const odd = accountFor(record({ account: '不是账号' }), ['card', 'public'], null);
    expect(odd.why).toEqual(['社会保障卡账户：账号格式不对', '对公账户：这类对象没有']);
  });
});

describe('the name on the account', () => {
  test.each([
    ['阿不都·买买提', '阿不都•买买提', 'same'],
    ['阿不都·买买提', '阿不都买买提', 'same'],
    ['张　三', '张三', 'same'],
    ['样例（集团）有限公司', '样例(集团)有限公司', 'same'],
    ['\ue863', '䶮', 'same'],
    ['王\ue854', '王龺', 'same'],
    ['吕强', '呂強', 'variant'],
    ['张三', '张四', 'different'],
    ['张三', '', 'different'],
    ['样例有限公司', '样例有限责任公司', 'different'],
  ])('%s / %s: %s', (payee, holder, expected) => expect(compareHolder(payee, holder)).toBe(expected));

  test('is symmetric, and a name is always its own', () => {
    const name = fc.string({ unit: fc.constantFrom(...'张三吕呂强強·• 　A\ue863䶮') });
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(compareHolder(a, b)).toBe(compareHolder(b, a));
        if (/[\p{L}\ue863]/u.test(a)) expect(compareHolder(a, a)).toBe('same');
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  test('knows the old private codes by the national code table itself', () => {
    const decoder = new TextDecoder('gb18030');
    for (let i = 0; i < 80; i++) {
      const byte = 0x50 + i + (0x50 + i >= 0x7f ? 1 : 0);
      const now = decoder.decode(Uint8Array.of(0xfe, byte));
      // Six places the decoder itself leaves in private use.
      if (/[\ue000-\uf8ff]/.test(now)) continue;
      expect(compareHolder(`王${String.fromCharCode(0xe815 + i)}`, `王${now}`)).toBe('same');
    }
  });
});

describe('several on one account', () => {
  const use = (subjectId: string, holderSubjectId = subjectId): AccountUse => ({ subjectId, holderSubjectId });
  test('two owners are flagged, a guardian with two children is allowed, one is nobody’s business', () => {
    expect(sharedAccount([use('a')])).toBeNull();
    expect(sharedAccount([use('a'), use('b')])).toEqual({ beneficiaries: 2, allowed: false });
    expect(sharedAccount([use('c1', 'g'), use('c2', 'g')])).toEqual({ beneficiaries: 2, allowed: true });
    expect(sharedAccount([use('g'), use('c1', 'g')])).toEqual({ beneficiaries: 2, allowed: true });
    expect(sharedAccount([use('c1', 'g'), use('c2', 'h')])?.allowed).toBe(false);
  });
});

describe('before the first payment', () => {
  const number = '6217000010001234567';
  const [a, b] = [randomUUID(), randomUUID()];
  const move = (to: (typeof checkStates)[number]) =>
    transaction(database.db, (tx) => {
      const evidence = { file: 'f'.repeat(64), line: '3' };
      const ask = { accountIndex: accountIndex(tx, number), subjectId: a, method: 'bank-file' as const, evidence, to: () => to };
      return moveChecks(tx, [ask], { actor: 'finance', role: 'finance-maker', at });
    });

  test('an account is tried by the table of states, with evidence and audit; the number stands nowhere', async () => {
    expect(await move('pending')).toBe(0);
    await transaction(database.db, async (tx) => {
      for (const ids of [[a], [a, b]])
        await noteUses(
          tx,
          ids.map((id) => ({ subjectId: id, holderSubjectId: id, account: number, source: 'card' })),
          at,
        );
    });
    const index = accountIndex(database.db, number);
    expect(sharedAccount(await usesOf(database.db, index))).toEqual({ beneficiaries: 2, allowed: false });
    expect(await move('verified')).toBe(0);
    expect([await move('pending'), await move('failed'), await move('pending'), await move('verified')]).toEqual([1, 1, 1, 1]);
    const verified = (id: string) => transaction(database.db, async (tx) => isVerified(await useOf(tx, index, id)));
    expect([await verified(a), await verified(b)]).toEqual([true, false]);
    const rows = await database.sql<{ text: string }[]>`select to_jsonb(p)::text as text from payee_account p`;
    expect(rows.map((row) => row.text).join()).not.toContain(number);
    expect(await database.sql`select 1 from audit_entry where action = 'account.check'`).toHaveLength(4);
  });

  test('every state is reached from unverified', () => {
    const reached = new Set<string>(['unverified']);
    for (let n = 0; n < 4; n++) for (const s of checkStates) if (reached.has(s)) for (const t of checkEdges[s]) reached.add(t);
    expect(reached.size).toBe(checkStates.length);
  });
});
