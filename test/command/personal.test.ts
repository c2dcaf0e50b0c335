// What names a person is typed at standard input, never written on the command line, where `ps` and the shell's history show it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ProblemError } from '../../src/base/problem.ts';
import { type Command, readArguments, readPersonal } from '../../src/command/command.ts';

const number = '11010519491231002X';
const command: Command = {
  name: 'object',
  usage: [],
  options: { number: { type: 'string' }, text: { type: 'string' }, hash: { type: 'string' } },
  personal: ['number'],
  run: async () => 0,
};

const warned: string[] = [];
const read = async (argv: readonly string[], lines: readonly string[] = []) => {
  const left = [...lines];
  try {
    return await readPersonal(
      command,
      readArguments(command, argv),
      async () => left.shift() ?? null,
      (text) => warned.push(text),
    );
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problems.map(({ code, at }) => `${code} ${at}`.trim());
  }
};

it('takes a line of standard input for each -, arguments first', async () => {
  expect(await read(['--number', '-', 'a', '-', '--text', '-'], ['first', number, '一行\r'])).toEqual({
    args: ['a', 'first'],
    options: { number, text: '一行' },
  });
  expect(await read(['--number', '-'])).toEqual(['input.option --number']);
  expect(await read(['-'], ['  '])).toEqual(['input.option']);
});

it('refuses what names a person in an option, and warns where it is the argument; it repeats nothing of it', async () => {
  expect(await read(['--number', '1'])).toEqual(['input.visible --number']);
  expect(warned).toEqual([]);
  expect(await read([number.toLowerCase()])).toMatchObject({ args: [number.toLowerCase()] });
  expect(warned.map((text) => [text.includes('标准输入'), text.includes(number)])).toEqual([[true, false]]);
  expect(await read(['--text', `他的号码是${number}。`])).toEqual(['input.visible --text']);
  // A hash is no number, whatever digits stand in it.
  expect(await read(['--hash', `a110105194912310021${'f'.repeat(45)}`])).toMatchObject({ args: [] });
});

it('is so in a real process too', () => {
  const run = (argv: readonly string[], input: string) =>
    spawnSync(process.execPath, [join(import.meta.dirname, '../../src/cli.ts'), ...argv], { input, encoding: 'utf8' });
  const typed = run(['feel', '-', '--context', '{"年龄": 95}'], '年龄 >= 80\n');
  expect([typed.status, typed.stdout.includes('true')]).toEqual([0, true]);
  const seen = run(['why', 'x', number], '');
  expect([seen.stderr.includes('号码写在了命令行上'), seen.stderr.includes(number)]).toEqual([true, false]);
});
