// 人工核定 from one person's page: a value seen in a document, with the scan, entered by one reviewer and counting only once another has confirmed it.
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Select } from 'antd';
import { useRef, useState } from 'react';
import { useAct } from '../act.tsx';
import { api, read, sendFile } from '../client.ts';
import { KeptWindow } from '../kept-window.tsx';
import { useStaff } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import type { Person } from './person.tsx';
import type { Purpose } from './purpose.tsx';

interface Filled {
  readonly fact: string;
  readonly value: string;
  readonly from?: string;
  readonly to?: string;
  readonly documentTitle: string;
  readonly reason: string;
  readonly expiresOn: string;
}

export interface Wanted {
  readonly fact: string;
  readonly label: string;
}

const askFacts = (id: string, query: Purpose) => read(api.subjects[':id'].facts.$get({ param: { id }, query }));

/** A list or a series is typed as JSON, as on the command line; 无 says that there is none. */
const typed = (text: string): unknown => {
  const plain = text.trim();
  if (plain === '无') return null;
  if (!/^[[{]/.test(plain)) return plain;
  try {
    return JSON.parse(plain);
  } catch {
    return plain;
  }
};

/** Half a year on: long enough for the department to put it right, short enough that somebody looks again. */
const halfYear = (today: string): string => {
  const at = new Date(`${today}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + 180);
  return at.toISOString().slice(0, 10);
};

const enter = async (person: Person, scan: File, given: Filled) => {
  const { sha256 } = await sendFile<{ sha256: string }>('/api/attested-documents', scan);
  const { register, subjectId } = person.subject;
  const { fact, value, from, to, documentTitle, reason, expiresOn } = given;
  const dates = { ...(from ? { from } : {}), ...(to ? { to } : {}) };
  const json = { register, subjectId, fact, value: typed(value), document: sha256, documentTitle, reason, expiresOn, ...dates };
  return await read(api.attestations.$post({ json: json as Parameters<typeof api.attestations.$post>[0]['json'] }));
};

interface Asked {
  readonly text: string;
  readonly person: Person;
  readonly purpose: Purpose;
  /** What is missing comes first in the choice. */
  readonly wanted: readonly Wanted[];
  readonly about?: string;
}

interface Opened {
  readonly open: boolean;
  readonly close: () => void;
  readonly entered: () => void;
}

const AttestWindow = ({ text, person, purpose, wanted, about, open, close, entered }: Asked & Opened) => {
  const [scan, setScan] = useState<File | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const { today } = useStaff();
  const [form] = Form.useForm<Filled>();
  const id = person.subject.subjectId;
  const { data } = useQuery({ queryKey: ['person-facts', id, purpose], queryFn: () => askFacts(id, purpose), enabled: open });
  const work = useAct({
    act: (given: Filled) => enter(person, scan as File, given),
    said: () => '已录入，等另一人复核后生效。',
    after: entered,
  });
  const named = new Set(wanted.map((one) => one.fact));
  const known = data?.facts.filter((one) => !named.has(one.fact)).map((one) => ({ value: one.fact, label: one.label })) ?? [];
  const options = [
    ...(wanted.length === 0 ? [] : [{ label: '缺的', options: wanted.map((one) => ({ value: one.fact, label: one.label })) }]),
    { label: '其他指标', options: known },
  ];
  return (
    <Modal
      title={text}
      open={open}
      okText="录入，交另一人复核"
      cancelText="先不办"
      confirmLoading={work.isPending}
      okButtonProps={{ disabled: scan === null }}
      onOk={form.submit}
      onCancel={close}
    >
      <p>{about ?? '凭看到的材料录入一个值。另一位审核人员看过材料确认后才算数；来源部门同时收到校核单。'}</p>
      <Form<Filled>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={work.mutate}
        initialValues={{ expiresOn: halfYear(today), ...(wanted[0] === undefined ? {} : { fact: wanted[0].fact }) }}
      >
        <Form.Item name="fact" label="哪项指标" rules={[{ required: true, message: '请选指标' }]}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={options} />
        </Form.Item>
        <Form.Item
          name="value"
          label="材料上的值"
          extra="日期写作 2026-04-15；是非写 是、否；没有写 无。"
          rules={[{ required: true, message: '请填值' }]}
        >
          <Input maxLength={4096} autoComplete="off" />
        </Form.Item>
        <div className="filters">
          <Form.Item name="from" label="从哪天起（有起止的才填）">
            <Input type="date" style={{ width: 190 }} />
          </Form.Item>
          <Form.Item name="to" label="到哪天止">
            <Input type="date" style={{ width: 190 }} />
          </Form.Item>
        </div>
        <Form.Item label="扫描件（PDF 或图片）" htmlFor="attest-scan">
          <input
            id="attest-scan"
            ref={input}
            type="file"
            accept="application/pdf,image/jpeg,image/png"
            onChange={(event) => setScan(event.target.files?.[0] ?? null)}
          />
        </Form.Item>
        <Form.Item name="documentTitle" label="所见材料" rules={[{ required: true, min: 2, message: '请写材料名称' }]}>
          <Input maxLength={600} placeholder="例如：退役军人优待证原件" />
        </Form.Item>
        <Form.Item name="reason" label="为什么要核定" rules={[{ required: true, min: 2, message: '请写明理由' }]}>
          <Input.TextArea rows={2} maxLength={600} />
        </Form.Item>
        <Form.Item name="expiresOn" label="有效到" rules={[{ required: true, message: '请填日期' }]}>
          <Input type="date" style={{ width: 190 }} />
        </Form.Item>
      </Form>
      {work.error === null ? null : <Trouble error={work.error} />}
    </Modal>
  );
};

export const AttestButton = (asked: Asked) => {
  const [open, setOpen] = useState(false);
  // A new one after each that was entered; one that was only put aside keeps what was typed.
  const [times, setTimes] = useState(0);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{asked.text}</Button>
      <KeptWindow open={open} close={() => setOpen(false)}>
        {(close) => (
          <AttestWindow
            key={times}
            {...asked}
            open={open}
            close={close}
            entered={() => {
              setTimes(times + 1);
              close();
            }}
          />
        )}
      </KeptWindow>
    </>
  );
};
