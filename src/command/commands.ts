// The commands there are, in the order the overview shows them.

import { accountsCommand } from './accounts.ts';
import { checkCommand } from './check.ts';
import type { Command } from './command.ts';
import { demoCommand } from './demo.ts';
import { feelCommand } from './feel.ts';
import { importCommand } from './import.ts';
import { publishCommand } from './publish.ts';
import { replayCommand } from './replay.ts';
import { rulesCommand } from './rules.ts';
import { runCommand } from './run.ts';
import { sealCommand } from './seal.ts';
import { startCommand } from './start.ts';
import { whyCommand } from './why.ts';

export const commands: readonly Command[] = [
  startCommand,
  demoCommand,
  rulesCommand,
  feelCommand,
  publishCommand,
  importCommand,
  sealCommand,
  runCommand,
  whyCommand,
  replayCommand,
  checkCommand,
  accountsCommand,
];
