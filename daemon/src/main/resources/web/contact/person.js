// @ts-check
/** One contact: the form, its conversations, what can be started with it. */
import {html, nothing} from 'lit';
import {Light} from '../part/element.js';
import {confirm} from '../part/dialog.js';
import {skeleton, failed} from '../part/states.js';
import {toast} from '../part/toast.js';
import {get, post, patch, remove, query} from '../api/client.js';
import {isAdmin} from '../session/session.js';
import {titleOf} from '../conversation/names.js';
import {router} from '../router.js';
import {words} from '../words/en.js';
import {rowTime} from '../words/format.js';

class Contact extends Light {
  static properties = {of: {}, contact: {state: true}, users: {state: true}, conversations: {state: true}, problem: {state: true}, faults: {state: true}, busy: {state: true}};

  constructor() {
    super();
    this.of = '';
    this.contact = /** @type {any} */ (null);
    this.users = /** @type {any[]} */ ([]);
    this.conversations = /** @type {any[] | null} */ (null);
    this.problem = /** @type {any} */ (null);
    this.faults = /** @type {Record<string, string>} */ ({});
    this.busy = false;
  }

  willUpdate(/** @type {Map<string, any>} */ was) {
    if (was.has('of')) {
      this.contact = this.of ? null : {id: '', name: '', primaryNumber: '', dnd: false};
      this.faults = {};
      this.read();
    }
  }

  async read() {
    if (isAdmin() && !this.users.length) {
      get('/users' + query({limit: 200})).then((answer) => { this.users = answer.ok ? answer.value.items : []; });
    }
    if (!this.of) {
      return;
    }
    const answer = await get(`/contacts/${this.of}`);
    this.problem = answer.ok ? null : answer.problem;
    this.contact = answer.ok ? answer.value : null;
    const talks = await get('/conversations' + query({contact: this.of, limit: 20}));
    this.conversations = talks.ok ? talks.value.items : [];
  }

  render() {
    const w = words.contacts;
    if (this.problem) {
      return html`<div class="top"><h1>${words.frame.contacts}</h1></div>${failed(this.problem, () => this.read())}`;
    }
    const c = this.contact;
    if (!c) {
      return html`<div class="top"><h1>${words.frame.contacts}</h1></div>${skeleton(5)}`;
    }
    return html`<div class="top"><button type="button" class="back-to" aria-label=${words.thread.back} @click=${() => router.back('/contacts')}>‹</button>
        <h1><bdi>${c.id ? c.name : w.new}</bdi></h1><span class="spring"></span>
        ${c.id && !c.deleted ? html`<a class="button plain" href=${`/conversations/new/message?to=${encodeURIComponent(c.primaryNumber)}`}>${w.message}</a>
          <a class="button plain" href=${`/conversations/new/group?contact=${c.id}`}>${w.group(c.name)}</a>` : nothing}</div>
      ${c.deleted ? html`<p class="note sheet">${w.deleted}</p>` : nothing}
      <form class="form" aria-label=${w.form} @submit=${this.save}>
        ${this.field('name', w.name, c.name, {required: true, autocomplete: 'off'})}
        ${this.field('primaryNumber', w.primary, c.primaryDisplay ?? c.primaryNumber, {required: true, inputmode: 'tel'})}
        ${this.field('secondaryNumber', w.secondary, c.secondaryDisplay ?? c.secondaryNumber ?? '', {inputmode: 'tel'})}
        <p class="field"><label for="assignedTo">${w.assigned}</label>
          <select id="assignedTo" name="assignedTo" ?disabled=${!isAdmin()}>
            <option value="" ?selected=${!c.assignedTo}>${w.nobody}</option>
            ${this.choices(c).map((each) => html`<option value=${each.id} ?selected=${each.id === c.assignedTo?.id}>${each.name}</option>`)}
          </select></p>
        <p><label class="check"><input type="checkbox" name="dnd" ?checked=${c.dnd}> ${w.dnd}</label><span class="muted">${w.dndWhy}</span></p>
        <p role="alert" class="bad">${this.faults[''] ?? nothing}</p>
        <div class="buttons">${c.id && !c.deleted ? html`<button type="button" class="danger" @click=${() => this.delete()}>${w.delete}</button>` : nothing}
          <button class="primary" ?disabled=${this.busy || c.deleted}>${words.save}</button></div>
      </form>
      ${c.id && this.conversations?.length ? html`<section class="sheet" aria-labelledby="talks"><h2 id="talks">${words.frame.conversations}</h2>
        <ul class="plain-list">${this.conversations.map((each) => html`<li><a href=${`/conversations/${each.id}`}><bdi>${titleOf(each)}</bdi></a>
          <span class="muted">${each.lastMessage ? rowTime(each.lastMessage.createdAt) : ''}</span></li>`)}</ul></section>` : nothing}`;
  }

  choices(/** @type {any} */ c) {
    return this.users.length || !c.assignedTo ? this.users : [c.assignedTo];
  }

  /** @param {string} name @param {string} label @param {string} value @param {Record<string, any>} more */
  field(name, label, value, {required = false, inputmode = 'text', autocomplete = 'off'}) {
    const fault = this.faults[name];
    return html`<p class="field"><label for=${name}>${label}</label>
      <input id=${name} name=${name} .value=${value} ?required=${required} inputmode=${inputmode} autocomplete=${autocomplete} dir="auto"
        aria-invalid=${fault ? 'true' : nothing} aria-describedby=${fault ? `${name}-fault` : nothing}>
      ${fault ? html`<span class="bad" id=${`${name}-fault`} role="alert">${fault}</span>` : nothing}</p>`;
  }

  async save(/** @type {SubmitEvent} */ event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const data = new FormData(form);
    const text = (/** @type {string} */ name) => String(data.get(name) ?? '').trim();
    const c = this.contact;
    const same = (/** @type {string} */ name) => text(name) === (c[`${name.replace('Number', '')}Display`] ?? c[name] ?? '');
    const body = {
      name: text('name'),
      primaryNumber: c.id && same('primaryNumber') ? c.primaryNumber : text('primaryNumber'),
      secondaryNumber: c.id && same('secondaryNumber') ? c.secondaryNumber ?? null : text('secondaryNumber') || null,
      dnd: data.get('dnd') === 'on',
      ...(isAdmin() ? {assignedTo: text('assignedTo') || null} : {}),
    };
    this.busy = true;
    const answer = c.id ? await patch(`/contacts/${c.id}`, body) : await post('/contacts', body);
    this.busy = false;
    if (answer.ok) {
      this.faults = {};
      this.contact = answer.value;
      toast(words.contacts.saved(answer.value.name));
      if (!c.id) {
        router.go(`/contacts/${answer.value.id}`, {replace: true});
      }
      return;
    }
    const known = ['name', 'primaryNumber', 'secondaryNumber', 'assignedTo'];
    const at = answer.problem.field && known.includes(answer.problem.field) ? answer.problem.field : '';
    this.faults = {[at]: answer.problem.detail || words.unreached};
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (at ? form.querySelector(`#${at}`) : null)?.focus();
  }

  async delete() {
    const w = words.contacts;
    if (!await confirm({label: w.delete, text: w.deleteAsk(this.contact.name), yes: w.delete})) {
      return;
    }
    const answer = await remove(`/contacts/${this.contact.id}`);
    if (answer.ok) {
      toast(w.deletedNow(this.contact.name));
      router.go('/contacts', {replace: true});
    } else {
      this.faults = {'': answer.problem.detail || words.unreached};
    }
  }
}
customElements.define('parley-contact', Contact);
