// A file that comes with a form of the portal: a photograph or PDF, kept sealed before the form counts.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { html } from 'hono/html';
import { fileNameOf } from '../../base/invisible.ts';
import { fail } from '../../base/problem.ts';
import { keepCaseDocument } from '../../disbursement/ask.ts';
import { actorOf } from '../../visitor/visitor.ts';
import { type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';
import type { Html } from '../view.ts';
import { shown } from '../words.ts';

export const fileHint = '照片或 PDF，最大 20 MB，文字要看得清。';
export const fileTypes = 'image/jpeg,image/png,application/pdf';

/** A scan of the form, kept; undefined where none was chosen. */
export const scanOf = async (c: Context<Env>, web: WebContext, value: unknown): Promise<string | undefined> =>
  value instanceof File && value.size > 0
    ? await keepCaseDocument(web.db, new Uint8Array(await value.arrayBuffer()), actorOf(visitorIn(c)), c.get('now'))
    : undefined;

/** A scan that the first step of a form has kept and the second is handed. */
export interface Scan {
  readonly sha256: string;
  /** As the person's machine called it. */
  readonly name: string;
}
/** By the name of the form's input. */
export type Scans = ReadonlyMap<string, Scan>;

const inputOf = (name: string): string => `kept-${name}`;

/** Of this session, record and input alone: the hash of somebody else's paper brings nothing. */
const markOf = (c: Context<Env>, web: WebContext, input: string, sha256: string): string =>
  createHmac('sha256', web.secret)
    .update(['scan', visitorIn(c).token, c.req.path, input, sha256].join('\n'))
    .digest('base64url');

const handedOn = (c: Context<Env>, web: WebContext, input: string, value: string): Scan => {
  const [sha256 = '', given = '', ...rest] = value.split('.');
  const wanted = markOf(c, web, input, sha256);
  const equal = given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
  return equal
    ? { sha256, name: fileNameOf(rest.join('.')) }
    : fail('input.document', `/${input}`, '这份材料没有收到。', '请重新选择文件。');
};

/** The scans of a form's inputs: what was chosen now is kept; else what was kept a step before. */
export const scansOf = async (
  c: Context<Env>,
  web: WebContext,
  form: Readonly<Record<string, unknown>>,
  inputs: readonly string[],
): Promise<Scans> => {
  const scans = new Map<string, Scan>();
  for (const input of inputs) {
    const [chosen, kept] = [form[input], form[inputOf(input)]];
    const sha256 = await scanOf(c, web, chosen);
    if (sha256 !== undefined) scans.set(input, { sha256, name: fileNameOf((chosen as File).name) });
    else if (typeof kept === 'string' && kept !== '') scans.set(input, handedOn(c, web, input, kept));
  }
  return scans;
};

/** What the next step is handed, unseen. */
export const handOn = (c: Context<Env>, web: WebContext, scans: Scans): readonly Html[] =>
  [...scans].map(
    ([input, { sha256, name }]) =>
      html`<input type="hidden" name="${inputOf(input)}" value="${sha256}.${markOf(c, web, input, sha256)}.${shown(name)}">`,
  );

/** Where a file is chosen; one that came before need not come again. */
export const fileInput = (
  name: string,
  label: string,
  { scan, required }: { readonly scan: Scan | undefined; readonly required: boolean },
): Html =>
  html`<label for="${name}">${label}</label><p class="hint">${scan === undefined ? fileHint : `已收到：${shown(scan.name)}。要换一份才重新选择。`}</p><input id="${name}" name="${name}" type="file" accept="${fileTypes}" ${required && scan === undefined ? 'required' : ''}>`;
