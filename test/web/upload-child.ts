// The real server for tests that kill it: `node upload-child.ts <owner url> <data dir>`; prints its address when it listens.
import { readConfig } from '../../src/config.ts';
import { serve } from '../../src/server.ts';
import { testKeys } from '../keys.ts';
import { openTestDatabase } from '../open.ts';

const [ownerUrl = '', dataDir = ''] = process.argv.slice(2);
const database = await openTestDatabase({ ownerUrl, maxConnections: 4 });
const config = readConfig({
  DATABASE_URL: ownerUrl,
  ZHIXIANG_DATA: dataDir,
  ZHIXIANG_KEYS: testKeys,
  PORT: '0',
  LOG_LEVEL: 'silent',
  BETTER_AUTH_SECRET: 'test-secret-test-secret-test-secret',
});
const web = await serve({ config, database, demo: false });
process.stdout.write(`${web.address}\n`);
