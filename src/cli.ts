// The command line: `npm run -s zhixiang -- <command>`. Looks a command up, reads its options, turns problems into lines and exit codes.
import { enableCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { maskText } from './base/codes.ts';
import { ProblemError, statusOf } from './base/problem.ts';
import { openOutput, problemLines, readArguments, readPersonal } from './command/command.ts';
import { commands } from './command/commands.ts';

// What the commands load is kept compiled: the next one starts in half the time. Where the folder cannot be written, nothing is kept.
const compiledFolder = fileURLToPath(new URL('../node_modules/.cache/zhixiang', import.meta.url));
// Threads look for it here: each loads most of the program for itself.
if (enableCompileCache(compiledFolder).directory !== undefined) process.env.NODE_COMPILE_CACHE ??= compiledFolder;

const overview = (): string =>
  [
    '直享：免申即享，规则即数据。',
    '',
    '用法：npm run -s zhixiang -- <命令> [选项]',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(10)} ${command.summary}`),
    '',
    '每个命令都有 --help；多数有 --json。',
  ].join('\n');

/** Lines of standard input, one each time it is asked; at a terminal it says what for. Nothing is read before the first. */
const linesOfInput = (): ((of: string) => Promise<string | null>) => {
  let lines: AsyncIterator<string> | null = null;
  return async (of) => {
    if (process.stdin.isTTY) process.stderr.write(`请输入${of === '' ? '' : ` ${of} `}：`);
    lines ??= createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
    const next = await lines.next();
    return next.done === true ? null : next.value;
  };
};

const main = async (argv: readonly string[]): Promise<number> => {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${overview()}\n`);
    return name === undefined ? 2 : 0;
  }
  const entry = commands.find((one) => one.name === name);
  if (!entry) {
    process.stderr.write(`没有“${maskText(name)}”这个命令。\n\n${overview()}\n`);
    return 2;
  }
  const asJson = rest.includes('--json');
  try {
    const command = await entry.load();
    const given = readArguments(command, rest);
    if (given.options.help === true) {
      process.stdout.write(
        `${entry.summary}\n\n${command.usage.map((line) => `  npm run -s zhixiang -- ${command.name}${line ? ` ${line}` : ''}`).join('\n')}\n`,
      );
      return 0;
    }
    const { args, options } = await readPersonal(command, given, linesOfInput(), (text) => process.stderr.write(`${text}\n`));
    return await command.run({ args, options, out: openOutput(asJson), now: () => new Date(), env: process.env });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (asJson) process.stdout.write(`${JSON.stringify({ problems: error.problems }, null, 2)}\n`);
    else process.stderr.write(`${problemLines(error.problems)}\n`);
    return statusOf(error.problems[0]?.code ?? '') < 500 ? 2 : 1;
  }
};

// Whoever reads us may stop early (`| head`): that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.exitCode = await main(process.argv.slice(2));
