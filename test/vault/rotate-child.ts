// Rotates and dies where it is told: `node rotate-child.ts <owner url> <keys> <place> <nth>`.
import { openAsOwner } from '../../src/db/handle.ts';
import { rotateKeys } from '../../src/rotate.ts';
import { holdVault } from '../../src/vault/hold.ts';
import { parseKeys } from '../../src/vault/keys.ts';
import { makeVault } from '../../src/vault/vault.ts';
import { killAt } from '../failpoint.ts';

const [ownerUrl = '', keys = '', place = '', nth = '1'] = process.argv.slice(2);
const owner = openAsOwner(ownerUrl);
holdVault(owner.db, makeVault(parseKeys(keys, 'test')));
await rotateKeys(owner.db, { now: () => new Date('2026-03-01T01:00:00Z'), actor: 'child', failpoint: killAt(place, Number(nth)) });
await owner.close();
