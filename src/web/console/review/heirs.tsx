// What was due to the dead and waits for heirs, and the heirs and carers who were named, confirmed by a second person.
import { Link } from '@tanstack/react-router';
import { Button, Popconfirm } from 'antd';
import { useAct } from '../act.tsx';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { Mark, type Tone } from '../page.tsx';
import { useHolds } from '../session.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { dayText, figure, momentText, periodText } from '../words.ts';
import { DeceasedActs } from './heir.tsx';
import { heirRelations } from './stop-words.ts';

const askHeirs = (query: Parameters<typeof api.heirs.$get>[0]['query']) => read(api.heirs.$get({ query }));
type Heir = Awaited<ReturnType<typeof askHeirs>>['rows'][number];
const askWaiting = (cursor: string | undefined) => read(api.disbursements.$get({ query: { state: 'deceased', cursor } }));
type Waiting = Awaited<ReturnType<typeof askWaiting>>['rows'][number];

const heirTones: Readonly<Record<Heir['state'], readonly [text: string, tone: Tone]>> = {
  named: ['待第二人', 'now'],
  confirmed: ['已确认', 'good'],
  refused: ['退回', 'plain'],
  withdrawn: ['撤回', 'plain'],
};
const heir = (json: Parameters<typeof api.heirs.$post>[0]['json']) => read(api.heirs.$post({ json }));

export const personOf = (
  row: { readonly id: string; readonly subjectId: string; readonly subjectName: string | null; readonly itemId: string },
  kind: string,
) => (
  <Link
    to="/people/$id"
    params={{ id: row.subjectId }}
    search={{ reason: 'handle', order: `${kind}-${row.id.slice(0, 8)}`, item: row.itemId }}
  >
    {row.subjectName ?? '看这个人'}
  </Link>
);

export const ForHeirs = () => {
  const reviews = useHolds('reviewer');
  const title = useTitle();
  return (
    <ListTable<Waiting>
      label="等继承人的"
      queryKey={['deceased']}
      ask={askWaiting}
      idOf={(row) => row.id}
      empty="没有在等的。去世当月还有应发的，会列在这里，登记继承人以后发给继承人。"
      columns={[
        {
          title: '为谁',
          width: 140,
          cell: (row) => (
            <Link to="/payment/records/$id" params={{ id: row.id }}>
              {row.payeeName ?? '看这一条'}
            </Link>
          ),
        },
        { title: '事项', width: 240, long: true, cell: (row) => title(row.itemId) },
        { title: '期别', width: 120, cell: (row) => periodText(row.periodKey) },
        { title: '金额（元）', width: 150, figure: true, cell: (row) => figure(row.amountFen) },
        { title: '最迟', width: 130, cell: (row) => (row.dueOn === null ? '' : dayText(row.dueOn)) },
        { title: '还缺', long: true, cell: (row) => row.gaps.join('；') },
        {
          title: '',
          width: 230,
          cell: (row) =>
            reviews ? (
              <div className="acts">
                <DeceasedActs id={row.id} />
              </div>
            ) : null,
        },
      ]}
    />
  );
};

const HeirActs = ({ row }: { readonly row: Heir }) => {
  const confirm = useAct({ act: (_: null) => heir({ act: 'confirm', id: row.id }), said: () => '已确认，发给继承人。' });
  if (row.state !== 'named' && row.state !== 'confirmed') return null;
  return (
    <div className="acts">
      {row.state === 'named' ? (
        <Popconfirm title="看过凭据，确认？" okText="确认" cancelText="再看看" onConfirm={() => confirm.mutate(null)}>
          <Button size="small" type="primary" loading={confirm.isPending}>
            确认
          </Button>
        </Popconfirm>
      ) : null}
      <ReasonButton
        text={row.state === 'named' ? '退回' : '撤回'}
        act={({ reason }) => heir({ act: 'drop', id: row.id, reason })}
        said={() => '已办理。'}
      />
      {confirm.error === null ? null : <Trouble error={confirm.error} />}
    </div>
  );
};

export const Heirs = () => {
  const reviews = useHolds('reviewer');
  const title = useTitle();
  return (
    <ListTable<Heir>
      label="继承人和照料人"
      queryKey={['heirs']}
      ask={(cursor) => askHeirs({ cursor })}
      idOf={(row) => row.id}
      empty="没有登记的。"
      columns={[
        { title: '为谁', width: 120, cell: (row) => personOf(row, 'heir') },
        { title: '事项', width: 220, long: true, cell: (row) => title(row.itemId) },
        { title: '关系', width: 100, cell: (row) => heirRelations[row.relation as keyof typeof heirRelations] ?? row.relation },
        { title: '姓名', width: 110, cell: (row) => row.name },
        { title: '账户', width: 110, cell: (row) => `尾号 ${row.account.slice(-4)}` },
        { title: '登记', width: 160, cell: (row) => momentText(row.namedAt) },
        { title: '状态', width: 90, cell: (row) => <Mark tone={heirTones[row.state][1]}>{heirTones[row.state][0]}</Mark> },
        { title: '说明', long: true, cell: (row) => row.closeReason },
        { title: '', width: 170, long: true, cell: (row) => (reviews ? <HeirActs row={row} /> : null) },
      ]}
    />
  );
};
