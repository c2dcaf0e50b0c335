// 待我处理: what waits for this person, over all queues.
import { useQuery } from '@tanstack/react-query';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { PageHead } from '../page.tsx';
import { Trouble } from '../trouble.tsx';
import { countText } from '../words.ts';

const ask = () => read(api.desk.$get());
type Waiting = Awaited<ReturnType<typeof ask>>['rows'][number];

export const Inbox = () => {
  const { data, error, refetch } = useQuery({ queryKey: ['inbox'], queryFn: ask });
  return (
    <>
      <PageHead title="待我处理" />
      {error !== null ? <Trouble error={error} again={() => void refetch()} /> : null}
      {data === undefined ? null : (
        <RowTable<Waiting>
          label="待我处理"
          rows={data.rows}
          idOf={(row) => row.queue}
          empty="没有要办的事。"
          columns={[
            { title: '事', cell: (row) => row.title },
            { title: '件数', figure: true, cell: (row) => countText(row.waiting) },
          ]}
        />
      )}
    </>
  );
};
