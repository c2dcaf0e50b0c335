// Who stands at which row of a block, read either way: as texts, and as bytes of which few are asked for.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { finishSubjects, openSubjects, pushSubject, type SealedSubject, subjectsBuilder } from '../../src/snapshot/subjects.ts';

const someName = fc.oneof(
  fc.constant(null),
  fc.constantFrom('林秀兰', '阿依古丽·买买提', '𠮷田', '', 'A'),
  fc.string({ unit: 'grapheme' }),
);
const someSubject: fc.Arbitrary<SealedSubject | undefined> = fc.option(
  fc.record({
    subjectId: fc.uuid(),
    key: fc.string({ minLength: 1, unit: 'grapheme' }),
    name: someName,
    division: fc.constantFrom(null, '445200', '510402'),
  }),
  { nil: undefined },
);

it('says the same of every row whichever way it is read', () => {
  fc.assert(
    fc.property(fc.array(someSubject, { maxLength: 40 }), (subjects) => {
      const builder = subjectsBuilder();
      for (const subject of subjects) pushSubject(builder, subject);
      const { bytes } = finishSubjects(builder);
      for (const few of [false, true]) {
        const open = openSubjects(bytes, few);
        expect(open.rows).toBe(subjects.length);
        // One row beyond the last is asked for as well.
        for (let row = 0; row <= subjects.length; row++) {
          const subject = subjects[row];
          expect(open.at(row)).toEqual(subject ?? null);
          expect([open.key(row), open.id(row), open.division(row)]).toEqual(
            subject === undefined ? [null, null, null] : [subject.key, subject.subjectId, subject.division],
          );
        }
      }
    }),
    { seed: 31, numRuns: 200 },
  );
});
