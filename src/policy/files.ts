// Rule files on disk: `rules/<division>/<id>.json`, the shipped catalogue and the exchange format. Published versions in the database are the truth.
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { problem } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type ReadItem, readItem } from './read.ts';

const maxBytes = 1_000_000;
/** `rules/<division>/<id>.json` */
const shelf = /[/\\]rules[/\\]\d{6}[/\\][^/\\]+$/;

export interface RuleFile {
  readonly path: string;
  /** The item's id; of a file that cannot be read, its name without `.json`. */
  readonly name: string;
  /** null where the text is no JSON. */
  readonly json: unknown;
  readonly result: ReadItem;
}

/** Every rule file below `rules/`, in the order of their paths; the catalogue's own folder is left out. */
export const ruleFilesBelow = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(
      (entry) =>
        entry.isFile() && entry.name.endsWith('.json') && !entry.parentPath.endsWith('catalogue') && !entry.parentPath.endsWith('trees'),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
};

/** Reads and checks one file; whatever is wrong with it is in `result.problems`, never thrown. */
export const readRuleFile = async (path: string, catalogue: Catalogue): Promise<RuleFile> => {
  const name = basename(path, '.json');
  const refuse = (code: 'rule.file' | 'rule.json' | 'rule.name', message: string, hint: string, json: unknown = null): RuleFile => ({
    path,
    name,
    json,
    result: { ok: false, problems: [problem(code, '', message, hint)] },
  });
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return refuse('rule.file', '读不到这个规则文件。', '请检查路径和权限。');
  }
  if (text.length > maxBytes) return refuse('rule.file', '规则文件超过 1 MB。', '一个事项一个文件；名单不写在规则里。');
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return refuse('rule.json', `不是正确的 JSON：${placeOf(text, error as Error)}`, '检查引号、逗号和括号是否成对。');
  }
  const result = readItem(json, catalogue);
  // Among the house's own files the name is how one finds an item; a file from elsewhere may be called anything.
  if (result.ok && result.item.id !== name && shelf.test(resolve(path)))
    return refuse('rule.name', `文件名是 ${name}，里面的编号是 ${result.item.id}。`, '文件名要和编号一样。', json);
  return { path, name: result.ok ? result.item.id : name, json, result };
};

/** Where JSON.parse stopped, as line and column; its message may quote the text, so only the place is used. */
const placeOf = (text: string, error: Error): string => {
  const offset = Number(/position (\d+)/.exec(error.message)?.[1] ?? Number.NaN);
  if (Number.isNaN(offset)) return '文件没有写完';
  const before = text.slice(0, offset).split('\n');
  return `第 ${before.length} 行第 ${(before.at(-1)?.length ?? 0) + 1} 列附近`;
};
