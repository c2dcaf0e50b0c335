// What a reviewer types as a value, read by the fact's type exactly as an import would read it. Pure.
import { type Problem, ProblemError, problem } from '../base/problem.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import { type CellReader, type CellType, cellReader, readPeriod } from '../record/cell.ts';
import { treeOf } from '../record/lookup.ts';
import type { CellValue } from '../record/record.ts';

/** Text for one value, an object of periods for a series, an array of objects for a list; null says "seen, and there is none". */
export type TypedValue = string | null | Readonly<Record<string, string | null>> | readonly Readonly<Record<string, string | null>>[];

const columnOf = (catalogue: Catalogue, fact: Fact, key: string) =>
  catalogue.datasets.filter((d) => fact.datasets.includes(d.id)).flatMap((d) => d.columns.filter((c) => c.to === key))[0];

const keyFormat = (catalogue: Catalogue, register: string | undefined): CellType['format'] => {
  const kind = catalogue.registers.find((r) => r.id === register)?.key;
  return kind === 'text' ? undefined : kind;
};

const readerFor = (
  catalogue: Catalogue,
  fact: Fact,
  part: Pick<Fact, 'key' | 'values' | 'tree'> & { readonly type: Fact['type'] },
): CellReader => {
  const column = columnOf(catalogue, fact, part.key);
  const linked = part.type === 'link' ? keyFormat(catalogue, fact.to) : undefined;
  const type = part.type === 'link' || part.type === 'list' ? 'text' : part.type === 'series' ? 'number' : part.type;
  return cellReader({
    type,
    values: part.values,
    format: column?.format ?? linked,
    separator: column?.separator,
    ...(part.tree === undefined || !catalogue.trees.some((t) => t.id === part.tree) ? {} : { tree: treeOf(catalogue, part.tree) }),
    ...(fact.every === undefined ? {} : { every: fact.every }),
  });
};

const shapeProblem = (fact: Fact, message: string): Problem =>
  problem('input.value', '/value', `“${fact.label}”${message}`, '见 attest enter --help 的写法。');

const readOne = (read: CellReader, text: string, at: string, problems: Problem[]): CellValue => {
  const answer = read(text.trim());
  if ('v' in answer) return answer.v;
  problems.push(problem('input.value', at, answer.fault.message, answer.fault.hint));
  return null;
};

/** Throws every problem at once (`input.value`, pointers below `/value`). */
export const readTyped = (catalogue: Catalogue, fact: Fact, typed: TypedValue): CellValue => {
  const problems: Problem[] = [];
  const v = readShape(catalogue, fact, typed, problems);
  if (problems.length > 0) throw new ProblemError(problems);
  return v;
};

const readShape = (catalogue: Catalogue, fact: Fact, typed: TypedValue, problems: Problem[]): CellValue => {
  if (fact.type === 'list') {
    if (Array.isArray(typed)) return readElements(catalogue, fact, typed as readonly Readonly<Record<string, string | null>>[], problems);
    problems.push(shapeProblem(fact, '是一份清单：要写成 [{…}, {…}]，没有就写 []。'));
    return null;
  }
  if (fact.type === 'series') return readPeriods(catalogue, fact, typed, problems);
  if (typed === null) return null;
  if (typeof typed !== 'string' || typed.trim() === '') {
    problems.push(shapeProblem(fact, '要写一个值；所见为“无”的请选“无”。'));
    return null;
  }
  return readOne(readerFor(catalogue, fact, fact), typed, '/value', problems);
};

const readPeriods = (catalogue: Catalogue, fact: Fact, typed: TypedValue, problems: Problem[]): CellValue => {
  if (typed === null || typeof typed === 'string' || Array.isArray(typed) || Object.keys(typed).length === 0) {
    problems.push(shapeProblem(fact, '按期填写：要写成 {"2025": "120"}。'));
    return null;
  }
  const read = readerFor(catalogue, fact, fact);
  const told: Record<string, CellValue> = {};
  for (const [period, text] of Object.entries(typed as Readonly<Record<string, unknown>>)) {
    const key = readPeriod(period, fact.every);
    if (key === null)
      problems.push(problem('input.value', `/value/${period.slice(0, 20)}`, '期间写法不对。', '按年 2025，按季 2025Q1，按月 2025-01。'));
    else if (text !== null && typeof text !== 'string') problems.push(shapeProblem(fact, '每一期写一个数，没有写 null。'));
    else told[key] = text === null ? null : readOne(read, text, `/value/${key}`, problems);
  }
  return told;
};

const readElements = (
  catalogue: Catalogue,
  fact: Fact,
  typed: readonly Readonly<Record<string, string | null>>[],
  problems: Problem[],
): CellValue => {
  const fields = fact.fields ?? [];
  const seen = new Set<unknown>();
  return typed.map((element, i) => {
    const read: Record<string, CellValue> = {};
    for (const [key, text] of Object.entries(element)) {
      const field = fields.find((f) => f.key === key);
      const at = `/value/${i}/${key.slice(0, 40)}`;
      if (field === undefined)
        problems.push(problem('input.value', at, '清单里没有这个字段。', `可用的字段：${fields.map((f) => f.key).join('、')}`));
      else if (text !== null && typeof text !== 'string')
        problems.push(problem('input.value', at, '要写成文字。', '数也写在引号里，没有写 null。'));
      else read[key] = text === null ? null : readOne(readerFor(catalogue, fact, field), text, at, problems);
    }
    const own = read[fact.elementKey ?? ''] ?? null;
    if (own === null || seen.has(own))
      problems.push(problem('input.value', `/value/${i}`, '每一项要有自己的编号。', `填写 ${fact.elementKey ?? ''}，互不相同。`));
    seen.add(own);
    return read;
  });
};
