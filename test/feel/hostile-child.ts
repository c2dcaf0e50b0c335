// Runs one hostile expression and prints what came of it, how much memory it took, and how much of the processor (its own time, not the clock): `node test/feel/hostile-child.ts <name>`.
import { compileFeel, evaluate } from '../../src/feel/feel.ts';
import { scopeOf } from '../../src/feel/scope.ts';
import { typeEnv } from '../../src/feel/type.ts';
import { isUnknown } from '../../src/feel/value.ts';
import { heavy } from './hostile.ts';

const run = (text: string): string => {
  const compiled = compileFeel(text, typeEnv({}));
  if (!compiled.ok) return compiled.problems.map((p) => p.code).join();
  const value = evaluate(compiled.expression, scopeOf({}));
  return isUnknown(value) ? value.missing.join() : 'value';
};

run('sum(for i in 1..10 return i)');
const before = process.memoryUsage().rss;
const text = heavy[process.argv[2] ?? ''] ?? '';
const timed = (): { readonly outcome: string; readonly ms: number } => {
  const start = process.cpuUsage();
  const outcome = run(text);
  const { user, system } = process.cpuUsage(start);
  return { outcome, ms: (user + system) / 1000 };
};
const first = timed();
const grownMb = (process.memoryUsage().rss - before) / 1e6;
// The best of three: the first pays for compiling the code that runs it, any may be disturbed by neighbours.
const cpuMs = Math.min(first.ms, timed().ms, timed().ms);
process.stdout.write(JSON.stringify({ outcome: first.outcome, grownMb, cpuMs }));
