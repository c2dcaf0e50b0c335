// 待核对的交付: what waits for a steward who did not bring it, why, and the way to its differences.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Mark, PageHead } from '../page.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, momentText } from '../words.ts';
import { useDatasetTitle } from './dataset-title.ts';

const ask = () => read(api.deliveries.held.$get({ query: {} }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];

export const Held = () => {
  const title = useDatasetTitle();
  const { data, error, refetch } = useQuery({ queryKey: ['deliveries', 'held'], queryFn: ask });
  return (
    <>
      <PageHead
        title="待核对的交付"
        state={(data?.rows.length ?? 0) > 0 ? <Mark tone="warn">{countText(data?.rows.length ?? 0)} 份在等</Mark> : undefined}
        note="与上次相比变化太大，或者有认不出是谁的行：先不作数，等报送人以外的数据管理员放行或否决。"
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined ? null : (
        <RowTable<Row>
          label="待核对的交付"
          rows={data.rows}
          idOf={(row) => row.id}
          empty="没有等人核对的交付。变化过大或者认不出是谁的交付会列在这里。"
          columns={[
            {
              title: '数据集',
              width: 230,
              cell: (row) => (
                <Link to="/data/deliveries/$id" params={{ id: row.id }}>
                  {title(row.dataset)}
                </Link>
              ),
            },
            { title: '收到', width: 160, cell: (row) => momentText(row.receivedAt) },
            { title: '数据日期', width: 120, cell: (row) => dayText(row.asOf) },
            { title: '范围', width: 90, cell: (row) => row.division ?? '全部' },
            { title: '读入', width: 90, figure: true, cell: (row) => countText(row.rows.read) },
            { title: '谁来决定', width: 120, cell: (row) => (row.mine ? <Mark tone="plain">要由别人</Mark> : '') },
            { title: '为什么', long: true, cell: (row) => row.held?.words.slice(1, -1).join('') },
          ]}
        />
      )}
    </>
  );
};
