// Notices that no machine can bring: printed for whoever goes there or listed for whoever calls, and ticked off by the code that stands on each.
import { Button, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.tsx';
import { api, read, takeFile } from '../client.ts';
import { Trouble } from '../trouble.tsx';

interface Filled {
  readonly code: string;
  readonly outcome: 'handed' | 'failed';
  readonly why?: string;
}

const Tick = () => {
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm<Filled>();
  const outcome = Form.useWatch('outcome', form);
  const work = useAct({
    act: ({ code, outcome: how, why }: Filled) =>
      read(api['notice-ticks'].$post({ json: { code, outcome: how, ...(why === undefined || why === '' ? {} : { why }) } })),
    said: () => '已销号。',
    // The next slip of the pile.
    after: () => form.resetFields(['code', 'why']),
  });
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        送达销号
      </Button>
      <Modal
        title="送达销号"
        open={open}
        okText="销号"
        cancelText="关闭"
        confirmLoading={work.isPending}
        onOk={form.submit}
        onCancel={() => setOpen(false)}
      >
        <Form<Filled>
          form={form}
          layout="vertical"
          requiredMark={false}
          autoComplete="off"
          initialValues={{ outcome: 'handed' }}
          onFinish={work.mutate}
        >
          <Form.Item name="code" label="送达单上的编码" rules={[{ required: true, message: '照送达单上的编码填' }]}>
            <Input maxLength={60} autoFocus />
          </Form.Item>
          <Form.Item name="outcome" label="结果">
            <Radio.Group
              options={[
                { value: 'handed', label: '已当面或电话告知' },
                { value: 'failed', label: '没有找到人' },
              ]}
            />
          </Form.Item>
          {outcome === 'failed' ? (
            <Form.Item name="why" label="怎么没有找到" rules={[{ required: true, min: 2, message: '请写明' }]}>
              <Input maxLength={200} />
            </Form.Item>
          ) : null}
        </Form>
        {work.error === null ? null : <Trouble error={work.error} />}
      </Modal>
    </>
  );
};

export const NoticeActs = () => {
  const calls = useAct({ act: (_: null) => takeFile('/api/notice-calls') });
  return (
    <>
      <Tick />
      <Button href="/api/notice-letters" target="_blank">
        打印待送达的
      </Button>
      <Button loading={calls.isPending} onClick={() => calls.mutate(null)}>
        电话告知单
      </Button>
      {calls.error === null ? null : <Trouble error={calls.error} />}
    </>
  );
};
