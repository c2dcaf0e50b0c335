// A word of one's own for an act: asked in a window that names the act, kept while it is refused, so that nobody writes it twice.
import { Button, Form, Input, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { type Act, useAct } from './act.tsx';
import { KeptWindow } from './kept-window.tsx';
import { Trouble } from './trouble.tsx';

interface Asked<Output> extends Omit<Act<{ reason: string }, Output>, 'act'> {
  /** The button, and the window's head. */
  readonly text: string;
  readonly act: (input: { readonly reason: string }) => Promise<Output>;
  /** What it will do, above the field. */
  readonly about?: ReactNode;
  readonly hint?: string;
  readonly danger?: boolean;
}

export const ReasonWindow = <Output,>({
  text,
  act,
  about,
  hint,
  danger,
  open,
  close,
  ...rest
}: Asked<Output> & { readonly open: boolean; readonly close: () => void }) => {
  const [form] = Form.useForm<{ reason: string }>();
  const work = useAct({
    ...rest,
    act,
    after: (output, input) => {
      close();
      form.resetFields();
      rest.after?.(output, input);
    },
  });
  return (
    <Modal
      title={text}
      open={open}
      okText={text}
      cancelText="再想想"
      okButtonProps={{ danger: danger === true }}
      confirmLoading={work.isPending}
      onOk={form.submit}
      onCancel={close}
    >
      {about}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={work.mutate}>
        <Form.Item
          name="reason"
          label="理由（留痕，对方看得到）"
          rules={[{ required: true, min: 2, message: '请写明理由，2 到 500 个字' }]}
        >
          <Input.TextArea rows={3} maxLength={500} placeholder={hint} autoFocus />
        </Form.Item>
      </Form>
      {work.error === null ? null : <Trouble error={work.error} />}
    </Modal>
  );
};

export const ReasonButton = <Output,>({ primary, ...asked }: Asked<Output> & { readonly primary?: boolean }) => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button type={primary === true ? 'primary' : 'default'} danger={asked.danger === true} onClick={() => setOpen(true)}>
        {asked.text}
      </Button>
      <KeptWindow open={open} close={() => setOpen(false)}>
        {(close) => <ReasonWindow {...asked} open={open} close={close} />}
      </KeptWindow>
    </>
  );
};
