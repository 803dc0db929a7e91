# title: node: dns.resolve (c-ares), https, fetch
# needs: node
cat >app.js <<'J'
const dns = require('dns').promises, https = require('https'), host = process.env.HOST
async function main() {
  const [address] = await dns.resolve4(host)
  console.log('resolved', /^203\.0\.113\./.test(address))
  const status = await new Promise((resolve, reject) => https.get({host: address, servername: host, headers: {host}}, r => { r.resume(); resolve(r.statusCode) }).on('error', reject))
  console.log('https', status)
  console.log('fetch', (await (await fetch(`https://${host}/`)).text()).trim())
}
main().catch(error => { console.error(error.message, error.cause || ''); process.exit(1) })
J
node app.js
