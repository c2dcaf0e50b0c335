// `seal`: the records as they stand now, as a snapshot of one day. The same data for the same day are the same snapshot, and it says so.

import { fail } from '../base/problem.ts';
import { variantsOn } from '../readiness/late.ts';
import { readDecisions } from '../readiness/store.ts';
import { seal } from '../snapshot/seal.ts';
import { civilDay } from '../today.ts';
import type { Command, CommandContext } from './command.ts';
import { atTheMachine, dayOption, type Opened, stepsFor, withProduct } from './opening.ts';

const run = async (context: CommandContext, opened: Opened): Promise<number> => {
  const { db, catalogue, today } = await stepsFor(context, opened);
  const knownAt = dayOption(context, 'known-at') ?? today;
  // Freshness is judged by this day: a day to come would make good data look stale and could never be taken back by a run.
  if (knownAt > today && knownAt > civilDay(context.now()))
    fail('input.option', '--known-at', '不能封存还没有到的日子。', `最晚写 ${civilDay(context.now())}。`);
  const variants = variantsOn(await readDecisions(db), knownAt);
  const { snapshotId, counts, already } = await seal(db, { catalogue, knownAt, at: context.now(), actor: atTheMachine, variants });
  const label = (register: string) => catalogue.registers.find((one) => one.id === register)?.label ?? register;
  const people = Object.entries(counts).map(([register, count]) => `${label(register)} ${count.toLocaleString('en-US')}`);
  context.out.say(already ? '数据没有变化，这一天的快照已经有了，没有新的内容。' : '已封存。');
  context.out.say(`  快照      ${snapshotId}\n  数据到    ${knownAt}\n  对象      ${people.join('，')}`);
  if (context.out.asJson) context.out.json({ snapshot: snapshotId, knownAt, counts, already });
  return 0;
};

export const sealCommand: Command = {
  name: 'seal',
  usage: ['[--known-at 2026-04-15] [--json]'],
  options: { 'known-at': { type: 'string' } },
  run: (context) => withProduct(context, (opened) => run(context, opened)),
};
