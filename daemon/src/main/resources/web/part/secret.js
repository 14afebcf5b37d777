// @ts-check
/** A secret that is shown this once, with Copy, until somebody says that it is stored. */
import {html} from 'lit';
import {openDialog} from './dialog.js';
import {toast} from './toast.js';
import {words} from '../words/en.js';

/** @param {{label: string, secret: string}} of */
export const showSecret = ({label, secret}) => openDialog({label, stays: true, content: (close) => html`<div class="form"><h2>${label}</h2>
  <p>${words.secret.once}</p><p class="field"><label for="secret">${words.secret.label}</label><input id="secret" class="code" readonly .value=${secret} @focus=${select}></p>
  <div class="buttons"><button type="button" class="plain" @click=${copy}>${words.secret.copy}</button>
    <button type="button" class="primary" @click=${() => close()}>${words.secret.stored}</button></div></div>`});

function select(/** @type {Event} */ event) {
  /** @type {HTMLInputElement} */ (event.target).select();
}

/** Plain HTTP has no clipboard: then the text is selected for the person to copy. */
async function copy() {
  const field = /** @type {HTMLInputElement} */ (document.querySelector('#secret'));
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    toast(words.copied);
  } catch {
    document.execCommand('copy');
  }
}
