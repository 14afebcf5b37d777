// @ts-check
/** What is read from the API, and when: on opening, on scrolling, and because of an event. */
import {get, post, query, search} from '../api/client.js';
import {live} from '../api/live.js';
import {store, isOld} from '../state/store.js';
import {drafts, keepDraft} from '../state/local.js';
import {conversations, threads, counts, lines, keepConversations, keepMessage, changeThread, caughtUp, forget, merged, placesOf, PAGE, SHOWN_MAX} from './state.js';

/** A list in the order of the API: ids, and how to go on. @typedef {{ids: string[], next: string | null, asOf: number, loading: boolean, problem: any, whole: boolean}} Listing */

export const listing = store.part(/** @type {{key: string, list: Listing}} */ ({key: '', list: {ids: [], next: null, asOf: 0, loading: true, problem: null, whole: false}}));

/** @typedef {{show: string, line: string, q: string}} Filter */

/** @param {Filter} filter */
function parameters({show, line}) {
  return {
    line,
    closed: show === 'closed' ? 'true' : 'false',
    unread: show === 'unread' ? 'true' : '',
    needs: show === 'needs' ? 'true' : '',
    done: show === 'done' ? 'true' : show === 'all' ? 'false' : '',
  };
}

/** After how long what nobody answered is asked for again. */
const AGAIN_AFTER = 5_000;

let asked = 0;
let asking = /** @type {AbortController | null} */ (null);
let again = () => {};

/** Reads a list afresh; what is shown stays until it comes. @param {Filter} filter @param {{quiet?: boolean}} [how] @returns {Promise<boolean>} whether it came */
export async function openList(filter, {quiet = false} = {}) {
  const turn = ++asked;
  const key = JSON.stringify(filter);
  again = () => openList(filter);
  const before = listing.value;
  if (!quiet) {
    listing.set({key, list: before.key === key ? {...before.list, loading: true, problem: null}
      : {ids: [], next: null, asOf: 0, loading: true, problem: null, whole: false}});
  }
  const want = quiet && before.key === key ? Math.min(200, Math.max(50, before.list.ids.length)) : 50;
  asking?.abort(); // what was typed before is not searched for any more
  asking = new AbortController();
  const answer = await search('/conversations', {...parameters(filter), query: filter.q, limit: want}, {signal: asking.signal});
  if (turn !== asked) {
    return true; // a later one sees to it
  }
  if (!answer.ok) {
    listing.update((value) => ({...value, list: {...value.list, loading: false, problem: answer.problem}}));
    return false;
  }
  keepConversations(answer.value.items, answer.asOf);
  const ids = answer.value.items.map((/** @type {any} */ each) => each.id);
  listing.set({key, list: {ids, next: answer.value.next, asOf: answer.asOf, loading: false, problem: null, whole: !answer.value.next}});
  for (const event of store.since(answer.asOf)) {
    placesToldOf(event).filter((id) => conversations.value.has(id)).forEach(raise); // it came while the answer was on its way
  }
  return true;
}

let growing = false;

/** @param {Filter} filter */
export async function growList(filter) {
  const {key, list} = listing.value;
  if (growing || !list.next || list.loading) {
    return;
  }
  growing = true;
  const answer = await search('/conversations', {...parameters(filter), query: filter.q, limit: 200, cursor: list.next});
  growing = false;
  if (answer.ok && listing.value.key === key) {
    keepConversations(answer.value.items, answer.asOf);
    listing.update((value) => ({...value, list: {...value.list, next: answer.value.next, whole: !answer.value.next,
      ids: [...new Set([...value.list.ids, ...answer.value.items.map((/** @type {any} */ each) => each.id)])]}}));
  }
}

/** @type {Map<string, Promise<any>>} */
const reading = new Map();

/**
 * @param {string} id @param {string} [because] the event after which it has to be read: an answer that was on its way
 *   before may not have it @returns {Promise<import('../api/client.js').Answer>}
 */
export function readConversation(id, because) {
  const under = reading.get(id);
  if (under) {
    return because ? under.then((read) => (read.ok && isOld(because, read.asOf) ? read : readConversation(id))) : under;
  }
  const answer = get(`/conversations/${id}`).then((read) => {
    reading.delete(id);
    if (read.ok) {
      keepConversations([read.value], read.asOf);
    } else if (read.status === 404) {
      lose(id);
    }
    return read;
  });
  reading.set(id, answer);
  return answer;
}

/** What may not be seen any more leaves everything. @param {string} id */
export function lose(id) {
  if (conversations.value.has(id) || threads.value.has(id)) {
    lost.update((all) => new Set(all).add(id));
  }
  keepDraft(id, null);
  listing.update((value) => (value.list.ids.includes(id) ? {...value, list: {...value.list, ids: value.list.ids.filter((each) => each !== id)}} : value));
  forget(id);
}
export const lost = store.part(/** @type {Set<string>} */ (new Set()));

let counting = 0;
let countedAsOf = 0;

/** Once for all that asks within a moment. What asks while an answer is on its way is counted once more. */
export function recount() {
  if (counting) {
    return;
  }
  counting = setTimeout(async () => {
    counting = 0;
    const answer = await get('/conversations/counts');
    if (answer.ok && answer.asOf >= countedAsOf) {
      countedAsOf = answer.asOf;
      counts.set(answer.value);
    }
  }, counts.value.unread === 0 ? 50 : 400);
}

export async function readLines() {
  const answer = await get('/lines');
  if (answer.ok) {
    lines.set(answer.value.items ?? answer.value);
  }
}

// ---- a thread ----

/** @param {string} id @param {string} [around] the message in whose middle to begin */
export async function openThread(id, around) {
  changeThread(id, (thread) => ({...thread, loading: 'first', problem: null, stalled: ''}));
  const answer = await get(`/conversations/${id}/messages` + query({limit: PAGE, around}));
  if (!answer.ok) {
    changeThread(id, (thread) => ({...thread, loading: '', problem: answer.problem}));
    return;
  }
  changeThread(id, (thread) => {
    // What was said since the answer was read has come by the stream already.
    const oldest = answer.value.items.at(-1);
    const since = answer.value.previous ? [] : thread.items.filter((item) => (!item.asOf || item.asOf > answer.asOf) && (!oldest || byId(item, oldest) >= 0));
    return caughtUp(id, {...thread, ...windowOf(answer), loading: '', problem: null, asOf: answer.asOf, items: merged(stamped(answer), since)}, answer.asOf);
  });
}

const byId = (/** @type {any} */ one, /** @type {any} */ other) => one.id.length - other.id.length || (one.id < other.id ? -1 : 1);
const stamped = (/** @type {any} */ answer) => answer.value.items.map((/** @type {any} */ item) => ({...item, asOf: answer.asOf}));
/** Newest first: `next` leads to older ones, `previous` to newer ones. @param {any} answer */
const windowOf = (answer) => ({older: answer.value.next ?? null, newer: answer.value.previous ?? null});

/** @param {string} id */
export async function older(id) {
  const thread = threads.value.get(id);
  if (!thread?.older || thread.loading) {
    return;
  }
  changeThread(id, (known) => ({...known, loading: 'older', stalled: ''}));
  const answer = await get(`/conversations/${id}/messages` + query({limit: PAGE, cursor: thread.older}));
  changeThread(id, (known) => {
    if (!answer.ok) {
      return {...known, loading: '', stalled: 'older'};
    }
    const items = merged(known.items, stamped(answer));
    const dropped = items.length > SHOWN_MAX;
    const kept = dropped ? items.slice(0, SHOWN_MAX) : items;
    return caughtUp(id, {...known, items: kept, older: answer.value.next ?? null, loading: '', newer: dropped ? `after:${kept.at(-1)?.id}` : known.newer}, answer.asOf);
  });
}

/** @param {string} id */
export async function newer(id) {
  const thread = threads.value.get(id);
  if (!thread?.newer || thread.loading) {
    return;
  }
  changeThread(id, (known) => ({...known, loading: 'newer', stalled: ''}));
  const after = thread.items.at(-1)?.id;
  const answer = await get(`/conversations/${id}/messages` + query({limit: PAGE, after}));
  changeThread(id, (known) => {
    if (!answer.ok) {
      return {...known, loading: '', stalled: 'newer'};
    }
    const items = merged(known.items, stamped(answer));
    const dropped = items.length > SHOWN_MAX;
    const kept = dropped ? items.slice(-SHOWN_MAX) : items;
    return caughtUp(id, {...known, items: kept, loading: '', newer: answer.value.previous ?? null, older: dropped ? cursorBefore(kept[0], known) : known.older,
      asOf: answer.value.previous ? known.asOf : answer.asOf || known.asOf}, answer.asOf);
  });
}

/** Older ones are asked for by the id of the first that is shown. */
const cursorBefore = (/** @type {any} */ first, /** @type {any} */ known) => (first ? first.id : known.older);

/** The latest page again, as after a jump. @param {string} id */
export const latest = (id) => openThread(id);

// ---- what events make us ask ----

const textless = /** @type {Set<string>} */ (new Set());

/** @param {string} id of an unrouted text, which the event does not tell */
async function readMessage(id) {
  if (textless.has(id)) {
    return;
  }
  textless.add(id);
  const answer = await get(`/messages/${id}`);
  textless.delete(id);
  if (answer.ok) {
    keepMessage(answer.value, answer.asOf);
  }
}

/** A conversation that an event is the first to tell of. @param {string} id */
const meet = (id) => readConversation(id).then((read) => (read.ok ? raise(id) : read.status !== 404 && readAgain()));

/** Where an event says that something was said, or begun. @param {import('../state/store.js').LiveEvent} event @returns {string[]} */
const placesToldOf = ({name, data}) => (name === 'message.created' || name === 'message.received' ? placesOf(data)
  : name === 'conversation.created' ? [data.id] : []);

/** @param {import('../state/store.js').LiveEvent} event */
function asks(event) {
  const {name, data} = event;
  if (name === 'message.created' || name === 'message.received') {
    for (const place of placesToldOf(event)) {
      if (!conversations.value.has(place)) {
        meet(place);
      } else {
        raise(place);
      }
    }
    if (!data.conversation && data.text === null) {
      readMessage(data.id);
    }
    if (data.direction === 'inbound') {
      recount();
    }
  } else if (name === 'conversation.created' || name === 'conversation.updated') {
    const known = conversations.value.get(data.id)?.conversation;
    if (!known) {
      meet(data.id);
    } else if (known.unread > 0 && (known.needs ?? []).includes('route') && !(data.needs ?? []).includes('route')) {
      readConversation(data.id, event.id); // what was unread here has its place elsewhere now
    }
    if (known && threads.value.get(data.id)?.items.some((item) => !item.conversation)) {
      refreshWaiting(data.id);
    }
    recount();
  } else if (name === 'conversation.read') {
    recount();
  } else if (name === 'delivery.updated' && data.status === 'failed') {
    recount();
  }
}

/** Texts that waited here may have been placed where we do not look. @param {string} id */
async function refreshWaiting(id) {
  for (const item of threads.value.get(id)?.items.filter((each) => !each.conversation) ?? []) {
    const answer = await get(`/messages/${item.id}`);
    const gone = answer.ok ? !placesOf(answer.value).includes(id) : answer.status === 404;
    if (gone) {
      changeThread(id, (thread) => ({...thread, items: thread.items.filter((each) => each.id !== item.id)}));
    } else if (answer.ok) {
      keepMessage(answer.value, answer.asOf);
    }
  }
}

/** Puts a conversation among those that are listed, where its activity belongs; what was searched for stays what was found. @param {string} id */
function raise(id) {
  listing.update((value) => (value.list.ids.includes(id) || value.list.loading || isSearched(value.key) ? value : {...value, list: {...value.list, ids: [id, ...value.list.ids]}}));
}
const isSearched = (/** @type {string} */ key) => key !== '' && JSON.parse(key).q !== '';

/** Asks by the list, which answers without a word of what may not be seen. @param {string} id @returns {Promise<boolean | null>} null where nobody answered */
async function isStillOurs(id) {
  const known = conversations.value.get(id)?.conversation;
  const readIt = async () => {
    const read = await readConversation(id);
    return read.ok || (read.status === 404 ? false : null);
  };
  if (!known) {
    return readIt();
  }
  const answer = await get('/conversations' + query({participant: known.participants[0]?.number, line: known.line.id, limit: 200}));
  if (!answer.ok) {
    return null;
  }
  keepConversations(answer.value.items, answer.asOf);
  const there = answer.value.items.some((/** @type {any} */ each) => each.id === id);
  if (!there && answer.value.next) {
    return readIt();
  }
  if (!there) {
    lose(id);
  }
  return there;
}

/** Whether what is shown has to be read again, which nobody has answered yet. */
let behind = false;
let trying = 0;

/** Reads again what is shown; drafts, scroll and focus stay. Without an answer it is tried until there is one: the
 * stream tells only once that it has missed something. */
export async function readAgain() {
  behind = true;
  const turn = ++trying;
  const done = await readShown();
  if (turn !== trying) {
    return;
  }
  behind = !done;
  if (behind) {
    setTimeout(() => behind && turn === trying && readAgain(), AGAIN_AFTER);
  }
}

/** @returns {Promise<boolean>} whether all of it was answered */
async function readShown() {
  const filter = listing.value.key ? JSON.parse(listing.value.key) : null;
  const known = [...conversations.value.keys()];
  const open = [...threads.value.keys()];
  if (filter && !await openList(filter, {quiet: true})) {
    return false;
  }
  recount();
  readLines();
  for (const id of open) {
    const ours = await isStillOurs(id);
    if (ours === null || (ours && !await refresh(id))) {
      return false;
    }
  }
  const shown = new Set([...listing.value.list.ids, ...open]);
  // Nor does a draft stay for what may not be seen any more.
  for (const id of drafts().filter((place) => /^[0-9]+$/.test(place) && !shown.has(place))) {
    if (await isStillOurs(id) === null) {
      return false;
    }
  }
  // What is not on the list any more may be gone, or only further down: whoever opens it finds out.
  known.filter((id) => !shown.has(id)).forEach(forget);
  return true;
}

/** The newest page of a thread joined to what is shown, or the thread afresh where a gap would stay. @param {string} id @returns {Promise<boolean>} */
async function refresh(id) {
  const thread = threads.value.get(id);
  if (!thread || thread.newer) {
    return true;
  }
  const answer = await get(`/conversations/${id}/messages` + query({limit: PAGE}));
  if (!answer.ok) {
    return false;
  }
  changeThread(id, (known) => {
    const read = stamped(answer);
    const oldest = read.at(-1);
    const joins = !answer.value.next || known.items.some((item) => oldest && item.id === oldest.id) || known.items.some((item) => oldest && byId(item, oldest) > 0);
    const inWindow = new Set(read.map((/** @type {any} */ item) => item.id));
    const kept = joins ? known.items.filter((item) => (oldest && byId(item, oldest) < 0) || inWindow.has(item.id)) : [];
    return caughtUp(id, {...known, items: merged(kept, read), older: joins ? (answer.value.next ? known.older : null) : answer.value.next, newer: null,
      asOf: answer.asOf || known.asOf}, answer.asOf);
  });
  return true;
}

export function begin() {
  live.on('event', asks);
  live.on('reset', readAgain);
  live.on('line', (line) => line.up && behind && readAgain());
  live.on('line', (line) => line.up && listing.value.list.problem && again());
  live.on('event', (event) => event.name === 'access.updated' && readAgain());
}

export const retryList = () => again();

/** @param {string} id @param {string} [message] up to this one; all if absent */
export async function markRead(id, message) {
  const answer = await post(`/conversations/${id}/read`, message ? {message} : {});
  if (answer.ok) {
    keepConversations([answer.value], answer.asOf);
    recount();
  }
  return answer;
}
