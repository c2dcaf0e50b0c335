// 人工核定: where a source is wrong or silent, a reviewer enters one value for one subject from a document he has seen; a second person confirms it. Shapes,
// the table of states and who may do what. Entering and deciding is `enter.ts` and `decide.ts`, what sources say later `follow.ts`, SQL `store.ts`.
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import type { CellValue } from '../record/record.ts';

export const attestStates = ['entered', 'standing', 'refused', 'withdrawn', 'agreed', 'overruled', 'expired'] as const;
export type AttestState = (typeof attestStates)[number];

export const attestStateNames: Readonly<Record<AttestState, string>> = {
  entered: '待复核',
  standing: '有效',
  refused: '复核退回',
  withdrawn: '撤回',
  agreed: '来源已一致',
  overruled: '以来源为准',
  expired: '到期',
};

/** Where an attestation may go. Only `standing` is read by anybody; everything after it is the end, and a correction is a new attestation. */
export const attestEdges: Readonly<Record<AttestState, readonly AttestState[]>> = {
  entered: ['standing', 'refused', 'withdrawn', 'expired'],
  standing: ['agreed', 'overruled', 'withdrawn', 'expired'],
  refused: [],
  withdrawn: [],
  agreed: [],
  overruled: [],
  expired: [],
};

/** Since it was confirmed a source has spoken again: `repeated` what was answered then, or `contradicted` it with something new. */
export type Dispute = 'repeated' | 'contradicted';

export interface Attestation {
  readonly id: string;
  readonly register: string;
  readonly subjectId: string;
  readonly division: string | null;
  /** '' : the subject itself, which no register has. */
  readonly fact: string;
  readonly value: CellValue;
  readonly validFrom: Day | null;
  readonly validTo: Day | null;
  readonly documentHash: string;
  readonly documentTitle: string;
  readonly reason: string;
  readonly asOf: Day;
  readonly expiresOn: Day;
  readonly state: AttestState;
  readonly enteredBy: string;
  readonly enteredAt: Date;
  readonly confirmedBy: string | null;
  readonly confirmedAt: Date | null;
  readonly against: string | null;
  readonly againstAsOf: Day | null;
  readonly dispute: Dispute | null;
  readonly disputeSince: Day | null;
  readonly closedBy: string | null;
  readonly closedAt: Date | null;
  readonly closeReason: string | null;
}

/** The value of an attestation that brings a new subject. */
export interface NewSubject {
  readonly key: string;
  readonly name: string;
  readonly division: string;
}

/** Whoever acts: account id, the roles it holds and what it may see. */
export interface Attester {
  readonly id: string;
  readonly roles: readonly string[];
  readonly scope: Scope;
}

/** Entering, confirming and deciding is the work of 部门审核; steps act as `system`. */
export const attestRole = 'reviewer';

export const requireReviewer = (actor: Attester): void => {
  if (!actor.roles.includes(attestRole)) fail('scope.role', '', '您的岗位不能办理人工核定。', '需要：部门审核。请联系系统管理员。');
};

export const requireAttestEdge = (one: Attestation, to: AttestState): void => {
  if (!attestEdges[one.state].includes(to))
    fail('state.edge', one.id, `这条核定${attestStateNames[one.state]}，不能再这样办。`, '请刷新后查看它现在的状态；要改请另行核定。');
};

/** An attestation stands for a year at the most: by then the source must have been put right. */
export const longestDays = 366;

/** 2 to 500 characters of somebody's own words. */
export const ownWords = (text: string, at: string, what: string): string => {
  const words = text.trim();
  if (words.length < 2 || words.length > 500) return fail('input.reason', at, `请写明${what}。`, '2 到 500 个字，一两句话即可。');
  return words;
};
