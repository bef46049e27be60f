// Node's own crypto and the package sm-crypto behind one door: a JSON list of questions in, a list of answers out.
// All bytes are hex. Node gives SM2 signatures as DER and knows no signer's ID; sm-crypto gives r ‖ s.
'use strict'

const crypto = require('node:crypto')
const { sm2, sm3, sm4 } = require('sm-crypto')

const bytes = (text) => Buffer.from(text, 'hex')
const plain = (text) => Array.from(bytes(text))
const raw = { padding: 'none', output: 'array' }

function cipher (name, make, { key, iv, text }) {
  const machine = crypto[make](name, bytes(key), iv === undefined ? null : bytes(iv))
  machine.setAutoPadding(false)
  return Buffer.concat([machine.update(bytes(text)), machine.final()]).toString('hex')
}

const doors = {
  node: {
    sm3: ({ text }) => crypto.createHash('sm3').update(bytes(text)).digest('hex'),
    hmac: ({ key, text }) => crypto.createHmac('sm3', bytes(key)).update(bytes(text)).digest('hex'),
    encrypt: (asked) => cipher('sm4-ecb', 'createCipheriv', asked),
    decrypt: (asked) => cipher('sm4-ecb', 'createDecipheriv', asked),
    counter: (asked) => cipher('sm4-ctr', 'createCipheriv', asked),
    sign: ({ pkcs8, text }) => crypto.sign('sm3', bytes(text),
      crypto.createPrivateKey({ key: bytes(pkcs8), format: 'der', type: 'pkcs8' })).toString('hex'),
    verify: ({ spki, text, signature }) => crypto.verify('sm3', bytes(text),
      crypto.createPublicKey({ key: bytes(spki), format: 'der', type: 'spki' }), bytes(signature))
  },
  'sm-crypto': {
    sm3: ({ text }) => sm3(plain(text)),
    hmac: ({ key, text }) => sm3(plain(text), { mode: 'hmac', key }),
    encrypt: ({ key, text }) => Buffer.from(sm4.encrypt(plain(text), key, raw)).toString('hex'),
    decrypt: ({ key, text }) => Buffer.from(sm4.decrypt(plain(text), key, raw)).toString('hex'),
    public: ({ secret }) => sm2.getPublicKeyFromPrivateKey(secret),
    sign: ({ secret, text, id }) => sm2.doSignature(plain(text), secret, { userId: id }),
    verify: ({ point, text, signature, id }) => sm2.doVerifySignature(plain(text), signature, point, { userId: id })
  }
}

const asked = JSON.parse(require('node:fs').readFileSync(0))
console.log(JSON.stringify(asked.map((one) => doors[one.who][one.what](one))))
