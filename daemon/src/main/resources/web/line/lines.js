// @ts-check
/** The lines, and how their links are. */
import {html, nothing} from 'lit';
import {Light} from '../part/element.js';
import {confirm} from '../part/dialog.js';
import {skeleton, empty, failed} from '../part/states.js';
import {get, post, query} from '../api/client.js';
import {store, isOld} from '../state/store.js';
import {isAdmin} from '../session/session.js';
import {words} from '../words/en.js';
import {soon, whole, number} from '../words/format.js';

/** What the stream said of links, by name. */
const links = store.part(/** @type {Record<string, {at: number, link: any}>} */ ({}), (known, event) => {
  if (event.name !== 'link.updated' || isOld(event.id, known[event.data.name]?.at)) {
    return known;
  }
  return {...known, [event.data.name]: {at: Number(event.id), link: event.data}};
});

/** -113 dBm is nothing, -51 all (3GPP TS 27.007 §8.5). @param {number} dbm */
const bars = (dbm) => Math.max(0, Math.min(4, Math.round((dbm + 113) / 15)));

class Lines extends Light {
  static properties = {lines: {state: true}, list: {state: true}, problem: {state: true}, busy: {state: true}, fault: {state: true}};

  constructor() {
    super();
    this.lines = /** @type {any[] | null} */ (null);
    this.list = /** @type {any[]} */ ([]);
    this.problem = /** @type {any} */ (null);
    this.busy = '';
    this.fault = '';
    this.asOf = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.read();
  }

  async read() {
    const [lines, list] = await Promise.all([get('/lines' + query({limit: 200})), get('/links' + query({limit: 200}))]);
    const refused = [lines, list].find((each) => !each.ok);
    if (refused && !refused.ok) {
      this.problem = refused.problem;
    } else if (lines.ok && list.ok) {
      this.problem = null;
      this.lines = lines.value.items;
      this.list = list.value.items;
      this.asOf = list.asOf;
    }
  }

  render() {
    return html`<div class="top"><h1>${words.frame.lines}</h1></div><div class="sheet cards">
      ${this.fault ? html`<p role="alert" class="bad">${this.fault}</p>` : nothing}
      ${this.problem ? failed(this.problem, () => this.read()) : this.lines === null ? skeleton(4)
        : this.lines.length ? this.lines.map((line) => this.line(line)) : empty(words.lines.empty)}</div>`;
  }

  line(/** @type {any} */ line) {
    const own = this.list.filter((each) => each.line === line.id).map((each) => this.latest(each));
    return html`<section class="card" aria-labelledby=${`line-${line.id}`}><h2 id=${`line-${line.id}`}><bdi>${line.name}</bdi> <span class="muted">${line.display ?? line.number}</span></h2>
      ${own.length ? own.map((link) => this.link(link)) : html`<p class="muted">${words.lines.noLink}</p>`}</section>`;
  }

  latest(/** @type {any} */ link) {
    const known = links.value[link.name];
    return known && known.at > this.asOf ? {...link, ...known.link} : link;
  }

  link(/** @type {any} */ link) {
    const w = words.lines;
    const well = link.state === 'ready' && link.circuit !== 'open';
    const storage = link.storage ?? link.simStorage;
    return html`<article class="link-card" aria-label=${link.name}><h3>${link.name} <span class="muted">${w.kinds[/** @type {'modem'} */ (link.kind)] ?? link.kind}</span></h3>
      <p><span role="status" aria-label=${w.state} class=${well ? 'ok' : link.state === 'paused' ? 'warn' : 'bad'}>${w.states[/** @type {'ready'} */ (link.state)] ?? link.state}</span>
        <span class="muted" title=${whole(link.since)}> ${w.since(soon(link.since))}</span></p>
      ${link.sentence ? html`<p>${link.sentence}</p>` : nothing}
      ${link.circuit === 'open' ? html`<p class="warn">${w.circuit}</p>` : nothing}
      <dl>${this.fact(w.signal, link.signalDbm === undefined || link.signalDbm === null ? null : html`<span class="bars" aria-hidden="true">${'▮'.repeat(bars(link.signalDbm))}${'▯'.repeat(4 - bars(link.signalDbm))}</span> ${w.bars(bars(link.signalDbm))}, ${link.signalDbm} dBm`)}
        ${this.fact(w.operator, link.operator)}
        ${this.fact(w.waiting, link.queued ?? link.waiting)}
        ${this.fact(w.lastHour, link.sentLastHour)}
        ${this.fact(w.storage, storage ? w.of(storage.used, storage.total ?? storage.capacity) : null)}</dl>
      ${link.lastErrors?.length ? html`<details><summary>${w.errors}</summary><ul class="plain-list">${link.lastErrors.map((/** @type {any} */ each) => html`<li>
        ${each.at ? html`<time title=${whole(each.at)}>${soon(each.at)}</time>: ` : nothing}${each.reason ?? each.sentence ?? each.code}</li>`)}</ul></details>` : nothing}
      ${isAdmin() ? html`<div class="choices">
        <button type="button" class="plain" ?disabled=${this.busy === link.name || link.state === 'paused'} @click=${() => this.act(link, 'pause')}>${w.pause}</button>
        <button type="button" class="plain" ?disabled=${this.busy === link.name || link.state !== 'paused'} @click=${() => this.act(link, 'resume')}>${w.resume}</button>
        <button type="button" class="plain" ?disabled=${this.busy === link.name} @click=${() => this.restart(link)}>${w.restart}</button></div>` : nothing}</article>`;
  }

  fact(/** @type {string} */ name, /** @type {any} */ value) {
    return value === null || value === undefined || value === '' ? nothing : html`<div><dt>${name}</dt><dd>${typeof value === 'number' ? number(value) : value}</dd></div>`;
  }

  async restart(/** @type {any} */ link) {
    const waiting = link.queued ?? link.waiting ?? 0;
    if (waiting === 0 || await confirm({label: words.lines.restart, text: words.lines.restartAsk(link.name, waiting), yes: words.lines.restart, bad: false})) {
      this.act(link, 'restart');
    }
  }

  async act(/** @type {any} */ link, /** @type {string} */ what) {
    this.busy = link.name;
    const answer = await post(`/links/${encodeURIComponent(link.name)}/${what}`);
    this.busy = '';
    this.fault = answer.ok ? '' : answer.problem.detail || words.unreached;
    this.read();
  }
}
customElements.define('parley-lines', Lines);

export const view = () => html`<parley-lines></parley-lines>`;
