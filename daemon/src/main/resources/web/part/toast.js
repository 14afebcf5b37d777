// @ts-check
/** A sentence at the foot of the page, for some seconds, and what a screen reader hears. */
import {html, render} from 'lit';

const SHOWN = 6_000;
const SPEAKS = 1_000;

let timer = 0;

/** @param {string} text @param {{action?: string, act?: () => void, stays?: boolean}} [more] stays: until it is acted on, or another comes */
export function toast(text, {action, act, stays = false} = {}) {
  const place = document.querySelector('#toasts');
  if (!place) {
    return;
  }
  clearTimeout(timer);
  const gone = () => render(html``, /** @type {HTMLElement} */ (place));
  render(html`<div class="toast"><span>${text}</span>${action
    ? html`<button type="button" class="linkish" @click=${() => { gone(); act?.(); }}>${action}</button>` : ''}</div>`,
  /** @type {HTMLElement} */ (place));
  timer = stays ? 0 : setTimeout(gone, SHOWN);
}

let waiting = /** @type {string[]} */ ([]);
let summary = /** @type {((n: number) => string) | null} */ (null);
let spoke = 0;
let pending = 0;

/** At most one sentence a second; several at once become their sum. @param {string} text @param {(n: number) => string} [sum] */
export function announce(text, sum) {
  waiting.push(text);
  summary = sum ?? null;
  if (!pending) {
    pending = setTimeout(speak, Math.max(50, spoke + SPEAKS - Date.now()));
  }
}

function speak() {
  pending = 0;
  spoke = Date.now();
  const place = document.querySelector('#announcements');
  if (place) {
    place.textContent = waiting.length > 1 && summary ? summary(waiting.length) : waiting.at(-1) ?? '';
  }
  waiting = [];
}
