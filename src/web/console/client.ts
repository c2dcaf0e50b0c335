// The one way to the server: the typed client of the same API everybody may use. An answer is its JSON; anything else is thrown as a Refusal with the
// server's problems, so that every screen shows what went wrong and what to do in the same words.
import { type ClientResponse, hc } from 'hono/client';
import type { Problem } from '../../base/problem.ts';
import type { Api } from '../api/api.ts';

/** Said with every request, those without a body too: what a form cannot send needs no form token. */
export const { api } = hc<Api>('/', { headers: { 'content-type': 'application/json' } });

/** What the server would not do, or could not be asked. */
export class Refusal extends Error {
  readonly status: number;
  readonly problems: readonly Problem[];
  /** The same once more, over what stands by then; for whoever was overtaken. */
  again: (() => void) | null = null;
  /** For an act nobody answered: when it was sent, by the browser's own clock (`performance.now()`). */
  sent: number | null = null;
  constructor(status: number, problems: readonly Problem[]) {
    super(problems[0]?.message ?? '没有办成。');
    this.name = 'Refusal';
    this.status = status;
    this.problems = problems;
  }
  get code(): string {
    return this.problems[0]?.code ?? '';
  }
}

const unreachable: Problem = {
  code: 'net.unreachable',
  at: '',
  message: '连不上服务器。',
  hint: '请检查网络，稍后再试；已经填写的内容还在。',
};
/** Of an act it is not known whether it counted: the way back broke, too. */
const unanswered: Problem = {
  code: 'net.unanswered',
  at: '',
  message: '没有收到服务器的回答，还不知道这一步办成了没有。',
  hint: '已经填写的内容还在。先看办成没有，再决定要不要再按一次。',
};
const unreadable: Problem = {
  code: 'net.answer',
  at: '',
  message: '服务器的回答读不懂。',
  hint: '请刷新页面再试；一直这样请联系系统管理员。',
};

const problemsIn = async (response: { json(): Promise<unknown> }): Promise<readonly Problem[]> => {
  const told = (await response.json().catch(() => null)) as { problems?: readonly Problem[] } | null;
  return told?.problems?.length ? told.problems : [unreadable];
};

type Asked = Promise<{ readonly ok: boolean; readonly status: number; json(): Promise<unknown> }>;
type Told<A> = A extends Promise<infer R> ? (R extends ClientResponse<infer T, number, string> ? T : never) : never;

/** Shows the form over the screen; resolves once the person who sat here is back. Anybody else gets a new page, where nobody waits any more. */
type Wait = () => Promise<void>;
let signedOut: Wait | null = null;
/** Called when the server says that nobody is signed in any more; what was asked waits until somebody is. */
export const onSignedOut = (wait: Wait): (() => void) => {
  signedOut = wait;
  return () => {
    if (signedOut === wait) signedOut = null;
  };
};

/** Why the server would not. Where the session has ended on the way, only once the same person is back: what was asked may be asked again. */
const refusalOf = async (response: { readonly status: number; json(): Promise<unknown> }): Promise<Refusal> => {
  const refusal = new Refusal(response.status, await problemsIn(response));
  if (refusal.code === 'auth.sign-in' && signedOut !== null) await signedOut();
  return refusal;
};

/** Once more, where the session ended in between and the same person is back. */
export const throughSignIn = async <T>(act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'auth.sign-in' && signedOut !== null)) throw error;
    return await act();
  }
};

/** An act of which nobody knows whether it counted says so. */
export const tellUnanswered = (error: unknown, sent: number): unknown => {
  if (!(error instanceof Refusal && (error.status === 0 || error.code === unreadable.code))) return error;
  const told = new Refusal(error.status, [unanswered]);
  told.sent = sent;
  return told;
};

const cutOff = (): never => {
  throw new Refusal(0, [unreachable]);
};

/** As `read`, of the session itself: that nobody is signed in is its answer. */
export const readNow = async <A extends Asked>(asked: A): Promise<Told<A>> => {
  const response = await asked.catch(cutOff);
  if (!response.ok) throw new Refusal(response.status, await problemsIn(response));
  return (await response.json().catch(cutOff)) as Told<A>;
};

/** The JSON of an answer; throws a Refusal for every other. */
export const read = async <A extends Asked>(asked: A): Promise<Told<A>> => {
  const response = await asked.catch(cutOff);
  if (!response.ok) throw await refusalOf(response);
  return (await response.json().catch(cutOff)) as Told<A>;
};

const mostFileBytes = 20_000_000;

/** Said before it is sent: a server that stops reading half-way cannot say why. */
export const fitFile = (file: Blob, most = mostFileBytes, hint = '扫描件请降低分辨率，表格和回单请分几份。'): void => {
  if (file.size <= most) return;
  const message = `文件有 ${Math.ceil(file.size / 1_000_000)} MB，最大 ${most / 1_000_000} MB，没有上传。`;
  throw new Refusal(413, [{ code: 'input.too-large', at: '', message, hint }]);
};

/** A file goes up as its bytes. */
export const sendFile = async <T>(path: string, file: Blob): Promise<T> => {
  fitFile(file);
  return (await read(
    fetch(path, { method: 'POST', body: file, headers: { 'content-type': 'application/octet-stream', accept: 'application/json' } }),
  )) as T;
};

const brokenOff: Problem = {
  code: 'net.broken-off',
  at: '',
  message: '下载在半路断了，没有存下半份文件。',
  hint: '再下载一次；一直这样请联系系统管理员。',
};

export interface Taking {
  /** Aborted, the server stops too, and no file is kept. */
  readonly signal?: AbortSignal;
  /** Called on the way with how many bytes have come. */
  readonly got?: (bytes: number) => void;
}

/** The whole of what comes; what broke off on the way is nothing. */
const wholeOf = async (response: Response, { signal, got }: Taking): Promise<Blob> => {
  const pieces: BlobPart[] = [];
  let bytes = 0;
  try {
    for await (const piece of (response.body ?? []) as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>) {
      pieces.push(piece);
      bytes += piece.length;
      got?.(bytes);
    }
  } catch (error) {
    throw signal?.aborted === true ? error : new Refusal(0, [brokenOff]);
  }
  return new Blob(pieces, { type: response.headers.get('content-type') ?? '' });
};

/** Takes a file as the server names it; throws a Refusal where there is none to be had, or not the whole of it. */
export const takeFile = async (path: string, taking: Taking = {}): Promise<void> => {
  const { signal } = taking;
  const response = await fetch(path, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    throw signal?.aborted === true ? error : new Refusal(0, [unreachable]);
  });
  if (!response.ok) throw await refusalOf(response);
  const whole = await wholeOf(response, taking);
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const plain = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(whole);
  link.download = named === undefined ? (plain ?? 'file') : decodeURIComponent(named);
  link.click();
  URL.revokeObjectURL(link.href);
};

/**
 * A question whose answer comes line by line, each a JSON of its own; `tell` is given every line as it comes. Throws a Refusal for what the server would not do,
 * also where it says so only on the way.
 */
export const askLines = async (path: string, question: unknown, tell: (line: unknown) => void, signal: AbortSignal): Promise<void> => {
  const asked = fetch(path, { method: 'POST', body: JSON.stringify(question), headers: { 'content-type': 'application/json' }, signal });
  const response = await asked.catch((error: unknown) => {
    throw signal.aborted ? error : new Refusal(0, [unreachable]);
  });
  if (!response.ok || response.body === null) throw await refusalOf(response);
  let rest = '';
  const text = new TextDecoder();
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + text.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const told = JSON.parse(line) as { readonly problems?: readonly Problem[] };
      if (told.problems !== undefined) throw new Refusal(409, told.problems);
      tell(told);
    }
  }
};
