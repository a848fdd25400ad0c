// Runs the checker of verify.html under Node. Arguments: the page, a file with one JSON request a line; prints one JSON answer a line.
"use strict";
const fs = require("node:fs");
const vm = require("node:vm");

const [, , page, requests] = process.argv;
const source = /<script id="checker">([\s\S]*?)<\/script>/.exec(fs.readFileSync(page, "utf8"))[1];
const bytes = (text) => (text === null || text === undefined ? null : new Uint8Array(Buffer.from(text, "base64")));
const options = (given = {}) => ({
  policy: bytes(given.policy), tsa: bytes(given.tsa), content: bytes(given.content), known: (given.known || []).map(bytes), accept: given.accept || [],
});

const real = globalThis.crypto;
/** What an old browser lacks. */
function lack(what) {
  const subtle = new Proxy(real.subtle, {
    get: (target, name) => (...args) => {
      if (name === "importKey" && JSON.stringify(args[2]).includes("Ed25519")) throw new DOMException("unknown", "NotSupportedError");
      return target[name](...args);
    },
  });
  const crypto = { ed25519: { subtle }, subtle: {} }[what] || real;
  Object.defineProperty(globalThis, "crypto", { value: crypto, configurable: true });
}

const unhandled = [];
process.on("unhandledRejection", (error) => unhandled.push(String(error)));

async function answer(tanba, request) {
  switch (request.op) {
    case "check": return tanba.check(bytes(request.data), options(request.options));
    case "flips": {
      const found = [];
      for (const bit of request.bits) {
        const data = bytes(request.data);
        data[bit >> 3] ^= 1 << (bit & 7);
        found.push(await tanba.check(data, options(request.options)));
      }
      return found;
    }
    case "inclusion": return tanba.verifyInclusion(bytes(request.leaf), request.index, request.size, request.proof.map(bytes), bytes(request.root));
    case "consistency": return tanba.verifyConsistency(request.size1, request.size2, bytes(request.root1), bytes(request.root2), request.proof.map(bytes));
    case "stamp": {
      const roots = request.tsa ? tanba.parseRoots(bytes(request.tsa)) : [];
      return tanba.verifyTimestamp(bytes(request.data), bytes(request.text), roots).then((time) => time, (error) => [error.word || "untimed", error.code || error.message]);
    }
    case "json": return Buffer.from(tanba.canonicalJson(tanba.readJson(bytes(request.data), "json"))).toString("base64");
    case "note": return { ...tanba.parseNote(request.text), root: null, signatures: null };
    case "policy": return [...(await tanba.parsePolicy(bytes(request.data))).keys.values()].map((key) => key.label).sort();
    case "commitment": return tanba.openCommitment(request.salt, request.digest);
    default: throw new Error(`unknown request ${request.op}`);
  }
}

(async () => {
  const out = [];
  vm.runInThisContext(source);
  for (const line of fs.readFileSync(requests, "utf8").split("\n").filter(Boolean)) {
    const request = JSON.parse(line);
    lack(request.lacks);
    const started = performance.now();
    let value;
    try { value = await answer(globalThis.tanbaVerify, request); } catch (error) { value = { refused: error.message }; }
    out.push(JSON.stringify({ value, seconds: (performance.now() - started) / 1000 }));
  }
  await new Promise(setImmediate);
  if (unhandled.length) throw new Error(unhandled.join("\n"));
  process.stdout.write(out.join("\n"));
})();
