// Runs one hostile expression and prints what came of it and how much memory it took: `node test/feel/hostile-child.ts <name>`.
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
const outcome = run(heavy[process.argv[2] ?? ''] ?? '');
process.stdout.write(JSON.stringify({ outcome, grownMb: (process.memoryUsage().rss - before) / 1e6 }));
