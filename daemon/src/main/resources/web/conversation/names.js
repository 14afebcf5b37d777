// @ts-check
/** How conversations and people are called on the screen. Pure. */
import {words} from '../words/en.js';
import {few, isolated} from '../words/format.js';

/** @param {any} participant */
export const nameOf = (participant) => isolated(participant.name || participant.display || participant.number);
/** @param {any} of participant, line or delivery */
export const displayOf = (of) => of.display ?? of.numberDisplay ?? of.number;

/** Ann, Bob, Chloe and 6 more. @param {any} conversation */
export const namesOf = (conversation) => few(conversation.participants.map(nameOf), words.more, words.and);

/** @param {any} conversation */
export function titleOf(conversation) {
  if (conversation.kind === 'direct') {
    return nameOf(conversation.participants[0] ?? {number: conversation.title});
  }
  const names = conversation.participants.map(nameOf);
  const plain = names.join(', ');
  return !conversation.title || conversation.title === plain || isOnlyNames(conversation.title, names) ? namesOf(conversation) : conversation.title;
}

/** The title that the API gives where nobody gave one: the names. @param {string} title @param {string[]} names */
function isOnlyNames(title, names) {
  const parts = title.split(/, | and /);
  return parts.length === names.length && parts.every((part, i) => part === names[i]);
}

/** Title and tag: Smith move #2. @param {any} conversation */
export const tagged = (conversation) => (conversation.kind === 'direct' ? words.message.only(titleOf(conversation))
  : `${titleOf(conversation)}${conversation.tag ? ` ${conversation.tag}` : ''}`);

/** @param {string | null} blockedBy */
export const why = (blockedBy) => words.status.blockedBy[/** @type {'dnd'} */ (blockedBy ?? 'dnd')] ?? blockedBy;

/** @param {any} author */
export const saidBy = (author) => isolated(author?.name || author?.display || author?.number || '');

/** @param {any} author @param {(author: any) => boolean} mine */
export const authorName = (author, mine) => (mine(author) ? words.you : saidBy(author));

/** Words of a message's line: what became of its deliveries. @param {any} message @returns {{text: string, bad?: string, warn?: string}} */
export function statusOf(message) {
  const s = words.status;
  const summary = message.summary ?? {};
  const n = (/** @type {string} */ status) => summary[status] ?? 0;
  const all = Object.values(summary).reduce((/** @type {number} */ sum, count) => sum + Number(count), 0);
  if (all === 0) {
    return {text: message.direction === 'inbound' ? s.onlyYou : ''};
  }
  const bad = n('failed');
  const unsent = n('blocked');
  const waits = n('queued') + n('sending');
  const notes = [];
  if (bad) {
    notes.push(s.nNotDelivered(bad));
  }
  if (unsent) {
    notes.push(s.nNotSent(unsent));
  }
  const more = notes.join(' · ');
  if (message.direction === 'inbound') {
    const on = n('sent') + n('delivered');
    if (waits === all) {
      return {text: s.passing(all)};
    }
    return on === all ? {text: s.passedOn(all)} : {text: s.passedOnOf(on, all), bad: more};
  }
  if (all === 1) {
    const only = Object.keys(summary).find((status) => summary[status]) ?? 'queued';
    const delivery = message.deliveries?.[0];
    if (only === 'queued' && message.sendAt && Date.parse(message.sendAt) > Date.now()) {
      return {text: s.scheduled(message.sendAt)};
    }
    if (only === 'failed') {
      return {text: '', bad: s.failed};
    }
    if (only === 'blocked') {
      return {text: '', bad: delivery?.error?.code ? s.notSentWhy(why(delivery.error.code)) : s.blocked};
    }
    return {text: s[/** @type {'sent'} */ (only)]};
  }
  if (n('queued') === all) {
    return {text: message.sendAt && Date.parse(message.sendAt) > Date.now() ? s.scheduled(message.sendAt) : s.queued};
  }
  if (n('cancelled') === all) {
    return {text: s.cancelled};
  }
  if (waits === all) {
    return {text: s.sending};
  }
  if (n('delivered') === all) {
    return {text: s.toAll(s.delivered, all)};
  }
  if (n('sent') === all) {
    return {text: s.toAll(s.sent, all)};
  }
  if (n('cancelled')) {
    notes.push(s.nCancelled(n('cancelled')));
  }
  const counted = n('delivered') > 0 ? s.of(s.delivered, n('delivered'), all)
    : n('sent') > 0 ? s.of(s.sent, n('sent'), all) : waits > 0 ? s.nWaiting(waits) : s.of(s.delivered, 0, all);
  return {text: counted, bad: notes.join(' · ')};
}
