// A real mail server on 127.0.0.1 whose answers a test decides: accepts, refuses for now, refuses for good, hangs, or drops the line after DATA.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Mood = 'accept' | 'later' | 'never' | 'hang' | 'drop-after-data' | 'closed-for-good';

export interface Received {
  readonly to: string;
  readonly messageId: string;
  readonly text: string;
}

/** The text of a mail as its reader sees it. */
export const textOf = ({ text: raw }: Received): string => {
  const at = raw.indexOf('\r\n\r\n');
  const [head, body] = [raw.slice(0, at), raw.slice(at + 4)];
  if (/^content-transfer-encoding: base64/im.test(head)) return Buffer.from(body, 'base64').toString('utf8').replaceAll('\r\n', '\n');
  const joined = body.replaceAll('=\r\n', '').replaceAll('\r\n', '\n');
  if (!/^content-transfer-encoding: quoted-printable/im.test(head)) return joined;
  return Buffer.from(
    joined.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
};

const refusal = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code });

/** `mood` may change at any time and may depend on the recipient; everything a server took responsibility for is in `received`. */
export const startSmtp = async (mood: (to: string) => Mood = () => 'accept') => {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onRcptTo: (address, _session, callback) => {
      switch (mood(address.address)) {
        case 'later':
          return callback(refusal(451, `try again later <${address.address}>`));
        case 'never':
          return callback(refusal(550, `no such user <${address.address}>`));
        case 'hang':
          return undefined;
        default:
          return callback();
      }
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const to = session.envelope.rcptTo[0]?.address ?? '';
        received.push({ to, messageId: /^Message-ID: <(.*)>/im.exec(text)?.[1] ?? '', text });
        if (mood(to) === 'drop-after-data') {
          // The server has it; the client never hears so.
          for (const connection of (server as unknown as { connections: Set<{ _socket: { destroy(): void } }> }).connections)
            connection._socket.destroy();
          return;
        }
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.on('error', () => undefined);
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, received, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
};
