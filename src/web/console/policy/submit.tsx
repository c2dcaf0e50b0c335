// 送审: what stands in the way is named first; then the draft goes to a second person as it is on the screen, with the policy document where there is one.
import { useNavigate } from '@tanstack/react-router';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.tsx';
import { api, fitFile, read } from '../client.ts';
import { Trouble } from '../trouble.tsx';
import { countText } from '../words.ts';
import type { Looked } from './ask.ts';
import { FindingLines, findingsOf } from './findings.tsx';
import type { Keep } from './keep.ts';
import type { Saving } from './saving.ts';

const base64 = async (file: File): Promise<string> => {
  fitFile(file);
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
};

interface Given {
  readonly saving: Saving;
  readonly keep: Keep;
  readonly looked: Looked | undefined;
  readonly id: string;
}

export const SubmitButton = ({ saving, keep, looked, id }: Given) => {
  const [open, setOpen] = useState(false);
  const [file, setFile] = useState<File | null>(null);
  const navigate = useNavigate();
  const submit = useAct({
    act: async (_: null) => {
      const document = file === null ? {} : { document: { name: file.name, base64: await base64(file) } };
      return await read(api.reviews.$post({ json: { item: keep.item, draft: id, ...document } }));
    },
    said: () => '已送审，等另一位政策管理员复核',
    after: ({ id: sent }) => void navigate({ to: '/policy/reviews/$id' as '/', params: { id: sent } as never }),
  });
  const found = findingsOf(looked);
  const errors = found.filter((one) => one.severity !== 'warning');
  const failed = looked?.examples.filter((one) => !one.ok) ?? [];
  const untried = looked?.coverage?.open.length ?? 0;
  return (
    <>
      <Button type="primary" onClick={() => saving.save((done) => done && setOpen(true))}>
        送审
      </Button>
      <Modal
        title="送审"
        open={open}
        width={640}
        okText="送审"
        cancelText="再改改"
        okButtonProps={{ disabled: looked === undefined || errors.length > 0 || failed.length > 0 }}
        confirmLoading={submit.isPending}
        onOk={() => submit.mutate(null)}
        onCancel={() => setOpen(false)}
      >
        {errors.length === 0 && failed.length === 0 ? (
          <p>没有挡住发布的错误。送审后不能再改，另一位政策管理员看到的和您现在看到的一样：中文表述、差别、对人群的影响、例子。</p>
        ) : (
          <p>先改好这些，才能送审：</p>
        )}
        <FindingLines placed rows={errors} />
        {failed.length === 0 ? null : <p className="bad-text">例子与预期不同：{failed.map((one) => one.name).join('、')}</p>}
        <p className="hint">
          例子 {countText(looked?.examples.length ?? 0)} 个，
          {untried === 0 ? '每一条都试到了' : `还有 ${countText(untried)} 种情形没有例子试过`}；提醒{' '}
          {countText(found.length - errors.length)} 条。
        </p>
        <label>
          政策文件（PDF 或扫描件，可不附）
          <input type="file" accept=".pdf,.png,.jpg,.jpeg,.tif,.tiff" onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
        </label>
        {submit.error === null ? null : <Trouble error={submit.error} />}
      </Modal>
    </>
  );
};
