// A line to PostgreSQL that goes dead at a chosen answer of the server: what the driver sees when the network, or either side, is gone at that moment.
// A statement whose answer is swallowed has been executed; a COMMIT whose answer is swallowed has happened.
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** `commit`: only the server's word that a transaction is committed counts; `any`: that of every statement. */
export type Answer = 'commit' | 'any';

export interface FaultyLine {
  /** Owner's address through the line. */
  readonly url: string;
  /** Swallows the nth answer of this kind from now on, of whichever connection, and cuts that connection. */
  readonly cut: (answer: Answer, nth: number) => void;
  /** True when the chosen answer has come and was swallowed; none is waited for any more. */
  readonly wasCut: () => boolean;
  readonly close: () => Promise<void>;
}

/** CommandComplete: `C`, length, tag, zero byte. A text of the database cannot hold these bytes: it has no zero byte. */
const committed = Buffer.from('C\0\0\0\u000bCOMMIT\0', 'latin1');

/** Counts whole messages of the server's side of one connection (type, length, body), however TCP cuts them. */
const messages = (visit: (message: Buffer) => boolean) => {
  let rest = Buffer.alloc(0);
  /** What may be passed on; null when a message said to stop. */
  return (bytes: Buffer): Buffer | null => {
    rest = Buffer.concat([rest, bytes]);
    const whole: Buffer[] = [];
    while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
      const message = rest.subarray(0, rest.readUInt32BE(1) + 1);
      if (!visit(message)) return null;
      whole.push(message);
      rest = rest.subarray(message.length);
    }
    return Buffer.concat(whole);
  };
};

export const faultyLine = (ownerUrl: string): Promise<FaultyLine> =>
  new Promise((resolve) => {
    const target = new URL(ownerUrl);
    const open = new Set<Socket>();
    let wanted: { readonly answer: Answer; left: number } | null = null;
    let cut = false;
    const isTheOne = (message: Buffer): boolean => {
      if (wanted === null || message[0] !== 0x43 || (wanted.answer === 'commit' && !message.equals(committed))) return false;
      wanted.left -= 1;
      if (wanted.left > 0) return false;
      wanted = null;
      cut = true;
      return true;
    };
    const server = createServer((client) => {
      const upstream = createConnection(Number(target.port), target.hostname);
      const read = messages((message) => !isTheOne(message));
      const end = (): void => {
        for (const socket of [client, upstream]) {
          socket.destroy();
          open.delete(socket);
        }
      };
      client.on('data', (bytes) => upstream.write(bytes));
      upstream.on('data', (bytes) => {
        const passed = read(bytes);
        if (passed === null) end();
        else client.write(passed);
      });
      for (const socket of [client, upstream]) {
        open.add(socket);
        socket.setNoDelay(true);
        socket.on('error', () => undefined).on('close', end);
      }
    });
    server.listen(0, '127.0.0.1', () => {
      const url = new URL(target);
      url.port = String((server.address() as AddressInfo).port);
      resolve({
        url: url.href,
        cut: (answer, nth) => {
          wanted = { answer, left: nth };
          cut = false;
        },
        wasCut: () => {
          wanted = null;
          return cut;
        },
        close: () =>
          new Promise((done) => {
            for (const socket of open) socket.destroy();
            server.close(() => done());
          }),
      });
    });
  });
