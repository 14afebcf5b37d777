// @ts-check
/** Where events are posted to, and how that goes. For admins. */
import {html, nothing} from 'lit';
import {Listing, head, button, table, field, choice, ask, unseen, reason} from '../part/page.js';
import {openDialog, confirm, dialogHead} from '../part/dialog.js';
import {showSecret} from '../part/secret.js';
import {get, post, patch, remove, query} from '../api/client.js';
import {words} from '../words/en.js';
import {localField, number, soon, whole, zone} from '../words/format.js';

const w = words.webhooks;

class Webhooks extends Listing {
  get path() {
    return '/webhooks';
  }

  render() {
    return html`${head(words.frame.webhooks, button(w.new, () => this.create(), 'primary'))}${this.body((items) => table(words.frame.webhooks, [w.url, w.state, w.last, w.failures, unseen(words.users.actions)],
      items.map((each) => [html`<span class="url">${each.url}<span class="muted">${each.events.join(', ') || w.all}</span></span>`,
        html`${w.states[/** @type {'active'} */ (each.state)] ?? each.state} ${each.nextTryAt ? html`<span class="muted" title=${whole(each.nextTryAt)}>${w.next(soon(each.nextTryAt))}</span>` : nothing}`,
        html`${each.lastStatus ?? ''} ${each.lastError ?? ''} ${each.deliveredAt ? html`<span class="muted" title=${whole(each.deliveredAt)}>${soon(each.deliveredAt)}</span>` : nothing}`, number(each.failures), this.actions(each)])), w.empty)}`;
  }

  actions(/** @type {any} */ hook) {
    const path = `/webhooks/${hook.id}`;
    return html`<div class="choices">${['paused', 'dead'].includes(hook.state) ? button(words.lines.resume, () => this.act(post(`${path}/resume`))) : button(words.lines.pause, () => this.act(patch(path, {paused: true})))}
      ${button(w.replay, () => this.replay(hook))}${button(w.deliveries, () => deliveries(path))}
      ${button(w.delete, async () => await confirm({label: w.delete, text: w.deleteAsk(hook.url), yes: w.delete}) && this.act(remove(path)), 'plain bad')}</div>`;
  }

  async create() {
    const made = await ask(w.new, () => html`${field('url', w.url, {type: 'url', required: true})}
      <fieldset><legend>${w.events}</legend><p class="muted">${w.eventsWhy}</p><div class="choices-list">${w.names.map((each) => choice('checkbox', 'event', each, each, false))}</div></fieldset>`,
    (data) => post('/webhooks', {url: String(data.get('url')).trim(), events: data.getAll('event').map(String)}));
    if (made) {
      await showSecret({label: w.secretIs, secret: made.secret});
      this.read();
    }
  }

  async replay(/** @type {any} */ hook) {
    const hourAgo = new Date(Date.now() - 3_600_000);
    if (await ask(w.replay, () => html`<p>${w.replayWhy}</p>${field('since', w.since, {type: 'datetime-local', value: localField(hourAgo), more: words.composer.zone(zone())})}
      ${field('from', w.from, {more: w.fromWhy})}`, (data) => {
      const from = String(data.get('from')).trim();
      const since = new Date(String(data.get('since')) || 0);
      return post(`/webhooks/${hook.id}/replay`, from ? {from} : {since: since.toISOString()});
    }, w.replay)) {
      this.read();
    }
  }
}
customElements.define('parley-webhooks', Webhooks);

/** @param {string} path */
async function deliveries(path) {
  const answer = await get(`${path}/deliveries` + query({limit: 50}));
  openDialog({label: w.deliveries, kind: 'broad', content: (close) => html`<div class="form">${dialogHead(w.deliveries, () => close())}${!answer.ok ? reason(answer) : answer.value.items.length
    ? table(w.deliveries, [w.time, w.event, w.attempt, w.last], answer.value.items.map((/** @type {any} */ each) => [html`<time title=${whole(each.at)}>${soon(each.at)}</time>`, html`${each.type} <span class="muted">${each.event}</span>`, number(each.attempt), html`<span class=${each.error ? 'bad' : 'ok'}>${each.status ?? ''} ${each.error ?? ''}</span>`]))
    : w.noDeliveries}</div>`});
}

export const view = () => html`<parley-webhooks></parley-webhooks>`;
