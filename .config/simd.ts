// `npm run -s build:simd`: compiles src/snapshot/simd.as.ts and simd-rows.as.ts and writes the bytes into src/snapshot/simd-wasm.ts, as text: Workers bundle no files.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

const project = path.join(import.meta.dirname, '..');
export const simdFile = path.join(project, 'src', 'snapshot', 'simd-wasm.ts');
const sources = ['simd.as.ts', 'simd-rows.as.ts'];

/** The module's text as `simd-wasm.ts` should hold it. */
export const compileSimd = async (): Promise<string> => {
  let bytes: Uint8Array | null = null;
  const text = (name: string): string => readFileSync(path.join(project, 'src', 'snapshot', name), 'utf8');
  const options = [...sources, '-o', 'simd.wasm', '-O3', '--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noAssert'];
  const { error, stderr } = await asc.main(options, {
    readFile: (name) => (sources.includes(name) ? text(name) : null),
    writeFile: (_name, content) => {
      if (typeof content !== 'string') bytes = content;
    },
    listFiles: () => [],
  });
  if (error !== null || bytes === null) throw new Error(`asc failed\n${stderr.toString()}`);
  const base64 = Buffer.from(bytes).toString('base64');
  return `// Made by \`npm run -s build:simd\` from simd.as.ts and simd-rows.as.ts; do not edit.\nexport const wasm =\n  '${base64}';\n`;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(simdFile, await compileSimd());
