// A real gateway for messages on 127.0.0.1 that checks our signature and answers what a test decides; it counts each key once, as a gateway must.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSigned, momentHeader, signatureHeader } from '../../src/notice/signature.ts';

export const gatewaySecret = 'a secret both sides know, long enough';

export interface Message {
  readonly key: string;
  readonly to: string;
  readonly text: string;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `answer` may depend on the message; `received` holds every call whose signature held, `accepted` each key that was taken, once. */
export const startGateway = async (
  now: () => Date,
  answer: (message: Message) => GatewayAnswer | 'hang' | 'drop' = () => ({ status: 202 }),
) => {
  const received: Message[] = [];
  const accepted = new Map<string, Message>();
  const refused: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const header = (name: string): string | undefined =>
        Array.isArray(request.headers[name]) ? undefined : (request.headers[name] as string);
      if (!isSigned(gatewaySecret, { moment: header(momentHeader), signature: header(signatureHeader), body }, now())) {
        refused.push(body);
        response.writeHead(401).end();
        return;
      }
      const message = JSON.parse(body) as Message;
      received.push(message);
      const said = answer(message);
      if (said === 'hang') return;
      if (said === 'drop') {
        request.socket.destroy();
        return;
      }
      if (said.status < 300 && header('idempotency-key') === message.key) accepted.set(message.key, message);
      response.writeHead(said.status, said.headers ?? {}).end('{"said":"nothing of interest"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/send`, received, accepted, refused, close };
};
