// What went wrong, as the server says it: the sentence, and what to do. Where somebody else was faster, what stands now is one button away.
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import type { Problem } from '../../base/problem.ts';
import { Refusal } from './client.ts';

const unforeseen: Problem = {
  code: 'internal.page',
  at: '',
  message: '这一页出了意料之外的错，没有执行任何操作。',
  hint: '请刷新页面再试；一直这样请联系系统管理员。',
};

export const problemsOf = (error: unknown): readonly Problem[] => (error instanceof Refusal ? error.problems : [unforeseen]);

/** A conflict is nobody's fault: what was written here is kept, and the screen shows what stands now. */
const overtaken = (error: unknown): boolean => error instanceof Refusal && error.status === 409;

export const Trouble = ({ error, again }: { readonly error: unknown; readonly again?: () => void }) => {
  const client = useQueryClient();
  const problems = problemsOf(error);
  const shown = problems.slice(0, 8);
  const first = shown[0];
  const conflict = overtaken(error);
  const action = again ?? (conflict ? () => void client.invalidateQueries() : undefined);
  return (
    <Alert
      className="trouble"
      role="alert"
      showIcon
      type={conflict ? 'warning' : 'error'}
      message={shown.length === 1 ? first?.message : `有 ${problems.length} 处不对`}
      description={
        shown.length === 1 ? (
          <>
            {first?.hint}
            {conflict ? <div className="hint">没有办理，已填写的内容还在。可能有人先办了，或者页面放得太久。</div> : null}
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
        action === undefined ? null : (
          <Button size="small" onClick={action}>
            {conflict ? '看现在的状态' : '再试一次'}
          </Button>
        )
      }
    />
  );
};
