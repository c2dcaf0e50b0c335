// Deciding on the rows that were picked: one decision, one reason each; first a trial, then in earnest. What goes out is the same table an officer would send.
import { Input, Modal, Select } from 'antd';
import { useState } from 'react';
import type { QueueName } from '../../queue-titles.ts';
import { useAct } from '../act.tsx';
import { RowTable } from '../list-table.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, grouped } from '../words.ts';
import type { QueueRow } from './queue.tsx';
import { Outcomes, sendTable, type Told } from './sheet-back.tsx';

interface Ask {
  readonly queue: QueueName;
  readonly choices: readonly string[];
  /** What may be filled in beside the reason. */
  readonly columns: readonly string[];
  readonly rows: readonly QueueRow[];
  readonly close: () => void;
}

type Cells = Readonly<Record<string, string>>;

const quoted = (text: string): string => `"${text.replaceAll('"', '""').replaceAll(/[\r\n]+/g, ' ')}"`;

/** The table as it would come back from Excel. */
const tableOf = (ask: Ask, decision: string, cells: Readonly<Record<string, Cells>>): Blob => {
  const header = ['编号', '校验', '意见', '理由', ...ask.columns];
  const lines = ask.rows.map((row) =>
    [row.id, row.mark, decision, ...['理由', ...ask.columns].map((column) => cells[row.id]?.[column] ?? '')].map(quoted).join(','),
  );
  return new Blob([`${[header.join(','), ...lines].join('\r\n')}\r\n`], { type: 'text/csv' });
};

export const DecideWindow = (ask: Ask) => {
  const { queue, choices, columns, rows, close } = ask;
  const [decision, setDecision] = useState(choices[0] ?? '');
  const [cells, setCells] = useState<Readonly<Record<string, Cells>>>({});
  const [tried, setTried] = useState<Told | null>(null);
  const fill = (ids: readonly string[], column: string, text: string) => {
    setTried(null);
    setCells((before) => ({ ...before, ...Object.fromEntries(ids.map((id) => [id, { ...before[id], [column]: text }])) }));
  };
  const work = useAct({
    act: ({ dry }: { readonly dry: boolean }) => sendTable(queue, tableOf(ask, decision, cells), dry),
    after: setTried,
  });
  const lacking = rows.filter((row) => (cells[row.id]?.理由 ?? '').trim().length < 2).length;
  // The table is sent in this order, its first line is the head.
  const names = rows.map((row) => row.payee ?? row.item ?? '');
  const done = tried !== null && !tried.dryRun;
  const would = tried?.rows.filter((row) => row.outcome === 'would').length ?? 0;
  const mayGo = tried?.dryRun === true && would > 0;
  return (
    <Modal
      title={`办理 ${countText(rows.length)} 件`}
      open
      width={980}
      okText={done ? '知道了' : mayGo ? `办理可以办的 ${countText(would)} 件` : '先试办'}
      cancelText="先不办"
      cancelButtonProps={{ hidden: done }}
      okButtonProps={{ disabled: !done && lacking > 0 }}
      confirmLoading={work.isPending}
      // The second click of a double one was meant for what the button said before.
      onOk={({ detail }) => (detail > 1 ? undefined : done ? close() : work.mutate({ dry: !mayGo }))}
      onCancel={close}
    >
      {done ? (
        <Outcomes told={tried} names={names} />
      ) : (
        <>
          <div className="filters">
            <Select
              aria-label="意见"
              style={{ width: 160 }}
              value={decision}
              onChange={(next: string) => {
                setDecision(next);
                setTried(null);
              }}
              options={choices.map((value) => ({ value, label: value }))}
            />
            <Input
              aria-label="填入每一件的理由"
              placeholder="理由：在这里写，填入每一件，再逐件改"
              style={{ width: 420 }}
              maxLength={600}
              onChange={(event) =>
                fill(
                  rows.map((row) => row.id),
                  '理由',
                  event.target.value,
                )
              }
            />
            <span className="hint">{lacking === 0 ? '每一件都有理由' : `还有 ${countText(lacking)} 件没有写理由`}</span>
          </div>
          <div className="scroll">
            <RowTable<QueueRow>
              label="每一件的理由"
              rows={rows}
              idOf={(row) => row.id}
              empty=""
              columns={[
                { title: '收款人', width: 150, long: true, cell: (row) => row.payee ?? row.id.slice(0, 8) },
                { title: '金额（元）', width: 110, figure: true, cell: (row) => (row.yuan === null ? '' : grouped(row.yuan)) },
                ...['理由', ...columns].map((column) => ({
                  title: column,
                  cell: (row: QueueRow) => (
                    <Input
                      size="small"
                      aria-label={`${row.payee ?? row.id.slice(0, 8)} ${column}`}
                      maxLength={600}
                      value={cells[row.id]?.[column] ?? ''}
                      onChange={(event) => fill([row.id], column, event.target.value)}
                    />
                  ),
                })),
              ]}
            />
          </div>
          {tried === null ? null : <Outcomes told={tried} names={names} />}
        </>
      )}
      {work.error === null ? null : <Trouble error={work.error} />}
    </Modal>
  );
};
