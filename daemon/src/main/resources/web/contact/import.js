// @ts-check
/** Contacts from a file: checked first, imported when it is whole. */
import {html, nothing} from 'lit';
import {Light} from '../part/element.js';
import {call} from '../api/client.js';
import {router} from '../router.js';
import {words} from '../words/en.js';

const SHOWN_MAX = 200;

class ContactImport extends Light {
  static properties = {file: {state: true}, report: {state: true}, fault: {state: true}, busy: {state: true}, done: {state: true}};

  constructor() {
    super();
    this.file = /** @type {File | null} */ (null);
    this.report = /** @type {any} */ (null);
    this.fault = '';
    this.busy = false;
    this.done = '';
  }

  render() {
    const w = words.contacts;
    const r = this.report;
    const ready = r && !r.faulty && r.created + r.changed > 0;
    return html`<div class="top"><button type="button" class="back-to" aria-label=${words.thread.back} @click=${() => router.back('/contacts')}>‹</button><h1>${w.importTitle}</h1></div>
      <form class="form" @submit=${this.check}>
        <p>${w.importWhy}</p><p class="muted"><code>name, primaryNumber, secondaryNumber, assignedTo, dnd</code></p>
        <p class="field"><label for="csv">${w.file}</label>
          <input id="csv" type="file" accept=".csv,.tsv,.txt,text/csv" required @change=${this.chosen}></p>
        <p role="alert" class="bad">${this.fault || nothing}</p>
        <div class="buttons"><button class=${ready ? 'plain' : 'primary'} ?disabled=${this.busy || !this.file}>${w.check}</button>
          ${ready ? html`<button type="button" class="primary" ?disabled=${this.busy} @click=${() => this.import()}>${w.importN(r.created + r.changed)}</button>` : nothing}</div>
        <p role="status">${this.done || (r ? w.counts(r) : nothing)}</p>
        ${r && r.items.length ? this.rows(r) : nothing}
      </form>`;
  }

  rows(/** @type {any} */ r) {
    const w = words.contacts;
    const faulty = r.items.filter((/** @type {any} */ each) => each.outcome === 'faulty');
    const shown = (faulty.length ? faulty : r.items).slice(0, SHOWN_MAX);
    return html`<div class="table-frame" tabindex="0" role="group" aria-label=${w.reportTable}><table class="table" aria-label=${w.reportTable}>
        <thead><tr><th scope="col">${w.row}</th><th scope="col">${w.outcome}</th><th scope="col">${w.reason}</th></tr></thead>
        <tbody>${shown.map((/** @type {any} */ each) => html`<tr><th scope="row">${each.row}</th><td>${w.outcomes[/** @type {'created'} */ (each.outcome)] ?? each.outcome}</td>
          <td>${each.detail ?? ''}</td></tr>`)}</tbody></table></div>
      ${faulty.length ? html`<p class="buttons"><button type="button" class="plain" @click=${() => this.download(faulty)}>${w.download}</button></p>` : nothing}`;
  }

  chosen(/** @type {Event} */ event) {
    this.file = /** @type {HTMLInputElement} */ (event.target).files?.[0] ?? null;
    this.report = null;
    this.done = '';
    this.fault = '';
  }

  async check(/** @type {SubmitEvent} */ event) {
    event.preventDefault();
    await this.send(true);
  }

  async import() {
    if (await this.send(false)) {
      this.done = words.contacts.imported(this.report.created, this.report.changed);
      this.report = null;
      this.file = null;
      /** @type {HTMLInputElement} */ (this.querySelector('#csv')).value = '';
    }
  }

  async send(/** @type {boolean} */ dryRun) {
    if (!this.file) {
      return false;
    }
    this.busy = true;
    this.fault = '';
    this.done = '';
    const answer = await call('POST', '/contacts/import' + (dryRun ? '?dryRun=true' : ''), {csv: this.file, timeout: 120_000});
    this.busy = false;
    if (!answer.ok) {
      this.fault = answer.problem.detail || words.unreached;
      return false;
    }
    this.report = answer.value;
    return true;
  }

  /** The faulty rows as a file: row, reason. */
  download(/** @type {any[]} */ faulty) {
    const quoted = (/** @type {string} */ text) => `"${String(text).replaceAll('"', '""')}"`;
    const text = ['row,reason', ...faulty.map((each) => `${each.row},${quoted(each.detail)}`)].join('\r\n');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], {type: 'text/csv'}));
    link.download = 'faulty-rows.csv';
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
customElements.define('parley-contact-import', ContactImport);
