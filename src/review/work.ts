// Moving a review: submit, return, withdraw, publish, retire. Each move is one transaction with its audit row; whoever wrote a version never publishes it.
import { audit } from '../audit/audit.ts';
import { fail, type Problem, ProblemError, problem } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { compileItem } from '../policy/compile.ts';
import type { Item } from '../policy/item.ts';
import { lintItem } from '../policy/lint.ts';
import { itemHash, publishProblems, publishWithin, retireWithin } from '../policy/publish.ts';
import { liveItems } from '../policy/store.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import { keepFile } from '../vault/kept.ts';
import { effectOf } from './effect.ts';
import { type Effect, mayMove, type Review, type ReviewState, reviewStates } from './review.ts';
import {
  insertReview,
  lockReview,
  markReviewRetired,
  type NewReview,
  readReview,
  reopenWithin,
  replaceContent,
  setGateLimit,
  updateReview,
} from './store.ts';

export interface PolicyDocument {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Submission {
  /** Plain JSON of one item. */
  readonly json: unknown;
  readonly catalogue: Catalogue;
  readonly maker: string;
  readonly at: Date;
  /** The policy document, PDF or scan. */
  readonly document?: PolicyDocument;
  /** The draft, or what was returned, that is submitted again. */
  readonly draft?: string;
}

const mostDocumentBytes = 20_000_000;
const begins = (bytes: Uint8Array, ...start: readonly number[]): boolean => start.every((byte, i) => bytes[i] === byte);
/** PDF, PNG, JPEG, TIFF by their first bytes: what a name says proves nothing. */
const isDocument = (b: Uint8Array): boolean =>
  begins(b, 0x25, 0x50, 0x44, 0x46) ||
  begins(b, 0x89, 0x50, 0x4e, 0x47) ||
  begins(b, 0xff, 0xd8, 0xff) ||
  begins(b, 0x49, 0x49, 0x2a) ||
  begins(b, 0x4d, 0x4d, 0, 0x2a);

const keepDocument = async (db: Db, document: PolicyDocument | undefined, at: Date): Promise<Review['document']> => {
  if (document === undefined) return null;
  const { name, bytes } = document;
  if (bytes.length > mostDocumentBytes) fail('input.document', 'document', '政策文件超过 20 MB。', '请压缩扫描件后再传。');
  if (!isDocument(bytes)) fail('input.document', 'document', '政策文件须是 PDF、PNG、JPEG 或 TIFF。', '请换成扫描件或 PDF。');
  const content = {
    open: async function* () {
      yield bytes;
    },
  };
  const { sha256 } = await keepFile(db, content, at);
  return { sha256, name: name.replaceAll(/[^\p{L}\p{N}._() （）《》〔〕-]/gu, '').slice(0, 120) };
};

/** Everything that stands in the way of publishing: shape and meaning, examples, lint errors. Then the warnings to be shown. */
const examine = async (
  db: Db,
  json: unknown,
  catalogue: Catalogue,
): Promise<{ readonly item: Item; readonly warnings: readonly Problem[] }> => {
  const { item, problems } = publishProblems(json, catalogue);
  if (item === null || problems.length > 0) throw new ProblemError(problems);
  const others = (await liveItems(db)).map((v) => v.item);
  const { findings } = lintItem(compileItem(item, catalogue), catalogue, others);
  return { item, warnings: findings.filter((f) => f.severity === 'warning') };
};

/** The audit row of a move, in the move's own transaction. */
export const trace = (
  tx: Tx,
  id: string,
  action: string,
  actor: string,
  at: Date,
  after: unknown,
  reason: string | null = null,
): Promise<void> =>
  audit(tx, { actor, role: 'officer', action: `review.${action}`, objectKind: 'item_review', objectId: id, after, reason, at });

/** Into review, with its warnings and its effect. Throws what stands in the way; `conflict.review` while another version of the item is in review. */
export const submitReview = async (db: Db, submission: Submission): Promise<Review> => {
  const { json, catalogue, maker, at } = submission;
  const { item, warnings } = await examine(db, json, catalogue);
  const document = await keepDocument(db, submission.document, at);
  const effect = await effectOf(db, item, catalogue);
  const hash = itemHash(item);
  const row = { item, hash, state: 'review' as const, maker, at, warnings, effect, document };
  const id = await transaction(db, async (tx) => {
    const made = submission.draft === undefined ? await insertReview(tx, row) : await resubmit(tx, submission.draft, row);
    if (made === null) return null;
    await trace(tx, made, 'submit', maker, at, {
      item: item.id,
      hash,
      document: document?.sha256 ?? null,
      exceeds: effect?.exceeds ?? null,
    });
    return made;
  });
  if (id === null) return fail('conflict.review', item.id, '这个事项已有一个版本在复核中。', '先复核、退回或撤回那一个。');
  return (await readReview(db, id)) as Review;
};

/** A draft, or what was returned, goes into review as it now is. */
const resubmit = async (tx: Tx, id: string, row: NewReview): Promise<string> => {
  const review = expect(await lockReview(tx, id), 'review');
  if (review.maker !== row.maker) fail('state.other-person', '', '只有编制人能送审自己的草稿。', '别人的草稿请编制人送审。');
  if (review.itemId !== row.item.id) fail('input.value', '/id', '事项编号与草稿的不同。', '换了编号就是另一个事项，另行送审。');
  await replaceContent(tx, id, row);
  return id;
};

const expect = (review: Review | null, to: ReviewState): Review => {
  if (review === null) return fail('missing.review', '', '没有这份送审。', '编号见 rules reviews。');
  if (!mayMove(review.state, to))
    fail('state.review', review.id, `送审现在是“${reviewStates[review.state].text}”，不能${moves[to]}。`, '请刷新后再看它的状态。');
  return review;
};
const moves: Readonly<Record<ReviewState, string>> = {
  draft: '改为草拟',
  review: '送审',
  returned: '退回',
  published: '发布',
  retired: '废止',
  withdrawn: '撤回',
};

const otherThan = (review: Review, checker: string): void => {
  if (review.maker === checker) fail('state.same-person', '', '编制人与复核人是同一人。', '请另一位复核人办理。');
};

const reasoned = (reason: string): string =>
  reason.trim() === '' ? fail('input.reason', 'reason', '没有写原因。', '写明为什么，编制人才知道怎么改。') : reason.trim().slice(0, 500);

export const returnReview = (db: Db, id: string, checker: string, reason: string, at: Date): Promise<void> =>
  transaction(db, async (tx) => {
    const review = expect(await lockReview(tx, id), 'returned');
    otherThan(review, checker);
    const why = reasoned(reason);
    await updateReview(tx, id, { state: 'returned', checker, decidedAt: at, reason: why });
    await trace(tx, id, 'return', checker, at, { item: review.itemId }, why);
  });

/** Only by who submitted it. */
export const withdrawReview = (db: Db, id: string, maker: string, at: Date): Promise<void> =>
  transaction(db, async (tx) => {
    const review = expect(await lockReview(tx, id), 'withdrawn');
    if (review.maker !== maker) fail('state.other-person', '', '只有编制人能撤回送审。', '复核人请用退回。');
    await updateReview(tx, id, { state: 'withdrawn', decidedAt: at });
    await trace(tx, id, 'withdraw', maker, at, { item: review.itemId });
  });

/** What was withdrawn is a draft again, as it was, for whoever wrote it. `conflict.review` while another draft or version of the item is on its way. */
export const reopenReview = (db: Db, id: string, maker: string, at: Date): Promise<void> =>
  transaction(db, async (tx) => {
    const review = expect(await lockReview(tx, id), 'draft');
    if (review.maker !== maker) fail('state.other-person', '', '只有编制人能把自己撤回的改回草稿。', '别人的，复制一份另存。');
    if (!(await reopenWithin(tx, review))) fail('conflict.review', review.id, '这个事项已有一份草稿或送审。', '先处理那一份。');
    await trace(tx, id, 'reopen', maker, at, { item: review.itemId });
  });

export interface Approval {
  readonly id: string;
  readonly catalogue: Catalogue;
  readonly checker: string;
  /** The checker's own name: accepts an effect beyond the gate. */
  readonly accept: string | null;
  readonly at: Date;
}

export interface Released {
  readonly itemId: string;
  readonly version: number;
  readonly hash: string;
  readonly already: boolean;
  readonly blocked: string | null;
  readonly effect: Effect | null;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** What is told of an effect beyond the gate that nobody has accepted. */
export const heldProblem = (effect: Effect): Problem => {
  const { share, due, closed, limit } = effect;
  const what =
    share === null
      ? `首次发布，按最新数据有 ${due.counts.eligible} 人（户）符合`
      : `与现行版本相比，涉及 ${percent(share.people)} 的人（户）、${percent(share.money)} 的金额，界限是 ${percent(limit)}`;
  const past =
    closed.length === 0 ? '' : `；重算 ${closed.length} 个已结束的所属期，需补差 ${effect.topUpFen} 分，多发 ${effect.overPaidFen} 分`;
  return problem('state.gate', '', `${what}${past}。`, '复核人看过匡算后，以自己的名字确认（--accept <用户名>，或 accept）再发布。');
};

/** By a second person, who accepts by name what goes beyond the gate. Everything is checked again: the catalogue or the data may have moved on. */
export const publishReview = async (db: Db, approval: Approval): Promise<Released> => {
  const { id, catalogue, checker, accept, at } = approval;
  const seen = expect(await readReview(db, id), 'published');
  otherThan(seen, checker);
  if (accept !== null && accept !== checker)
    fail('state.other-person', 'accept', '只能以复核人自己的名字确认影响。', `写 ${checker}，或请那一位来复核。`);
  const { item, warnings } = await examine(db, seen.content, catalogue);
  const effect = await effectOf(db, item, catalogue);
  if (effect?.exceeds === true && accept === null) throw new ProblemError([heldProblem(effect)]);
  const acceptedBy = effect?.exceeds === true ? accept : null;
  const sealed = await latestSnapshot(db);
  const closedBefore = sealed === null ? {} : { closedBefore: sealed.knownAt };
  for (let attempt = 0; attempt < 5; attempt++) {
    const done = await transaction(db, async (tx) => {
      const review = expect(await lockReview(tx, id), 'published');
      const made = await publishWithin(tx, {
        item,
        maker: review.maker,
        checker,
        at,
        catalogue,
        document: review.document?.sha256 ?? null,
        ...closedBefore,
      });
      if (made === null) return null;
      await updateReview(tx, id, { state: 'published', checker, decidedAt: at, version: made.version, effect, acceptedBy, warnings });
      await trace(tx, id, 'publish', checker, at, { item: item.id, version: made.version, hash: made.hash, accepted: acceptedBy });
      return made;
    });
    if (done !== null) return { itemId: item.id, effect, ...done };
  }
  return fail('conflict.publish', '', '有多人同时发布这个事项。', '稍候再发布一次。');
};

export interface Retiring {
  readonly itemId: string;
  readonly version: number;
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
}

/** Decides nothing from now on; its row, document and matches stay. Throws `missing.version`. */
export const retireVersion = (db: Db, retiring: Retiring): Promise<void> =>
  transaction(db, async (tx) => {
    const reason = reasoned(retiring.reason);
    if (!(await retireWithin(tx, { ...retiring, reason })))
      fail('missing.version', `${retiring.itemId}@${retiring.version}`, '没有这个在用的版本。', '版本见 rules versions <编号>。');
    await markReviewRetired(tx, retiring.itemId, retiring.version);
  });

/** Between 0 (every change is held) and 1. */
export const setGate = (db: Db, limit: number, by: string, at: Date): Promise<void> =>
  transaction(db, async (tx) => {
    if (!(limit >= 0 && limit <= 1)) fail('input.value', 'share', '界限是 0 到 1 之间的数。', '例如 0.2 表示两成。');
    await setGateLimit(tx, limit, at);
    await audit(tx, {
      actor: by,
      role: 'officer',
      action: 'review.gate',
      objectKind: 'setting',
      objectId: 'release.gate',
      after: { limit },
      at,
    });
  });
