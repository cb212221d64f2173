// The identity platforms: two OpenID Connect providers under paths of one port.
import Provider, { interactionPolicy } from 'oidc-provider';
import { createHash } from 'node:crypto';
import { memoryAdapter } from './adapter.mjs';
import { errorPage } from './pages.mjs';

const IDENTITY = ['id_type', 'id_no', 'mobile'];
const ORGANISATION = ['org_name', 'org_id_type', 'org_id_no', 'legal_rep_name'];
const OFFICER = ['unit_code', 'unit_name', 'region', 'roles'];
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const CLIENT = 'beian';

const ISSUERS = {
  idp: { kinds: ['person', 'legal'], scopes: { identity: IDENTITY, org: ORGANISATION }, redirect: 'applicantRedirect', grants: ['authorization_code', DEVICE] },
  officers: { kinds: ['officer'], scopes: { officer: OFFICER }, redirect: 'officerRedirect', grants: ['authorization_code'] },
};

// Everyone is asked again at every login: a test changes persons all the time.
function alwaysAsk() {
  const policy = interactionPolicy.base();
  policy.get('login').checks.add(new interactionPolicy.Check('asked_every_time', '每次登录都要选择人员', (ctx) => !ctx.oidc.result?.login));
  return policy;
}

// The grant is given at once: who logs in here agrees to all that was asked for.
async function grantAll(ctx) {
  const { provider, account, client, requestParamOIDCScopes } = ctx.oidc;
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  grant.addOIDCScope([...requestParamOIDCScopes].join(' '));
  await grant.save();
  return grant;
}

function configuration(key, { config, keys, clientSecret, people }) {
  const issuer = ISSUERS[key];
  const redirects = [config[issuer.redirect]];
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true };
  return {
    adapter: memoryAdapter(),
    clients: [{
      client_id: CLIENT, client_secret: clientSecret, redirect_uris: redirects, grant_types: issuer.grants, response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic', id_token_signed_response_alg: 'ES256', require_auth_time: true,
    }],
    jwks: { keys: [keys[key]] },
    cookies: {
      names: { session: `${key}_session`, interaction: `${key}_interaction`, resume: `${key}_resume` },
      keys: [createHash('sha256').update(`cookies ${key} ${clientSecret}`).digest('hex')],
      long: cookie,
      short: cookie,
    },
    claims: { openid: ['sub', 'kind', 'name', 'acr', 'amr', 'auth_time'], acr: null, amr: null, auth_time: null, iss: null, sid: null, ...issuer.scopes },
    scopes: ['openid', ...Object.keys(issuer.scopes)],
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic'],
    conformIdTokenClaims: false,
    pkce: { methods: ['S256'], required: () => true },
    features: { devInteractions: { enabled: false }, deviceFlow: { enabled: issuer.grants.includes(DEVICE) }, userinfo: { enabled: true } },
    interactions: { policy: alwaysAsk(), url: (ctx, interaction) => `/${key}/interaction/${interaction.uid}` },
    loadExistingGrant: grantAll,
    expiresWithSession: () => false,
    findAccount(ctx, id) {
      const one = people.find(id);
      if (!one || !issuer.kinds.includes(one.kind)) return undefined;
      return { accountId: id, claims: () => one };
    },
    renderError(ctx, out) {
      ctx.type = 'html';
      ctx.body = errorPage(out);
    },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, DeviceCode: 600, Interaction: 600, Session: 600, Grant: 3600 },
  };
}

// Login by face with the phone for people, by certificate for officers.
const AUTHENTICATION = {
  idp: { acr: 'urn:beian:acr:real-name', amr: ['face', 'sms'] },
  officers: { acr: 'urn:beian:acr:police-certificate', amr: ['hwk', 'pin'] },
};

// One issuer: {key, kinds, handle(req, res), details(req, res), finish(req, res, sub | null)}.
class Issuer {
  constructor(key, world) {
    Object.assign(this, { key, kinds: ISSUERS[key].kinds });
    this.provider = new Provider(`${world.config.url}/${key}`, configuration(key, world));
    this.provider.on('server_error', (ctx, error) => console.error(`${key}: ${error.stack}`));
    this.answer = this.provider.callback();
  }

  handle(req, res) {
    const path = req.url.slice(this.key.length + 1);
    // A session of the last person would make the provider ask to log out first.
    if (/^\/auth[/?]/.test(path) && req.headers.cookie) {
      const kept = req.headers.cookie.split(/;\s*/).filter((one) => !one.startsWith(`${this.key}_session`));
      req.headers.cookie = kept.join('; ');
    }
    keepCookies(res);
    req.originalUrl = req.url;
    req.url = path;
    return this.answer(req, res);
  }

  details(req, res) {
    return this.provider.interactionDetails(req, res);
  }

  // sub null: the person refuses.
  finish(req, res, sub) {
    const result = sub
      ? { login: { accountId: sub, remember: false, ...AUTHENTICATION[this.key] } }
      : { error: 'access_denied', error_description: '登录的人拒绝了' };
    return this.provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
  }
}

// Cookies end with the browser: their expiry would be in the moved clock's time, which the browser doesn't share.
function keepCookies(res) {
  const set = res.setHeader.bind(res);
  res.setHeader = (name, value) => {
    if (String(name).toLowerCase() !== 'set-cookie') return set(name, value);
    const strip = (one) => (one.includes('01 Jan 1970') ? one : one.replace(/;\s*(expires|max-age)=[^;]*/gi, ''));
    return set(name, Array.isArray(value) ? value.map(strip) : strip(value));
  };
}

export function openIssuers(world) {
  return Object.fromEntries(Object.keys(ISSUERS).map((key) => [key, new Issuer(key, world)]));
}
