// @ts-check
/** An element of ours: rendered into the light DOM, so that one style sheet, labels and ids reach everywhere. */
import {LitElement} from 'lit';
import {directive, Directive} from 'lit-html/directive.js';
import {noChange} from 'lit';
import {live} from '../api/live.js';
import {store} from '../state/store.js';

export class Light extends LitElement {
  /** Whether what the tab knows is drawn here. A part is told by whoever uses it instead. */
  static listens = true;

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    if (/** @type {typeof Light} */ (this.constructor).listens) {
      this.unlisten = store.listen(() => this.requestUpdate());
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.unlisten?.();
    this.hearing?.forEach((stop) => stop());
    this.hearing = [];
  }

  /** Listens to the stream for as long as this is on the page. @param {Parameters<typeof live.on>[0]} what @param {(...all: any[]) => void} listener */
  hears(what, listener) {
    (this.hearing ??= /** @type {(() => void)[]} */ ([])).push(live.on(what, listener));
  }
}

/**
 * What had the focus may go away with its row: then the next one has it, or the last. Asked before a change what to do
 * after it.
 *
 * @param {HTMLElement} element @param {string} rows @returns {() => void}
 */
export function focusStaysAmong(element, rows) {
  const before = [...element.querySelectorAll(rows)];
  const at = before.findIndex((row) => row.contains(document.activeElement));
  return () => {
    if (at >= 0 && (!document.activeElement || document.activeElement === document.body)) {
      const now = element.querySelectorAll(rows);
      const next = now[Math.min(at, now.length - 1)]?.querySelector('a[href], button:not(:disabled)') ?? element.closest('main')?.querySelector('h1');
      if (next?.localName === 'h1') {
        next.setAttribute('tabindex', '-1');
      }
      /** @type {HTMLElement | null} */ (next)?.focus({preventScroll: true});
    }
  };
}

/** Sets properties of `element.style`: a `style=` in a template is blocked by the page's policy. */
class Css extends Directive {
  render() {
    return noChange;
  }

  /** @param {any} part @param {[Record<string, string>]} values */
  update(part, [values]) {
    for (const [name, value] of Object.entries(values)) {
      part.element.style.setProperty(name, value);
    }
    return noChange;
  }
}
export const css = directive(Css);

/** Whether the finger, not a pointer, is what people use here. */
export const touch = () => matchMedia('(pointer: coarse)').matches;
/** One pane at a time. */
export const narrow = () => matchMedia('(max-width: 44.99rem)').matches;
/** Details beside the thread, not over it. */
export const wide = () => matchMedia('(min-width: 75rem)').matches;
