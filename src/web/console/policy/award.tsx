// How much: the form first (a fixed amount, per unit, a rate, tiers, parts together, progressive brackets), a formula for the rest; then what is done to the
// result, each part added where the document says so.
import { Alert, Input, Select } from 'antd';
import { type AwardForm, awardForms, formOf, forms, modifierFields, placeOf } from './award-shapes.ts';
import { below, get, isJson, type Json, put, set } from './document.ts';
import { Findings } from './findings.tsx';
import type { Keep } from './keep.ts';
import { FieldRows, ShapeEditor } from './shape-form.tsx';

interface Given {
  readonly at: string;
  readonly keep: Keep;
}

export const AwardEditor = ({ at, keep }: Given) => {
  const award = get(keep.item, at);
  const form = formOf(award);
  const place = placeOf(at);
  const become = (next: AwardForm) =>
    keep.change((item) => {
      const rest = Object.fromEntries(
        Object.entries(isJson(award) ? award : {}).filter(([key]) => !(forms as readonly string[]).includes(key)),
      );
      return put(item, at, { [next]: awardForms[next].fresh, ...rest } as Json);
    });
  return (
    <div className={place === 'whole' ? 'award' : 'award inner'}>
      <div className="leaf">
        <Select<AwardForm>
          aria-label="怎么给"
          style={{ width: 140 }}
          value={form}
          placeholder="怎么给"
          onChange={become}
          options={forms.map((one) => ({ value: one, label: awardForms[one].text }))}
        />
        <Input
          aria-label="标准的原话"
          variant="borderless"
          className="group-text"
          placeholder="文件原话（可不写）"
          value={isJson(award) && typeof award.text === 'string' ? award.text : ''}
          onChange={(event) => keep.change((item) => set(item, below(at, 'text'), event.target.value), `${at}/text`)}
        />
      </div>
      {form === null ? (
        <Alert type="info" title="先选怎么给。" />
      ) : (
        <ShapeEditor shape={awardForms[form].shape} at={below(at, form)} keep={keep} label={awardForms[form].text} />
      )}
      <div className="modifiers">
        <FieldRows fields={modifierFields(place).filter((one) => one.key !== 'text')} at={at} keep={keep} />
      </div>
      {form === 'tiers' ? null : <Findings at={at} />}
    </div>
  );
};
