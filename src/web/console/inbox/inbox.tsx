// 待我处理: what waits for this person, over all queues: how much, worth what, until when, what to do, and the way there.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { WorkKind } from '../../inbox.ts';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Mark, PageHead } from '../page.tsx';
import { useStaff } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, figure } from '../words.ts';

const ask = () => read(api.inbox.$get());
type Work = Awaited<ReturnType<typeof ask>>['rows'][number];

/** Where each kind is worked on. */
const places: Readonly<Record<WorkKind, string>> = {
  check: '/payment/batches?state=sealed',
  issue: '/payment/batches?state=approved',
  seal: '/payment/openings',
  bank: '/payment/batches?state=released',
  returned: '/payment/returned',
  unknown: '/payment/records?state=unknown',
  suspense: '/payment/suspense',
  review: '/review/reviews',
  ask: '/review/asks',
  objection: '/review/objections',
  held: '/review/held',
  recovery: '/payment/recoveries',
  stop: '/review/stops',
  certify: '/review/certifications',
  attestation: '/review/attestations',
  ticket: '/review/corrections',
  delivery: '/data/held',
  rule: '/policy?state=review',
  brake: '/run/runs',
  job: '/settings/jobs',
  freeze: '/settings/freezes',
  undelivered: '/settings/channels',
};

export const Go = ({ to, children }: { readonly to: string; readonly children: string }) => {
  const [path = '/', query] = to.split('?');
  return (
    <Link to={path as '/'} search={Object.fromEntries(new URLSearchParams(query)) as never}>
      {children}
    </Link>
  );
};

export const Inbox = () => {
  const { today } = useStaff();
  const { data, error, refetch } = useQuery({ queryKey: ['inbox'], queryFn: ask });
  const late = data?.rows.reduce((sum, row) => sum + row.late, 0) ?? 0;
  return (
    <>
      <PageHead
        title="待我处理"
        state={late > 0 ? <Mark tone="bad">{countText(late)} 件已过期限</Mark> : undefined}
        note={`截至 ${dayText(today)}，您的岗位和范围内的事。`}
      />
      {error !== null ? <Trouble error={error} again={() => void refetch()} /> : null}
      {data === undefined ? null : (
        <RowTable<Work>
          label="待我处理"
          rows={data.rows}
          idOf={(row) => row.kind}
          empty="现在没有等您办的事。有新的批次、审核、异议或退汇时，会列在这里。"
          columns={[
            { title: '事', width: 200, cell: (row) => <Go to={places[row.kind]}>{row.text}</Go> },
            { title: '件数', width: 90, figure: true, cell: (row) => countText(row.waiting) },
            { title: '金额（元）', width: 160, figure: true, cell: (row) => (row.fen === null ? '' : figure(row.fen)) },
            { title: '最早期限', width: 140, cell: (row) => (row.dueOn === null ? '' : dayText(row.dueOn)) },
            {
              title: '已过期限',
              width: 100,
              figure: true,
              cell: (row) => (row.late === 0 ? '' : <Mark tone="bad">{countText(row.late)} 件</Mark>),
            },
            { title: '要办什么', cell: (row) => row.next },
          ]}
        />
      )}
    </>
  );
};
