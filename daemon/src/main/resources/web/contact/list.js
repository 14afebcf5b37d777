// @ts-check
/** The table of contacts, by name. */
import {html, nothing} from 'lit';
import {Light} from '../part/element.js';
import {skeleton, empty, failed} from '../part/states.js';
import {get, query} from '../api/client.js';
import {store, isOld} from '../state/store.js';
import {router} from '../router.js';
import {words} from '../words/en.js';

const AFTER = 250;
const PAGE = 50;

/** Contacts that were changed since they were read, by id. */
export const changed = store.part(/** @type {Record<string, {at: number, contact: any}>} */ ({}), (known, event) => {
  if (event.name !== 'contact.updated' || isOld(event.id, known[event.data.id]?.at)) {
    return known;
  }
  return {...known, [event.data.id]: {at: Number(event.id), contact: event.data}};
});

class Contacts extends Light {
  static properties = {typed: {state: true}, items: {state: true}, next: {state: true}, problem: {state: true}, loading: {state: true}, asked: {}};

  constructor() {
    super();
    this.asked = '';
    this.typed = '';
    this.items = /** @type {any[] | null} */ (null);
    this.next = /** @type {string | null} */ (null);
    this.problem = /** @type {any} */ (null);
    this.loading = false;
    this.asOf = 0;
    this.timer = 0;
    this.abort = /** @type {AbortController | null} */ (null);
  }

  connectedCallback() {
    super.connectedCallback();
    this.typed = this.asked;
    this.read();
  }

  async read(/** @type {string | null} */ cursor = null) {
    this.abort?.abort();
    this.abort = new AbortController();
    this.loading = true;
    const answer = await get('/contacts' + query({query: this.typed.trim(), order: 'name', limit: PAGE, cursor}), {signal: this.abort.signal});
    if (!answer.ok && answer.problem.code === 'unreached' && this.abort.signal.aborted) {
      return;
    }
    this.loading = false;
    if (answer.ok) {
      this.items = cursor ? [...(this.items ?? []), ...answer.value.items] : answer.value.items;
      this.next = answer.value.next;
      this.asOf = answer.asOf;
      this.problem = null;
    } else {
      this.problem = answer.problem;
    }
  }

  search(/** @type {Event} */ event) {
    this.typed = /** @type {HTMLInputElement} */ (event.target).value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      router.ask({query: this.typed.trim() || null}, {replace: true});
      this.read();
    }, AFTER);
  }

  render() {
    const w = words.contacts;
    return html`<div class="top"><h1>${words.frame.contacts}</h1><span class="spring"></span>
        <a class="button plain" href="/opt-outs">${words.frame.optOuts}</a>
        <button type="button" class="plain" @click=${() => router.go('/contacts/import')}>${w.import}</button>
        <button type="button" class="primary" @click=${() => router.go('/contacts/new')}>${w.new}</button></div>
      <div class="sheet"><p class="field"><label class="hidden" for="contact-search">${w.search}</label>
        <input id="contact-search" type="search" aria-label=${w.search} placeholder=${w.searchHint} autocomplete="off" .value=${this.typed} @input=${this.search}></p>
      ${this.problem ? failed(this.problem, () => this.read()) : this.items === null ? skeleton(8) : this.table(this.items)}</div>`;
  }

  table(/** @type {any[]} */ items) {
    const w = words.contacts;
    const shown = items.map((each) => this.latest(each)).filter((each) => !each.deleted);
    if (!shown.length) {
      return this.typed.trim() ? empty(words.list.noMatch(this.typed.trim()), html`<button type="button" class="plain" @click=${() => this.clear()}>${words.list.clear}</button>`)
        : empty(w.empty, html`<a class="button plain" href="/contacts/new">${w.new}</a>`);
    }
    return html`<div class="table-frame" tabindex="0" role="group" aria-label=${words.frame.contacts}><table class="table" aria-label=${words.frame.contacts}>
        <thead><tr><th scope="col">${w.name}</th><th scope="col">${w.primary}</th><th scope="col">${w.secondary}</th><th scope="col">${w.assigned}</th><th scope="col">${w.dnd}</th></tr></thead>
        <tbody>${shown.map((each) => html`<tr><th scope="row"><a href=${`/contacts/${each.id}`}><bdi>${each.name}</bdi></a></th>
          <td>${each.primaryDisplay}</td><td>${each.secondaryDisplay ?? ''}</td><td><bdi>${each.assignedTo?.name ?? ''}</bdi></td>
          <td>${each.dnd ? w.dnd : nothing}</td></tr>`)}</tbody></table></div>
      ${this.next ? html`<p class="buttons"><button type="button" class="plain" ?disabled=${this.loading} @click=${() => this.read(this.next)}>${w.more}</button></p>` : nothing}`;
  }

  /** As the stream had it last, if that is newer than what was read. */
  latest(/** @type {any} */ contact) {
    const known = changed.value[contact.id];
    return known && known.at > this.asOf ? {...contact, ...known.contact} : contact;
  }

  clear() {
    this.typed = '';
    router.ask({query: null}, {replace: true});
    this.read();
  }
}
customElements.define('parley-contacts', Contacts);

/** @param {import('../router.js').Route} route */
export const openContacts = (route) => html`<parley-contacts .asked=${route.query.get('query') ?? ''}></parley-contacts>`;
