// The runs there were: each holds the published rules against sealed data; what is held because it changed too much stands on top.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, read } from '../client.ts';
import { ListTable, RowTable } from '../list-table.tsx';
import { LongWork } from '../long-work.tsx';
import { Code, Mark, PageHead } from '../page.tsx';
import { useHolds } from '../session.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, momentText, periodText, tookText } from '../words.ts';
import { RunMark } from './words.tsx';

const ask = (cursor: string | undefined) => read(api.runs.$get({ query: { cursor } }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];

const askReplay = async () => (await read(api.replays.$get())).report;
type Difference = NonNullable<Awaited<ReturnType<typeof askReplay>>>['rows'][number];

/** Every match decided again from what was kept of it: for the auditor. */
const Replay = () => {
  const title = useTitle();
  const { data, error, refetch } = useQuery({ queryKey: ['replays'], queryFn: askReplay });
  return (
    <section className="part">
      <h2>全部重判</h2>
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined ? null : (
        <p>
          {data === null ? (
            '还没有重判过。凭每一条留存的依据重判一遍，看结果和金额是不是与当时一样；每月 3 日夜里也会自动做一次。'
          ) : (
            <>
              <Mark tone={data.differing === 0 ? 'good' : 'bad'}>
                {data.differing === 0 ? '全部一致' : `${countText(data.differing)} 条不一致`}
              </Mark>{' '}
              {momentText(data.madeAt)}重判 {countText(data.checked)} 条，用了 {tookText(data.tookMs)}。
            </>
          )}
        </p>
      )}
      <LongWork name="match.replay" start="重判全部匹配结果" />
      {data === undefined || data === null || data.rows.length === 0 ? null : (
        <RowTable<Difference>
          label="重判不一致的"
          rows={data.rows}
          idOf={(row) => row.matchId}
          empty=""
          columns={[
            {
              title: '匹配结果',
              width: 260,
              cell: (row) => (
                <Link to="/run/matches/$id" params={{ id: row.matchId }}>
                  {title(row.itemId)}
                </Link>
              ),
            },
            { title: '期别', width: 130, cell: (row) => periodText(row.periodKey) },
            { title: '当时', long: true, cell: (row) => row.stored },
            { title: '重判', long: true, cell: (row) => row.replayed },
          ]}
        />
      )}
    </section>
  );
};

export const Runs = () => {
  const steward = useHolds('steward', 'admin');
  const auditor = useHolds('auditor');
  return (
    <>
      <PageHead title="匹配批次" note="每一批拿已发布的规则去比封存的数据。同样的数据、同样的规则，重跑不会多写一条。" />
      {steward ? <LongWork name="snapshot.seal" start="现在封存数据" /> : null}
      {auditor ? <Replay /> : null}
      <ListTable<Row>
        label="匹配批次"
        queryKey={['runs']}
        ask={ask}
        idOf={(row) => row.id}
        empty="还没有匹配过。部门数据导入并封存以后，匹配会按时自动运行。"
        columns={[
          {
            title: '开始',
            width: 190,
            cell: (row) => (
              <Link to="/run/runs/$id" params={{ id: row.id }}>
                {momentText(row.startedAt)}
              </Link>
            ),
          },
          { title: '完成', width: 190, cell: (row) => (row.endedAt === null ? '' : momentText(row.endedAt)) },
          { title: '数据到', width: 140, cell: (row) => dayText(row.knownAt) },
          { title: '状态', width: 140, cell: (row) => <RunMark state={row.state} /> },
          { title: '数据快照', cell: (row) => <Code text={row.snapshotId} /> },
        ]}
      />
    </>
  );
};
