// `npm test`: everything but test/long and test/bench, on a real PostgreSQL (database-setup.ts).
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { testKeys } from '../test/keys.ts';

// Every test file is a process of its own, and many start more: what they load is compiled once for all.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/zhixiang', import.meta.url));

const long = process.env.ZHIXIANG_TEST_LONG === '1';

const leftOut = ['test/bench/**', ...(long ? [] : ['test/long/**'])];
// Files that put something else in a module's place, or look at the memory of their own process.
const alone = ['test/disbursement/edges.test.ts', ...(long ? ['test/long/import-million.test.ts'] : [])];

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    setupFiles: ['.config/fixed-seed.ts'],
    globalSetup: ['.config/database-setup.ts'],
    reporters: ['default', './.config/reporter.ts'],
    // A key ring of its own, the same in every process a test starts.
    env: { ZHIXIANG_KEYS: testKeys },
    pool: 'forks',
    maxWorkers: 2,
    // What a file loads stays loaded for the next one in its process, a second of computing a file; what a file changes in a module would stay too.
    projects: [
      { extends: true, test: { name: 'together', isolate: false, include: ['test/**/*.test.ts'], exclude: [...leftOut, ...alone] } },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
    // Far above what any test takes: a slow machine is no fault of the product.
    testTimeout: long ? 900_000 : 240_000,
    hookTimeout: 300_000,
  },
});
