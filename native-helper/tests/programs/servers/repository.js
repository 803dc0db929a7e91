// repository.js FOLDER KEY CERTIFICATE ADDRESS… : what programs fetch from, on each ADDRESS: HTTPS on 443 (HTTP/1.1 and
// 2), HTTP on 80, and DNS for all of them on 127.0.0.53. A name's address is that of the file FOLDER/names.
//
//   /git/NAME.git     git's smart protocol, FOLDER/git/NAME.git by `git http-backend`
//   /maven/…          FOLDER/maven/…, a link to a local Maven repository
//   /…                FOLDER/www/…; in .json files @HOST@ is the host that was asked
//
// Appends a line "ADDRESS PORT" to FOLDER/arrived for each connection, and prints "ready" when all listen.
const [, , folder, key, certificate, ...addresses] = process.argv
const fs = require('fs'), path = require('path'), {spawn} = require('child_process')

function git(request, response, url) {
  const child = spawn('git', ['http-backend'], {env: {
    PATH: process.env.PATH, GIT_PROJECT_ROOT: path.join(folder, 'git'), GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: url.pathname.slice(4),
    QUERY_STRING: url.search.slice(1), REQUEST_METHOD: request.method, CONTENT_TYPE: request.headers['content-type'] || '',
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] || '', GIT_PROTOCOL: request.headers['git-protocol'] || '',
    GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*'}})
  request.pipe(child.stdin)
  child.stdin.on('error', () => {})
  let head = Buffer.alloc(0), begun = false
  child.stdout.on('data', data => {
    if (begun) return response.write(data)
    head = Buffer.concat([head, data])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    begun = true
    for (const line of head.subarray(0, end).toString().split('\r\n')) {
      const [name, value] = line.split(': ')
      if (name === 'Status') response.statusCode = parseInt(value)
      else response.setHeader(name, value)
    }
    response.write(head.subarray(end + 4))
  })
  child.on('close', () => response.end())
}

function serve(request, response) {
  const host = request.headers[':authority'] || request.headers.host || ''
  const url = new URL(request.url, 'https://x')
  if (url.pathname.startsWith('/git/')) return git(request, response, url)
  const root = path.join(folder, url.pathname.startsWith('/maven/') ? '' : 'www')
  let file = path.join(root, path.normalize(decodeURIComponent(url.pathname)))
  if (url.pathname.endsWith('/')) file += 'index.html'
  else if (fs.existsSync(file + '.json')) file += '.json'
  fs.readFile(file, (error, content) => {
    if (error) { response.writeHead(404); return response.end('not here\n') }
    const type = {'.html': 'text/html', '.json': 'application/json'}[path.extname(file)] || 'application/octet-stream'
    if (file.endsWith('.json')) content = Buffer.from(content.toString().replaceAll('@HOST@', host))
    response.writeHead(200, {'content-type': type, 'content-length': content.length})
    response.end(request.method === 'HEAD' ? undefined : content)
  })
}

function arrives(server, address, port) {
  server.on('connection', () => fs.appendFileSync(path.join(folder, 'arrived'), `${address} ${port}\n`))
  return new Promise(resolve => server.listen(port, address, resolve))
}

// One question, one answer; names that stand in FOLDER/names as "NAME ADDRESS", A records only.
const names = new Map(fs.readFileSync(path.join(folder, 'names'), 'utf8').trim().split('\n').map(line => line.split(' ')))
function answer(query) {
  let at = 12
  const labels = []
  while (query[at]) { labels.push(query.toString('latin1', at + 1, at + 1 + query[at])); at += query[at] + 1 }
  const end = at + 5, type = query.readUInt16BE(at + 1), address = names.get(labels.join('.').toLowerCase())
  const head = Buffer.from(query.subarray(0, end))
  head.writeUInt16BE(address ? 0x8180 : 0x8183, 2)
  head.writeUInt16BE(1, 4)
  head.fill(0, 6, 12)
  if (!address || type !== 1) return head
  head.writeUInt16BE(1, 6)
  return Buffer.concat([head, Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)])])
}
function nameServer() {
  const udp = require('dgram').createSocket('udp4')
  udp.on('message', (query, from) => udp.send(answer(query), from.port, from.address))
  const tcp = require('net').createServer(socket => socket.on('error', () => {}).on('data', data => {
    const reply = answer(data.subarray(2)), length = Buffer.alloc(2)
    length.writeUInt16BE(reply.length)
    socket.end(Buffer.concat([length, reply]))
  }))
  return Promise.all([new Promise(resolve => udp.bind(53, '127.0.0.53', resolve)), new Promise(resolve => tcp.listen(53, '127.0.0.53', resolve))])
}

const tls = {key: fs.readFileSync(key), cert: fs.readFileSync(certificate), allowHTTP1: true}
Promise.all([nameServer(), ...addresses.flatMap(address => [
  arrives(require('http2').createSecureServer(tls, serve), address, 443),
  arrives(require('http').createServer(serve), address, 80)])]).then(() => console.log('ready'))
