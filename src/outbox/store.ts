// Notices that somebody is owed because of an act: written in the act's transaction, told by the step that tells. So the act knows no template text and no
// channel, and nothing that was decided goes untold. Hand-written SQL: chunks are written and taken as sets.
import type { Day } from '../base/day.ts';
import { rawSql, type Tx } from '../db/handle.ts';

/** What the text needs beside the record it speaks of; amounts in 分 as text. */
export interface OwedDetail {
  readonly reason?: string;
  readonly dueOn?: Day | null;
  readonly amountFen?: string;
  readonly clause?: string | null;
  /** Another amount the text names: what was kept back, what is left. */
  readonly otherFen?: string;
  /** 第几次提醒, 分几期 … */
  readonly count?: number;
  /** The day the text speaks of: arrived, published. */
  readonly onDay?: Day;
  /** Where it is not the match's: a year's summary. */
  readonly periodKey?: string;
  /** Whom it is about, where no match says it. */
  readonly register?: string;
  readonly division?: string | null;
  /** Out of how many payments an amount is made. */
  readonly lines?: number;
  /** A year's summary: what was paid of each item, in 分 as text. */
  readonly sums?: readonly { readonly title: string; readonly lines: number; readonly amountFen: string }[];
  /** 资格认证: what to do, and whether silence keeps the money back. */
  readonly how?: string;
  readonly suspends?: boolean;
  /** What there is to choose from, each with its amount in 分 as text. */
  readonly options?: readonly {
    readonly title: string;
    readonly periodKey: string;
    readonly amountFen: string;
    readonly highest: boolean;
  }[];
}

export type OwedTemplate =
  | 'sent-back'
  | 'refused'
  | 'objected'
  | 'objection-upheld'
  | 'objection-rejected'
  | 'objection-answer'
  | 'human-answer'
  | 'ticket-answer'
  | 'rating-answer'
  | 'recovery'
  | 'recovery-reminder'
  | 'recovery-changed'
  | 'recovery-closed'
  | 'named'
  | 'waived'
  | 'publicity'
  | 'paid'
  | 'returned'
  | 'yearly'
  | 'certify'
  | 'certify-reminder'
  | 'certify-suspended'
  | 'certify-resumed'
  | 'choose'
  | 'choose-reminder'
  | 'recovery-offset'
  | 'stopped'
  | 'stop-lifted'
  | 'heir-named';

export interface Owed {
  readonly subjectId: string;
  readonly itemId: string;
  readonly version: number;
  /** null: the subject is in no match of the item. */
  readonly matchId: string | null;
  readonly disbursementId: string | null;
  /** Told to whoever objected instead of the subject. */
  readonly objectionId?: string | null;
  readonly template: OwedTemplate;
  readonly detail: OwedDetail;
}

/** Writes down what is owed, in the caller's transaction. */
export const owe = async (tx: Tx, owed: readonly Owed[], at: Date): Promise<void> => {
  if (owed.length === 0) return;
  await rawSql(tx)`
    insert into owed_notice (subject_id, item_id, version, match_id, disbursement_id, objection_id, template, detail, at)
    select s, i, v, m, d, o, t, detail, ${at} from jsonb_to_recordset(${JSON.stringify(
      owed.map((one) => ({
        s: one.subjectId,
        i: one.itemId,
        v: one.version,
        m: one.matchId,
        d: one.disbursementId,
        o: one.objectionId ?? null,
        t: one.template,
        detail: one.detail,
      })),
    )}::text::jsonb) as x(s uuid, i text, v int, m uuid, d uuid, o uuid, t text, detail jsonb)`;
};
