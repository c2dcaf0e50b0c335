// What completing and applying share: the record that waits for its person, and whether what was given would count.
import type { Context } from 'hono';
import { type Tx, transaction } from '../../db/handle.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import type { Item } from '../../policy/item.ts';
import type { Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import type { Html } from '../view.ts';
import { portalPage } from './frame.ts';
import { itemOf, ownRecord, type Visit, visitFor } from './visit.ts';

export interface Asked {
  readonly visit: Visit;
  readonly record: Disbursement;
  readonly item: Pick<Item, 'ask' | 'apply'>;
}

export const askedOf = async (c: Context<Env>, web: WebContext): Promise<Asked> => {
  const visit = await visitFor(c, web, 'answer');
  const { record } = await ownRecord(web, visit, c.req.param('id') ?? '');
  return { visit, record, item: await itemOf(web, record) };
};

export const shell = (c: Context<Env>, { visit, record }: Asked, title: string, body: Html): Html =>
  portalPage(c, { title, for: visit.subject, back: { path: `/my/benefits/${record.id}`, label: record.basis.title }, body });

class Fits extends Error {}

/** The act itself, taken back: throws what it would throw, and nothing stays. */
export const rehearse = async (web: WebContext, act: (tx: Tx) => Promise<unknown>): Promise<void> => {
  try {
    await transaction(web.db, async (tx) => {
      await act(tx);
      throw new Fits();
    });
  } catch (error) {
    if (!(error instanceof Fits)) throw error;
  }
};
