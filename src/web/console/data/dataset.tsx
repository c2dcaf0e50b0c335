// One dataset: whether it counts today, when its department owes the next, what it leaves out, what was delivered, and which labels of its files mean what.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button, Tabs } from 'antd';
import { registerNames } from '../../words.ts';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Facts, Mark, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, momentText } from '../words.ts';
import { waitingText } from './datasets.tsx';
import { useQuality } from './quality-asked.ts';
import { deliveryTexts, freshTexts, kindTexts, shareText } from './words.ts';

const askOne = (id: string) => read(api.datasets[':id'].$get({ param: { id } }));
type Whole = Awaited<ReturnType<typeof askOne>>;
const askDeliveries = (id: string) => read(api.datasets[':id'].deliveries.$get({ param: { id } }));
type Delivery = Awaited<ReturnType<typeof askDeliveries>>['rows'][number];
const askMappings = (id: string) => read(api.datasets[':id'].mappings.$get({ param: { id } }));
type Mapping = Awaited<ReturnType<typeof askMappings>>['rows'][number];

const Deliveries = ({ id }: { readonly id: string }) => {
  const { data, error } = useQuery({ queryKey: ['dataset', id, 'deliveries'], queryFn: () => askDeliveries(id) });
  if (error !== null) return <Trouble error={error} />;
  if (data === undefined) return <Nothing>正在读取…</Nothing>;
  return (
    <RowTable<Delivery>
      label="交付"
      rows={data.rows}
      idOf={(row) => row.id}
      empty="没有您能看的交付。只看部分地区的账号看不到整库的交付。"
      columns={[
        {
          title: '收到',
          width: 160,
          cell: (row) => (
            <Link to="/data/deliveries/$id" params={{ id: row.id }}>
              {momentText(row.receivedAt)}
            </Link>
          ),
        },
        { title: '数据日期', width: 120, cell: (row) => dayText(row.asOf) },
        { title: '方式', width: 70, cell: (row) => kindTexts[row.kind as keyof typeof kindTexts] },
        { title: '地区', width: 90, cell: (row) => row.division ?? '全部' },
        { title: '文件', cell: (row) => row.fileName },
        { title: '读入', width: 90, figure: true, cell: (row) => countText(row.rows.read) },
        { title: '退回', width: 80, figure: true, cell: (row) => countText(row.rows.bad) },
        {
          title: '状态',
          width: 100,
          cell: (row) => <Mark tone={deliveryTexts[row.state]?.tone ?? 'plain'}>{deliveryTexts[row.state]?.text ?? row.state}</Mark>,
        },
      ]}
    />
  );
};

const Shares = ({ dataset }: { readonly dataset: Whole }) => (
  <RowTable<Whole['facts'][number]>
    label="说到的人里缺什么"
    rows={dataset.facts.toSorted((a, b) => b.missing - a.missing)}
    idOf={(row) => row.fact}
    empty="这个数据集不直接给出指标。"
    columns={[
      { title: '指标', width: 260, cell: (row) => row.label },
      { title: '有值的人', width: 120, figure: true, cell: (row) => countText(row.told) },
      { title: '缺的人', width: 120, figure: true, cell: (row) => countText(row.missing) },
      { title: '缺失占比', width: 120, figure: true, cell: (row) => shareText(row.missing, row.told + row.missing) },
      { title: '', cell: () => '' },
    ]}
  />
);

const Mappings = ({ dataset }: { readonly dataset: Whole }) => {
  const { data, error } = useQuery({ queryKey: ['dataset', dataset.id, 'mappings'], queryFn: () => askMappings(dataset.id) });
  if (error !== null) return <Trouble error={error} />;
  const [newest, ...older] = data?.rows ?? [];
  return (
    <>
      <p className="hint">
        {newest === undefined
          ? '部门文件的列名与数据集一致，不用对应。不一致时导入页会给出建议，核对后存下，以后照用。'
          : `第 ${newest.version} 版，${momentText(newest.madeAt)} 存，正在使用${older.length === 0 ? '' : `；以前有 ${older.length} 版`}。`}
      </p>
      <RowTable<{ readonly header: string; readonly labels: Mapping['labels']; readonly required: boolean }>
        label="列名对应"
        rows={dataset.columns.map(({ header, required }) => ({
          header,
          required,
          labels: (newest?.labels ?? []).filter(({ to }) => to === header),
        }))}
        idOf={(row) => row.header}
        empty="这个数据集没有列。"
        columns={[
          { title: '数据集的列', width: 240, cell: (row) => row.header },
          { title: '必填', width: 80, cell: (row) => (row.required ? '必填' : '') },
          {
            title: '部门文件里的列名',
            width: 260,
            cell: (row) => (row.labels.length === 0 ? row.header : row.labels.map(({ label }) => label.split('|')[0]).join('、')),
          },
          {
            title: '换算',
            cell: (row) =>
              row.labels
                .filter(({ scale }) => scale !== 0)
                .map(({ scale }) => `小数点移 ${scale} 位`)
                .join('、'),
          },
        ]}
      />
    </>
  );
};

export const DatasetPage = () => {
  const { id } = useParams({ from: '/data/datasets/$id' });
  const [{ tab = 'deliveries' }, filter] = useFilters<'tab'>();
  const steward = useHolds('steward');
  const { data: one, error, refetch } = useQuery({ queryKey: ['dataset', id], queryFn: () => askOne(id) });
  const quality = useQuality();
  const late = quality.data?.late.find(({ dataset }) => dataset === id);
  if (error !== null)
    return (
      <>
        <PageHead title="数据集" />
        <Trouble error={error} again={() => void refetch()} />
        <Link to="/data/datasets">回到数据集列表</Link>
      </>
    );
  if (one === undefined) return <PageHead title="数据集" note="正在读取…" />;
  return (
    <>
      <PageHead
        title={one.title}
        state={<Mark tone={freshTexts[one.freshness].tone}>{freshTexts[one.freshness].text}</Mark>}
        note={late === undefined || waitingText(late) === '' ? undefined : `在等它的：${waitingText(late)}。`}
        acts={
          <>
            {steward ? (
              <Link to="/data/import" search={{ dataset: id }}>
                <Button type="primary">导入这个数据集</Button>
              </Link>
            ) : null}
            <Link to="/data/requests" search={{ department: one.department }}>
              <Button>向部门要数据</Button>
            </Link>
          </>
        }
      />
      <Facts
        pairs={[
          ['部门', one.department],
          ['登记库', registerNames[one.register] ?? one.register],
          ['数据日期', one.asOf === null ? '从未报送' : dayText(one.asOf)],
          ['作数到', one.goodUntil === null ? null : `${dayText(one.goodUntil)}（${one.freshnessDays} 天）`],
          ['报送日历', one.calendar ?? '没有约定，不催报'],
          [
            '下次应报',
            one.overdueDays > 0 ? (
              <Mark key="late" tone="bad">
                迟 {countText(one.overdueDays)} 天
              </Mark>
            ) : one.nextDue === null ? null : (
              dayText(one.nextDue)
            ),
          ],
          ['联系岗位', one.contact],
          ['报送方式', one.kinds.map((kind) => kindTexts[kind]).join('、')],
          [
            '说到的人',
            one.freshness === 'never' ? null : `${countText(one.subjects)}，占登记库 ${shareText(one.subjects, one.registered)}`,
          ],
          ['上次被退的人', one.freshness === 'never' ? null : countText(one.refused)],
        ]}
      />
      <Tabs
        activeKey={tab}
        onChange={(next) => filter({ tab: next === 'deliveries' ? undefined : next })}
        items={[
          { key: 'deliveries', label: '交付', children: <Deliveries id={id} /> },
          { key: 'missing', label: '缺什么', children: <Shares dataset={one} /> },
          { key: 'mapping', label: '列名对应', children: <Mappings dataset={one} /> },
        ]}
      />
    </>
  );
};
