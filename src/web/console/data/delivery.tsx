// One delivery: what came of it; while it is held, why, the difference by division, and the yes or no with a reason over exactly what is on the screen; then
// the rows that were refused, to be corrected and brought again.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useAct } from '../act.tsx';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read, takeFile } from '../client.ts';
import { ListTable, RowTable } from '../list-table.tsx';
import { Code, Facts, Mark, PageHead } from '../page.tsx';
import { useHolds } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, momentText } from '../words.ts';
import { useDatasetTitle } from './dataset-title.ts';
import { deliveryTexts, kindTexts, shareText } from './words.ts';

const askOne = (id: string) => read(api.deliveries[':id'].$get({ param: { id } }));
type Delivery = Awaited<ReturnType<typeof askOne>>;
type Held = NonNullable<Delivery['held']>;
type Diff = NonNullable<Held['diff']>;
const askProblems = (id: string, cursor: string | undefined) =>
  read(api.deliveries[':id'].problems.$get({ param: { id }, query: { cursor } }));
type Bad = Awaited<ReturnType<typeof askProblems>>['rows'][number];

/** Line and column have columns of their own. */
const placed = /^第 \d+ 行(“[^”]*”)?：/;

const DiffTable = ({ diff }: { readonly diff: Diff }) => (
  <RowTable<Diff['divisions'][number]>
    label="与库里相比"
    rows={[{ ...diff, division: '合计', place: '合计' }, ...diff.divisions]}
    idOf={(row) => row.division}
    empty=""
    columns={[
      { title: '区划', width: 160, cell: (row) => (row.division === '' ? '区划不明' : row.place) },
      { title: '原有', width: 110, figure: true, cell: (row) => countText(row.before) },
      { title: '不再列入', width: 110, figure: true, cell: (row) => countText(row.dropped) },
      { title: '不再列入占', width: 110, figure: true, cell: (row) => shareText(row.dropped, row.before) },
      { title: '内容改动', width: 110, figure: true, cell: (row) => countText(row.changed) },
      { title: '改动占', width: 90, figure: true, cell: (row) => shareText(row.changed, row.before) },
      { title: '新列入', width: 110, figure: true, cell: (row) => countText(row.added) },
      { title: '', cell: () => '' },
    ]}
  />
);

const Examples = ({ diff: { samples }, deliveryId }: { readonly diff: Diff; readonly deliveryId: string }) => {
  const links = (ids: readonly string[]) =>
    ids.map((id, i) => (
      <Link key={id} to="/people/$id" params={{ id }} search={{ reason: 'correct', order: `delivery-${deliveryId.slice(0, 8)}` }}>
        {i === 0 ? '' : '、'}第 {i + 1} 份档案
      </Link>
    ));
  return (
    <Facts
      pairs={[
        ['不再列入的，例如', samples.dropped.length === 0 ? '没有' : links(samples.dropped)],
        ['内容改动的，例如', samples.changed.length === 0 ? '没有' : links(samples.changed)],
        ['新列入的，例如', samples.added.length === 0 ? '没有' : samples.added.map((line) => `第 ${line} 行`).join('、')],
      ]}
    />
  );
};

const decide = (delivery: Delivery, answer: 'accept' | 'reject', reason: string) =>
  read(
    api.deliveries[':id'].decision.$post({
      param: { id: delivery.id },
      json: { answer, reason, seen: [...(delivery.held?.digests ?? [])] },
    }),
  );

const HeldPart = ({ delivery, held }: { readonly delivery: Delivery; readonly held: Held }) => {
  const [first, ...others] = held.words;
  return (
    <section className="part">
      <Alert
        type="warning"
        showIcon
        title={first}
        description={
          <ul>
            {others.map((text) => (
              <li key={text}>{text}</li>
            ))}
            {delivery.mine ? <li>这份是您报送的，要由另一位数据管理员决定。</li> : null}
          </ul>
        }
      />
      {held.diff === null ? null : (
        <>
          <h2>与库里相比</h2>
          <DiffTable diff={held.diff} />
          <Examples diff={held.diff} deliveryId={delivery.id} />
        </>
      )}
    </section>
  );
};

const Problems = ({ delivery }: { readonly delivery: Delivery }) => (
  <section className="part">
    <h2>有问题的行</h2>
    <ListTable<Bad>
      label="有问题的行"
      queryKey={['delivery', delivery.id, 'problems']}
      ask={(cursor) => askProblems(delivery.id, cursor)}
      idOf={(row) => `${row.line} ${row.column} ${row.code}`}
      empty="这次交付没有问题，每一行都读懂了。"
      columns={[
        { title: '行', width: 70, figure: true, cell: (row) => countText(row.line) },
        { title: '列', width: 150, cell: (row) => row.column || '整行' },
        { title: '原值（遮去）', width: 180, cell: (row) => <bdi>{row.masked || '空'}</bdi> },
        { title: '问题', long: true, cell: (row) => row.message.replace(placed, '') },
        { title: '怎么办', long: true, cell: (row) => row.hint },
      ]}
    />
  </section>
);

const Acts = ({ delivery }: { readonly delivery: Delivery }) => {
  const take = useAct({ act: (_: null) => takeFile(`/api/deliveries/${delivery.id}/refused`), said: () => '下载已留痕，文件含完整号码。' });
  return (
    <>
      {delivery.state === 'held' && !delivery.mine ? (
        <>
          <ReasonButton
            primary
            text="放行"
            hint="核对了什么、问了谁，例如：与民政局核对，合并两镇名单，差异属实"
            act={({ reason }) => decide(delivery, 'accept', reason)}
            said={() => '已放行，照此入库。'}
          />
          <ReasonButton
            danger
            text="否决"
            hint="例如：文件导错了月份，请重新报送"
            act={({ reason }) => decide(delivery, 'reject', reason)}
            said={() => '已否决，库里的数据没有动。'}
          />
        </>
      ) : null}
      {delivery.rows.bad > 0 ? (
        <>
          <Button loading={take.isPending} onClick={() => take.mutate(null)}>
            下载被退的行
          </Button>
          <Link to="/data/import" search={{ dataset: delivery.dataset, corrects: delivery.id }}>
            <Button>导入更正</Button>
          </Link>
        </>
      ) : null}
      {take.error === null ? null : <Trouble error={take.error} />}
    </>
  );
};

export const DeliveryPage = () => {
  const { id } = useParams({ from: '/data/deliveries/$id' });
  const title = useDatasetTitle();
  const steward = useHolds('steward');
  const { data: one, error, refetch } = useQuery({ queryKey: ['delivery', id], queryFn: () => askOne(id) });
  if (error !== null)
    return (
      <>
        <PageHead title="交付" />
        <Trouble error={error} again={() => void refetch()} />
        <Link to="/data/datasets">回到数据集列表</Link>
      </>
    );
  if (one === undefined) return <PageHead title="交付" note="正在读取…" />;
  const state = deliveryTexts[one.state];
  return (
    <>
      <PageHead
        title={`${title(one.dataset)} ${dayText(one.asOf)}`}
        state={<Mark tone={state?.tone ?? 'plain'}>{state?.text ?? one.state}</Mark>}
        note={one.decision === null ? undefined : `决定的理由：${one.decision}`}
        acts={steward ? <Acts delivery={one} /> : null}
      />
      <Facts
        pairs={[
          [
            '数据集',
            <Link key="to" to="/data/datasets/$id" params={{ id: one.dataset }}>
              {title(one.dataset)}
            </Link>,
          ],
          ['收到', momentText(one.receivedAt)],
          ['方式', kindTexts[one.kind as keyof typeof kindTexts]],
          ['范围', one.division ?? '全部'],
          ['文件', one.fileName],
          ['文件校验', <Code key="hash" text={one.sha256} />],
          ['读入', `${countText(one.rows.read)} 行`],
          ['好行', `${countText(one.rows.good)} 行`],
          ['退回', `${countText(one.rows.bad)} 行`],
        ]}
      />
      {one.held === null ? null : <HeldPart delivery={one} held={one.held} />}
      <Problems delivery={one} />
    </>
  );
};
