// @ts-check
/** Who may sign in, and what each may see. For admins. */
import {html, nothing} from 'lit';
import {Listing, head, button, table, field, choice, ask, unseen} from '../part/page.js';
import {confirm} from '../part/dialog.js';
import {get, post, patch, remove, query} from '../api/client.js';
import {me} from '../session/session.js';
import {words} from '../words/en.js';
import {shortDay} from '../words/format.js';

const w = words.users;

class Users extends Listing {
  static properties = {lines: {state: true}};

  constructor() {
    super();
    this.lines = /** @type {any[]} */ ([]);
    this.reading = Promise.resolve();
  }

  get path() {
    return '/users';
  }

  read() {
    this.reading = this.readLines();
    return this.reading.then(() => super.read());
  }

  async readLines() {
    const lines = await get('/lines' + query({limit: 200}));
    this.lines = lines.ok ? lines.value.items : this.lines;
  }

  render() {
    return html`${head(words.frame.users, button(w.new, () => this.edit(null), 'primary'))}${this.body((items) => table(words.frame.users, [w.name, w.role, w.sees, w.since, unseen(w.actions)],
      [...items].sort((a, b) => a.name.localeCompare(b.name)).map((each) => [html`<bdi>${each.name}</bdi>`, w.roles[/** @type {'admin'} */ (each.role)], this.sees(each), shortDay(each.createdAt),
        html`<div class="choices">${button(w.edit, () => this.edit(each), 'plain', false, w.editWho(each.name))}${each.id === me() ? nothing : button(w.remove, () => this.dismiss(each), 'plain bad', false, w.removeWho(each.name))}</div>`])), '')}`;
  }

  sees(/** @type {any} */ user) {
    return user.role === 'admin' ? w.everything : `${w.scopes[/** @type {'all'} */ (user.scope)]}, ${user.lines.length
      ? user.lines.map((/** @type {string} */ id) => this.lines.find((line) => line.id === id)?.name ?? id).join(', ') : w.allLines}`;
  }

  async edit(/** @type {any} */ user) {
    await this.reading; // a form that is open does not learn of lines
    let role = user?.role ?? 'member';
    const done = await ask(user ? w.editWho(user.name) : w.new, (redraw) => html`${field('name', w.name, {value: user?.name, required: true})}
      ${field('password', user ? w.newPassword : w.password, {type: 'password', complete: 'new-password', more: w.passwordWhy})}
      <fieldset><legend>${w.role}</legend><div class="choices">${['admin', 'member'].map((each) => choice('radio', 'role', each, w.roles[/** @type {'admin'} */ (each)], role === each, () => { role = each; redraw(); }))}</div></fieldset>
      ${role === 'member' ? html`<fieldset><legend>${w.sees}</legend><div class="choices-list">${['all', 'assigned'].map((each) => choice('radio', 'scope', each, w.scopes[/** @type {'all'} */ (each)], (user?.scope ?? 'all') === each))}</div></fieldset>
        <fieldset><legend>${w.lines}</legend><p class="muted">${w.linesWhy}</p><div class="choices-list">${this.lines.map((line) => choice('checkbox', 'line', line.id, line.name, Boolean(user?.lines.includes(line.id))))}</div></fieldset>` : nothing}`,
    (data) => {
      const password = String(data.get('password') ?? '');
      const body = {name: String(data.get('name')).trim(), role, scope: String(data.get('scope') ?? 'all'), lines: data.getAll('line').map(String), ...(password ? {password} : {})};
      return user ? patch(`/users/${user.id}`, body) : post('/users', body);
    });
    if (done) {
      this.read();
    }
  }

  async dismiss(/** @type {any} */ user) {
    if (await confirm({label: w.removeWho(user.name), text: w.removeAsk(user.name), yes: w.remove})) {
      this.act(remove(`/users/${user.id}`));
    }
  }
}
customElements.define('parley-users', Users);

export const view = () => html`<parley-users></parley-users>`;
