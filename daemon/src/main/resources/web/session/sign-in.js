// @ts-check
/** Two fields and a button: as a page, and as a dialog over a page whose session ended. */
import {html, nothing} from 'lit';
import {Light} from '../part/element.js';
import {get} from '../api/client.js';
import {words} from '../words/en.js';
import {signIn} from './session.js';

class SignIn extends Light {
  static listens = false;
  static properties = {onDone: {attribute: false}, again: {type: Boolean}, refusal: {state: true}, left: {state: true}, busy: {state: true}, provider: {state: true}, user: {}};

  constructor() {
    super();
    /** @type {() => void} */
    this.onDone = () => {};
    this.again = false;
    this.refusal = '';
    this.left = 0;
    this.busy = false;
    /** @type {{label: string, path: string} | null} */
    this.provider = null;
    this.user = '';
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  firstUpdated() {
    /** @type {HTMLElement | null} */ (this.querySelector(this.user ? '#password' : '#username'))?.focus();
    const refused = new URLSearchParams(location.search).get('refused');
    if (refused && !this.again) {
      this.refusal = words.signIn.refused[refused] ?? words.signIn.refused['sign-in-failed'];
    }
    this.lookForProvider();
  }

  /** The button of the identity provider, where there is one. It leaves the page, so a dialog over one has none. */
  async lookForProvider() {
    const answer = this.again ? null : await get('/session/ways', {asks: false});
    this.provider = answer?.ok ? answer.value.oidc : null;
  }

  render() {
    const w = words.signIn;
    const refusal = this.left > 0 ? w.wait(this.left) : this.refusal;
    return html`<form class="form sign-in" @submit=${this.submit}>
      ${this.again ? html`<h2>${w.heading}</h2><p class="muted">${w.again}</p>` : html`<h1>${w.heading}</h1>`}
      <p class="field"><label for="username">${w.user}</label>
        <input id="username" name="username" autocomplete="username" autocapitalize="off" spellcheck="false" required .value=${this.user}></p>
      <p class="field"><label for="password">${w.password}</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required></p>
      <p role="alert" class="bad">${refusal || nothing}</p>
      <button class="primary" ?disabled=${this.busy || this.left > 0}>${w.submit}</button>
      ${this.provider ? html`<p><a class="button" href=${this.provider.path}>${w.by(this.provider.label)}</a></p>` : nothing}
    </form>`;
  }

  async submit(/** @type {SubmitEvent} */ event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    this.busy = true;
    const answer = await signIn(String(form.get('username')), String(form.get('password')));
    if (answer.ok) {
      this.refusal = '';
      this.onDone();
      return;
    }
    this.busy = false;
    this.refusal = answer.problem.detail || words.unreached;
    if (answer.status === 429 && answer.retryAfter > 0) {
      this.countDown(answer.retryAfter);
    }
    await this.updateComplete;
    /** @type {HTMLInputElement | null} */ (this.querySelector('#password'))?.select();
  }

  countDown(/** @type {number} */ seconds) {
    clearInterval(this.timer);
    this.left = seconds;
    this.timer = setInterval(() => {
      this.left -= 1;
      if (this.left <= 0) {
        clearInterval(this.timer);
        this.refusal = '';
      }
    }, 1_000);
  }
}
customElements.define('parley-sign-in', SignIn);
