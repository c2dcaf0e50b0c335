// Who stands before the portal in its pictures: visits begun without the doors, which have pictures of their own, and the pressing of a button.
import type { Page } from 'playwright-core';
import { everything } from '../base/scope.ts';
import { calendarOf } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import type { Planted } from '../sample/plant.ts';
import type { StepContext } from '../steps.ts';
import { type Acting, type As, allPowers, comeIn, powersOf } from '../visitor/visitor.ts';
import { visitCookie } from '../web/guard.ts';

export interface Ground {
  readonly db: Db;
  /** May take a table away for the page of an unforeseen error. */
  readonly owner: Db;
  readonly steps: StepContext;
  readonly planted: readonly Planted[];
}

/** Signs somebody in without the doors, which have pictures of their own; the cookie lasts as long as a visit does. */
export const visitAs = async (ground: Ground, acting: Acting | null, personId: string | null, way: 'oidc' | 'link' = 'oidc') => ({
  [visitCookie]: await transaction(ground.db, (tx) => comeIn(tx, { way, personId, personName: null, acting, now: ground.steps.now() })),
});

export const visitOf = (ground: Ground, subject: { readonly register: string; readonly subjectId: string }, as?: As) => {
  const one = as ?? (subject.register === 'citizen' ? 'own' : 'legal');
  const acting: Acting = {
    register: subject.register,
    subjectId: subject.subjectId,
    as: one,
    powers: as === 'link' ? powersOf('link') : allPowers,
  };
  return visitAs(
    ground,
    acting,
    as === undefined && subject.register === 'citizen' ? subject.subjectId : null,
    as === 'link' ? 'link' : 'oidc',
  );
};

/** As a reviewer would act. */
export const actOf = ({ steps }: Ground, id: string) => ({
  id,
  actor: { id: 'reviewer', role: 'reviewer' },
  scope: everything,
  now: steps.now(),
  today: steps.today,
  calendar: calendarOf(steps.catalogue),
});

export const press = async (page: Page, button: string): Promise<number | undefined> => {
  const [answer] = await Promise.all([
    page.waitForResponse((one) => one.request().isNavigationRequest()),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  await page.waitForLoadState();
  return answer.status();
};
