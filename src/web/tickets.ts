// Tickets as the spreadsheet a department is sent: what to check, on whom (our number for the subject, never an identity number), since when.
import type { Scope } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Db } from '../db/handle.ts';
import type { Sheet } from '../sheet/xlsx-write.ts';
import { listTickets } from '../ticket/store.ts';
import { type Ticket, type TicketState, ticketOutcomeNames, ticketStateNames } from '../ticket/ticket.ts';
import { civilDay } from '../today.ts';
import { factLabel } from './attest.ts';

const header = ['校核单', '部门', '数据集', '对象编号', '区划', '指标', '请核实', '状态', '提出日期', '答复', '结果'];
const pageSize = 1000;

export interface TicketFilter {
  readonly scope: Scope;
  readonly department?: string | undefined;
  readonly state?: TicketState | undefined;
}

export async function* allTickets(db: Db, ask: TicketFilter): AsyncGenerator<Ticket> {
  for (let after: string | null = null; ; ) {
    const page: readonly Ticket[] = await listTickets(db, { ...ask, after, limit: pageSize });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.id;
  }
}

export const ticketCells = (one: Ticket, catalogue: Catalogue): readonly string[] => [
  one.id,
  one.department,
  catalogue.datasets.find((d) => d.id === one.dataset)?.title ?? one.dataset,
  one.subjectId,
  one.division ?? '',
  factLabel(catalogue, one.register, one.fact),
  one.question,
  ticketStateNames[one.state],
  civilDay(one.openedAt),
  one.answer ?? '',
  one.outcome === null ? '' : ticketOutcomeNames[one.outcome],
];

export const ticketSheet = (db: Db, catalogue: Catalogue, ask: TicketFilter): Sheet => {
  async function* rows(): AsyncGenerator<readonly string[]> {
    for await (const one of allTickets(db, ask)) yield ticketCells(one, catalogue);
  }
  return { name: '校核单', header, rows: rows() };
};
