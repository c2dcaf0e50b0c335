// Who must find out why a promise was broken: the auditors and administrators in office, by name.
import { type Role, roles } from './role.ts';
import type { StaffAccount } from './store.ts';

const watching: readonly Role[] = ['auditor', 'admin'];

/** `审计张三、系统管理员李四`, auditors first. */
export const watchersOf = (accounts: readonly StaffAccount[]): string => {
  const named = watching.flatMap((role) =>
    accounts.filter((one) => one.leftAt === null && one.roles.includes(role)).map((one) => `${roles[role]}${one.name}`),
  );
  return named.length === 0 ? '审计和系统管理员（还没有这样的在职账号）' : named.join('、');
};
