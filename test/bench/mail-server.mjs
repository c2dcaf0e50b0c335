// A mail server of its own process for `bench --only notices`: takes whatever it is sent and counts it. Says its address on the first line; ends with its input.
import { SMTPServer } from 'smtp-server';

let taken = 0;
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  logger: false,
  onData: (stream, _session, callback) => {
    stream.resume();
    stream.on('end', () => {
      taken += 1;
      callback();
    });
  },
});
server.on('error', () => undefined);
server.listen(0, '127.0.0.1', () => process.stdout.write(`smtp://127.0.0.1:${server.server.address().port}\n`));
process.stdin.resume();
process.stdin.on('end', () => {
  process.stdout.write(`${taken}\n`, () => process.exit(0));
});
