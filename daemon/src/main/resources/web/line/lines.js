// @ts-check
/** The lines, and how their links are. */
import {html, nothing} from 'lit';
import {Listing, head, button} from '../part/page.js';
import {confirm} from '../part/dialog.js';
import {get, post, query} from '../api/client.js';
import {store, isOld} from '../state/store.js';
import {isAdmin} from '../session/session.js';
import {words} from '../words/en.js';
import {soon, whole, number} from '../words/format.js';

const w = words.lines;

/** What the stream said of links, by name. */
const links = store.part(/** @type {Record<string, {at: number, link: any}>} */ ({}), (known, event) => (event.name !== 'link.updated' || isOld(event.id, known[event.data.name]?.at)
  ? known : {...known, [event.data.name]: {at: Number(event.id), link: event.data}}));

/** -113 dBm is nothing, -51 all (3GPP TS 27.007 §8.5). @param {number} dbm */
const bars = (dbm) => Math.max(0, Math.min(4, Math.round((dbm + 113) / 15)));

class Lines extends Listing {
  static properties = {links: {state: true}};

  constructor() {
    super();
    this.links = /** @type {any[]} */ ([]);
  }

  get path() {
    return '/lines';
  }

  async read() {
    const answer = await get('/links' + query({limit: 200}));
    if (answer.ok) {
      this.links = answer.value.items;
      this.linksAsOf = answer.asOf;
    }
    await super.read();
    this.problem ??= answer.ok ? null : answer.problem;
  }

  render() {
    return html`${head(words.frame.lines)}${this.body((items) => items.map((line) => html`<section class="card" aria-labelledby=${`line-${line.id}`}>
      <h2 id=${`line-${line.id}`}><bdi>${line.name}</bdi> <span class="muted">${line.display ?? line.number}</span></h2>
      ${line.links.length ? this.links.filter((each) => each.line === line.id).map((each) => this.link(each)) : html`<p class="muted">${w.noLink}</p>`}</section>`), w.empty)}`;
  }

  link(/** @type {any} */ read) {
    const known = links.value[read.name];
    const link = known && known.at > (this.linksAsOf ?? 0) ? {...read, ...known.link} : read;
    const busy = this.busy === link.name;
    const dbm = link.signalDbm;
    const act = async (/** @type {string} */ what) => {
      this.busy = link.name;
      await this.act(post(`/links/${encodeURIComponent(link.name)}/${what}`));
      this.busy = '';
    };
    const fact = (/** @type {string} */ name, /** @type {any} */ value) => (value === null || value === undefined || value === '' ? nothing
      : html`<div><dt>${name}</dt><dd>${typeof value === 'number' ? number(value) : value}</dd></div>`);
    const waiting = link.queued ?? 0;
    return html`<article class="link-card" aria-label=${link.name}><h3>${link.name} <span class="muted">${w.kinds[/** @type {'modem'} */ (link.kind)] ?? link.kind}</span></h3>
      <p><span role="status" aria-label=${w.state} class=${link.state === 'ready' ? 'ok' : link.state === 'paused' ? 'warn' : 'bad'}>${w.states[/** @type {'ready'} */ (link.state)] ?? link.state}</span>
        <span class="muted" title=${whole(link.since)}>${w.since(soon(link.since))}</span></p>
      ${link.sentence ? html`<p>${link.sentence}</p>` : nothing}${link.circuit === 'open' ? html`<p class="warn">${w.circuit}</p>` : nothing}
      <dl>${fact(w.signal, dbm === undefined || dbm === null ? null : html`<span aria-hidden="true">${'▮'.repeat(bars(dbm))}${'▯'.repeat(4 - bars(dbm))}</span> ${w.bars(bars(dbm))}, ${dbm} dBm`)}
        ${fact(w.operator, link.operator)}${fact(w.waiting, link.queued)}${fact(w.lastHour, link.sentLastHour)}${fact(w.storage, link.storage ? w.of(link.storage.used, link.storage.total) : null)}</dl>
      ${link.errors?.length ? html`<details><summary>${w.errors}</summary><ul class="plain-list">${link.errors.map((/** @type {any} */ each) => html`<li><time title=${whole(each.at)}>${soon(each.at)}</time>:
        ${each.reason || each.code}</li>`)}</ul></details>` : nothing}
      ${isAdmin() ? html`<div class="choices">${button(w.pause, () => act('pause'), 'plain', busy || link.state === 'paused')}${button(w.resume, () => act('resume'), 'plain', busy || link.state !== 'paused')}
        ${button(w.restart, async () => (!waiting || await confirm({label: w.restart, text: w.restartAsk(link.name, waiting), yes: w.restart, bad: false})) && act('restart'), 'plain', busy)}</div>` : nothing}</article>`;
  }
}
customElements.define('parley-lines', Lines);

export const view = () => html`<parley-lines></parley-lines>`;
