// Reads a view once and dies where it is told: `node pull-child.ts <owner url> <their url> <place>`.
import { day } from '../../src/base/day.ts';
import { departmentViews } from '../../src/record/department-view-store.ts';
import { pullView } from '../../src/record/pull.ts';
import { killAt } from '../failpoint.ts';
import { openTestDatabase } from '../open.ts';
import { county } from './county.ts';

const [ownerUrl = '', theirs = '', place = ''] = process.argv.slice(2);
const database = await openTestDatabase({ ownerUrl, maxConnections: 3 });
const [view] = await departmentViews(database.db);
const options = {
  now: new Date('2026-04-15T02:00:00Z'),
  today: day('2026-04-15'),
  addresses: { ZHIXIANG_SOURCE_TEST: theirs },
  at: killAt(place),
};
if (view !== undefined) await pullView(database.db, county, view, options);
await database.close();
