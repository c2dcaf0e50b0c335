// What the notice desk hands out: the letters and the call sheet of whoever asks, within their scope, and the row that says so.
import { civilDay } from '../base/day.ts';
import { transaction } from '../db/handle.ts';
import { notePrinted, waitingLetters } from '../notice/letters-store.ts';
import { contactReader } from '../record/contact-store.ts';
import type { Sheet } from '../sheet/xlsx-write.ts';
import { placeNames } from '../steps.ts';
import type { Staff } from './access.ts';
import { callSheet } from './calls.ts';
import type { WebContext } from './context.ts';
import { lettersPage } from './letters.ts';
import type { Html } from './view.ts';

/** As many as one prints at a time. */
export const mostLetters = 500;

const by = (staff: Staff) => ({ id: staff.userId, role: 'reviewer' });

export const lettersFor = async (web: WebContext, staff: Staff, division: string | null, at: Date): Promise<Html> => {
  const letters = await waitingLetters(web.db, { scope: staff.scope, division, limit: mostLetters });
  await transaction(web.db, (tx) => notePrinted(tx, letters, 'letters', by(staff), at));
  return lettersPage(letters, placeNames(await web.catalogue()));
};

export const sheetFor = async (web: WebContext, staff: Staff, division: string | null, at: Date): Promise<Sheet> => {
  const letters = await waitingLetters(web.db, { scope: staff.scope, division, limit: mostLetters });
  const catalogue = await web.catalogue();
  return await transaction(web.db, async (tx) => {
    await notePrinted(tx, letters, 'calls', by(staff), at);
    return callSheet(tx, letters, contactReader(catalogue, civilDay(at)), placeNames(catalogue));
  });
};
