// What the database refuses, without the values: PostgresError carries rows in `detail`, DrizzleQueryError prints parameters, and both hold
// identity numbers and accounts (invariant 12). Everything that logs, answers or rethrows a database error goes through here.
import { DrizzleQueryError } from 'drizzle-orm';
import { type Problem, problem } from '../base/problem.ts';

export type RefusalKind =
  | 'unique'
  | 'foreign-key'
  | 'check'
  | 'not-null'
  | 'bad-value'
  | 'serialization'
  | 'deadlock'
  | 'lock-timeout'
  | 'cancelled'
  | 'denied'
  | 'full'
  | 'lost'
  | 'commit-unknown'
  | 'other';

export class DatabaseError extends Error {
  readonly kind: RefusalKind;
  /** SQLSTATE, or the driver's own code for a lost connection. */
  readonly code: string;
  readonly table: string | null;
  readonly column: string | null;
  readonly constraint: string | null;
  constructor(kind: RefusalKind, code: string, text: string, at: { table?: string; column?: string; constraint?: string } = {}) {
    super(`database ${kind} ${code}: ${text}`);
    this.name = 'DatabaseError';
    this.kind = kind;
    this.code = code;
    this.table = at.table ?? null;
    this.column = at.column ?? null;
    this.constraint = at.constraint ?? null;
  }
}

const byState: Readonly<Record<string, RefusalKind>> = {
  '23505': 'unique',
  '23503': 'foreign-key',
  '23514': 'check',
  '23502': 'not-null',
  '40001': 'serialization',
  '40P01': 'deadlock',
  '55P03': 'lock-timeout',
  '57014': 'cancelled',
  '42501': 'denied',
  '53100': 'full',
  '53200': 'full',
  '57P01': 'lost',
  '57P02': 'lost',
  '57P03': 'lost',
};

const lostCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);

interface DriverError {
  readonly code?: string;
  readonly message: string;
  readonly table_name?: string;
  readonly column_name?: string;
  readonly constraint_name?: string;
}

const kindOf = (code: string): RefusalKind => {
  if (lostCodes.has(code) || code.startsWith('08')) return 'lost';
  return byState[code] ?? (code.startsWith('22') ? 'bad-value' : code.startsWith('53') ? 'full' : 'other');
};

/** The server's sentence with everything quoted left out where the class of error quotes values; names of tables and columns stay. */
const safeText = (code: string, error: DriverError): string => {
  const quotesValues = code.startsWith('22') || code.startsWith('XX') || code.startsWith('P0');
  return quotesValues ? error.message.replace(/"[^"]*"|:.*$/gs, '…') : error.message;
};

/** The safe form of an error from the driver or from drizzle; null when the error did not come from the database. */
export const databaseError = (error: unknown): DatabaseError | null => {
  if (error instanceof DatabaseError) return error;
  if (!(error instanceof Error)) return null;
  if (error instanceof DrizzleQueryError) return databaseError(error.cause) ?? new DatabaseError('other', '', 'query failed');
  const e = error as DriverError & Error;
  const code = typeof e.code === 'string' ? e.code : '';
  if (e.name !== 'PostgresError' && !lostCodes.has(code)) return null;
  return new DatabaseError(kindOf(code), code, safeText(code, e), {
    ...(e.table_name ? { table: e.table_name } : {}),
    ...(e.column_name ? { column: e.column_name } : {}),
    ...(e.constraint_name ? { constraint: e.constraint_name } : {}),
  });
};

/** For `catch`: the safe form when it is the database's, the error itself otherwise. */
export const safeError = (error: unknown): unknown => databaseError(error) ?? error;

/** True when the same transaction may simply be run again. A lost COMMIT reply is not among them: look first whether it happened. */
export const isTransient = (error: unknown): boolean => {
  const kind = databaseError(error)?.kind;
  return kind === 'serialization' || kind === 'deadlock' || kind === 'lock-timeout' || kind === 'lost';
};

/** For people: what a page or the command line shows when nothing nearer to the matter has caught it. */
export const databaseProblem = (error: DatabaseError): Problem => {
  const at = error.constraint ?? error.table ?? '';
  switch (error.kind) {
    case 'unique':
      return problem('conflict.duplicate', at, '同样的内容已经存在，没有再写一次。', '请刷新后查看已有的那一条。');
    case 'lost':
    case 'commit-unknown':
      return problem('internal.database-lost', at, '与数据库的连接断了。', '请稍后重试；重试不会重复写入。');
    case 'serialization':
    case 'deadlock':
    case 'lock-timeout':
    case 'cancelled':
      return problem('internal.database-busy', at, '数据库正忙，这一步没有完成，也没有留下一半。', '请稍后重试。');
    case 'full':
      return problem('internal.database-full', at, '数据库的磁盘或内存不够了。', '请联系管理员清理或扩容。');
    default:
      return problem('internal.database', at, `数据库拒绝了这次写入（${error.code || '未知'}）。`, '请把出错时间告诉管理员。');
  }
};
