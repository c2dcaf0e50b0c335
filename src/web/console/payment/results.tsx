// What the bank answered: a file is read and shown with all it would do before it counts; then it is taken in, once.
import { Link } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { type LineEventKind, lineEventNames } from '../../../payment/states.ts';
import { useAct } from '../act.tsx';
import { type api, sendFile } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Facts, Mark, PageHead } from '../page.tsx';
import { useHolds } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, figure } from '../words.ts';

type Report = Awaited<ReturnType<Awaited<ReturnType<typeof api.results.$post>>['json']>> & { readonly dryRun: boolean };
type Done = Extract<Report, { moved: unknown }>;
type Moved = Done['moved'][number];
type Odd = Done['odd'][number];

const send = ({ file, dry }: { readonly file: File; readonly dry: boolean }) =>
  sendFile<Done>(`/api/results?name=${encodeURIComponent(file.name.slice(0, 200))}${dry ? '&dryRun=1' : ''}`, file);

const bad: readonly LineEventKind[] = ['returned', 'unknown'];

const Effects = ({ report }: { readonly report: Done }) => (
  <>
    {report.already ? <Alert type="info" showIcon title="这份文件以前导入过，再导入不会改变什么。" /> : null}
    <Facts
      pairs={[
        ['格式', report.formatTitle],
        ['银行的回音', `${countText(report.words)} 条`],
        ['对不上、先挂账', report.suspense === 0 ? '没有' : `${countText(report.suspense)} 条`],
      ]}
    />
    <RowTable<Moved>
      label="各笔怎样变化"
      rows={report.moved}
      idOf={(row) => `${row.from} ${row.to}`}
      empty="没有一笔因此改变。"
      columns={[
        { title: '从', width: 160, cell: (row) => lineEventNames[row.from] },
        {
          title: '到',
          width: 160,
          cell: (row) => <Mark tone={row.to === 'paid' ? 'good' : bad.includes(row.to) ? 'bad' : 'now'}>{lineEventNames[row.to]}</Mark>,
        },
        { title: '笔数', width: 100, figure: true, cell: (row) => countText(row.lines) },
        { title: '金额（元）', width: 180, figure: true, cell: (row) => figure(row.fen) },
        { title: '', cell: () => '' },
      ]}
    />
    {report.odd.length === 0 ? null : (
      <section className="part">
        <h2>对不上的{report.suspense > report.odd.length ? `，先列 ${countText(report.odd.length)} 条` : ''}</h2>
        <RowTable<Odd>
          label="对不上的"
          rows={report.odd}
          idOf={(row) => String(row.position)}
          empty=""
          columns={[
            { title: '第几行', width: 80, figure: true, cell: (row) => countText(row.position) },
            { title: '流水号', width: 290, cell: (row) => row.reference },
            { title: '金额（元）', width: 150, figure: true, cell: (row) => (row.amountFen === null ? '没有写' : figure(row.amountFen)) },
            { title: '为什么对不上', long: true, cell: (row) => row.why },
          ]}
        />
      </section>
    )}
  </>
);

export const Results = () => {
  const makes = useHolds('finance-maker');
  const [file, setFile] = useState<File | null>(null);
  const [seen, setSeen] = useState<Done | null>(null);
  const look = useAct({ act: (given: File) => send({ file: given, dry: true }), after: setSeen });
  const take = useAct({ act: (given: File) => send({ file: given, dry: false }), after: setSeen });
  if (!makes)
    return (
      <>
        <PageHead title="导入回盘" />
        <p>回盘由财政经办导入。各批次到账、退汇的情况在批次页的“合计”里。</p>
      </>
    );
  const choose = (given: File | null) => {
    setFile(given);
    setSeen(null);
    look.reset();
    take.reset();
    if (given !== null) look.mutate(given);
  };
  return (
    <>
      <PageHead
        title="导入回盘"
        note="选好文件先看结果，确认之后才算数。同一份文件导入两次，不会记两次。"
        acts={
          seen?.dryRun === true && file !== null && !seen.already ? (
            <Button type="primary" loading={take.isPending} onClick={() => take.mutate(file)}>
              确认导入
            </Button>
          ) : null
        }
      />
      <div className="filters">
        <label htmlFor="result-file">银行回盘文件（20 MB 以内）</label>
        <input
          id="result-file"
          type="file"
          accept=".csv,.txt,.xlsx,.xml,.zip"
          onChange={(event) => choose(event.target.files?.[0] ?? null)}
        />
      </div>
      {look.error === null ? null : <Trouble error={look.error} />}
      {take.error === null ? null : <Trouble error={take.error} />}
      {look.isPending ? <p>正在读文件…</p> : null}
      {seen === null ? null : (
        <>
          <Alert
            type={seen.dryRun ? 'info' : 'success'}
            showIcon
            title={seen.dryRun ? '这是试算，还没有记账。' : '已导入。'}
            description={
              seen.dryRun ? (
                '看清下面的变化，没有问题再点“确认导入”。'
              ) : (
                <>
                  退汇的在 <Link to="/payment/returned">退汇</Link> 里更正重发，对不上的在 <Link to="/payment/suspense">挂账</Link> 里查清。
                </>
              )
            }
          />
          <Effects report={seen} />
        </>
      )}
    </>
  );
};
