// Puts the parts together and listens.
import http from 'node:http';
import { Clock } from './clock.mjs';
import { Dns } from './dns.mjs';
import { openIssuers } from './identity.mjs';
import { People } from './people.mjs';
import { answer } from './routes.mjs';
import { proxy, refuseTunnel } from './sites.mjs';
import { Sms } from './sms.mjs';
import { openStateDir, secret, signingKeys } from './state.mjs';

const shown = (host) => (host.includes(':') ? `[${host}]` : host);

function listen(server, { host, port }) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server.address().port));
  });
}

// Resolves to {url, dns}; rejects when an address can't be had.
export async function openWorld(config) {
  openStateDir(config.state);
  const world = { config };
  const server = http.createServer((req, res) => (req.url.startsWith('/') ? answer(req, res, world) : proxy(req, res, world.people)));
  server.on('connect', refuseTunnel);

  // Issuers need the port in their names, so the state is opened while the first requests may already wait.
  const port = await listen(server, config.listen);
  config.url ??= `http://${shown(config.listen.host)}:${port}`;
  world.clock = new Clock(config, secret(config.clockSecretFile));
  world.dns = new Dns(config);
  world.people = new People(config, world.dns);
  world.sms = new Sms(config, secret(config.smsSecretFile));
  world.clientSecret = secret(config.clientSecretFile);
  world.keys = signingKeys(config.state);
  world.issuers = openIssuers(world);
  const name = config.dns ?? { host: config.listen.host, port: port + 1 };
  world.dnsAddress = `${shown(name.host)}:${await world.dns.listen(name)}`;
  world.ready = true;
  return { url: config.url, dns: world.dnsAddress };
}
