// The hash a delivery is known by, made by the page a piece at a time, is the one everybody else makes.
import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { sha256Of } from '../../src/web/console/data/sha256.ts';

it('is the same as of the whole, whatever the length and however it is cut', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 1000, 70_001]) {
    const whole = randomBytes(length);
    for (const piece of [1, 7, 64, 100, 70_000]) {
      if (length / piece > 2000) continue;
      const hash = sha256Of();
      for (let at = 0; at < length; at += piece) hash.add(whole.subarray(at, at + piece));
      expect([length, piece, hash.end()]).toEqual([length, piece, createHash('sha256').update(whole).digest('hex')]);
    }
  }
});
