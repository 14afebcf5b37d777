// @ts-check
/** The composition root: who is signed in, what is listed, then the stream from there on. */
import {html, render} from 'lit';
import {direction} from './words/format.js';
import {words} from './words/en.js';
import {onSettings, show, settings} from './state/local.js';
import {store} from './state/store.js';
import {live} from './api/live.js';
import {whenReached} from './api/client.js';
import {openOutbox, onSent, onReached, isUnderway, outgoing} from './api/outbox.js';
import {session, look, me, asksBy, signInAgain} from './session/session.js';
import {router} from './router.js';
import {begin, recount, readLines, listing, openList} from './conversation/sync.js';
import {filterOf} from './conversation/list.js';
import {keepMessage, isMine} from './conversation/state.js';
import {openDialog} from './part/dialog.js';
import {offerReload} from './shell.js';

show();
document.documentElement.dir = direction();

/** Events of one's own messages that wait for the answer to their request. @type {import('./state/store.js').LiveEvent[]} */
let waiting = [];

async function start() {
  if (document.querySelector('meta[name=parley-session]')?.getAttribute('content') === 'none') {
    await signInPage(); // no cookie, so nothing to ask for
    return;
  }
  const answer = await look();
  if (answer.ok) {
    performance.mark('parley-session');
    await enter();
  } else if (answer.status === 401) {
    await signInPage();
  } else {
    render(html`<main class="empty"><h1>${words.frame.product}</h1><p role="alert">${answer.problem.detail || words.unreached}</p>
      <button type="button" class="primary" @click=${() => location.reload()}>${words.tryAgain}</button></main>`, document.body);
  }
}

async function signInPage() {
  await import('./session/sign-in.js');
  const to = router.route.name === 'sign-in' ? router.route.query.get('to') ?? '/conversations' : location.pathname + location.search;
  if (router.route.name !== 'sign-in') {
    router.go(`/sign-in?to=${encodeURIComponent(to)}`, {replace: true});
  }
  document.title = words.frame.title(0, words.signIn.submit);
  const done = async () => {
    await look(); // as of which event all that follows is read at the earliest
    render(html``, document.body);
    router.go(to.startsWith('/') && !to.startsWith('//') && !to.startsWith('/sign-in') ? to : '/conversations', {replace: true});
    enter();
  };
  render(html`<main class="door"><parley-sign-in .onDone=${done}></parley-sign-in></main>`, document.body);
}

/** Over the page, so that nothing typed is lost. */
function signInDialog() {
  return import('./session/sign-in.js').then(() => openDialog({label: words.signIn.heading, kind: 'door', stays: true,
    content: (close) => html`<parley-sign-in again .user=${session.value.user?.name ?? ''} .onDone=${() => close(true)}></parley-sign-in>`}))
    .then((done) => {
      if (done) {
        live.again();
        recount();
      }
      return Boolean(done);
    });
}

let entered = false;

async function enter() {
  if (router.route.name === 'sign-in' || location.pathname === '/') {
    router.go('/conversations' + location.search, {replace: true});
  }
  if (!entered) {
    entered = true;
    wire();
  }
  render(html`<parley-shell></parley-shell>
    <p role="status" class="hidden" id="announcements" aria-label=${words.frame.announcements}></p>
    <div id="toasts" role="status"></div>`, document.body);
  readLines();
  recount();
  openOutbox(me());
  if (!router.route.path.startsWith('/conversations')) {
    openList(filterOf());
  }
  // The stream goes on from the first answer of all, so that it is behind each of them, whichever came first.
  const {asOf} = session.value;
  const joined = store.listen(() => {
    if (!listing.value.list.loading) {
      joined();
      live.join(me(), asOf ? String(asOf) : '');
    }
  });
}

function wire() {
  begin();
  asksBy(signInDialog);
  let out = false;
  live.on('signed-out', () => {
    // The next request would find out, too; a page that only looks has to be told.
    if (!out) {
      out = true;
      look().then((answer) => {
        out = false;
        if (!answer.ok && answer.status === 401) {
          signInAgain();
        }
      });
    }
  });
  live.on('other-user', () => location.reload());
  live.on('event', (/** @type {any} */ event) => take(event));
  live.on('line', (/** @type {any} */ line) => {
    if (line.up) {
      onReached();
      compareVersion(); // only a line that was down comes up
    }
  });
  live.on('notify', (/** @type {any} */ event) => settings().notifications && import('./session/notify.js').then((module) => module.notify(event)));
  live.at({notifies: settings().notifications});
  onSettings(() => live.at({notifies: settings().notifications}));
  whenReached((reached) => {
    if (!reached && live.line.up) {
      live.wake(true);
    }
  });
  onSent((entry, message, asOf) => {
    if (message) {
      keepMessage(message, asOf);
    }
    const held = waiting;
    waiting = [];
    held.forEach(take);
  });
}

/** @param {import('./state/store.js').LiveEvent} event */
function take(event) {
  const {name, data} = event;
  if (name === 'message.created' && isMine(data.author) && data.conversation && outgoing.value.length && isUnderway(data.conversation, data.text)) {
    waiting.push(event);
    return;
  }
  if (waiting.some((held) => held.data.id === data.message)) {
    waiting.push(event); // what becomes of a message that is not there yet
    return;
  }
  store.apply(event);
  performance.mark('parley-event', {detail: {id: event.id, at: event.at}});
  if (performance.getEntriesByName('parley-event').length > 200) {
    performance.clearMarks('parley-event');
  }
}

/** A page older than its daemon. */
async function compareVersion() {
  try {
    const page = await (await fetch('/', {headers: {Accept: 'text/html'}, cache: 'no-cache'})).text();
    const now = /name="parley-assets" content="([0-9a-f]+)"/.exec(page)?.[1];
    const mine = document.querySelector('meta[name=parley-assets]')?.getAttribute('content');
    if (now && mine && now !== mine) {
      offerReload();
    }
  } catch {
    // It will be tried again with the next connection.
  }
}

start();
