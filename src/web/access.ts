// Who may use a route. Every route names its roles with `access(…)`; a test walks the route table and fails on one without.
import { createMiddleware } from 'hono/factory';
import { ProblemError, problem } from '../base/problem.ts';
import type { DeliveryToken } from '../record/upload-store.ts';
import type { Visitor } from '../visitor/visitor.ts';
import { mustBeCompatible, type Role, roles } from './role.ts';
import type { StaffAccount } from './store.ts';

/** The signed-in member of staff: the account, and the session it came with. */
export interface Staff extends Omit<StaffAccount, 'leftAt'> {
  readonly sessionToken: string;
  readonly sessionId: string;
}

export interface Env {
  /** `token`: a department's program, in place of a person; `formToken`: what the visitor's forms carry. */
  Variables: { staff: Staff | null; token: DeliveryToken | null; visitor: Visitor | null; formToken: string | null; now: Date };
}

export type Allowed = Role | 'public' | 'staff' | 'token' | 'visitor';
const declared = new WeakMap<object, readonly Allowed[]>();
/** Whom a handler made by `access` lets through; undefined for any other handler. */
export const allowedBy = (handler: object): readonly Allowed[] | undefined => declared.get(handler);

/** Where whoever has no second factor yet may go: to bind one, and out. */
const beforeBinding = /^\/(?:staff\/(?:two-factor|sign-out)|api\/session\/(?:two-factor|sign-out))(?:\/|$)/;

/**
 * Lets through whoever holds one of the roles; `public` lets everybody through, `staff` anybody signed in, `token` a program with a delivery token,
 * `visitor` whoever signed in at the portal; what a visitor sees and does there is bound to the subject of the visit by the handler.
 * Refuses with `auth.sign-in` (401), `auth.two-factor` or `scope.role` (403).
 */
export const access = (...allowed: readonly Allowed[]) => {
  const middleware = createMiddleware<Env>(async (c, next) => {
    const program = allowed.includes('token') && c.get('token') !== null;
    const visiting = allowed.includes('visitor') && c.get('visitor') !== null;
    if (!allowed.includes('public') && !program && !visiting) {
      const staff = c.get('staff');
      if (!staff) throw new ProblemError([problem('auth.sign-in', '', '请先登录。', '登录后会回到这一页。')]);
      if (!staff.twoFactor && !staff.demo && !beforeBinding.test(c.req.path))
        throw new ProblemError([
          problem('auth.two-factor', '', '请先绑定动态口令。', '打开“动态口令”页，用手机验证器扫码后输入六位数字。'),
        ]);
      mustBeCompatible(staff.roles);
      if (!allowed.includes('staff') && !staff.roles.some((role) => allowed.includes(role)))
        throw new ProblemError([
          problem(
            'scope.role',
            '',
            '您的岗位没有办理这件事的权限。',
            `需要：${allowed.map((role) => (role in roles ? roles[role as Role] : role)).join('、')}。请联系系统管理员。`,
          ),
        ]);
    }
    await next();
  });
  declared.set(middleware, allowed);
  return middleware;
};

/** Whoever signed in at the portal, for handlers behind `access('visitor')`. */
export const visitorIn = (c: { get(key: 'visitor'): Visitor | null }): Visitor => {
  const visitor = c.get('visitor');
  if (!visitor) throw new ProblemError([problem('auth.sign-in', '', '请先登录。', '登录后会回到这一页。')]);
  return visitor;
};

/** The signed-in member of staff, for handlers behind `access`. */
export const staffOf = (c: { get(key: 'staff'): Staff | null }): Staff => {
  const staff = c.get('staff');
  if (!staff) throw new ProblemError([problem('auth.sign-in', '', '请先登录。', '登录后会回到这一页。')]);
  return staff;
};
