// Demo accounts: one per role, random passwords made at first start and kept in a 0600 file beside the demo's own database, so that a later start can print them again.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { everything } from '../base/scope.ts';
import type { Db } from '../db/handle.ts';
import { createAccount } from '../web/account.ts';
import { type Auth, randomPassword } from '../web/auth.ts';
import { type Role, roles } from '../web/role.ts';
import { userIdOf } from '../web/store.ts';

export interface DemoAccount {
  readonly username: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly password: string;
}

/** Made-up names. `officer` makes and `officer2` checks what start publishes. */
const people: readonly Omit<DemoAccount, 'password'>[] = [
  { username: 'officer', name: '程立', roles: ['officer'] },
  { username: 'officer2', name: '方衡', roles: ['officer'] },
  { username: 'steward', name: '舒数', roles: ['steward'] },
  { username: 'reviewer', name: '沈核', roles: ['reviewer'] },
  { username: 'maker', name: '金办', roles: ['finance-maker'] },
  { username: 'checker', name: '钱复', roles: ['finance-checker'] },
  { username: 'head', name: '方总', roles: ['finance-head'] },
  { username: 'issuer', name: '费签', roles: ['finance-issuer'] },
  { username: 'auditor', name: '严审', roles: ['auditor'] },
  { username: 'admin', name: '管安', roles: ['admin'] },
];

export const demoMaker = 'officer';
export const demoChecker = 'officer2';

/** Who acts in `demo`: account ids, so that every paper of it shows a person's name. */
export interface Cast {
  readonly maker: string;
  readonly checker: string;
  readonly reviewer: string;
  readonly financeMaker: string;
  readonly financeChecker: string;
  readonly financeHead: string;
  readonly financeIssuer: string;
}

const cast: Readonly<Record<keyof Cast, string>> = {
  maker: demoMaker,
  checker: demoChecker,
  reviewer: 'reviewer',
  financeMaker: 'maker',
  financeChecker: 'checker',
  financeHead: 'head',
  financeIssuer: 'issuer',
};

/** The same made-up people for the temporary database of `demo`; nobody signs in there, so their passwords are told to no one. */
export const demoCast = async (auth: Auth, db: Db, at: Date): Promise<Cast> => {
  const ids: Partial<Record<keyof Cast, string>> = {};
  for (const [part, username] of Object.entries(cast) as [keyof Cast, string][]) {
    const person = people.find((one) => one.username === username);
    if (person === undefined) throw new Error(`no demo account ${username}`);
    const { userId } = await createAccount(auth, db, { ...person, scope: everything, demo: true }, 'start', at);
    ids[part] = userId;
  }
  return ids as Cast;
};

const fileIn = (dataDir: string) => join(dataDir, 'demo-accounts.json');

/** Makes what is missing. Passwords are written before the accounts, so that a start killed in between still knows them. */
export const demoAccounts = async (auth: Auth, db: Db, dataDir: string, at: Date): Promise<readonly DemoAccount[]> => {
  const file = fileIn(dataDir);
  if (!existsSync(file)) {
    const passwords = Object.fromEntries(people.map((person) => [person.username, randomPassword()]));
    writeFileSync(file, `${JSON.stringify(passwords, null, 2)}\n`, { mode: 0o600 });
  }
  const passwords = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  const accounts: DemoAccount[] = [];
  for (const person of people) {
    const password = passwords[person.username] ?? '';
    accounts.push({ ...person, password });
    if ((await userIdOf(db, person.username)) === null) {
      await createAccount(
        auth,
        db,
        { username: person.username, name: person.name, roles: person.roles, scope: everything, demo: true, password },
        'start',
        at,
      );
    }
  }
  return accounts;
};

export const accountRows = (accounts: readonly DemoAccount[]): readonly (readonly string[])[] =>
  accounts.map((one) => [one.username, one.password, one.roles.map((role) => roles[role]).join('、')]);
