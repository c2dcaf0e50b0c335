// 政策事项: every item with its version in force and what is on its way, by state; the next step of each one click away.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Input, Segmented } from 'antd';
import { useMemo } from 'react';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Mark, PageHead, type Tone } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { StaffName } from '../staff-name.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, figure, momentText, periodText } from '../words.ts';
import { GoButton } from './go-button.tsx';
import './style.css';

const askItems = () => read(api.items.$get({ query: {} }));
const askReviews = () => read(api.reviews.$get({ query: {} }));
type Item = Awaited<ReturnType<typeof askItems>>['rows'][number];
type Review = Awaited<ReturnType<typeof askReviews>>['rows'][number];

export const states: Readonly<Record<string, { readonly text: string; readonly tone: Tone }>> = {
  draft: { text: '草稿', tone: 'plain' },
  returned: { text: '已退回', tone: 'warn' },
  review: { text: '待审', tone: 'now' },
  published: { text: '已公布', tone: 'good' },
  retired: { text: '已停用', tone: 'plain' },
  withdrawn: { text: '已撤回', tone: 'plain' },
};

interface Row {
  readonly key: string;
  readonly id: string;
  readonly title: string;
  readonly authority: string;
  readonly state: string;
  readonly version: string;
  readonly by: string;
  readonly at: string | null;
  readonly review: string | null;
  readonly standing: Item['standing'];
}

const open = ['draft', 'returned', 'review'];

const rowsOf = (items: readonly Item[], reviews: readonly Review[]): readonly Row[] => {
  const waiting = reviews
    .filter((one) => open.includes(one.state))
    .map((one) => ({
      ...{ key: one.id, id: one.item, title: one.title, authority: one.authority, state: one.state, version: '新版本', by: one.maker },
      ...{ at: one.submittedAt ?? one.createdAt, review: one.id, standing: null },
    }));
  const standing = items.map((one) => ({
    ...{ key: one.id, id: one.id, title: one.title, authority: one.authority, state: one.retired ? 'retired' : 'published' },
    ...{ version: `第 ${one.version} 版`, by: '', at: null, review: null, standing: one.standing },
  }));
  return [...waiting, ...standing];
};

const filters = [
  { value: '', label: '全部' },
  { value: 'draft', label: '草稿' },
  { value: 'review', label: '待审' },
  { value: 'published', label: '已公布' },
  { value: 'retired', label: '已停用' },
];

const Title = ({ row }: { readonly row: Row }) => {
  const to =
    row.review === null
      ? `/policy/items/${row.id}`
      : row.state === 'review'
        ? `/policy/reviews/${row.review}`
        : `/policy/drafts/${row.review}`;
  return <Link to={to as '/'}>{row.title}</Link>;
};

const columns = [
  { title: '事项', long: true, cell: (row: Row) => <Title row={row} /> },
  {
    title: '状态',
    width: 90,
    cell: (row: Row) => <Mark tone={states[row.state]?.tone ?? 'plain'}>{states[row.state]?.text ?? row.state}</Mark>,
  },
  { title: '版本', width: 90, cell: (row: Row) => row.version },
  { title: '主管部门', width: 220, cell: (row: Row) => row.authority },
  {
    title: '经办',
    width: 210,
    cell: (row: Row) =>
      row.at === null ? (
        ''
      ) : (
        <>
          <StaffName username={row.by} /> {momentText(row.at).slice(5)}
        </>
      ),
  },
  { title: '最近一期', width: 110, cell: (row: Row) => (row.standing === null ? '' : periodText(row.standing.periodKey)) },
  { title: '符合', width: 90, figure: true, cell: (row: Row) => (row.standing === null ? '' : countText(row.standing.eligible)) },
  { title: '金额（元）', width: 150, figure: true, cell: (row: Row) => (row.standing === null ? '' : figure(row.standing.amountFen)) },
];

export const PoliciesPage = () => {
  const [search, filter] = useFilters<'state' | 'find'>();
  const mayWrite = useHolds('officer');
  const items = useQuery({ queryKey: ['items'], queryFn: askItems });
  const reviews = useQuery({ queryKey: ['reviews', 'all'], queryFn: askReviews });
  const rows = useMemo(() => rowsOf(items.data?.rows ?? [], reviews.data?.rows ?? []), [items.data, reviews.data]);
  const find = search.find ?? '';
  const state = search.state ?? '';
  const shown = rows
    .filter((row) => state === '' || row.state === state || (state === 'draft' && row.state === 'returned'))
    .filter((row) => find === '' || `${row.title}${row.authority}${row.id}`.includes(find));
  const waits = rows.filter((row) => row.state === 'review').length;
  const error = items.error ?? reviews.error;
  return (
    <>
      <PageHead
        title="政策事项"
        state={waits > 0 ? <Mark tone="now">{countText(waits)} 件待审</Mark> : undefined}
        note="写规则、看影响、送审、发布、停用，都从这里进。"
        acts={
          mayWrite ? (
            <GoButton to="/policy/new" primary>
              写一条新政策
            </GoButton>
          ) : undefined
        }
      />
      <div className="filters">
        <Segmented value={state} onChange={(next) => filter({ state: String(next) })} options={filters} />
        <Input.Search
          aria-label="找事项"
          placeholder="名称、部门或编号"
          allowClear
          style={{ width: 240 }}
          defaultValue={find}
          onSearch={(text) => filter({ find: text.trim() })}
        />
      </div>
      {error === null ? null : <Trouble error={error} again={() => void Promise.all([items.refetch(), reviews.refetch()])} />}
      {items.data === undefined || reviews.data === undefined ? (
        <p className="hint">正在读取…</p>
      ) : (
        <RowTable<Row>
          label="政策事项"
          rows={shown}
          idOf={(row) => `${row.state} ${row.key}`}
          empty={
            rows.length === 0
              ? '还没有政策。点“写一条新政策”，从模板、现有事项或粘贴的规则开始。'
              : '没有这样的事项。换一个状态，或少写几个字再找。'
          }
          columns={columns}
        />
      )}
    </>
  );
};
