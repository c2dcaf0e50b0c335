// What rests with the server of what is on the screen: saved by hand, against the state that was changed. Where somebody (usually the same person in another
// window) saved in between, nothing is overwritten: what stands there is fetched and shown.
import { hashKey, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, Refusal, read, throughSignIn } from '../client.ts';
import type { Json } from './document.ts';
import type { Keep } from './keep.ts';

interface Base {
  readonly id: string;
  readonly hash: string;
  readonly content: unknown;
}

export interface Saving {
  readonly dirty: boolean;
  readonly busy: boolean;
  readonly error: Error | null;
  /** What was saved elsewhere meanwhile. */
  readonly conflict: Base | null;
  /** Told whether it is saved now. */
  readonly save: (then?: (done: boolean) => void) => void;
  /** Goes on from what was saved elsewhere: the next save replaces it, or it is taken instead. */
  readonly settle: (base: Base) => void;
}

/** The same, whatever the order of its keys: the database has one of its own. */
const alike = (a: unknown, b: unknown): boolean => hashKey([a]) === hashKey([b]);

const write = async (base: Base, item: Json): Promise<Base> => {
  try {
    return await throughSignIn(() => read(api.drafts[':id'].$put({ param: { id: base.id }, json: { item, was: base.hash } })));
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'conflict.draft')) throw error;
    const there = await read(api.reviews[':id'].$get({ param: { id: base.id } }));
    // Saved before, only the answer was lost.
    if (alike(there.content, item)) return there;
    throw new Overtaken(error, there);
  }
};

class Overtaken extends Refusal {
  readonly there: Base;
  constructor({ status, problems }: Refusal, there: Base) {
    super(status, problems);
    this.there = there;
  }
}

export const useSaving = (first: Base, keep: Keep): Saving => {
  const [base, setBase] = useState<Base>(first);
  const [saved, setSaved] = useState<Json>(first.content as Json);
  const [conflict, setConflict] = useState<Base | null>(null);
  const work = useMutation({
    mutationFn: ({ base: from, item }: { readonly base: Base; readonly item: Json }) => write(from, item),
    onSuccess: (told, { item }) => {
      setBase(told);
      setSaved(item);
      setConflict(null);
    },
    onError: (error) => {
      if (error instanceof Overtaken) setConflict(error.there);
    },
  });
  return {
    dirty: keep.item !== saved,
    busy: work.isPending,
    error: work.error,
    conflict,
    save: (then) => {
      if (keep.item === saved) return then?.(true);
      work.mutate({ base, item: keep.item }, { onSuccess: () => then?.(true), onError: () => then?.(false) });
    },
    settle: (there) => {
      setBase(there);
      setConflict(null);
      work.reset();
    },
  };
};
