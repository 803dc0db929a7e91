// dns-tunnel.js KIND COUNT SUFFIX: asks for COUNT different names below SUFFIX, one after the other, then for the first
// one again; prints how many were answered and what the last said. KIND: short (host-N), long (52 characters each).
const [, , kind, count, suffix] = process.argv
const dns = require('dns').promises
const letters = 'abcdefghijklmnopqrstuvwxyz234567'
const label = i => kind === 'short' ? `host-${i}` : Array.from({length: 52}, (_, k) => letters[(i * 7 + k * k * 5 + k * 11) % 32]).join('')
const ask = name => dns.resolve4(name).then(() => 1, () => 0)
;(async () => {
  let answered = 0
  for (let i = 0; i < Number(count); i++) answered += await ask(`${label(i)}.${suffix}`)
  console.log(answered, await ask(`${label(0)}.${suffix}`))
})()
