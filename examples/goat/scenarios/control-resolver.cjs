'use strict';
// For the control run without harden-runner: resolves names through the sink's DNS server, which ordinary resolver
// configuration cannot name because its port is not 53. Loaded with NODE_OPTIONS=--require; needs GOAT_DNS_PORT.
const dns = require('node:dns');
const net = require('node:net');

const resolver = new dns.Resolver();
resolver.setServers([`127.0.0.1:${process.env.GOAT_DNS_PORT}`]);

dns.lookup = (name, options, callback) => {
  const done = typeof options === 'function' ? options : callback;
  const all = typeof options === 'object' && options !== null && options.all;
  const answer = (addresses) => (all
    ? done(null, addresses.map((address) => ({ address, family: 4 })))
    : done(null, addresses[0], 4));
  if (net.isIPv4(name)) return process.nextTick(answer, [name]);
  return resolver.resolve4(name, (error, addresses) => (error ? done(error) : answer(addresses)));
};
dns.promises.lookup = (name, options) => new Promise((resolve, reject) => {
  dns.lookup(name, options, (error, address, family) => (error ? reject(error) : resolve({ address, family })));
});
