// What people do: one act at a time, the second factor where the server asks for it, and afterwards everything on the screen is read anew, for others act too.
// A double click is one act; where the line broke on the way, nobody claims that it counted or did not.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useCallback, useRef } from 'react';
import { Refusal, tellUnanswered, throughSignIn } from './client.ts';
import { useProve } from './prove.tsx';

export interface Act<Input, Output> {
  readonly act: (input: Input) => Promise<Output>;
  /** What is said when it is done; nothing said: null. */
  readonly said?: (output: Output, input: Input) => string | null;
  readonly after?: (output: Output, input: Input) => void;
}

/** A file is no text: it is itself. */
const text = (input: unknown): string =>
  JSON.stringify(input, (_, value: unknown) => (value instanceof File ? `${value.name} ${value.size} ${value.lastModified}` : value));

/** What is asked while the very same is under way was asked by the same hand. */
const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  try {
    return text(a) === text(b);
  } catch {
    return false;
  }
};

/** `act.mutate(input)`; `act.error` belongs on the screen beside the button, as <Trouble>. */
export const useAct = <Input, Output>({ act, said, after }: Act<Input, Output>) => {
  const prove = useProve();
  const client = useQueryClient();
  const { message } = App.useApp();
  const underWay = useRef<{ readonly input: Input } | null>(null);
  const work = useMutation<Output, Error, Input>({
    mutationFn: async (input) => {
      let sent = performance.now();
      const once = (): Promise<Output> => {
        sent = performance.now();
        return throughSignIn(() => act(input));
      };
      try {
        return await once().catch(async (error: unknown) => {
          if (!(error instanceof Refusal && error.code === 'auth.step-up') || !(await prove())) throw error;
          return await once();
        });
      } catch (error) {
        throw tellUnanswered(error, sent);
      }
    },
    onError: (error, input) => {
      // By then the screen has read anew what stands, and what is sent is made from that.
      if (error instanceof Refusal && error.status === 409) error.again = () => mutate(input);
    },
    onSuccess: (output, input) => {
      const text = said?.(output, input) ?? null;
      if (text !== null) void message.success(text);
      after?.(output, input);
    },
    // Not waited for: a button that is still busy while lists are read anew would swallow the next click.
    onSettled: () => {
      underWay.current = null;
      void client.invalidateQueries();
    },
  });
  const { mutate: begin } = work;
  const mutate = useCallback(
    (input: Input): void => {
      if (underWay.current !== null && same(underWay.current.input, input)) return;
      underWay.current = { input };
      // Without variables there is nothing to hand over.
      (begin as (input: Input) => void)(input);
    },
    [begin],
  );
  return { ...work, mutate };
};
