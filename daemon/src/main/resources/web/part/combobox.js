// @ts-check
/** A field with a list of what fits (ARIA APG combobox, list autocomplete). */
import {html, nothing} from 'lit';
import {live} from 'lit-html/directives/live.js';
import {Light} from './element.js';

/** @typedef {{id: string, text: string, disabled?: boolean, hint?: string}} Option */

let serial = 0;

class Combobox extends Light {
  static listens = false;
  static properties = {
    label: {}, list: {}, hint: {}, value: {}, options: {attribute: false}, describedBy: {}, disabled: {type: Boolean}, bare: {type: Boolean},
    invalid: {type: Boolean}, empty: {}, onText: {attribute: false}, onPick: {attribute: false}, onBulk: {attribute: false},
    open: {state: true}, at: {state: true},
  };

  constructor() {
    super();
    this.label = '';
    this.list = '';
    this.hint = '';
    this.value = '';
    this.options = /** @type {Option[]} */ ([]);
    this.describedBy = '';
    this.disabled = false;
    this.bare = false;
    this.invalid = false;
    this.empty = '';
    /** @type {(text: string) => void} */
    this.onText = () => {};
    /** @type {(option: Option) => void} */
    this.onPick = () => {};
    /** What was pasted; true if it was taken. @type {(text: string) => boolean} */
    this.onBulk = () => false;
    this.open = false;
    this.at = -1;
    this.key = `combobox-${++serial}`;
  }

  get field() {
    return /** @type {HTMLInputElement | null} */ (this.querySelector('input'));
  }

  willUpdate(/** @type {Map<string, any>} */ changed) {
    if (changed.has('options')) {
      this.at = this.options.findIndex((option) => !option.disabled);
    }
  }

  render() {
    const shown = this.open && (this.options.length > 0 || this.empty !== '');
    return html`<div class="combobox">
      <label for=${this.key} class=${this.bare ? 'hidden' : 'label-text'}>${this.label}</label>
      <input id=${this.key} role="combobox" autocomplete="off" autocapitalize="off" spellcheck="false" .value=${live(this.value)}
        aria-autocomplete="list" aria-expanded=${shown ? 'true' : 'false'} aria-controls=${shown ? `${this.key}-list` : nothing}
        aria-activedescendant=${shown && this.at >= 0 ? `${this.key}-${this.at}` : nothing}
        aria-describedby=${this.describedBy || nothing} aria-invalid=${this.invalid ? 'true' : nothing}
        placeholder=${this.hint} ?disabled=${this.disabled}
        @input=${this.input} @keydown=${this.press} @focus=${() => { this.open = this.value !== '' || this.options.length > 0; }}
        @click=${() => { this.open = true; }} @blur=${() => { this.open = false; }} @paste=${this.paste}>
      ${shown ? html`<div class="found">
        ${this.options.length ? html`<ul role="listbox" id="${this.key}-list" aria-label=${this.list}>
          ${this.options.map((option, at) => html`<li role="option" id="${this.key}-${at}" aria-selected=${at === this.at ? 'true' : 'false'}
            aria-disabled=${option.disabled ? 'true' : nothing} @pointerdown=${(/** @type {Event} */ e) => e.preventDefault()}
            @click=${() => this.pick(option)}><bdi>${option.text}</bdi>${option.hint ? html`<span class="muted small" aria-hidden="true">${option.hint}</span>` : nothing}</li>`)}</ul>`
          : html`<p class="muted">${this.empty}</p>`}</div>` : nothing}
    </div>`;
  }

  updated() {
    this.querySelector('[aria-selected=true]')?.scrollIntoView({block: 'nearest'});
  }

  input(/** @type {Event} */ event) {
    this.value = /** @type {HTMLInputElement} */ (event.target).value;
    this.open = true;
    this.onText(this.value);
  }

  paste(/** @type {ClipboardEvent} */ event) {
    const text = event.clipboardData?.getData('text') ?? '';
    if (/[\n,;\t]/.test(text.trim()) && this.onBulk(text)) {
      event.preventDefault();
    }
  }

  press(/** @type {KeyboardEvent} */ event) {
    if (event.isComposing || event.keyCode === 229) {
      return;
    }
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step) {
      event.preventDefault();
      if (!this.open) {
        this.open = true;
        return;
      }
      const n = this.options.length;
      for (let i = 1; i <= n; i++) {
        const next = (this.at + step * i + n * i) % n;
        if (!this.options[next].disabled) {
          this.at = next;
          break;
        }
      }
    } else if (event.key === 'Enter' && this.open && this.at >= 0) {
      event.preventDefault();
      this.pick(this.options[this.at]);
    } else if (event.key === 'Enter') {
      event.preventDefault();
    } else if (event.key === 'Escape' && this.open) {
      event.preventDefault();
      event.stopPropagation();
      this.open = false;
    }
  }

  pick(/** @type {Option} */ option) {
    if (option && !option.disabled) {
      this.open = false;
      this.onPick(option);
    }
  }
}
customElements.define('parley-combobox', Combobox);
