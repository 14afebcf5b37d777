// @ts-check
/** The table of contacts, by name. */
import {html, nothing} from 'lit';
import {Listing, head, button, table} from '../part/page.js';
import {store, isOld} from '../state/store.js';
import {router} from '../router.js';
import {words} from '../words/en.js';

const AFTER = 250;

/** What the stream said of contacts, by id. */
const changed = store.part(/** @type {Record<string, {at: number, contact: any}>} */ ({}), (known, event) => (event.name !== 'contact.updated' || isOld(event.id, known[event.data.id]?.at)
  ? known : {...known, [event.data.id]: {at: Number(event.id), contact: event.data}}));

class Contacts extends Listing {
  static properties = {typed: {state: true}, asked: {}};

  constructor() {
    super();
    this.asked = '';
    this.typed = '';
    this.timer = 0;
  }

  get path() {
    return '/contacts';
  }

  get parameters() {
    return {query: this.typed.trim(), order: 'name', limit: 50};
  }

  connectedCallback() {
    this.typed = this.asked;
    super.connectedCallback();
  }

  search(/** @type {string} */ typed, after = AFTER) {
    this.typed = typed;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      router.ask({query: typed.trim() || null}, {replace: true});
      this.read();
    }, after);
  }

  render() {
    const w = words.contacts;
    const typed = this.typed.trim();
    return html`${head(words.frame.contacts, html`<a class="button plain" href="/opt-outs">${words.frame.optOuts}</a>${button(w.import, () => router.go('/contacts/import'))}${button(w.new, () => router.go('/contacts/new'), 'primary')}`)}
      <p class="sheet"><input type="search" aria-label=${w.search} placeholder=${w.searchHint} autocomplete="off" .value=${this.typed}
        @input=${(/** @type {Event} */ event) => this.search(/** @type {HTMLInputElement} */ (event.target).value)}></p>
      ${this.body((items) => this.rows(items), typed ? words.list.noMatch(typed) : w.empty, typed ? button(words.list.clear, () => this.search('', 0)) : nothing)}`;
  }

  rows(/** @type {any[]} */ items) {
    const w = words.contacts;
    return table(words.frame.contacts, [w.name, w.primary, w.secondary, w.assigned, w.dnd], items.map((each) => {
      const known = changed.value[each.id];
      return known && known.at > this.asOf ? {...each, ...known.contact} : each;
    }).filter((each) => !each.deleted).map((each) => [html`<a href=${`/contacts/${each.id}`}><bdi>${each.name}</bdi></a>`, html`<span class="number">${each.primaryDisplay}</span>`, html`<span class="number">${each.secondaryDisplay ?? ''}</span>`,
      html`<bdi>${each.assignedTo?.name ?? ''}</bdi>`, each.dnd ? w.dnd : nothing]));
  }
}
customElements.define('parley-contacts', Contacts);

/** @param {import('../router.js').Route} route */
export const openContacts = (route) => html`<parley-contacts .asked=${route.query.get('query') ?? ''}></parley-contacts>`;
