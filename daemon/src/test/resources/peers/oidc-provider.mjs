// An OpenID provider with two users and one client, and no forms: /interaction signs in whom the query of the last
// /as?user= names. Written for npm oidc-provider 9.
import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';
import {createServer} from 'node:http';

const [modules, redirect] = process.argv.slice(2);
const require = createRequire(pathToFileURL(modules + '/'));
const {Provider} = await import(pathToFileURL(require.resolve('oidc-provider')).href);

const people = {
  alice: {groups: ['staff', 'parley-admins']},
  bob: {groups: ['movers']},
  eve: {groups: ['guests']},
};
let user = 'alice';
const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'parley', client_secret: 'a secret of twenty-four', redirect_uris: [redirect],
    response_types: ['code'], grant_types: ['authorization_code'],
  }],
  pkce: {required: () => true},
  claims: {openid: ['sub'], profile: ['preferred_username', 'groups']},
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({sub: id, preferred_username: id, groups: people[id].groups}),
  }),
  features: {devInteractions: {enabled: false}},
  interactions: {url: (_, interaction) => `/interaction/${interaction.uid}`},
  cookies: {keys: ['a key for tests']},
});
const callback = provider.callback();
server.on('request', async (request, response) => {
  const url = new URL(request.url, issuer);
  if (url.pathname === '/as') {
    user = url.searchParams.get('user');
    for (const [name, groups] of Object.entries(people)) {
      groups.groups = url.searchParams.get(name)?.split(',') ?? groups.groups;
    }
    response.end();
  } else if (url.pathname.startsWith('/interaction/')) {
    const {prompt, params} = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') {
      await provider.interactionFinished(request, response, {login: {accountId: user}}, {mergeWithLastSubmission: false});
    } else {
      const grant = new provider.Grant({accountId: user, clientId: params.client_id});
      grant.addOIDCScope(params.scope);
      await provider.interactionFinished(request, response, {consent: {grantId: await grant.save()}}, {mergeWithLastSubmission: true});
    }
  } else {
    callback(request, response);
  }
});
console.log(`issuer ${issuer}`);
