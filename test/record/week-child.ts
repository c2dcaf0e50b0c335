// Brings the week's deliveries and dies where it is told: `node week-child.ts <owner url> <place> <nth>`; place `none` runs to the end.
// Place `naive` is the negative control: it writes the coverage of a delivery before the delivery has landed, on a connection of its own, and dies.

import { killAt } from '../failpoint.ts';
import { openTestDatabase } from '../open.ts';
import { bringWeek } from './week.ts';

const [ownerUrl = '', place = 'none', nth = '1'] = process.argv.slice(2);
const database = await openTestDatabase({ ownerUrl, maxConnections: 2 });
process.stdout.write('open\n');
const naive = async (name: string): Promise<void> => {
  if (name !== 'import.staged') return;
  await database.sql`insert into coverage values ('people', 'citizen', '', '2026-02-01', gen_random_uuid())`;
  await killAt('import.staged')(name);
};
await bringWeek(database, place === 'none' ? undefined : place === 'naive' ? naive : killAt(place, Number(nth)));
await database.close();
