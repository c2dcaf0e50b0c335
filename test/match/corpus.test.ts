// Decisions stored by earlier versions of the program, decided again by this one from their evidence alone. A decision that comes out otherwise has to be
// declared in `test/data/declared-changes.json` with its reason; a declaration nobody needs is a mistake too.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Corpus, replayCorpus } from '../../src/match/corpus.ts';

const data = path.join(import.meta.dirname, '..', 'data');
const read = async <T>(name: string): Promise<T> => JSON.parse(await readFile(path.join(data, name), 'utf8')) as T;

interface Declared {
  /** As the corpus names it. */
  readonly decision: string;
  /** What the program says now, as `replay` words it. */
  readonly now: string;
  /** Why that is right and the stored one was not. */
  readonly reason: string;
}

it('stored decisions come out as they were, or as declared', async () => {
  const corpus = await read<Corpus>('decisions.json');
  expect(corpus.decisions.length).toBeGreaterThan(100);
  const declared = await read<readonly Declared[]>('declared-changes.json');
  for (const { reason } of declared) expect(reason.trim().length).toBeGreaterThan(10);
  const found = await replayCorpus(corpus);
  expect(found.map(({ name, replayed }) => [name, replayed])).toEqual(declared.map(({ decision, now }) => [decision, now]));
});

it('a decision that was tampered with is noticed', async () => {
  const corpus = await read<Corpus>('decisions.json');
  const [one] = corpus.decisions.filter((d) => d.verdict === 'eligible' && d.lines.some((l) => l.award?.state === 'known'));
  if (one === undefined) throw new Error('nobody eligible');
  const lines = one.lines.map((l) =>
    l.award?.state === 'known' ? { ...l, award: { ...l.award, amountFen: `${BigInt(l.award.amountFen) + 1n}` } } : l,
  );
  expect(await replayCorpus({ ...corpus, decisions: [{ ...one, lines }] })).toHaveLength(1);
  expect(await replayCorpus({ ...corpus, decisions: [{ ...one, verdict: 'ineligible' }] })).toHaveLength(1);
});
