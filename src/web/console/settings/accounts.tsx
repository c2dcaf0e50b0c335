// 账号: who works here, in which posts and for whom; new ones, a new password, somebody leaves. The administrator handles accounts and nothing else.
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { type Role, roles } from '../../role.ts';
import { useAct } from '../act.tsx';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Mark, PageHead } from '../page.tsx';
import { ReasonFormButton } from '../reason-form.tsx';
import { useFilters } from '../search.ts';
import { Trouble } from '../trouble.tsx';
import { countText, dayText } from '../words.ts';

const ask = () => read(api.accounts.$get());
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];
interface Wanted extends Posts {
  readonly username: string;
  readonly name: string;
}
interface Secret {
  readonly username: string;
  readonly password: string;
}

/** Not `required`: a group of boxes may not say so of itself. */
const atLeastOne = {
  validator: (_: unknown, held?: readonly Role[]) =>
    held === undefined || held.length === 0 ? Promise.reject(new Error('至少选一个岗位')) : Promise.resolve(),
};

const kinds = { authorities: '部门', divisions: '区划', items: '事项' } as const;
type Kind = keyof typeof kinds;

const useChoices = () =>
  useQuery({ queryKey: ['account-scopes'], queryFn: () => read(api['account-scopes'].$get()), staleTime: 5 * 60_000 }).data;

const Scope = ({ scope }: { readonly scope: Row['scope'] }) => {
  const choices = useChoices();
  const said = (kind: Kind): string => {
    const held = scope[kind];
    if (held === null) return `全部${kinds[kind]}`;
    const names = new Map(choices?.[kind].map((one) => [one.value, one.label]));
    return `${kinds[kind]} ${held.map((value) => names.get(value) ?? value).join('、') || '无'}`;
  };
  return (Object.keys(kinds) as Kind[]).map(said).join(' · ');
};

/** Some of what there is, found by name or number; nothing chosen: all of it. */
const ScopeFields = () => {
  const choices = useChoices();
  return (Object.keys(kinds) as Kind[]).map((kind) => (
    <Form.Item key={kind} name={kind} label={`${kinds[kind]}（空着就是全部）`}>
      <Select
        mode="multiple"
        allowClear
        placeholder="输入几个字找"
        showSearch={{ optionFilterProp: 'label' }}
        options={choices?.[kind] ?? []}
      />
    </Form.Item>
  ));
};

/** Posts and scope, of a new account or another one's. */
const PostFields = () => (
  <>
    <Form.Item name="roles" label="岗位（不能由一人兼任的，不会建）" rules={[atLeastOne]}>
      <Checkbox.Group options={Object.entries(roles).map(([value, label]) => ({ value, label }))} />
    </Form.Item>
    <ScopeFields />
  </>
);

type Posts = { readonly roles: Role[] } & { readonly [kind in Kind]?: string[] };
const someOf = (held: string[] | undefined): string[] | null => (held === undefined || held.length === 0 ? null : held);
const scopeOf = ({ authorities, divisions, items }: Posts) => ({
  ...{ authorities: someOf(authorities), divisions: someOf(divisions), items: someOf(items) },
});

const Change = ({ row }: { readonly row: Row }) => (
  <ReasonFormButton<Posts>
    text="调整"
    label={`调整 ${row.username}`}
    about={
      <p>
        “{row.name}”的岗位和范围，立即生效，原来的会话结束。现在：{row.roles.map((role) => roles[role]).join('、')}。
      </p>
    }
    first={{
      roles: [...row.roles],
      authorities: row.scope.authorities ?? [],
      divisions: row.scope.divisions ?? [],
      items: row.scope.items ?? [],
    }}
    fields={<PostFields />}
    act={({ reason, ...wanted }) =>
      read(
        api.accounts[':username'].change.$post({
          param: { username: row.username },
          json: { roles: wanted.roles, scope: scopeOf(wanted), was: [...row.roles], reason },
        }),
      )
    }
    said={() => '已调整。'}
  />
);

const NewAccount = ({ close, made }: { readonly close: () => void; readonly made: (secret: Secret) => void }) => {
  const [form] = Form.useForm<Wanted>();
  const work = useAct({
    act: ({ username, name, roles: held, ...posts }: Wanted) =>
      read(
        api.accounts.$post({
          json: {
            username,
            name,
            roles: held,
            scope: scopeOf({ roles: held, ...posts }),
          },
        }),
      ),
    after: made,
  });
  return (
    <Modal open title="新账号" okText="新建" cancelText="先不办" confirmLoading={work.isPending} onOk={form.submit} onCancel={close}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={work.mutate}>
        <Form.Item name="username" label="用户名" rules={[{ required: true, message: '小写字母、数字、点、下划线，2 到 30 位' }]}>
          <Input autoCapitalize="none" maxLength={30} placeholder="例如 zhang.min" />
        </Form.Item>
        <Form.Item name="name" label="姓名" rules={[{ required: true, message: '请填姓名；同名的写成能分清的' }]}>
          <Input maxLength={60} />
        </Form.Item>
        <PostFields />
      </Form>
      {work.error === null ? null : <Trouble error={work.error} />}
    </Modal>
  );
};

const columnsOf = (made: (secret: Secret) => void) => [
  { title: '用户名', width: 150, long: true, cell: (row: Row) => row.username },
  { title: '姓名', width: 150, cell: (row: Row) => row.name },
  { title: '岗位', width: 160, long: true, cell: (row: Row) => row.roles.map((role) => roles[role]).join('、') },
  { title: '范围', long: true, cell: (row: Row) => <Scope scope={row.scope} /> },
  {
    title: '动态口令',
    width: 100,
    cell: (row: Row) =>
      row.twoFactor ? <Mark tone="good">已绑定</Mark> : row.demo ? <Mark tone="plain">演示免绑</Mark> : <Mark tone="warn">未绑定</Mark>,
  },
  {
    title: '状态',
    width: 150,
    cell: (row: Row) =>
      row.leftAt !== null ? (
        <Mark tone="plain">{dayText(row.leftAt.slice(0, 10))} 离岗</Mark>
      ) : row.clash.length > 0 ? (
        <Mark tone="bad">不能兼任，已停</Mark>
      ) : (
        <Mark tone="good">在岗</Mark>
      ),
  },
  {
    title: '',
    width: 230,
    cell: (row: Row) =>
      row.leftAt !== null ? null : (
        <div className="acts">
          <Change row={row} />
          <ReasonButton
            text="重置"
            about={<p>给“{row.name}”新密码，解绑动态口令，所有会话结束。</p>}
            act={({ reason }) => read(api.accounts[':username'].reset.$post({ param: { username: row.username }, json: { reason } }))}
            after={made}
          />
          <ReasonButton
            danger
            text="离岗"
            about={<p>“{row.name}”立即退出，再也登录不了；做过的事和留痕都在。</p>}
            act={({ reason }) => read(api.accounts[':username'].end.$post({ param: { username: row.username }, json: { reason } }))}
            said={() => '已离岗。'}
          />
        </div>
      ),
  },
];

export const Accounts = () => {
  const [{ role, left }, filter] = useFilters<'role' | 'left'>();
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<Secret | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ['accounts'], queryFn: ask });
  const rows = (data?.rows ?? []).filter(
    (row) => (left === '1' || row.leftAt === null) && (role === undefined || row.roles.includes(role as Role)),
  );
  const clashing = data?.rows.filter((row) => row.leftAt === null && row.clash.length > 0).length ?? 0;
  return (
    <>
      <PageHead
        title="账号"
        state={clashing > 0 ? <Mark tone="bad">{countText(clashing)} 个不能兼任</Mark> : undefined}
        note="系统管理员管账号和岗位，不办业务；财政经办、复核、签发必须是三个人。"
        acts={
          <Button type="primary" onClick={() => setMaking(true)}>
            新账号
          </Button>
        }
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {secret === null ? null : (
        <Alert
          type="success"
          showIcon
          role="status"
          title={`“${secret.username}”的密码：${secret.password}`}
          description="只显示这一次，请当面交给本人。首次登录后要绑定动态口令。"
          action={
            <Button size="small" onClick={() => setSecret(null)}>
              已交给本人
            </Button>
          }
        />
      )}
      <div className="filters">
        <Select
          aria-label="岗位"
          placeholder="全部岗位"
          allowClear
          style={{ width: 160 }}
          value={role}
          onChange={(next?: string) => filter({ role: next })}
          options={Object.entries(roles).map(([value, label]) => ({ value, label }))}
        />
        <Checkbox checked={left === '1'} onChange={(event) => filter({ left: event.target.checked ? '1' : undefined })}>
          连同已离岗的
        </Checkbox>
      </div>
      {data === undefined ? null : (
        <RowTable<Row>
          label="账号"
          rows={rows}
          idOf={(row) => row.username}
          empty="没有这样的账号。清除上面的条件看全部。"
          columns={columnsOf(setSecret)}
        />
      )}
      {making ? (
        <NewAccount
          close={() => setMaking(false)}
          made={(one) => {
            setSecret(one);
            setMaking(false);
          }}
        />
      ) : null}
    </>
  );
};
