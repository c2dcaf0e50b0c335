// The call sheet: per village who is to be told by mouth or on paper, what to say, and the code by which it is ticked off. For a spreadsheet.
import type { Tx } from '../db/handle.ts';
import type { Letter } from '../notice/letters-store.ts';
import { codeIn } from '../notice/template.ts';
import { contactText, type SubjectReader } from '../record/contact-store.ts';
import type { Sheet } from '../sheet/xlsx-write.ts';
import { shown } from './words.ts';

const header = ['村（社区）', '姓名', '电话', '说什么', '查验码', '结果（已送到/没有送到）', '说明', '经办人', '日期'];

/** Phones come from the registers as they stand today; a name is text, whatever it begins with. */
export const callSheet = async (
  tx: Tx,
  letters: readonly Letter[],
  read: SubjectReader,
  place: (code: string) => string,
): Promise<Sheet> => {
  const people = new Map<string, { readonly name: string; readonly phone: string }>();
  for (const [register, own] of Map.groupBy(letters, (letter) => letter.register)) {
    if (register === '') continue;
    for (const one of await read(tx, register, { ids: [...new Set(own.map((letter) => letter.subjectId))] }))
      people.set(one.subjectId, { name: one.name ?? '', phone: contactText(one, 'phone') ?? '' });
  }
  const rows = letters.map((letter) => {
    const person = people.get(letter.subjectId);
    return [
      shown(place(letter.village)),
      shown(person?.name ?? ''),
      shown(person?.phone ?? ''),
      shown(letter.short),
      codeIn(letter.body),
      ...['', '', '', ''],
    ];
  });
  return { name: '电话告知单', header, rows, widths: [18, 12, 14, 80, 18, 22, 20, 10, 12] };
};
