// @ts-check
/**
 * Conversations and their messages as this tab knows them, each with the event that it was read as of. What an event does
 * to them is a pure function here; what has to be asked of the API because of an event is in `sync.js`.
 */
import {store, isOld, compareIds} from '../state/store.js';
import {me} from '../session/session.js';

/** @typedef {{id: string, name: string | null, number: string, display?: string, labels: string[], sendable: boolean, blockedBy: string | null, contact: string | null,
 *   primary?: boolean | null, decision?: {optOut: string, decideBy: string | null, message: string | null} | null}} Participant */
/** @typedef {{id: string, kind: 'group' | 'direct', line: {id: string, number: string, name: string, display?: string}, title: string | null, tag: string | null,
 *   relay: string, participants: Participant[], lastMessage: any, unread: number, createdAt: string, closed: boolean, closedAt: string | null,
 *   predecessor: string | null, successor: string | null, needs?: string[], done?: boolean}} Conversation */
/** @typedef {{id: string, conversation: string | null, direction: 'inbound' | 'outbound', kind: string, author: any, text: string | null, createdAt: string,
 *   sendAt: string | null, routing: any, deliveries: any[], summary: Record<string, number>, asOf?: number}} Message */
/** @typedef {{items: Message[], older: string | null, newer: string | null, asOf: number, loading: string, problem: any, stalled?: string}} Thread */
/** `stalled`: 'older' or 'newer' where more of that side could not be read. */
/** @typedef {{conversation: Conversation, asOf: number}} Known */

export const PAGE = 50;
/** Messages of a thread that are kept in the DOM. */
export const SHOWN_MAX = 150;

/** @param {Conversation} conversation */
export const activity = (conversation) => conversation.lastMessage?.createdAt > conversation.createdAt ? conversation.lastMessage.createdAt : conversation.createdAt;

// ---- what an event does, as pure functions ----

/** @param {any[]} deliveries */
export function summaryOf(deliveries) {
  const summary = /** @type {Record<string, number>} */ ({});
  for (const {status} of deliveries) {
    summary[status] = (summary[status] ?? 0) + 1;
  }
  return summary;
}

/** A delivery is known by who gets it and in which conversation. @param {Message} message @param {any} update */
export function withDelivery(message, update) {
  const {message: _, conversation: __, ...delivery} = update;
  const at = message.deliveries.findIndex((each) => each.participant === delivery.participant && each.number === delivery.number);
  if (message.deliveries[at]?.status === 'delivered' && delivery.status !== 'delivered') {
    return message; // told late of what was before: what a phone has it keeps
  }
  const deliveries = at < 0 ? [...message.deliveries, delivery] : message.deliveries.with(at, {...message.deliveries[at], ...delivery});
  return {...message, deliveries, summary: summaryOf(deliveries)};
}

/** Puts messages among others by id; a newer reading of one takes the place of the older. @param {Message[]} items @param {Message[]} more */
export function merged(items, more) {
  const byId = new Map(items.map((item) => [item.id, item]));
  for (const each of more) {
    const known = byId.get(each.id);
    if ((known?.asOf ?? 0) > (each.asOf ?? Infinity)) {
      continue; // the stream was faster than the answer
    }
    byId.set(each.id, known && known.text !== null && each.text === null ? {...each, text: known.text, routing: known.routing} : each);
  }
  return [...byId.values()].sort((one, other) => compareIds(one.id, other.id));
}

/** The conversations whose threads show a message. @param {Message} message @returns {string[]} */
export const placesOf = (message) => (message.conversation ? [message.conversation] : message.routing?.candidates ?? []);

/** What a list shows of a message. @param {Message} message */
const glimpse = (message) => ({id: message.id, direction: message.direction, author: message.author, text: message.text,
  createdAt: message.createdAt, kind: message.kind, sendAt: message.sendAt, summary: message.summary});

/** @param {Known} known @param {Message} message @param {string} eventId */
function heard(known, message, eventId) {
  const {conversation} = known;
  const isNew = !conversation.lastMessage || compareIds(message.id, conversation.lastMessage.id) > 0;
  const shown = message.conversation && message.kind !== 'system' && message.text !== null
    && (isNew || message.id === conversation.lastMessage?.id);
  return {asOf: Number(eventId), conversation: {
    ...conversation,
    lastMessage: shown ? glimpse(message) : conversation.lastMessage,
    unread: message.direction === 'inbound' && isNew ? (conversation.unread ?? 0) + 1 : conversation.unread ?? 0,
    done: message.direction === 'inbound' ? false : conversation.done,
    needs: message.conversation ? conversation.needs : [...new Set([...(conversation.needs ?? []), 'route'])],
  }};
}

/** @param {Map<string, Known>} all @param {import('../state/store.js').LiveEvent} event */
export function conversationsAfter(all, event) {
  const {data, name, id} = event;
  const change = (/** @type {string} */ conversation, /** @type {(known: Known) => Known} */ how) => {
    const known = all.get(conversation);
    return known && !isOld(id, known.asOf) ? new Map(all).set(conversation, how(known)) : all;
  };
  switch (name) {
    case 'conversation.created':
    case 'conversation.updated':
      return change(data.id, (known) => ({conversation: {...known.conversation, ...data, unread: known.conversation.unread}, asOf: Number(id)}));
    case 'conversation.read':
      return change(data.conversation ?? data.id, (known) => ({asOf: Number(id), conversation: {...known.conversation, unread: data.unread ?? 0}}));
    case 'message.created':
    case 'message.received':
      return placesOf(data).reduce((before, place) => {
        const known = before.get(place);
        return known && !isOld(id, known.asOf) ? new Map(before).set(place, heard(known, data, id)) : before;
      }, all);
    case 'delivery.updated': {
      const known = all.get(data.conversation);
      const last = known?.conversation.lastMessage;
      return last?.id === data.message && last.summary
        ? change(data.conversation, (each) => ({...each, conversation: {...each.conversation, lastMessage: {...last, stale: true}}})) : all;
    }
    default:
      return all;
  }
}

/** @param {Map<string, Thread>} all @param {import('../state/store.js').LiveEvent} event */
export function threadsAfter(all, event) {
  const {data, name, id} = event;
  if (name === 'message.created' || name === 'message.received') {
    const places = placesOf(data);
    const after = new Map(all);
    for (const [place, thread] of all) {
      const at = thread.items.findIndex((item) => item.id === data.id);
      if (places.includes(place)) {
        if (isOld(id, at < 0 ? thread.asOf : thread.items[at].asOf ?? thread.asOf)) {
          continue;
        }
        const fits = at >= 0 || !thread.newer || (thread.items.length > 0 && compareIds(data.id, /** @type {Message} */ (thread.items.at(-1)).id) < 0);
        if (fits) {
          after.set(place, {...thread, items: merged(thread.items, [{...data, asOf: Number(id)}])});
        }
      } else if (at >= 0 && data.conversation) {
        after.set(place, {...thread, items: thread.items.toSpliced(at, 1)}); // placed elsewhere
      }
    }
    return after;
  }
  if (name === 'delivery.updated') {
    let after = all;
    for (const [place, thread] of all) {
      const at = thread.items.findIndex((item) => item.id === data.message);
      if (at >= 0 && !isOld(id, thread.items[at].asOf ?? thread.asOf)) {
        after = new Map(after).set(place, {...thread, items: thread.items.with(at, {...withDelivery(thread.items[at], data), asOf: Number(id)})});
      }
    }
    return after;
  }
  return all;
}

// ---- the parts ----

export const conversations = store.part(/** @type {Map<string, Known>} */ (new Map()), conversationsAfter);
export const threads = store.part(/** @type {Map<string, Thread>} */ (new Map()), threadsAfter);
/** `unread` messages, and things that need somebody, in all. */
export const counts = store.part({unread: 0, needs: 0});
export const lines = store.part(/** @type {any[]} */ ([]));

/** @param {string} id */
export const conversation = (id) => conversations.value.get(id)?.conversation;

/** @param {Conversation[]} read @param {number} asOf 0 for an answer that was kept under its key, and may be old */
export function keepConversations(read, asOf) {
  conversations.update((all) => {
    let fresh = /** @type {Map<string, Known>} */ (new Map());
    for (const each of read) {
      const known = all.get(each.id);
      if (!known || (asOf && known.asOf <= asOf)) {
        fresh.set(each.id, {conversation: each, asOf});
      }
    }
    for (const event of store.since(asOf)) {
      fresh = conversationsAfter(fresh, event);
    }
    return fresh.size ? new Map([...all, ...fresh]) : all;
  });
}

/** A thread as it is after what came while its answer was on its way. @param {string} id @param {Thread} thread @param {number} asOf of the answer */
export function caughtUp(id, thread, asOf) {
  let all = new Map([[id, thread]]);
  for (const event of store.since(asOf)) {
    all = threadsAfter(all, event);
  }
  return /** @type {Thread} */ (all.get(id));
}

/** @param {string} id */
export function forget(id) {
  if (!conversations.value.has(id) && !threads.value.has(id)) {
    return;
  }
  conversations.update((all) => {
    const after = new Map(all);
    after.delete(id);
    return after;
  });
  threads.update((all) => {
    const after = new Map(all);
    after.delete(id);
    return after;
  });
}

/** @param {string} id @param {(thread: Thread) => Thread} how */
export function changeThread(id, how) {
  threads.update((all) => {
    const thread = all.get(id) ?? {items: [], older: null, newer: null, asOf: 0, loading: '', problem: null};
    return new Map(all).set(id, how(thread));
  });
}

/** A message that was just answered by the API, wherever it shows. @param {Message} message @param {number} asOf */
export function keepMessage(message, asOf) {
  const places = placesOf(message);
  threads.update((all) => {
    const after = new Map(all);
    for (const [place, thread] of all) {
      const at = thread.items.findIndex((item) => item.id === message.id);
      if (places.includes(place) && (at >= 0 || !thread.newer)) {
        const known = thread.items[at];
        const older = known?.asOf && asOf && known.asOf > asOf;
        after.set(place, older ? thread : caughtUp(place, {...thread, items: merged(thread.items, [{...message, asOf}])}, asOf));
      } else if (at >= 0 && message.conversation) {
        after.set(place, {...thread, items: thread.items.toSpliced(at, 1)});
      }
    }
    return after;
  });
}

/** Whether a message was written by who is signed in here. @param {any} author */
export const isMine = (author) => author?.kind === 'user' && author.id === me();

export const digits = (/** @type {string} */ text) => text.replace(/[^\d+]/g, '');
/** As people write it where numbers begin with +1; the server says it for what it knows. @param {string} text */
export function shown(text) {
  const match = /^(?:\+?1)?(\d{3})(\d{3})(\d{4})$/.exec(digits(text));
  return match && (lines.value[0]?.number ?? '+1').startsWith('+1') ? `(${match[1]}) ${match[2]}-${match[3]}` : text.trim();
}
