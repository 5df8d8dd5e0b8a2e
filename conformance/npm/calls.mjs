// How each call of a scenario is said with the vendor's npm client: its method, its arguments, its result.
//
// A function gets the session and the call and returns { method, run, value }. What the client would reject before
// sending, or has no way to say, is Cannot.

export class Cannot extends Error {}

const EXPORTABLE = 0x1;
const TEMPORARY = 0x4;
const BLOCKCHAIN = 0x4000;
const MODE_CBC = 2;
const INVALID_SIGNATURE = 5107;
const HASHES = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 92, 93, 94, 95, 96, 250, 251, 255]);
const RSA_PADDINGS = new Set([2, 3, 4]);

const bytes = (data) => Buffer.from(data.bytes, "hex");
const cannotUnless = (condition, reason) => {
  if (!condition) throw new Cannot(reason);
};

const asBytes = (buffer) => ({ ok: { bytes: buffer.toString("hex") } });
const asVerdict = (good) => (good ? { ok: "none" } : { status: INVALID_SIGNATURE });

function name(text) {
  cannotUnless(text.length <= 50, "the client refuses names of more than 50 characters");
  return text;
}

function filled(buffer, max, what) {
  cannotUnless(buffer.length > 0 && buffer.length <= max, `the client refuses ${what} of ${buffer.length} bytes`);
  return buffer;
}

function between(text, min, max, what) {
  cannotUnless(text.length >= min && text.length <= max, `the client refuses ${what} of ${text.length} characters`);
  return text;
}

function flags(attributes, known) {
  cannotUnless((attributes & ~known) === 0, "the client has no parameter for these attributes");
  return [(attributes & EXPORTABLE) !== 0, (attributes & TEMPORARY) !== 0, (attributes & BLOCKCHAIN) !== 0];
}

function kindOf(algorithm) {
  return algorithm <= 3 || (algorithm >= 7 && algorithm <= 10) || (algorithm >= 89 && algorithm <= 101) ? "symmetric" : "asymmetric";
}

/** "/CN=a/OU=b" as the object the client takes. */
function subject(text) {
  const found = {};
  for (const part of text.split("/").slice(1)) {
    const [key, ...value] = part.split("=");
    cannotUnless(value.length === 1 && !(key in found) && !part.includes("\\"), "the client writes such a subject differently");
    found[key] = value[0];
  }
  cannotUnless(Object.keys(found).length > 0, "the client takes a subject apart into attributes");
  return found;
}

const kekVector = (mode, iv) => {
  const hex = Buffer.from(iv, "hex");
  cannotUnless(hex.length === (mode === MODE_CBC ? 16 : 0), "the client takes a vector of 16 bytes with CBC and none without");
  return mode === MODE_CBC ? iv : undefined;
};

const key = {
  create_key: ({ client, kinds }, { name: object, algorithm, attributes }) => ({
    method: "key.create",
    run: ((arguments_) => () => client.key.create(...arguments_))([name(object), algorithm, ...flags(attributes, EXPORTABLE | TEMPORARY | BLOCKCHAIN)]),
    value: () => (kinds.set(object, kindOf(algorithm)), { ok: "none" }),
  }),
  import_key: ({ client, kinds }, { name: object, algorithm, attributes, material }) => ({
    method: "key.import",
    run: ((arguments_) => () => client.key.import(...arguments_))([
      name(object), algorithm, filled(bytes(material), 4096, "key material"), ...flags(attributes, EXPORTABLE | TEMPORARY).slice(0, 2),
    ]),
    value: () => (kinds.set(object, kindOf(algorithm)), { ok: "none" }),
  }),
  export_object: ({ client, kinds }, { name: object, raw }) => {
    cannotUnless(!raw, "the client never asks for raw bytes");
    const method = { blob: "exportCertClearText", asymmetric: "exportAsymmetricPriv" }[kinds.get(object)] ?? "exportSymmetric";
    name(object);
    return { method: `key.${method}`, run: () => client.key[method](object), value: asBytes };
  },
  export_public: ({ client }, { name: object, x509 }) => ({
    method: "key.exportAsymmetricPub",
    run: ((text) => () => client.key.exportAsymmetricPub(text, x509))(name(object)),
    value: asBytes,
  }),
  create_blob: ({ client, kinds }, { name: object, data }) => ({
    method: "key.importCertificate",
    run: ((text) => () => client.key.importCertificate(text, bytes(data)))(name(object)),
    value: () => (kinds.set(object, "blob"), { ok: "none" }),
  }),
  kek_export: ({ client }, { mode, padding, iv, kek, name: object }) => ({
    method: "key.exportKekWrap",
    run: ((arguments_) => () => client.key.exportKekWrap(...arguments_))([mode, padding, name(object), name(kek), kekVector(mode, iv)]),
    value: asBytes,
  }),
  kek_import: ({ client, kinds }, { mode, padding, iv, kek, name: object, algorithm, attributes, data }) => ({
    method: "key.importKekWrap",
    run: ((arguments_) => () => client.key.importKekWrap(...arguments_))([
      mode, padding, name(object), name(kek), algorithm, bytes(data), kekVector(mode, iv), ...flags(attributes, EXPORTABLE | TEMPORARY | BLOCKCHAIN),
    ]),
    value: () => (kinds.set(object, kindOf(algorithm)), { ok: "none" }),
  }),
  csr: ({ client }, { name: object, subject: dn, hash }) => ({
    method: "key.generatePKCS10",
    run: ((arguments_) => () => client.key.generatePKCS10(...arguments_))([name(object), subject(dn), hash ?? undefined]),
    value: asBytes,
  }),
  p8_export: ({ client }, { name: object, password }) => ({
    method: "key.exportPKCS8",
    run: ((arguments_) => () => client.key.exportPKCS8(...arguments_))([name(object), between(password, 8, 16, "a password")]),
    value: asBytes,
  }),
  p8_import: ({ client, kinds }, { name: object, algorithm, attributes, password, envelope }) => ({
    method: "key.importPKCS8",
    run: ((arguments_) => () => client.key.importPKCS8(...arguments_))([
      name(object), algorithm, between(password, 8, 16, "a password"), bytes(envelope).toString("base64"),
      ...flags(attributes, EXPORTABLE | TEMPORARY | BLOCKCHAIN),
    ]),
    value: () => (kinds.set(object, kindOf(algorithm)), { ok: "none" }),
  }),
};

const cryptography = {
  rsa_sign: ({ client }, { name: object, padding, hash, digest }) => {
    cannotUnless(RSA_PADDINGS.has(padding) && HASHES.has(hash), "the client refuses this padding or hash");
    const [text, value] = [name(object), filled(bytes(digest), 64, "a hash")];
    return { method: "cryptography.rsaSign", run: () => client.cryptography.rsaSign(text, hash, value, padding), value: asBytes };
  },
  rsa_verify: ({ client }, { name: object, padding, hash, digest, signature }) => {
    cannotUnless(RSA_PADDINGS.has(padding) && HASHES.has(hash), "the client refuses this padding or hash");
    const [text, value, signed] = [name(object), filled(bytes(digest), 64, "a hash"), filled(bytes(signature), 1024, "a signature")];
    return { method: "cryptography.rsaVerify", run: () => client.cryptography.rsaVerify(text, hash, padding, value, signed), value: asVerdict };
  },
  ecc_sign: ({ client }, { name: object, hash, digest }) => {
    const [text, value] = [name(object), filled(bytes(digest), 64, "a hash")];
    return { method: "cryptography.eccSign", run: () => client.cryptography.eccSign(text, hash, value), value: asBytes };
  },
  ecc_verify: ({ client }, { name: object, hash, digest, signature }) => {
    cannotUnless(HASHES.has(hash), "the client refuses this hash");
    const [text, value, signed] = [name(object), filled(bytes(digest), 64, "a hash"), filled(bytes(signature), 320, "a signature")];
    return { method: "cryptography.eccVerify", run: () => client.cryptography.eccVerify(text, hash, value, signed), value: asVerdict };
  },
  eddsa_sign: ({ client }, { name: object, data }) => {
    const [text, value] = [name(object), filled(bytes(data), 4 << 20, "data")];
    return { method: "cryptography.eddsaSign", run: () => client.cryptography.eddsaSign(text, value), value: asBytes };
  },
  eddsa_verify: ({ client }, { name: object, data, signature }) => {
    const [text, value, signed] = [name(object), filled(bytes(data), 4 << 20, "data"), filled(bytes(signature), 256, "a signature")];
    return { method: "cryptography.eddsaVerify", run: () => client.cryptography.eddsaVerify(text, value, signed), value: asVerdict };
  },
  open_envelope: ({ client }, { name: object, block }) => {
    const [text, value] = [name(object), filled(bytes(block), 256, "a block")];
    return { method: "cryptography.dataUnenvelop", run: () => client.cryptography.dataUnenvelop(text, value), value: asBytes };
  },
  split: ({ client }, { secret, m, n }) => {
    cannotUnless(m <= n, "the client refuses to ask for more parts than there are");
    const buffer = Buffer.from(secret, "hex");
    const drawn = buffer.every((byte) => byte === 0);
    cannotUnless(drawn || buffer.every((byte) => byte > 0 && byte < 0x80), "the client takes a secret as text");
    return {
      method: "cryptography.mOfnSplit",
      run: () => client.cryptography.mOfnSplit(m, n, drawn ? null : buffer.toString("latin1")),
      value: ({ secret: found, parts }) => ({ ok: { split: { secret: found.toString("hex"), parts: Buffer.concat(parts).toString("hex") } } }),
    };
  },
  recover: ({ client }, { parts, pick }) => {
    const all = bytes(parts);
    const picked = pick.map((position) => all.subarray(position * 27, position * 27 + 27));
    cannotUnless(picked.every((part) => part.length === 27), "there is no such part");
    return { method: "cryptography.mOfNRecover", run: () => client.cryptography.mOfNRecover(picked), value: asBytes };
  },
};

const tokenText = (user, keyHex) => {
  const text = Buffer.alloc(16);
  text.write(user);
  return Buffer.concat([text, Buffer.from(keyHex, "hex")]).toString("base64");
};
const tokenKey = (text) => Buffer.from(text, "base64").subarray(16, 32).toString("hex");

const user = {
  create_user: ({ client }, { user: id, password, acl }) => {
    between(id, 3, 16, "a user name");
    between(password, 8, 16, "a password");
    return { method: "user.create", run: () => client.user.create(id, password, [acl]) };
  },
  delete_user: ({ client }, { user: id, commit }) => {
    cannotUnless(commit === 1, "the client always commits");
    between(id, 3, 16, "a user name");
    return { method: "user.remove", run: () => client.user.remove(id) };
  },
  change_password: ({ client }, { password }) => {
    between(password, 8, 16, "a password");
    return { method: "user.changePassword", run: () => client.user.changePassword(password) };
  },
  issue_token: ({ client }, { expires }) => ({
    method: "user.generateToken",
    run: () => client.user.generateToken(expires === "never" ? undefined : new Date(expires.at * 1000)),
    value: (text) => ({ ok: { token: { key: tokenKey(text), expiration: null } } }),
  }),
  revoke_token: ({ client, user: id }, { key: token }) => ({
    method: "user.revokeToken",
    run: () => client.user.revokeToken(tokenText(id, token.bytes)),
  }),
  list_tokens: ({ client }) => ({
    method: "user.listTokens",
    run: () => client.user.listTokens(),
    value: (list) => ({ ok: { tokens: list.map(tokenKey) } }),
  }),
};

export const calls = { ...key, ...cryptography, ...user };
