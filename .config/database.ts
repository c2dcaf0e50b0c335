// `npm run -s db:generate`: writes drizzle/0000_init.sql anew from the schema, while nothing is released (afterwards: a new numbered file by hand or
// by drizzle-kit). `npm run -s db:snapshot`: writes drizzle/schema.sql from a database that the migrations have just made.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeSchema } from '../src/db/describe.ts';
import { openEmbedded } from '../src/db/embedded.ts';
import { connect } from '../src/db/handle.ts';
import { migrate } from '../src/db/migrate.ts';

const project = path.join(import.meta.dirname, '..');

/** `export` prints the statements and nothing else: no journal, no timestamps, no snapshot files. */
const generate = (): void => {
  const kit = path.join(project, 'node_modules', 'drizzle-kit', 'bin.cjs');
  const args = [kit, 'export', '--dialect', 'postgresql', '--schema', 'src/db/*schema.ts'];
  const run = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  if (run.status !== 0 || !run.stdout.includes('CREATE TABLE')) throw new Error(`drizzle-kit export failed\n${run.stdout}${run.stderr}`);
  const head = '-- Generated from src/db/*schema.ts by `npm run -s db:generate`; do not edit while nothing is released.\n';
  writeFileSync(path.join(project, 'drizzle', '0000_init.sql'), `${head}${run.stdout.trim()}\n`);
};

const snapshot = async (): Promise<void> => {
  const server = await openEmbedded({
    dataDir: mkdtempSync(path.join(tmpdir(), 'zhixiang-schema-')),
    nowMs: Date.now(),
    temporary: true,
    durable: false,
  });
  try {
    await migrate({ ownerUrl: server.url });
    const sql = connect(server.url, { max: 1, statementTimeoutMs: 60_000 });
    writeFileSync(path.join(project, 'drizzle', 'schema.sql'), await describeSchema(sql));
    await sql.end();
  } finally {
    await server.stop();
  }
};

switch (process.argv[2]) {
  case 'generate':
    generate();
    await snapshot();
    break;
  case 'snapshot':
    await snapshot();
    break;
  default:
    console.error('usage: database.ts generate | snapshot');
    process.exitCode = 2;
}
