// How often somebody without an account may ask. Kept in this process, in bounded memory: what it guards cannot be guessed anyway, and several processes
// together still answer slowly.
import type { Context } from 'hono';
import { fail } from '../base/problem.ts';
import type { Env } from './access.ts';

export interface Pace {
  /** Throws `limit.pace` where this one, or everybody together, asked too often within the last minute. */
  ask(who: string, now: Date): void;
}

const minuteMs = 60_000;
/** Addresses kept at once. */
const most = 10_000;

/** `each` in a minute from one address, `all` in a minute from everybody. */
export const openPace = (each: number, all: number): Pace => {
  let began = 0;
  let total = 0;
  let asked = new Map<string, number>();
  return {
    ask: (who, now) => {
      if (now.getTime() - began >= minuteMs || now.getTime() < began) {
        began = now.getTime();
        total = 0;
        asked = new Map();
      }
      const own = (asked.get(who) ?? 0) + 1;
      total += 1;
      if (own > each || total > all || (asked.size >= most && own === 1))
        fail('limit.pace', '', '查得太快了。', '请等一分钟再查，或打电话向发出告知的单位核对。');
      asked.set(who, own);
    },
  };
};

/**
 * Where a request comes from, as far as one can know: the other end of the line. Behind a proxy on this machine that is what the proxy wrote last; anything
 * further to the left was written by whoever asked.
 */
export const askerOf = (c: Context<Env>): string => {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  const peer = incoming?.socket?.remoteAddress ?? '';
  const local = /^(?:::1|(?:::ffff:)?127\.)/.test(peer);
  return local ? (c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim().slice(0, 60) ?? peer) : peer;
};
