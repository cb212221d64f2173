// Log in and out as the sandbox's people: what is shown of them, where they come back to, what a session can and cannot do.
import {
  test, finish, check, equal, match, status, problem, Client, request, SANDBOX, freshPerson, logIn, person, officer,
} from './lib/index.mjs';

const first = (text) => [...text][0];
const masked = (text, head, stars, tail) => text.slice(0, head) + '*'.repeat(stars) + text.slice(-tail);

await test('a person logs in and sees own facts masked', async () => {
  const client = await person('person', { region: '110108' }), { who } = client;
  const me = status(await client.api('GET', '/me'), 200).json;
  equal([me.kind, me.name, me.actor], ['person', who.name, who.name]);
  equal(me.account, {
    name: `${first(who.name)}**`, id_type: 'resident-id', id_no: masked(who.id_no, 3, 5, 2), mobile: masked(who.mobile, 3, 4, 4),
  }, 'account');
  equal([me.entities, me.unread], [[], 0]);
  match(me.offline_key, /^[\w-]{43}$/, 'offline key');
  match(me.now, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/, 'now');
});

await test('somebody acts for an organisation', async () => {
  const client = await person('legal', { subtype: 'university' }), { who } = client;
  const me = (await client.api('GET', '/me')).json;
  equal([me.kind, me.name, me.actor], ['legal', who.org_name, who.name]);
  equal(me.account, {
    name: `${first(who.name)}**`, id_type: 'resident-id', id_no: masked(who.id_no, 3, 5, 2), mobile: masked(who.mobile, 3, 4, 4), org_name: who.org_name,
    org_id_type: 'uscc', org_id_no: masked(who.org_id_no, 3, 5, 2), legal_rep_name: `${first(who.legal_rep_name)}**`,
  }, 'account');
});

await test('two persons act for one organisation, each as oneself', async () => {
  const one = await person('legal'), two = await person('legal', { org_id_no: one.who.org_id_no });
  const [a, b] = [(await one.api('GET', '/me')).json, (await two.api('GET', '/me')).json];
  equal([a.name, a.account.org_id_no], [b.name, b.account.org_id_no]);
  equal([a.actor, b.actor], [one.who.name, two.who.name]);
  equal(a.account.id_no, masked(one.who.id_no, 3, 5, 2), 'the first after the second logged in');
  check(a.offline_key !== b.offline_key, 'both have one offline key');
  const made = status(await one.api('POST', '/drafts', { kind: 'entity', action: 'create', values: {} }), 201).json;
  status(await two.api('GET', `/drafts/${made.id}`), 200, 'draft of the organisation');
  problem(await (await person('legal')).api('GET', `/drafts/${made.id}`), 404, 'not-found');
});

await test('an officer logs in beside an applicant in one browser', async () => {
  const desk = await officer('110101');
  const me = status(await desk.api('GET', '/review/me'), 200).json;
  equal([me.name, me.unit, me.region, me.roles], [desk.who.name, '110101', '110101', ['reviewer']]);
  equal(me.unit_name, desk.who.unit_name);
  problem(await desk.api('GET', '/me'), 401, 'not-logged-in');
  status(await logIn(desk, await freshPerson('person')), 303);
  status(await desk.api('GET', '/me'), 200);
  status(await desk.api('GET', '/review/me'), 200);
  status(await desk.api('POST', '/logout'), 204);
  status(await desk.api('GET', '/review/me'), 200, 'officer after the applicant left');
  status(await desk.api('POST', '/review/logout'), 204);
  status(await desk.api('GET', '/review/me'), 401);
});

await test('an account of the other side is told so; whose log-in has ended is asked to log in', async () => {
  const client = await person('person'), desk = await officer('110101');
  match(problem(await client.api('GET', '/review/queue'), 403, 'wrong-audience').detail, /审核人员账号登录/);
  match(problem(await desk.api('GET', '/applications'), 403, 'wrong-audience').detail, /个人或法人账号/);
  match(problem(await desk.api('POST', '/files', Buffer.from('x'), { 'content-type': 'image/png' }), 403, 'wrong-audience').detail, /个人或法人账号/);
  problem(await client.api('GET', '/review/me'), 401, 'not-logged-in');
  desk.cookies.set('beian', 'A'.repeat(43)); // an applicant was here, and is gone
  problem(await desk.api('GET', '/applications'), 401, 'not-logged-in');
  client.cookies.set('beian', `${'A'.repeat(43)}`);
  problem(await client.api('GET', '/review/queue'), 401, 'not-logged-in', 'a wrong session of the other side');
});

await test('an applicant is no officer, whatever the cookie is called', async () => {
  const client = await person('person');
  client.cookies.set('beian-review', client.cookies.get('beian'));
  problem(await client.api('GET', '/review/me'), 401, 'not-logged-in');
  const desk = await officer();
  desk.cookies.set('beian', desk.cookies.get('beian-review'));
  problem(await desk.api('GET', '/me'), 401, 'not-logged-in');
});

await test('nobody is logged in without a session', async () => {
  problem(await new Client().api('GET', '/me'), 401, 'not-logged-in');
  for (const id of ['x', 'A'.repeat(43), `${'A'.repeat(42)}.`, 'A'.repeat(5000)]) {
    const client = new Client();
    client.cookies.set('beian', id);
    problem(await client.api('GET', '/me'), 401, 'not-logged-in');
  }
});

await test('a log-in comes back to where the person was', async () => {
  const who = await freshPerson('person');
  for (const [wanted, place] of [
    [undefined, '/home'], ['/business/website?step=2', '/business/website?step=2'], ['/my/drafts#x', '/my/drafts#x'], ['//evil.example/', '/home'],
    ['https://evil.example/', '/home'], ['/\\evil.example', '/home'], ['/\t/evil.example', '/home'], ['/login', '/home'], ['/%0d%0aSet-Cookie:x', '/%0d%0aSet-Cookie:x'],
  ]) {
    const answer = await logIn(new Client(), who, { returnTo: wanted });
    equal(status(answer, 303).headers.location, place, `return_to ${wanted}`);
  }
  const desk = await freshPerson('officer', { unit_code: '110101', region: '110101' });
  equal((await logIn(new Client(), desk, { start: '/review/login', returnTo: '/home' })).headers.location, '/review');
});

await test('cookies are HttpOnly, Lax and for the whole site', async () => {
  const client = new Client(), who = await freshPerson('person');
  match(String((await client.get('/login')).headers['set-cookie']), /^beian-login=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
  match(String((await logIn(client, who)).headers['set-cookie']), /^beian=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
});

await test('every log-in is a new session and ends the old one of this browser', async () => {
  const client = await person('person'), old = client.cookies.get('beian'), before = (await client.api('GET', '/me')).json;
  status(await logIn(client, client.who), 303);
  const after = (await client.api('GET', '/me')).json;
  check(old !== client.cookies.get('beian'), 'the same session id');
  equal(after.offline_key, before.offline_key, 'offline key of the same person');
  client.cookies.set('beian', old);
  problem(await client.api('GET', '/me'), 401, 'not-logged-in');
});

await test('log out ends the session on the server, here only', async () => {
  const client = await person('person'), other = new Client();
  await logIn(other, client.who);
  const id = client.cookies.get('beian'), answer = await client.api('POST', '/logout');
  status(answer, 204);
  match(String(answer.headers['set-cookie']), /^beian=; Path=\/; HttpOnly; SameSite=Lax; Max-Age=0$/);
  client.cookies.set('beian', id);
  problem(await client.api('GET', '/me'), 401, 'not-logged-in');
  status(await other.api('GET', '/me'), 200, 'the other browser');
  status(await client.api('POST', '/logout'), 204, 'once more');
});

await test('another site cannot log anybody out', async () => {
  const client = await person('person');
  problem(await client.send('POST', '/api/v1/logout'), 403, 'wrong-origin');
  problem(await client.send('POST', '/api/v1/logout', { headers: { origin: 'https://evil.example', 'x-beian': '1' } }), 403, 'wrong-origin');
  status(await client.api('GET', '/me'), 200);
  status(await client.send('POST', '/api/v1/logout', { headers: { origin: client.base } }), 204);
});

await test('who refuses at the platform reads so and can start again', async () => {
  const client = new Client(), begun = await client.get('/login?return_to=/my/drafts');
  const answer = await request('POST', `${SANDBOX}/login`, {
    headers: { 'content-type': 'application/json' }, body: JSON.stringify({ refuse: true, authorization_url: begun.headers.location }),
  });
  const page = await client.get(status(answer, 200).json.redirect_url);
  status(page, 403);
  match(page.text, /没有登录成功[\s\S]*取消了登录[\s\S]*href="\/login\?return_to=%2Fmy%2Fdrafts">用户登录/);
  status(await client.api('GET', '/me'), 401);
  status(await logIn(client, await freshPerson('person')), 303);
});

await test('an answer of the platform counts once', async () => {
  const client = new Client(), who = await freshPerson('person'), begun = await client.get('/login');
  const body = JSON.stringify({ sub: who.sub, authorization_url: begun.headers.location });
  const { redirect_url } = (await request('POST', `${SANDBOX}/login`, { headers: { 'content-type': 'application/json' }, body })).json;
  status(await client.get(redirect_url), 303);
  const again = await client.get(redirect_url);
  status(again, 400);
  match(again.text, /已经用过/);
});

await test('the authorization request asks for a code with PKCE', async () => {
  const asked = new URL((await new Client().get('/login')).headers.location);
  const { code_challenge, state, nonce, ...rest } = Object.fromEntries(asked.searchParams);
  equal(rest, { response_type: 'code', client_id: 'beian', redirect_uri: `${new Client().base}/login/callback`, scope: 'openid identity org', code_challenge_method: 'S256' });
  for (const secret of [code_challenge, state, nonce]) match(secret, /^[\w-]{43}$/);
  const desk = new URL((await new Client().get('/review/login')).headers.location);
  equal([desk.searchParams.get('scope'), new URL(desk.searchParams.get('redirect_uri')).pathname], ['openid officer', '/review/callback']);
});

finish();
