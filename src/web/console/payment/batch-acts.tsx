// What may be done to a batch now, by whoever sits here: check, send back, make the file and release it, take the file. The server asks for the second factor.
import { Button, Modal, Popconfirm } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.tsx';
import { ReasonButton } from '../ask-reason.tsx';
import { api, Refusal, read, takeFile } from '../client.ts';
import { KeptWindow } from '../kept-window.tsx';
import { RowTable } from '../list-table.tsx';
import { Code, Facts } from '../page.tsx';
import { useHolds } from '../session.tsx';
import { problemsOf, Trouble } from '../trouble.tsx';
import { countText, figure, money } from '../words.ts';
import type { BatchWhole } from './batch.tsx';

const Approve = ({ batch }: { readonly batch: BatchWhole }) => {
  const approve = useAct({
    act: (_: null) => read(api.batches[':id'].approve.$post({ param: { id: batch.id }, json: { hash: batch.hash } })),
    said: ({ missing }) => (missing === 0 ? '复核已齐，等财政签发。' : `您已复核，还要 ${missing} 人。`),
  });
  return (
    <>
      <Popconfirm
        title={`复核通过 ${countText(batch.lines)} 笔，${money(batch.totalFen)}？`}
        description="通过之后各笔不能再改，只能整批退回。"
        okText="复核通过"
        cancelText="再看看"
        onConfirm={() => approve.mutate(null)}
      >
        <Button type="primary" loading={approve.isPending}>
          复核通过
        </Button>
      </Popconfirm>
      {approve.error === null ? null : <Trouble error={approve.error} />}
    </>
  );
};

const makeFile = (id: string) => read(api.batches[':id'].issue.$post({ param: { id } }));
type Made = Awaited<ReturnType<typeof makeFile>>;

interface Looked {
  readonly batch: BatchWhole;
  readonly first: Made;
  readonly close: () => void;
}

/** The file that was made, looked at before it is let out; what becomes of the batch meanwhile is told here. */
const ReleaseWindow = ({ batch, first, close }: Looked) => {
  const [made, setMade] = useState(first);
  const issue = useAct({
    act: (_: null) => makeFile(batch.id),
    after: (file) => {
      release.reset();
      setMade(file);
    },
  });
  const release = useAct({
    act: (file: Made) =>
      read(api.batches[':id'].release.$post({ param: { id: batch.id }, json: { hash: file.hash, sha256: file.sha256 } })),
    said: () => '已签发，可以取报盘文件送银行。',
    after: close,
  });
  // Who may be paid has changed since: the file that was looked at is never let out, only a new one.
  const stale = release.error instanceof Refusal && release.error.code === 'conflict.content';
  const error = issue.error ?? release.error;
  return (
    <Modal
      title="核对报盘文件，然后签发"
      width={760}
      open
      okText={stale ? '重新生成文件' : `签发 ${money(made.totalFen)}`}
      cancelText="先不签发"
      confirmLoading={release.isPending || issue.isPending}
      onOk={() => (stale ? issue.mutate(null) : release.mutate(made))}
      onCancel={close}
    >
      <Facts
        pairs={[
          ['文件', made.fileName],
          ['笔数', countText(made.lines)],
          ['金额', money(made.totalFen)],
          ['文件校验', <Code key="sha" text={made.sha256} />],
        ]}
      />
      <p>
        {made.withheld.length === 0
          ? '没有扣下的，全批报盘。'
          : `复核之后情况有变，扣下 ${countText(made.withheld.length)} 笔，不进文件，回到待拨付：`}
      </p>
      {made.withheld.length === 0 ? null : (
        <RowTable<Made['withheld'][number]>
          label="扣下的"
          rows={made.withheld}
          idOf={(row) => row.lineId}
          empty=""
          columns={[
            { title: '序号', width: 64, figure: true, cell: (row) => row.position },
            { title: '收款人', width: 110, cell: (row) => row.payeeName },
            { title: '金额（元）', width: 140, figure: true, cell: (row) => figure(row.amountFen) },
            { title: '为什么', long: true, cell: (row) => row.reasons.join('；') },
          ]}
        />
      )}
      {error === null ? null : <Trouble error={stale && error === release.error ? new Refusal(409, problemsOf(error)) : error} />}
    </Modal>
  );
};

const Release = ({ batch }: { readonly batch: BatchWhole }) => {
  const [made, setMade] = useState<Made | null>(null);
  const issue = useAct({ act: (_: null) => makeFile(batch.id), after: setMade });
  return (
    <>
      <Button type="primary" loading={issue.isPending} onClick={() => issue.mutate(null)}>
        生成报盘文件
      </Button>
      {issue.error === null ? null : <Trouble error={issue.error} />}
      <KeptWindow open={made !== null} close={() => setMade(null)}>
        {(close) => (made === null ? null : <ReleaseWindow batch={batch} first={made} close={close} />)}
      </KeptWindow>
    </>
  );
};

const Take = ({ batch }: { readonly batch: BatchWhole }) => {
  const take = useAct({ act: (_: null) => takeFile(`/api/batches/${batch.id}/file`) });
  return (
    <>
      <Button type="primary" loading={take.isPending} onClick={() => take.mutate(null)}>
        取报盘文件
      </Button>
      {take.error === null ? null : <Trouble error={take.error} />}
    </>
  );
};

export const BatchActs = ({ batch }: { readonly batch: BatchWhole }) => {
  const checks = useHolds('finance-checker', 'finance-head');
  const issues = useHolds('finance-issuer');
  const takes = useHolds('finance-maker', 'finance-issuer');
  const open = batch.state === 'sealed' || batch.state === 'approved';
  return (
    <>
      {checks && batch.state === 'sealed' ? <Approve batch={batch} /> : null}
      {issues && batch.state === 'approved' ? <Release batch={batch} /> : null}
      {takes && (batch.state === 'released' || batch.state === 'closed') ? <Take batch={batch} /> : null}
      {open && (checks || issues) ? (
        <ReasonButton
          text="整批退回"
          danger
          about={<p>{countText(batch.lines)} 笔全部退回，回到待拨付；钱仍然留着。经办按您写的改好后重新封批。</p>}
          hint="哪一笔、哪里不对，要怎样改"
          act={({ reason }) => read(api.batches[':id'].return.$post({ param: { id: batch.id }, json: { hash: batch.hash, reason } }))}
          said={() => '已整批退回。'}
        />
      ) : null}
    </>
  );
};
