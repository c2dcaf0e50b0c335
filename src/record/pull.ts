// A view in a department's own database, read from where the last look ended: in a read-only transaction with a time limit, put down as a file, and then
// imported like any other delivery once their connection is closed. The place is moved on only after the import, so a look that is killed is made again,
// and what it reads twice changes nothing. Addresses hold passwords: they come from settings and appear in no message.
import type { Day } from '../base/day.ts';
import { fail, type Problem, ProblemError, problem } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import type { Db } from '../db/handle.ts';
import { claimWork, releaseWork } from '../db/work.ts';
import { receive } from './decide.ts';
import * as store from './department-view-store.ts';
import type { ImportReport } from './import.ts';
import { spooled } from './spool.ts';

export interface PullOptions {
  readonly now: Date;
  readonly today: Day;
  /** Setting → address. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Places: those of the import, and pull.landed. */
  readonly at?: Failpoint;
}

export interface Pulled {
  /** null: nothing new, or `problem` says why nothing came. */
  readonly report: ImportReport | null;
  readonly problem: Problem | null;
}

const leaseMs = 15 * 60_000;

/** null: another process is at it. A problem is kept with the view, and the place stays where it was. */
export const pullView = async (db: Db, catalogue: Catalogue, view: store.DepartmentView, options: PullOptions): Promise<Pulled | null> => {
  const { now } = options;
  const lease = await claimWork(db, { step: 'view.pull', shards: [view.name], owner: String(process.pid), now, leaseMs });
  if (lease === null) return null;
  try {
    return await pullOnce(db, catalogue, view, options);
  } catch (error) {
    const found = problemOf(error, view);
    if (found === null) throw error;
    await store.notePoll(db, view.name, { at: now, problem: found });
    return { report: null, problem: found };
  } finally {
    await releaseWork(db, lease, now);
  }
};

const pullOnce = async (db: Db, catalogue: Catalogue, view: store.DepartmentView, options: PullOptions): Promise<Pulled> => {
  const { now, today } = options;
  const read: Read = { columns: [], rows: 0, last: null };
  const address =
    options.addresses[view.address] ??
    fail('import.source-address', view.address, '没有设置这个数据库的地址。', `请设置 ${view.address}。`);
  const report = await spooled(readAsCsv(address, view, options.timeoutMs ?? 120_000, read), (content) => {
    if (read.rows === 0 && view.kind === 'changes') return Promise.resolve(null);
    const { dataset, kind, division } = view;
    const request = {
      dataset,
      kind,
      division,
      asOf: today,
      fileName: `${view.name}.csv`,
      content,
      receivedBy: 'step:pull',
      role: 'system',
    };
    return receive(db, catalogue, request, { now, ...(options.at === undefined ? {} : { at: options.at }) });
  });
  await (options.at ?? nowhere)('pull.landed');
  const refused = report?.state === 'refused' || report?.state === 'rejected' ? report : null;
  const [first] = refused?.problems ?? [];
  const found =
    first === undefined ? null : problem('import.source-refused', view.name, `读来的数据没有导入：${first.message}`, first.hint);
  await store.notePoll(db, view.name, {
    at: now,
    problem: found,
    columns: read.columns,
    position: refused === null ? read.last : null,
    ...(report === null ? {} : { deliveryId: report.deliveryId }),
  });
  return { report, problem: found };
};

interface Read {
  columns: readonly store.ViewColumn[];
  rows: number;
  /** The highest watermark there was. */
  last: string | null;
}

/** What their server said, by its code alone: the text may quote rows and addresses. */
class TheirError extends Error {
  readonly code: string;
  constructor(cause: unknown) {
    const code = String((cause as { code?: unknown }).code ?? '');
    super(`their database: ${code}`);
    this.name = 'TheirError';
    this.code = code;
  }
}

const cell = (text: string | null): string => (text === null ? '' : /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const line = (cells: readonly (string | null)[]): string => `${cells.map(cell).join(',')}\n`;

/** The view as a file; their connection is closed when it ends. */
async function* readAsCsv(address: string, view: store.DepartmentView, timeoutMs: number, read: Read): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const pipe = new TransformStream<Uint8Array, Uint8Array>();
  const writer = pipe.writable.getWriter();
  const reading = store
    .readTheirs(address, timeoutMs, async (tx) => {
      read.columns = sameColumns(view, await store.viewColumns(tx, view.view));
      await writer.write(encoder.encode(line(read.columns.map((column) => column.name))));
      for await (const rows of store.viewRows(tx, { ...view, columns: read.columns })) {
        read.rows += rows.length;
        read.last = rows.at(-1)?.at(-1) ?? read.last;
        await writer.write(encoder.encode(rows.map((row) => line(row.slice(0, -1))).join('')));
      }
    })
    .then(
      () => writer.close(),
      (error) => writer.abort(error instanceof ProblemError ? error : new TheirError(error)),
    );
  reading.catch(() => undefined);
  yield* pipe.readable as unknown as AsyncIterable<Uint8Array>;
  await reading;
}

/** A view that is not what it was may mean other things by the same names: a person looks first. */
const sameColumns = (view: store.DepartmentView, found: readonly store.ViewColumn[]): readonly store.ViewColumn[] => {
  if (found.length === 0)
    return fail('import.source-missing', view.name, '那边没有这个视图，或者没有给读的权限。', '请数源部门核对视图名和授权。');
  if (view.watermark !== null && !found.some((column) => column.name === view.watermark))
    return fail('import.source-columns', view.name, `视图里没有水位列“${view.watermark}”。`, '请数源部门恢复它，或重新登记这个视图。');
  if (view.columns === null) return found;
  const before = new Map(view.columns.map((column) => [column.name, column.type]));
  const now = new Map(found.map((column) => [column.name, column.type]));
  const gone = [...before.keys()].filter((name) => !now.has(name));
  const fresh = [...now.keys()].filter((name) => !before.has(name));
  const other = [...now].filter(([name, type]) => before.has(name) && before.get(name) !== type).map(([name]) => name);
  const parts = [
    gone.length === 0 ? '' : `少了${quoted(gone)}`,
    fresh.length === 0 ? '' : `多了${quoted(fresh)}`,
    other.length === 0 ? '' : `${quoted(other)}换了类型`,
  ].filter((part) => part !== '');
  return parts.length === 0
    ? found
    : fail(
        'import.source-columns',
        view.name,
        `视图的列变了：${parts.join('，')}。`,
        `核对之后用 sources accept-columns ${view.name} 认下新的列。`,
      );
};

const quoted = (names: readonly string[]): string => names.map((name) => `“${name.slice(0, 40)}”`).join('、');

/** null: not theirs. */
const problemOf = (error: unknown, view: store.DepartmentView): Problem | null => {
  if (error instanceof ProblemError) return error.problems[0] ?? null;
  if (!(error instanceof TheirError)) return null;
  const { code } = error;
  const told = (kind: string, message: string, hint: string): Problem => problem(`import.source-${kind}`, view.name, message, hint);
  if (code === '57014') return told('timeout', '那边的查询超过了时限。', '请数源部门给水位列建索引，或缩小视图。');
  if (['42501', '28000', '28P01'].includes(code))
    return told('denied', '那边拒绝了登录或查询。', '请核对口令，并请数源部门授予该视图的查询权。');
  if (code === '25006') return told('writes', '这个视图在查询时会写数据，不读它。', '请数源部门提供只读的视图。');
  if (/^(?:E[A-Z]+|CONNECT_TIMEOUT|CONNECTION_\w+|3D000|08\w{3}|53\w{3}|57P\d{2})$/.test(code))
    return told('unreachable', '连不上那边的数据库。', '请检查网络和地址；下一次会再试。');
  return told('query', `那边的查询出错（${/^[0-9A-Z]{5}$/.test(code) ? code : '原因不明'}）。`, '请数源部门核对视图。');
};
