// Returned mail, read: a delivery status notification (RFC 3464, in a multipart/report of RFC 6522) says of which message it speaks (the Message-ID in the
// headers it brings back) and what became of it. Anything else (holiday replies, qmail's prose) is none. Bounded: bytes, parts, depth. Pure.

export interface Dsn {
  /** Of the mail it speaks of, without angle brackets. */
  readonly messageId: string;
  /** failed: given up for good · delivered · waiting: still being tried, or handed on to a server that tells no more. */
  readonly kind: 'failed' | 'delivered' | 'waiting';
  /** `5.1.1`; empty where none was given. */
  readonly status: string;
}

/** Longer than any report with the headers it brings back; what follows is the returned mail's own body. */
const most = 1_000_000;
const deepest = 4;
const mostParts = 50;

interface Part {
  /** By lower-case name; of several of one name the first. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Header lines, folded ones joined (RFC 5322 2.2.3). */
const headersOf = (text: string): ReadonlyMap<string, string> => {
  const headers = new Map<string, string>();
  for (const line of text.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
};

const partOf = (text: string): Part => {
  const end = text.startsWith('\n') ? 0 : text.indexOf('\n\n');
  if (end < 0) return { headers: headersOf(text), body: '' };
  return { headers: headersOf(text.slice(0, end)), body: text.slice(end).replace(/^\n{1,2}/, '') };
};

/** One character per byte in, one per byte out. */
const decoded = ({ headers, body }: Part): string => {
  const encoding = (headers.get('content-transfer-encoding') ?? '').toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('latin1').replaceAll('\r\n', '\n');
  if (encoding !== 'quoted-printable') return body;
  return body
    .replaceAll(/=[ \t]*\n/g, '')
    .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
};

const typeOf = (part: Part): string => (part.headers.get('content-type') ?? 'text/plain').split(';')[0]?.trim().toLowerCase() ?? '';

const parameter = (part: Part, name: string): string | null => {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]{1,200})"|([^\\s;"]{1,200}))`, 'i').exec(part.headers.get('content-type') ?? '');
  return found?.[1] ?? found?.[2] ?? null;
};

/** All parts that are no containers themselves. */
const leaves = (part: Part, depth = 0): readonly Part[] => {
  const boundary = typeOf(part).startsWith('multipart/') ? parameter(part, 'boundary') : null;
  if (boundary === null || depth >= deepest) return [part];
  const mark = `\n--${boundary}`;
  const pieces = `\n${part.body}`.split(mark).slice(1, mostParts + 1);
  return pieces.filter((piece) => !piece.startsWith('--')).flatMap((piece) => leaves(partOf(piece.replace(/^[ \t]*\n/, '')), depth + 1));
};

const statusTypes = new Set(['message/delivery-status', 'message/global-delivery-status']);
const returnedTypes = new Set([
  'message/rfc822',
  'message/global',
  'text/rfc822-headers',
  'message/rfc822-headers',
  'message/global-headers',
]);

const kindOf = (actions: readonly string[]): Dsn['kind'] =>
  actions.includes('failed') ? 'failed' : actions.includes('delivered') ? 'delivered' : 'waiting';

/** null: not a report on a mail, or one that does not say on which. */
export const readDsn = (bytes: Uint8Array): Dsn | null => {
  const text = Buffer.from(bytes.subarray(0, most)).toString('latin1').replaceAll('\r\n', '\n');
  // A mailbox's own first line before the headers.
  const whole = partOf(text.replace(/^From [^\n]*\n/, ''));
  const parts = leaves(whole);
  const report = parts.find((part) => statusTypes.has(typeOf(part)));
  const returned = parts.find((part) => returnedTypes.has(typeOf(part)));
  if (report === undefined || returned === undefined) return null;
  const [, ...recipients] = decoded(report)
    .trim()
    .split(/\n[ \t]*\n/)
    .map(headersOf);
  const actions = recipients.map((one) => (one.get('action') ?? '').toLowerCase().split(/[\s;(]/)[0] ?? '');
  const [, messageId] = /<([^<>\s]{1,300})>/.exec(partOf(decoded(returned).trimStart()).headers.get('message-id') ?? '') ?? [];
  if (recipients.length === 0 || messageId === undefined) return null;
  const failed = recipients[Math.max(0, actions.indexOf('failed'))];
  const [status = ''] = /[245]\.\d{1,3}\.\d{1,3}/.exec(failed?.get('status') ?? '') ?? [];
  return { messageId, kind: kindOf(actions), status };
};

/** What a status of RFC 3463 means, for people; the server's own words often repeat the address. */
export const statusText = (status: string): string => {
  const [, subject = '', detail = ''] = status.split('.');
  const says =
    subject === '1'
      ? '邮箱地址不存在'
      : subject === '2'
        ? detail === '2'
          ? '邮箱已满'
          : '邮箱已停用'
        : subject === '3' || subject === '4'
          ? '对方邮件服务器收不到'
          : subject === '7'
            ? '被对方拒收'
            : '退信';
  return status === '' ? says : `${says}（${status}）`;
};
