// One batch: where it stands and how much on top, what comes next as one button; then its lines, who was left out and why, the sums by where the money is, who
// signed, and what happened in order.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Tabs } from 'antd';
import { lineEventNames, signatureNames } from '../../../payment/states.ts';
import { roles } from '../../role.ts';
import { api, read } from '../client.ts';
import { ListTable, RowTable } from '../list-table.tsx';
import { Amount, Code, Facts, Mark, PageHead, type Tone } from '../page.tsx';
import { useFilters } from '../search.ts';
import { TakeFile } from '../take-file.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, figure, momentText, periodText } from '../words.ts';
import { BatchActs } from './batch-acts.tsx';
import { BatchMark } from './batches.tsx';
import { weightiest, wordTones } from './record-words.tsx';

const askOne = (id: string) => read(api.batches[':id'].$get({ param: { id } }));
export type BatchWhole = Awaited<ReturnType<typeof askOne>>;
type End = BatchWhole['ends'][number]['end'];

const askLines = (id: string, cursor: string | undefined) =>
  read(api.batches[':id'].lines.$get({ param: { id }, query: { cursor, limit: '200' } }));
type Line = Awaited<ReturnType<typeof askLines>>['rows'][number];
const askExcluded = (id: string, cursor: string | undefined) =>
  read(api.batches[':id'].exclusions.$get({ param: { id }, query: { cursor } }));
type Excluded = Awaited<ReturnType<typeof askExcluded>>['rows'][number];

const endNames: Readonly<Record<End, string>> = { ...lineEventNames, sealed: '在批次里，还没有签发' };
const endTones: Readonly<Record<End, Tone>> = { ...wordTones, sealed: 'plain' };
const endOf = (line: Line): End => weightiest(line.said) ?? 'sealed';
const wordOf = (line: Line): string | null => line.said.find((one) => one.kind === endOf(line))?.text ?? null;

/** Looking at the person of a line: the batch is the work order, the item and period are opened with it. */
const whose = (number: string, item: string, period: string | null) => ({
  ...{ reason: 'handle', order: number, item },
  ...(period !== null && /^(?:\d{4}(?:-\d{2}|Q[1-4])?|once)$/.test(period) ? { period } : {}),
});

interface Within {
  readonly id: string;
  readonly number: string;
  readonly item: string;
}

const Lines = ({ id, number, item }: Within) => (
  <>
    <div className="filters">
      <TakeFile path={`/api/batches/${id}/lines-file`} text="导出各笔" />
    </div>
    <ListTable<Line>
      label="各笔"
      queryKey={['batch', id, 'lines']}
      ask={(cursor) => askLines(id, cursor)}
      idOf={(row) => String(row.position)}
      empty="这一批没有明细。"
      columns={[
        { title: '序号', width: 64, figure: true, cell: (row) => row.position },
        {
          title: '收款人',
          width: 110,
          cell: (row) => (
            <Link to="/people/$id" params={{ id: row.subjectId }} search={whose(number, item, row.periodKey)}>
              {row.payeeName}
            </Link>
          ),
        },
        { title: '账户', width: 110, cell: (row) => `尾号 ${row.account.slice(-4)}` },
        { title: '开户行', cell: (row) => row.bank },
        { title: '期别', width: 120, cell: (row) => periodText(row.periodKey) },
        { title: '金额（元）', width: 150, figure: true, cell: (row) => figure(row.amountFen) },
        {
          title: '状态',
          width: 110,
          cell: (row) => <Mark tone={endTones[endOf(row)]}>{endOf(row) === 'sealed' ? '未签发' : endNames[endOf(row)]}</Mark>,
        },
        {
          title: '提示与原因',
          long: true,
          cell: (row) =>
            [...row.flags, ...(row.replaces === null ? [] : ['退汇后重发']), ...(wordOf(row) === null ? [] : [wordOf(row)])].join('；'),
        },
        { title: '流水号', width: 120, cell: (row) => <Code text={row.endToEndId} length={10} /> },
        {
          title: '',
          width: 70,
          cell: (row) => (
            <Link to="/payment/records/$id" params={{ id: row.disbursementId }} aria-label={`第 ${row.position} 笔为什么发`}>
              为什么
            </Link>
          ),
        },
      ]}
    />
  </>
);

const LeftOut = ({ id, number, item }: Within) => (
  <ListTable<Excluded>
    label="没有进批次的"
    queryKey={['batch', id, 'excluded']}
    ask={(cursor) => askExcluded(id, cursor)}
    idOf={(row) => row.disbursementId}
    empty="封批时没有人被留下。"
    columns={[
      {
        title: '谁',
        width: 160,
        cell: (row) => (
          <Link to="/people/$id" params={{ id: row.subjectId }} search={whose(number, item, null)}>
            {row.payeeName ?? '看这个人'}
          </Link>
        ),
      },
      { title: '期别', width: 140, cell: (row) => periodText(row.periodKey) },
      { title: '金额（元）', width: 150, figure: true, cell: (row) => figure(row.amountFen) },
      { title: '为什么没有进批次', long: true, cell: (row) => row.reasons.join('；') },
    ]}
  />
);

const Sums = ({ batch }: { readonly batch: BatchWhole }) => (
  <RowTable<BatchWhole['ends'][number]>
    label="合计"
    rows={batch.ends}
    idOf={(row) => row.end}
    empty="还没有明细。"
    columns={[
      { title: '钱在哪里', width: 200, cell: (row) => <Mark tone={endTones[row.end]}>{endNames[row.end]}</Mark> },
      { title: '笔数', width: 100, figure: true, cell: (row) => countText(row.lines) },
      { title: '金额（元）', width: 180, figure: true, cell: (row) => figure(row.fen) },
      { title: '', cell: () => '' },
    ]}
  />
);

const Timeline = ({ batch }: { readonly batch: BatchWhole }) => (
  <ol className="timeline">
    {batch.timeline.map((one) => (
      <li key={`${one.at}${one.text}`}>
        <time>{momentText(one.at)}</time>
        <span>
          {one.name ?? '系统'} {one.text}
          {one.reason === null ? null : <span className="hint">：{one.reason}</span>}
        </span>
      </li>
    ))}
  </ol>
);

/** What the batch waits for, in a sentence. */
const waitsFor = (batch: BatchWhole): string => {
  const { checkers, offices } = batch.lacking;
  if (batch.state === 'sealed')
    return `还要 ${checkers} 人复核${offices.length === 0 ? '' : `，其中要有${offices.map((office) => roles[office]).join('、')}`}；经办本人不能复核。`;
  if (batch.state === 'approved') return '复核已齐，等财政签发：先生成报盘文件，核对扣下的，再签发。';
  if (batch.state === 'released') return '已签发。报盘文件送银行，收到回盘后导入。';
  if (batch.state === 'cancelled') return `已整批退回：${batch.reason ?? '没有写理由'}。各笔回到待拨付，可以重新封批。`;
  return '每一笔都有了银行的结果，合计已对平。';
};

export const BatchPage = () => {
  const { id } = useParams({ from: '/payment/batches/$id' });
  const [{ tab = 'lines' }, filter] = useFilters<'tab'>();
  const title = useTitle();
  const { data: batch, error, refetch } = useQuery({ queryKey: ['batch', id], queryFn: () => askOne(id) });
  if (error !== null)
    return (
      <>
        <PageHead title="批次" />
        <Trouble error={error} again={() => void refetch()} />
        <Link to="/payment/batches">回到批次列表</Link>
      </>
    );
  if (batch === undefined) return <PageHead title="批次" note="正在读取…" />;
  return (
    <>
      <PageHead
        title={`批次 ${batch.number}`}
        state={<BatchMark state={batch.state} />}
        amount={<Amount fen={batch.totalFen} />}
        note={waitsFor(batch)}
        acts={<BatchActs batch={batch} />}
      />
      <Facts
        pairs={[
          ['事项', title(batch.itemId)],
          ['期别', periodText(batch.periodKey)],
          ['笔数', countText(batch.lines)],
          ['付款日', dayText(batch.payOn)],
          ['资金来源', batch.source?.document],
          [
            '付款账户',
            batch.source === null
              ? null
              : `${batch.source.payerName} ${batch.source.payerBank} 尾号 ${batch.source.payerAccount.slice(-4)}`,
          ],
          ['封批', momentText(batch.sealedAt)],
          ['签发', batch.releasedAt === null ? null : momentText(batch.releasedAt)],
          ['内容校验', <Code key="hash" text={batch.hash} />],
          ['文件校验', batch.fileSha256 === null ? null : <Code key="file" text={batch.fileSha256} />],
          ['签字', batch.signatures.map((one) => `${signatureNames[one.role]} ${one.name ?? '已离岗'}`).join('，') || null],
        ]}
      />
      <Tabs
        activeKey={tab}
        onChange={(next) => filter({ tab: next === 'lines' ? undefined : next })}
        items={[
          { key: 'lines', label: `各笔 ${countText(batch.lines)}`, children: <Lines id={id} number={batch.number} item={batch.itemId} /> },
          { key: 'out', label: '没有进批次的', children: <LeftOut id={id} number={batch.number} item={batch.itemId} /> },
          { key: 'sums', label: '合计', children: <Sums batch={batch} /> },
          { key: 'time', label: '经过', children: <Timeline batch={batch} /> },
        ]}
      />
    </>
  );
};
