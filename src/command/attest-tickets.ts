// The part of `attest` about tickets 校核纠错: what departments are asked, as a table or a spreadsheet, their answers, their settling.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { transaction } from '../db/handle.ts';
import { writeXlsxFile } from '../sheet/xlsx-write.ts';
import { ticketsByDepartment } from '../ticket/store.ts';
import {
  answerTicket,
  settleTicket,
  type TicketOutcome,
  type TicketState,
  ticketOutcomeNames,
  ticketStateNames,
  ticketStates,
} from '../ticket/ticket.ts';
import { civilDay } from '../today.ts';
import { factLabel, ticketRow } from '../web/attest.ts';
import { allTickets, ticketSheet } from '../web/tickets.ts';
import { actorNamed, needed } from './attest-actor.ts';
import { type CommandContext, textTable } from './command.ts';
import { isUuid, type Opened, textOption } from './opening.ts';
import { fromCaller } from './place.ts';

const tickets = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const state = textOption(context, 'state');
  if (state !== null && !ticketStates.includes(state as TicketState))
    return fail(
      'input.option',
      '--state',
      '没有这个状态。',
      `可选 ${ticketStates.map((s) => `${s}（${ticketStateNames[s]}）`).join('、')}。`,
    );
  const department = textOption(context, 'department');
  const filter = {
    scope: everything,
    ...(department === null ? {} : { department }),
    ...(state === null ? {} : { state: state as TicketState }),
  };
  const catalogue = await loadCatalogue(db);
  const target = textOption(context, 'export');
  const path = target === null ? null : fromCaller(target, context.env);
  if (
    path !== null &&
    (await access(path, constants.F_OK).then(
      () => true,
      () => false,
    ))
  )
    return fail('input.file', target ?? '', '这个文件已经有了，不会覆盖它。', '换一个文件名，或先移走它。');
  if (path !== null) await writeXlsxFile(path, [ticketSheet(db, catalogue, filter)]);
  const departments = await ticketsByDepartment(db);
  const rows = [];
  for await (const one of allTickets(db, filter)) rows.push(one);
  const counts = departments.map((d) => [
    d.department,
    String(d.open),
    String(d.answered),
    String(d.settled),
    d.oldestOpen === null ? '' : civilDay(d.oldestOpen),
  ]);
  context.out.say(
    departments.length === 0 ? '没有校核单。' : textTable(['部门', '待答复', '已答复', '已办结', '最早提出'], counts, [1, 2, 3]),
  );
  const cells = rows
    .slice(0, 200)
    .map((t) => [t.id, t.department, factLabel(catalogue, t.register, t.fact), ticketStateNames[t.state], civilDay(t.openedAt)]);
  if (rows.length > 0) context.out.say(textTable(['校核单', '部门', '指标', '状态', '提出日期'], cells, []));
  if (path !== null) context.out.say(`已写入 ${target}（${rows.length} 张）。`);
  if (context.out.asJson) context.out.json({ departments, tickets: rows.map(ticketRow), export: path });
  return 0;
};

const idOf = (context: CommandContext): string => {
  const id = context.args[1] ?? '';
  return isUuid(id) ? id.toLowerCase() : fail('input.argument', '', '没有写校核单编号。', '编号见 attest tickets。');
};

/** Who hears departments, and who asked. */
const requireRole = (roles: readonly string[], allowed: readonly string[]): void => {
  if (!allowed.some((role) => roles.includes(role)))
    fail('scope.role', '--by', '这个账号的岗位不能办这件事。', '需要：部门审核（答复也可由数据管理员登记）。');
};

const answer = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const actor = await actorNamed(context, db);
  requireRole(actor.roles, ['steward', 'reviewer']);
  const ask = { id: idOf(context), scope: actor.scope, answer: needed(context, 'answer', '答复') };
  const done = await transaction(db, (tx) => answerTicket(tx, ask, { id: actor.id, role: actor.roles.join(',') }, context.now()));
  context.out.say('已登记答复。');
  if (context.out.asJson) context.out.json(ticketRow(done));
  return 0;
};

const settle = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const actor = await actorNamed(context, db);
  requireRole(actor.roles, ['reviewer']);
  const outcome = context.args[2] ?? '';
  if (!Object.hasOwn(ticketOutcomeNames, outcome))
    return fail(
      'input.argument',
      '',
      '没有写办结的结果。',
      `可选 ${Object.entries(ticketOutcomeNames)
        .map(([k, v]) => `${k}（${v}）`)
        .join('、')}。`,
    );
  const ask = { id: idOf(context), scope: actor.scope, outcome: outcome as TicketOutcome };
  const done = await transaction(db, (tx) => settleTicket(tx, ask, { id: actor.id, role: actor.roles.join(',') }, context.now()));
  context.out.say('已办结。');
  if (context.out.asJson) context.out.json(ticketRow(done));
  return 0;
};

export const ticketVerbs = { tickets, answer, settle };
