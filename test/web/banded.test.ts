// What may come as a band or a yes-no only is shown to nobody as a figure, nor is what an item computes from it; the comparison's outcome stays.
import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { shippedCatalogue, shippedRules } from '../../src/command/place.ts';
import { compileItem } from '../../src/policy/compile.ts';
import { readRuleFile } from '../../src/policy/files.ts';
import { voiceOf } from '../../src/web/why.ts';

const voice = async (path: string) => {
  const read = await readCatalogue(shippedCatalogue);
  if (!read.ok) throw new Error('catalogue');
  const { result } = await readRuleFile(`${shippedRules}/${path}.json`, read.catalogue);
  if (!result.ok) throw new Error(path);
  return voiceOf(compileItem(result.item, read.catalogue), read.catalogue);
};

describe('a banded fact', () => {
  const hidden = '依法只看区间，不显示数值';

  it('shows no figure, of its own or computed from it, however deep', async () => {
    const said = await voice('370300/zibo-q1-2022');
    expect(said.value('output', { '2021': '734512345.67' })).toBe(hidden);
    expect(said.value('lastOutput', '734512345.67')).toBe(hidden);
    expect(said.value('quarterGrowth', '0.4137')).toBe(hidden);
    expect(said.value('requiredGrowth', '0.3')).toBe(hidden);
  });

  it('still says yes and no, a year, and everything that is not banded', async () => {
    const said = await voice('460000/hainan-shangguimo-2025');
    expect(said.value('output', { '2024': '5100000000' })).toBe(hidden);
    expect(said.value('first50', '2024')).toContain('2024');
    expect(said.value('commissionedDate', '2019-05-01')).toContain('2019');
    expect(said.value('first50', null)).not.toBe(hidden);
  });
});
