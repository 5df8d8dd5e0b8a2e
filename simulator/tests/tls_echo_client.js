// Connects to an echo server with TLS and checks that every size of message comes back as it was sent.
// Arguments: port, then a JSON object of options for tls.connect. Prints one JSON line: what was negotiated and
// echoed, or the error code. Exits with 0 either way; anything else is a fault of this script.
'use strict';

const tls = require('node:tls');
const fs = require('node:fs');

const port = Number(process.argv[2]);
const options = JSON.parse(process.argv[3]);
if (options.caFile) options.ca = fs.readFileSync(options.caFile);
const sizes = options.sizes || [1, 15, 16, 17, 31, 1000, 16383, 16384, 16385, 65536];

function report(outcome) {
  console.log(JSON.stringify(outcome));
  process.exit(0);
}

const message = (size) => Buffer.from(Array.from({ length: size }, (_, i) => (i * 7 + size) & 0xff));

function start(session) {
  const socket = tls.connect({ host: '127.0.0.1', port, ...options, session });
  let ticket;
  socket.on('session', (received) => { ticket = received; });
  let echoed = 0;
  let waiting = [];
  let received = 0;
  const next = () => {
    if (echoed < sizes.length) {
      waiting = [];
      received = 0;
      socket.write(message(sizes[echoed]));
    } else if (options.resume && !session) {
      socket.end();
      start(ticket);
    } else {
      report({
        cipher: socket.getCipher().standardName,
        protocol: socket.getProtocol(),
        resumed: socket.isSessionReused(),
        echoed,
      });
    }
  };
  socket.on('secureConnect', next);
  socket.on('data', (chunk) => {
    waiting.push(chunk);
    received += chunk.length;
    if (received < sizes[echoed]) return;
    if (!Buffer.concat(waiting).equals(message(sizes[echoed]))) report({ error: 'NOT_AS_SENT', echoed });
    echoed += 1;
    next();
  });
  socket.on('error', (error) => report({ error: error.code || error.message, echoed }));
}

start(undefined);
