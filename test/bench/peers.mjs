// The engines the kernel is held against, each in its best formulation we found, over the same rows and questions. A question of somebody nobody told
// anything is never a hit in any of them. Loaded by `src/command/bench.ts` after it has installed this folder's package.
import { DuckDBDataChunk, DuckDBInstance, INTEGER, UTINYINT } from '@duckdb/node-api';
import { ZenEngine } from '@gorules/zen-engine';
import rulesEngine from 'json-rules-engine';

const isAny = (part) => 'any' in part;
const codeOf = (text) => Number(/\d+$/.exec(text)[0]);
const mapParts = (rule, one, all, any) => all(rule.map((part) => (isAny(part) ? any(part.any.map(one)) : one(part))));

/** Integers only: categories as codes, flags as 0 and 1, days as numbers. */
const sqlQuestion = ({ fact, operator, value }) => {
  if (operator === 'in') return `${fact} in (${value.map(codeOf).join(',')})`;
  if (operator === 'equal') return `${fact} = ${value ? 1 : 0}`;
  return `${fact} ${operator === 'lessThan' ? '<' : '>='} ${value}`;
};
const sqlOf = (rule) =>
  mapParts(
    rule,
    sqlQuestion,
    (parts) => parts.join(' and '),
    (parts) => `(${parts.join(' or ')})`,
  );

/** `columns`: per fact `{ key, small, data, unknown }` of each block. One thread. Returns the hits per item and the milliseconds of the faster way. */
export const duckdb = async (rules, blocks) => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const facts = blocks[0].map(({ key, small }) => ({ key, small }));
  await connection.run(`create table t (${facts.map(({ key, small }) => `${key} ${small ? 'utinyint' : 'integer'}`).join(', ')})`);
  const appender = await connection.createAppender('t');
  const types = facts.map(({ small }) => (small ? UTINYINT : INTEGER));
  for (const block of blocks) {
    const rows = block[0].data.length;
    for (let from = 0; from < rows; from += 2048) {
      const to = Math.min(rows, from + 2048);
      const chunk = DuckDBDataChunk.create(types);
      chunk.setColumns(
        block.map(({ data, unknown }) => Array.from({ length: to - from }, (_, i) => (unknown[from + i] === 1 ? null : data[from + i]))),
      );
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  }
  appender.closeSync();
  const each = async () => {
    const hits = [];
    const began = performance.now();
    for (const rule of rules) {
      await connection.run(`create or replace temp table h as select rowid from t where ${sqlOf(rule)}`);
      hits.push(Number((await connection.runAndReadAll('select count(*) from h')).getRows()[0][0]));
    }
    return { ms: performance.now() - began, hits };
  };
  const once = async () => {
    const began = performance.now();
    const lists = rules.map((rule, i) => `list(rowid) filter (where ${sqlOf(rule)}) as h${i}`).join(', ');
    await connection.run(`create or replace temp table h as select ${lists} from t`);
    const ms = performance.now() - began;
    const counts = rules.map((_, i) => `coalesce(len(h${i}), 0)`).join(', ');
    return { ms, hits: (await connection.runAndReadAll(`select ${counts} from h`)).getRows()[0].map(Number) };
  };
  const tries = [await each(), await each(), await once()];
  connection.closeSync();
  return tries.reduce((best, one) => (one.ms < best.ms ? one : best));
};

const recordsOf = (blocks, rows) =>
  Array.from({ length: rows }, (_, row) => {
    const record = {};
    for (const { key, names, flag, data, unknown } of blocks[0])
      if (unknown[row] === 0) record[key] = names ? `${key}${data[row]}` : flag ? data[row] === 1 : data[row];
    return record;
  });

/** One engine with every item as a rule, as its documentation shows; rows of the first block. */
export const jsonRulesEngine = async (rules, blocks, rows) => {
  const engine = new rulesEngine.Engine([], { allowUndefinedFacts: true });
  for (const [i, rule] of rules.entries())
    engine.addRule({
      conditions: mapParts(
        rule,
        (question) => question,
        (all) => ({ all }),
        (any) => ({ any }),
      ),
      event: { type: String(i) },
    });
  const records = recordsOf(blocks, rows);
  const hits = rules.map(() => 0);
  const began = performance.now();
  for (const record of records) for (const { type } of (await engine.run(record)).events) hits[Number(type)]++;
  return { ms: performance.now() - began, hits };
};

const zenQuestion = ({ fact, operator, value }) => {
  if (operator === 'in') return `${fact} in [${value.map((one) => `'${one}'`).join(', ')}]`;
  if (operator === 'equal') return `${fact} == ${value}`;
  return `(${fact} != null and ${fact} ${operator === 'lessThan' ? '<' : '>='} ${value})`;
};

/** One decision with one expression per item: a row is one evaluation. */
export const zen = async (rules, blocks, rows) => {
  const engine = new ZenEngine();
  const expressions = rules.map((rule, i) => ({
    id: `e${i}`,
    key: `h${i}`,
    value: mapParts(
      rule,
      zenQuestion,
      (parts) => parts.join(' and '),
      (parts) => `(${parts.join(' or ')})`,
    ),
  }));
  const nodes = [
    { id: 'in', name: 'in', type: 'inputNode', position: { x: 0, y: 0 } },
    { id: 'x', name: 'x', type: 'expressionNode', position: { x: 0, y: 0 }, content: { expressions } },
    { id: 'out', name: 'out', type: 'outputNode', position: { x: 0, y: 0 } },
  ];
  const edges = [
    { id: 'a', sourceId: 'in', targetId: 'x', type: 'edge' },
    { id: 'b', sourceId: 'x', targetId: 'out', type: 'edge' },
  ];
  const decision = engine.createDecision(Buffer.from(JSON.stringify({ contentType: 'application/vnd.gorules.decision', nodes, edges })));
  const facts = blocks[0].map(({ key }) => key);
  const records = recordsOf(blocks, rows).map((record) => Object.fromEntries(facts.map((key) => [key, record[key] ?? null])));
  const hits = rules.map(() => 0);
  const began = performance.now();
  for (const record of records) {
    const { result } = await decision.evaluate(record);
    for (let i = 0; i < hits.length; i++) if (result[`h${i}`] === true) hits[i]++;
  }
  return { ms: performance.now() - began, hits };
};
