// @ts-check
/** Who may sign in, and what each may see. For admins. */
import {html, nothing} from 'lit';
import {Light} from '../part/element.js';
import {openDialog, confirm, dialogHead} from '../part/dialog.js';
import {skeleton, failed} from '../part/states.js';
import {get, post, patch, remove, query} from '../api/client.js';
import {me} from '../session/session.js';
import {words} from '../words/en.js';
import {shortDay} from '../words/format.js';

class Users extends Light {
  static properties = {items: {state: true}, lines: {state: true}, problem: {state: true}};

  constructor() {
    super();
    this.items = /** @type {any[] | null} */ (null);
    this.lines = /** @type {any[]} */ ([]);
    this.problem = /** @type {any} */ (null);
  }

  connectedCallback() {
    super.connectedCallback();
    this.read();
  }

  async read() {
    const [users, lines] = await Promise.all([get('/users' + query({limit: 200})), get('/lines' + query({limit: 200}))]);
    if (users.ok) {
      this.items = users.value.items.sort((/** @type {any} */ a, /** @type {any} */ b) => a.name.localeCompare(b.name));
      this.problem = null;
    } else {
      this.problem = users.problem;
    }
    this.lines = lines.ok ? lines.value.items : [];
  }

  render() {
    const w = words.users;
    return html`<div class="top"><h1>${words.frame.users}</h1><span class="spring"></span><button type="button" class="primary" @click=${() => this.edit(null)}>${w.new}</button></div>
      <div class="sheet">${this.problem ? failed(this.problem, () => this.read()) : this.items === null ? skeleton(4) : this.table(this.items)}</div>`;
  }

  table(/** @type {any[]} */ items) {
    const w = words.users;
    return html`<div class="table-frame" tabindex="0" role="group" aria-label=${words.frame.users}><table class="table" aria-label=${words.frame.users}>
      <thead><tr><th scope="col">${w.name}</th><th scope="col">${w.role}</th><th scope="col">${w.sees}</th><th scope="col">${w.since}</th><th scope="col"><span class="hidden">${w.actions}</span></th></tr></thead>
      <tbody>${items.map((each) => html`<tr><th scope="row"><bdi>${each.name}</bdi></th><td>${w.roles[/** @type {'admin'} */ (each.role)]}</td><td>${this.sees(each)}</td><td>${shortDay(each.createdAt)}</td>
        <td><div class="choices"><button type="button" class="plain" aria-label=${w.editWho(each.name)} @click=${() => this.edit(each)}>${w.edit}</button>
          ${each.id === me() ? nothing : html`<button type="button" class="plain bad" aria-label=${w.removeWho(each.name)} @click=${() => this.remove(each)}>${w.remove}</button>`}</div></td></tr>`)}</tbody></table></div>`;
  }

  sees(/** @type {any} */ user) {
    const w = words.users;
    if (user.role === 'admin') {
      return w.everything;
    }
    const on = user.lines.length ? user.lines.map((/** @type {string} */ id) => this.lines.find((line) => line.id === id)?.name ?? id).join(', ') : w.allLines;
    return `${w.scopes[/** @type {'all'} */ (user.scope)]}, ${on}`;
  }

  async edit(/** @type {any} */ user) {
    const w = words.users;
    let fault = '';
    let role = user?.role ?? 'member';
    const label = user ? w.editWho(user.name) : w.new;
    await openDialog({label, content: (close, redraw) => html`<form class="form" aria-label=${label} @submit=${async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const data = new FormData(/** @type {HTMLFormElement} */ (event.target));
      const body = {name: String(data.get('name')).trim(), role: String(data.get('role')), scope: String(data.get('scope') ?? 'all'), lines: data.getAll('line').map(String),
        ...(data.get('password') ? {password: String(data.get('password'))} : {})};
      const answer = user ? await patch(`/users/${user.id}`, body) : await post('/users', body);
      if (answer.ok) {
        close();
        this.read();
      } else {
        fault = answer.problem.detail || words.unreached;
        redraw();
      }
    }}>
      ${dialogHead(label, () => close())}
      <p class="field"><label for="user-name">${w.name}</label><input id="user-name" name="name" required autocomplete="off" .value=${user?.name ?? ''}></p>
      <p class="field"><label for="user-password">${user ? w.newPassword : w.password}</label><input id="user-password" name="password" type="password" autocomplete="new-password"><span class="muted">${w.passwordWhy}</span></p>
      <fieldset><legend>${w.role}</legend><div class="choices">${['admin', 'member'].map((each) => html`<label class="check"><input type="radio" name="role" value=${each} ?checked=${role === each}
        @change=${() => { role = each; redraw(); }}> ${w.roles[/** @type {'admin'} */ (each)]}</label>`)}</div></fieldset>
      ${role === 'member' ? html`<fieldset><legend>${w.sees}</legend><div class="choices-list">${['all', 'assigned'].map((each) => html`<label class="check"><input type="radio" name="scope" value=${each}
          ?checked=${(user?.scope ?? 'all') === each}> ${w.scopes[/** @type {'all'} */ (each)]}</label>`)}</div></fieldset>
        <fieldset><legend>${w.lines}</legend><p class="muted">${w.linesWhy}</p><div class="choices-list">${this.lines.map((line) => html`<label class="check"><input type="checkbox" name="line" value=${line.id}
          ?checked=${user?.lines.includes(line.id)}> ${line.name}</label>`)}</div></fieldset>` : nothing}
      <p role="alert" class="bad">${fault || nothing}</p>
      <div class="buttons"><button type="button" class="plain" @click=${() => close()}>${words.cancel}</button><button class="primary">${words.save}</button></div></form>`});
  }

  async remove(/** @type {any} */ user) {
    const w = words.users;
    if (await confirm({label: w.removeWho(user.name), text: w.removeAsk(user.name), yes: w.remove})) {
      const answer = await remove(`/users/${user.id}`);
      if (!answer.ok) {
        this.problem = answer.problem;
      } else {
        this.read();
      }
    }
  }
}
customElements.define('parley-users', Users);

export const view = () => html`<parley-users></parley-users>`;
