// Who waits for one item to be decided, and for which data: one line each, in the order of the register.
import { Link, useParams } from '@tanstack/react-router';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useTitle } from '../titles.tsx';

type Ask = Parameters<(typeof api.undetermined)[':item']['$get']>[0]['query'];
const ask = (item: string, query: Ask) => read(api.undetermined[':item'].$get({ param: { item }, query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];

const lacking = (row: Row): string =>
  row.missing.map((one) => `${one.label}：${one.title === null ? '' : `${one.department ?? ''}《${one.title}》`}${one.reason}`).join('；');

export const Waiting = () => {
  const { item } = useParams({ from: '/data/requests/$item' });
  const [{ fact, dataset }] = useFilters<'fact' | 'dataset'>();
  const title = useTitle();
  const query = { ...(fact === undefined ? {} : { fact }), ...(dataset === undefined ? {} : { dataset }) };
  return (
    <>
      <PageHead title={`${title(item)}：待核的人`} note="既没有算符合，也没有算不符合。缺的数据到了自动重新比对。" />
      <div className="filters">
        {fact === undefined ? null : (
          <Link to="/data/requests/$item" params={{ item }} search={{}}>
            只看缺这一项的，看这个事项的全部
          </Link>
        )}
        <Link to="/data/requests">回到按部门看</Link>
      </div>
      <ListTable<Row>
        label="待核的人"
        queryKey={['waiting', item, query]}
        ask={(cursor) => ask(item, { ...query, cursor } as Ask)}
        idOf={(row) => row.subjectId}
        empty="没有人在等。"
        columns={[
          {
            title: '姓名或单位',
            width: 180,
            cell: (row) => (
              <Link to="/people/$id" params={{ id: row.subjectId }} search={{ reason: 'correct', order: 'undetermined', item }}>
                {row.name}
              </Link>
            ),
          },
          { title: '区划', width: 140, cell: (row) => row.division },
          { title: '缺什么', long: true, cell: lacking },
        ]}
      />
    </>
  );
};
