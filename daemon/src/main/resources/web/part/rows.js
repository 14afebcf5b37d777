// @ts-check
/**
 * A window over rows of one height: only those near the viewport are in the DOM, and the one that has the focus. Roving
 * focus by arrows, Home, End, PageUp, PageDown.
 */
import {html, nothing} from 'lit';
import {repeat} from 'lit-html/directives/repeat.js';
import {Light, css} from './element.js';

const BEYOND = 8;

class Rows extends Light {
  static listens = false;
  static properties = {
    label: {}, items: {attribute: false}, row: {attribute: false}, keyOf: {attribute: false}, current: {}, whole: {type: Boolean},
    onEnd: {attribute: false},
  };

  constructor() {
    super();
    this.label = '';
    this.items = /** @type {any[]} */ ([]);
    /** @type {(item: any, tab: boolean) => any} */
    this.row = () => nothing;
    this.keyOf = (/** @type {any} */ item) => item.id;
    this.current = '';
    this.whole = true;
    /** @type {() => void} */
    this.onEnd = () => {};
    this.focused = '';
    this.height = 72;
    this.look = new ResizeObserver(() => this.requestUpdate());
  }

  get scroller() {
    return /** @type {HTMLElement | null} */ (this.querySelector('.rows'));
  }

  firstUpdated() {
    this.look.observe(/** @type {HTMLElement} */ (this.scroller));
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.look.disconnect();
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.scroller) {
      this.look.observe(this.scroller);
    }
  }

  render() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    this.height = parseFloat(getComputedStyle(this).getPropertyValue('--row')) * rem || 72;
    const top = this.scroller?.scrollTop ?? 0;
    const view = this.scroller?.clientHeight || 800;
    const first = Math.max(0, Math.floor(top / this.height) - BEYOND);
    const last = Math.min(this.items.length, Math.ceil((top + view) / this.height) + BEYOND);
    const shown = this.items.slice(first, last).map((item, i) => ({item, at: first + i}));
    const focusedAt = this.focused ? this.items.findIndex((item) => this.keyOf(item) === this.focused) : -1;
    if (focusedAt >= 0 && (focusedAt < first || focusedAt >= last)) {
      shown.push({item: this.items[focusedAt], at: focusedAt});
    }
    const tab = focusedAt >= 0 ? focusedAt : Math.max(0, this.items.findIndex((item) => this.keyOf(item) === this.current));
    return html`<div class="rows" tabindex="-1" @scroll=${this.scrolled} @keydown=${this.key} @focusin=${this.focusIn}>
      <ul aria-label=${this.label} ${css({'block-size': `${this.items.length * this.height}px`})}>
        ${repeat(shown, ({item}) => this.keyOf(item), ({item, at}) => html`<li aria-setsize=${this.whole ? this.items.length : -1}
          aria-posinset=${at + 1} data-at=${at} ${css({transform: `translateY(${at * this.height}px)`})}>${this.row(item, at === tab)}</li>`)}
      </ul></div>`;
  }

  willUpdate() {
    const focused = document.activeElement?.closest?.('li');
    this.focusedAt = focused && this.contains(focused) ? Number(focused.dataset.at) : -1;
  }

  updated() {
    if (this.focusedAt >= 0 && document.activeElement === document.body) {
      const at = this.items.findIndex((item) => this.keyOf(item) === this.focused);
      this.focusAt(at < 0 ? Math.min(this.focusedAt, this.items.length - 1) : at); // its row is gone: the next one has the focus
    }
    this.askForMore();
  }

  scrolled() {
    this.requestUpdate();
  }

  askForMore() {
    const scroller = this.scroller;
    if (scroller && !this.whole && scroller.scrollTop + scroller.clientHeight * 3 > this.items.length * this.height) {
      this.onEnd();
    }
  }

  focusIn(/** @type {FocusEvent} */ event) {
    const at = Number(/** @type {HTMLElement} */ (event.target).closest('li')?.dataset.at ?? -1);
    if (this.items[at]) {
      this.focused = this.keyOf(this.items[at]);
      this.requestUpdate();
    }
  }

  key(/** @type {KeyboardEvent} */ event) {
    const at = Number(/** @type {HTMLElement} */ (event.target).closest('li')?.dataset.at ?? -1);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const page = Math.max(1, Math.floor((this.scroller?.clientHeight ?? 0) / this.height) - 1);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.items.length - 1, PageDown: at + page, PageUp: at - page}[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.focusAt(Math.max(0, Math.min(this.items.length - 1, to)));
    }
  }

  /** @param {number} at */
  async focusAt(at) {
    const scroller = this.scroller;
    if (!scroller || !this.items[at]) {
      return;
    }
    this.focused = this.keyOf(this.items[at]);
    this.reveal(at);
    this.requestUpdate();
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector(`li[data-at="${at}"] a, li[data-at="${at}"] button`))?.focus({preventScroll: true});
  }

  /** @param {number} at */
  reveal(at) {
    const scroller = /** @type {HTMLElement} */ (this.scroller);
    const top = at * this.height;
    if (top < scroller.scrollTop) {
      scroller.scrollTop = top;
    } else if (top + this.height > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = top + this.height - scroller.clientHeight;
    }
  }

  /** @param {string} key */
  focusKey(key) {
    return this.focusAt(Math.max(0, this.items.findIndex((item) => this.keyOf(item) === key)));
  }
}
customElements.define('parley-rows', Rows);
