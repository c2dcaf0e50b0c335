// A stop that no machine proposed: what a reviewer has learned of somebody, ordered from a seen document. It stands at once or waits for a second person, as
// the item says.
import { Form, Input, Select } from 'antd';
import { api, read } from '../client.ts';
import { ReasonFormButton } from '../reason-form.tsx';
import { optionsOf, stopKinds } from '../review/stop-words.ts';
import { keepScan, ScanField, type Scanned } from '../scan.tsx';
import type { Person } from './person.tsx';

interface Values extends Scanned {
  readonly itemId: string;
  readonly kind: keyof typeof stopKinds;
  readonly lastOn: string;
}

interface Asked {
  readonly person: Person;
  readonly itemId?: string;
  /** Opened by the address. */
  readonly start?: boolean;
  readonly closed?: () => void;
}

export const StopButton = ({ person, itemId, start, closed }: Asked) => (
  <ReasonFormButton<Values>
    text="停发"
    danger
    {...(start === undefined ? {} : { start })}
    {...(closed === undefined ? {} : { closed })}
    about={<p>最后一天所在的一期照常发，以后的不再发，已经多发的列入追回。停发连同理由会告知本人；恢复时补发。</p>}
    first={itemId === undefined ? {} : { itemId }}
    fields={
      <>
        <Form.Item name="itemId" label="停哪个事项" rules={[{ required: true, message: '请选事项' }]}>
          <Select options={person.items.map((one) => ({ value: one.itemId, label: one.title }))} />
        </Form.Item>
        <Form.Item name="kind" label="原因" rules={[{ required: true, message: '请选原因' }]}>
          <Select options={optionsOf(stopKinds)} />
        </Form.Item>
        <Form.Item name="lastOn" label="最后一天（去世、迁出的那一天）" rules={[{ required: true, message: '请填日期' }]}>
          <Input type="date" style={{ width: 190 }} />
        </Form.Item>
        <ScanField label="凭据扫描件" />
      </>
    }
    reasonLabel="理由（告知本人，留痕）"
    act={async ({ scan, ...said }) =>
      await read(
        api.stops.$post({ json: { act: 'order', subjectId: person.subject.subjectId, ...said, document: await keepScan(scan) } as never }),
      )
    }
    said={() => '已写下停发决定；事项要求两人的，等第二人确认。'}
  />
);
