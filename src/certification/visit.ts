// A visit 入户核查: what a named person saw, with evidence, written down by staff. Whoever was met is certified and gets what was kept back; whoever has died
// is kept back until a person decides on the stop; nobody loses anything because no one opened the door.
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Tx } from '../db/handle.ts';
import type { Act } from '../disbursement/act.ts';
import { knownDocuments } from '../disbursement/ask-store.ts';
import { itemsOf } from '../disbursement/prefill-store.ts';
import { proposeStop } from '../disbursement/stop.ts';
import { readCheckCode } from '../notice/check-code.ts';
import type { Certify } from '../policy/certify.ts';
import { certificationStates, counts, type VisitResult, type VisitWay, validUntil } from './certification.ts';
import { type By, keepBack, resume } from './keep-back.ts';
import { type Certification, insertVisit, lockTurn, moveTurn, type Visit } from './store.ts';

export interface VisitAsk extends Omit<Act, 'id' | 'calendar'> {
  /** As it stands on the visit list. */
  readonly code: string;
  readonly result: VisitResult;
  readonly way: VisitWay;
  readonly visitedOn: Day;
  readonly visitor: string;
  readonly note?: string | undefined;
  /** sha256 of a scan: the signed list, a photograph. */
  readonly document?: string | undefined;
  readonly diedOn?: Day | undefined;
}

export interface VisitReport {
  readonly certification: string;
  readonly state: Certification['state'];
  /** False: this visit was written down before. */
  readonly news: boolean;
  /** Payments let go again. */
  readonly resumed: number;
}

/** One visit, in the caller's transaction. Throws `missing.certification`, `input.…`, `state.certification`. */
export const recordVisit = async (tx: Tx, ask: VisitAsk): Promise<VisitReport> => {
  const code = readCheckCode(ask.code) ?? fail('input.code', '/code', '核查码不对。', '照名单上的 12 位字母和数字填。');
  const turn =
    (await lockTurn(tx, { code }, ask.scope)) ??
    fail('missing.certification', code, '没有这个核查码，或者不在您的范围内。', '请核对名单，或由主管部门的人登记。');
  const terms = (await itemsOf(tx, [turn])).get(`${turn.itemId}@${turn.version}`)?.certify;
  if (terms === undefined) return fail('missing.certification', code, '这一版规则没有资格认证。', '请联系政策管理员。');
  const visit = await checked(tx, ask, turn);
  const by: By = { ...ask.actor, mover: 'reviewer' };
  const { live } = certificationStates[turn.state];
  // The same list read in twice is no news, also of turns that were closed by the first.
  if (live) requireTimely(turn, visit, terms, ask.today);
  const news = await insertVisit(tx, turn, visit, ask.actor, ask.now);
  const same = { certification: turn.id, state: turn.state, news, resumed: 0 };
  if (!news) return same;
  if (!live) fail('state.certification', code, `这次资格认证${certificationStates[turn.state].text}，不再登记核查。`, '请刷新名单。');
  return await follow(tx, turn, visit, terms, by, ask);
};

const checked = async (tx: Tx, ask: VisitAsk, turn: Certification): Promise<Visit> => {
  const visitor = ask.visitor.trim();
  if (visitor.length < 2 || visitor.length > 40) fail('input.visitor', '/visitor', '没有写是谁去核查的。', '写上门或接待的人的姓名。');
  const note = ask.note?.trim() ?? '';
  if (note.length > 600) fail('input.note', '/note', '核查情况太长。', '最多 600 个字。');
  const document = ask.document ?? null;
  if (document !== null && !(await knownDocuments(tx, [document])).has(document))
    fail('input.document', '/document', '没有这份扫描件。', '先上传扫描件，再填它的哈希。');
  if (note.length < 2 && document === null)
    fail('input.evidence', '/note', '没有写核查情况，也没有扫描件。', '写在哪里、怎样见到的；或附签字的名单、照片。');
  if (ask.visitedOn > ask.today) fail('input.value', '/visitedOn', '核查日期在今天之后。', '写实际核查的那一天。');
  const diedOn = ask.diedOn ?? null;
  if ((ask.result === 'deceased') !== (diedOn !== null))
    fail(
      'input.value',
      '/diedOn',
      ask.result === 'deceased' ? '没有写去世日期。' : '只有“已去世”才写去世日期。',
      '照证明或家属所说写；不知道确切哪天的，写最早可能的一天并在情况里说明。',
    );
  if (diedOn !== null && diedOn > ask.visitedOn) fail('input.value', '/diedOn', '去世日期在核查之后。', '请核对两个日期。');
  if (ask.visitedOn <= turn.anchorOn)
    fail('input.value', '/visitedOn', `核查日期不晚于上一次认证（${turn.anchorOn}）。`, '写实际核查的那一天。');
  return {
    ...{ result: ask.result, way: ask.way, visitedOn: ask.visitedOn, visitor, document, diedOn },
    note: note.length < 2 ? null : note,
  };
};

/** Seen so long ago that the next certification would be due already says nothing of today. */
const requireTimely = (turn: Certification, visit: Visit, terms: Certify, today: Day): void => {
  if (visit.result === 'met' && !counts(visit.visitedOn, turn, terms, today))
    fail('input.value', '/visitedOn', `这次核查只管到 ${validUntil(visit.visitedOn, terms)}，已经过了。`, '请重新核查。');
};

const follow = async (tx: Tx, turn: Certification, visit: Visit, terms: Certify, by: By, ask: VisitAsk): Promise<VisitReport> => {
  const { now, today } = ask;
  const reason = [visit.visitor, visit.note].filter((text) => text !== null).join('：');
  const told = (state: Certification['state'], resumed = 0): VisitReport => ({ certification: turn.id, state, news: true, resumed });
  switch (ask.result) {
    case 'met': {
      const change = { certifiedOn: visit.visitedOn, how: visit.way, decidedBy: by.id };
      const done = await moveTurn(tx, { turn, to: 'certified', verb: 'certify', change, reason }, by, now);
      return told('certified', await resume(tx, turn, done, terms, by, now));
    }
    case 'deceased': {
      if (turn.state === 'deceased') {
        await moveTurn(tx, { turn, to: 'deceased', verb: 'visit', reason }, by, now);
        return told('deceased');
      }
      const change = { suspendedOn: turn.suspendedOn ?? today, decidedBy: by.id };
      const done = await moveTurn(tx, { turn, to: 'deceased', verb: 'deceased', change, reason }, by, now);
      await keepBack(tx, done, by, now);
      await propose(tx, turn, 'death', visit.diedOn ?? visit.visitedOn, reason, now);
      return told('deceased');
    }
    default: {
      const to = turn.state === 'open' ? 'visiting' : turn.state;
      await moveTurn(tx, { turn, to, verb: 'visit', change: { visitFrom: turn.visitFrom ?? today }, reason }, by, now);
      if (ask.result === 'moved') await propose(tx, turn, 'moved', visit.visitedOn, reason, now);
      return told(to);
    }
  }
};

/** What was seen is laid before whoever decides about stops: nothing ends by it. */
const propose = async (tx: Tx, turn: Certification, kind: 'death' | 'moved', lastOn: Day, said: string, now: Date): Promise<void> => {
  const { subjectId, itemId, version, matchId, authority, division } = turn;
  await proposeStop(tx, { subjectId, itemId, version, matchId, authority, division, kind, lastOn, reason: `入户核查，${said}` }, now);
};
