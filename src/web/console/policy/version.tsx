// One item: the version in force and those before it, each in plain Chinese with what it changed; where the item is used; and the ways on: a new version, a copy,
// retiring.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Button, Tabs } from 'antd';
import { useAct } from '../act.tsx';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Code, Facts, Mark, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds, useStaff } from '../session.tsx';
import { StaffName } from '../staff-name.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, momentText, money, periodText } from '../words.ts';
import { Differences } from './differences.tsx';
import type { Json } from './document.ts';
import { GoButton } from './go-button.tsx';
import './style.css';

const askItem = (id: string) => read(api.items[':id'].$get({ param: { id } }));
type Item = Awaited<ReturnType<typeof askItem>>;
type Version = Item['versions'][number];
const askVersion = (id: string, version: number) =>
  read(api.items[':id'].versions[':version'].$get({ param: { id, version: String(version) } }));
type Whole = Awaited<ReturnType<typeof askVersion>>;

/** A new version begins as the one in force; only where none is on its way. */
const Revise = ({ whole }: { readonly whole: Whole }) => {
  const navigate = useNavigate();
  const start = useAct({
    act: (_: null) => read(api.drafts.$post({ json: whole.content as never })),
    after: ({ id }) => void navigate({ to: '/policy/drafts/$id' as '/', params: { id } as never }),
  });
  return (
    <>
      <Button type="primary" loading={start.isPending} onClick={() => start.mutate(null)}>
        改成新版本
      </Button>
      {start.error === null ? null : <Trouble error={start.error} />}
    </>
  );
};

const Retire = ({ id, version }: { readonly id: string; readonly version: Version }) => (
  <ReasonButton
    text={`停用第 ${version.version} 版`}
    danger
    about={<p>停用后不再匹配新的所属期，已经判定和发放的不变。由编制人以外的人办理。</p>}
    hint="依据哪份文件、自何时停用"
    act={({ reason }) =>
      read(api.items[':id'].versions[':version'].retire.$post({ param: { id, version: String(version.version) }, json: { reason } }))
    }
    said={() => '已停用'}
  />
);

const deep = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;
/** A part of the rule with sentences below it; the first line is the title. */
const isHead = (lines: readonly string[], i: number): boolean => i === 0 || (deep(lines[i] ?? '') === 2 && deep(lines[i + 1] ?? '') > 2);

const Rule = ({ lines }: { readonly lines: readonly string[] }) => (
  <div className="said lines">
    {lines.map((line, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: sentences have no name but their place
      <p key={i} className={isHead(lines, i) ? 'line-head' : ''} style={{ paddingLeft: Math.max(0, deep(line) - 2) * 8 }}>
        {line.trim()}
      </p>
    ))}
  </div>
);

const Changes = ({ id, version }: { readonly id: string; readonly version: number }) => {
  const { data, error } = useQuery({
    queryKey: ['version-diff', id, version],
    queryFn: () =>
      read(
        api.items[':id'].versions[':version'].diff.$get({
          param: { id, version: String(version) },
          query: { from: String(version - 1) } as never,
        }),
      ),
    enabled: version > 1,
  });
  if (version === 1) return <Nothing>这是第一版。</Nothing>;
  if (error !== null) return <Trouble error={error} />;
  return data === undefined ? <p className="hint">正在读取…</p> : <Differences rows={data.differences} empty="与上一版说的是一回事。" />;
};

const Versions = ({ item }: { readonly item: Item }) => (
  <RowTable<Version>
    label="版本"
    rows={item.versions}
    idOf={(row) => String(row.version)}
    empty=""
    columns={[
      {
        title: '版本',
        width: 90,
        cell: (row) => (
          <Link to={'.' as '/'} search={{ version: String(row.version) } as never}>
            第 {row.version} 版
          </Link>
        ),
      },
      {
        title: '状态',
        width: 90,
        cell: (row) => (row.retiredAt === null ? <Mark tone="good">已公布</Mark> : <Mark tone="plain">已停用</Mark>),
      },
      { title: '公布', width: 170, cell: (row) => momentText(row.publishedAt) },
      { title: '编制', width: 130, cell: (row) => <StaffName username={row.maker} /> },
      { title: '复核', width: 130, cell: (row) => <StaffName username={row.checker} /> },
      { title: '停用', width: 170, cell: (row) => (row.retiredAt === null ? '' : momentText(row.retiredAt)) },
      { title: '指纹', cell: (row) => <Code text={row.hash} /> },
    ]}
  />
);

const Uses = ({ whole }: { readonly whole: Whole }) =>
  whole.uses.length === 0 ? (
    <Nothing>别的事项没有用到它：没有公式看它发了多少，也没有互斥、合并封顶的。</Nothing>
  ) : (
    <RowTable<Whole['uses'][number]>
      label="用在哪里"
      rows={whole.uses}
      idOf={(row) => `${row.item}${row.how}`}
      empty=""
      columns={[
        { title: '事项', long: true, cell: (row) => <Link to={`/policy/items/${row.item}` as '/'}>{row.title}</Link> },
        { title: '怎么用到', long: true, cell: (row) => row.how },
      ]}
    />
  );

const Acts = ({ item, whole, version }: { readonly item: Item; readonly whole: Whole; readonly version: Version }) => {
  const { username } = useStaff();
  if (!useHolds('officer')) return null;
  return (
    <>
      <Revise whole={whole} />
      <GoButton to="/policy/new" search={{ copy: item.id }}>
        照它写另一个
      </GoButton>
      {version.retiredAt === null && version.maker !== username ? <Retire id={item.id} version={version} /> : null}
    </>
  );
};

/** The words the rule was made from: whoever checks a payment ends here. */
const Basis = ({ content }: { readonly content: Json }) => {
  const basis = ((content as { readonly basis?: unknown }).basis ?? {}) as Readonly<Record<string, string | null | undefined>>;
  const { document, number, clause, url } = basis;
  return (
    <Facts
      pairs={[
        [
          '文件',
          typeof url === 'string' ? (
            <a key="basis" href={url} target="_blank" rel="noreferrer">
              {document}
            </a>
          ) : (
            document
          ),
        ],
        ['文号', number],
        ['条款', clause],
      ]}
    />
  );
};

interface Words {
  readonly at: string;
  readonly clause: string | null;
  readonly text: string | null;
}

/** Every place of the rule that carries words of the document, or names its clause, in the rule's order. */
const wordsIn = (part: unknown, at = ''): readonly Words[] => {
  if (typeof part !== 'object' || part === null) return [];
  const { text, clause } = part as Json;
  const [said, named] = [text, clause].map((one) => (typeof one === 'string' ? one : null));
  return [
    ...(at === '/basis' || (said === null && named === null) ? [] : [{ at, clause: named ?? null, text: said ?? null }]),
    ...Object.entries(part).flatMap(([key, value]) => (key === 'examples' ? [] : wordsIn(value, `${at}/${key}`))),
  ];
};

/** By the key a place of the rule begins with. */
const places: Readonly<Record<string, string>> = {
  conditions: '条件',
  facts: '其中',
  award: '标准',
  limits: '限制',
  each: '逐项的条件',
  notes: '说明',
};

const DocumentWords = ({ content }: { readonly content: Json }) => (
  <RowTable<Words>
    label="文件原话"
    rows={wordsIn(content)}
    idOf={(row) => row.at}
    empty="编制的时候没有写下文件原话和条款，只能看上面的文件。"
    columns={[
      { title: '条款', width: 140, cell: (row) => row.clause },
      { title: '文件原话', long: true, cell: (row) => row.text },
      { title: '用在', width: 120, cell: (row) => places[row.at.split('/')[1] ?? ''] ?? '办理' },
    ]}
  />
);

export const VersionPage = () => {
  const id = useParams({ strict: false }).id ?? '';
  const [search, filter] = useFilters<'version' | 'tab'>();
  const item = useQuery({ queryKey: ['item', id], queryFn: () => askItem(id) });
  const number = Number(search.version ?? item.data?.version ?? 0);
  const whole = useQuery({ queryKey: ['version', id, number], queryFn: () => askVersion(id, number), enabled: number > 0 });
  const error = item.error ?? whole.error;
  if (error !== null) return <Trouble error={error} again={() => void Promise.all([item.refetch(), whole.refetch()])} />;
  const version = item.data?.versions.find((one) => one.version === number);
  if (item.data === undefined || whole.data === undefined || version === undefined) return <Nothing>正在读取…</Nothing>;
  const { standing } = item.data;
  const content = whole.data.content as Json;
  return (
    <>
      <PageHead
        title={whole.data.title}
        state={version.retiredAt === null ? <Mark tone="good">第 {number} 版</Mark> : <Mark tone="plain">第 {number} 版，已停用</Mark>}
        note={`${item.data.authority}　编号 ${id}${standing === null ? '' : `　${periodText(standing.periodKey)}符合 ${countText(standing.eligible)}，${money(standing.amountFen)}`}`}
        acts={<Acts item={item.data} whole={whole.data} version={version} />}
      />
      <Basis content={content} />
      <Tabs
        size="small"
        activeKey={search.tab ?? 'rule'}
        onChange={(tab) => filter({ tab: tab === 'rule' ? undefined : tab })}
        items={[
          { key: 'rule', label: '规则', children: <Rule lines={whole.data.rule} /> },
          { key: 'words', label: '文件原话', children: <DocumentWords content={content} /> },
          { key: 'changes', label: '比上一版改了什么', children: <Changes id={id} version={number} /> },
          { key: 'versions', label: `版本（${item.data.versions.length}）`, children: <Versions item={item.data} /> },
          { key: 'uses', label: `用在哪里（${whole.data.uses.length}）`, children: <Uses whole={whole.data} /> },
          { key: 'json', label: 'JSON', children: <pre className="code-text whole">{JSON.stringify(content, null, 2)}</pre> },
        ]}
      />
    </>
  );
};
