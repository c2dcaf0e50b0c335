// What a command of the command line is, and how commands speak: one line per step on a terminal, plain lines when piped, one JSON document with `--json`.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isCitizenId, maskText } from '../base/codes.ts';
import { fail, type Problem, ProblemError, problem } from '../base/problem.ts';

export interface Output {
  /** A line for people; silent with `--json`. */
  say(text: string): void;
  /** Runs a step and says what it did and how long it took; `label` first, the returned text after it. Times are kept by `name`. */
  step<T>(name: string, label: string, work: () => Promise<T>, tell?: (result: T) => string): Promise<T>;
  /** The one JSON document of `--json`. */
  json(value: unknown): void;
  readonly timings: Readonly<Record<string, number>>;
  readonly asJson: boolean;
}

export interface CommandContext {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly out: Output;
  readonly now: () => Date;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Command {
  readonly name: string;
  /** How to call it, below the name. */
  readonly usage: readonly string[];
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  /** Options that name a person or their account: taken from standard input only. */
  readonly personal?: readonly string[];
  /** Exit code. */
  run(context: CommandContext): Promise<number>;
}

/** Writes to a terminal or a pipe. On a terminal a running step shows itself first and is overwritten when done. */
export const openOutput = (
  asJson: boolean,
  stdout: NodeJS.WriteStream = process.stdout,
  clock: () => number = () => performance.now(),
): Output => {
  const timings: Record<string, number> = {};
  const live = stdout.isTTY === true && !asJson;
  const line = (text: string) => {
    if (!asJson) stdout.write(`${text}\n`);
  };
  return {
    timings,
    asJson,
    say: line,
    step: async (name, label, work, tell) => {
      const started = clock();
      if (live) stdout.write(`  … ${label}`);
      try {
        const result = await work();
        const ms = Math.round(clock() - started);
        timings[name] = (timings[name] ?? 0) + ms;
        if (live) stdout.write('\r\u001b[2K');
        const told = tell?.(result);
        line(`  ✓ ${label}${told ? `：${told}` : ''}（${(ms / 1000).toFixed(1)} 秒）`);
        return result;
      } catch (error) {
        if (live) stdout.write('\n');
        throw error;
      }
    },
    json: (value) => {
      stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
  };
};

/** Reads a command's options; unknown ones and missing values are problems, not stack traces. */
export const readArguments = (
  command: Command,
  argv: readonly string[],
): { args: string[]; options: Record<string, string | boolean | undefined> } => {
  try {
    const parsed = parseArgs({
      args: [...argv],
      options: { ...command.options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      strict: true,
    });
    return { args: parsed.positionals, options: parsed.values as Record<string, string | boolean | undefined> };
  } catch (error) {
    throw new ProblemError([
      problem(
        'input.option',
        '',
        `参数不对：${maskText((error as Error).message.split('\n')[0] ?? '', 200)}`,
        `看用法：npm run -s zhixiang -- ${command.name} --help`,
      ),
    ]);
  }
};

type Read = ReturnType<typeof readArguments>;

/**
 * Each `-` replaced by a line of standard input: arguments first, then options, in the order they were written.
 * What names a person had better not stand on a command line: others at the machine see it (`ps`) and the shell keeps it. As the argument that says whom a
 * command is about it is taken all the same, with a word to `warn`; in an option it throws `input.visible`,
 * `input.option` where standard input has fewer lines than there are `-`.
 */
export const readPersonal = async (
  command: Command,
  given: Read,
  readLine: (of: string) => Promise<string | null>,
  warn: (text: string) => void,
): Promise<Read> => {
  const refuse = (at: string): never =>
    fail(
      'input.visible',
      at,
      '身份证号、账号、电话、邮箱不写在命令行上：旁人看得到，命令历史也会留下。',
      `在那个位置写 - ，再从标准输入给出，一行一个，例如 ${command.name} … - < 号码.txt`,
    );
  const seen = (text: string) => text.split(/[^0-9A-Za-z]+/).some((word) => isCitizenId(word.toUpperCase()));
  const line = async (of: string): Promise<string> =>
    (await readLine(of))?.trim() || fail('input.option', of, '标准输入里没有这一项。', '每个 - 一行，按命令里的先后。');
  const args: string[] = [];
  for (const text of given.args) {
    if (seen(text)) warn('号码写在了命令行上，旁人看得到，命令历史也会留下。下次在那个位置写 - ，再从标准输入给出。');
    args.push(text === '-' ? await line('') : text);
  }
  const options = { ...given.options };
  for (const [name, value] of Object.entries(given.options)) {
    if (typeof value !== 'string') continue;
    if (value === '-') options[name] = await line(`--${name}`);
    else if (command.personal?.includes(name) === true || seen(value)) refuse(`--${name}`);
  }
  return { args, options };
};

/** A whole number option within bounds, else a problem. */
export const wholeNumber = (name: string, text: string | boolean | undefined, fallback: number, least: number, most: number): number => {
  if (text === undefined) return fallback;
  const value = typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || value < least || value > most)
    throw new ProblemError([
      problem('input.option', `--${name}`, `--${name} 要是 ${least} 到 ${most} 的整数。`, `例如 --${name} ${fallback}`),
    ]);
  return value;
};

/** Problems as lines for people: what, where, what to do. */
export const problemLines = (problems: readonly Problem[]): string =>
  problems.map((one) => `${one.message}${one.at ? `（${one.at}）` : ''}${one.hint ? `\n  → ${one.hint}` : ''}`).join('\n');

/** A plain table: wide characters count as two columns; figures to the right. */
export const textTable = (header: readonly string[], rows: readonly (readonly string[])[], right: readonly number[]): string => {
  const width = (text: string) =>
    [...text].reduce(
      (sum, char) =>
        sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(char) ? 2 : 1),
      0,
    );
  const widths = header.map((title, index) => Math.max(width(title), ...rows.map((row) => width(row[index] ?? ''))));
  const pad = (text: string, index: number) => {
    const gap = ' '.repeat(Math.max(0, (widths[index] ?? 0) - width(text)));
    return right.includes(index) ? gap + text : text + gap;
  };
  return [header, ...rows].map((row) => `  ${row.map(pad).join('  ')}`.trimEnd()).join('\n');
};
