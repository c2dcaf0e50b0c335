// Visitors for tests of the portal, who have come in by the unified identity.
import { transaction } from '../../src/db/handle.ts';
import { allPowers, comeIn } from '../../src/visitor/visitor.ts';
import { visitCookie } from '../../src/web/guard.ts';
import type { TestDatabase } from '../database.ts';
import { type Browser, browser, type TestApp } from '../web/app.ts';

/** This citizen: everything their own, nothing else. */
export const comeInAs = async (database: TestDatabase, test: TestApp, subjectId: string): Promise<Browser> => {
  const acting = { register: 'citizen', subjectId, as: 'own', powers: allPowers } as const;
  const arrival = { way: 'oidc', personId: subjectId, personName: null, acting, now: test.clock } as const;
  const one = browser(test);
  one.cookies.set(visitCookie, await transaction(database.db, (tx) => comeIn(tx, arrival)));
  return one;
};
