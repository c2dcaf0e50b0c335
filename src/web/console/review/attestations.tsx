// 人工核定: values one reviewer entered from a document, waiting for another who has seen it; confirmed, sent back with a reason, or withdrawn. Whoever entered
// one never confirms it: the server refuses.
import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import type { ReactNode } from 'react';
import { useAct } from '../act.tsx';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read, takeFile } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { Mark, PageHead, type Tone } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { dayText, momentText } from '../words.ts';
import { QueueView } from './queue.tsx';

type Ask = Parameters<typeof api.attestations.$get>[0]['query'];
const ask = (query: Ask) => read(api.attestations.$get({ query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];
type State = Row['state'];

const states: Readonly<Record<State, { readonly text: string; readonly tone: Tone }>> = {
  entered: { text: '待复核', tone: 'now' },
  standing: { text: '有效', tone: 'good' },
  refused: { text: '复核退回', tone: 'bad' },
  withdrawn: { text: '已撤回', tone: 'plain' },
  agreed: { text: '来源已一致', tone: 'plain' },
  overruled: { text: '以来源为准', tone: 'bad' },
  expired: { text: '已到期', tone: 'plain' },
};

const valueText = ({ value }: Row): string =>
  !value.shown
    ? '只给部门审核和审计看'
    : value.v === null || value.v === undefined
      ? '无'
      : typeof value.v === 'string'
        ? /^\d{4}-\d\d-\d\d$/.test(value.v)
          ? dayText(value.v)
          : value.v
        : JSON.stringify(value.v);

const Scan = ({ id }: { readonly id: string }) => {
  const scan = useAct({ act: (_: null) => takeFile(`/api/attestations/${id}/document`) });
  return (
    <>
      <Button size="small" loading={scan.isPending} onClick={() => scan.mutate(null)}>
        看材料
      </Button>
      {scan.error === null ? null : <Trouble error={scan.error} />}
    </>
  );
};

const Acts = ({ row }: { readonly row: Row }) => {
  const at = { param: { id: row.id } };
  return (
    <div className="acts">
      <Scan id={row.id} />
      {row.state === 'standing' ? (
        <ReasonButton
          text="撤回"
          danger
          act={({ reason }) => read(api.attestations[':id'].withdraw.$post({ ...at, json: { reason } }))}
          said={() => '已撤回，不再有效。'}
        />
      ) : null}
    </div>
  );
};

/** The value and the scan beside each row: nobody confirms what he has not seen. */
const Waiting = ({ choice }: { readonly choice: ReactNode }) => {
  const { data } = useQuery({
    queryKey: ['attestations-waiting'],
    queryFn: () => ask({ state: 'entered', limit: '200' } as unknown as Ask),
  });
  const values = new Map(data?.rows.map((row) => [row.id, row]));
  const value = (id: string) => {
    const row = values.get(id);
    return row === undefined ? '' : valueText(row);
  };
  return (
    <QueueView
      queue="attestations"
      filters={choice}
      own={[
        { title: '录入的值', width: 150, cell: (row) => value(row.id) },
        { title: '材料', width: 90, cell: (row) => <Scan id={row.id} /> },
      ]}
    />
  );
};

export const Attestations = () => {
  const [{ state = 'entered' }, filter] = useFilters<'state'>();
  const reviews = useHolds('reviewer');
  const known = Object.hasOwn(states, state) ? (state as State) : undefined;
  const choice = (
    <Select
      aria-label="状态"
      style={{ width: 160 }}
      value={known ?? 'all'}
      onChange={(next: string) => filter({ state: next === 'entered' ? undefined : next })}
      options={[{ value: 'all', label: '全部' }, ...Object.entries(states).map(([value, { text }]) => ({ value, label: text }))]}
    />
  );
  // What waits is a queue like every other; what is decided is a list.
  if (known === 'entered') return <Waiting choice={choice} />;
  return (
    <>
      <PageHead title="人工核定" note="来源的数据错了或没有时，由审核人员凭材料录入，另一人看过材料后复核才算数。录入的人不能自己复核。" />
      <div className="filters">{choice}</div>
      <ListTable<Row>
        label="人工核定"
        queryKey={['attestations', state]}
        ask={(cursor) => ask({ cursor, ...(known === undefined ? {} : { state: known }) })}
        idOf={(row) => row.id}
        empty="没有这样的核定。"
        columns={[
          { title: '指标', width: 150, cell: (row) => row.label },
          { title: '录入的值', width: 150, cell: valueText },
          { title: '所见材料', width: 170, cell: (row) => row.documentTitle },
          { title: '为什么', long: true, cell: (row) => row.reason },
          { title: '录入', width: 160, cell: (row) => momentText(row.enteredAt) },
          { title: '有效到', width: 120, cell: (row) => dayText(row.expiresOn) },
          { title: '状态', width: 100, cell: (row) => <Mark tone={states[row.state].tone}>{states[row.state].text}</Mark> },
          { title: '', width: 230, long: true, cell: (row) => (reviews ? <Acts row={row} /> : null) },
        ]}
      />
    </>
  );
};
