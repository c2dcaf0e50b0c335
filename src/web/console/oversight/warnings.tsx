// 早发现: on one page what goes wrong first: data too old, items held because they grew too much, work past its day, budgets that will not last. Each with a way there.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { api, read } from '../client.ts';
import { waitingText } from '../data/datasets.tsx';
import { RowTable } from '../list-table.tsx';
import { Mark, PageHead, type Tone } from '../page.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, money } from '../words.ts';

interface Warning {
  readonly id: string;
  readonly kind: string;
  readonly tone: Tone;
  readonly what: ReactNode;
  readonly text: string;
  readonly since: string;
}

const askRun = async () => {
  const last = (await read(api.runs.$get({ query: { limit: '1' } }))).rows[0];
  return last === undefined ? null : await read(api.runs[':id'].$get({ param: { id: last.id } }));
};

export const Warnings = () => {
  const title = useTitle();
  const quality = useQuery({ queryKey: ['quality'], queryFn: () => read(api.quality.$get({ query: {} })), staleTime: 60_000 });
  const budgets = useQuery({ queryKey: ['budgets'], queryFn: () => read(api['budget-warnings'].$get()) });
  const arrears = useQuery({ queryKey: ['arrears'], queryFn: () => read(api.arrears.$get()) });
  const run = useQuery({ queryKey: ['last-run'], queryFn: askRun });
  const asked = [run, budgets, arrears, quality];
  const error = asked.find((one) => one.error !== null);
  const waiting = asked.some((one) => one.isPending);
  const held = (run.data?.items ?? [])
    .filter((one) => one.held || one.stopped !== null)
    .map(
      (one): Warning => ({
        ...{
          id: `run ${one.itemId} ${one.periodKey}`,
          kind: '变化过大',
          tone: 'bad',
          text: one.stopped ?? '',
          since: run.data?.knownAt ?? '',
        },
        what: (
          <Link to="/run/runs/$id" params={{ id: run.data?.id ?? '' }}>
            {one.title}
          </Link>
        ),
      }),
    );
  const gone = (budgets.data?.rows ?? []).map(
    (one): Warning => ({
      ...{ id: `budget ${one.itemId} ${one.year}`, kind: '额度不够', tone: 'warn', text: one.text, since: one.goneOn },
      what: <Link to="/payment/outlook">{title(one.itemId)}</Link>,
    }),
  );
  const late = (arrears.data?.rows ?? [])
    .filter((one) => one.days > 30)
    .map(
      (one): Warning => ({
        ...{ id: `due ${one.itemId} ${one.year} ${one.since}`, kind: '久未到账', tone: one.days > 60 ? 'bad' : 'warn', since: one.since },
        what: <Link to="/payment/outlook">{title(one.itemId)}</Link>,
        text: `${countText(one.people)} 人的 ${money(one.fen)} 核定后 ${countText(one.days)} 天没有到账。`,
      }),
    );
  const stale = (quality.data?.late ?? [])
    .filter((one) => waitingText(one) !== '')
    .map(
      (one): Warning => ({
        ...{ id: `data ${one.dataset}`, kind: '数据迟报', tone: one.overdueDays > 0 ? 'bad' : 'warn', since: one.asOf ?? '' },
        what: (
          <Link to="/data/datasets/$id" params={{ id: one.dataset }}>
            {one.title}
          </Link>
        ),
        text: `${one.department}${one.overdueDays > 0 ? `迟了 ${countText(one.overdueDays)} 天` : one.asOf === null ? '从未报送' : '的数据已过期'}，${waitingText(one)}在等。`,
      }),
    );
  const rows = [...held, ...gone, ...late, ...stale];
  return (
    <>
      <PageHead
        title="早发现"
        state={rows.length > 0 ? <Mark tone="warn">{countText(rows.length)} 处</Mark> : undefined}
        acts={
          <Button href="/api/reports/check-up" target="_blank">
            打印每月体检
          </Button>
        }
        note={waiting ? '正在逐项核对…' : '变化过大、额度不够、久未到账、数据迟报：一处一行，点进去就能办。'}
      />
      {error === undefined ? null : <Trouble error={error.error} again={() => void error.refetch()} />}
      {waiting && rows.length === 0 ? null : (
        <RowTable<Warning>
          label="早发现"
          rows={rows}
          idOf={(row) => row.id}
          empty="现在没有要早发现的：数据都在有效期里，额度够用，没有拖着的钱。"
          columns={[
            { title: '哪一类', width: 110, cell: (row) => <Mark tone={row.tone}>{row.kind}</Mark> },
            { title: '在哪里', width: 280, cell: (row) => row.what },
            { title: '说明', long: true, cell: (row) => row.text },
            { title: '日期', width: 140, cell: (row) => (row.since === '' ? '从未' : dayText(row.since)) },
          ]}
        />
      )}
    </>
  );
};
