// @ts-check
/** Contacts from a file: checked first, imported when it is whole. */
import {html, nothing} from 'lit';
import {Light} from '../part/element.js';
import {head, button, table, alert, reason} from '../part/page.js';
import {call} from '../api/client.js';
import {router} from '../router.js';
import {words} from '../words/en.js';

const SHOWN_MAX = 200;
const w = words.contacts;

class ContactImport extends Light {
  static properties = {file: {state: true}, report: {state: true}, fault: {state: true}, busy: {state: true}, done: {state: true}};

  constructor() {
    super();
    this.busy = false;
    this.chosen(null);
  }

  /** @param {File | null} file */
  chosen(file, done = '') {
    this.file = file;
    this.report = /** @type {any} */ (null);
    this.fault = '';
    this.done = done;
  }

  render() {
    const r = this.report;
    const ready = r && !r.faulty && r.created + r.changed > 0;
    const faulty = r ? r.items.filter((/** @type {any} */ each) => each.outcome === 'faulty') : [];
    return html`${head(w.importTitle, nothing, () => router.back('/contacts'))}
      <form class="form" @submit=${(/** @type {Event} */ event) => { event.preventDefault(); this.send(true); }}>
        <p>${w.importWhy}</p><p class="muted"><code>name, primaryNumber, secondaryNumber, assignedTo, dnd</code></p>
        <p class="field"><label for="csv">${w.file}</label><input id="csv" type="file" accept=".csv,.tsv,.txt,text/csv"
          @change=${(/** @type {Event} */ event) => this.chosen(/** @type {HTMLInputElement} */ (event.target).files?.[0] ?? null)}></p>
        ${alert(this.fault)}
        <div class="buttons"><button class=${ready ? 'plain' : 'primary'} ?disabled=${this.busy || !this.file}>${w.check}</button>
          ${ready ? button(w.importN(r.created + r.changed), () => this.import(), 'primary', this.busy) : nothing}</div>
        <p role="status">${this.done || (r ? w.counts(r) : nothing)}</p>
        ${r?.items.length ? table(w.reportTable, [w.row, w.outcome, w.reason], (faulty.length ? faulty : r.items).slice(0, SHOWN_MAX)
          .map((/** @type {any} */ each) => [each.row, w.outcomes[/** @type {'created'} */ (each.outcome)] ?? each.outcome, each.detail ?? ''])) : nothing}
        ${faulty.length ? html`<p class="buttons">${button(w.download, () => download(faulty))}</p>` : nothing}
      </form>`;
  }

  async import() {
    if (await this.send(false)) {
      this.chosen(null, w.imported(this.report.created, this.report.changed));
      /** @type {HTMLInputElement} */ (this.querySelector('#csv')).value = '';
    }
  }

  async send(/** @type {boolean} */ dryRun) {
    this.busy = true;
    const answer = await call('POST', '/contacts/import' + (dryRun ? '?dryRun=true' : ''), {csv: this.file ?? '', timeout: 120_000});
    this.busy = false;
    this.done = '';
    this.fault = answer.ok ? '' : reason(answer);
    this.report = answer.ok ? answer.value : null;
    return answer.ok;
  }
}
customElements.define('parley-contact-import', ContactImport);

/** Without what a spreadsheet would run: it may have stood in the file. @param {string} said */
const asText = (said) => said.replace(/(?<=^|[;\t|\r\n])(?=['\p{Z}\p{Cf}]*[=+\-@\t\r\n＝＋－＠])/gu, '\'');

/** The faulty rows as a file: row, reason. @param {any[]} faulty */
function download(faulty) {
  const text = ['row,reason', ...faulty.map((each) => `${each.row},"${asText(String(each.detail)).replaceAll('"', '""')}"`)].join('\r\n');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type: 'text/csv'}));
  link.download = 'faulty-rows.csv';
  link.click();
  URL.revokeObjectURL(link.href);
}
