// Looks into the folder and dies where it is told: `node inbox-child.ts <owner url> <folder> <place> <moment>`.
import { day } from '../../src/base/day.ts';
import { takeInbox } from '../../src/record/inbox.ts';
import { killAt } from '../failpoint.ts';
import { openTestDatabase } from '../open.ts';
import { county } from './county.ts';

const [ownerUrl = '', folder = '', place = '', moment = ''] = process.argv.slice(2);
const database = await openTestDatabase({ ownerUrl, maxConnections: 3 });
await takeInbox(database.db, county, { folder, now: new Date(moment), today: day('2026-04-15'), at: killAt(place) });
await database.close();
