// @ts-check
/** This device, one's own password, sessions and access tokens. */
import {html, nothing} from 'lit';
import {Light} from '../part/element.js';
import {confirm} from '../part/dialog.js';
import {showSecret} from '../part/secret.js';
import {toast} from '../part/toast.js';
import {get, post, patch, remove, query} from '../api/client.js';
import {settings, changeSettings} from '../state/local.js';
import {live} from '../api/live.js';
import {me, session} from '../session/session.js';
import {words} from '../words/en.js';
import {shortDay, soon} from '../words/format.js';

class Settings extends Light {
  static properties = {tokens: {state: true}, sessions: {state: true}, fault: {state: true}, note: {state: true}};

  constructor() {
    super();
    this.tokens = /** @type {any[]} */ ([]);
    this.sessions = /** @type {any[] | null} */ (null);
    this.fault = /** @type {Record<string, string>} */ ({});
    this.note = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.read();
  }

  async read() {
    const [tokens, sessions] = await Promise.all([get('/tokens' + query({limit: 200})), get('/sessions' + query({limit: 50}))]);
    this.tokens = tokens.ok ? tokens.value.items.filter((/** @type {any} */ each) => each.user === me()) : [];
    this.sessions = sessions.ok ? sessions.value.items : null;
  }

  render() {
    const w = words.settings;
    const s = settings();
    const radio = (/** @type {string} */ name, /** @type {Record<string, string>} */ choices, /** @type {string} */ label) => html`<fieldset role="group" aria-label=${label}><legend>${label}</legend>
      <div class="choices">${Object.entries(choices).map(([value, word]) => html`<label class="check"><input type="radio" name=${name} value=${value} .checked=${/** @type {any} */ (s)[name] === value}
        @change=${() => { changeSettings({[name]: value}); this.requestUpdate(); }}> ${word}</label>`)}</div></fieldset>`;
    const check = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ why, act = (/** @type {boolean} */ on) => { changeSettings({[name]: on}); this.requestUpdate(); }, disabled = false) => html`<p>
      <label class="check"><input type="checkbox" name=${name} .checked=${Boolean(/** @type {any} */ (s)[name])} ?disabled=${disabled} @change=${(/** @type {Event} */ e) => act(/** @type {HTMLInputElement} */ (e.target).checked)}> ${label}</label>
      ${why ? html`<span class="muted">${why}</span>` : nothing}</p>`;
    const canNotify = 'Notification' in globalThis && isSecureContext;
    return html`<div class="top"><h1>${words.frame.settings}</h1></div>
      <section class="form" aria-labelledby="device"><h2 id="device">${w.device}</h2>
        ${radio('theme', w.themes, w.theme)}
        ${radio('density', w.densities, w.density)}
        ${check('enterSends', w.enter, w.enterWhy)}
        ${check('singleKeys', w.keys, w.keysWhy)}
        ${check('notifications', w.notifications, canNotify ? this.note || w.notificationsWhy : w.notificationsNot, (on) => this.notify(on), !canNotify)}
        ${s.notifications ? check('notificationTexts', w.texts, '') : nothing}
      </section>
      <form class="form" aria-labelledby="own-password" @submit=${this.password}><h2 id="own-password">${w.password}</h2>
        <input type="text" name="username" autocomplete="username" hidden .value=${session.value.user?.name ?? ''}>
        <p class="field"><label for="current">${w.current}</label><input id="current" name="current" type="password" autocomplete="current-password" required></p>
        <p class="field"><label for="fresh">${w.fresh}</label><input id="fresh" name="fresh" type="password" autocomplete="new-password" required></p>
        <p role="alert" class="bad">${this.fault.password ?? nothing}</p>
        <div class="buttons"><button class="primary">${w.change}</button></div></form>
      ${this.sessions ? html`<section class="form" aria-labelledby="own-sessions"><h2 id="own-sessions">${w.sessions}</h2>
        <div class="table-frame" tabindex="0" role="group" aria-label=${w.sessions}><table class="table" aria-label=${w.sessions}><thead><tr><th scope="col">${w.where}</th><th scope="col">${w.began}</th><th scope="col"><span class="hidden">${words.users.actions}</span></th></tr></thead>
        <tbody>${this.sessions.map((each) => html`<tr><th scope="row">${each.address ?? each.userAgent ?? each.id}</th><td>${soon(each.createdAt)}</td>
          <td>${each.current ? w.thisOne : html`<button type="button" class="plain" @click=${() => this.end(each)}>${w.end}</button>`}</td></tr>`)}</tbody></table></div></section>` : nothing}
      <section class="form" aria-labelledby="own-tokens"><h2 id="own-tokens">${w.tokens}</h2><p class="muted">${w.tokensWhy}</p>
        ${this.tokens.length ? html`<div class="table-frame" tabindex="0" role="group" aria-label=${w.tokens}><table class="table" aria-label=${w.tokens}><thead><tr><th scope="col">${w.tokenName}</th><th scope="col">${w.made}</th><th scope="col">${w.used}</th><th scope="col"><span class="hidden">${words.users.actions}</span></th></tr></thead>
          <tbody>${this.tokens.map((each) => html`<tr><th scope="row"><bdi>${each.name}</bdi></th><td>${shortDay(each.createdAt)}</td><td>${each.usedAt ? soon(each.usedAt) : w.never}</td>
            <td><button type="button" class="plain bad" aria-label=${w.revokeWhich(each.name)} @click=${() => this.revoke(each)}>${w.revoke}</button></td></tr>`)}</tbody></table></div>` : nothing}
        <form class="choices" @submit=${this.issue}><p class="field"><label for="token-name">${w.tokenName}</label><input id="token-name" name="name" required autocomplete="off"></p>
          <button class="primary">${w.newToken}</button></form>
        <p role="alert" class="bad">${this.fault.token ?? nothing}</p></section>`;
  }

  async notify(/** @type {boolean} */ on) {
    const allowed = !on || await Notification.requestPermission() === 'granted';
    this.note = allowed ? '' : words.settings.notificationsRefused;
    changeSettings({notifications: on && allowed});
    live.at({notifies: on && allowed});
    this.requestUpdate();
  }

  async password(/** @type {SubmitEvent} */ event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const data = new FormData(form);
    const answer = await patch(`/users/${me()}`, {password: String(data.get('fresh')), currentPassword: String(data.get('current'))});
    this.fault = answer.ok ? {} : {password: answer.problem.detail || words.unreached};
    if (answer.ok) {
      form.reset();
      toast(words.settings.changed);
      this.read();
    }
  }

  async issue(/** @type {SubmitEvent} */ event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const answer = await post('/tokens', {name: String(new FormData(form).get('name')).trim()});
    this.fault = answer.ok ? {} : {token: answer.problem.detail || words.unreached};
    if (answer.ok) {
      form.reset();
      await showSecret({label: words.settings.tokenIs(answer.value.name), secret: answer.value.secret});
      this.read();
    }
  }

  async revoke(/** @type {any} */ token) {
    const w = words.settings;
    if (await confirm({label: w.revokeWhich(token.name), text: w.revokeAsk(token.name), yes: w.revoke})) {
      await remove(`/tokens/${token.id}`);
      this.read();
    }
  }

  async end(/** @type {any} */ one) {
    await remove(`/sessions/${one.id}`);
    this.read();
  }
}
customElements.define('parley-settings', Settings);

export const view = () => html`<parley-settings></parley-settings>`;
