// Texts and JSON at rest: sealed in base64, as a text or jsonb column carries them. Padded with blanks, else the length alone would tell a day of death from none.
import type { Place, Vault } from './vault.ts';

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();

const padding = 64;

/** Filled with blanks up to a multiple of 64 bytes; JSON and addresses lose nothing by it. */
export const padded = (text: string): Uint8Array => {
  const plain = utf8.encode(text);
  const out = new Uint8Array(Math.ceil(plain.length / padding) * padding).fill(0x20);
  out.set(plain);
  return out;
};

export const sealText = (vault: Vault, text: string, place: Place): string =>
  Buffer.from(vault.seal(padded(text), place)).toString('base64');

/** Without the blanks it was filled with. Throws as `Vault.open`. */
export const openText = (vault: Vault, sealed: string, place: Place): string =>
  fromUtf8.decode(vault.open(Buffer.from(sealed, 'base64'), place)).replace(/ +$/, '');

/** A value as a jsonb column holds it sealed. */
export interface SealedJson {
  readonly $: string;
}

export const sealJson = (vault: Vault, value: unknown, place: Place): SealedJson => ({ $: sealText(vault, JSON.stringify(value), place) });

export const openJson = <T>(vault: Vault, sealed: SealedJson, place: Place): T => JSON.parse(openText(vault, sealed.$, place)) as T;
