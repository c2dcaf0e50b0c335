// 待核: by the department that could tell what is missing, who waits for it in which items; out as a table or as a letter to that department.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useAct } from '../act.tsx';
import { api, read, takeFile } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { Trouble } from '../trouble.tsx';
import { countText, periodText } from '../words.ts';

const ask = () => read(api['data-requests'].$get({ query: {} }));
type Request = Awaited<ReturnType<typeof ask>>['rows'][number];
type Want = Request['wants'][number];

const nobody = '没有部门报送';
const nameOf = ({ department }: Request): string => department ?? nobody;

const Items = ({ want }: { readonly want: Want }) => (
  <RowTable<Want['items'][number]>
    label={`等${want.label}的事项`}
    rows={want.items}
    idOf={(row) => `${row.itemId} ${row.periodKey}`}
    empty=""
    columns={[
      {
        title: '事项',
        width: 320,
        long: true,
        cell: (row) => (
          <Link
            to="/data/requests/$item"
            params={{ item: row.itemId }}
            search={{ fact: want.fact, ...(want.dataset === null ? {} : { dataset: want.dataset }) }}
          >
            {row.title}
          </Link>
        ),
      },
      { title: '期别', width: 120, cell: (row) => periodText(row.periodKey) },
      { title: '在等的人', width: 100, figure: true, cell: (row) => countText(row.subjects) },
      { title: '', cell: () => '' },
    ]}
  />
);

const Department = ({ request }: { readonly request: Request }) => (
  <section className="part" aria-label={nameOf(request)}>
    <h2>
      {nameOf(request)} <span className="hint">{countText(request.subjects)} 人次在等</span>
    </h2>
    <RowTable<Want>
      label={nameOf(request)}
      rows={request.wants}
      idOf={(row) => `${row.fact} ${row.dataset} ${row.reason}`}
      empty=""
      open={(row) => <Items want={row} />}
      columns={[
        { title: '缺什么', width: 220, cell: (row) => row.label },
        {
          title: '数据集',
          width: 220,
          cell: (row) =>
            row.dataset === null ? (
              ''
            ) : (
              <Link to="/data/datasets/$id" params={{ id: row.dataset }}>
                {row.title}
              </Link>
            ),
        },
        { title: '为什么缺', width: 220, cell: (row) => row.reason },
        { title: '在等的人次', width: 110, figure: true, cell: (row) => countText(row.subjects) },
        {
          title: '在等的事项',
          long: true,
          cell: (row) => `${row.items[0]?.title ?? ''}${row.items.length > 1 ? ` 等 ${row.items.length} 个` : ''}`,
        },
      ]}
    />
  </section>
);

export const Requests = () => {
  const [{ department }, filter] = useFilters<'department'>();
  const { data, error, refetch } = useQuery({ queryKey: ['data-requests'], queryFn: ask });
  const query = department === undefined || department === nobody ? '' : `?department=${encodeURIComponent(department)}`;
  const take = useAct({ act: (_: null) => takeFile(`/api/data-requests/file${query}`) });
  const rows = (data?.rows ?? []).filter((one) => department === undefined || nameOf(one) === department);
  const waiting = rows.reduce((sum, one) => sum + one.subjects, 0);
  return (
    <>
      <PageHead
        title="待核"
        note={
          data === undefined
            ? '正在读取…'
            : `${countText(waiting)} 人次在等数据：既没有算符合，也没有算不符合。向部门要来以后自动重新比对，过去各期一并补。`
        }
        acts={
          <>
            <Button loading={take.isPending} disabled={rows.length === 0} onClick={() => take.mutate(null)}>
              导出需求表
            </Button>
            {query === '' || rows.length === 0 ? null : (
              <Button href={`/api/data-requests/letter${query}`} target="_blank">
                打印需求函
              </Button>
            )}
          </>
        }
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {take.error === null ? null : <Trouble error={take.error} />}
      <div className="filters">
        <Select
          aria-label="部门"
          placeholder="全部部门"
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          style={{ width: 260 }}
          value={department}
          onChange={(next?: string) => filter({ department: next })}
          options={(data?.rows ?? []).map((one) => ({ value: nameOf(one), label: `${nameOf(one)} ${countText(one.subjects)} 人次` }))}
        />
        <span className="hint">选一个部门，可以打印给它的需求函；点一行看是哪些事项在等。</span>
      </div>
      {data !== undefined && rows.length === 0 ? (
        <Nothing>
          {data.rows.length === 0 ? '没有人在等。最近一期里每个人都能判定。' : '没有人在等这个部门的数据。清除上面的条件看全部。'}
        </Nothing>
      ) : (
        rows.map((one) => <Department key={nameOf(one)} request={one} />)
      )}
    </>
  );
};
