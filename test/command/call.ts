// Calls commands as the command line does, in this process: arguments read, problems caught, what was written and the exit code handed back.
import { Writable } from 'node:stream';
import { isCitizenId } from '../../src/base/codes.ts';
import { type Problem, ProblemError, statusOf } from '../../src/base/problem.ts';
import { openOutput, readArguments, readPersonal } from '../../src/command/command.ts';
import { commands } from '../../src/command/commands.ts';

export interface Called {
  readonly exit: number;
  readonly text: string;
  readonly problems: readonly Problem[];
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of many shapes
  json(): any;
}

/** What a person types at standard input, in place of a word on the command line. */
export interface Typed {
  readonly typed: string;
}
export const typed = (text: string): Typed => ({ typed: text });

export const caller =
  (env: () => Readonly<Record<string, string | undefined>>, now = new Date('2026-04-15T02:00:00Z')) =>
  async (...words: readonly (string | Typed)[]): Promise<Called> => {
    // Identity numbers are never words of a command line; typed they stand for themselves, so tests may write them in their place.
    const seen = words.map((word) => (typeof word === 'string' && isCitizenId(word) ? typed(word) : word));
    const argv = seen.map((word) => (typeof word === 'string' ? word : '-'));
    const lines = seen.flatMap((word) => (typeof word === 'string' ? [] : [word.typed]));
    let text = '';
    const stdout = new Writable({
      write: (chunk, _encoding, done) => {
        text += String(chunk);
        done();
      },
    });
    const [name, ...rest] = argv;
    const command = await commands.find((one) => one.name === name)?.load();
    if (command === undefined) throw new Error(`no command ${name}`);
    const json = () => JSON.parse(text);
    try {
      const { args, options } = await readPersonal(
        command,
        readArguments(command, rest),
        async () => lines.shift() ?? null,
        () => undefined,
      );
      const out = openOutput(rest.includes('--json'), stdout as unknown as NodeJS.WriteStream);
      const exit = await command.run({ args, options, out, now: () => now, env: env() });
      return { exit, text, problems: [], json };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return { exit: statusOf(error.problems[0]?.code ?? '') < 500 ? 2 : 1, text, problems: error.problems, json };
    }
  };
