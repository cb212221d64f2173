// Every act in every state, by the right and the wrong person: what is no transition is refused and changes nothing.
import { test, finish, check, equal, status, problem, person, officer, eventually } from './lib/index.mjs';
import { anEntity, aSite, both, submit, newDraft, websiteValues, entityValues, application, withdraw, claim, release, view, decide, reason } from './lib/filing.mjs';
import { count } from './lib/rows.mjs';

const region = '110101';
const fresh = () => person('legal', { region });
const desk = await officer(region);
const elsewhere = await officer('330110');
const stranger = await fresh();

// How to bring a web site's application (its entity passed) into each state.
async function site(state) {
  const who = await fresh();
  const ids = await both(who);
  status(await claim(desk, ids.siteApplication), 200);
  status(await decide(desk, ids.entityApplication, 'pass'), 200);
  const id = ids.siteApplication;
  if (state === 'waiting') status(await release(desk, id), 200);
  if (state === 'passed') status(await decide(desk, id, 'pass'), 200);
  if (state === 'refused') status(await decide(desk, id, 'refuse'), 200);
  if (state === 'returned') status(await decide(desk, id, 'return'), 200);
  if (state === 'withdrawn') {
    status(await release(desk, id), 200);
    status(await withdraw(who, id), 200);
  }
  equal((await application(who, id)).state, state, 'made state');
  return { who, id, ...ids };
}

const STATES = ['waiting', 'reviewing', 'passed', 'refused', 'returned', 'withdrawn'];
// act: [who does it, states where it is allowed, how]
const ACTS = {
  withdraw: { allowed: ['waiting'], run: ({ who, id }) => withdraw(who, id) },
  mend: { allowed: ['returned', 'refused', 'withdrawn'], keeps: true, run: ({ who, id }) => who.api('POST', `/applications/${id}/mend`) },
  claim: { allowed: ['waiting', 'reviewing'], run: ({ id }) => claim(desk, id) },
  release: { allowed: ['reviewing'], run: ({ id }) => release(desk, id) },
  pass: { allowed: ['reviewing'], run: ({ id }) => decide(desk, id, 'pass') },
  return: { allowed: ['reviewing'], run: ({ id }) => decide(desk, id, 'return') },
  refuse: { allowed: ['reviewing'], run: ({ id }) => decide(desk, id, 'refuse') },
};
const NEXT = { withdraw: 'withdrawn', claim: 'reviewing', release: 'waiting', pass: 'passed', return: 'returned', refuse: 'refused' };

for (const state of STATES)
  await test(`${state}: what is allowed works, all else is refused with a sentence and changes nothing`, async () => {
    const made = await site(state);
    for (const [name, act] of Object.entries(ACTS).filter(([, one]) => !one.allowed.includes(state))) {
      const answer = problem(await act.run(made), 409);
      check(answer.detail.includes('“') || answer.detail.length > 8, `${name}: ${answer.detail}`);
      equal((await application(made.who, made.id)).state, state, `after ${name}`);
    }
    for (const [name, act] of Object.entries(ACTS).filter(([, one]) => one.allowed.includes(state))) {
      const again = name === Object.keys(ACTS).find((n) => ACTS[n].allowed.includes(state)) ? made : await site(state);
      status(await act.run(again), 200, name);
      equal((await application(again.who, again.id)).state, act.keeps ? state : NEXT[name], `after ${name}`);
    }
  });

await test('every act by the wrong person is 404 or 403, in every state, and changes nothing', async () => {
  for (const state of STATES) {
    const { who, id, filing, entity } = await site(state);
    const wrong = [
      [404, () => stranger.api('GET', `/applications/${id}`)], [404, () => stranger.api('GET', `/filings/${filing}`)],
      [404, () => stranger.api('GET', `/entities/${entity}`)], [404, () => stranger.api('GET', `/entities/${entity}/filings?kind=website`)],
      [404, () => withdraw(stranger, id)], [404, () => stranger.api('POST', `/applications/${id}/mend`)],
      [404, () => claim(elsewhere, id)], [404, () => release(elsewhere, id)],
      [404, () => elsewhere.api('POST', `/review/applications/${id}/view`)],
      [404, () => elsewhere.api('POST', `/applications/${id}/decision`, { verdict: 'return', reasons: [reason()], rev: 0 })],
      [403, () => claim(who, id)], [403, () => withdraw(desk, id)], [403, () => desk.api('GET', `/applications/${id}`)],
    ];
    for (const [wanted, call] of wrong) equal((await call()).status, wanted);
    equal((await application(who, id)).state, state);
  }
});

await test('a guess at another person\'s id is on record', async () => {
  const nosy = await fresh();
  const { id } = await site('waiting');
  problem(await nosy.api('GET', `/applications/${id}`), 404, 'not-found');
  if (!process.env.BEIAN_DATA_DIR) return;
  const guesses = () => count(`select count(*) from event where act='guess' and subject='${id}'`);
  await eventually(() => guesses() >= 1, 'the event');
});

// The states of an entity and what may be begun or submitted for it.
const ENTITIES = {
  'waiting for its first business': { fine: true, make: async (who) => (await anEntity(who)).entity },
  'before the police': { fine: true, make: async (who) => (await both(who)).entity },
  returned: {
    fine: true,
    make: async (who) => {
      const ids = await both(who);
      status(await claim(desk, ids.entityApplication), 200);
      status(await decide(desk, ids.entityApplication, 'return'), 200);
      return ids.entity;
    },
  },
  valid: {
    fine: true,
    make: async (who) => {
      const ids = await both(who);
      status(await claim(desk, ids.entityApplication), 200);
      status(await decide(desk, ids.entityApplication, 'pass'), 200);
      return ids.entity;
    },
  },
  refused: {
    fine: false,
    make: async (who) => {
      const ids = await both(who);
      status(await claim(desk, ids.entityApplication), 200);
      status(await decide(desk, ids.entityApplication, 'refuse'), 200);
      return ids.entity;
    },
  },
  withdrawn: {
    fine: false,
    make: async (who) => {
      const { entity, entityApplication } = await anEntity(who);
      status(await withdraw(who, entityApplication), 200);
      return entity;
    },
  },
};
for (const [name, { fine, make }] of Object.entries(ENTITIES))
  await test(`an entity that is ${name}: a new business is ${fine ? 'accepted' : 'refused'}`, async () => {
    const who = await fresh();
    const entity = await make(who);
    const domain = `m${Date.now().toString(36)}.cn`;
    const answer = await who.api('POST', '/drafts', { kind: 'website', action: 'create', entity, values: await websiteValues(who, { domain, url: `https://${domain}/` }) });
    if (!fine) return void problem(answer, 409, 'not-now');
    status(answer, 201);
    equal(status(await submit(who, answer.json.id), 201).json.state, 'waiting');
  });

await test('a draft that was begun before the entity ended is not submitted after', async () => {
  const who = await fresh();
  const { entity, entityApplication } = await anEntity(who);
  const draft = await newDraft(who, 'website', await websiteValues(who), entity);
  status(await withdraw(who, entityApplication), 200);
  problem(await submit(who, draft), 409, 'not-now');
  status(await who.api('GET', `/drafts/${draft}`), 200);
});

await test('a user without an entity, or with a draft of one only, begins no business', async () => {
  const who = await fresh();
  const entity = await newDraft(who, 'entity', await entityValues(who));
  problem(await who.api('POST', '/drafts', { kind: 'website', action: 'create', entity }), 404, 'not-found');
});

await test('an officer of the unit sees what was decided before', async () => {
  const { id, who } = await site('refused');
  equal((await view(desk, id)).application.state, 'refused');
  check((await aSite(who, (await anEntity(who)).entity, { domain: `n${Date.now().toString(36)}.cn` })).filing, 'life goes on');
});

finish();
