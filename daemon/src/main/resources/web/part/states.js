// @ts-check
/** What a view shows while it loads, has nothing, or failed. Knows no feature. */
import {html, nothing} from 'lit';
import {words} from '../words/en.js';
import {Light} from './element.js';

const AFTER = 150;

class Skeleton extends Light {
  static listens = false;
  static properties = {rows: {type: Number}, kind: {}, shown: {state: true}};

  constructor() {
    super();
    this.rows = 8;
    this.kind = 'row';
    this.shown = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = setTimeout(() => { this.shown = true; }, AFTER);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  render() {
    return this.shown ? html`<div class="skeleton ${this.kind}" role="status"><span class="hidden">${words.loading}</span>
      ${Array.from({length: this.rows}, () => html`<i aria-hidden="true"></i>`)}</div>` : nothing;
  }
}
customElements.define('parley-skeleton', Skeleton);

/** Rows, after 150 ms. @param {number} [rows] @param {'row' | 'bubble'} [kind] */
export const skeleton = (rows = 8, kind = 'row') => html`<parley-skeleton .rows=${rows} .kind=${kind}></parley-skeleton>`;

/** One sentence, one action. @param {any} text @param {any} [action] */
export const empty = (text, action = nothing) => html`<div class="empty"><p>${text}</p>${action}</div>`;

/** What happened, and again. @param {import('../api/client.js').Problem} problem @param {() => void} again */
export const failed = (problem, again) => html`<div class="empty" role="alert"><p>${problem.status === 404 ? words.gone
  : problem.detail || (problem.status === 0 ? words.unreached : words.failed)}</p>
  ${problem.status === 404 ? nothing : html`<button type="button" class="plain" @click=${again}>${words.tryAgain}</button>`}</div>`;
