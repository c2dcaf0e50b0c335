// What the pages and the API of notice texts share: a text as a real recipient of an item would read it, noted as a look at that person, and how an office
// is named and reached in every notice.
import type { Context } from 'hono';
import { isPhone } from '../base/codes.ts';
import { civilDay } from '../base/day.ts';
import { oneLine } from '../base/invisible.ts';
import { fail } from '../base/problem.ts';
import { transaction } from '../db/handle.ts';
import { insertOffice } from '../notice/around-store.ts';
import type { Office } from '../notice/field.ts';
import { type Preview, previewNotice } from '../notice/preview.ts';
import type { TemplateName } from '../notice/template-table.ts';
import { contactReader } from '../record/contact-store.ts';
import { placeNames } from '../steps.ts';
import { type Env, type Staff, staffOf } from './access.ts';
import type { WebContext } from './context.ts';
import { noteLook } from './look.ts';

/** The text in force; the name is masked and the code is none. `missing.record` where the caller's scope holds no record of the item. */
export const textFor = async (web: WebContext, c: Context<Env>, template: TemplateName, itemId: string): Promise<Preview> => {
  const catalogue = await web.catalogue();
  const today = civilDay(c.get('now'));
  const label = (fact: string): string => catalogue.facts.find((one) => one.key === fact)?.label ?? fact;
  const options = { today, read: contactReader(catalogue, today), label, place: placeNames(catalogue) };
  const ask = { template, itemId, subjectId: null, scope: staffOf(c).scope };
  const preview = await transaction(web.db, (tx) => previewNotice(tx, ask, options));
  const looked = { subjectId: preview.subjectId, view: 'notice', itemId, facts: [] } as const;
  await noteLook(web, c, { reason: 'handle', order: `preview-${template}` }, looked);
  return preview;
};

/** Whether the caller speaks for this authority. */
export const speaksFor = (staff: Staff, authority: string): boolean => staff.scope.authorities?.includes(authority) ?? true;

/** From now on every notice of the authority names this office. `input.office` for anything that could not stand in a letter. */
export const tellOffice = async (web: WebContext, staff: Staff, authority: string, given: Office, at: Date): Promise<void> => {
  const office = {
    name: oneLine(given.name).slice(0, 100),
    phone: given.phone.normalize('NFKC').trim(),
    address: oneLine(given.address).slice(0, 200),
    hours: oneLine(given.hours).slice(0, 100),
  };
  const empty = ([office.name, office.address, office.hours] as const).some((text) => text === '');
  if (empty) fail('input.office', '', '名称、地址和办公时间都要写。', '照门牌和公开的电话簿写，收的人凭它自己找到单位。');
  if (!isPhone(office.phone)) fail('input.office', '/phone', '电话写得不对。', '写成 0871-68910000 或手机号，写公开的办公电话。');
  await transaction(web.db, (tx) => insertOffice(tx, authority, office, { id: staff.userId, role: 'officer' }, at));
};
