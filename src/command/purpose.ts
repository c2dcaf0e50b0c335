// `--purpose <事由>:<工单号>`: why a command shows one person. The sample city's people are made up, so there it may be left out, and is said aloud.
import { type LookPurpose, lookReasons, needPurpose, readPurpose } from '../consult/consult.ts';
import type { Db } from '../db/handle.ts';
import { sampleMark } from '../today.ts';
import type { CommandContext } from './command.ts';
import { textOption } from './opening.ts';

export const purposeFor = async (context: CommandContext, db: Db): Promise<LookPurpose> => {
  const text = textOption(context, 'purpose');
  if (text !== null) {
    const [reason = '', ...order] = text.split(/[:：]/);
    return readPurpose(reason, order.join(':')) ?? needPurpose();
  }
  if ((await sampleMark(db)) === null) return needPurpose();
  context.out.say(`（示例城市：没有写 --purpose，查阅事由按“${lookReasons.demo}”留痕。）`);
  return { reason: 'demo', order: 'DEMO' };
};
