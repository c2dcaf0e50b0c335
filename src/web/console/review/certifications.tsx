// 资格认证: who is due, taken and seen one by one or by the list that goes along to the villages and comes back filled in; and what became of those before.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input, Modal, Select } from 'antd';
import { useRef, useState } from 'react';
import { useAct } from '../act.tsx';
import { api, read, sendFile, takeFile } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Facts, Mark, Nothing, PageHead, type Tone } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds, useStaff } from '../session.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, figure } from '../words.ts';
import { QueueView } from './queue.tsx';

type Ask = Parameters<typeof api.certifications.$get>[0]['query'];
const ask = (query: Ask) => read(api.certifications.$get({ query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];

const states: Readonly<Record<string, readonly [text: string, tone: Tone]>> = {
  live: ['全部没有办完的', 'plain'],
  open: ['待认证', 'plain'],
  visiting: ['入户核查', 'now'],
  suspended: ['逾期暂停', 'bad'],
  deceased: ['核查已去世', 'bad'],
  certified: ['已认证', 'good'],
  void: ['不再需要', 'plain'],
};
const hows: Readonly<Record<string, string>> = { trace: '部门数据', home: '上门', counter: '到窗口', video: '视频', self: '本人在网上' };

interface Imported {
  readonly rows: number;
  readonly news: number;
  readonly certified: number;
  readonly deceased: number;
  readonly resumed: number;
}

/** The list to the villages, and back filled in: one wrong row and nothing is written. */
const VisitList = () => {
  const input = useRef<HTMLInputElement>(null);
  const [told, setTold] = useState<Imported | null>(null);
  const take = useAct({ act: (_: null) => takeFile('/api/certification-list') });
  const bring = useAct({ act: (file: File) => sendFile<Imported>('/api/certification-visits/import', file), after: setTold });
  const close = () => {
    setTold(null);
    bring.reset();
    if (input.current !== null) input.current.value = '';
  };
  return (
    <>
      <Button loading={take.isPending} onClick={() => take.mutate(null)}>
        下载入户核查名单
      </Button>
      <Button loading={bring.isPending} onClick={() => input.current?.click()}>
        读入核查名单
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="填好的核查名单"
        accept=".xlsx,.csv"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) bring.mutate(file);
        }}
      />
      {take.error === null ? null : <Trouble error={take.error} />}
      <Modal
        title="读入核查名单"
        open={told !== null || bring.error !== null}
        okText="知道了"
        cancelButtonProps={{ hidden: true }}
        onOk={close}
        onCancel={close}
      >
        {bring.error === null ? null : (
          <>
            <p>有一行不对就都没有写。改好以后整份再读入。</p>
            <Trouble error={bring.error} />
          </>
        )}
        {told === null ? null : (
          <Facts
            pairs={[
              ['读到', `${countText(told.rows)} 行`],
              ['新登记', `${countText(told.news)} 次核查`],
              ['认证', `${countText(told.certified)} 人`],
              ['补发暂停的', `${countText(told.resumed)} 笔`],
              ['已去世', `${countText(told.deceased)} 人，等人决定停发`],
            ]}
          />
        )}
      </Modal>
    </>
  );
};

const Known = ({ state, village }: { readonly state: string; readonly village: string | undefined }) => {
  const { today } = useStaff();
  const title = useTitle();
  const query = { ...(state === 'live' ? {} : { state }), ...(village === undefined ? {} : { village }) } as Ask;
  const { data, error, refetch } = useQuery({ queryKey: ['certifications', query], queryFn: () => ask(query) });
  if (error !== null) return <Trouble error={error} again={() => void refetch()} />;
  if (data === undefined) return <Nothing>正在读取…</Nothing>;
  return (
    <RowTable<Row>
      label="资格认证"
      rows={data.rows}
      idOf={(row) => row.id}
      empty="没有这样的资格认证。事项规则要求定期认证的，快到期时每夜自动列入。"
      columns={[
        {
          title: '谁',
          width: 110,
          cell: (row) => (
            <Link
              to="/people/$id"
              params={{ id: row.subjectId }}
              search={{ reason: 'handle', order: `certifications-${row.id.slice(0, 8)}`, item: row.itemId }}
            >
              {row.subjectName ?? '看这个人'}
            </Link>
          ),
        },
        { title: '事项', width: 260, long: true, cell: (row) => title(row.itemId, row.title) },
        { title: '区划', width: 120, cell: (row) => row.place },
        {
          title: '现在',
          width: 110,
          cell: (row) => <Mark tone={states[row.state]?.[1] ?? 'plain'}>{row.text}</Mark>,
        },
        { title: '从哪天算起', width: 130, cell: (row) => dayText(row.anchorOn) },
        {
          title: '期限',
          width: 170,
          cell: (row) =>
            row.certifiedOn === null && row.dueOn < today ? <Mark tone="bad">{dayText(row.dueOn)} 已过</Mark> : dayText(row.dueOn),
        },
        { title: '已暂停（元）', width: 140, figure: true, cell: (row) => (row.pausedCount === 0 ? '' : figure(row.pausedFen)) },
        {
          title: '凭什么认证',
          long: true,
          cell: (row) => (row.certifiedOn === null ? '' : `${dayText(row.certifiedOn)} ${hows[row.how ?? ''] ?? row.how ?? ''}`),
        },
      ]}
    />
  );
};

export const Certifications = () => {
  const [{ state, village }, filter] = useFilters<'state' | 'village'>();
  const visits = useHolds('reviewer');
  const choice = (
    <Select
      aria-label="现在"
      style={{ width: 170 }}
      value={state ?? 'queue'}
      onChange={(next: string) => filter({ state: next === 'queue' ? undefined : next })}
      options={[{ value: 'queue', label: '等核查的' }, ...Object.entries(states).map(([value, [label]]) => ({ value, label }))]}
    />
  );
  if (state === undefined)
    return (
      <QueueView
        queue="certifications"
        filters={
          <>
            {choice}
            {visits ? <VisitList /> : null}
          </>
        }
      />
    );
  return (
    <>
      <PageHead
        title="资格认证"
        note="先看部门数据（就诊、乘车等不打扰本人的痕迹），没有的再告知、再上门。逾期的暂停，见到本人就补发。"
        acts={visits ? <VisitList /> : null}
      />
      <div className="filters">
        {choice}
        <Input
          aria-label="村（区划代码）"
          placeholder="村（区划代码）"
          style={{ width: 180 }}
          maxLength={12}
          allowClear
          defaultValue={village}
          onPressEnter={(event) => filter({ village: event.currentTarget.value.trim() || undefined })}
        />
      </div>
      <Known state={state} village={village !== undefined && /^\d{2,12}$/.test(village) ? village : undefined} />
    </>
  );
};
