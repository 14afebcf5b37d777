// @ts-check
/** Native modal dialogs, asked for by whoever needs one. Focus goes back to where it was. */
import {html, nothing, render} from 'lit';
import {words} from '../words/en.js';

/**
 * @template T
 * @param {{label: string, content: (close: (result?: T) => void, redraw: () => void) => any, kind?: string, stays?: boolean}} of
 *   stays: Esc does not close it
 * @returns {Promise<T | undefined>}
 */
export function openDialog({label, content, kind = '', stays = false}) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-label', label);
  dialog.className = kind;
  document.body.append(dialog);
  return new Promise((resolve) => {
    let result = /** @type {T | undefined} */ (undefined);
    const close = (/** @type {T} */ value) => {
      result = value;
      dialog.close();
    };
    const draw = () => render(content(/** @type {any} */ (close), draw), dialog);
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (before?.isConnected) {
        before.focus();
      }
      resolve(result);
    });
    dialog.addEventListener('cancel', (event) => stays && event.preventDefault());
    dialog.addEventListener('keydown', (event) => event.stopPropagation());
    dialog.addEventListener('pointerdown', (event) => {
      if (event.target === dialog && !stays) {
        const box = dialog.getBoundingClientRect();
        if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) {
          dialog.close();
        }
      }
    });
    draw();
    dialog.showModal();
    // Elements of ours have drawn themselves by then.
    requestAnimationFrame(() => {
      if (!dialog.contains(document.activeElement) || document.activeElement === dialog || document.activeElement?.closest('.dialog-head')) {
        /** @type {HTMLElement | null} */ (dialog.querySelector('[autofocus], input:not([type=hidden]), textarea, select, .buttons button'))?.focus();
      }
    });
  });
}

/** Asks before something that cannot be undone. @param {{label: string, text: string, yes: string, bad?: boolean}} of @returns {Promise<boolean>} */
export async function confirm({label, text, yes, bad = true}) {
  return Boolean(await openDialog({
    label,
    content: (close) => html`<form class="form" method="dialog" @submit=${(/** @type {Event} */ e) => { e.preventDefault(); close(true); }}>
      <p>${text}</p>
      <div class="buttons"><button type="button" class="plain" @click=${() => close(false)}>${words.cancel}</button>
        <button class=${bad ? 'danger' : 'primary'}>${yes}</button></div></form>`,
  }));
}

/** The heading row of a dialog. @param {string} text @param {() => void} [close] */
export const dialogHead = (text, close) => html`<div class="dialog-head"><h2>${text}</h2>${close
  ? html`<button type="button" aria-label=${words.close} @click=${close}>✕</button>` : nothing}</div>`;
