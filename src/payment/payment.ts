// A batch 拨付批次 and its lines: states as one table, the content that is signed, what the bank may say. Pure; the steps are one file per verb, the SQL
// in the stores. The product never holds money: it makes files, and believes the bank's answer and nothing else.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../base/canonical.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { FundingPart } from './funding.ts';
import { type BatchState, batchStates, type fundingLevels, type fundingNatures, type SignatureRole, signatureNames } from './states.ts';

export {
  type BatchState,
  batchStates,
  fundingLevels,
  fundingNatures,
  type LineEventKind,
  lineEventNames,
  type SignatureRole,
  signatureNames,
} from './states.ts';

export interface FundingSource {
  readonly id: string;
  readonly itemId: string;
  readonly year: number;
  readonly document: string;
  readonly projectCode: string;
  readonly subjectCode: string;
  readonly nature: keyof typeof fundingNatures;
  readonly payerName: string;
  readonly payerAccount: string;
  readonly payerBank: string;
  readonly payerBankCode: string;
  readonly format: string;
  readonly amountFen: bigint;
  readonly level: keyof typeof fundingLevels;
  /** Of ten thousand, of every line; null: the first with money left, by `rank`. */
  readonly shareBp: number | null;
  readonly rank: number;
}

/** One payment order, with the account open. */
export interface PaymentLine {
  readonly id: string;
  readonly batchId: string;
  readonly position: number;
  readonly subjectId: string;
  readonly disbursementId: string;
  readonly settlementLineId: string;
  /** The settled line's element (a child, a graduate); '' the subject itself. */
  readonly key: string;
  readonly itemId: string;
  readonly periodKey: string;
  readonly year: number;
  readonly division: string | null;
  readonly payeeSubjectId: string | null;
  readonly payeeName: string;
  readonly account: string;
  readonly bank: string;
  readonly bankCode: string;
  readonly amountFen: bigint;
  readonly statementText: string;
  readonly endToEndId: string;
  readonly replaces: string | null;
  /** From which sources it is paid; the parts are its amount. In the order of the sources' ids. */
  readonly funding: readonly FundingPart[];
  readonly guards: LineGuards;
}

/** What the second look found, as far as it may be shown later. */
export interface LineGuards {
  readonly on: Day;
  readonly flags: readonly string[];
}

export interface Batch {
  readonly id: string;
  readonly itemId: string;
  readonly authority: string;
  readonly sourceId: string;
  /** null: of several periods. */
  readonly periodKey: string | null;
  readonly payOn: Day;
  readonly format: string;
  readonly number: string;
  readonly lines: number;
  readonly totalFen: bigint;
  readonly hash: string;
  readonly state: BatchState;
  readonly sealedAt: Date;
  readonly releasedAt: Date | null;
  readonly fileSha256: string | null;
  readonly reason: string | null;
}

/** As which members of staff may check, the first of them everywhere; more money may ask for the others. */
export const checkerRoles = ['finance-checker', 'finance-head'] as const;
export type CheckerRole = (typeof checkerRoles)[number];
export type Office = 'finance-maker' | CheckerRole | 'finance-issuer';

/** In which office a batch may be signed as what; the table's check says the same. */
export const signingOffices = {
  maker: ['finance-maker'],
  checker: checkerRoles,
  issuer: ['finance-issuer'],
} as const satisfies Record<SignatureRole, readonly Office[]>;

/** `scope.role` where somebody of another office would sign. */
export const officeFor = (role: SignatureRole, held: string): Office =>
  signingOffices[role].find((office) => office === held) ??
  fail('scope.role', '', `您的岗位不能${signatureNames[role]}这个批次。`, `请由${signatureNames[role]}岗位的人办理。`);

export interface Signature {
  readonly person: string;
  readonly role: SignatureRole;
  readonly office: Office;
  readonly at: Date;
}

/**
 * The bank's reference of a line: from the disbursement and how often it was issued, so that the same order made twice has one name.
 * 35 characters at most, letters and digits only, as every bank takes them.
 */
export const endToEndIdOf = (disbursementId: string, issue: number): string =>
  `ZX${disbursementId.replaceAll('-', '').toUpperCase().slice(0, 29)}${issue}`;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Everything the bank is told and everything the money is booked on; nothing that may be worded otherwise tomorrow. The account by its blind index, made
 * with the installation's key: the other fields stand in clear, and from a plain hash the account could be guessed.
 */
export const lineHash = (line: PaymentLine, accountIndex: string): string => {
  const {
    id,
    position,
    subjectId,
    disbursementId,
    settlementLineId,
    key,
    itemId,
    periodKey,
    year,
    payeeSubjectId,
    payeeName,
    bank,
    bankCode,
  } = line;
  const { amountFen, statementText, endToEndId, replaces, funding } = line;
  return sha256(
    canonicalJson({
      id,
      position,
      subjectId,
      disbursementId,
      settlementLineId,
      key,
      itemId,
      periodKey,
      year,
      payeeSubjectId,
      payeeName,
      account: accountIndex,
      bank,
      bankCode,
      amountFen: String(amountFen),
      statementText,
      endToEndId,
      replaces,
      funding: funding.map((part) => ({ sourceId: part.sourceId, amountFen: String(part.amountFen) })),
    }),
  );
};

/** Whose account pays, by which document: what the file's head is made of. */
type Payer = Pick<FundingSource, 'payerName' | 'payerAccount' | 'payerBank' | 'payerBankCode' | 'document' | 'projectCode' | 'subjectCode'>;

/** The hash people sign: the batch's head, who pays, and its lines in order. */
export const batchHash = (
  head: Pick<Batch, 'id' | 'itemId' | 'sourceId' | 'periodKey' | 'payOn' | 'format' | 'number'>,
  payer: Payer,
  lineHashes: readonly string[],
  totalFen: bigint,
): string => {
  const { id, itemId, sourceId, periodKey, payOn, format, number } = head;
  const { payerName, payerAccount, payerBank, payerBankCode, document, projectCode, subjectCode } = payer;
  const whole = createHash('sha256');
  whole.update(
    canonicalJson({
      ...{ id, itemId, sourceId, periodKey, payOn, format, number, lines: lineHashes.length, totalFen: String(totalFen) },
      payer: { payerName, payerAccount, payerBank, payerBankCode, document, projectCode, subjectCode },
    }),
  );
  for (const hash of lineHashes) whole.update(`\n${hash}`);
  return whole.digest('hex');
};

/** How many checkers a batch needs and of which offices, by its amount: ascending, the last without a bound. Data of the authority, in settings. */
export interface Band {
  /** 分, inclusive; null: everything above. */
  readonly upToFen: bigint | null;
  readonly checkers: number;
  /** Offices that must be among the checkers; left out: any. */
  readonly roles?: readonly CheckerRole[];
}

export const defaultBands: readonly Band[] = [
  { upToFen: 100_000_000n, checkers: 1 },
  { upToFen: null, checkers: 2 },
];

export const bandFor = (bands: readonly Band[], totalFen: bigint): Band =>
  bands.find((band) => band.upToFen === null || totalFen <= band.upToFen) ??
  fail('config.bands', 'approval.bands', '没有这个金额的复核档次。', '最后一档不写上限。');

/** `state.batch` when the batch is not where the act needs it. */
export const requireBatch = (batch: Pick<Batch, 'id' | 'state'>, states: readonly BatchState[], what: string): void => {
  if (!states.includes(batch.state))
    fail('state.batch', batch.id, `这个批次是「${batchStates[batch.state].text}」，不能${what}。`, '请刷新后查看它现在的状态。');
};

/** What is still to be signed: how many, and which offices must be among them. */
export interface Lacking {
  readonly checkers: number;
  readonly offices: readonly CheckerRole[];
}

export const lackingOf = (band: Band, signed: readonly Pick<Signature, 'role' | 'office'>[]): Lacking => {
  const checked = signed.filter((one) => one.role === 'checker');
  const offices = (band.roles ?? []).filter((office) => !checked.some((one) => one.office === office));
  return { checkers: Math.max(band.checkers - checked.length, offices.length), offices };
};

/** Whether somebody of this office may sign next: a place that waits for another office is not theirs. */
export const mayCheckNext = ({ checkers, offices }: Lacking, office: Office): boolean =>
  (offices as readonly Office[]).includes(office) || checkers > offices.length;
