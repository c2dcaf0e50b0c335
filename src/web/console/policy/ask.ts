// What the editor asks the server while somebody writes: the rule looked at whole, and how many it would reach. The latest question wins; what was answered
// before stays on the screen, dimmed, until the new answer is there.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, Refusal, read } from '../client.ts';
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
  /** Also where columns cannot say it, which takes minutes. */
  readonly whole: boolean;
  readonly sweep?: string;
}

const askReach = ({ item, stream, whole, sweep }: Question, signal: AbortSignal) =>
  read(
    api.forecast['what-if'].$post(
      { json: { item, stream, amounts: true, details: true, columnsOnly: !whole, ...(sweep === undefined ? {} : { sweep }) } },
      { init: { signal } },
    ),
  );
export type Reach = Awaited<ReturnType<typeof askReach>>;

/** One window, one stream: a newer question ends the older one on the server, too. */
export const useReach = (item: Json, question: Omit<Question, 'item'>) => {
  const settled = useSettled(item, pause);
  const { stream, whole, sweep } = question;
  return useQuery({
    queryKey: ['rule-reach', settled, whole, sweep ?? ''],
    queryFn: ({ signal }) => askReach({ ...question, item: settled }, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: (failures, error) => failures < 3 && error instanceof Refusal && error.code === 'state.superseded',
    retryDelay: 50,
    meta: { stream },
  });
};
