// Where records, refused rows, rows that wait for a name, and files on their way in hold sealed values (src/vault/column.ts).
import type { SealedColumn } from '../vault/column.ts';
import { partPlace, rowPlace } from './sealed.ts';
import { chunkPlace } from './upload.ts';

export const sealedRecords: readonly SealedColumn[] = [
  {
    table: 'record_part',
    column: 'cells',
    title: '敏感指标',
    path: ['$', '0', 'x'],
    needs: { subject_key: 'r.key' },
    join: 'join record r on r.register = t.register and r.subject_id = t.subject_id',
    where: `t.cells ? '$'`,
    stable: true,
    place: ({ register = '', dataset = '', subject_key = '' }) => partPlace(register, dataset, subject_key),
  },
  {
    table: 'delivery_problem',
    column: 'row',
    title: '退回的行',
    path: [],
    needs: { dataset: 'd.dataset' },
    join: 'join delivery d on d.id = t.delivery_id',
    where: `t.row <> '""'`,
    stable: true,
    place: ({ dataset = '', line = '' }) => rowPlace(dataset, Number(line)),
  },
  {
    table: 'named_row',
    column: 'row',
    title: '按名称报送、等待核对的行',
    needs: { dataset: 't.dataset' },
    stable: true,
    place: ({ dataset = '', line = '' }) => rowPlace(dataset, Number(line)),
  },
  {
    table: 'upload_chunk',
    column: 'bytes',
    title: '正在上传的文件',
    bytes: true,
    page: 4,
    place: ({ upload_id = '', position = '' }) => chunkPlace(upload_id, Number(position)),
  },
];
