// The commands there are, in the order the overview shows them.
import type { Command } from './command.ts';
import { feelCommand } from './feel.ts';

export const commands: readonly Command[] = [feelCommand];
