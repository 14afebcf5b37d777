// @ts-check
/** A button with a menu (ARIA APG): arrows, Home, End, a letter, Esc. */
import {html, nothing} from 'lit';
import {Light} from './element.js';

/** @typedef {{text: string, act: () => void, bad?: boolean}} Item */

class Menu extends Light {
  static listens = false;
  static properties = {
    label: {}, menu: {}, items: {attribute: false}, face: {attribute: false}, kind: {}, quiet: {type: Boolean}, open: {state: true},
  };

  constructor() {
    super();
    this.label = '';
    this.menu = '';
    this.items = /** @type {() => Item[]} */ (() => []);
    this.face = /** @type {any} */ (nothing);
    this.kind = '';
    this.quiet = false;
    this.open = false;
    this.outside = (/** @type {Event} */ event) => {
      if (!this.contains(/** @type {Node} */ (event.target))) {
        this.shut(false);
      }
    };
    this.away = () => this.shut(false);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.shut(false);
  }

  render() {
    return html`<button type="button" class=${this.kind} aria-haspopup="menu" aria-expanded=${this.open ? 'true' : 'false'}
        aria-label=${this.label || nothing} tabindex=${this.quiet ? '-1' : nothing}
        @click=${() => (this.open ? this.shut(true) : this.show(0))} @keydown=${this.buttonKey}>${this.face}</button>
      ${this.open ? html`<div role="menu" popover="manual" class="menu" aria-label=${this.menu || this.label} @keydown=${this.key}>
        ${this.shown.map((item) => html`<button type="button" role="menuitem" tabindex="-1" class=${item.bad ? 'bad' : ''}
          @click=${() => this.pick(item)}>${item.text}</button>`)}
      </div>` : nothing}`;
  }

  buttonKey(/** @type {KeyboardEvent} */ event) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      event.stopPropagation();
      this.show(event.key === 'ArrowDown' ? 0 : -1);
    }
  }

  async show(/** @type {number} */ focus) {
    this.shown = this.items();
    this.open = true;
    await this.updateComplete;
    const menu = /** @type {HTMLElement} */ (this.querySelector('[role=menu]'));
    menu.showPopover();
    this.place(menu);
    /** @type {HTMLElement} */ ([...menu.children].at(focus)).focus();
    document.addEventListener('pointerdown', this.outside, true);
    addEventListener('resize', this.away);
    addEventListener('blur', this.away);
  }

  /** Below the button at its end, above it where there is no room. */
  place(/** @type {HTMLElement} */ menu) {
    const at = /** @type {HTMLElement} */ (this.querySelector('button')).getBoundingClientRect();
    const {width, height} = menu.getBoundingClientRect();
    const rtl = getComputedStyle(this).direction === 'rtl';
    const start = rtl ? at.left : at.right - width;
    const left = Math.max(8, Math.min(start < 8 ? at.left : start, innerWidth - width - 8));
    const top = at.bottom + 4 + height > innerHeight - 8 && at.top - 4 - height > 8 ? at.top - 4 - height : at.bottom + 4;
    menu.style.left = `${left}px`;
    menu.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
  }

  key(/** @type {KeyboardEvent} */ event) {
    const all = /** @type {HTMLElement[]} */ ([...this.querySelectorAll('[role=menuitem]')]);
    const at = all.indexOf(/** @type {any} */ (document.activeElement));
    const to = {ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1}[event.key];
    event.stopPropagation();
    if (to !== undefined) {
      event.preventDefault();
      all[to].focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.shut(true);
    } else if (event.key === 'Tab') {
      this.shut(false);
    } else if (event.key.length === 1) {
      const letter = event.key.toLowerCase();
      [...all.slice(at + 1), ...all].find((each) => each.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
    }
  }

  pick(/** @type {Item} */ item) {
    this.shut(true);
    item.act();
  }

  shut(/** @type {boolean} */ focus) {
    if (!this.open) {
      return;
    }
    this.open = false;
    document.removeEventListener('pointerdown', this.outside, true);
    removeEventListener('resize', this.away);
    removeEventListener('blur', this.away);
    if (focus) {
      /** @type {HTMLElement | null} */ (this.querySelector('button'))?.focus();
    }
  }
}
customElements.define('parley-menu', Menu);

/** @param {{label?: string, menu?: string, face: any, kind?: string, quiet?: boolean, items: () => Item[]}} of */
export function menuButton({label = '', menu = '', face, kind = '', quiet = false, items}) {
  return html`<parley-menu .label=${label} .menu=${menu} .face=${face} .kind=${kind} .quiet=${quiet} .items=${items}></parley-menu>`;
}
