// One run: per item what it found and wrote; while it goes on the figures grow; what changed too much is held until a person says why the change is true.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Select } from 'antd';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Code, Facts, Mark, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, figure, momentText, periodText } from '../words.ts';
import { kindText, RunMark } from './words.tsx';

const ask = (id: string) => read(api.runs[':id'].$get({ param: { id } }));
type Run = Awaited<ReturnType<typeof ask>>;
type Item = Run['items'][number];
const pollMs = 3_000;

const shows: Readonly<Record<string, { readonly text: string; readonly fits: (item: Item) => boolean }>> = {
  held: { text: '等人放行的', fits: (item) => item.held },
  stopped: { text: '停下的', fits: (item) => item.stopped !== null && !item.held },
  skipped: { text: '没有判定的', fits: (item) => item.skipped !== null },
  changed: { text: '有变动的', fits: (item) => Object.values(item.written).some((n) => n > 0) },
};

const writtenText = (written: Item['written']): string =>
  Object.entries(written)
    .filter(([, n]) => n > 0)
    .map(([kind, n]) => `${kindText(kind)} ${countText(n)}`)
    .join('，');

const Situation = ({ item }: { readonly item: Item }) =>
  item.held ? (
    <>
      <Mark tone="warn">等人放行</Mark> {item.stopped}
    </>
  ) : item.stopped !== null ? (
    <>
      <Mark tone="bad">已停</Mark> {item.stopped}
    </>
  ) : item.skipped !== null ? (
    <>
      <Mark tone="plain">没有判定</Mark> {item.skipped}
    </>
  ) : (
    ''
  );

const columnsOf = (run: Run, mayRelease: boolean, title: ReturnType<typeof useTitle>) => [
  {
    title: '事项',
    width: 320,
    long: true,
    cell: (item: Item) => (
      <Link to="/run/drift" search={{ item: item.itemId }}>
        {title(item.itemId, item.title)}
      </Link>
    ),
  },
  { title: '期别', width: 120, cell: (item: Item) => periodText(item.periodKey) },
  { title: '符合', width: 80, figure: true, cell: (item: Item) => (item.eligible === null ? '—' : countText(item.eligible)) },
  { title: '待核', width: 80, figure: true, cell: (item: Item) => (item.undetermined === null ? '—' : countText(item.undetermined)) },
  { title: '金额（元）', width: 150, figure: true, cell: (item: Item) => (item.amountFen === null ? '—' : figure(item.amountFen)) },
  {
    title: '写下',
    width: 170,
    long: true,
    cell: (item: Item) =>
      writtenText(item.written) === '' ? (
        <span className="hint">没有变动</span>
      ) : (
        <Link to="/run/matches" search={{ run: run.id, item: item.itemId, all: '1' }}>
          {writtenText(item.written)}
        </Link>
      ),
  },
  { title: '情况', long: true, cell: (item: Item) => <Situation item={item} /> },
  ...(mayRelease && run.items.some((item) => item.held)
    ? [
        {
          title: '',
          width: 80,
          cell: (item: Item) =>
            item.held ? (
              <ReasonButton
                text="放行"
                hint="核对了什么、为什么变化属实"
                about={<p>{item.stopped}</p>}
                act={({ reason }) =>
                  read(api.runs[':id'].items[':itemId'].release.$post({ param: { id: run.id, itemId: item.itemId }, json: { reason } }))
                }
                said={() => '已放行，接着结算、告知。'}
              />
            ) : null,
        },
      ]
    : []),
];

export const RunPage = () => {
  const { id } = useParams({ from: '/run/runs/$id' });
  const [{ show }, filter] = useFilters<'show'>();
  const mayRelease = useHolds('officer', 'reviewer');
  const title = useTitle();
  const {
    data: run,
    error,
    refetch,
  } = useQuery({
    queryKey: ['run', id],
    queryFn: () => ask(id),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? pollMs : false),
  });
  if (error !== null)
    return (
      <>
        <PageHead title="匹配批次" />
        <Trouble error={error} again={() => void refetch()} />
        <Link to="/run/runs">回到批次列表</Link>
      </>
    );
  if (run === undefined) return <PageHead title="匹配批次" note="正在读取…" />;
  const held = run.items.filter((item) => item.held).length;
  const rows = run.items
    .filter((item) => show === undefined || (shows[show]?.fits(item) ?? true))
    .toSorted((a, b) => Number(b.held) - Number(a.held) || Number(b.stopped !== null) - Number(a.stopped !== null));
  const decided = run.items.reduce((sum, item) => sum + (item.eligible ?? 0) + (item.undetermined ?? 0) + (item.ineligible ?? 0), 0);
  return (
    <>
      <PageHead
        title={`匹配批次 ${momentText(run.startedAt)}`}
        state={<RunMark state={run.state} />}
        note={
          run.state === 'running'
            ? `正在判定，已判 ${countText(decided)} 人次；数字会自己更新，关掉页面不影响它。`
            : held > 0
              ? `${countText(held)} 个事项与上次相比变化过大，先停在这里：没有结算、告知和拨付，等人核对后放行。`
              : undefined
        }
      />
      <Facts
        pairs={[
          ['数据到', dayText(run.knownAt)],
          ['完成', run.endedAt === null ? null : momentText(run.endedAt)],
          ['判定', decided === 0 ? null : `${countText(decided)} 人次`],
          ['数据快照', <Code key="snapshot" text={run.snapshotId} />],
          ['已付的看到', Number(run.ledgerCut) === 0 ? '账上还没有' : `账上第 ${countText(Number(run.ledgerCut))} 笔`],
        ]}
      />
      <div className="filters">
        <Select
          aria-label="情况"
          placeholder="全部事项"
          allowClear
          style={{ width: 180 }}
          value={show}
          onChange={(next?: string) => filter({ show: next })}
          options={Object.entries(shows).map(([value, { text, fits }]) => ({ value, label: `${text} ${run.items.filter(fits).length}` }))}
        />
        <span className="hint">点事项看它历次的变化；点“写下”看这一批写了哪些结果。</span>
      </div>
      <RowTable<Item>
        label="各事项"
        rows={rows}
        idOf={(item) => `${item.itemId} ${item.periodKey}`}
        empty={run.items.length === 0 ? '这一批没有您能看的事项。' : '没有这样的事项。清除上面的条件看全部。'}
        columns={columnsOf(run, mayRelease, title)}
      />
    </>
  );
};
