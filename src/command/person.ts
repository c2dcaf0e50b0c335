// `person`: what one person or firm may ask of us by law. Who looked at the profile; everything held, as one document; erasure of what may go.
import { isCitizenId, isUscc, maskId, plainCode } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { lookReasons } from '../consult/consult.ts';
import { looksAt } from '../consult/store.ts';
import type { Db } from '../db/handle.ts';
import { findSubjects, type Subject, subjectById } from '../record/view-store.ts';
import { momentText, personName } from '../web/words.ts';
import type { Command, CommandContext } from './command.ts';
import { isUuid, withProduct } from './opening.ts';

/** By our own id or the whole number; a number is shown by its last four at most. */
const subjectFor = async (db: Db, named: string): Promise<Subject> => {
  const code = plainCode(named);
  const found = isUuid(named)
    ? await subjectById(db, named.toLowerCase(), everything)
    : isCitizenId(code) || isUscc(code)
      ? ((await findSubjects(db, { scope: everything, key: code, limit: 1 }))[0] ?? null)
      : null;
  return (
    found ??
    fail(
      'missing.subject',
      isUuid(named) ? named : maskId(code).slice(-18),
      '库里没有这个对象。',
      '写对象编号、身份证号或统一社会信用代码。',
    )
  );
};

const looks = async (context: CommandContext, db: Db, subject: Subject): Promise<number> => {
  const { out } = context;
  const rows = await looksAt(db, subject.subjectId);
  out.say(`${personName(subject.register, subject.name)}的资料被查阅 ${rows.length} 次${rows.length === 200 ? '以上（先列 200 次）' : ''}`);
  for (const one of rows)
    out.say(
      `  ${momentText(one.at)}  ${one.actor}（${one.role}）  ${lookReasons[one.reason]} ${one.order}  ${one.view}${one.itemId === null ? '' : ` ${one.itemId}`}  ${one.facts.length} 项指标`,
    );
  if (out.asJson)
    out.json({ subject: subject.subjectId, looks: rows.map(({ subjectId: _, at, ...one }) => ({ ...one, at: at.toISOString() })) });
  return 0;
};

const verbs: Readonly<Record<string, (context: CommandContext, db: Db, subject: Subject) => Promise<number>>> = { looks };

const person = async (context: CommandContext, db: Db): Promise<number> => {
  const [verb = '', named = ''] = context.args;
  const run = verbs[verb] ?? fail('input.argument', '', '不认识这个办法。', `可用：${Object.keys(verbs).join('、')}。`);
  if (named === '') return fail('input.argument', '', '没有写是谁。', '写对象编号、身份证号或统一社会信用代码。');
  return await run(context, db, await subjectFor(db, named));
};

export const personCommand: Command = {
  name: 'person',
  usage: ['looks <对象编号或号码> [--json]          谁查阅过这个人的资料，为什么'],
  options: {},
  run: (context) => withProduct(context, ({ db }) => person(context, db)),
};
