// `workpaper`: one payment on one page to print, into a file of its own.
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { insertLook } from '../consult/store.ts';
import { disbursementNamed } from '../reconcile/paper-store.ts';
import { factsRead } from '../web/person-why.ts';
import { paperHash, workpaperOf, workpaperPage } from '../web/workpaper.ts';
import type { Command } from './command.ts';
import { atTheMachine, textOption, withProduct } from './opening.ts';
import { writeWhole } from './out-file.ts';
import { purposeFor } from './purpose.ts';

export const workpaperCommand: Command = {
  name: 'workpaper',
  usage: [
    '<流水号|支付编号|兑付记录编号> --out <文件.html> --purpose audit:<工单号> [--json]    一笔支付的审计底稿：依据、规则、每个值的来源、金额、审批、银行回音、指纹',
  ],
  options: { out: { type: 'string' }, purpose: { type: 'string' } },
  run: (context) =>
    withProduct(context, async ({ db }) => {
      const [name] = context.args;
      if (name === undefined) return fail('input.argument', '', '没有说明哪一笔支付。', '写流水号，或支付、兑付记录的编号。');
      const file = textOption(context, 'out') ?? fail('input.option', '--out', '没有说明写到哪个文件。', '--out 底稿.html');
      const purpose = await purposeFor(context, db);
      const id = (await disbursementNamed(db, name)) ?? fail('missing.payment', name.slice(0, 40), '没有这笔支付。', '核对流水号或编号。');
      const paper =
        (await workpaperOf({ db }, id, everything)) ?? fail('missing.match', id, '这笔支付的判定已查不到。', '请联系系统管理员。');
      const { match } = paper.explanation;
      await insertLook(db, {
        ...purpose,
        subjectId: match.subjectId,
        view: 'match',
        itemId: match.itemId,
        facts: factsRead(match.evidence.read),
        actor: atTheMachine,
        role: 'system',
        at: context.now(),
      });
      const page = String(await workpaperPage(paper, context.now()));
      await writeWhole(
        file,
        (async function* () {
          yield Buffer.from(page);
        })(),
      );
      const hash = paperHash(paper);
      context.out.say(`已写入 ${file}。本页指纹 ${hash}`);
      if (context.out.asJson) context.out.json({ file, disbursementId: id, hash, lines: paper.lines.length });
      return 0;
    }),
};
