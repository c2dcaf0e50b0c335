// The auditor's own check of an exported audit trail, in one file that imports nothing of the product: `node src/audit/verify.ts trail.jsonl --anchor audit-anchor.jsonl`.
// Written apart from the code that made the chain. It recomputes every hash and names every place where the trail was edited, where something was put in,
// taken out, moved or cut off, or where the whole was rewritten since it was last anchored outside the database.
//
// A trail is JSON lines: a head line `{"trail":1,…}`, one line per link in order, the entries that wait for the chain (without `position`), an end line.
//   entryHash = sha256 of the entry's members as JSON with sorted keys · hash = sha256 of previous, position, entryId, entryHash joined by line feeds
// An anchor is a line `{"position":"12","hash":"…"}`, or any JSON document with an `auditHead` of that shape (the manifest of a payment file).
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, realpathSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export type FaultKind = 'edited' | 'missing-entry' | 'inserted' | 'deleted' | 'moved' | 'relinked' | 'rewritten' | 'cut-off' | 'unreadable';

export interface TrailFault {
  readonly kind: FaultKind;
  /** The link it was found at; '' where a line cannot be read. */
  readonly position: string;
  /** Line of the trail, from 1; 0 where it is found only at the end. */
  readonly line: number;
  readonly message: string;
}

export interface TrailCheck {
  readonly links: string;
  readonly head: string;
  /** Entries waiting for the chain; normal while people work. */
  readonly unchained: number;
  /** How many anchors were met; up to the last of them nothing can have been changed without being found. */
  readonly anchors: number;
  readonly anchoredTo: string;
  readonly faultCount: number;
  /** The first of them, in order of place. */
  readonly faults: readonly TrailFault[];
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Line = { readonly [key: string]: Json };

const members = ['at', 'actor', 'role', 'scope', 'action', 'objectKind', 'objectId', 'detail', 'reason'];
const linkMembers = new Set(['position', 'entryId', 'previous', 'hash', 'entryHash', ...members]);
const mostFaults = 50;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const sorted = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const object = value as Line;
  const keys = Object.keys(object).sort((a, b) => (a < b ? -1 : 1));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sorted(object[key] as Json)}`).join(',')}}`;
};

/** What an entry line says of itself; null where the link has no entry any more. */
const contentHash = (line: Line): string | null =>
  line.action === null || line.action === undefined
    ? null
    : sha256(sorted(Object.fromEntries(members.map((name) => [name, line[name] ?? null]))));

const linkHash = (line: Line): string => sha256(`${line.previous}\n${line.position}\n${line.entryId}\n${line.entryHash}`);

const isPosition = (value: unknown): value is string => typeof value === 'string' && /^[1-9]\d{0,17}$/.test(value);

/** Anchors by position; two that contradict each other are kept both. */
export type Anchors = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads anchors out of files of lines and of manifests; what is neither is passed over. */
export const readAnchors = (texts: readonly string[]): Anchors => {
  const found = new Map<string, Set<string>>();
  const take = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    const { position, hash, auditHead } = value as Record<string, unknown>;
    if (auditHead !== undefined) take(auditHead);
    if (!isPosition(position) || typeof hash !== 'string') return;
    const set = found.get(position) ?? new Set();
    found.set(position, set.add(hash));
  };
  const parse = (text: string): boolean => {
    try {
      take(JSON.parse(text));
      return true;
    } catch {
      return false;
    }
  };
  for (const text of texts) if (!parse(text)) for (const line of text.split('\n')) if (line.includes('"hash"')) parse(line);
  return found;
};

class Walk {
  readonly anchors: Anchors;
  readonly faults: TrailFault[] = [];
  faultCount = 0;
  last = { position: 0n, hash: '0'.repeat(64) };
  unchained = 0;
  anchorsMet = 0;
  anchoredTo = 0n;
  rewritten = false;
  ended = false;
  /** Ranges of positions not seen yet, at most a few thousand of them: then the rest is reported at once. */
  readonly missing: { from: bigint; to: bigint }[] = [];

  constructor(anchors: Anchors) {
    this.anchors = anchors;
  }

  fault(kind: FaultKind, position: bigint | string, line: number, message: string): void {
    this.faultCount++;
    if (this.faults.length < mostFaults) this.faults.push({ kind, position: String(position), line, message });
  }

  /** One of a link's promises is broken at most once per link. */
  link(line: Line, at: number): void {
    const position = BigInt(line.position as string);
    const place = `第 ${position} 环（留痕 ${line.entryId}，${line.action ?? '?'} ${line.objectKind ?? '?'}/${line.objectId ?? '?'}）`;
    if (position <= this.last.position) {
      const index = this.missing.findIndex(({ from, to }) => from <= position && position <= to);
      if (index >= 0) {
        const { from, to } = this.missing[index] as { from: bigint; to: bigint };
        const rest = [
          { from, to: position - 1n },
          { from: position + 1n, to },
        ].filter((range) => range.from <= range.to);
        this.missing.splice(index, 1, ...rest);
        this.fault('moved', position, at, `${place}排在第 ${this.last.position} 环之后：顺序被改过。`);
      } else this.fault('inserted', position, at, `${place}重复出现：有一条是插进来的。`);
      return;
    }
    if (position > this.last.position + 1n) {
      this.missing.push({ from: this.last.position + 1n, to: position - 1n });
      if (this.missing.length > 5_000) this.reportMissing(at);
    }
    const content = contentHash(line);
    const known = Object.keys(line).filter((name) => linkMembers.has(name)).length;
    if (known !== linkMembers.size || Object.keys(line).length !== known)
      this.fault('edited', position, at, `${place}的栏目不对：多了、少了或改了名。`);
    else if (content === null) this.fault('missing-entry', position, at, `第 ${position} 环指向的留痕 ${line.entryId} 已被删除。`);
    else if (content !== line.entryHash) this.fault('edited', position, at, `${place}的内容被改过：与当时的指纹不符。`);
    else if (linkHash(line) !== line.hash)
      this.fault('relinked', position, at, `${place}的链接指纹不符：内容连同指纹、位置或前一环被改过，或者它是插进来的。`);
    else if (position === this.last.position + 1n && line.previous !== this.last.hash)
      this.fault('relinked', position, at, `${place}接不上第 ${this.last.position} 环：从这里往前有改动、插入或删除。`);
    this.last = { position, hash: String(line.hash) };
    this.anchored(position, String(line.hash), at);
  }

  anchored(position: bigint, hash: string, at: number): void {
    const known = this.anchors.get(String(position));
    if (known === undefined) return;
    if (known.size === 1 && known.has(hash)) {
      this.anchorsMet++;
      if (!this.rewritten) this.anchoredTo = position;
      return;
    }
    if (!this.rewritten)
      this.fault(
        'rewritten',
        position,
        at,
        known.size > 1
          ? `第 ${position} 环的锚自相矛盾，锚文件被改过。`
          : `第 ${this.anchoredTo + 1n} 环到第 ${position} 环之间被整段重写：与库外记下的第 ${position} 环不符。`,
      );
    this.rewritten = true;
  }

  reportMissing(at: number): void {
    for (const { from, to } of this.missing)
      this.fault('deleted', from, at, from === to ? `第 ${from} 环不见了。` : `第 ${from} 环到第 ${to} 环不见了。`);
    this.missing.length = 0;
  }

  finish(end: Line | null, lines: number): void {
    this.reportMissing(0);
    if (end === null) this.fault('cut-off', this.last.position, lines, `导出文件没有结尾：第 ${this.last.position} 环之后被截掉。`);
    else if (end.links !== String(this.last.position) || end.head !== this.last.hash)
      this.fault(
        'cut-off',
        this.last.position,
        lines,
        `导出文件说到第 ${end.links} 环为止，实际到第 ${this.last.position} 环：尾部被截掉或改过。`,
      );
    let furthest = 0n;
    for (const position of this.anchors.keys()) if (BigInt(position) > furthest) furthest = BigInt(position);
    if (furthest > this.last.position)
      this.fault(
        'cut-off',
        this.last.position,
        lines,
        `库外记到第 ${furthest} 环，这里只到第 ${this.last.position} 环：尾部 ${furthest - this.last.position} 环被截掉。`,
      );
  }
}

/** Reads the trail once, line by line, and keeps only the last link: bounded memory whatever its length. */
export const verifyTrail = async (lines: AsyncIterable<string>, anchors: Anchors): Promise<TrailCheck> => {
  const walk = new Walk(anchors);
  let at = 0;
  let end: Line | null = null;
  for await (const text of lines) {
    at++;
    if (text.trim() === '') continue;
    let line: Line;
    try {
      line = JSON.parse(text) as Line;
    } catch {
      walk.fault('unreadable', '', at, `第 ${at} 行读不懂：被改过或被截断（在第 ${walk.last.position} 环之后）。`);
      continue;
    }
    if (line.trail !== undefined) {
      if (line.trail !== 1) walk.fault('unreadable', '', at, '这不是本程序认得的留痕导出版本。');
    } else if (line.end === true) end = line;
    else if (end !== null) walk.fault('inserted', '', at, `第 ${at} 行在结尾之后：是插进来的。`);
    else if (isPosition(line.position)) walk.link(line, at);
    else if (line.position === undefined && line.entryId !== undefined) {
      walk.unchained++;
      if (contentHash(line) !== line.entryHash)
        walk.fault('edited', '', at, `留痕 ${line.entryId}（还没有接链）的内容被改过：与当时的指纹不符。`);
    } else walk.fault('unreadable', '', at, `第 ${at} 行不是留痕。`);
  }
  walk.finish(end, at);
  const order = (fault: TrailFault): number => Number(fault.position === '' ? Number.MAX_SAFE_INTEGER : fault.position);
  return {
    links: String(walk.last.position),
    head: walk.last.hash,
    unchained: walk.unchained,
    anchors: walk.anchorsMet,
    anchoredTo: String(walk.anchoredTo),
    faultCount: walk.faultCount,
    faults: walk.faults.toSorted((a, b) => order(a) - order(b) || a.line - b.line),
  };
};

/** What the check found, as lines for people. */
export const trailWords = (check: TrailCheck): readonly string[] => [
  `留痕 ${check.links} 环，链头 ${check.head.slice(0, 16)}…；等待接链 ${check.unchained} 条。`,
  check.anchors === 0
    ? '没有对上任何库外的锚：整链被重写的话看不出来。请用 --anchor 给出锚文件、链头邮件或报盘清单。'
    : `对上库外的锚 ${check.anchors} 个，到第 ${check.anchoredTo} 环为止不可能改了而查不出。`,
  check.faultCount === 0 ? '完好。' : `${check.faultCount} 处不对：`,
  ...check.faults.map((fault) => `  ✕ ${fault.message}`),
  ...(check.faultCount > check.faults.length ? [`  … 另有 ${check.faultCount - check.faults.length} 处`] : []),
];

/** A file's lines, as a stream. */
export const trailFile = (path: string): AsyncIterable<string> =>
  createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });

const main = async (argv: readonly string[]): Promise<number> => {
  const anchorPaths = argv.flatMap((word, i) => (argv[i - 1] === '--anchor' ? [word] : []));
  const [trail] = argv.filter((word, i) => word !== '--anchor' && argv[i - 1] !== '--anchor');
  if (trail === undefined) {
    process.stderr.write('用法：node verify.ts <留痕导出文件> [--anchor <锚文件>]…\n');
    return 2;
  }
  const check = await verifyTrail(trailFile(trail), readAnchors(anchorPaths.map((path) => readFileSync(path, 'utf8'))));
  process.stdout.write(`${trailWords(check).join('\n')}\n`);
  return check.faultCount === 0 ? 0 : 1;
};

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2));
