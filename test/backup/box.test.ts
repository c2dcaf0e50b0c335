// A backup's file: what goes in comes out; cut, changed, rearranged or under other keys it does not open, and says so.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opened, sealed } from '../../src/backup/box.ts';
import { type Part, readFrames, writeFrames } from '../../src/backup/frame.ts';
import { ProblemError } from '../../src/base/problem.ts';
import { pieceBytes } from '../../src/vault/kept.ts';
import { newKeys, parseKeys } from '../../src/vault/keys.ts';
import { makeVault } from '../../src/vault/vault.ts';

const keys = newKeys();
const vault = makeVault(parseKeys(keys, 'test'));

async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = Math.max(1, sizes[n % sizes.length] ?? 1);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
const all = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
};
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'fine',
    (error) => (error instanceof ProblemError ? (error.problems[0]?.code ?? '') : String(error)),
  );

describe('the box', () => {
  it.each([0, 1, pieceBytes - 1, pieceBytes, pieceBytes + 1, 2 * pieceBytes, 2 * pieceBytes + 7])('gives back %i bytes', async (length) => {
    const plain = Buffer.alloc(length, 7);
    const box = await all(sealed(vault, inPieces(plain, [65_536, 1_000])));
    expect(Buffer.compare(await all(opened(vault, inPieces(box, [777, 65_536]))), plain)).toBe(0);
    expect(box.includes(Buffer.alloc(64, 7))).toBe(false);
  });

  it('does not open when a byte is changed, the end is cut or bytes are added', async () => {
    const plain = Buffer.alloc(pieceBytes + 100, 3);
    const box = await all(sealed(vault, inPieces(plain, [65_536])));
    const open = (bytes: Uint8Array) => codeOf(all(opened(vault, inPieces(bytes, [65_536]))));
    await fc.assert(
      fc.asyncProperty(fc.nat(box.length - 1), async (at) => {
        const changed = Buffer.from(box);
        changed[at] = (changed[at] as number) ^ 1;
        expect(await open(changed)).toMatch(/^(input\.backup|internal\.sealed|config\.key-(unknown|wrong))$/);
        expect(await open(box.subarray(0, at))).toMatch(/^(input\.backup|internal\.sealed|config\.key-(unknown|wrong))$/);
      }),
      { numRuns: 60, examples: [[0], [18], [19], [40], [box.length - 1], [box.length - 117]] },
    );
    expect(await open(Buffer.concat([box, Buffer.from('x')]))).toBe('input.backup');
    // Whole pieces left out or in another order.
    const size = pieceBytes + 16;
    const head = box.length - (size + 116);
    expect(await open(Buffer.concat([box.subarray(0, head), box.subarray(head + size)]))).toBe('input.backup');
    expect(await open(box.subarray(0, head + size))).toBe('input.backup');
    expect(await open(box)).toBe('fine');
  });

  it('says which keys are missing', async () => {
    const box = await all(sealed(vault, inPieces(Buffer.from('x'), [1])));
    const other = makeVault(parseKeys(newKeys(), 'test'));
    expect(await codeOf(all(opened(other, inPieces(box, [9]))))).toBe('config.key-wrong');
  });
});

describe('the frames', () => {
  const tables = [
    { name: 'a', columns: ['x'] },
    { name: 'b', columns: ['y', 'z'] },
  ];
  const head = { format: 1 as const, madeAt: '2026-01-01T00:00:00.000Z', migrations: [], tables };
  const write = (rows: readonly string[]) =>
    all(
      writeFrames(
        head,
        (async function* () {
          for (const [n, table] of tables.entries())
            yield {
              name: table.name,
              rows: (async function* () {
                if (rows[n]) yield Buffer.from(rows[n] as string);
              })(),
            };
        })(),
        async () => [{ name: 's', last: '5' }],
      ),
    );
  const read = async (bytes: Uint8Array): Promise<readonly Part[]> => {
    const parts: Part[] = [];
    for await (const part of readFrames(inPieces(bytes, [3, 50]))) parts.push(part);
    return parts;
  };

  it('come back in order with their counts', async () => {
    const parts = await read(await write(['1\n2\n', '']));
    expect(parts.map((part) => part.kind)).toEqual(['head', 'table', 'rows', 'table-end', 'table', 'table-end', 'end']);
    expect(parts[3]).toMatchObject({ rows: 2 });
    expect(parts.at(-1)).toMatchObject({ end: { rows: 2, sequences: [{ name: 's', last: '5' }] } });
  });

  it('are refused when they break off or say something else than they hold', async () => {
    const bytes = await write(['1\n2\n', '3\t4\n']);
    for (let at = 0; at < bytes.length; at += 7) expect(await codeOf(read(bytes.subarray(0, at)))).toBe('input.backup');
    const changed = Buffer.from(bytes);
    changed[bytes.indexOf('1\n2\n')] = 57;
    expect(await codeOf(read(changed))).toBe('input.backup');
  });
});
