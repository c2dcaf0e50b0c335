// A file that comes with a form of the portal: a photograph or PDF, kept sealed before the form counts.
import type { Context } from 'hono';
import { keepCaseDocument } from '../../disbursement/ask.ts';
import { actorOf } from '../../visitor/visitor.ts';
import { type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';

export const fileHint = '照片或 PDF，最大 20 MB，文字要看得清。';
export const fileTypes = 'image/jpeg,image/png,application/pdf';

/** A scan of the form, kept; undefined where none was chosen. */
export const scanOf = async (c: Context<Env>, web: WebContext, value: unknown): Promise<string | undefined> =>
  value instanceof File && value.size > 0
    ? await keepCaseDocument(web.db, new Uint8Array(await value.arrayBuffer()), actorOf(visitorIn(c)), c.get('now'))
    : undefined;
