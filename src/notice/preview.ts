// A text as a real recipient would read it, before it is published: from a record of theirs, with the name masked for the officer and a code that is none.
import { maskName } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import type { Tx } from '../db/handle.ts';
import { aroundOf } from './around.ts';
import { previewRow } from './preview-store.ts';
import { type TellOptions, toldOf } from './tell.ts';
import { itemsOf } from './tell-store.ts';
import { render, type Text } from './template.ts';
import type { TemplateName, Wording } from './template-table.ts';

export interface Preview extends Text {
  readonly subjectId: string;
  readonly disbursementId: string;
}

/** `wording` absent: the text in force. `missing.record` where no record of the item is within the scope (of this person, where one is named). */
export const previewNotice = async (
  tx: Tx,
  ask: {
    readonly template: TemplateName;
    readonly itemId: string;
    readonly subjectId: string | null;
    readonly scope: Scope;
    readonly wording?: Wording;
  },
  options: Pick<TellOptions, 'today' | 'read' | 'label' | 'place'>,
): Promise<Preview> => {
  const found = await previewRow(tx, ask);
  if (found === null) return fail('missing.record', '', '这个事项还没有可以预览的兑付记录。', '等下一次匹配以后再看，或换一个事项。');
  const row = { ...found, template: ask.template };
  const item = (await itemsOf(tx, [row])).get(`${row.itemId}@${row.version}`);
  if (item === undefined) return fail('missing.item', ask.itemId, '没有这个事项的文本。', '请核对事项编号。');
  const [person] = await options.read(tx, row.register, { ids: [row.subjectId] }, ['deathDate']);
  const around = await aroundOf(tx, [item.authority], person === undefined ? [] : [person]);
  const to = around.reader(person ?? null, row.division, options.place);
  const told = toldOf([row], row, item, { person: person ?? null, heir: undefined }, options);
  const name = told.name === null ? null : item.audience === 'enterprise' ? told.name : maskName(told.name);
  const masked = to.instead?.kind === 'relative' ? { ...to.instead, name: maskName(to.instead.name) } : to.instead;
  const frame = { office: around.office(item.authority), code: 'XXXX-XXXX-XXXX', issuedOn: options.today };
  const content = ask.wording ?? around.wording(item, ask.template).content;
  const text = render(ask.template, { ...told, name, ...(masked === undefined ? {} : { instead: masked }) }, frame, content);
  return { ...text, subjectId: row.subjectId, disbursementId: row.disbursementId ?? '' };
};
