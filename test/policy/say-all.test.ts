// Every shipped item as it reads aloud, held against a text somebody has read; and no code word of ours in any of them.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.ts';
import { readCatalogue } from '../../src/catalogue/read.ts';
import type { CompiledItem } from '../../src/policy/compile.ts';
import { runExample } from '../../src/policy/example.ts';
import { readRuleFile, ruleFilesBelow } from '../../src/policy/files.ts';
import { itemText } from '../../src/policy/say.ts';
import { speakerOf } from '../../src/policy/speaker.ts';
import { explainTrace, sayMissing, toldLines } from '../../src/rule/explain.ts';
import { wrongStep } from './steps.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const golden = join(root, 'test/data/say');
/** `UPDATE_SAY=1` writes the texts anew; whoever does so reads what changed. */
const update = process.env.UPDATE_SAY === '1';

let catalogue: Catalogue;
const items: CompiledItem[] = [];

beforeAll(async () => {
  const read = await readCatalogue(join(root, 'rules/catalogue'));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  catalogue = read.catalogue;
  for (const path of await ruleFilesBelow(join(root, 'rules'))) {
    const { result } = await readRuleFile(path, catalogue);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    items.push(result.compiled);
  }
});

/** What stands between CJK and digits and is no word: 5A, 2m, I, GB 32100. */
const harmless = /\d[A-Za-z]\b|\d[A-Za-z](?=[\u4e00-\u9fff])|“[A-Z]”|[A-Z]{1,3}(?=[/-]?\d)/g;
/** What people wrote themselves, in quotation marks of ours and in the titles and numbers of documents. */
const own = /〔[^〕]*〕/g;
const leaks = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => /[A-Za-z_]{2,}|[A-Za-z]+\d|\{|\}|undefined|null|NaN/.test(line.replace(own, '').replace(harmless, '')))
    .filter((line) => !line.startsWith('  依据：'));

describe('reading aloud', () => {
  it('says every shipped item as it was read and approved', () => {
    expect(items.length).toBeGreaterThanOrEqual(56);
    const titles = new Map(items.map(({ item }) => [item.id, item.title]));
    for (const compiled of items) {
      const text = `${itemText(compiled, catalogue, titles)}\n`;
      const path = join(golden, `${compiled.item.id}.txt`);
      if (update) writeFileSync(path, text);
      expect(text, compiled.item.id).toBe(readFileSync(path, 'utf8'));
    }
    expect(readdirSync(golden).sort()).toEqual(items.map(({ item }) => `${item.id}.txt`).sort());
  });

  it('lets no code word through, in rules, decisions or what is missing', () => {
    expect(leaks('标准\n  inc 3 元')).toHaveLength(1);
    for (const compiled of items) {
      const speaker = speakerOf(compiled, catalogue);
      expect(leaks(itemText(compiled, catalogue)), compiled.item.id).toEqual([]);
      for (const example of compiled.item.examples) {
        const { decision } = runExample(compiled, catalogue, example);
        if (decision === null) continue;
        const who = compiled.register === 'citizen' ? '您' : '贵单位';
        const told = toldLines(explainTrace(decision.trace, compiled.match, speaker), who);
        const steps = decision.lines.flatMap((l) => (l.award?.state === 'known' ? l.award.steps.map((s) => s.text) : []));
        const missing = decision.missing.map((m) => sayMissing(m, speaker));
        expect(leaks([...told, ...steps, ...missing].join('\n')), `${compiled.item.id} ${example.name}`).toEqual([]);
      }
    }
  });
});

describe('the steps of an award', () => {
  it('follow one from the other and end in the very amount, in every example of every item', () => {
    let checked = 0;
    for (const compiled of items) {
      for (const example of compiled.item.examples) {
        for (const line of runExample(compiled, catalogue, example).decision?.lines ?? []) {
          if (line.award?.state !== 'known') continue;
          expect([compiled.item.id, example.name, wrongStep(line.award.steps, line.award.amountFen)]).toEqual([
            compiled.item.id,
            example.name,
            null,
          ]);
          checked++;
        }
      }
    }
    expect(checked).toBeGreaterThan(200);
    expect(wrongStep([{ kind: 'base', text: '定额 60.00 元', yuan: '60' }], 6001n)).toContain('不等');
    expect(wrongStep([{ kind: 'base', text: '月数 3 × 20.00 元 = 61.00 元', yuan: '61' }], 6100n)).toContain('两数相乘不等');
  });
});
