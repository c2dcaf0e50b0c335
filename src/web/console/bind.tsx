// Binding the second factor: the password once more, the code drawn here to be taken up by a phone, its figures as proof, and the recovery codes, shown once.
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { encode } from 'uqr';
import { api, read } from './client.ts';
import { Trouble } from './trouble.tsx';

const begin = (json: { password: string }) => read(api.session['two-factor'].$post({ json }));
type Begun = Awaited<ReturnType<typeof begin>>;

/** Drawn by the browser itself: the secret goes to no other machine. */
const Picture = ({ text }: { readonly text: string }) => {
  const { data, size } = encode(text);
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg role="img" aria-label="绑定用的二维码" viewBox={`0 0 ${size} ${size}`} width={220} height={220} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
};

const Password = ({ done }: { readonly done: (begun: Begun) => void }) => {
  const work = useMutation({ mutationFn: begin, onSuccess: done });
  return (
    <Form layout="vertical" requiredMark={false} size="large" onFinish={work.mutate}>
      <p>登录除了密码，还要手机验证器上的六位数字。绑定一次，以后都用它。先再输入一次密码。</p>
      <Form.Item name="password" label="登录密码" rules={[{ required: true, message: '请输入密码' }]}>
        <Input.Password autoFocus autoComplete="current-password" />
      </Form.Item>
      {work.error === null ? null : <Trouble error={work.error} />}
      <Button type="primary" htmlType="submit" block loading={work.isPending}>
        下一步
      </Button>
    </Form>
  );
};

const Confirm = ({ begun, done }: { readonly begun: Begun; readonly done: () => void }) => {
  const work = useMutation({
    mutationFn: (json: { code: string }) => read(api.session['two-factor'].confirm.$post({ json })),
    onSuccess: done,
  });
  return (
    <Form layout="vertical" requiredMark={false} size="large" onFinish={work.mutate}>
      <p>用手机验证器扫描；扫不了的，在验证器里手工输入密钥。</p>
      <Picture text={begun.uri} />
      <p>
        密钥 <code>{begun.secret}</code>
      </p>
      <Form.Item name="code" label="手机验证器上的六位数字" rules={[{ required: true, message: '请输入六位数字' }]}>
        <Input autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={7} />
      </Form.Item>
      {work.error === null ? null : <Trouble error={work.error} />}
      <Button type="primary" htmlType="submit" block loading={work.isPending}>
        完成绑定
      </Button>
    </Form>
  );
};

const Codes = ({ codes, done }: { readonly codes: readonly string[]; readonly done: () => void }) => (
  <>
    <Alert
      type="success"
      showIcon
      title="已绑定"
      description="下面是备用码，只显示这一次。手机不在身边时用它登录，每个用一次。请抄下来收好，不要存在电脑里。"
    />
    <ul className="recovery-codes" aria-label="备用码">
      {codes.map((code) => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ul>
    <Button type="primary" block size="large" onClick={done}>
      已抄下，进入工作台
    </Button>
  </>
);

export const Bind = ({ done }: { readonly done: () => void }) => {
  const [begun, setBegun] = useState<Begun | null>(null);
  const [bound, setBound] = useState(false);
  return (
    <main className="sign-in">
      <h1>绑定动态口令</h1>
      {begun === null ? (
        <Password done={setBegun} />
      ) : bound ? (
        <Codes codes={begun.codes} done={done} />
      ) : (
        <Confirm begun={begun} done={() => setBound(true)} />
      )}
    </main>
  );
};
