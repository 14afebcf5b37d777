// @ts-check
/** Where events are posted to, and how that goes. For admins. */
import {html, nothing} from 'lit';
import {Light} from '../part/element.js';
import {openDialog, confirm, dialogHead} from '../part/dialog.js';
import {showSecret} from '../part/secret.js';
import {skeleton, empty, failed} from '../part/states.js';
import {get, post, patch, remove, query} from '../api/client.js';
import {words} from '../words/en.js';
import {soon, whole, number} from '../words/format.js';

class Webhooks extends Light {
  static properties = {items: {state: true}, problem: {state: true}};

  constructor() {
    super();
    this.items = /** @type {any[] | null} */ (null);
    this.problem = /** @type {any} */ (null);
  }

  connectedCallback() {
    super.connectedCallback();
    this.read();
  }

  async read() {
    const answer = await get('/webhooks' + query({limit: 200}));
    this.problem = answer.ok ? null : answer.problem;
    this.items = answer.ok ? answer.value.items : this.items;
  }

  render() {
    const w = words.webhooks;
    return html`<div class="top"><h1>${words.frame.webhooks}</h1><span class="spring"></span><button type="button" class="primary" @click=${() => this.create()}>${w.new}</button></div>
      <div class="sheet">${this.problem ? failed(this.problem, () => this.read()) : this.items === null ? skeleton(3)
        : this.items.length ? this.table(this.items) : empty(w.empty)}</div>`;
  }

  table(/** @type {any[]} */ items) {
    const w = words.webhooks;
    return html`<div class="table-frame" tabindex="0" role="group" aria-label=${words.frame.webhooks}><table class="table" aria-label=${words.frame.webhooks}>
      <thead><tr><th scope="col">${w.url}</th><th scope="col">${w.state}</th><th scope="col">${w.last}</th><th scope="col">${w.failures}</th><th scope="col"><span class="hidden">${words.users.actions}</span></th></tr></thead>
      <tbody>${items.map((each) => html`<tr><th scope="row" class="url">${each.url}<span class="muted">${each.events.length ? each.events.join(', ') : w.all}</span></th>
        <td>${w.states[/** @type {'active'} */ (each.state)] ?? each.state}${each.nextTryAt ? html`<span class="muted" title=${whole(each.nextTryAt)}> ${w.next(soon(each.nextTryAt))}</span>` : nothing}</td>
        <td>${each.lastStatus ?? ''} ${each.lastError ?? ''}${each.deliveredAt ? html`<span class="muted" title=${whole(each.deliveredAt)}> ${soon(each.deliveredAt)}</span>` : nothing}</td><td>${number(each.failures)}</td>
        <td><div class="choices">${each.state === 'paused' || each.state === 'dead'
          ? html`<button type="button" class="plain" @click=${() => this.act(post(`/webhooks/${each.id}/resume`))}>${words.lines.resume}</button>`
          : html`<button type="button" class="plain" @click=${() => this.act(patch(`/webhooks/${each.id}`, {paused: true}))}>${words.lines.pause}</button>`}
          <button type="button" class="plain" @click=${() => this.replay(each)}>${w.replay}</button>
          <button type="button" class="plain" @click=${() => this.deliveries(each)}>${w.deliveries}</button>
          <button type="button" class="plain bad" @click=${() => this.delete(each)}>${w.delete}</button></div></td></tr>`)}</tbody></table></div>`;
  }

  async act(/** @type {Promise<import('../api/client.js').Answer>} */ request) {
    const answer = await request;
    if (!answer.ok) {
      this.problem = answer.problem;
      return;
    }
    this.read();
  }

  async create() {
    const w = words.webhooks;
    let fault = '';
    const made = await openDialog({label: w.new, content: (close, redraw) => html`<form class="form" aria-label=${w.new} @submit=${async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
      const answer = await post('/webhooks', {url: String(data.get('url')).trim(), events: data.getAll('event').map(String)});
      if (answer.ok) {
        close(answer.value);
      } else {
        fault = answer.problem.detail || words.unreached;
        redraw();
      }
    }}>${dialogHead(w.new, () => close())}
      <p class="field"><label for="webhook-url">${w.url}</label><input id="webhook-url" name="url" type="url" required placeholder="https://"></p>
      <fieldset><legend>${w.events}</legend><p class="muted">${w.eventsWhy}</p><div class="choices-list">${w.names.map((each) => html`<label class="check"><input type="checkbox" name="event" value=${each}> ${each}</label>`)}</div></fieldset>
      <p role="alert" class="bad">${fault || nothing}</p>
      <div class="buttons"><button type="button" class="plain" @click=${() => close()}>${words.cancel}</button><button class="primary">${words.save}</button></div></form>`});
    if (made) {
      await showSecret({label: w.secretIs, secret: /** @type {any} */ (made).secret});
      this.read();
    }
  }

  async replay(/** @type {any} */ hook) {
    const w = words.webhooks;
    await openDialog({label: w.replay, content: (close) => html`<form class="form" @submit=${(/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const from = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('from')).trim();
      close();
      this.act(post(`/webhooks/${hook.id}/replay`, {from}));
    }}>${dialogHead(w.replay, () => close())}<p>${w.replayWhy}</p>
      <p class="field"><label for="replay-from">${w.from}</label><input id="replay-from" name="from" inputmode="numeric" pattern="[0-9]{1,18}" required .value=${hook.lastEvent ?? '0'}></p>
      <div class="buttons"><button type="button" class="plain" @click=${() => close()}>${words.cancel}</button><button class="primary">${w.replay}</button></div></form>`});
  }

  async deliveries(/** @type {any} */ hook) {
    const w = words.webhooks;
    const answer = await get(`/webhooks/${hook.id}/deliveries` + query({limit: 50}));
    const items = answer.ok ? answer.value.items : [];
    await openDialog({label: w.deliveries, kind: 'broad', content: (close) => html`<div class="form">${dialogHead(w.deliveries, () => close())}
      ${answer.ok ? items.length ? html`<div class="table-frame" tabindex="0" role="group" aria-label=${w.deliveries}><table class="table" aria-label=${w.deliveries}><thead><tr><th scope="col">${w.time}</th><th scope="col">${w.event}</th><th scope="col">${w.attempt}</th><th scope="col">${w.state}</th></tr></thead>
        <tbody>${items.map((/** @type {any} */ each) => html`<tr><td title=${whole(each.at ?? each.time)}>${soon(each.at ?? each.time)}</td><td>${each.type ?? ''} ${each.event ?? ''}</td><td>${each.attempt}</td><td>${each.status ?? ''} ${each.error ?? ''}</td></tr>`)}</tbody></table></div>`
        : html`<p>${w.noDeliveries}</p>` : html`<p role="alert">${answer.problem.detail || words.unreached}</p>`}</div>`});
  }

  async delete(/** @type {any} */ hook) {
    const w = words.webhooks;
    if (await confirm({label: w.delete, text: w.deleteAsk(hook.url), yes: w.delete})) {
      this.act(remove(`/webhooks/${hook.id}`));
    }
  }
}
customElements.define('parley-webhooks', Webhooks);

export const view = () => html`<parley-webhooks></parley-webhooks>`;
