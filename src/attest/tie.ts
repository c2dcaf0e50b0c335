// Nobody attests for himself, for relatives, or, where the county says so, for the division he lives in.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { divisionPrefix } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Tx } from '../db/handle.ts';
import { readSetting, writeSetting } from '../db/setting-store.ts';
import type { SubjectRecord } from '../record/record.ts';
import { recordById } from '../record/store.ts';
import type { Attester } from './attest.ts';
import { deleteTie, insertTie, selvesOf, type Tie, tiesOf } from './tie-store.ts';

const rulesKey = 'attest-rules';

export interface AttestRules {
  /** True: nobody attests for subjects of the division he lives in. */
  readonly notOwnDivision: boolean;
}

export const attestRules = async (tx: Tx): Promise<AttestRules> =>
  (await readSetting<AttestRules>(tx, rulesKey)) ?? { notOwnDivision: false };

export const setAttestRules = async (
  tx: Tx,
  rules: AttestRules,
  by: { readonly id: string; readonly role: string },
  at: Date,
): Promise<void> => {
  const before = await attestRules(tx);
  await writeSetting(tx, rulesKey, rules, at);
  await audit(tx, {
    actor: by.id,
    role: by.role,
    action: 'attest.rules',
    objectKind: 'setting',
    objectId: rulesKey,
    before,
    after: rules,
    at,
  });
};

/** Keys of the subjects a record links to, at any time. */
const linkedKeys = (record: SubjectRecord | null, links: ReadonlySet<string>): readonly unknown[] =>
  Object.entries(record?.facts ?? {}).flatMap(([fact, cells]) => (links.has(fact) ? cells.map((cell) => cell.v) : []));

/** The officer, a declared relative, or whoever stands in the officer's record or has the officer in his own (spouse, guardian, own firm; at any time). */
const isTied = async (
  tx: Tx,
  catalogue: Catalogue,
  userId: string,
  ties: readonly Tie[],
  subject: Pick<SubjectRecord, 'subjectId' | 'key' | 'register'>,
) => {
  if (ties.some((tie) => tie.kind !== 'home' && tie.target === subject.subjectId)) return true;
  const links = new Set(catalogue.facts.filter((f) => f.type === 'link').map((f) => f.key));
  const his = linkedKeys(await recordById(tx, subject.register, subject.subjectId), links);
  for (const { register, subjectId } of await selvesOf(tx, userId)) {
    const self = await recordById(tx, register, subjectId);
    if (self !== null && (his.includes(self.key) || linkedKeys(self, links).includes(subject.key))) return true;
  }
  return false;
};

/** Refuses with `scope.tie`; which tie it is is not told, because it may be another person's. */
export const requireUntied = async (
  tx: Tx,
  catalogue: Catalogue,
  actor: Attester,
  subject: Pick<SubjectRecord, 'subjectId' | 'key' | 'register' | 'division'>,
): Promise<void> => {
  const ties = await tiesOf(tx, actor.id);
  if (await isTied(tx, catalogue, actor.id, ties, subject))
    fail('scope.tie', '', '这个对象与您本人有关，不能由您核定。', '请由与其无亲属、任职关系的同事办理。');
  if (!(await attestRules(tx)).notOwnDivision) return;
  const { division } = subject;
  const homes = ties.filter((tie) => tie.kind === 'home');
  if (division !== null && homes.some((tie) => division.startsWith(divisionPrefix(tie.target))))
    fail('scope.tie', '', '这个对象在您本人居住的区划内，按本地规定不能由您核定。', '请由其他区划的同事办理。');
};

/** Declares or takes back a tie; each leaves its audit row. False: nothing changed. */
export const declareTie = async (
  tx: Tx,
  tie: Tie,
  holds: boolean,
  by: { readonly id: string; readonly role: string },
  at: Date,
): Promise<boolean> => {
  const changed = holds ? await insertTie(tx, tie, by.id, at) : await deleteTie(tx, tie);
  if (changed)
    await audit(tx, {
      actor: by.id,
      role: by.role,
      action: holds ? 'attest.tie' : 'attest.untie',
      objectKind: 'staff_tie',
      objectId: tie.userId,
      after: { kind: tie.kind, target: tie.target },
      at,
    });
  return changed;
};
