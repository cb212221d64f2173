// An identity platform that lies on demand: an OpenID provider on Node's own http and crypto, right unless an attack changes
// one thing. `attack` holds functions that change what would be right:
//   metadata(m), keys(set), redirect(params), header(h), claims(c), payload(text), token(text, parts), answer(res, body), sign(data)
import http from 'node:http';
import { createHash, generateKeyPairSync, randomBytes, sign as signWith } from 'node:crypto';

export const b64 = (data) => Buffer.from(data).toString('base64url');
const KINDS = { ES256: ['ec', { namedCurve: 'P-256' }], RS256: ['rsa', { modulusLength: 2048 }], Ed25519: ['ed25519', {}] };

export function newKey(alg = 'ES256', kid = `k-${randomBytes(4).toString('hex')}`) {
  const { privateKey, publicKey } = generateKeyPairSync(...KINDS[alg]);
  return { alg, kid, privateKey, publicKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: alg === 'Ed25519' ? 'EdDSA' : alg, use: 'sig' } };
}

// ieee-p1363 is the raw form of RFC 7518; 'der' is a forgery.
export function signature(key, data, form = 'ieee-p1363') {
  return signWith(key.alg === 'Ed25519' ? null : 'sha256', Buffer.from(data), { key: key.privateKey, dsaEncoding: form });
}

export class Forger {
  constructor({ alg = 'ES256', secret = 'forger-secret' } = {}) {
    Object.assign(this, { secret, alg, key: newKey(alg), attack: {}, codes: new Map(), offset_s: 0, hits: { metadata: 0, keys: 0, token: 0 } });
    this.server = http.createServer((req, res) => this.serve(req, res));
  }

  async listen(port = 0) {
    await new Promise((done) => this.server.listen(port, '127.0.0.1', done));
    this.origin = `http://127.0.0.1:${this.server.address().port}`;
    this.issuer = `${this.origin}/idp`;
    return this;
  }

  close() {
    this.server.closeAllConnections?.();
    return new Promise((done) => this.server.close(done));
  }

  rotate() {
    this.key = newKey(this.alg);
  }

  now() {
    return Math.floor(Date.now() / 1000) + this.offset_s;
  }

  // Plays the browser's visit to the authorization endpoint: the URL it is sent back to, for this person.
  authorize(authorizationUrl, who) {
    const asked = new URL(authorizationUrl).searchParams;
    const code = randomBytes(16).toString('hex');
    this.codes.set(code, { who, nonce: asked.get('nonce'), challenge: asked.get('code_challenge'), redirect: asked.get('redirect_uri') });
    const answer = { code, state: asked.get('state'), iss: this.issuer };
    const params = Object.entries(this.attack.redirect?.(answer) ?? answer).filter(([, value]) => value !== undefined);
    return `${asked.get('redirect_uri')}?${new URLSearchParams(params)}`;
  }

  async serve(req, res) {
    const { pathname } = new URL(req.url, this.origin);
    if (pathname === '/idp/.well-known/openid-configuration') return this.metadata(res);
    if (pathname === '/idp/jwks') return this.keys(res);
    if (pathname === '/idp/token' && req.method === 'POST') return this.token(req, res);
    return this.json(res, 404, { error: 'not_found' });
  }

  json(res, status, body, headers = {}) {
    const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers });
    res.end(text);
  }

  metadata(res) {
    this.hits.metadata++;
    const m = {
      issuer: this.issuer, authorization_endpoint: `${this.issuer}/auth`, token_endpoint: `${this.issuer}/token`, jwks_uri: `${this.issuer}/jwks`,
      response_types_supported: ['code'], code_challenge_methods_supported: ['S256'], authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: [this.key.jwk.alg],
    };
    if (this.attack.metadataAnswer) return this.attack.metadataAnswer(res, m);
    return this.json(res, 200, this.attack.metadata?.(m) ?? m);
  }

  keys(res) {
    this.hits.keys++;
    const set = { keys: [this.key.jwk] };
    return this.json(res, 200, this.attack.keys?.(set) ?? set);
  }

  idToken({ who, nonce }, accessToken) {
    const now = this.now();
    const right = { iss: this.issuer, aud: 'beian', nonce, iat: now, exp: now + 600, auth_time: now, acr: 'urn:x', amr: ['face'], ...who };
    const at_hash = createHash(this.alg === 'Ed25519' ? 'sha512' : 'sha256').update(accessToken).digest();
    right.at_hash = b64(at_hash.subarray(0, at_hash.length / 2));
    const header = { alg: this.key.jwk.alg, kid: this.key.kid, typ: 'JWT' };
    const claims = this.attack.claims?.({ ...right }) ?? right;
    const payload = this.attack.payload?.(JSON.stringify(claims), claims) ?? JSON.stringify(claims);
    const data = `${b64(JSON.stringify(this.attack.header?.({ ...header }) ?? header))}.${b64(payload)}`;
    const signed = this.attack.sign?.(data, this) ?? signature(this.key, data);
    const token = `${data}.${b64(signed)}`;
    return this.attack.token?.(token, token.split('.')) ?? token;
  }

  // A good provider's checks first: that the platform authenticates itself, proves the challenge and uses a code once.
  async token(req, res) {
    this.hits.token++;
    const parts = [];
    for await (const part of req) parts.push(part);
    const form = new URLSearchParams(Buffer.concat(parts).toString());
    const code = this.codes.get(form.get('code'));
    this.codes.delete(form.get('code'));
    const basic = `Basic ${Buffer.from(`beian:${encodeURIComponent(this.secret)}`).toString('base64')}`;
    if (req.headers.authorization !== basic) return this.json(res, 401, { error: 'invalid_client' });
    const proof = createHash('sha256').update(form.get('code_verifier') || '').digest('base64url');
    if (!code || code.challenge !== proof || code.redirect !== form.get('redirect_uri')) return this.json(res, 400, { error: 'invalid_grant' });
    const access_token = randomBytes(16).toString('hex');
    const body = { access_token, token_type: 'Bearer', expires_in: 600, id_token: this.idToken(code, access_token) };
    if (this.attack.answer) return this.attack.answer(res, body);
    return this.json(res, 200, body);
  }
}

// The public key as an attacker sees it, in the forms that were used as HMAC secrets.
export const pemOf = (key) => key.publicKey.export({ type: 'spki', format: 'pem' });
