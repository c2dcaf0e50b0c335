// The decision about a late guard dataset: one named reviewer, for one item and period, with a reason. It is written with its audit row and never
// changed; another decision later counts instead. What it does is for the next seal and run.
import { randomUUID } from 'node:crypto';
import { addDays, type Day, daysBetween } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { coversItem, type Scope } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { termOf } from '../catalogue/delivery-term.ts';
import { type Db, transaction } from '../db/handle.ts';
import { type CompiledItem, compileItem } from '../policy/compile.ts';
import type { Item } from '../policy/item.ts';
import { treeOf } from '../record/lookup.ts';
import { hear } from './heard.ts';
import type { LateDecision } from './late.ts';
import { insertDecision, peopledDivisions, readHeard } from './store.ts';

export interface LateQuestion {
  readonly item: Item;
  /** A calendar period's key, already checked to be one of the item's. */
  readonly periodKey: string;
  readonly dataset: string;
  readonly choice: { readonly kind: 'extend'; readonly days: number } | { readonly kind: 'wait'; readonly until: Day };
  readonly reason: string;
}

export interface Approver {
  /** Account id. */
  readonly actor: string;
  readonly reviewer: boolean;
  readonly scope: Scope;
}

export interface DecideContext {
  readonly catalogue: Catalogue;
  /** The day the data in force speak of: the newest snapshot's. */
  readonly knownAt: Day;
  readonly at: Date;
}

const longest = 366;

const checkedReason = (text: string): string => {
  const reason = text.trim();
  if (reason === '') fail('input.reason', 'reason', '没有写理由。', '写明为什么可以继续，或为什么要等。');
  if (reason.length > 500 || /\d{15,}/.test(reason))
    fail('input.reason', 'reason', '理由太长，或写了证件号码、账号。', '只写情况，500 字以内，不写号码。');
  return reason;
};

const datasetFor = (catalogue: Catalogue, compiled: CompiledItem, id: string) => {
  const dataset = catalogue.datasets.find((d) => d.id === id);
  if (dataset === undefined || !compiled.reads.some((read) => read.datasets.includes(id)))
    return fail('input.dataset', 'dataset', '这个事项不用这个数据集。', '看 ready --item 列出的数据集。');
  if (termOf(catalogue, id)?.guard !== true)
    return fail('state.not-guard', 'dataset', '只有死亡、状态、名单一类核验数据可以决定等待或延长。', '其他数据请催报；到了自动判定。');
  return dataset;
};

/** Writes the decision. Throws `scope.role`, `scope.item`, `input.*`, `state.not-guard`, `state.not-late`. */
export const decideLate = async (db: Db, question: LateQuestion, by: Approver, context: DecideContext): Promise<LateDecision> => {
  const { item, periodKey, choice } = question;
  const { catalogue, knownAt, at } = context;
  if (!by.reviewer) fail('scope.role', '', '只有部门审核能就迟到的数据作决定。', '请由该事项主管部门的审核人员办理。');
  if (!coversItem(by.scope, item)) fail('scope.item', 'item', '您的范围里没有这个事项。', '请由主管部门的审核人员办理。');
  const reason = checkedReason(question.reason);
  const dataset = datasetFor(catalogue, compileItem(item, catalogue), question.dataset);
  return await transaction(db, async (tx) => {
    const divisions = treeOf(catalogue, 'division');
    const peopled = (await peopledDivisions(tx)).get(dataset.register) ?? [];
    const { stale } = hear(dataset, await readHeard(tx), { divisions, region: item.region, knownAt, peopled });
    const newest = stale
      .map((one) => one.asOf)
      .sort()
      .at(-1);
    if (newest === undefined) return fail('state.not-late', 'dataset', '这个数据集没有过期，不需要决定。', '看 ready --item 现在等什么。');
    const until = choice.kind === 'wait' ? choice.until : addDays(newest, dataset.freshnessDays + choice.days);
    const days = choice.kind === 'wait' ? null : choice.days;
    if (days !== null && (!Number.isInteger(days) || days < 1 || days > longest))
      fail('input.days', 'days', `延长的天数须在 1 到 ${longest} 之间。`, '按部门答复的报送日估计。');
    if (until < knownAt)
      fail('input.days', 'days', '延长以后仍然过期。', `至少延长 ${daysBetween(newest, knownAt) - dataset.freshnessDays} 天。`);
    if (daysBetween(knownAt, until) > longest) fail('input.until', 'until', '等得太久。', '最多一年；到期再决定。');
    const decision = {
      id: randomUUID(),
      itemId: item.id,
      periodKey,
      dataset: dataset.id,
      choice: choice.kind,
      days,
      until,
      asOf: newest,
      reason,
      actor: by.actor,
      at,
    } as const;
    return { ...decision, sequence: await insertDecision(tx, decision) };
  });
};
