// What surrounds the conditions and the award: the item's name, basis and time; the steps on the way to the money, whom it goes to, what is asked and promised.
import { counting } from './count-shapes.ts';
import { identity, remarks } from './identity-shapes.ts';
import type { Keep } from './keep.ts';
import { FieldRows } from './shape-form.tsx';
import { way } from './way-shapes.ts';

interface Given {
  readonly keep: Keep;
}

export const Basics = ({ keep }: Given) => (
  <div className="basics">
    <div className="form-row">
      <span className="form-label">编号</span>
      <span className="figure">{String(keep.item.id ?? '')}</span>
    </div>
    <FieldRows fields={identity} at="" keep={keep} />
    <FieldRows fields={remarks} at="" keep={keep} />
  </div>
);

/** How it is counted beyond the award itself. */
export const Counting = ({ keep }: Given) => (
  <div className="basics counting">
    <h3>怎么计、发多少为止</h3>
    <FieldRows fields={counting} at="" keep={keep} />
  </div>
);

export const Way = ({ keep }: Given) => (
  <div className="basics">
    <FieldRows fields={way} at="" keep={keep} />
  </div>
);

const keysOf = (fields: readonly { readonly key: string }[]): readonly string[] => fields.map(({ key }) => `/${key}`);

/** Which parts of the item each tab shows. */
export const parts = {
  conditions: ['/conditions', '/facts'],
  award: ['/award', ...keysOf(counting)],
  basics: ['/id', ...keysOf(identity), ...keysOf(remarks)],
  way: keysOf(way),
  test: ['/examples'],
} as const;
