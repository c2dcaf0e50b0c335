// Two ids of one person: heuristics over the envelopes, each with how sure it is. The database groups, so that millions of names stay there. Pure parts;
// nothing here joins records, a person does that at the source.
import { citizenIdCheck } from '../base/codes.ts';

export interface Envelope {
  readonly subjectId: string;
  readonly key: string;
  readonly name: string | null;
  readonly division: string | null;
}

export interface Twins {
  readonly kind: 'fifteen-digits' | 'same-name-birth' | 'near-number' | 'same-organisation' | 'same-firm-name';
  readonly sure: 'certain' | 'likely' | 'possible';
  readonly register: string;
  readonly subjectIds: readonly string[];
  readonly division: string | null;
}

/** The 18-digit number of an old one of 15 digits; those were given to people born in the last century only. */
export const eighteenOf = (key: string): string | null => {
  if (!/^\d{15}$/.test(key)) return null;
  const digits = `${key.slice(0, 6)}19${key.slice(6)}`;
  return `${digits}${citizenIdCheck(digits)}`;
};

/** Places in which two numbers of the same length differ. */
const apart = (a: string, b: string): number => (a.length === b.length ? [...a].filter((c, i) => c !== b[i]).length : 99);

/** People of one name and one day of birth. The same place of first registration, or numbers alike but for a digit or two and the check, make it likely. */
export const citizenTwins = (group: readonly Envelope[]): readonly Twins[] => {
  const out: Twins[] = [];
  for (const [i, a] of group.entries()) {
    for (const b of group.slice(i + 1)) {
      const subjectIds = [a.subjectId, b.subjectId];
      const common = { register: 'citizen', subjectIds, division: a.division === b.division ? a.division : null };
      if (eighteenOf(a.key) === b.key || eighteenOf(b.key) === a.key) out.push({ kind: 'fifteen-digits', sure: 'certain', ...common });
      else if (apart(a.key, b.key) <= 3) out.push({ kind: 'near-number', sure: 'likely', ...common });
      else
        out.push({
          kind: 'same-name-birth',
          sure: a.key.slice(0, 6) === b.key.slice(0, 6) || a.division === b.division ? 'likely' : 'possible',
          ...common,
        });
    }
  }
  return out;
};

/** Firms of one name, or of one organisation code under two credit codes. */
export const firmTwins = (group: readonly Envelope[]): readonly Twins[] => {
  const out: Twins[] = [];
  for (const [i, a] of group.entries()) {
    for (const b of group.slice(i + 1)) {
      const same = a.key.slice(8, 17) === b.key.slice(8, 17);
      out.push({
        kind: same ? 'same-organisation' : 'same-firm-name',
        sure: same ? 'certain' : a.division === b.division ? 'likely' : 'possible',
        register: 'enterprise',
        subjectIds: [a.subjectId, b.subjectId],
        division: a.division === b.division ? a.division : null,
      });
    }
  }
  return out;
};

export const twinNames: Readonly<Record<Twins['kind'], string>> = {
  'fifteen-digits': '同一人的 15 位和 18 位身份号码各有一份档案',
  'same-name-birth': '姓名、出生日期相同，身份号码不同',
  'near-number': '姓名、出生日期相同，身份号码只差几位',
  'same-organisation': '同一组织机构代码有两个统一社会信用代码',
  'same-firm-name': '名称相同，统一社会信用代码不同',
};
export const sureNames: Readonly<Record<Twins['sure'], string>> = { certain: '确定', likely: '很可能', possible: '可能' };
