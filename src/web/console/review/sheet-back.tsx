// A table filled in elsewhere comes back: read, tried, shown row by row, and then it counts.
import { Button, Modal } from 'antd';
import { useRef, useState } from 'react';
import type { QueueName } from '../../queue-titles.ts';
import { useAct } from '../act.tsx';
import { type api, sendFile } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Mark, type Tone } from '../page.tsx';
import { Trouble } from '../trouble.tsx';
import { countText } from '../words.ts';

type Answer = Awaited<ReturnType<Awaited<ReturnType<typeof api.desk.decisions.$post>>['json']>>;
export type Told = Extract<Answer, { rows: unknown }>;
type Row = Told['rows'][number];

export const sendTable = (queue: QueueName, table: Blob, dry: boolean): Promise<Told> =>
  sendFile<Told>(`/api/desk/decisions?queue=${queue}${dry ? '&dryRun=1' : ''}`, table);

const outcomes: Readonly<Record<Row['outcome'], { readonly text: string; readonly tone: Tone }>> = {
  done: { text: '已办理', tone: 'good' },
  would: { text: '可以办理', tone: 'now' },
  already: { text: '以前已照此办理', tone: 'plain' },
  refused: { text: '没有办理', tone: 'bad' },
  left: { text: '没有填写', tone: 'plain' },
};

/** What came of each row, those that were refused first; by the names of the rows where they were not read from a file. */
export const Outcomes = ({ told, names }: { readonly told: Told; readonly names?: readonly string[] }) => {
  const count = (outcome: Row['outcome']) => told.rows.filter((row) => row.outcome === outcome).length;
  const said = (Object.keys(outcomes) as Row['outcome'][])
    .filter((outcome) => count(outcome) > 0)
    .map((outcome) => `${outcomes[outcome].text} ${countText(count(outcome))} 件`)
    .join('，');
  const rows = told.rows
    .filter((row) => row.outcome !== 'left')
    .toSorted((a, b) => Number(b.outcome === 'refused') - Number(a.outcome === 'refused'))
    .slice(0, 200);
  return (
    <>
      <p role="status">
        {told.dryRun ? '试办的结果，还没有办理：' : ''}
        {said === '' ? '没有填写任何一行。' : `${said}。`}
      </p>
      <div className="scroll">
        <RowTable<Row>
          label="逐行的结果"
          rows={rows}
          idOf={(row) => `${row.line}`}
          empty="每一行都空着。填上意见和理由再导入。"
          columns={[
            names === undefined
              ? { title: '行', width: 50, figure: true, cell: (row) => row.line }
              : { title: '谁', width: 140, long: true, cell: (row) => names[row.line - 2] ?? '' },
            { title: '意见', width: 100, cell: (row) => row.decision },
            { title: '结果', width: 120, cell: (row) => <Mark tone={outcomes[row.outcome].tone}>{outcomes[row.outcome].text}</Mark> },
            { title: '说明', long: true, cell: (row) => row.effect ?? row.problems.map((one) => `${one.message}${one.hint}`).join(' ') },
          ]}
        />
      </div>
    </>
  );
};

export const SheetBack = ({ queue }: { readonly queue: QueueName }) => {
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const work = useAct({
    act: ({ given, dry }: { readonly given: File; readonly dry: boolean }) => sendTable(queue, given, dry),
    after: setTold,
  });
  const close = () => {
    setFile(null);
    setTold(null);
    work.reset();
    if (input.current !== null) input.current.value = '';
  };
  const tried = told?.dryRun === true;
  return (
    <>
      <Button onClick={() => input.current?.click()}>导入填好的表格</Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="填好的表格"
        accept=".xlsx,.csv"
        onChange={(event) => {
          const given = event.target.files?.[0] ?? null;
          setFile(given);
          if (given !== null) work.mutate({ given, dry: true });
        }}
      />
      <Modal
        title={file?.name ?? ''}
        open={file !== null}
        width={860}
        okText={tried ? '照此办理' : '知道了'}
        cancelText="先不办"
        cancelButtonProps={{ hidden: !tried }}
        confirmLoading={work.isPending}
        // The second click of a double one was meant for what the button said before.
        onOk={({ detail }) => (detail > 1 ? undefined : tried && file !== null ? work.mutate({ given: file, dry: false }) : close())}
        onCancel={close}
      >
        {told === null ? null : <Outcomes told={told} />}
        {work.error === null ? null : <Trouble error={work.error} />}
      </Modal>
    </>
  );
};
