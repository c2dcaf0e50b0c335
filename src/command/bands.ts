// `batch bands`: how many checkers an amount needs, and of which offices.
import { formatYuan, parseYuan } from '../base/amount.ts';
import { plainJson } from '../base/canonical.ts';
import { fail } from '../base/problem.ts';
import { transaction } from '../db/handle.ts';
import { readBands, setBands } from '../payment/bands.ts';
import { type Band, type CheckerRole, checkerRoles } from '../payment/payment.ts';
import { roles } from '../web/role.ts';
import type { CommandContext } from './command.ts';
import { steppedUp } from './finance-actor.ts';
import { listOption, type Opened } from './opening.ts';

/** `500000:1,*:2+finance-head`: up to half a million yuan one checker, above two, a head of finance among them. */
const bandsOf = (parts: readonly string[]): readonly Band[] =>
  parts.map((part) => {
    const m = /^(\*|[\d.]+):(\d)((?:\+[a-z-]+)*)$/.exec(part);
    const upToFen = m === null || m[1] === '*' ? null : parseYuan(m[1] ?? '');
    if (m === null || (m[1] !== '*' && upToFen === null))
      return fail('input.option', '--set', '复核档次读不懂。', '写成 500000:1,*:2+finance-head（元:人数+要有的岗位）。');
    const offices = (m[3] ?? '').split('+').slice(1);
    const stranger = offices.find((one) => !(checkerRoles as readonly string[]).includes(one));
    if (stranger !== undefined)
      return fail(
        'input.option',
        '--set',
        `“${stranger.slice(0, 40)}”不是复核的岗位。`,
        `可写 ${checkerRoles.map((one) => `${one}（${roles[one]}）`).join('、')}。`,
      );
    return { upToFen, checkers: Number(m[2]), roles: offices as readonly CheckerRole[] };
  });

export const bands = async (context: CommandContext, opened: Opened): Promise<number> => {
  const given = listOption(context, 'set');
  if (given !== null) {
    const actor = await steppedUp(context, opened, checkerRoles);
    const by = { actor: actor.id, role: actor.role, at: context.now() };
    await transaction(opened.db, (tx) => setBands(tx, bandsOf(given), by));
  }
  const current = await readBands(opened.db);
  for (const { upToFen, checkers, roles: offices = [] } of current) {
    const whose = offices.length === 0 ? '' : `，其中有${offices.map((one) => roles[one]).join('、')}`;
    context.out.say(`  ${upToFen === null ? '以上' : `${formatYuan(upToFen)}以下`}  ${checkers} 人复核${whose}`);
  }
  if (context.out.asJson) context.out.json(plainJson({ bands: current }));
  return 0;
};
