// Publishing: only what is missing, once, whoever else publishes at the same time.
import { expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.ts';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { parseCatalogue } from '../../src/catalogue/read.ts';
import { catalogueByHash, newestCatalogue } from '../../src/catalogue/store.ts';
import { testDatabase } from '../database.ts';
import { city } from './city.ts';

const database = testDatabase();
const at = new Date('2026-01-05T01:00:00Z');

const publish = (catalogue: Catalogue, checker = 'b') => publishCatalogue(database.db, { catalogue, maker: 'a', checker, at });

const cityWith = (wage: string): Catalogue => {
  const content = city();
  content.parameters[0].values[0].value = wage;
  const r = parseCatalogue(content);
  if (!r.ok) throw new Error('city');
  return r.catalogue;
};

it('publishes a content once, a new content as the next number, and reads back the same', async () => {
  const { db } = database;
  expect(await newestCatalogue(db)).toBe(null);
  expect(await publish(cityWith('1'))).toEqual({ number: 1, published: true });
  expect(await publish(cityWith('1'))).toEqual({ number: 1, published: false });
  expect(await publish(cityWith('2'))).toEqual({ number: 2, published: true });
  expect((await newestCatalogue(db))?.catalogue).toEqual(cityWith('2'));
  expect((await catalogueByHash(db, cityWith('1').hash))?.number).toBe(1);
});

it('lets several first starts race without a double or a gap', async () => {
  const results = await Promise.all(['3', '4', '3', '4', '3'].map((wage) => publish(cityWith(wage))));
  expect(results.filter((r) => r.published).length).toBe(2);
  expect(new Set(results.map((r) => r.number))).toEqual(new Set([3, 4]));
});

it('takes two people, and leaves its trace', async () => {
  await expect(publish(cityWith('5'), 'a')).rejects.toMatchObject({ problems: [{ code: 'state.same-person' }] });
  expect((await publish(cityWith('6'))).published).toBe(true);
  const rows =
    await database.sql`select object_id, actor, detail from audit_entry where action = 'catalogue.publish' order by id desc limit 1`;
  expect(rows[0]).toMatchObject({ actor: 'b', detail: { after: { hash: cityWith('6').hash, maker: 'a', checker: 'b' } } });
});
