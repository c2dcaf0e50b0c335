// One person seen whole, for the API and the command line: asked for with a purpose and a work order, allowed by the table of roles, written down before the
// answer leaves; a refusal is written down too.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type LookPurpose, lookReasons } from '../consult/consult.ts';
import { insertLook } from '../consult/store.ts';
import { type Part, partNames, partsFor, reasonsFor } from '../consult/unmask.ts';
import { type Db, transaction } from '../db/handle.ts';
import { recordById } from '../record/store.ts';
import { type Subject, subjectById } from '../record/view-store.ts';

export interface Unmasked {
  readonly subjectId: string;
  readonly register: string;
  /** Absent: not for this role and reason. */
  readonly number?: string;
  readonly name?: string | null;
  /** Phone numbers, mail addresses and accounts as departments delivered them, those that are allowed. */
  readonly facts: readonly {
    readonly fact: string;
    readonly label: string;
    readonly value: string;
    readonly department: string;
    readonly title: string;
    readonly asOf: string | null;
  }[];
}

export interface Asking {
  readonly userId: string;
  readonly roles: readonly string[];
  readonly scope: Scope;
}

const partOf = { phone: 'contact', email: 'contact', account: 'account' } as const;

/** Facts by which somebody is reached or paid, with the part each belongs to: what a dataset delivers as a phone, a mail address or an account. */
const contactFacts = (catalogue: Catalogue, register: string): ReadonlyMap<string, Part> =>
  new Map(
    catalogue.datasets
      .filter((d) => d.register === register)
      .flatMap((d) =>
        d.columns.flatMap(({ to, format }): [string, Part][] =>
          format === 'phone' || format === 'email' || format === 'account' ? [[to, partOf[format]]] : [],
        ),
      ),
  );

const factsOf = async (db: Db, catalogue: Catalogue, subject: Subject, parts: readonly Part[]): Promise<Unmasked['facts']> => {
  const wanted = contactFacts(catalogue, subject.register);
  if (!parts.includes('contact') && !parts.includes('account')) return [];
  const record = await recordById(db, subject.register, subject.subjectId);
  const labels = new Map(catalogue.facts.filter((f) => f.register === subject.register).map((f) => [f.key, f.label]));
  const datasets = new Map(catalogue.datasets.map((d) => [d.id, d]));
  return Object.entries(record?.facts ?? {}).flatMap(([fact, cells]) => {
    const part = wanted.get(fact);
    if (part === undefined || !parts.includes(part)) return [];
    return cells.flatMap(({ d, v }) =>
      typeof v !== 'string'
        ? []
        : [
            {
              fact,
              label: labels.get(fact) ?? fact,
              value: v,
              department: datasets.get(d)?.department ?? '',
              title: datasets.get(d)?.title ?? d,
              asOf: record?.provenance[d]?.asOf ?? null,
            },
          ],
    );
  });
};

/** null: nobody of that id within the scope. Throws `scope.unmask` where role and reason allow nothing. */
export const unmask = async (
  db: Db,
  catalogue: Catalogue,
  ask: { readonly who: Asking; readonly subjectId: string; readonly purpose: LookPurpose; readonly at: Date },
): Promise<Unmasked | null> => {
  const { who, purpose, at } = ask;
  const subject = await subjectById(db, ask.subjectId, who.scope);
  if (subject === null) return null;
  const { subjectId, register } = subject;
  const parts = partsFor(who.roles, purpose.reason);
  const role = who.roles.join(',');
  const entry = {
    ...{ actor: who.userId, role, scope: who.scope, objectKind: 'subject', objectId: subjectId, at },
    reason: `${lookReasons[purpose.reason]} ${purpose.order}`,
  };
  if (parts.length === 0) {
    await transaction(db, (tx) => audit(tx, { ...entry, action: 'subject.unmask-refused', after: { reason: purpose.reason } }));
    const may = reasonsFor(who.roles).map((reason) => `${reason} ${lookReasons[reason]}`);
    fail(
      'scope.unmask',
      'reason',
      '您的岗位不能以这个事由查看未遮盖的资料，这次请求已留痕。',
      may.length === 0 ? '需要时请由审核、财政或审计岗位的人员办理。' : `您的岗位可用的事由：${may.join('、')}。`,
    );
  }
  const facts = await factsOf(db, catalogue, subject, parts);
  await transaction(db, async (tx) => {
    const look = { ...purpose, actor: who.userId, role, subjectId, view: 'unmasked', itemId: null, at };
    await insertLook(tx, { ...look, facts: [...new Set(facts.map((one) => one.fact))].sort() });
    await audit(tx, { ...entry, action: 'subject.unmask', after: { reason: purpose.reason, order: purpose.order, parts } });
  });
  return {
    subjectId,
    register,
    ...(parts.includes('number') ? { number: subject.key } : {}),
    ...(parts.includes('name') ? { name: subject.name } : {}),
    facts,
  };
};

/** For people: what was shown. */
export const unmaskedLines = (one: Unmasked): readonly string[] => [
  ...(one.number === undefined ? [] : [`${partNames.number}：${one.number}`]),
  ...(one.name === undefined ? [] : [`${partNames.name}：${one.name ?? '—'}`]),
  ...one.facts.map((fact) => `${fact.label}：${fact.value}（${fact.department}《${fact.title}》，${fact.asOf ?? '—'}）`),
];
