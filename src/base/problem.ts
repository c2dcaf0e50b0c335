// What went wrong, in one shape for every face of the product: API, command line, import report, rule lint.
// No personal data may enter a message: identity numbers, accounts and phones are masked by whoever raises the problem.

export interface Problem {
  /** Stable, dotted: the first part is the family (`input`, `rule`, `feel`, `import`, `config`, `auth`, `scope`, `state`, `internal` …). */
  readonly code: string;
  /** Where: a JSON pointer into the input, a `file:line:column`, or a setting's name. Empty when the whole input is meant. */
  readonly at: string;
  /** Plain Chinese, one sentence: what is wrong. */
  readonly message: string;
  /** Plain Chinese: what to do about it. */
  readonly hint: string;
}

/** HTTP status by problem family; `web` answers with it, the command line exits 2 for every 4xx and 1 for the rest. */
export const familyStatus = {
  input: 400,
  auth: 401,
  scope: 403,
  missing: 404,
  state: 409,
  conflict: 409,
  rule: 422,
  feel: 422,
  catalogue: 422,
  import: 422,
  purpose: 428,
  limit: 429,
  config: 500,
  internal: 500,
} as const;

export type ProblemFamily = keyof typeof familyStatus;

export const problem = (code: `${ProblemFamily}.${string}`, at: string, message: string, hint: string): Problem => ({
  code,
  at,
  message,
  hint,
});

export const statusOf = (code: string): number => familyStatus[code.split('.')[0] as ProblemFamily] ?? 500;

/** Thrown only where a caller up the stack turns it into an answer; expected outcomes are return values. */
export class ProblemError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map((p) => `${p.code} ${p.at}: ${p.message}`).join('\n'));
    this.name = 'ProblemError';
    this.problems = problems;
  }
}

export const fail = (code: `${ProblemFamily}.${string}`, at: string, message: string, hint: string): never => {
  throw new ProblemError([problem(code, at, message, hint)]);
};
