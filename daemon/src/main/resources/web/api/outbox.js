// @ts-check
/**
 * Messages on their way. Each is kept in `localStorage` under its idempotency key until the API has answered, so that it
 * survives a lost network, a lost answer, a reload and a restarted daemon, and is sent once.
 *
 * One request at a time for a conversation, in the order in which they were written.
 */
import {call, newKey} from './client.js';
import {BACKOFF} from './hub.js';
import {read, write, keysBelow} from '../state/local.js';
import {store} from '../state/store.js';

/** @typedef {{key: string, conversation: string, text: string, sendAt?: string, at: number, order: number, state: 'sending' | 'waiting' | 'held' | 'refused',
 *   tries: number, detail?: string, owner: string, ownedUntil: number}} Entry */

const ANSWER_MAX = 15_000;
/** After so long nothing goes out by itself any more. */
const BY_ITSELF_MAX = 15 * 60_000;
/** How long another tab's entry is left to it. */
const LEASE = 40_000;

const tab = newKey();
let user = '';
let order = 0;
let reachable = () => {};

/** @type {import('../state/store.js').Part<Entry[]>} */
export const outgoing = store.part(/** @type {Entry[]} */ ([]));

/** @type {((entry: Entry, message: any, asOf: number) => void)[]} */
const listeners = [];
const busy = /** @type {Set<string>} */ (new Set());
const timers = /** @type {Map<string, number>} */ (new Map());

const prefix = () => `parley/${user}/outbox/`;
const keep = (/** @type {Entry} */ entry) => write(prefix() + entry.key, entry);

/** @param {(entry: Entry, message: any, asOf: number) => void} listener told of what the API has taken */
export function onSent(listener) {
  listeners.push(listener);
}

/** @param {string} id whose messages */
export function openOutbox(id) {
  user = id;
  load();
  addEventListener('storage', (event) => event.key?.startsWith(prefix()) && load());
  addEventListener('online', retryNow);
  addEventListener('pagehide', release);
  setInterval(load, LEASE / 2);
  reachable = retryNow;
}

function load() {
  const entries = keysBelow(prefix()).map((key) => /** @type {Entry} */ (read(key))).filter(Boolean);
  entries.sort((one, other) => one.at - other.at || one.order - other.order);
  outgoing.set(entries);
  for (const entry of entries) {
    if (entry.state !== 'refused' && entry.state !== 'held') {
      pump(entry.conversation);
    }
  }
}

/** Leaves what waits to other tabs. */
function release() {
  for (const entry of outgoing.value) {
    if (entry.owner === tab) {
      keep({...entry, ownedUntil: 0});
    }
  }
}

/** @param {string} conversation @param {string} text @param {string} [sendAt] @returns {Entry} */
export function send(conversation, text, sendAt) {
  const entry = {key: newKey(), conversation, text, ...(sendAt ? {sendAt} : {}), at: Date.now(), order: order++,
    state: /** @type {const} */ ('sending'), tries: 0, owner: tab, ownedUntil: Date.now() + LEASE};
  keep(entry);
  outgoing.update((all) => [...all, entry]);
  pump(conversation);
  return entry;
}

/** @param {string} conversation */
export const outgoingOf = (conversation) => outgoing.value.filter((entry) => entry.conversation === conversation);

/** Whether one's own message of this text is about to be answered, so that its event has to wait. @param {string} conversation @param {string} text */
export const isUnderway = (conversation, text) => outgoing.value.some((entry) => entry.conversation === conversation && entry.text === text
  && (busy.has(entry.key) || (entry.tries > 0 && entry.state === 'waiting')));

/** Same key: what was taken already is answered, not sent again. @param {string} key */
export function sendNow(key) {
  change(key, {state: 'sending', at: Date.now(), tries: 0, owner: tab, ownedUntil: Date.now() + LEASE});
  const entry = outgoing.value.find((each) => each.key === key);
  if (entry) {
    pump(entry.conversation);
  }
}

/** @param {string} key @returns {Entry | undefined} what was taken out */
export function takeOut(key) {
  const entry = outgoing.value.find((each) => each.key === key);
  write(prefix() + key, null);
  outgoing.update((all) => all.filter((each) => each.key !== key));
  if (entry) {
    pump(entry.conversation);
  }
  return entry;
}

/** @param {string} key @param {Partial<Entry>} how */
function change(key, how) {
  outgoing.update((all) => all.map((each) => {
    if (each.key !== key) {
      return each;
    }
    const changed = {...each, ...how};
    keep(changed);
    return changed;
  }));
}

/** The network seems to be back. */
export function retryNow() {
  for (const [conversation, timer] of timers) {
    clearTimeout(timer);
    timers.delete(conversation);
    pump(conversation);
  }
}
export const onReached = () => reachable();

/** Sends the first that waits in a conversation, if none is on its way there. @param {string} conversation */
async function pump(conversation) {
  if (timers.has(conversation)) {
    return;
  }
  const all = outgoingOf(conversation);
  if (all.some((entry) => busy.has(entry.key))) {
    return;
  }
  const entry = all.find((each) => each.state === 'sending' || each.state === 'waiting');
  if (!entry) {
    return;
  }
  if (entry.owner !== tab && entry.ownedUntil > Date.now()) {
    return; // another tab's; a dead one's is looked at again later
  }
  if (Date.now() - entry.at > BY_ITSELF_MAX) {
    change(entry.key, {state: 'held'});
    pump(conversation);
    return;
  }
  busy.add(entry.key);
  change(entry.key, {owner: tab, ownedUntil: Date.now() + LEASE, tries: entry.tries + 1});
  const answer = await call('POST', `/conversations/${conversation}/messages`,
    {body: {text: entry.text, ...(entry.sendAt ? {sendAt: entry.sendAt} : {})}, key: entry.key, timeout: ANSWER_MAX});
  if (answer.ok) {
    // Out of the outbox and into the thread in one step, so that it is never shown twice.
    write(prefix() + entry.key, null);
    busy.delete(entry.key);
    outgoing.update((known) => known.filter((each) => each.key !== entry.key));
    listeners.forEach((listener) => listener(entry, answer.value, answer.asOf));
    pump(conversation);
    return;
  }
  busy.delete(entry.key);
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 401 && answer.status !== 408 && answer.status !== 429
      && answer.problem.code !== 'csrf') {
    change(entry.key, {state: 'refused', detail: answer.problem.detail});
    listeners.forEach((listener) => listener(entry, null, 0));
    pump(conversation);
    return;
  }
  change(entry.key, {state: 'waiting'});
  const wait = answer.retryAfter > 0 ? answer.retryAfter * 1_000 : BACKOFF[Math.min(entry.tries, BACKOFF.length - 1)];
  timers.set(conversation, setTimeout(() => {
    timers.delete(conversation);
    pump(conversation);
  }, wait));
}
