// Asks a web server at a fixed rate, from a process of its own: each request goes out when it is due, whether or not the ones before were answered, and its time
// counts from when it was due, so a server that falls behind cannot hide it. Started by `bench --only portal` with `node:child_process`.
import { Agent, get } from 'node:http';
import { performance } from 'node:perf_hooks';

export interface LoadAsk {
  readonly base: string;
  /** Asked in turn. */
  readonly pages: readonly { readonly path: string; readonly cookie: string }[];
  readonly perSecond: number;
  readonly seconds: number;
}

export interface LoadAnswer {
  /** Milliseconds, as they came. */
  readonly ms: readonly number[];
  /** Answers other than 200, by status; 0: none came. */
  readonly failed: Readonly<Record<string, number>>;
}

const one = (agent: Agent, url: string, cookie: string): Promise<number> =>
  new Promise((resolve) => {
    const request = get(url, { agent, headers: { cookie, accept: 'text/html' } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', () => resolve(0));
  });

const load = async ({ base, pages, perSecond, seconds }: LoadAsk): Promise<LoadAnswer> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const ms: number[] = [];
  const failed: Record<string, number> = {};
  const began = performance.now();
  const asked = Array.from({ length: Math.round(perSecond * seconds) }, async (_, n) => {
    const due = began + (n * 1000) / perSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const { path, cookie } = pages[n % pages.length] as LoadAsk['pages'][number];
    const status = await one(agent, `${base}${path}`, cookie);
    ms.push(performance.now() - due);
    if (status !== 200) failed[status] = (failed[status] ?? 0) + 1;
  });
  await Promise.all(asked);
  agent.destroy();
  return { ms, failed };
};

process.once('message', (ask: LoadAsk) => {
  void load(ask).then((answer) => process.send?.(answer, () => process.exit(0)));
});
