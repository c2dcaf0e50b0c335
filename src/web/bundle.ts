// The console as files a browser loads: built by Vite from `console/` into `dist/console`, known by the hash of what it was built from. The last files of an
// earlier build stay, so that a page opened before goes on working.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = fileURLToPath(new URL('./console/', import.meta.url));
export const consoleFolder = join(root, 'dist', 'console');
const noteFile = join(consoleFolder, 'build.json');

/** What a build says of itself. */
export interface Bundle {
  /** Of the sources, the lock file and this file. */
  readonly hash: string;
  /** Sources that went in, from the project's root. */
  readonly files: readonly string[];
  /** Everything a browser loads before it shows the first page, compressed. */
  readonly baseBytes: number;
  readonly assets: readonly string[];
}

const hashOf = (files: readonly string[]): string => {
  const whole = createHash('sha256');
  for (const file of [...files, 'package-lock.json', 'src/web/bundle.ts']) {
    const path = join(root, file);
    whole.update(`${file}\n`).update(existsSync(path) ? readFileSync(path) : 'gone');
  }
  return whole.digest('hex');
};

/** The build that stands, or null. */
export const bundleBuilt = (): Bundle | null => {
  if (!existsSync(noteFile)) return null;
  try {
    return JSON.parse(readFileSync(noteFile, 'utf8')) as Bundle;
  } catch {
    return null;
  }
};

/** The build that stands if it was made from the sources as they are now, else null. */
export const freshBundle = (): Bundle | null => {
  const built = bundleBuilt();
  return built !== null && hashOf(built.files) === built.hash ? built : null;
};

/** Of Vite's answer, what is read here. */
interface Chunk {
  readonly type: 'chunk' | 'asset';
  readonly fileName: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly moduleIds?: readonly string[];
  readonly viteMetadata?: { readonly importedCss: ReadonlySet<string> };
}

/** The entry with all it imports at once, styles included. */
const baseOf = (chunks: readonly Chunk[]): ReadonlySet<string> => {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const found = new Set<string>();
  const take = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    const chunk = byName.get(name);
    for (const more of [...(chunk?.imports ?? []), ...(chunk?.viteMetadata?.importedCss ?? [])]) take(more);
  };
  for (const chunk of chunks) if (chunk.isEntry === true) take(chunk.fileName);
  return found;
};

const compressed = (bytes: Buffer): Buffer => gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });

/** Builds anew. Two at once do no harm: every file but the two written last bears its content's hash. */
export const buildBundle = async (): Promise<Bundle> => {
  // React's production build is chosen by this name alone.
  process.env.NODE_ENV = 'production';
  const [{ build }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')]);
  mkdirSync(consoleFolder, { recursive: true });
  const temporary = mkdtempSync(join(dirname(consoleFolder), '.console-'));
  try {
    const answer = (await build({
      root: sources,
      configFile: false,
      envDir: false,
      mode: 'production',
      base: '/console/',
      logLevel: 'warn',
      cacheDir: join(temporary, 'cache'),
      plugins: [react()],
      build: {
        outDir: join(temporary, 'out'),
        emptyOutDir: true,
        assetsInlineLimit: 0,
        reportCompressedSize: false,
        chunkSizeWarningLimit: 4_000,
        modulePreload: { polyfill: false },
      },
    })) as { output: readonly Chunk[] } | readonly { output: readonly Chunk[] }[];
    const chunks = (Array.isArray(answer) ? answer : [answer]).flatMap((one) => one.output as readonly Chunk[]);
    return landBundle(join(temporary, 'out'), chunks);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
};

/** Assets first, then the page that names them, then the note that says it is whole. */
const landBundle = (out: string, chunks: readonly Chunk[]): Bundle => {
  const before = bundleBuilt();
  const assets = readdirSync(join(out, 'assets'));
  const base = baseOf(chunks);
  let baseBytes = 0;
  mkdirSync(join(consoleFolder, 'assets'), { recursive: true });
  for (const name of assets) {
    const bytes = readFileSync(join(out, 'assets', name));
    const small = compressed(bytes);
    if (base.has(`assets/${name}`)) baseBytes += small.length;
    place(join(consoleFolder, 'assets', name), bytes);
    place(join(consoleFolder, 'assets', `${name}.gz`), small);
  }
  const keep = new Set([...assets, ...(before?.assets ?? [])].flatMap((name) => [name, `${name}.gz`]));
  const modules = chunks.flatMap((chunk) => chunk.moduleIds ?? []).map((id) => id.replace(/\?.*$/, ''));
  // Styles of a page loaded later are a chunk Vite takes out again, so that no chunk names them.
  const styles = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.css'));
  const own = [
    ...new Set(
      [join(sources, 'index.html'), ...styles.map((name) => join(sources, name)), ...modules].filter(
        (id) => id.startsWith(root) && !id.includes('node_modules'),
      ),
    ),
  ];
  const files = own.map((id) => relative(root, id)).toSorted();
  const bundle: Bundle = { hash: hashOf(files), files, baseBytes, assets };
  place(join(consoleFolder, 'index.html'), readFileSync(join(out, 'index.html')));
  place(noteFile, Buffer.from(JSON.stringify(bundle, null, 1)));
  for (const name of readdirSync(join(consoleFolder, 'assets')))
    if (!keep.has(name)) rmSync(join(consoleFolder, 'assets', name), { force: true });
  return bundle;
};

/** Whole or not at all. */
const place = (path: string, bytes: Buffer): void => {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, bytes);
  renameSync(draft, path);
};
