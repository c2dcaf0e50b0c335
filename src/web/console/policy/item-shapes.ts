// An item whole, as forms: what stands in it that no form shows. Pure.
import { awardShape } from './award-shapes.ts';
import { counting, factShape } from './count-shapes.ts';
import { isJson, type Json } from './document.ts';
import { record, text } from './field-shapes.ts';
import { identity, remarks } from './identity-shapes.ts';
import { type Shape, unshown } from './shape.ts';
import { way } from './way-shapes.ts';

const itemShape: Shape = record(
  text('id', '编号'),
  ...identity,
  { key: 'conditions', label: '条件', shape: { kind: 'conditions' } },
  { key: 'award', label: '标准', shape: { kind: 'award' } },
  ...counting,
  ...way,
  ...remarks,
);

/** Pointers of everything the editor keeps but has no form for. Examples have a page of their own, which shows what it cannot edit. */
export const unshownParts = (item: Json): readonly string[] => {
  const { facts, examples: _, ...rest } = item;
  const own = isJson(facts) ? Object.entries(facts).flatMap(([name, one]) => unshown(factShape, one, `/facts/${name}`, awardShape)) : [];
  return [...own, ...unshown(itemShape, rest, '', awardShape)];
};
