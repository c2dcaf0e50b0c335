// The commands there are, in the order the overview shows them.
import type { Command } from './command.ts';
import { demoCommand } from './demo.ts';
import { feelCommand } from './feel.ts';
import { rulesCommand } from './rules.ts';
import { startCommand } from './start.ts';

export const commands: readonly Command[] = [startCommand, demoCommand, rulesCommand, feelCommand];
