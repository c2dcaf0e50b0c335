// `person`: what one person or firm may ask of us by law. Who looked at the profile; everything held, as one document; erasure of what may go.

import { writeFile } from 'node:fs/promises';
import { isCitizenId, isUscc, maskId, plainCode } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { lookReasons } from '../consult/consult.ts';
import { insertLook, looksAt } from '../consult/store.ts';
import type { Db } from '../db/handle.ts';
import { eraseContacts } from '../record/erase.ts';
import { findSubjects, type Subject, subjectById } from '../record/view-store.ts';
import { staffAccounts } from '../web/store.ts';
import { unmask, unmaskedLines } from '../web/unmask.ts';
import { momentText, personName } from '../web/words.ts';
import type { Command, CommandContext } from './command.ts';
import { atTheMachine, isUuid, textOption, withProduct } from './opening.ts';
import { personFile, staysBecause } from './person-file.ts';
import { fromCaller } from './place.ts';
import { purposeFor } from './purpose.ts';

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

/** Whole numbers stand in the document: into a file of its owner's eyes only, never over another, never onto the screen. */
const access = async (context: CommandContext, db: Db, subject: Subject): Promise<number> => {
  const target = textOption(context, 'out');
  if (target === null) return fail('input.option', '--out', '没有写存到哪里。', '写 --out 文件.json：里面有完整号码，只给本人。');
  const purpose = await purposeFor(context, db);
  const file = await personFile(db, await loadCatalogue(db), subject);
  const facts = [...new Set(file.data.map((one) => one.fact))].sort();
  await insertLook(db, { ...purpose, ...byHand(context), subjectId: subject.subjectId, view: 'export', itemId: null, facts });
  const path = fromCaller(target, context.env);
  await writeFile(path, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) =>
    fail('input.file', target, error.code === 'EEXIST' ? '这个文件已经有了，不会覆盖它。' : '写不了这个文件。', '换一个文件名。'),
  );
  const { say } = context.out;
  say(`${personName(subject.register, subject.name)}的全部资料已写入 ${target}（只限本人查阅）`);
  for (const [source, rows] of Map.groupBy(file.data, (one) => `${one.source.department}《${one.source.title}》`))
    say(`  ${source}：${[...new Set(rows.map((row) => row.label))].join('、')}；数据日期 ${rows[0]?.source.asOf ?? '—'}`);
  say(
    `  判定 ${file.decisions.length} 次，兑付记录 ${file.disbursements.length} 条，告知 ${file.notices.length} 份，被查阅 ${file.looks.length} 次`,
  );
  if (context.out.asJson)
    context.out.json({
      subject: subject.subjectId,
      out: target,
      data: file.data.length,
      decisions: file.decisions.length,
      disbursements: file.disbursements.length,
      notices: file.notices.length,
      looks: file.looks.length,
    });
  return 0;
};

const accountNamed = async (context: CommandContext, db: Db, option: 'maker' | 'checker'): Promise<string> => {
  const name = textOption(context, option);
  const account = (await staffAccounts(db)).find((one) => one.username === name && one.leftAt === null);
  return (
    account?.userId ?? fail('input.option', `--${option}`, '没有这个在职的工作人员账号。', '经办和复核各写一个用户名；accounts 列出全部。')
  );
};

const erase = async (context: CommandContext, db: Db, subject: Subject): Promise<number> => {
  const [maker, checker] = [await accountNamed(context, db, 'maker'), await accountNamed(context, db, 'checker')];
  const purpose = await purposeFor(context, db);
  const catalogue = await loadCatalogue(db);
  const reason = `${lookReasons[purpose.reason]} ${purpose.order}`;
  const { erased } = await eraseContacts(db, catalogue, { subject, maker, checker, reason, at: context.now() });
  await insertLook(db, { ...purpose, ...byHand(context), subjectId: subject.subjectId, view: 'erase', itemId: null, facts: [] });
  const stays = staysBecause(await personFile(db, catalogue, subject));
  const { say } = context.out;
  say(erased.length === 0 ? '没有可以删除的联系方式。' : `已删除：${erased.join('、')}。报送部门下次报送时会再带来，请同时告知该部门。`);
  say('依法须保留：');
  for (const one of stays) say(`  ${one.what} ${one.count} 项：${one.why}`);
  if (context.out.asJson) context.out.json({ subject: subject.subjectId, erased, stays });
  return 0;
};

const byHand = (context: CommandContext) => ({ actor: atTheMachine, role: 'system', at: context.now() });

/** On behalf of a member of staff, within what his roles and divisions let him see. */
const showWhole = async (context: CommandContext, db: Db, subject: Subject): Promise<number> => {
  const username = textOption(context, 'as');
  const staff = (await staffAccounts(db)).find((one) => one.username === username && one.leftAt === null);
  if (staff === undefined)
    return fail('input.option', '--as', '没有写是谁在看，或没有这个在职的工作人员账号。', '写 --as <用户名>；accounts 列出全部。');
  const purpose = await purposeFor(context, db);
  const ask = { who: staff, subjectId: subject.subjectId, purpose, at: context.now() };
  const found = await unmask(db, await loadCatalogue(db), ask);
  if (found === null)
    return fail('missing.subject', subject.subjectId, '库里没有这个对象，或不在这个账号的范围内。', '请由负责那里的人员办理。');
  for (const line of unmaskedLines(found)) context.out.say(line);
  if (context.out.asJson) context.out.json(found);
  return 0;
};

const verbs: Readonly<Record<string, (context: CommandContext, db: Db, subject: Subject) => Promise<number>>> = {
  looks,
  unmask: showWhole,
  access,
  erase,
};

const person = async (context: CommandContext, db: Db): Promise<number> => {
  const [verb = '', named = ''] = context.args;
  const run = verbs[verb] ?? fail('input.argument', '', '不认识这个办法。', `可用：${Object.keys(verbs).join('、')}。`);
  if (named === '') return fail('input.argument', '', '没有写是谁。', '写对象编号、身份证号或统一社会信用代码。');
  return await run(context, db, await subjectFor(db, named));
};

export const personCommand: Command = {
  name: 'person',
  usage: [
    'looks <对象编号或号码> [--json]    谁查阅过这个人的资料，为什么',
    'unmask <对象编号或号码> --as <用户名> --purpose <事由>:<工单号> [--json]    未遮盖的号码、姓名、联系方式、账号：按岗位和事由给出，单独留痕',
    'access <对象编号或号码> --out <文件.json> --purpose rights:<工单号> [--json]    存着的全部资料，给本人',
    'erase <对象编号或号码> --maker <用户名> --checker <用户名> --purpose rights:<工单号> [--json]    删除可删的，列出须留的和理由',
  ],
  options: {
    out: { type: 'string' },
    as: { type: 'string' },
    purpose: { type: 'string' },
    maker: { type: 'string' },
    checker: { type: 'string' },
  },
  run: (context) => withProduct(context, ({ db }) => person(context, db)),
};
