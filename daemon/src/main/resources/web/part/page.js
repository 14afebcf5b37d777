// @ts-check
/** What pages of administration are made of: a head, a table, a form. Knows no feature. */
import {html, nothing} from 'lit';
import {Light, focusStaysAmong} from './element.js';
import {openDialog, dialogHead} from './dialog.js';
import {skeleton, empty, failed} from './states.js';
import {get, query} from '../api/client.js';
import {words} from '../words/en.js';

/** @param {any} title @param {any} [actions] @param {() => void} [back] */
export const head = (title, actions = nothing, back) => html`<div class="top">${back
  ? html`<button type="button" class="back-to" aria-label=${words.thread.back} @click=${back}>‹</button>` : nothing}<h1>${title}</h1><span class="spring"></span>${actions}</div>`;

/** @param {string} face @param {() => void} act @param {string} [kind] @param {boolean} [off] @param {any} [label] */
export const button = (face, act, kind = 'plain', off = false, label = nothing) => html`<button type="button" class=${kind} aria-label=${label} ?disabled=${off} @click=${act}>${face}</button>`;

/** @param {string} label @param {any[]} heads @param {any[][]} rows the first cell is the row's name */
export const table = (label, heads, rows) => html`<div class="table-frame" tabindex="0" role="group" aria-label=${label}><table class="table" aria-label=${label}>
  <thead><tr>${heads.map((each) => html`<th scope="col">${each}</th>`)}</tr></thead>
  <tbody>${rows.map(([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((each) => html`<td>${each}</td>`)}</tr>`)}</tbody></table></div>`;

/** A heading for the eye of a screen reader alone. @param {string} text */
export const unseen = (text) => html`<span class="hidden">${text}</span>`;

/** @param {string} id @param {string} label @param {{value?: string, type?: string, required?: boolean, fault?: string, more?: string, complete?: string}} [of] */
export const field = (id, label, {value = '', type = 'text', required = false, fault = '', more = '', complete = 'off'} = {}) => html`<p class="field"><label for=${id}>${label}</label>
  <input id=${id} name=${id} type=${type} .value=${value} ?required=${required} autocomplete=${complete} dir="auto" aria-invalid=${fault ? 'true' : nothing} aria-describedby=${fault ? `${id}-fault` : nothing}>
  ${more ? html`<span class="muted">${more}</span>` : nothing}${fault ? html`<span class="bad" id=${`${id}-fault`} role="alert">${fault}</span>` : nothing}</p>`;

/** @param {'radio' | 'checkbox'} type @param {string} name @param {string} value @param {any} face @param {boolean} on @param {(on: boolean) => void} [act] @param {boolean} [off] */
export const choice = (type, name, value, face, on, act = () => {}, off = false) => html`<label class="check"><input type=${type} name=${name} value=${value} .checked=${on} ?disabled=${off}
  @change=${(/** @type {Event} */ event) => act(/** @type {HTMLInputElement} */ (event.target).checked)}> ${face}</label>`;

/** @param {string} text */
export const alert = (text) => html`<p role="alert" class="bad">${text || nothing}</p>`;

/** @param {Event} event @returns {FormData} */
export function sent(event) {
  event.preventDefault();
  return new FormData(/** @type {HTMLFormElement} */ (event.target));
}

/** A form in a dialog that stays until it is accepted. @param {string} label @param {(redraw: () => void) => any} content
 * @param {(data: FormData) => Promise<import('../api/client.js').Answer>} save @param {string} [yes] @returns {Promise<any>} what the answer held */
export function ask(label, content, save, yes = words.save) {
  let fault = '';
  return openDialog({label, content: (close, redraw) => html`<form class="form" aria-label=${label} @submit=${async (/** @type {Event} */ event) => {
    const answer = await save(sent(event));
    if (answer.ok) {
      close(answer.value ?? true);
    } else {
      fault = reason(answer);
      redraw();
    }
  }}>${dialogHead(label, () => close())}${content(redraw)}${alert(fault)}
    <div class="buttons">${button(words.cancel, () => close())}<button class="primary">${yes}</button></div></form>`});
}

/** @param {any} answer */
export const reason = (answer) => answer.problem.detail || words.unreached;

/** A page that shows a list of the API. */
export class Listing extends Light {
  static properties = {items: {state: true}, next: {state: true}, problem: {state: true}, busy: {state: true}, fault: {state: true}};

  constructor() {
    super();
    this.items = /** @type {any[] | null} */ (null);
    this.next = /** @type {string | null} */ (null);
    this.problem = /** @type {any} */ (null);
    this.busy = '';
    this.fault = '';
    this.asOf = 0;
    this.abort = /** @type {AbortController | null} */ (null);
  }

  /** @returns {string} */
  get path() {
    return '';
  }

  /** @returns {Record<string, any>} */
  get parameters() {
    return {limit: 200};
  }

  connectedCallback() {
    super.connectedCallback();
    this.read();
    // After a gap in the stream what is shown may be old; what nobody answered is asked for again.
    this.hears('reset', () => this.read());
    this.hears('line', ({up}) => up && this.problem && this.read());
  }

  willUpdate() {
    this.refocus = focusStaysAmong(this, 'tbody tr');
  }

  updated() {
    this.refocus?.();
  }

  /** @param {string | null} [cursor] */
  async read(cursor = null) {
    this.abort?.abort();
    const abort = this.abort = new AbortController();
    const answer = await get(this.path + query({...this.parameters, cursor}), {signal: abort.signal});
    if (abort.signal.aborted) {
      return;
    }
    this.problem = answer.ok ? null : answer.problem;
    if (answer.ok) {
      this.items = cursor ? [...(this.items ?? []), ...answer.value.items] : answer.value.items;
      this.next = answer.value.next;
      this.asOf = answer.asOf;
    }
  }

  /** Does something, and reads again. @param {Promise<import('../api/client.js').Answer>} request */
  async act(request) {
    const answer = await request;
    this.fault = answer.ok ? '' : reason(answer);
    this.read();
    return answer.ok;
  }

  /** @param {(items: any[]) => any} shown @param {string} none @param {any} [action] */
  body(shown, none, action) {
    const {problem} = this;
    return html`<div class="sheet">${alert(this.fault)}${problem ? failed(problem, () => this.read()) : nothing}${this.items === null ? problem ? nothing : skeleton(5)
      : this.items.length ? html`${shown(this.items)}${this.next ? html`<p class="buttons">${button(words.contacts.more, () => this.read(this.next))}</p>` : nothing}` : empty(none, action)}</div>`;
  }
}
