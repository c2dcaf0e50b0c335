// The runs there were: each holds the published rules against sealed data; what is held because it changed too much stands on top.
import { Link } from '@tanstack/react-router';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { Code, PageHead } from '../page.tsx';
import { dayText, momentText } from '../words.ts';
import { RunMark } from './words.tsx';

const ask = (cursor: string | undefined) => read(api.runs.$get({ query: { cursor } }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];

export const Runs = () => (
  <>
    <PageHead title="匹配批次" note="每一批拿已发布的规则去比封存的数据。同样的数据、同样的规则，重跑不会多写一条。" />
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
