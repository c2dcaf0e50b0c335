// Segment bytes: a JSON head and the typed arrays it names, each at a multiple of eight, so that reading back is views and no copying.
// Equal content gives equal bytes (keys keep the order the code writes them in): the content hash of a segment stands on that.

export type Packed = Uint8Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array;
export type Packable = null | boolean | number | string | Packed | readonly Packable[] | { readonly [key: string]: Packable | undefined };

const kinds = { u8: Uint8Array, u16: Uint16Array, i32: Int32Array, u32: Uint32Array, i64: BigInt64Array } as const;
type Kind = keyof typeof kinds;

/** `ZXS1`: a reader of another format must refuse, not guess. */
const magic = 0x3153585a;
const headOffset = 8;

const kindOf = (array: Packed): Kind => {
  for (const kind of Object.keys(kinds) as Kind[]) if (array instanceof kinds[kind]) return kind;
  throw new TypeError('not a packed array');
};

const aligned = (offset: number): number => (offset + 7) & ~7;

/** Little-endian throughout; every platform Node runs on is. */
export const pack = (content: Packable): Uint8Array => {
  const arrays: Packed[] = [];
  const head = JSON.stringify(content, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    arrays.push(value as Packed);
    return { $: kindOf(value as Packed), n: (value as Packed).length };
  });
  const text = new TextEncoder().encode(head);
  let size = aligned(headOffset + text.length);
  for (const array of arrays) size = aligned(size + array.byteLength);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, text.length, true);
  bytes.set(text, headOffset);
  let offset = aligned(headOffset + text.length);
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset = aligned(offset + array.byteLength);
  }
  return bytes;
};

/** The arrays are views into `bytes`, which is copied once when it does not start at a multiple of eight. Throws on foreign bytes. */
export const unpack = <T>(bytes: Uint8Array): T => {
  const base = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  const view = new DataView(base.buffer, base.byteOffset, base.byteLength);
  if (base.byteLength < headOffset || view.getUint32(0, true) !== magic) throw new Error('not a snapshot segment');
  const length = view.getUint32(4, true);
  const head = JSON.parse(new TextDecoder().decode(base.subarray(headOffset, headOffset + length))) as unknown;
  let offset = aligned(headOffset + length);
  const restore = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.length > 0 && typeof node[0] === 'object' ? node.map(restore) : node;
    if (node === null || typeof node !== 'object') return node;
    const { $: kind, n } = node as { $?: Kind; n?: number };
    if (kind !== undefined && n !== undefined) {
      const array = new kinds[kind](base.buffer as ArrayBuffer, base.byteOffset + offset, n);
      offset = aligned(offset + array.byteLength);
      return array;
    }
    const record = node as Record<string, unknown>;
    for (const key of Object.keys(record)) record[key] = restore(record[key]);
    return record;
  };
  return restore(head) as T;
};
