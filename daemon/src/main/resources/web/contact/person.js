// @ts-check
/** One contact: the form, its conversations, what can be started with it. */
import {html, nothing} from 'lit';
import {Light} from '../part/element.js';
import {confirm} from '../part/dialog.js';
import {skeleton, failed} from '../part/states.js';
import {head, button, field, choice, alert, sent, reason} from '../part/page.js';
import {toast} from '../part/toast.js';
import {get, post, patch, remove, query} from '../api/client.js';
import {isAdmin} from '../session/session.js';
import {titleOf} from '../conversation/names.js';
import {shown} from '../conversation/state.js';
import {router} from '../router.js';
import {words} from '../words/en.js';
import {rowTime} from '../words/format.js';

const w = words.contacts;
const FIELDS = ['name', 'primaryNumber', 'secondaryNumber', 'assignedTo'];

class Contact extends Light {
  static properties = {of: {}, contact: {state: true}, users: {state: true}, conversations: {state: true}, problem: {state: true}, faults: {state: true}, busy: {state: true}};

  constructor() {
    super();
    this.of = '';
    this.contact = /** @type {any} */ (null);
    this.users = /** @type {any[]} */ ([]);
    this.conversations = /** @type {any[]} */ ([]);
    this.problem = /** @type {any} */ (null);
    this.faults = /** @type {Record<string, string>} */ ({});
    this.busy = false;
  }

  willUpdate(/** @type {Map<string, any>} */ was) {
    if (was.has('of') && (!this.of || this.contact?.id !== this.of)) {
      this.contact = this.of ? null : {id: '', name: '', primaryNumber: '', dnd: false};
      this.read();
    }
  }

  async read() {
    if (isAdmin()) {
      get('/users' + query({limit: 200})).then((answer) => { this.users = answer.ok ? answer.value.items : []; });
    }
    if (this.of) {
      const answer = await get(`/contacts/${this.of}`);
      this.problem = answer.ok ? null : answer.problem;
      this.contact = answer.ok ? answer.value : null;
      const talks = await get('/conversations' + query({contact: this.of, limit: 20}));
      this.conversations = talks.ok ? talks.value.items : [];
    }
  }

  render() {
    const c = this.contact;
    if (!c) {
      return html`${head(words.frame.contacts)}${this.problem ? failed(this.problem, () => this.read()) : skeleton(5)}`;
    }
    const known = c.id && !c.deleted;
    const users = this.users.length || !c.assignedTo ? this.users : [c.assignedTo];
    return html`${head(html`<bdi>${c.id ? c.name : w.new}</bdi>`, known ? html`<a class="button plain" href=${`/conversations/new/message?to=${c.id}`}>${w.message}</a>
        <a class="button plain" href=${`/conversations/new/group?with=${c.id}`}>${w.group(c.name)}</a>` : nothing, () => router.back('/contacts'))}
      ${c.deleted ? html`<p class="note sheet">${w.deleted}</p>` : nothing}
      <form class="form" aria-label=${w.form} @submit=${this.save} @focusout=${this.left}>
        ${field('name', w.name, {value: c.name, required: true, fault: this.faults.name})}
        ${field('primaryNumber', w.primary, {value: c.primaryDisplay ?? c.primaryNumber, required: true, fault: this.faults.primaryNumber})}
        ${field('secondaryNumber', w.secondary, {value: c.secondaryDisplay ?? c.secondaryNumber ?? '', fault: this.faults.secondaryNumber})}
        <p class="field"><label for="assignedTo">${w.assigned}</label><select id="assignedTo" name="assignedTo" ?disabled=${!isAdmin()}><option value="">${w.nobody}</option>
          ${users.map((each) => html`<option value=${each.id} ?selected=${each.id === c.assignedTo?.id}>${each.name}</option>`)}</select></p>
        <p>${choice('checkbox', 'dnd', 'on', w.dnd, c.dnd)}<span class="muted">${w.dndWhy}</span></p>
        ${alert(this.faults.assignedTo ?? this.faults[''] ?? '')}
        <div class="buttons">${known ? button(w.delete, () => this.delete(), 'danger') : nothing}<button class="primary" ?disabled=${this.busy || c.deleted}>${words.save}</button></div>
      </form>
      ${this.conversations.length ? html`<section class="sheet" aria-labelledby="talks"><h2 id="talks">${words.frame.conversations}</h2>
        <ul class="plain-list">${this.conversations.map((each) => html`<li><a href=${`/conversations/${each.id}`}><bdi>${titleOf(each)}</bdi></a>
          <span class="muted">${each.lastMessage ? rowTime(each.lastMessage.createdAt) : ''}</span></li>`)}</ul></section>` : nothing}`;
  }

  /** A number is shown as it will be stored. @param {Event} event */
  left(event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.name === 'primaryNumber' || field.name === 'secondaryNumber') {
      field.value = shown(field.value);
    }
  }

  async save(/** @type {Event} */ event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const data = sent(event);
    const c = this.contact;
    const text = (/** @type {string} */ name) => String(data.get(name) ?? '').trim();
    // A number that was left as it is shown is left as it is.
    const kept = (/** @type {string} */ name, /** @type {string} */ shown) => (c.id && text(name) === (c[shown] ?? c[name] ?? '') ? c[name] ?? null : text(name) || null);
    const body = {name: text('name'), primaryNumber: kept('primaryNumber', 'primaryDisplay') ?? '', secondaryNumber: kept('secondaryNumber', 'secondaryDisplay'), dnd: data.has('dnd'),
      ...(isAdmin() ? {assignedTo: text('assignedTo') || null} : {})};
    this.busy = true;
    const answer = c.id ? await patch(`/contacts/${c.id}`, body) : await post('/contacts', body);
    this.busy = false;
    if (answer.ok) {
      this.faults = {};
      this.contact = answer.value;
      toast(w.saved(answer.value.name));
      router.go(`/contacts/${answer.value.id}`, {replace: true});
      return;
    }
    const at = FIELDS.includes(answer.problem.field ?? '') ? answer.problem.field ?? '' : '';
    this.faults = {[at]: reason(answer)};
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (at ? form.querySelector(`#${at}`) : null)?.focus();
  }

  async delete() {
    if (await confirm({label: w.delete, text: w.deleteAsk(this.contact.name), yes: w.delete})) {
      const answer = await remove(`/contacts/${this.contact.id}`);
      if (answer.ok) {
        toast(w.deletedNow(this.contact.name));
        router.go('/contacts', {replace: true});
      } else {
        this.faults = {'': reason(answer)};
      }
    }
  }
}
customElements.define('parley-contact', Contact);
