// What people do: one act at a time, the second factor where the server asks for it, and afterwards everything on the screen is read anew, for others act too.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { Refusal } from './client.ts';
import { useProve } from './prove.tsx';

export interface Act<Input, Output> {
  readonly act: (input: Input) => Promise<Output>;
  /** What is said when it is done; nothing said: null. */
  readonly said?: (output: Output, input: Input) => string | null;
  readonly after?: (output: Output, input: Input) => void;
}

/** `act.mutate(input)`; `act.error` belongs on the screen beside the button, as <Trouble>. */
export const useAct = <Input, Output>({ act, said, after }: Act<Input, Output>) => {
  const prove = useProve();
  const client = useQueryClient();
  const { message } = App.useApp();
  const work = useMutation<Output, Error, Input>({
    mutationFn: async (input) => {
      try {
        return await act(input);
      } catch (error) {
        if (!(error instanceof Refusal && error.code === 'auth.step-up') || !(await prove())) throw error;
        return await act(input);
      }
    },
    onError: (error, input) => {
      // By then the screen has read anew what stands, and what is sent is made from that.
      if (error instanceof Refusal && error.status === 409) error.again = () => work.mutate(input);
    },
    onSuccess: (output, input) => {
      const text = said?.(output, input) ?? null;
      if (text !== null) void message.success(text);
      after?.(output, input);
    },
    // Not waited for: a button that is still busy while lists are read anew would swallow the next click.
    onSettled: () => {
      void client.invalidateQueries();
    },
  });
  return work;
};
