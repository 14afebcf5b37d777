// @ts-check
/** Who wants no texts, or may have said so, with what was said. */
import {html, nothing} from 'lit';
import {Light} from '../part/element.js';
import {skeleton, empty, failed} from '../part/states.js';
import {get, post, query} from '../api/client.js';
import {words} from '../words/en.js';
import {soon, whole} from '../words/format.js';

class OptOuts extends Light {
  static properties = {items: {state: true}, next: {state: true}, problem: {state: true}, busy: {state: true}};

  constructor() {
    super();
    this.items = /** @type {any[] | null} */ (null);
    this.next = /** @type {string | null} */ (null);
    this.problem = /** @type {any} */ (null);
    this.busy = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.read();
  }

  async read(/** @type {string | null} */ cursor = null) {
    const answer = await get('/opt-outs' + query({cursor, limit: 50}));
    if (answer.ok) {
      this.items = cursor ? [...(this.items ?? []), ...answer.value.items] : answer.value.items;
      this.next = answer.value.next;
      this.problem = null;
    } else {
      this.problem = answer.problem;
    }
  }

  async decide(/** @type {any} */ item, /** @type {'confirm' | 'dismiss'} */ how) {
    this.busy = item.id;
    const answer = await post(`/opt-outs/${item.id}/${how}`);
    this.busy = '';
    if (answer.ok) {
      this.items = (this.items ?? []).map((each) => (each.id === item.id ? answer.value : each));
    } else {
      this.problem = answer.problem;
    }
  }

  render() {
    const w = words.optOuts;
    return html`<div class="top"><h1>${words.frame.optOuts}</h1></div><div class="sheet"><p class="muted">${w.why}</p>
      ${this.problem ? failed(this.problem, () => this.read()) : this.items === null ? skeleton(6) : this.items.length ? this.table() : empty(w.empty)}</div>`;
  }

  table() {
    const w = words.optOuts;
    return html`<div class="table-frame" tabindex="0" role="group" aria-label=${words.frame.optOuts}><table class="table" aria-label=${words.frame.optOuts}>
        <thead><tr><th scope="col">${w.number}</th><th scope="col">${words.list.line}</th><th scope="col">${w.state}</th><th scope="col">${w.history}</th></tr></thead>
        <tbody>${(this.items ?? []).map((each) => html`<tr><th scope="row">${each.display ?? each.number}</th><td>${each.line.name}</td>
          <td>${w.states[/** @type {'suspected'} */ (each.state)] ?? each.state}
            ${each.state === 'suspected' ? html`<p class="muted">${each.decideBy ? w.decideBy(each.decideBy) : nothing}</p>
              <div class="choices" role="group" aria-label=${words.message.stop}><button type="button" class="plain" ?disabled=${this.busy === each.id} @click=${() => this.decide(each, 'confirm')}>${words.message.stopYes}</button>
              <button type="button" class="plain" ?disabled=${this.busy === each.id} @click=${() => this.decide(each, 'dismiss')}>${words.message.stopNo}</button></div>` : nothing}</td>
          <td><ul class="plain-list">${each.history.map((/** @type {any} */ what) => html`<li title=${whole(what.at)}>${soon(what.at)}: ${w.whats[/** @type {'confirmed'} */ (what.what)] ?? what.what}${what.by ? html`, <bdi>${what.by}</bdi>` : nothing}
            ${what.text ? html`<q><bdi>${what.text}</bdi></q>` : nothing}</li>`)}</ul></td></tr>`)}</tbody></table></div>
      ${this.next ? html`<p class="buttons"><button type="button" class="plain" @click=${() => this.read(this.next)}>${words.contacts.more}</button></p>` : nothing}`;
  }
}
customElements.define('parley-opt-outs', OptOuts);

export const view = () => html`<parley-opt-outs></parley-opt-outs>`;
export const title = () => words.frame.optOuts;
