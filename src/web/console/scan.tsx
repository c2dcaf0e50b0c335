// The scan of a document that was seen: picked in a form as its field `scan`, kept on the server before the act that rests on it.
import { Form } from 'antd';
import { sendFile } from './client.ts';

interface Picker {
  readonly id?: string;
  readonly onChange?: (file: File | undefined) => void;
}
const Pick = ({ id, onChange }: Picker) => (
  <input
    id={id}
    type="file"
    accept="application/pdf,image/jpeg,image/png"
    onChange={(event) => onChange?.(event.target.files?.[0] ?? undefined)}
  />
);

export interface Scanned {
  readonly scan: File;
}

export const ScanField = ({ label }: { readonly label: string }) => (
  <Form.Item name="scan" label={`${label}（PDF 或图片）`} rules={[{ required: true, message: '请选扫描件' }]}>
    <Pick />
  </Form.Item>
);

/** Its sha256, by which acts name it. */
export const keepScan = async (scan: File): Promise<string> => (await sendFile<{ sha256: string }>('/api/case-documents', scan)).sha256;
