// The key ring of the tests: the same in every process they start.
const secret = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

export const testKeys = `index ${secret(1)};k1 aes-256-gcm ${secret(2)}`;
