// The form before the console: name and password, then the six figures where a second factor is bound.
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { api, readNow } from './client.ts';
import { Trouble } from './trouble.tsx';

export const SignIn = ({ why, done }: { readonly why: string; readonly done: () => void }) => {
  const [second, setSecond] = useState(false);
  return (
    <main className="sign-in">
      <h1>直享工作台</h1>
      {why === '' ? null : <Alert type="info" showIcon message={why} />}
      {second ? <Code done={done} /> : <Password next={(twoFactor) => (twoFactor ? setSecond(true) : done())} />}
      <p className="hint">30 分钟不操作会自动退出。连错 5 次锁定 15 分钟。忘记密码请找系统管理员重置。</p>
    </main>
  );
};

const Password = ({ next }: { readonly next: (twoFactor: boolean) => void }) => {
  const enter = useMutation({
    mutationFn: (json: { username: string; password: string }) => readNow(api.session.$post({ json })),
    onSuccess: ({ twoFactor }) => next(twoFactor),
  });
  return (
    <Form layout="vertical" requiredMark={false} size="large" onFinish={enter.mutate}>
      <Form.Item name="username" label="用户名" rules={[{ required: true, message: '请输入用户名' }]}>
        <Input autoFocus autoComplete="username" autoCapitalize="none" />
      </Form.Item>
      <Form.Item name="password" label="密码" rules={[{ required: true, message: '请输入密码' }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      {enter.error === null ? null : <Trouble error={enter.error} />}
      <Button type="primary" htmlType="submit" block loading={enter.isPending}>
        登录
      </Button>
    </Form>
  );
};

const Code = ({ done }: { readonly done: () => void }) => {
  const enter = useMutation({
    mutationFn: (json: { code: string }) => readNow(api.session.code.$post({ json })),
    onSuccess: done,
  });
  return (
    <Form layout="vertical" requiredMark={false} size="large" onFinish={enter.mutate}>
      <Form.Item
        name="code"
        label="手机验证器上的六位数字"
        extra="手机不在身边，填一个备用码，用过作废。"
        rules={[{ required: true, message: '请输入六位数字' }]}
      >
        <Input autoFocus autoComplete="one-time-code" maxLength={20} />
      </Form.Item>
      {enter.error === null ? null : <Trouble error={enter.error} />}
      <Button type="primary" htmlType="submit" block loading={enter.isPending}>
        继续
      </Button>
    </Form>
  );
};
