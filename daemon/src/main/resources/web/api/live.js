// @ts-check
/** The tab's end of the hub: joins with what was read, hands events on, says whether there is a connection. */
import {BACKOFF, Hub} from './hub.js';

/** @typedef {{id: string, name: string, data: any, at: number}} LiveEvent */

const listeners = {
  event: /** @type {Set<(event: LiveEvent) => void>} */ (new Set()),
  reset: /** @type {Set<(id: string) => void>} */ (new Set()),
  line: /** @type {Set<(line: {up: boolean, since: number}) => void>} */ (new Set()),
  'signed-out': /** @type {Set<() => void>} */ (new Set()),
  'other-user': /** @type {Set<() => void>} */ (new Set()),
  notify: /** @type {Set<(event: LiveEvent) => void>} */ (new Set()),
};

let post = /** @type {((message: any) => void) | null} */ (null);
let joined = /** @type {{user: string, since: string} | null} */ (null);
let latest = '';
let here = {visible: true, focused: true, conversation: '', notifies: false};

export const live = {
  line: {up: true, since: Date.now()},

  /** @param {keyof typeof listeners} what @param {(...all: any[]) => void} listener @returns {() => void} ends it */
  on(what, listener) {
    listeners[what].add(/** @type {any} */ (listener));
    return () => listeners[what].delete(/** @type {any} */ (listener));
  },

  /** @param {string} user @param {string} since the event that what is shown was read as of */
  join(user, since) {
    joined = {user, since};
    latest = since;
    connect();
    post?.({type: 'join', user, since});
    tellWhere();
  },

  /** Goes on where this tab is, after somebody signed in again. */
  again() {
    if (joined) {
      live.join(joined.user, latest);
    }
  },

  leave() {
    post?.({type: 'leave'});
    joined = null;
  },

  /** What this tab shows. @param {Partial<typeof here>} change */
  at(change) {
    here = {...here, ...change};
    tellWhere();
  },

  /** A request failed for want of a network, or the network seems to be back. */
  wake(hard = false) {
    post?.({type: 'wake', hard});
  },
};

function tellWhere() {
  if (joined) {
    post?.({type: 'here', ...here});
  }
}

/** @param {any} message */
function hear(message) {
  switch (message.type) {
    case 'event':
      latest = message.id;
      listeners.event.forEach((listener) => listener(message));
      break;
    case 'notify':
      listeners.notify.forEach((listener) => listener(message));
      break;
    case 'reset':
      latest = message.id || latest;
      listeners.reset.forEach((listener) => listener(message.id));
      break;
    case 'line':
      turn(message.up, message.since);
      break;
    default:
      listeners[/** @type {'signed-out'} */ (message.type)]?.forEach((listener) => listener());
  }
}

let hubUp = true;
let hubSince = Date.now();
let offlineSince = 0;

/** @param {boolean} up @param {number} since */
function turn(up, since) {
  hubUp = up;
  hubSince = since;
  tellLine();
}

function tellLine() {
  const up = hubUp && !offlineSince;
  if (up !== live.line.up) {
    live.line = {up, since: up ? Date.now() : offlineSince || hubSince};
    listeners.line.forEach((listener) => listener(live.line));
  }
}

/** The one policy of ours: makes the worker's address, nothing else. */
function trusted(/** @type {string} */ address) {
  const factory = /** @type {any} */ (globalThis).trustedTypes;
  return factory ? factory.createPolicy('parley', {createScriptURL: (/** @type {string} */ url) => url}).createScriptURL(address) : address;
}

/**
 * Begins to read with the other tabs. The reader's own script comes by the network, too, and may not: a worker that could
 * not be loaded never says a word. Another is begun after a while, or as soon as the network is back.
 *
 * @param {string} address @param {number} tries
 */
function share(address, tries) {
  const worker = new SharedWorker(address, {type: 'module', name: 'parley'});
  worker.port.onmessage = (message) => hear(message.data);
  worker.port.start();
  post = (message) => worker.port.postMessage(message);
  worker.addEventListener('error', () => {
    post = () => {};
    turn(false, hubUp ? Date.now() : hubSince);
    let begun = false;
    const begin = () => {
      if (!begun) {
        begun = true;
        removeEventListener('online', begin);
        share(address, tries + 1);
        live.again();
      }
    };
    addEventListener('online', begin);
    setTimeout(begin, BACKOFF[Math.min(tries, BACKOFF.length - 1)]);
  }, {once: true});
}

function connect() {
  if (post) {
    return;
  }
  if (typeof SharedWorker !== 'undefined') {
    share(trusted(new URL('./hub.js', import.meta.url).href), 0);
  } else {
    const hub = new Hub({fetch: (...all) => fetch(...all), url: '/api/v1/events'});
    post = (message) => hub.hear('page', message, hear);
    // Without a shared one, each visible tab reads for itself.
    document.addEventListener('visibilitychange', () => {
      if (joined) {
        post?.(document.visibilityState === 'visible' ? {type: 'join', ...joined, since: latest} : {type: 'leave'});
      }
    });
  }
  addEventListener('online', () => {
    offlineSince = 0;
    tellLine();
    live.wake(false);
  });
  addEventListener('offline', () => {
    offlineSince = Date.now();
    tellLine();
  });
  if (!navigator.onLine) { // it went away before anybody listened
    offlineSince = Date.now();
    tellLine();
  }
  addEventListener('pagehide', () => joined && post?.({type: 'leave'}));
  addEventListener('pageshow', (event) => {
    if (event.persisted && joined) {
      post?.({type: 'join', ...joined, since: latest});
      live.wake(false);
    }
  });
  const look = () => live.at({visible: document.visibilityState === 'visible', focused: document.hasFocus()});
  document.addEventListener('visibilitychange', look);
  addEventListener('focus', look);
  addEventListener('blur', look);
  let ticked = Date.now();
  setInterval(() => { // a tab that slept comes back much later than it meant to
    if (Date.now() - ticked > 60_000) {
      live.wake(false);
    }
    ticked = Date.now();
  }, 5_000);
}
