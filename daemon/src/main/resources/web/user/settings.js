// @ts-check
/** This device, one's own password and access tokens. */
import {html, nothing} from 'lit';
import {Light, focusStaysAmong} from '../part/element.js';
import {failed} from '../part/states.js';
import {confirm} from '../part/dialog.js';
import {head, button, table, field, choice, alert, sent, unseen, reason} from '../part/page.js';
import {showSecret} from '../part/secret.js';
import {toast} from '../part/toast.js';
import {get, post, patch, remove, query} from '../api/client.js';
import {settings, changeSettings} from '../state/local.js';
import {live} from '../api/live.js';
import {me, session} from '../session/session.js';
import {words} from '../words/en.js';
import {shortDay, soon} from '../words/format.js';

const w = words.settings;

class Settings extends Light {
  static properties = {tokens: {state: true}, problem: {state: true}, fault: {state: true}, note: {state: true}};

  constructor() {
    super();
    this.tokens = /** @type {any[]} */ ([]);
    this.problem = /** @type {any} */ (null);
    this.fault = /** @type {Record<string, string>} */ ({});
    this.note = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.read();
  }

  async read() {
    const tokens = await get('/tokens' + query({limit: 200}));
    this.problem = tokens.ok ? null : tokens.problem;
    this.tokens = tokens.ok ? tokens.value.items.filter((/** @type {any} */ each) => each.user === me()) : this.tokens;
  }

  willUpdate() {
    this.refocus = focusStaysAmong(this, 'tbody tr');
  }

  updated() {
    this.refocus?.();
  }

  render() {
    const s = /** @type {any} */ (settings());
    const keep = (/** @type {any} */ change) => { changeSettings(change); this.requestUpdate(); };
    const radios = (/** @type {string} */ name, /** @type {string} */ label, /** @type {Record<string, string>} */ faces) => html`<fieldset role="group" aria-label=${label}><legend>${label}</legend>
      <div class="choices">${Object.entries(faces).map(([value, face]) => choice('radio', name, value, face, s[name] === value, () => keep({[name]: value})))}</div></fieldset>`;
    const check = (/** @type {string} */ name, /** @type {string} */ label, why = '', act = (/** @type {boolean} */ on) => keep({[name]: on}), off = false) => html`<p>${choice('checkbox', name, 'on', label, Boolean(s[name]), act, off)}
      <span class="muted">${why}</span></p>`;
    const able = 'Notification' in globalThis && isSecureContext;
    return html`${head(words.frame.settings)}
      <section class="form" aria-labelledby="device"><h2 id="device">${w.device}</h2>${radios('theme', w.theme, w.themes)}${radios('density', w.density, w.densities)}
        ${check('enterSends', w.enter, w.enterWhy)}${check('singleKeys', w.keys, w.keysWhy)}
        ${check('notifications', w.notifications, able ? this.note || w.notificationsWhy : w.notificationsNot, (on) => this.notify(on), !able)}${s.notifications ? check('notificationTexts', w.texts) : nothing}</section>
      <form class="form" aria-labelledby="own" @submit=${this.password}><h2 id="own">${w.password}</h2><input type="text" name="username" autocomplete="username" hidden .value=${session.value.user?.name ?? ''}>
        ${field('current', w.current, {type: 'password', required: true, complete: 'current-password'})}${field('fresh', w.fresh, {type: 'password', required: true, complete: 'new-password'})}
        ${alert(this.fault.password ?? '')}<div class="buttons"><button class="primary">${w.change}</button></div></form>
      <section class="form"><h2>${w.tokens}</h2><p class="muted">${w.tokensWhy}</p>
        ${this.problem ? failed(this.problem, () => this.read()) : nothing}${this.tokens.length ? table(w.tokens, [w.tokenName, w.made, w.used, unseen(words.users.actions)], this.tokens.map((each) => [html`<bdi>${each.name}</bdi>`, shortDay(each.createdAt),
          each.usedAt ? soon(each.usedAt) : w.never, button(w.revoke, () => this.revoke(each), 'plain bad', false, w.revokeWhich(each.name))])) : nothing}
        <form class="choices" @submit=${this.issue}>${field('token', w.tokenName, {required: true})}<button class="primary">${w.newToken}</button></form>${alert(this.fault.token ?? '')}</section>`;
  }

  async notify(/** @type {boolean} */ on) {
    const allowed = !on || await Notification.requestPermission() === 'granted';
    this.note = allowed ? '' : w.notificationsRefused;
    changeSettings({notifications: on && allowed});
    live.at({notifies: on && allowed});
    this.requestUpdate();
  }

  /** @param {Event} event */
  async password(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const data = sent(event);
    const answer = await patch(`/users/${me()}`, {password: String(data.get('fresh')), currentPassword: String(data.get('current'))});
    this.fault = answer.ok ? {} : {password: reason(answer)};
    if (answer.ok) {
      form.reset();
      toast(w.changed);
      this.read();
    }
  }

  /** @param {Event} event */
  async issue(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const answer = await post('/tokens', {name: String(sent(event).get('token')).trim()});
    this.fault = answer.ok ? {} : {token: reason(answer)};
    if (answer.ok) {
      form.reset();
      await showSecret({label: w.tokenIs(answer.value.name), secret: answer.value.secret});
      this.read();
    }
  }

  async revoke(/** @type {any} */ token) {
    if (await confirm({label: w.revokeWhich(token.name), text: w.revokeAsk(token.name), yes: w.revoke})) {
      this.end(`/tokens/${token.id}`);
    }
  }

  async end(/** @type {string} */ path) {
    const answer = await remove(path);
    this.fault = answer.ok ? {} : {token: reason(answer)};
    this.read();
  }
}
customElements.define('parley-settings', Settings);

export const view = () => html`<parley-settings></parley-settings>`;
