// 定时任务: every step that runs by itself, when, how it went and when it goes next; those that failed stand on top with the way to run them again; below,
// what became of each run.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, InputNumber, Select } from 'antd';
import { useEffect } from 'react';
import { useAct } from '../act.tsx';
import { api, read } from '../client.ts';
import { ListTable, RowTable } from '../list-table.tsx';
import { type Job, Underway } from '../long-work.tsx';
import { Mark, Nothing, PageHead, type Tone } from '../page.tsx';
import { ReasonFormButton } from '../reason-form.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, momentText, tookText } from '../words.ts';

const ask = () => read(api.jobs.$get());
type Run = NonNullable<Job['last']>;
const askKeeping = () => read(api['job-retention'].$get());
const pollMs = 2_000;

export const ends: Readonly<Record<Run['outcome'], { readonly text: string; readonly tone: Tone }>> = {
  failed: { text: '没有办成', tone: 'bad' },
  lost: { text: '中断', tone: 'bad' },
  stopped: { text: '已停下', tone: 'warn' },
  running: { text: '正在运行', tone: 'now' },
  done: { text: '办成', tone: 'good' },
  idle: { text: '没有要办的', tone: 'plain' },
};
const wrong = (job: Job): boolean => job.last?.outcome === 'failed' || job.last?.outcome === 'lost';
const took = ({ startedAt, endedAt }: Run): string => (endedAt === null ? '' : tookText(Date.parse(endedAt) - Date.parse(startedAt)));

const End = ({ run }: { readonly run: Run | null }) =>
  run === null ? <span className="hint">还没有运行过</span> : <Mark tone={ends[run.outcome].tone}>{ends[run.outcome].text}</Mark>;

const Told = ({ run }: { readonly run: Run }) => (
  <>
    {run.outcome === 'lost' ? '开始以后没有说怎样结束：运行它的程序停了。到下一次会接着办。' : (run.message ?? run.line)}
    {run.hint === null || run.hint === '' ? null : <div className="hint">{run.hint}</div>}
  </>
);

const RunNow = ({ job }: { readonly job: Job }) => {
  const work = useAct({
    act: (_: null) => read(api.jobs[':name'].run.$post({ param: { name: job.name } })),
    said: () => `已开始：${job.title}`,
  });
  return (
    <>
      <Button
        size="small"
        danger={wrong(job)}
        disabled={job.last?.outcome === 'running'}
        loading={work.isPending}
        aria-label={`${wrong(job) ? '重试' : '现在运行'} ${job.title}`}
        onClick={() => work.mutate(null)}
      >
        {wrong(job) ? '重试' : '现在运行'}
      </Button>
      {work.error === null ? null : <Trouble error={work.error} />}
    </>
  );
};

const columnsOf = (filter: (name: string) => void) => [
  {
    title: '任务',
    width: 140,
    cell: (job: Job) => (
      <Button type="link" className="as-link" title={job.what} onClick={() => filter(job.name)}>
        {job.title}
      </Button>
    ),
  },
  { title: '什么时候', width: 165, cell: (job: Job) => job.when },
  { title: '上一次', width: 165, cell: (job: Job) => (job.last === null ? '' : momentText(job.last.startedAt)) },
  { title: '用时', width: 80, figure: true, cell: (job: Job) => (job.last === null ? '' : took(job.last)) },
  { title: '结果', width: 110, cell: (job: Job) => <End run={job.last} /> },
  {
    title: '最近办的事',
    long: true,
    cell: (job: Job) => {
      if (job.last?.outcome === 'running' && job.stoppable) return <Underway job={job} run={job.last} />;
      const told = wrong(job) ? job.last : job.telling;
      if (told === null) return <span className="hint">{job.what}</span>;
      return (
        <>
          {wrong(job) ? null : <span className="hint">{momentText(told.startedAt)}　</span>}
          {wrong(job) || told.outcome === 'done' ? null : <End run={told} />} <Told run={told} />
        </>
      );
    },
  },
  { title: '下一次', width: 165, cell: (job: Job) => (job.nextAt === null ? '' : momentText(job.nextAt)) },
  { title: '', width: 95, cell: (job: Job) => (job.mayRun ? <RunNow job={job} /> : null) },
];

const Keeping = () => {
  const { data } = useQuery({ queryKey: ['job-retention'], queryFn: askKeeping, staleTime: 60_000 });
  const mayChange = useHolds('admin');
  if (data === undefined) return null;
  return (
    <div className="filters">
      <span className="hint">
        办成和没有办成的保存 {countText(data.days)} 天，没有要办的保存 {countText(data.idleDays)} 天，过期的夜里清除。
      </span>
      {mayChange ? (
        <ReasonFormButton<{ days: number; idleDays: number }>
          text="改保存天数"
          first={data}
          fields={
            <>
              <Form.Item name="days" label="办成和没有办成的，天" rules={[{ required: true, message: '30 到 3650' }]}>
                <InputNumber min={30} max={3650} />
              </Form.Item>
              <Form.Item name="idleDays" label="没有要办的，天" rules={[{ required: true, message: '至少 1 天' }]}>
                <InputNumber min={1} max={3650} />
              </Form.Item>
            </>
          }
          act={(json) => read(api['job-retention'].$post({ json }))}
          said={() => '已改。'}
        />
      ) : null}
    </div>
  );
};

const Runs = ({ titles }: { readonly titles: readonly { readonly name: string; readonly title: string }[] }) => {
  const [{ name, outcome }, filter] = useFilters<'name' | 'outcome'>();
  const end = outcome !== undefined && Object.hasOwn(ends, outcome) ? (outcome as Run['outcome']) : undefined;
  const query = { ...(name === undefined ? {} : { name }), ...(end === undefined ? {} : { outcome: end }) };
  return (
    <section className="part" id="runs">
      <h2>历次运行</h2>
      <div className="filters">
        <Select
          aria-label="任务"
          placeholder="全部任务"
          allowClear
          style={{ width: 200 }}
          value={name}
          onChange={(next?: string) => filter({ name: next })}
          options={titles.map((one) => ({ value: one.name, label: one.title }))}
        />
        <Select
          aria-label="结果"
          placeholder="办了事的和没有办成的"
          allowClear
          style={{ width: 220 }}
          value={end}
          onChange={(next?: string) => filter({ outcome: next })}
          options={Object.entries(ends).map(([value, { text }]) => ({ value, label: text }))}
        />
      </div>
      <ListTable<Run>
        label="历次运行"
        queryKey={['job-runs', query]}
        ask={(cursor) => read(api['job-runs'].$get({ query: { ...query, cursor, limit: '200' } }))}
        idOf={(run) => run.id}
        empty="没有这样的运行。清除上面的条件看全部。"
        columns={[
          { title: '开始', width: 180, cell: (run) => momentText(run.startedAt) },
          { title: '任务', width: 170, cell: (run) => run.title },
          { title: '用时', width: 100, figure: true, cell: took },
          { title: '结果', width: 110, cell: (run) => <End run={run} /> },
          { title: '谁要求的', width: 150, cell: (run) => run.by ?? '按时间表' },
          { title: '说明', long: true, cell: (run) => <Told run={run} /> },
        ]}
      />
    </section>
  );
};

export const Jobs = () => {
  const [, filter] = useFilters<'name' | 'outcome'>();
  const { data, error, refetch } = useQuery({
    queryKey: ['jobs'],
    queryFn: ask,
    placeholderData: keepPreviousData,
    // Only while something runs that somebody waits for.
    refetchInterval: ({ state }) => (state.data?.rows.some((one) => one.last?.outcome === 'running') === true ? pollMs : false),
  });
  const client = useQueryClient();
  // A short run begins and ends between two looks: what is followed is which run was last and how it stands, not how many are running.
  const standing = data?.rows.map(({ last }) => `${last?.id} ${last?.outcome}`).join() ?? '';
  // Something came to its end, or began: the list of runs says how.
  // biome-ignore lint/correctness/useExhaustiveDependencies: how they stand is what is followed
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ['job-runs'] });
  }, [client, standing]);
  const rows = (data?.rows ?? []).toSorted((a, b) => Number(wrong(b)) - Number(wrong(a)));
  const failed = rows.filter(wrong).length;
  const show = (name: string) => {
    filter({ name });
    document.querySelector('#runs')?.scrollIntoView();
  };
  return (
    <>
      <PageHead
        title="定时任务"
        state={failed > 0 ? <Mark tone="bad">{countText(failed)} 个没有办成</Mark> : undefined}
        note="系统自己按时办的事。每一次运行都有记录；同一件事跑两次不会办两遍，没有办成的可以放心重试。"
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Nothing>正在读取…</Nothing>
        ) : null
      ) : (
        <RowTable<Job> label="定时任务" rows={rows} idOf={(job) => job.name} empty="没有定时任务。" columns={columnsOf(show)} />
      )}
      <Keeping />
      {data === undefined ? null : <Runs titles={data.rows} />}
    </>
  );
};
