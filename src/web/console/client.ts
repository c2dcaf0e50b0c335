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

const listeners = new Set<() => void>();
/** Called when the server says that nobody is signed in any more. */
export const onSignedOut = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The JSON of an answer; throws a Refusal for every other. */
export const read = async <A extends Asked>(asked: A): Promise<Told<A>> => {
  const response = await asked.catch(() => {
    throw new Refusal(0, [unreachable]);
  });
  if (response.ok) return (await response.json()) as Told<A>;
  const refusal = new Refusal(response.status, await problemsIn(response));
  if (refusal.code === 'auth.sign-in') for (const listener of listeners) listener();
  throw refusal;
};

/** A file goes up as its bytes. */
export const sendFile = async <T>(path: string, file: Blob): Promise<T> =>
  (await read(
    fetch(path, { method: 'POST', body: file, headers: { 'content-type': 'application/octet-stream', accept: 'application/json' } }),
  )) as T;

/** Takes a file as the server names it; throws a Refusal where there is none to be had. */
export const takeFile = async (path: string): Promise<void> => {
  const response = await fetch(path).catch(() => {
    throw new Refusal(0, [unreachable]);
  });
  if (!response.ok) throw new Refusal(response.status, await problemsIn(response));
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const plain = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
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
  if (!response.ok || response.body === null) throw new Refusal(response.status, await problemsIn(response));
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
