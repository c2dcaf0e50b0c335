// The guide for users against the program: every button and screen it names is there, every picture exists, is used, is one that `shots console` makes and is small;
// and every address of the console has a scene.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { consolePaths, guideScenes } from '../../src/command/shots-console.ts';
import { unseenPaths } from '../../src/command/shots-draw.ts';
import { fewColours } from '../../src/command/shots-palette.ts';

const project = resolve(import.meta.dirname, '../..');
const guide = join(project, 'docs/guide');
const pages = readdirSync(guide).filter((name) => name.endsWith('.md'));
const textOf = new Map(pages.map((name) => [name, readFileSync(join(guide, name), 'utf8')]));
const sources = (folder: string): string =>
  readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(project, folder, name), 'utf8').replaceAll(/^\s*\/\/.*$/gm, ''))
    .join('\n');

const twoPixels = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP8//+/oKAgAA9lAzK53xXdAAAAAElFTkSuQmCC';

describe('docs/guide', () => {
  it('names every button and screen as the program does', () => {
    const program = sources('src/web');
    const named = [...textOf].flatMap(([page, text]) => [...text.matchAll(/「([^」]+)」/g)].map(([, name = '']) => [page, name] as const));
    expect(named.length).toBeGreaterThan(80);
    // 「」 alone speaks of the marks themselves.
    expect(named.filter(([, name]) => !program.includes(name)).map((one) => one.join(': '))).toEqual([]);
  });

  it('shows pictures that exist, are all used and small, and that the command makes', () => {
    const shown = new Set(
      [...textOf.values()].flatMap((text) => [...text.matchAll(/\]\(img\/([\w-]+)\.png\)/g)].map(([, name = '']) => name)),
    );
    const kept = readdirSync(join(guide, 'img')).map((name) => name.replace(/\.png$/, ''));
    expect(kept.toSorted()).toEqual([...shown].toSorted());
    expect([...guideScenes].toSorted()).toEqual([...shown].toSorted());
    expect(kept.filter((name) => statSync(join(guide, 'img', `${name}.png`)).size > 120_000)).toEqual([]);
  });

  it('links only to pages that are there', () => {
    const dead = [...textOf].flatMap(([page, text]) =>
      [...text.matchAll(/\]\(([\w./-]+\.md)\)/g)]
        .filter(([, to = '']) => !statSync(join(guide, to), { throwIfNoEntry: false }))
        .map(([, to]) => `${page}: ${to}`),
    );
    expect(dead).toEqual([]);
  });
});

describe('the scenes of the console', () => {
  it('show every address its router knows', () => {
    const written = ['shots-console.ts', 'shots-policy.ts', 'shots-desk.ts'].map((name) =>
      readFileSync(join(project, 'src/command', name), 'utf8'),
    );
    // `${x}` at the beginning is an address held in a name: what it stands for is written out where the name is made.
    const paths = [
      ...written
        .join('\n')
        .replaceAll(/\$\{[^}]*\}/g, 'x')
        .matchAll(/['`](\/[^'`?]*)/g),
    ].map(([, path = '']) => `/console${path === '/' ? '' : path.replaceAll(/\$\{[^}]*\}/g, 'x')}`);
    const routes = consolePaths();
    expect(routes.length).toBeGreaterThan(40);
    const seen = paths.map((path) => ({ name: path, title: '', path }));
    expect(unseenPaths(routes, seen)).toEqual([]);
    expect(unseenPaths([...routes, '/console/forgotten/:id'], seen)).toEqual(['/console/forgotten/:id']);
  });
});

describe('a picture in few colours', () => {
  it('keeps size and colours, and the nearest of those it has no room for', () => {
    const picture = readFileSync(join(guide, 'img/people.png'));
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20), picture[25]]).toEqual([1440, 900, 3]);
    // Two pixels in one line, each told by its difference from the one before: white and nearly black.
    const made = fewColours(Buffer.from(twoPixels, 'base64'));
    expect([made.readUInt32BE(16), made.readUInt32BE(20)]).toEqual([2, 1]);
    const at = made.indexOf('PLTE');
    const colours = made.subarray(at + 4, at + 10);
    const data = made.indexOf('IDAT');
    const [filter, left = 9, right = 9] = inflateSync(made.subarray(data + 4, data + 4 + made.readUInt32BE(data - 4)));
    const colour = (index: number) => colours.subarray(index * 3, index * 3 + 3).toString('hex');
    expect([filter, colour(left), colour(right)]).toEqual([0, 'ffffff', '101010']);
  });
});
