// The house rules as a test: which room may import which, where SQL stands, how long a file may be, who may read the clock.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const filesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : /\.tsx?$/.test(entry.name) ? [path] : [];
  });
const sources = filesBelow('src');
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const roomOf = (path: string): string => {
  const parts = path.split('/');
  return parts.length === 2 ? 'entry' : (parts[1] ?? '');
};

/** What each room may import; a room may always import itself. The flow reads from top to bottom. */
const ground = ['base', 'feel', 'rule', 'db', 'vault', 'audit', 'catalogue', 'sheet'];
const allowed: Record<string, readonly string[]> = {
  base: [],
  db: ['base'],
  vault: ['base', 'db'],
  backup: ['base', 'db', 'vault', 'audit'],
  consult: ['base', 'db', 'vault', 'audit'],
  visitor: ['base', 'db', 'vault', 'audit', 'record'],
  sheet: ['base'],
  feel: ['base'],
  rule: ['base', 'feel'],
  audit: ['base', 'db'],
  ledger: ['base', 'db'],
  outbox: ['base', 'db'],
  job: ['base', 'db', 'audit'],
  freeze: ['base', 'db', 'audit'],
  catalogue: ['base', 'feel', 'db', 'audit'],
  policy: [...ground, 'freeze'],
  record: ground,
  ticket: ['base', 'db', 'audit', 'vault', 'outbox'],
  rating: ['base', 'db', 'audit', 'outbox', 'policy', 'disbursement'],
  attest: [...ground, 'record', 'ticket'],
  account: ['base', 'db', 'vault', 'audit', 'sheet', 'record'],
  snapshot: [...ground, 'record'],
  readiness: [...ground, 'policy', 'record', 'snapshot'],
  match: [...ground, 'policy', 'record', 'snapshot', 'readiness', 'ledger', 'outbox'],
  quality: [...ground, 'policy', 'record', 'readiness', 'match'],
  settlement: [...ground, 'policy', 'record', 'snapshot', 'match', 'ledger', 'outbox'],
  opening: [...ground, 'policy', 'record', 'snapshot', 'match', 'settlement', 'ledger'],
  notice: [...ground, 'policy', 'record', 'match', 'settlement', 'ledger', 'outbox'],
  disbursement: [...ground, 'account', 'policy', 'record', 'match', 'settlement', 'ledger', 'outbox'],
  certification: [...ground, 'policy', 'record', 'match', 'settlement', 'disbursement', 'notice', 'outbox'],
  payment: [...ground, 'freeze', 'account', 'policy', 'record', 'match', 'settlement', 'disbursement', 'certification', 'ledger', 'outbox'],
  reconcile: [...ground, 'policy', 'record', 'match', 'settlement', 'disbursement', 'payment', 'ledger'],
  report: [...ground, 'settlement', 'disbursement', 'payment'],
  forecast: [...ground, 'policy', 'record', 'snapshot', 'match', 'settlement', 'disbursement', 'ledger'],
  review: [...ground, 'policy', 'record', 'snapshot', 'match', 'settlement', 'disbursement', 'ledger', 'forecast'],
  sample: ['base', 'catalogue', 'sheet'],
  bench: [...ground, 'record', 'snapshot', 'sample'],
};
const pure = new Set(['base', 'feel', 'rule']);

const importsOf = (path: string): string[] =>
  [...text(path).matchAll(/^\s*(?:import|export)\b[^;]*?\bfrom\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm)].map((m) => m[1] ?? m[2] ?? '');

describe('the house', () => {
  it('has no import that points forward in the flow', () => {
    const wrong = sources.flatMap((path) => {
      const room = roomOf(path);
      if (room === 'web' || room === 'command' || room === 'entry') return [];
      return importsOf(path).flatMap((target) => {
        if (!target.startsWith('.')) return [];
        const to = relative(root, resolve(root, dirname(path), target));
        const toRoom = roomOf(to);
        return toRoom === room || allowed[room]?.includes(toRoom) ? [] : [`${path} → ${to}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  it('keeps the pure rooms pure', () => {
    const wrong = sources
      .filter((path) => pure.has(roomOf(path)))
      .flatMap((path) =>
        importsOf(path)
          .filter((target) => /^(node:|postgres$|drizzle-orm|hono)/.test(target))
          .map((target) => `${path} → ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it('lets nothing into the browser but types and what is pure to the ground, and nobody reaches into the console', () => {
    const inConsole = (path: string) => path.startsWith('src/web/console/');
    /** Imports that are there when the program runs, resolved where they are files of ours. */
    const running = (path: string): string[] =>
      [
        ...text(path).matchAll(
          /^\s*(?:import|export)\b(?!\s+type\b)[^;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm,
        ),
      ]
        .map((m) => m[1] ?? m[2] ?? m[3] ?? '')
        .map((target) => (target.startsWith('.') ? relative(root, resolve(root, dirname(path), target)) : target));
    const impure = new Map<string, string | null>();
    const ground = (path: string): string | null => {
      const known = impure.get(path);
      if (known !== undefined) return known;
      impure.set(path, null);
      const found = running(path).map((target) => {
        if (/^(node:|postgres$|drizzle-orm|hono|vite$)/.test(target)) return `${path} → ${target}`;
        return target.startsWith('src/') ? ground(target) : null;
      });
      const first = found.find((one) => one !== null) ?? null;
      impure.set(path, first);
      return first;
    };
    const leaks = sources.filter(inConsole).flatMap((path) =>
      running(path)
        .filter((target) => target.startsWith('src/') && !inConsole(target))
        .flatMap((target) => (ground(target) === null ? [] : [`${path} → ${target} (${ground(target)})`])),
    );
    expect(leaks).toEqual([]);
    expect(ground('src/web/bundle.ts')).not.toBe(null);
    expect(sources.filter((path) => !inConsole(path) && importsOf(path).some((target) => /\/console\//.test(target)))).toEqual([]);
  });

  it('leads from no screen of the console to an older page', () => {
    expect(sources.filter((path) => path.startsWith('src/web/console/') && /['"`]\/staff\b/.test(text(path)))).toEqual([]);
  });

  it('has one door to SQL per noun', () => {
    const isDoor = (path: string) =>
      /(^|\/)(store|[a-z-]+-store)\.ts$/.test(path) || roomOf(path) === 'db' || path.startsWith('src/audit/');
    const wrong = sources
      .filter((path) => !isDoor(path) && /from 'drizzle-orm|from 'postgres'|\bsql`/.test(text(path)))
      .filter((path) => path !== 'src/web/auth.ts');
    expect(wrong).toEqual([]);
  });

  it('reads the clock only where the program starts', () => {
    const entries = new Set(['src/server.ts', 'src/cli.ts', 'src/worker.ts', 'src/jobs.ts', 'src/start.ts', 'src/demo.ts']);
    const wrong = sources.filter(
      (path) => !entries.has(path) && !path.startsWith('src/db/') && /\bDate\.now\(\)|new Date\(\)/.test(text(path)),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps files short, rooms shallow and names plain', () => {
    const long = sources
      .filter((path) => path !== 'src/db/schema.ts')
      .map((path) => [path, text(path).split('\n').length - 1] as const)
      .filter(([, lines]) => lines > 300);
    expect(long).toEqual([]);
    expect(sources.filter((path) => roomOf(path) !== 'web' && roomOf(path) !== 'sample' && path.split('/').length > 3)).toEqual([]);
    expect(sources.filter((path) => /(^|\/)(utils?|types|helpers?|constants|misc|common)(\.ts|\/)/.test(path))).toEqual([]);
    expect(sources.filter((path) => /export default/.test(text(path))).filter((path) => path !== 'src/worker.ts')).toEqual([]);
  });

  it('opens every file with what lives there', () => {
    expect(sources.filter((path) => !/^(\/\/|\/\*)/.test(text(path)))).toEqual([]);
  });

  it('says nothing of the workplace', () => {
    const folders = ['src', 'test', 'rules', 'drizzle', 'docs', '.ci', '.config'];
    const everything = (folder: string): string[] =>
      readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        // Pixels say nothing, and three letters stand among them by chance.
        if (entry.name === 'node_modules' || entry.name.endsWith('.png')) return [];
        return entry.isDirectory() ? everything(path) : [path];
      });
    const words = new RegExp(['/wo' + 'rk/', 'sub' + 'agent', 'regis' + 'try\\.npm', 'LL' + 'M\\b'].join('|'));
    const files = [
      ...folders.filter((folder) => existsSync(join(root, folder))).flatMap(everything),
      'README.md',
      'README.zh-CN.md',
      'package.json',
    ].filter((path) => {
      try {
        return statSync(join(root, path)).size < 2_000_000;
      } catch {
        return false;
      }
    });
    expect(files.filter((path) => words.test(text(path)))).toEqual([]);
  });
});
