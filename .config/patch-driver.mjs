// Runs after `npm ci` (postinstall). postgres.js 3.4.9 writes to a socket that is gone when a connection dies inside a transaction: an uncaught
// TypeError ends the whole process (porsager/postgres#1154, #1208), and a write timer left set makes that pool slot hang for ever. The upstream fixes
// (#1168, #1209) are open. Plain JavaScript: any Node can run it. It stops with an error when the driver's text is not the one it knows.
import { readFileSync, writeFileSync } from 'node:fs';

const connection = [
  [
    `    const x = socket.write(chunk, fn)
    nextWriteTimer !== null && clearImmediate(nextWriteTimer)
    chunk = nextWriteTimer = null
    return x`,
    `    nextWriteTimer !== null && clearImmediate(nextWriteTimer)
    nextWriteTimer = null
    const buffered = chunk
    chunk = null
    if (socket === null) return error(Errors.connection('CONNECTION_CLOSED', options)), false
    return socket.write(buffered, fn)`,
  ],
  [
    `    clearImmediate(nextWriteTimer)
    socket.removeListener('data', data)`,
    `    clearImmediate(nextWriteTimer)
    chunk = nextWriteTimer = null
    socket.removeListener('data', data)`,
  ],
  // The end of a COPY waited 40 ms for Nagle's algorithm and a delayed acknowledgement: 150 small deliveries, 6 s.
  [
    `    keep_alive && socket.setKeepAlive && socket.setKeepAlive(true, 1000 * keep_alive)`,
    `    socket.setNoDelay && socket.setNoDelay(true)
    keep_alive && socket.setKeepAlive && socket.setKeepAlive(true, 1000 * keep_alive)`,
  ],
  // A COPY that goes out faster than it is read stops the socket, and nothing starts it again once the COPY has ended: the connection is deaf from then on.
  [
    `    stream && stream.push(null)
    stream = null
  }

  function NoticeResponse`,
    `    stream && stream.push(null)
    stream = null
    socket && socket.resume()
  }

  function NoticeResponse`,
  ],
  // A COPY that breaks off while nobody reads it yet would end the process: whoever reads is told all the same.
  [
    `      read() { socket.resume() }
    })
    query.resolve(stream)`,
    `      read() { socket && socket.resume() }
    })
    stream.on('error', () => {})
    query.resolve(stream)`,
  ],
];

// A transaction goes on running in the caller's code after its connection has died, and the driver sends what it says next down the same object, by then
// another session: amid somebody's handshake, or outside any transaction, where it would stand at once. What a lost transaction says is refused.
const index = [
  [
    `    let savepoints = 0
      , connection
      , prepare = null
`,
    `    let savepoints = 0
      , connection
      , prepare = null
      , lost = null
`,
  ],
  [
    `        new Promise((_, reject) => connection.onclose = reject)`,
    `        new Promise((_, reject) => connection.onclose = e => {
          lost = e
          while (queries.length)
            queries.shift().reject(e)
          reject(e)
        })`,
  ],
  [
    `        q.catch(e => uncaughtError || (uncaughtError = e))
        c.queue === full`,
    `        q.catch(e => uncaughtError || (uncaughtError = e))
        if (lost)
          return q.reject(lost)
        c.queue === full`,
  ],
];

for (const [name, replacements] of Object.entries({ connection, index })) {
  for (const flavour of ['src', 'cjs/src', 'cf/src']) {
    const file = new URL(`../node_modules/postgres/${flavour}/${name}.js`, import.meta.url);
    let text = readFileSync(file, 'utf8');
    for (const [before, after] of replacements) {
      if (text.includes(after)) continue;
      if (text.split(before).length !== 2) throw new Error(`${file.pathname} is not postgres.js 3.4.9: see whether .config/patch-driver.mjs is still needed`);
      text = text.replace(before, () => after);
    }
    writeFileSync(file, text);
  }
}
