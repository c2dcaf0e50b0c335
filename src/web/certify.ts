// What the API, the pages and the command line share of 资格认证: which turns, in whose name a visit is written down, and the list as a file.
import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { type Day, parseDay } from '../base/day.ts';
import { divisionPrefix } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type CertificationState, certificationStates, visitResults, visitWays } from '../certification/certification.ts';
import { type ListAsk, type Listed, listTurns } from '../certification/store.ts';
import { recordVisit, type VisitReport } from '../certification/visit.ts';
import { visitSheet } from '../certification/visit-list.ts';
import type { Db } from '../db/handle.ts';
import { transaction } from '../db/handle.ts';
import { divisionName } from '../record/lookup.ts';
import type { Sheet } from '../sheet/xlsx-write.ts';
import type { ActContext } from './acts.ts';
import { actOf } from './life.ts';
import type { Role } from './role.ts';
import type { StaffAccount } from './store.ts';

const day = z
  .string()
  .refine((text) => parseDay(text) !== null, '须为日期，写作 2026-04-15')
  .transform((text) => text as Day);

export const visitBody = z.strictObject({
  code: z.string().max(60),
  result: z.enum(Object.keys(visitResults) as [keyof typeof visitResults]),
  way: z.enum(Object.keys(visitWays) as [keyof typeof visitWays]).default('home'),
  visitedOn: day,
  visitor: z.string().max(100),
  note: z.string().max(1_000).optional(),
  document: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '须为 64 位十六进制哈希')
    .optional(),
  diedOn: day.optional(),
});

export const visitRoles: readonly Role[] = ['reviewer'];

type Asking = Pick<StaffAccount, 'userId' | 'roles' | 'scope'>;

/** One visit in one transaction, in the name of a reviewer. */
export const doVisit = async (context: ActContext, staff: Asking, body: z.infer<typeof visitBody>): Promise<VisitReport> => {
  const act = await actOf(context, staff, visitRoles);
  return transaction(context.db, (tx) => recordVisit(tx, { ...act, ...body }));
};

export const certificationKinds = Object.keys(certificationStates) as readonly CertificationState[];

/** Whoever somebody has to go and see: on the list, and those kept back. */
export const visitStates: readonly CertificationState[] = ['visiting', 'suspended'];

export const mostListed = 5_000;

/** Turns within the scope, villages together; `village` is a division's code and takes in whatever lies below it. */
export const turnsFor = (
  db: Db,
  ask: Pick<ListAsk, 'scope' | 'states'> & {
    readonly item?: string | undefined;
    readonly village?: string | undefined;
    readonly limit?: number;
  },
): Promise<readonly Listed[]> =>
  listTurns(db, {
    scope: ask.scope,
    states: ask.states,
    itemId: ask.item,
    prefix: ask.village === undefined ? undefined : divisionPrefix(ask.village),
    limit: ask.limit ?? mostListed,
  });

/** The visit list with whole names, for whoever goes there; who took it and how many it names is written down. */
export const takeVisitList = async (
  db: Db,
  ask: Parameters<typeof turnsFor>[1] & {
    readonly catalogue: Catalogue;
    readonly actor: { readonly id: string; readonly role: string };
    readonly at: Date;
  },
): Promise<{ readonly sheet: Sheet; readonly people: number }> => {
  const { actor, at, catalogue, item, village } = ask;
  const rows = await turnsFor(db, ask);
  await transaction(db, (tx) =>
    audit(tx, {
      ...{ at, actor: actor.id, role: actor.role, action: 'certification.list', objectKind: 'visit-list', objectId: item ?? '*' },
      after: { people: rows.length, village: village ?? null },
    }),
  );
  const place = (code: string | null) => (code === null ? '' : divisionName(catalogue, code));
  return { sheet: visitSheet(rows, place), people: rows.length };
};
