// An act that takes a few values besides its reason: a window that names the act, everything kept while it is refused.
import { Button, Form, Input, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { type Act, useAct } from './act.tsx';
import { useAtField } from './at-field.ts';
import { KeptWindow } from './kept-window.tsx';
import { Trouble } from './trouble.tsx';

interface Asked<Values extends object, Output> extends Omit<Act<Values & { reason: string }, Output>, 'act'> {
  /** The button, and the window's head. */
  readonly text: string;
  /** On the button that does it and the one that leaves it, where they say something else. */
  readonly ok?: string;
  readonly cancel?: string;
  readonly about?: ReactNode;
  /** What stands in the fields at first. */
  readonly first?: Partial<Values>;
  readonly fields: ReactNode;
  readonly act: (values: Values & { reason: string }) => Promise<Output>;
  readonly primary?: boolean;
  readonly reasonLabel?: string;
  /** What it rests on stands in its fields: no reason is asked. */
  readonly withoutReason?: boolean;
  readonly label?: string;
  readonly width?: number;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Open from the start: the address asked for it. */
  readonly start?: boolean;
  readonly closed?: () => void;
}

const ReasonFormWindow = <Values extends object, Output = unknown>({
  text,
  ok = text,
  cancel = '再想想',
  about,
  first,
  fields,
  act,
  reasonLabel = '理由（留痕）',
  width = 480,
  withoutReason,
  danger,
  open,
  close,
  ...rest
}: Omit<Asked<Values, Output>, 'primary' | 'label' | 'disabled' | 'start' | 'closed'> & {
  readonly open: boolean;
  readonly close: () => void;
}) => {
  const [form] = Form.useForm<Values & { reason: string }>();
  const work = useAct<Values & { reason: string }, Output>({
    ...rest,
    act,
    after: (output, input) => {
      close();
      rest.after?.(output, input);
    },
  });
  useAtField(form, work.error);
  return (
    <Modal
      title={text}
      open={open}
      width={width}
      destroyOnHidden
      forceRender={open}
      okText={ok}
      cancelText={cancel}
      okButtonProps={{ danger: danger === true }}
      confirmLoading={work.isPending}
      onOk={form.submit}
      onCancel={close}
    >
      {about}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        autoComplete="off"
        initialValues={(first ?? {}) as Record<string, unknown>}
        onFinish={work.mutate}
      >
        {fields}
        {withoutReason === true ? null : (
          <Form.Item name="reason" label={reasonLabel} rules={[{ required: true, min: 2, message: '请写明理由，2 到 300 个字' }]}>
            <Input.TextArea rows={3} maxLength={300} />
          </Form.Item>
        )}
      </Form>
      {work.error === null ? null : <Trouble error={work.error} />}
    </Modal>
  );
};

export const ReasonFormButton = <Values extends object, Output = unknown>({
  primary,
  label,
  disabled,
  start,
  closed,
  ...asked
}: Asked<Values, Output>) => {
  const [open, setOpen] = useState(start === true);
  // A new one each time it is opened, so that it starts from what stands then.
  const [times, setTimes] = useState(0);
  return (
    <>
      <Button
        type={primary === true ? 'primary' : 'default'}
        danger={asked.danger === true}
        disabled={disabled === true}
        {...(label === undefined ? {} : { 'aria-label': label })}
        onClick={() => {
          setTimes(times + 1);
          setOpen(true);
        }}
      >
        {asked.text}
      </Button>
      <KeptWindow
        open={open}
        close={() => {
          setOpen(false);
          closed?.();
        }}
      >
        {(close) => <ReasonFormWindow<Values, Output> key={times} {...asked} open={open} close={close} />}
      </KeptWindow>
    </>
  );
};
