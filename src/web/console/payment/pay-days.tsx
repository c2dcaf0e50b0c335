// 发放日: on which days items are paid, and between which days nothing is sealed or released. Registered and taken back, never changed; an entry that names an
// item or a period outweighs one for all of them.
import { useQuery } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Mark, Nothing, PageHead } from '../page.tsx';
import { ReasonFormButton } from '../reason-form.tsx';
import { useFilters } from '../search.ts';
import { useHolds, useStaff } from '../session.tsx';
import { ItemChoice, useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, periodText } from '../words.ts';

const ask = () => read(api['payment-calendar'].$get());
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];
type Entry = Parameters<(typeof api)['payment-calendar']['$post']>[0]['json'];
const add = (json: Entry) => read(api['payment-calendar'].$post({ json }));

/** The fields are named as the server names them in its problems. */
interface PayDay {
  readonly itemId?: string;
  readonly periodKey?: string;
  readonly fromDay: string;
}
interface Span {
  readonly fromDay: string;
  readonly to: string;
}

const day = (name: string, label: string) => (
  <Form.Item name={name} label={label} rules={[{ required: true, message: '请选日期' }]}>
    <Input type="date" style={{ width: 190 }} />
  </Form.Item>
);

const New = ({ start, closed }: { readonly start: boolean; readonly closed: () => void }) => (
  <>
    <ReasonFormButton<PayDay>
      text="登记发放日"
      primary
      withoutReason
      {...{ start, closed }}
      about={<p>有了发放日的事项，只能在登记的日子发。写了事项、期别的先于没有写的。</p>}
      fields={
        <>
          <Form.Item name="itemId" label="事项（不选：各事项）">
            <ItemChoice placeholder="各事项" />
          </Form.Item>
          <Form.Item name="periodKey" label="期别（不写：各期）">
            <Input maxLength={100} placeholder="例如：2026-04" />
          </Form.Item>
          {day('fromDay', '发放日')}
        </>
      }
      act={({ itemId, periodKey, fromDay }) =>
        add({ kind: 'pay', itemId: itemId ?? null, periodKey: periodKey?.trim() || null, fromDay, toDay: fromDay })
      }
      said={() => '已登记发放日。'}
    />
    <ReasonFormButton<Span>
      text="登记停办期"
      about={<p>从第一天到最后一天，不封批、不签发，发放日也不能落在其中。要到几点为止，或要停发布政策，用「冻结期」。</p>}
      fields={
        <>
          {day('fromDay', '第一天')}
          {day('to', '最后一天')}
        </>
      }
      reasonLabel="理由（想办理的人会看到）"
      act={({ fromDay, to, reason }) => add({ kind: 'freeze', fromDay, toDay: to, reason })}
      said={() => '已登记停办期。'}
    />
  </>
);

/** What changes when an entry is taken back. */
const ending = (row: Row, rows: readonly Row[]): string => {
  if (row.kind === 'freeze') return '撤销以后，这几天照常封批、签发。';
  const left = rows.filter((one) => one.kind === 'pay' && one.id !== row.id && (one.itemId === row.itemId || one.itemId === null));
  return left.length === 0
    ? '没有别的发放日了：撤销以后哪天都可以发。已封的批不变。'
    : `还有 ${countText(left.length)} 个发放日，以后只能在那些日子发。已封的批不变。`;
};

const end = (id: string, reason: string) => read(api['payment-calendar'][':id'].end.$post({ param: { id }, json: { reason } }));

export const PayDays = () => {
  const [{ act }, filter] = useFilters<'act'>();
  const makes = useHolds('finance-maker');
  const { today } = useStaff();
  const title = useTitle();
  const { data, error, refetch } = useQuery({ queryKey: ['payment-calendar'], queryFn: ask });
  const rows = data?.rows ?? [];
  const own = new Set(rows.flatMap((row) => (row.kind === 'pay' && row.itemId !== null ? [row.itemId] : []))).size;
  const whose = (row: Row): string =>
    row.kind === 'freeze'
      ? '各事项'
      : row.itemId !== null
        ? title(row.itemId)
        : own === 0
          ? '各事项'
          : `各事项，另定了的 ${countText(own)} 个除外`;
  return (
    <>
      <PageHead
        title="发放日"
        state={
          rows.some((row) => row.kind === 'freeze' && row.fromDay <= today && today <= row.toDay) ? (
            <Mark tone="bad">今天停办</Mark>
          ) : undefined
        }
        note="哪些日子发钱，哪几天不封批、不签发。一个发放日都没有登记的事项，哪天都可以发。"
        acts={makes ? <New start={act === 'new'} closed={() => filter({ act: undefined })} /> : undefined}
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Nothing>正在读取…</Nothing>
        ) : null
      ) : (
        <RowTable<Row>
          label="发放日和停办期"
          rows={rows}
          idOf={(row) => row.id}
          empty="没有登记：任何一天都可以作发放日。每月固定日子发的，由财政经办登记。"
          columns={[
            {
              title: '',
              width: 100,
              cell: (row) => <Mark tone={row.kind === 'pay' ? 'good' : 'bad'}>{row.kind === 'pay' ? '发放日' : '停办'}</Mark>,
            },
            {
              title: '日期',
              width: 300,
              cell: (row) =>
                `${row.fromDay === row.toDay ? dayText(row.fromDay) : `${dayText(row.fromDay)} 至 ${dayText(row.toDay)}`}${row.toDay < today ? '（已过）' : ''}`,
            },
            { title: '管哪些事项', long: true, cell: whose },
            { title: '期别', width: 130, cell: (row) => periodText(row.periodKey) },
            { title: '理由', long: true, cell: (row) => row.reason },
            ...(makes
              ? [
                  {
                    title: '',
                    width: 100,
                    cell: (row: Row) => (
                      <ReasonButton
                        text="撤销"
                        about={<p>{ending(row, rows)}</p>}
                        act={({ reason }) => end(row.id, reason)}
                        said={() => '已撤销。'}
                      />
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
    </>
  );
};
