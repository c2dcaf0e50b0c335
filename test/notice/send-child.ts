// Sends what is due and dies where it is told: `node send-child.ts <owner url> <smtp url> <failpoint> <moment>`; the clock stands still.

import { openMail } from '../../src/notice/mail.ts';
import { send } from '../../src/notice/send.ts';
import { killAt } from '../failpoint.ts';
import { openTestDatabase } from '../open.ts';

const [ownerUrl = '', smtpUrl = '', name = '', moment = ''] = process.argv.slice(2);
const database = await openTestDatabase({ ownerUrl, maxConnections: 2 });
const channel = openMail({ url: smtpUrl, from: '测试县民政局 <notice@test.example>' });
await send(database.db, { lanes: { mail: { channel } }, clock: () => new Date(moment), batch: 3, at: killAt(name) });
channel.close();
await database.close();
