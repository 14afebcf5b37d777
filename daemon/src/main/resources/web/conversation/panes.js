// @ts-check
/** Beside the thread: who is in it, and what became of a message. */
import {html, nothing} from 'lit';
import {Light} from '../part/element.js';
import {failed, skeleton} from '../part/states.js';
import {words} from '../words/en.js';
import {clockSeconds, listed, whole} from '../words/format.js';
import {get} from '../api/client.js';
import {store, isOld} from '../state/store.js';
import {router} from '../router.js';
import {conversations, threads, keepMessage, isMine, withDelivery} from './state.js';
import {nameOf, namesOf, displayOf, titleOf, why, authorName} from './names.js';
import {act} from './message.js';
import {replies, changed} from './thread.js';

/** Contacts as they are now, for what "Updated" means. */
const contacts = store.part(/** @type {Map<string, any>} */ (new Map()), (all, {name, data}) =>
  (name === 'contact.updated' && all.has(data.id) ? new Map(all).set(data.id, data) : all));

class Participants extends Light {
  static properties = {of: {}, told: {state: true}, refusal: {state: true}};

  constructor() {
    super();
    this.of = '';
    this.told = '';
    this.refusal = '';
  }

  render() {
    const w = words.participants;
    const conversation = conversations.value.get(this.of)?.conversation;
    if (!conversation) {
      return nothing;
    }
    const blocked = conversation.participants.filter((each) => !each.sendable);
    const left = conversation.participants.length - blocked.length;
    const people = (/** @type {any[]} */ of) => listed(of.map(nameOf), words.and);
    return html`<aside class="pane details" id="participants" aria-label=${w.pane}>
      <div class="top"><h2>${w.heading(conversation.participants.length)}</h2>
        <button type="button" aria-label=${w.close} @click=${() => router.back(`/conversations/${this.of}`)}>✕</button></div>
      <div class="scroll" tabindex="0">
        ${conversation.kind === 'group' && !conversation.closed ? html`<p class="field title-here"><label for="title-here">${w.title}</label><input id="title-here" maxlength="100" dir="auto" autocomplete="off"
          .value=${titleOf(conversation) === namesOf(conversation) ? '' : conversation.title} aria-describedby="title-refusal" @change=${this.rename} @keydown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Enter' && !e.isComposing && /** @type {HTMLElement} */ (e.target).blur()}>
          <span role="alert" class="bad small" id="title-refusal">${this.refusal}</span></p>` : nothing}
        <ul class="people" aria-label=${w.list}>${conversation.participants.map((each) => this.person(each))}</ul>
        <div class="why"><p>${conversation.kind === 'group' ? w.locked : w.lockedDirect}</p>
          ${conversation.kind === 'group' ? html`<p>${conversation.relay === 'all' ? w.repliesAll : w.repliesNone}
            ${conversation.closed ? nothing : html`<button type="button" class="linkish" @click=${() => replies(conversation)}>${w.change}</button>`}</p>
            ${blocked.length && left > 0 ? html`<button type="button" class="primary" @click=${() => this.again(conversation, true)}>${w.without(people(blocked))}</button>` : nothing}
            <button type="button" class="plain" @click=${() => this.again(conversation, false)}>${w.same}</button>` : nothing}
        </div></div></aside>`;
  }

  /** @param {Event} event */
  async rename(event) {
    this.refusal = await changed(this.of, {title: /** @type {HTMLInputElement} */ (event.target).value.trim() || null}) ?? '';
  }

  /** @param {import('./state.js').Participant} each */
  person(each) {
    const w = words.participants;
    const own = each.contact ? contacts.value.get(each.contact) : null;
    const use = each.primary === false ? w.secondary : each.primary && own?.secondaryNumber ? w.primary : '';
    const labels = each.labels ?? [];
    const blockedBy = each.blockedBy;
    if (each.contact && !contacts.value.has(each.contact) && !this.asked?.has(each.contact)) {
      (this.asked ??= new Set()).add(each.contact);
      get(`/contacts/${each.contact}`).then((answer) => answer.ok && contacts.update((all) => new Map(all).set(answer.value.id, answer.value)));
    }
    const named = each.name && each.name !== displayOf(each);
    return html`<li>
      <span class="person">${each.contact && own && !own.deleted ? html`<a href=${`/contacts/${each.contact}`} title=${w.openContact}><bdi>${nameOf(each)}</bdi></a>` : html`<b><bdi>${nameOf(each)}</bdi></b>`}
        ${labels.includes('updated') && !labels.includes('deleted') ? html`<button type="button" class="label" aria-expanded=${this.told === each.id ? 'true' : 'false'}
          @click=${() => { this.told = this.told === each.id ? '' : each.id; }}>${w.labels.updated}</button>` : nothing}
        ${labels.includes('deleted') ? html`<span class="label">${w.labels.deleted}</span>` : nothing}
        ${blockedBy ? html`<span class="label warn">${why(blockedBy)}</span>` : nothing}</span>
      <span class="who">${named ? html`<bdi>${displayOf(each)}</bdi>` : nothing}${use ? html` · ${use}` : nothing}${blockedBy === 'dnd' ? html` · ${w.getsNothing}` : nothing}</span>
      ${this.told === each.id && own ? html`<p class="small" role="status">${own.name !== each.name ? w.renamed(own.name, displayOf(each)) : w.numberChanged(nameOf(each), displayOf(each))}</p>` : nothing}
      ${labels.includes('deleted') ? html`<span class="who">${w.deletedWhy(displayOf(each))}</span>` : nothing}
    </li>`;
  }

  /** Opens a new group filled in. @param {any} conversation @param {boolean} without the blocked ones */
  again(conversation, without) {
    router.go(`/conversations/new/group?from=${conversation.id}${without ? '&without=blocked' : ''}`);
  }
}
customElements.define('parley-participants', Participants);

/** The message whose details are looked at, where the thread has it not in view. @type {import('../state/store.js').Part<any>} */
const looked = store.part(null, (message, {name, data, id}) => (name === 'delivery.updated' && message?.id === data.message && !isOld(id, message.asOf)
  ? {...withDelivery(message, data), asOf: Number(id)} : message));

class DeliveryDetails extends Light {
  static properties = {of: {}, message: {}, problem: {state: true}};

  constructor() {
    super();
    this.of = '';
    this.message = '';
    this.problem = /** @type {any} */ (null);
  }

  willUpdate(/** @type {Map<string, any>} */ changed) {
    if (changed.has('message')) {
      this.load();
    }
  }

  async load() {
    looked.set(null);
    this.problem = null;
    const id = this.message;
    if (this.known()) {
      return;
    }
    const answer = await get(`/messages/${id}`);
    if (this.message === id) {
      if (answer.ok) {
        looked.set({...answer.value, asOf: answer.asOf});
        keepMessage(answer.value, answer.asOf);
      } else {
        this.problem = answer.problem;
      }
    }
  }

  known() {
    return threads.value.get(this.of)?.items.find((item) => item.id === this.message);
  }

  render() {
    const w = words.details;
    const message = this.known() ?? looked.value;
    const conversation = conversations.value.get(this.of)?.conversation;
    return html`<aside class="pane details deliveries" aria-label=${w.pane}>
      <div class="top"><h2>${w.pane}</h2><button type="button" aria-label=${w.close}
        @click=${() => router.back(`/conversations/${this.of}`)}>✕</button></div>
      <div class="scroll" tabindex="0">${this.problem ? failed(this.problem, () => this.load())
        : !message || !conversation ? skeleton(4) : this.table(message, conversation)}</div></aside>`;
  }

  table(message, conversation) {
    const w = words.details;
    const n = (/** @type {string} */ status) => message.deliveries.filter((/** @type {any} */ each) => each.status === status).length;
    const placed = message.routing ? w.placedBy[message.routing.how] : '';
    const order = new Map(conversation.participants.map((/** @type {any} */ each, /** @type {number} */ i) => [each.id, i]));
    const rows = message.deliveries.toSorted((/** @type {any} */ one, /** @type {any} */ other) => Number(order.get(one.participant) ?? 99) - Number(order.get(other.participant) ?? 99));
    return html`<div class="said"><p class="txt text" dir="auto">${message.text}</p>
        <p class="muted small">${w.written(authorName(message.author, isMine), whole(message.createdAt))}</p>
        ${placed ? html`<p class="muted small">${placed}</p>` : nothing}</div>
      ${rows.length === 0 ? html`<p class="why">${w.none}</p>` : html`<div class="table-frame"><table aria-label=${w.table}><thead><tr><th scope="col">${w.person}</th><th scope="col">${w.status}</th>
        <th scope="col">${w.sent}</th><th scope="col">${w.delivered}</th><th scope="col">${w.link}</th></tr></thead>
        <tbody>${rows.map((/** @type {any} */ each) => this.row(each, message, conversation))}</tbody></table></div>`}
      <div class="why">
        ${n('failed') ? html`<button type="button" class="primary" @click=${() => act(message.id, 'retry')}>${w.retry(n('failed'))}</button>` : nothing}
        ${n('queued') ? html`<button type="button" class="plain" @click=${() => act(message.id, 'cancel')}>${w.cancel(n('queued'))}</button>` : nothing}</div>`;
  }

  row(each, message, conversation) {
    const s = words.status;
    const person = conversation.participants.find((/** @type {any} */ one) => one.id === each.participant);
    const name = person ? nameOf(person) : displayOf(each);
    const word = each.status === 'queued' && message.sendAt && Date.parse(message.sendAt) > Date.now() ? s.scheduled(message.sendAt)
      : each.status === 'blocked' ? (each.error?.code && why(each.error.code) !== each.error.code ? s.notSentWhy(why(each.error.code)) : s.blocked)
        : s[/** @type {'sent'} */ (each.status)];
    const bad = each.status === 'failed' || each.status === 'blocked';
    return html`<tr><th scope="row"><bdi>${name}</bdi></th><td class=${bad ? 'bad' : each.status === 'delivered' ? 'ok' : ''}>${word}</td>
        <td>${each.sentAt ? clockSeconds(each.sentAt) : ''}</td><td>${each.deliveredAt ? clockSeconds(each.deliveredAt) : ''}</td><td>${each.link ?? ''}</td></tr>
      ${bad && each.error ? html`<tr class="reason"><td colspan="5">${each.error.reason}
        <details><summary class="small muted">${words.details.technical}</summary><p class="small muted">${each.error.code}${each.error.network != null ? ` · ${each.error.network}` : ''} · ${words.details.attempts(each.attempts)} · ${each.encoding} · ${displayOf(each)}</p></details></td></tr>` : nothing}`;
  }
}
customElements.define('parley-delivery-details', DeliveryDetails);
