// @ts-check
/** One message of a thread: a function from data to markup. */
import {html, nothing} from 'lit';
import {menuButton} from '../part/menu.js';
import {openDialog, dialogHead} from '../part/dialog.js';
import {toast} from '../part/toast.js';
import {words} from '../words/en.js';
import {clock, whole} from '../words/format.js';
import {call, get, query} from '../api/client.js';
import {sendNow, takeOut} from '../api/outbox.js';
import {router} from '../router.js';
import {conversations, isMine, keepMessage} from './state.js';
import {readConversation} from './sync.js';
import {authorName, nameOf, saidBy, statusOf, tagged, titleOf} from './names.js';

/** What may become a link: nothing else is ever interpreted. */
const LINKS = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}])|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(\+?\(?\d[\d ().-]{6,}\d)/g;

/** @param {string} text */
export function linked(text) {
  const pieces = [];
  let at = 0;
  for (const match of text.matchAll(LINKS)) {
    const [found, url, mail] = match;
    const index = /** @type {number} */ (match.index);
    // A phone number, not any two numbers in a row.
    if (!url && !mail && found.replace(/\D/g, '').length < (/^\+/.test(found) ? 8 : 10)) {
      continue;
    }
    if (index > at) {
      pieces.push(text.slice(at, index));
    }
    const address = url ?? (mail ? `mailto:${mail}` : `tel:${found.replace(/[^\d+]/g, '')}`);
    pieces.push(html`<a href=${address} target=${url ? '_blank' : nothing} rel="noreferrer noopener" tabindex="-1">${found}</a>`);
    at = index + found.length;
  }
  pieces.push(text.slice(at));
  return pieces;
}

/**
 * @param {import('./state.js').Message} message
 * @param {{place: string, run: boolean, marked: boolean, active: boolean, conversation: import('./state.js').Conversation}} context
 *   run: whether the one before is by the same author and shortly before; active: whether the roving focus is here
 */
export function messageView(message, context) {
  const {place, run, marked, active, conversation} = context;
  const id = `m${message.id}`;
  const mine = isMine(message.author);
  const name = message.direction === 'inbound' ? senderName(message, conversation) : authorName(message.author, isMine);
  const unrouted = !message.conversation;
  const status = statusOf(message);
  const isOut = message.direction === 'outbound';
  if (message.kind === 'system' || message.author?.kind === 'system') {
    return html`<article class="system ${marked ? 'marked' : ''}" id="message-${message.id}" tabindex=${active ? '0' : '-1'} aria-labelledby="${id}a ${id}t ${id}d">
      <span class="hidden" id="${id}a">${name}</span><p class="txt text" id="${id}t" dir="auto" title=${whole(message.createdAt)}>${message.text}</p>
      <span class="meta ${status.text || status.bad ? '' : 'hidden'}"><time id="${id}d" datetime=${message.createdAt} title=${whole(message.createdAt)}>${clock(message.createdAt)}</time>${statusButton(message, status, active)}</span></article>`;
  }
  const hides = run && !mine || (mine && run);
  return html`<article class="${isOut ? 'mine' : ''} ${isOut && !mine ? 'ours' : ''} ${run ? 'run' : ''} ${marked ? 'marked' : ''}" id="message-${message.id}"
      tabindex=${active ? '0' : '-1'} aria-labelledby="${id}a ${id}t ${id}d">
    <span class="who ${hides || mine ? 'hidden' : ''}" id="${id}a"><bdi>${name}</bdi></span>
    ${unrouted ? which(message, place, id, name, conversation)
      : html`<p class="txt text" id="${id}t" dir="auto" @click=${() => isSelecting() || details(message.id)}>${linked(message.text ?? '')}</p>`}
    <span class="meta"><time id="${id}d" datetime=${message.createdAt} title=${whole(message.createdAt)}>${clock(message.createdAt)}</time>
      ${unrouted ? nothing : statusButton(message, status, active)}
      ${menuButton({label: words.message.more, kind: 'more', quiet: !active, face: '⋯', items: () => menuOf(message, place)})}</span>
    ${conversation.participants.filter((each) => each.decision?.message === message.id).map((each) => stop(each.decision, name))}
  </article>`;
}

/** What became of it; a click says it for each person. */
const statusButton = (message, status, active) => (status.text || status.bad ? html`<button type="button" class="status" tabindex=${active ? nothing : '-1'}
  @click=${() => details(message.id)}><span class="hidden">${words.message.details}</span>${status.text}${status.bad ? html`${status.text ? ' · ' : ''}<span class="bad">${status.bad}</span>` : nothing}</button>` : nothing);

const isSelecting = () => String(getSelection() ?? '') !== '';

/** The name that the conversation knows the sender by, not that of today. */
function senderName(message, conversation) {
  const {id, name, number} = message.author ?? {};
  const participant = conversation.participants.find((each) => each.id === id || each.number === number || each.number === name);
  return participant ? nameOf(participant) : saidBy(message.author);
}

/** @param {string} id */
export const details = (id) => router.ask({delivery: id, people: null});

/** @param {import('./state.js').Message} message @param {string} place */
function menuOf(message, place) {
  const w = words.message;
  const n = (/** @type {string} */ status) => message.summary?.[status] ?? 0;
  const items = [{text: w.copy, act: () => copy(message.text ?? '')}];
  if (message.direction === 'inbound' && message.kind === 'normal') {
    items.push({text: w.move, act: () => move(message, place)});
  }
  if (n('failed') > 0) {
    items.push({text: w.retry, act: () => act(message.id, 'retry')});
  }
  if (n('queued') > 0) {
    items.push({text: w.cancel, act: () => act(message.id, 'cancel')});
  }
  return items;
}

/** Without the clipboard, as on plain HTTP, a field is selected instead. @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(words.copied);
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'hidden';
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    if (done) {
      toast(words.copied);
    }
  }
}

/** @param {string} id @param {'retry' | 'cancel'} what */
export async function act(id, what) {
  const answer = await call('POST', `/messages/${id}/${what}`, {body: {}});
  if (answer.ok) {
    keepMessage(answer.value, answer.asOf);
  } else {
    toast(answer.problem.detail || words.unreached);
  }
  return answer;
}

/** The conversations that a text may be moved to: open ones on the line with its sender. @param {any} number @param {string} line */
const candidatesFor = (number, line) => get('/conversations' + query({line, participant: number, closed: 'false', limit: 50}));

/** @param {import('./state.js').Message} message @param {string} place */
async function move(message, place) {
  const conversation = conversations.value.get(place)?.conversation;
  const sender = conversation?.participants.find((each) => each.id === message.author?.id);
  if (!conversation || !sender) {
    return;
  }
  const answer = await candidatesFor(sender.number, conversation.line.id);
  if (!answer.ok) {
    toast(answer.problem.detail || words.unreached);
    return;
  }
  const others = answer.value.items.filter((/** @type {any} */ each) => each.id !== message.conversation);
  const w = words.message;
  let refusal = '';
  await openDialog({label: w.moveTitle, content: (close, redraw) => html`<form class="form" @submit=${async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const to = form.get('to');
    if (to && await placeIn(message.id, String(to), form.get('relay') === 'on', (detail) => { refusal = detail; redraw(); })) {
      close();
    }
  }}>${dialogHead(w.moveTitle, close)}
    ${others.length === 0 ? html`<p>${w.moveNone}</p>` : html`
      <fieldset class="choices-list"><legend class="hidden">${w.moveTitle}</legend>${others.map((/** @type {any} */ each, /** @type {number} */ i) => html`<label class="check"><input type="radio" name="to"
        value=${each.id} ?checked=${i === 0}> <bdi>${tagged(each)}</bdi></label>`)}</fieldset>
      <label class="check"><input type="checkbox" name="relay" checked> ${w.moveRelay}</label>
      <p class="muted small">${w.movedNote}</p>`}
    <p role="alert" class="bad">${refusal}</p>
    <div class="buttons"><button type="button" class="plain" @click=${() => close()}>${words.cancel}</button>
      <button class="primary" ?disabled=${others.length === 0}>${w.moveDo}</button></div></form>`});
}

/** @param {string} id @param {string} to @param {boolean} relay @param {(detail: string) => void} refused */
async function placeIn(id, to, relay, refused) {
  const answer = await call('POST', `/messages/${id}/move`, {body: {conversation: to, relay}});
  if (answer.ok) {
    keepMessage(answer.value, answer.asOf);
    return true;
  }
  refused(answer.problem.detail || words.unreached);
  return false;
}

/** Candidates that were asked for: one that is not there is not asked for with each drawing. */
const met = /** @type {Set<string>} */ (new Set());

/** A reply without a place: its candidates are buttons. */
function which(message, place, id, name, conversation) {
  const w = words.message;
  const hidden = message.text === null;
  const candidates = (message.routing?.candidates ?? []).map((/** @type {string} */ each) => conversations.value.get(each)?.conversation ?? {id: each});
  const missing = candidates.filter((/** @type {any} */ each) => !each.kind);
  missing.filter((/** @type {any} */ each) => !met.has(each.id)).forEach((/** @type {any} */ each) => {
    met.add(each.id);
    readConversation(each.id).then((read) => !read.ok && read.status !== 404 && met.delete(each.id));
  });
  return html`<div class="ask" role="group" aria-label=${w.which}>
    ${hidden ? html`<p class="muted" id="${id}t">${w.hiddenText(name)}</p>` : html`
      <p class="txt text" id="${id}t" dir="auto">${linked(message.text ?? '')}</p>
      <p>${w.whichWhy(name, conversation.line.name)}</p>
      <div class="choices">${candidates.filter((/** @type {any} */ each) => each.kind && !each.closed).sort((/** @type {any} */ one, /** @type {any} */ other) => (one.kind < other.kind ? 1 : -1))
        .map((/** @type {any} */ each) => html`<button type="button" class="plain" @click=${() => placeIn(message.id, each.id, true, toast)}><bdi>${each.kind === 'direct'
          ? w.only(titleOf(each)) : tagged(each)}</bdi></button>`)}</div>`}
  </div>`;
}

/** A wording that may be an opt-out. @param {any} decision @param {string} name */
function stop(decision, name) {
  const w = words.message;
  const decide = async (/** @type {'confirm' | 'dismiss'} */ what) => {
    const answer = await call('POST', `/opt-outs/${decision.optOut}/${what}`, {body: {}});
    if (!answer.ok) {
      toast(answer.problem.detail || words.unreached);
    }
  };
  return html`<div class="ask" role="group" aria-label=${w.stop}>
    <p><b>${w.stop}</b></p><p>${decision.decideBy ? w.stopWhy(name, decision.decideBy) : w.stopWhyOpen(name)}</p>
    <div class="choices"><button type="button" class="plain" @click=${() => decide('confirm')}>${w.stopYes}</button>
      <button type="button" class="plain" @click=${() => decide('dismiss')}>${w.stopNo}</button></div></div>`;
}

/** A message that the API has not taken yet. @param {import('../api/outbox.js').Entry} entry @param {(text: string) => void} edit */
export function outgoingView(entry, edit) {
  const w = words.message;
  const status = entry.state === 'refused' ? html`<span class="bad">${w.notSent(entry.detail ?? '')}</span>`
    : entry.state === 'held' ? html`<span class="bad">${w.notSentAt(entry.at)}</span>`
      : entry.state === 'waiting' ? w.waitingLine : w.sending;
  return html`<article class="mine outgoing" id="outgoing-${entry.key}" tabindex="-1" aria-labelledby="o${entry.key}a o${entry.key}t o${entry.key}d">
    <span class="who hidden" id="o${entry.key}a">${words.you}</span>
    <p class="txt text" id="o${entry.key}t" dir="auto">${linked(entry.text)}</p>
    <span class="meta"><time id="o${entry.key}d" datetime=${new Date(entry.at).toISOString()} title=${whole(entry.at)}>${clock(entry.at)}</time>
      <span class="status">${status}</span></span>
    ${entry.state === 'refused' || entry.state === 'held' ? html`<span class="choices">
      ${entry.state === 'held' ? html`<button type="button" class="plain" @click=${() => sendNow(entry.key)}>${w.sendNow}</button>` : nothing}
      <button type="button" class="plain" @click=${() => edit(takeOut(entry.key)?.text ?? '')}>${w.edit}</button>
      <button type="button" class="plain" @click=${() => takeOut(entry.key)}>${w.discard}</button></span>` : nothing}
  </article>`;
}
