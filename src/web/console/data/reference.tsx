// 参数和代码: numbers by region and date, code trees with their dates, and what each published catalogue changed against the one before.
import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select, Tabs } from 'antd';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Mark, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, momentText } from '../words.ts';

const askParameters = () => read(api.parameters.$get({ query: {} }));
type Parameter = Awaited<ReturnType<typeof askParameters>>['rows'][number];
type Value = Parameter['values'][number] & Pick<Parameter, 'label' | 'unit'> & { readonly key: string };
const askNodes = (id: string, query: { parent?: string; text?: string }) => read(api.trees[':id'].nodes.$get({ param: { id }, query }));
type Node = Awaited<ReturnType<typeof askNodes>>['rows'][number];
const askChanges = (number: string) => read(api['catalogue-versions'][':number'].changes.$get({ param: { number } }));
type Change = Awaited<ReturnType<typeof askChanges>>['rows'][number];
type Name = 'tab' | 'tree' | 'parent' | 'text' | 'version' | 'region';

const until = (to: string | null): string => (to === null ? '以后' : `${dayText(to)} 前一日`);

const Parameters = () => {
  const [{ text }, filter] = useFilters<Name>();
  const { data, error } = useQuery({ queryKey: ['parameters'], queryFn: askParameters });
  if (error !== null) return <Trouble error={error} />;
  if (data === undefined) return <Nothing>正在读取…</Nothing>;
  const all = data.rows.flatMap(({ key, label, unit, values }): Value[] => values.map((one) => ({ ...one, key, label, unit })));
  const rows = all.filter((one) => text === undefined || one.label.includes(text) || one.place.includes(text));
  return (
    <>
      <div className="filters">
        <Input.Search
          aria-label="找参数或地区"
          placeholder="参数或地区"
          allowClear
          style={{ width: 240 }}
          defaultValue={text}
          onSearch={(next) => filter({ text: next })}
        />
        <span className="hint">
          {countText(data.rows.length)} 个参数，{countText(all.length)} 个取值。取最具体的地区、当天作数的那个；没有值就是待核，不当作零。
        </span>
      </div>
      <RowTable<Value>
        label="参数"
        rows={rows}
        idOf={(row) => `${row.key} ${row.region} ${row.from}`}
        empty="没有这样的参数。清除上面的条件看全部。"
        columns={[
          { title: '参数', width: 230, cell: (row) => row.label },
          { title: '地区', width: 150, cell: (row) => row.place },
          { title: '取值', width: 120, figure: true, cell: (row) => row.value },
          { title: '单位', width: 90, cell: (row) => row.unit },
          { title: '从', width: 130, cell: (row) => dayText(row.from) },
          { title: '到', width: 160, cell: (row) => until(row.to) },
          { title: '今天', width: 80, cell: (row) => (row.now ? <Mark tone="good">作数</Mark> : <Mark tone="plain">不作数</Mark>) },
          { title: '文件', long: true, cell: (row) => row.document },
        ]}
      />
    </>
  );
};

const Trees = () => {
  const [{ tree: given, parent, text }, filter] = useFilters<Name>();
  const trees = useQuery({ queryKey: ['trees'], queryFn: () => read(api.trees.$get()) });
  const tree = given ?? trees.data?.rows[0]?.id;
  const query = { ...(parent === undefined ? {} : { parent }), ...(text === undefined ? {} : { text }) };
  const { data, error } = useQuery({
    queryKey: ['tree', tree, query],
    queryFn: () => askNodes(tree ?? '', query),
    enabled: tree !== undefined,
  });
  const chosen = trees.data?.rows.find((one) => one.id === tree);
  if (trees.error !== null) return <Trouble error={trees.error} />;
  return (
    <>
      <div className="filters">
        <Select
          aria-label="代码树"
          style={{ width: 320 }}
          value={tree}
          onChange={(next: string) => filter({ tree: next, parent: undefined, text: undefined })}
          options={(trees.data?.rows ?? []).map((one) => ({ value: one.id, label: one.label }))}
        />
        <Input.Search
          aria-label="找代码或名称"
          placeholder="代码或名称"
          allowClear
          style={{ width: 220 }}
          key={`${tree}${text ?? ''}`}
          defaultValue={text}
          onSearch={(next) => filter({ text: next, parent: undefined })}
        />
        {parent === undefined && text === undefined ? null : (
          <Button size="small" onClick={() => filter({ parent: undefined, text: undefined })}>
            回到最上一级
          </Button>
        )}
        {chosen === undefined ? null : (
          <span className="hint">
            {countText(chosen.nodes)} 个代码{chosen.ended === 0 ? '' : `，其中 ${countText(chosen.ended)} 个已失效`}；点名称看下一级。
          </span>
        )}
      </div>
      {error === null ? null : <Trouble error={error} />}
      {data === undefined ? null : (
        <RowTable<Node>
          label="代码"
          rows={data.rows}
          idOf={(row) => row.code}
          empty="没有这样的代码，或者它没有下级。"
          columns={[
            { title: '代码', width: 150, cell: (row) => <span className="figure">{row.code}</span> },
            {
              title: '名称',
              width: 260,
              cell: (row) =>
                row.below === 0 ? (
                  row.name
                ) : (
                  <Button type="link" size="small" className="inline" onClick={() => filter({ parent: row.code, text: undefined })}>
                    {row.name}
                  </Button>
                ),
            },
            { title: '下级', width: 80, figure: true, cell: (row) => (row.below === 0 ? '' : countText(row.below)) },
            { title: '从', width: 130, cell: (row) => (row.from === null ? '' : dayText(row.from)) },
            { title: '到', width: 150, cell: (row) => (row.to === null ? '' : until(row.to)) },
            { title: '属于', cell: (row) => row.path },
          ]}
        />
      )}
    </>
  );
};

const parts: Readonly<Record<Change['part'], string>> = {
  parameter: '参数',
  tree: '代码',
  dataset: '数据集',
  fact: '指标',
  calendar: '报送日历',
};
const kinds: Readonly<Record<Change['kind'], string>> = { added: '新增', removed: '去掉', changed: '改动' };

const Versions = () => {
  const [{ version: given }, filter] = useFilters<Name>();
  const versions = useQuery({ queryKey: ['catalogue-versions'], queryFn: () => read(api['catalogue-versions'].$get()) });
  const version = given ?? (versions.data?.rows[0] === undefined ? undefined : String(versions.data.rows[0].number));
  const { data, error } = useQuery({
    queryKey: ['catalogue-changes', version],
    queryFn: () => askChanges(version ?? ''),
    enabled: version !== undefined,
  });
  if (versions.error !== null) return <Trouble error={versions.error} />;
  return (
    <>
      <div className="filters">
        <Select
          aria-label="目录版本"
          style={{ width: 320 }}
          value={version}
          onChange={(next: string) => filter({ version: next })}
          options={(versions.data?.rows ?? []).map((one) => ({
            value: String(one.number),
            label: `第 ${one.number} 版，${momentText(one.publishedAt)}`,
          }))}
        />
        {data === undefined ? null : (
          <span className="hint">
            {data.before === null
              ? '这是第一版，没有可比的上一版。'
              : `比第 ${data.before} 版有 ${countText(data.count)} 处不同${data.count > data.rows.length ? `，只列前 ${countText(data.rows.length)} 处` : ''}。`}
          </span>
        )}
      </div>
      {error === null ? null : <Trouble error={error} />}
      {data === undefined ? null : (
        <RowTable<Change>
          label="目录的差异"
          rows={data.rows}
          idOf={(row) => `${row.part} ${row.kind} ${row.what}`}
          empty={data.before === null ? '第一版目录。以后改了参数、代码、数据集，这里列出改了什么。' : '与上一版没有不同。'}
          columns={[
            { title: '哪一类', width: 90, cell: (row) => parts[row.part] },
            {
              title: '',
              width: 70,
              cell: (row) => <Mark tone={row.kind === 'removed' ? 'bad' : row.kind === 'added' ? 'good' : 'now'}>{kinds[row.kind]}</Mark>,
            },
            { title: '是什么', width: 300, cell: (row) => row.what },
            { title: '原来', long: true, cell: (row) => row.before },
            { title: '现在', long: true, cell: (row) => row.after },
          ]}
        />
      )}
    </>
  );
};

export const Reference = () => {
  const [{ tab = 'parameters' }, filter] = useFilters<Name>();
  return (
    <>
      <PageHead title="参数和代码" note="最低工资、低保标准、行政区划、行业：都是有日期的数据，改一处发布一版目录，以前的判定不变。" />
      <Tabs
        activeKey={tab}
        destroyOnHidden
        onChange={(next) =>
          filter({ tab: next === 'parameters' ? undefined : next, text: undefined, tree: undefined, parent: undefined, version: undefined })
        }
        items={[
          { key: 'parameters', label: '参数', children: <Parameters /> },
          { key: 'trees', label: '代码', children: <Trees /> },
          { key: 'versions', label: '目录的版本', children: <Versions /> },
        ]}
      />
    </>
  );
};
