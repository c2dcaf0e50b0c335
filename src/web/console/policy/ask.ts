// What the editor asks the server while somebody writes: the rule looked at whole, and how many it would reach. The latest question wins; what was answered
// before stays on the screen, dimmed, until the new answer is there.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, askLines, Refusal, read } from '../client.ts';
import type { Json } from './document.ts';

/** The value, once it has been the same for so long. */
export const useSettled = <T>(value: T, ms: number): T => {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
};

const askLook = (item: Json, signal: AbortSignal) => read(api.rules.look.$post({ json: { item } }, { init: { signal } }));
export type Looked = Awaited<ReturnType<typeof askLook>>;
export type Finding = Looked['problems'][number] & { readonly severity?: 'error' | 'warning' };
export type ExampleTold = Looked['examples'][number];

/** Short enough for typing, long enough that not each letter is asked. */
const pause = 200;

export const useLook = (item: Json) => {
  const settled = useSettled(item, pause);
  return useQuery({
    queryKey: ['rule-look', settled],
    queryFn: ({ signal }) => askLook(settled, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
};

interface Question {
  readonly item: Json;
  readonly stream: string;
  readonly sweep?: string;
}

const askReach = ({ item, stream, sweep }: Question, signal: AbortSignal) =>
  read(
    api.forecast['what-if'].$post(
      { json: { item, stream, amounts: true, details: sweep === undefined, columnsOnly: true, ...(sweep === undefined ? {} : { sweep }) } },
      { init: { signal } },
    ),
  );
export type Reach = Awaited<ReturnType<typeof askReach>>;

const superseded = (failures: number, error: unknown): boolean =>
  failures < 3 && error instanceof Refusal && error.code === 'state.superseded';

/** One window, one stream: a newer question ends the older one on the server, too. */
export const useReach = (item: Json, stream: string) => {
  const settled = useSettled(item, pause);
  return useQuery({
    queryKey: ['rule-reach', settled],
    queryFn: ({ signal }) => askReach({ item: settled, stream }, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: superseded,
    retryDelay: 50,
    meta: { stream },
  });
};

/** One figure of the rule over a range. Asked a little later than the rule itself, which people wait for. */
export const useSweep = (item: Json, sweep: string) => {
  const asked = useSettled(useMemoed(item, sweep), pause * 2);
  return useQuery({
    queryKey: ['rule-sweep', asked],
    queryFn: ({ signal }) => askReach({ ...asked, stream: 'curve' }, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: superseded,
    retryDelay: 50,
  });
};

/** The same object while both are the same. */
const useMemoed = (item: Json, sweep: string): { readonly item: Json; readonly sweep: string } => {
  const held = useRef({ item, sweep });
  if (held.current.item !== item || held.current.sweep !== sweep) held.current = { item, sweep };
  return held.current;
};

/** The rule in another year, as far as columns can say. */
export const askYear = (item: Json, period: string, signal: AbortSignal) =>
  read(api.forecast['what-if'].$post({ json: { item, period, amounts: true, columnsOnly: true } }, { init: { signal } }));

export interface Whole {
  /** What is being decided, or was. */
  readonly item: Json;
  /** 0 to 1; null: done. */
  readonly share: number | null;
  readonly since: number;
  readonly answer: Reach | null;
  readonly error: unknown;
}

/** Everybody decided one by one, which takes minutes: started by hand, told how far it is, stopped by hand or when the page goes. */
export const useWhole = () => {
  const [state, setState] = useState<Whole | null>(null);
  const running = useRef<AbortController | null>(null);
  const stop = () => {
    running.current?.abort();
    running.current = null;
    setState(null);
  };
  useEffect(() => () => running.current?.abort(), []);
  const start = (item: Json) => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    const set = (made: Partial<Whole>) =>
      running.current === own && setState((before) => (before?.item === item ? { ...before, ...made } : before));
    setState({ item, share: 0, since: performance.now(), answer: null, error: null });
    askLines(
      '/api/forecast/whole',
      { item, amounts: true },
      (line) => {
        const { share, answer } = line as { readonly share?: number; readonly answer?: Reach };
        if (answer !== undefined) set({ share: null, answer });
        else if (share !== undefined) set({ share });
      },
      own.signal,
    ).catch((error: unknown) => own.signal.aborted || set({ share: null, error }));
  };
  return { state, start, stop };
};
