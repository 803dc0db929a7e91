// web-server.js ADDRESS KEY CERTIFICATE READYFILE: HTTPS on port 443 and HTTP on port 80 of a loopback address.
// GET /big?n=BYTES sends that many; POST answers with the number of bytes received; anything else "hello HOST".
const [, , address, key, certificate, ready] = process.argv
const fs = require('fs')
const piece = Buffer.alloc(65536, 'x')
function serve(request, response) {
  if (request.url.startsWith('/big')) {
    let left = Number(request.url.split('=')[1])
    response.writeHead(200, {'content-length': left})
    const send = () => {
      while (left > 0) {
        const n = Math.min(left, piece.length)
        left -= n
        if (!response.write(piece.subarray(0, n))) return response.once('drain', send)
      }
      response.end()
    }
    return send()
  }
  let received = 0
  request.on('data', data => { received += data.length })
  request.on('end', () => response.end(request.method === 'POST' ? `${received}\n` : `hello ${request.headers.host}\n`))
}
const tls = {key: fs.readFileSync(key), cert: fs.readFileSync(certificate)}
require('https').createServer(tls, serve).listen(443, address, () =>
  require('http').createServer(serve).listen(80, address, () => fs.writeFileSync(ready, 'ready')))
