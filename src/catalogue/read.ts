// Reads the catalogue: from `rules/catalogue/*.json`, or from a published row. Either the whole is right, or every problem is named at once.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../base/canonical.ts';
import { type Problem, problem } from '../base/problem.ts';
import type { Catalogue } from './catalogue.ts';
import { checkCatalogue } from './check.ts';
import { type Parts, partShapes, shapeProblems } from './shape.ts';

export type CatalogueResult =
  | { readonly ok: true; readonly catalogue: Catalogue }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const partNames = Object.keys(partShapes) as (keyof Parts)[];

/** The whole as one object (`registers`, `facts` …): shape first, then how the parts fit. The hash covers what decides, not the notes. */
export const parseCatalogue = (content: Readonly<Record<string, unknown>>): CatalogueResult => {
  const parsed = partNames.map((name) => [name, partShapes[name].safeParse(content[name])] as const);
  const wrong = parsed.flatMap(([name, result]) => (result.success ? [] : shapeProblems(result.error, `/${name}`)));
  if (wrong.length > 0) return { ok: false, problems: wrong };
  const parts = Object.fromEntries(parsed.map(([name, result]) => [name, result.data])) as unknown as Parts;
  const problems = checkCatalogue(parts);
  if (problems.length > 0) return { ok: false, problems };
  const hash = createHash('sha256').update(canonicalJson(parts)).digest('hex');
  return { ok: true, catalogue: { ...parts, hash } as Catalogue };
};

const readJson = async (path: string, name: string, problems: Problem[]): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    problems.push(
      gone
        ? problem('catalogue.no-file', name, `目录缺少文件 ${name}`, '从仓库取回该文件')
        : problem('catalogue.syntax', name, `${name} 不是合法的 JSON`, '用编辑器检查括号、逗号和引号'),
    );
    return null;
  }
};

const listed = async (folder: string): Promise<readonly string[]> => {
  try {
    return (await readdir(folder)).filter((f) => f.endsWith('.json')).sort();
  } catch {
    return [];
  }
};

/** `folder` holds registers, datasets, parameters, external, deliveries, calendar (`.json`), `facts-<register>.json` and `trees/<id>.json`. */
export const readCatalogue = async (folder: string): Promise<CatalogueResult> => {
  const problems: Problem[] = [];
  const single = async (name: string): Promise<unknown> => readJson(join(folder, `${name}.json`), `${name}.json`, problems);
  const factFiles = (await listed(folder)).filter((f) => f.startsWith('facts-'));
  const facts = await Promise.all(factFiles.map((f) => readJson(join(folder, f), f, problems)));
  const trees = await Promise.all(
    (await listed(join(folder, 'trees'))).map((f) => readJson(join(folder, 'trees', f), `trees/${f}`, problems)),
  );
  const [registers, datasets, parameters, external, deliveries, calendar] = await Promise.all(
    ['registers', 'datasets', 'parameters', 'external', 'deliveries', 'calendar'].map(single),
  );
  if (problems.length > 0) return { ok: false, problems };
  return parseCatalogue({ registers, facts: facts.flat(), datasets, trees, parameters, external, deliveries, calendar });
};
