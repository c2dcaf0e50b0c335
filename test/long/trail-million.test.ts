// A million links: the check alone on Node, with a small heap, finds nothing in what is whole and the one place that is not.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, expect, test } from 'vitest';
import { entryHash } from '../../src/audit/audit.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'zhixiang-million-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const links = 1_000_000;
const forgedAt = 700_001;

function* trail(forge: boolean): Generator<string> {
  yield '{"trail":1}\n';
  let previous = '0'.repeat(64);
  for (let n = 1; n <= links; n++) {
    const content = {
      at: new Date(Date.UTC(2026, 0, 1) + n),
      actor: 'import',
      role: 'system',
      scope: null,
      action: 'disbursement.advance',
      objectKind: 'disbursement',
      objectId: `o${n}`,
      detail: { after: { state: 'ready', n } },
      reason: null,
    };
    const hashOf = entryHash(content);
    const hash = createHash('sha256').update(`${previous}\n${n}\n${n}\n${hashOf}`).digest('hex');
    const shown = forge && n === forgedAt ? { ...content, actor: 'nobody' } : content;
    yield `${JSON.stringify({ position: String(n), entryId: String(n), previous, hash, entryHash: hashOf, ...shown })}\n`;
    previous = hash;
  }
  yield `${JSON.stringify({ end: true, links: String(links), head: previous })}\n`;
}

test.each([false, true])('a million links in 64 MB of heap, forged: %s', async (forge) => {
  const file = path.join(directory, `${forge}.jsonl`);
  await pipeline(Readable.from(trail(forge)), createWriteStream(file));
  const began = process.hrtime.bigint();
  const done = spawnSync(process.execPath, ['--max-old-space-size=64', 'src/audit/verify.ts', file], { encoding: 'utf8' });
  console.log(`${Number((process.hrtime.bigint() - began) / 1_000_000n)} ms`);
  expect(done.status).toBe(forge ? 1 : 0);
  expect(done.stdout).toContain(forge ? `第 ${forgedAt} 环` : '完好');
  rmSync(file);
});
