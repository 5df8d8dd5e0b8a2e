// Plays actions through the vendor's npm client, unmodified: one JSON line in, one JSON line out.
//
// In:  {"id":1,"do":"open","handle":2,"login":{"with":"password",...}}, "close", "disconnect", "reset",
//      {"id":2,"do":"call","handle":2,"call":{"call":"create_key",...}}, {"id":3,"do":"methods"}
// Out: {"id":1,"ok":value} | {"status":code} | {"disconnected":true} | {"cannot":reason} | {"broken":reason}
//
// Bytes travel as {"bytes":"hex"} inside a call and as {"bytes":"hex"} in a value.
// The client checks its arguments, rejects and then sends the request all the same, so that the reply to it would be
// taken for the reply to the next one. Whatever the client would reject is therefore not given to it: "cannot".

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import readline from "node:readline";
import { calls, Cannot } from "./calls.mjs";

const write = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr); // the client logs to stdout

const require = createRequire(import.meta.url);
const PACKAGE = "@dinamonetworks/hsm-dinamo";
const { hsm } = require(PACKAGE);

const [host, port] = [process.argv[2], Number(process.argv[3])];
const TIMEOUT_MS = Number(process.argv[4] ?? 15000);

const sessions = new Map();
const called = new Set();

// The client throws inside event handlers and forgets rejected promises.
process.on("uncaughtException", (error) => process.stderr.write(`uncaught: ${error.stack}\n`));
process.on("unhandledRejection", (error) => process.stderr.write(`unhandled: ${error?.stack ?? error}\n`));

class Session {
  constructor(client, user) {
    this.client = client;
    this.user = user;
    this.kinds = new Map();
    this.socket = client.tlsSocket;
    this.ended = new Promise((resolve) => {
      if (this.socket.destroyed) resolve();
      this.socket.on("end", resolve);
      this.socket.on("close", resolve);
      this.socket.on("error", resolve);
    });
    this.over = false;
    this.ended.then(() => { this.over = true; });
  }

  close() {
    this.client.tlsSocket?.destroy();
    this.client.tcpSocket?.destroy();
  }
}

const timeout = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for a promise of the client's, the end of the connection, or the clock. */
async function settle(promise, session) {
  const late = Symbol("late");
  const gone = Symbol("gone");
  const ended = session ? session.ended.then(() => timeout(50)).then(() => gone) : new Promise(() => {});
  const result = await Promise.race([
    promise.then((value) => ({ value }), (error) => ({ error })),
    ended,
    timeout(TIMEOUT_MS).then(() => late),
  ]);
  if (result === late) return { broken: `no answer within ${TIMEOUT_MS} ms` };
  if (result === gone) return { disconnected: true };
  if (!("error" in result)) return { value: result.value };
  const { error } = result;
  if (error?.errorCode > 0) return { status: error.errorCode };
  if (session) {
    await Promise.race([session.ended, timeout(200)]);
    if (session.over) return { disconnected: true };
  }
  return { failed: String(error?.message ?? error) };
}

async function open({ handle, login, tls }) {
  if (tls === false) throw new Cannot("the npm client always uses TLS");
  const options = { host, port };
  if (login.with === "password") {
    if (login.user.length > 16 || login.password.length > 16) throw new Cannot("longer than the field");
    options.authUsernamePassword = { username: login.user, password: login.password };
  } else if (login.with === "token") {
    const text = Buffer.alloc(16);
    text.write(login.user);
    options.authToken = Buffer.concat([text, Buffer.from(login.key.bytes, "hex")]).toString("base64");
  } else {
    throw new Cannot(`the npm client has no login ${login.with}`);
  }
  called.add("hsm.connect");
  const result = await settle(hsm.connect(options));
  if (result.value) {
    sessions.set(handle, new Session(result.value, login.user));
    return { ok: { opened: { mode: null } } };
  }
  // The client keeps its sockets after a refused login, as its last instance: disconnect() ends them.
  await Promise.race([Promise.resolve().then(() => hsm.disconnect()).catch(() => {}), timeout(500)]);
  if (result.status) return { status: result.status };
  return /ECONNRESET|EPIPE|hang up|disconnected|closed/i.test(result.failed ?? "") ? { disconnected: true } : { broken: result.failed ?? result.broken };
}

async function close({ handle }) {
  const session = sessions.get(handle);
  if (!session) return { ok: "none" };
  sessions.delete(handle);
  if (!session.over) {
    called.add("hsm.disconnect");
    await Promise.race([session.client.disconnect(), session.ended, timeout(1000)]);
  }
  session.close();
  return { ok: "none" };
}

async function call({ handle, call: request }) {
  const session = sessions.get(handle);
  if (!session) throw new Cannot("the npm client gives no session after a refused login");
  const play = calls[request.call];
  if (!play) throw new Cannot("the npm client has no such method");
  if (session.over) return { disconnected: true };
  const { method, run, value } = play(session, request);
  called.add(method);
  const result = await settle(run(), session);
  if ("value" in result) return value ? value(result.value) : { ok: "none" };
  if (result.failed) return { broken: result.failed };
  return result;
}

/** Every public method of the client, by reflection: what its prototypes have and its type files do not mark private. */
function methods() {
  const root = dirname(require.resolve(PACKAGE));
  const all = ["hsm.connect", "hsm.disconnect"];
  for (const name of ["key", "cryptography", "user", "blockchain"]) {
    const file = join(root, "hsm", "modules", name);
    const hidden = new Set([...readFileSync(`${file}.d.ts`, "utf8").matchAll(/^\s*private (?:static )?(\w+)/gm)].map((found) => found[1]));
    const own = Object.getOwnPropertyNames(require(`${file}.js`).default.prototype);
    for (const method of own) {
      if (method !== "constructor" && method !== "isInvalidSignature" && !hidden.has(method)) all.push(`${name}.${method}`);
    }
  }
  return { methods: { all, called: [...called] } };
}

async function reset() {
  for (const session of sessions.values()) session.close();
  sessions.clear();
  return { ok: "none" };
}

const handlers = {
  open,
  close,
  call,
  reset,
  methods: async () => methods(),
  disconnect: async ({ handle }) => {
    sessions.get(handle)?.close();
    sessions.delete(handle);
    return { ok: "none" };
  },
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = await handlers[request.do](request);
  } catch (error) {
    answer = error instanceof Cannot ? { cannot: error.message } : { broken: String(error?.stack ?? error) };
  }
  write(`${JSON.stringify({ id: request.id, ...answer })}\n`);
}
process.exit(0);
