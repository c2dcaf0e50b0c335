// What went wrong, as the server says it: the sentence, and what to do. Whoever was overtaken by somebody sees who did what meanwhile, and chooses: what stands
// now, or the same once more over it; what was filled in stays.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import type { Problem } from '../../base/problem.ts';
import { actionText } from './action-words.ts';
import { api, Refusal, read } from './client.ts';
import { momentText } from './words.ts';

const unforeseen: Problem = {
  code: 'internal.page',
  at: '',
  message: '这一页出了意料之外的错，没有执行任何操作。',
  hint: '请刷新页面再试；一直这样请联系系统管理员。',
};

/** As far back as the server looks. */
const mostSeconds = 3_600;

export const problemsOf = (error: unknown): readonly Problem[] => (error instanceof Refusal ? error.problems : [unforeseen]);

/** What a refusal is about, where somebody else may have acted on it first; null: it is about nothing one could look up. */
const overtakenOn = (error: unknown): string | null =>
  error instanceof Refusal && error.status === 409
    ? (/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(error.problems[0]?.at ?? '')?.[0] ?? null)
    : null;
const isConflict = (error: unknown): error is Refusal => error instanceof Refusal && error.code.startsWith('conflict.');

/** Who did what to it meanwhile, newest first. */
const Changes = ({ id }: { readonly id: string }) => {
  // Always anew: it is asked because something has just changed. Whoever may not see it is told nothing.
  const { data } = useQuery({
    queryKey: ['changes', id],
    queryFn: () => read(api.changes[':id'].$get({ param: { id } })),
    retry: false,
    gcTime: 0,
  });
  if (data === undefined) return null;
  return (
    <>
      <div className="hint">最近的改动：</div>
      <ul className="changes" aria-label="最近的改动">
        {data.rows.map((one) => (
          <li key={`${one.at}${one.action}${one.name ?? ''}`}>
            {momentText(one.at)} {one.mine ? '您自己' : one.name} {actionText(one.action)}
          </li>
        ))}
      </ul>
    </>
  );
};

const Conflict = ({ error }: { readonly error: Refusal }) => {
  const client = useQueryClient();
  const { again } = error;
  return (
    <div className="acts">
      <Button size="small" type="primary" onClick={() => void client.invalidateQueries()}>
        看现在的状态
      </Button>
      {again === null ? null : (
        <Button size="small" onClick={again}>
          照现在的再办一次
        </Button>
      )}
    </div>
  );
};

/** After a broken line: what the server has written down of one's own acts since; it writes them down as they count, never without. */
const Counted = ({ sent }: { readonly sent: number }) => {
  const client = useQueryClient();
  const look = useMutation({
    mutationFn: async () => {
      // A few seconds more than have gone by: the request was on its way for a while.
      const seconds = String(Math.min(mostSeconds, Math.ceil((performance.now() - sent) / 1000) + 5));
      const { rows } = await read(api.session.acts.$get({ query: { seconds } }));
      void client.invalidateQueries();
      return rows;
    },
  });
  return (
    <div className="counted" aria-live="polite">
      {look.data === undefined ? null : look.data.length === 0 ? (
        <p>服务器没有记下您这段时间办成过什么。过几秒再看一次还是没有，就是没有办成，可以再按一次。</p>
      ) : (
        <>
          <p>服务器记下您这段时间办成的：</p>
          <ul className="changes" aria-label="这段时间办成的">
            {look.data.map((one) => (
              <li key={`${one.at}${one.action}`}>
                {momentText(one.at)} {actionText(one.action)}
              </li>
            ))}
          </ul>
          <p>里面有这一步的，就是办成了，不要再按。</p>
        </>
      )}
      {look.error === null ? null : <p>{look.error.message}网络好了再看。</p>}
      <Button size="small" type="primary" loading={look.isPending} onClick={() => look.mutate()}>
        看办成没有
      </Button>
    </div>
  );
};

export const Trouble = ({ error, again }: { readonly error: unknown; readonly again?: () => void }) => {
  const problems = problemsOf(error);
  const shown = problems.slice(0, 8);
  const first = shown[0];
  const about = overtakenOn(error);
  return (
    <Alert
      className="trouble"
      role="alert"
      showIcon
      type={isConflict(error) ? 'warning' : 'error'}
      title={shown.length === 1 ? first?.message : `有 ${problems.length} 处不对`}
      description={
        shown.length === 1 ? (
          <>
            {first?.hint}
            {error instanceof Refusal && error.sent !== null ? <Counted sent={error.sent} /> : null}
            {isConflict(error) ? <div className="hint">没有办理，已填写的内容还在。</div> : null}
            {about === null ? null : <Changes id={about} />}
          </>
        ) : (
          <ul>
            {shown.map((one) => (
              <li key={`${one.code}${one.at}${one.message}`}>
                {one.message}
                <span className="hint">{one.hint}</span>
              </li>
            ))}
          </ul>
        )
      }
      action={
        again !== undefined ? (
          <Button size="small" onClick={again}>
            再试一次
          </Button>
        ) : isConflict(error) ? (
          <Conflict error={error} />
        ) : null
      }
    />
  );
};
