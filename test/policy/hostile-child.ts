// Reads hostile rule files and prints what came of each, what it cost the processor and what it did to the memory: `node test/policy/hostile-child.ts
// <refused|heavy> [name…]`. The processor's own time, all threads of it, not the clock: others may be using the machine.
import type { CompiledItem } from '../../src/policy/compile.ts';
import { decide } from '../../src/policy/decide.ts';
import { exampleSource } from '../../src/policy/example.ts';
import { periodFor } from '../../src/policy/example-period.ts';
import { lintItem } from '../../src/policy/lint.ts';
import { readItem } from '../../src/policy/read.ts';
import { itemText } from '../../src/policy/say.ts';
import type { DecisionPeriod } from '../../src/rule/facts.ts';
import { catalogue, itemJson } from './fixture.ts';
import * as hostile from './hostile.ts';

const decideOne = (compiled: CompiledItem): void => {
  const period = periodFor(compiled.item, { period: '2026-01' }) as DecisionPeriod;
  const facts = { hukouRegion: '530128', birthDate: '1931-05-01', deathDate: null, income: 100, note: 'aaaaaaaaaaaaaaaaaaaa!' };
  decide(compiled, exampleSource(catalogue, 'citizen', { facts }, period.knownAt), period);
};

/** What a step costs, the best of three: the first may have been spent on compiling the code that runs it. */
const cost = <T>(step: () => T): { readonly ms: number; readonly value: T } => {
  let best = Number.POSITIVE_INFINITY;
  let value: T | undefined;
  for (let i = 0; i < 3 && best > 20; i++) {
    const before = process.cpuUsage();
    value = step();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return { ms: best, value: value as T };
};

const good = readItem(itemJson(), catalogue);
if (!good.ok) throw new Error('the item that everything is changed from does not read');
decideOne(good.compiled);
lintItem(good.compiled, catalogue);
itemText(good.compiled, catalogue);

const [kind = 'refused', ...names] = process.argv.slice(2);
const cases = kind === 'heavy' ? hostile.heavy : hostile.refused;
const told = Object.entries(cases)
  .filter(([name]) => names.length === 0 || names.includes(name))
  .map(([name, make]) => {
    const json = make();
    const before = process.memoryUsage().rss;
    const read = cost(() => readItem(json, catalogue));
    const { value } = read;
    const after = process.memoryUsage().rss;
    const more = value.ok
      ? {
          lintMs: cost(() => lintItem(value.compiled, catalogue)).ms,
          sayMs: cost(() => itemText(value.compiled, catalogue)).ms,
          decideMs: cost(() => decideOne(value.compiled)).ms,
        }
      : {};
    return {
      name,
      outcome: value.ok ? 'read' : value.problems.map((p) => p.code).slice(0, 3),
      foreign: value.ok
        ? []
        : value.problems.filter((p) => !/[\u4e00-\u9fff]/.test(p.message) || `${p.message}${p.hint}`.length > 600).map((p) => p.message),
      readMs: read.ms,
      grownMb: (after - before) / 1e6,
      ...more,
    };
  });
process.stdout.write(JSON.stringify(told));
if (process.env.HEAP) console.error(process.memoryUsage().heapUsed / 1e6);
