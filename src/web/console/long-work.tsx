// Work that takes minutes, and is done by the server on its own: begun by hand, told how far it is, stopped by hand. It goes on when the page is left; whoever
// comes back sees how it stands, also where the program that did it was killed.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Progress } from 'antd';
import { useEffect, useRef } from 'react';
import { useAct } from './act.tsx';
import { api, read } from './client.ts';
import { useHolds } from './session.tsx';
import { Trouble } from './trouble.tsx';
import { countText, momentText, tookText } from './words.ts';

const askJob = (name: string) => read(api.jobs[':name'].$get({ param: { name } }));
export type Job = Awaited<ReturnType<typeof askJob>>;
type Run = NonNullable<Job['last']>;

const pollMs = 1_000;
/** Its process says something every second; a busy one is late. */
const silentMs = 20_000;

const runningOf = (job: Job | undefined): Run | null => (job?.last?.outcome === 'running' ? job.last : null);

/** How far it is, and the button that ends it. */
export const Underway = ({ job, run }: { readonly job: Pick<Job, 'name' | 'title' | 'stoppable'>; readonly run: Run }) => {
  const stop = useAct({
    act: (_: null) => read(api.jobs[':name'].stop.$post({ param: { name: job.name } })),
    said: () => `已要求停下：${job.title}`,
  });
  const silent = run.silentMs;
  const since = tookText(run.ranMs);
  return (
    <div className="under-way" role="status">
      <Progress
        size="small"
        style={{ width: 240 }}
        percent={Math.floor((run.share ?? 0) * 100)}
        showInfo={run.share !== null}
        status="active"
        aria-label={`${job.title}办到哪里了`}
      />
      <span className="hint">
        {silent > silentMs
          ? `${countText(Math.floor(silent / 1000))} 秒没有回音：运行它的程序可能停了。再等两分钟没有，就算中断，可以重新开始。`
          : run.stopAskedBy !== null
            ? `${run.stopAskedBy}要求停下，正在收尾…`
            : `${run.doing ?? job.title}，已用 ${since}。离开这一页不影响它。`}
      </span>
      {job.stoppable && run.stopAskedBy === null ? (
        <Button size="small" loading={stop.isPending} onClick={() => stop.mutate(null)} aria-label={`停下 ${job.title}`}>
          停下
        </Button>
      ) : null}
      {stop.error === null ? null : <Trouble error={stop.error} />}
    </div>
  );
};

const endText = (run: Run): string => {
  const when = momentText(run.startedAt);
  if (run.outcome === 'lost') return `${when}开始的那一次中断了：运行它的程序停了，没有留下办了一半的。可以重新开始。`;
  if (run.outcome === 'stopped')
    return `${when}开始的那一次${run.stopAskedBy === null ? '随程序' : `由${run.stopAskedBy}`}停下了，没有留下办了一半的。`;
  return `${when}开始的那一次没有办成：${run.message ?? ''}${run.hint ?? ''}`;
};

/** Who may see how a job stands. */
const useWatches = (): boolean => useHolds('admin', 'steward', 'officer', 'auditor');

const useJob = (name: string) => {
  const watches = useWatches();
  const client = useQueryClient();
  const asked = useQuery({
    queryKey: ['job', name],
    queryFn: () => askJob(name),
    enabled: watches,
    refetchInterval: ({ state }) => (runningOf(state.data) === null ? false : pollMs),
  });
  // Which run was last and whether it has ended; a short one begins and ends between two looks. Undefined: not asked yet.
  const last = asked.data?.last;
  const ended = last === undefined ? undefined : last === null || last.outcome === 'running' ? '' : last.id;
  const before = useRef<string | undefined>(undefined);
  // It has come to its end: what it made is read anew.
  useEffect(() => {
    if (before.current !== undefined && ended !== '' && ended !== before.current)
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'job' });
    before.current = ended;
  }, [client, ended]);
  return asked;
};

/** `start`: what the button says. Nothing stands there for whoever may neither see nor start it. */
export const LongWork = ({
  name,
  start,
  primary = false,
}: {
  readonly name: string;
  readonly start: string;
  readonly primary?: boolean;
}) => {
  const { data: job, error, refetch } = useJob(name);
  const begin = useAct({ act: (_: null) => read(api.jobs[':name'].run.$post({ param: { name } })), after: () => void refetch() });
  if (error !== null && job === undefined) return <Trouble error={error} again={() => void refetch()} />;
  if (job === undefined) return null;
  const run = runningOf(job);
  if (run !== null) return <Underway job={job} run={run} />;
  const ended = job.last;
  const wrong = ended !== null && (ended.outcome === 'failed' || ended.outcome === 'lost' || ended.outcome === 'stopped');
  return (
    <div className="under-way">
      {job.mayRun ? (
        <Button type={primary ? 'primary' : 'default'} loading={begin.isPending} onClick={() => begin.mutate(null)}>
          {start}
        </Button>
      ) : null}
      {wrong ? <Alert type={ended.outcome === 'stopped' ? 'info' : 'warning'} showIcon title={endText(ended)} /> : null}
      {begin.error === null ? null : <Trouble error={begin.error} />}
    </div>
  );
};
