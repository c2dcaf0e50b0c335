// Rule files a command is asked for: files and folders by path, shipped ones by id, all shipped ones when nothing is named.
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { nearest } from '../base/nearest.ts';
import { type Problem, ProblemError, problem } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { readCatalogue } from '../catalogue/read.ts';
import { ruleFilesBelow } from '../policy/files.ts';
import type { CommandContext } from './command.ts';
import { fromCaller, shippedCatalogue, shippedRules } from './place.ts';

export const loadShippedCatalogue = async (): Promise<Catalogue> => {
  const read = await readCatalogue(shippedCatalogue);
  if (!read.ok) throw new ProblemError(read.problems);
  return read.catalogue;
};

const kindOf = async (path: string): Promise<'file' | 'folder' | null> => {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return null;
  }
};

/** One name as paths. A name without `.json` that is no path here is the id of a shipped item; a missing file is left to its reader to tell. */
const pathsOf = async (
  name: string,
  context: CommandContext,
  shipped: () => Promise<readonly string[]>,
): Promise<readonly string[] | Problem> => {
  const path = fromCaller(name, context.env);
  const kind = await kindOf(path);
  if (kind === 'folder') return ruleFilesBelow(path);
  if (kind === 'file' || name.endsWith('.json')) return [path];
  const files = await shipped();
  const found = files.find((file) => basename(file, '.json') === name);
  if (found !== undefined) return [found];
  const near = nearest(
    name,
    files.map((file) => basename(file, '.json')),
  );
  return problem(
    'missing.rule',
    name.slice(0, 60),
    '没有这个规则文件，随附的规则里也没有这个编号。',
    near.length > 0 ? `是不是 ${near.join('、')}？` : '写文件的路径，或随附事项的编号。',
  );
};

export const ruleFilesFor = async (context: CommandContext, names: readonly string[]): Promise<readonly string[]> => {
  let known: readonly string[] | null = null;
  const shipped = async () => {
    known ??= await ruleFilesBelow(shippedRules);
    return known;
  };
  if (names.length === 0) return shipped();
  const paths: string[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    const found = await pathsOf(name, context, shipped);
    if ('code' in found) problems.push(found);
    else paths.push(...found);
  }
  if (problems.length > 0) throw new ProblemError(problems);
  return [...new Set(paths)];
};
