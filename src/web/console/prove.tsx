// The second factor shown on the spot: whatever act the server will not do without it opens this, and goes on when the code is right.
import { useMutation } from '@tanstack/react-query';
import { Form, Input, Modal } from 'antd';
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { api, read, throughSignIn } from './client.ts';
import { Trouble } from './trouble.tsx';

type Prove = () => Promise<boolean>;
const Proving = createContext<Prove>(async () => false);

/** Asks for the code: true when the server took it, false when the person gave up. */
export const useProve = (): Prove => useContext(Proving);

export const Prover = ({ children }: { readonly children: ReactNode }) => {
  const [waiting, setWaiting] = useState<{ readonly settle: (shown: boolean) => void } | null>(null);
  const [form] = Form.useForm<{ code: string }>();
  const show = useMutation({
    mutationFn: (json: { code: string }) => throughSignIn(() => read(api.session['step-up'].$post({ json }))),
    onSuccess: () => end(true),
  });
  const prove = useCallback<Prove>(() => new Promise((settle) => setWaiting({ settle })), []);
  const end = (shown: boolean) => {
    waiting?.settle(shown);
    setWaiting(null);
    form.resetFields();
    show.reset();
  };
  return (
    <Proving.Provider value={prove}>
      {children}
      <Modal
        title="请当场验证动态口令"
        open={waiting !== null}
        okText="验证并继续"
        cancelText="不办了"
        confirmLoading={show.isPending}
        onOk={form.submit}
        onCancel={() => end(false)}
        width={400}
        destroyOnHidden
      >
        <p>复核、签发、退回都要本人在场。验证一次，10 分钟内有效。</p>
        <Form form={form} layout="vertical" requiredMark={false} onFinish={show.mutate}>
          <Form.Item name="code" label="手机验证器上的六位数字" rules={[{ required: true, message: '请输入六位数字' }]}>
            <Input autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={7} size="large" />
          </Form.Item>
        </Form>
        {show.error === null ? null : <Trouble error={show.error} />}
      </Modal>
    </Proving.Provider>
  );
};
