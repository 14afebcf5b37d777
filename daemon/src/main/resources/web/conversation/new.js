// @ts-check
/** New group and new message: pages in the thread's place, kept as drafts when they are left. */
import {html, nothing} from 'lit';
import {repeat} from 'lit-html/directives/repeat.js';
import {live as liveValue} from 'lit-html/directives/live.js';
import {Light} from '../part/element.js';
import '../part/combobox.js';
import {icon} from '../part/icon.js';
import {skeleton} from '../part/states.js';
import {words} from '../words/en.js';
import {few, listed} from '../words/format.js';
import {call, get, patch, post, query, newKey} from '../api/client.js';
import {send} from '../api/outbox.js';
import {draft, keepDraft} from '../state/local.js';
import {router} from '../router.js';
import {listQuery} from './list.js';
import {conversations, lines, keepConversations, digits, shown} from './state.js';
import {readConversation, readLines} from './sync.js';
import {lengthView, replaced} from './composer.js';
import {titleOf, nameOf, displayOf} from './names.js';

/** With the user. */
const PEOPLE_MAX = 10;
const ASK_AFTER = 250;
const KEEP_AFTER = 300;
/** After how long people are looked for again, where nobody answered. */
const FIND_AGAIN_AFTER = 2_000;

/** Who is to be in it. @typedef {{key: string, name: string, display: string, number: string, contact?: string, use?: 'primary' | 'secondary', problem?: string}} Person */

const looksLikeNumber = (/** @type {string} */ text) => /^\+?[\d ().-]{5,}$/.test(text.trim());

/** What both forms share: finding people, the line, what the text costs. */
class NewForm extends Light {
  static properties = {query: {attribute: false}, options: {state: true}, typed: {state: true}, refusal: {state: true}, problems: {state: true},
    preview: {state: true}, old: {state: true}, plan: {state: true}, busy: {state: true}, form: {state: true}};

  constructor() {
    super();
    this.query = new URLSearchParams();
    this.options = /** @type {any[]} */ ([]);
    this.typed = '';
    this.refusal = '';
    this.problems = /** @type {Record<string, string>} */ ({});
    this.preview = /** @type {any} */ (null);
    this.old = false;
    this.plan = /** @type {any} */ (null);
    this.busy = false;
    this.form = /** @type {any} */ ({line: 'auto', people: [], relay: 'all', introduce: false, title: '', text: ''});
    this.finding = /** @type {AbortController | null} */ (null);
    /** Why nobody can be looked for. */
    this.unfound = '';
    this.planning = /** @type {AbortController | null} */ (null);
    this.measuring = /** @type {AbortController | null} */ (null);
    this.place = '';
    this.flush = () => this.keep();
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('pagehide', this.flush);
    if (lines.value.length === 0) {
      readLines();
    }
    const kept = draft(this.place);
    if (kept?.form) {
      this.form = {...this.form, ...kept.form};
      this.changed();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.findNoMore();
    this.keep();
    removeEventListener('pagehide', this.flush);
  }

  keep() {
    clearTimeout(this.keepTimer);
    if (this.done) {
      return;
    }
    const {form} = this;
    const has = form.people.length > 0 || form.text.trim() || form.title.trim();
    keepDraft(this.place, has ? {form, text: form.text, at: Date.now()} : null);
  }

  /** @param {any} change */
  set(change) {
    this.form = {...this.form, ...change};
    this.refusal = '';
    for (const name of Object.keys(change)) {
      const {[name]: _, ...rest} = this.problems;
      this.problems = rest;
    }
    clearTimeout(this.keepTimer);
    this.keepTimer = setTimeout(() => this.keep(), KEEP_AFTER);
    this.changed();
  }

  changed() {
    this.measure();
  }

  // ---- people ----

  /** One option for each number; who is blocked is shown and cannot be taken. @param {string} text */
  find(text) {
    this.typed = text;
    this.findNoMore();
    if (!text.trim()) {
      this.options = [];
      return;
    }
    this.findTimer = setTimeout(async () => {
      const abort = new AbortController();
      this.finding = abort;
      const answer = await get('/contacts' + query({query: text.trim(), limit: 20, order: 'name'}), {signal: abort.signal});
      if (this.finding !== abort) {
        return;
      }
      this.unfound = answer.ok ? '' : answer.problem.detail || words.unreached;
      if (!answer.ok) {
        this.findTimer = setTimeout(() => this.find(text), FIND_AGAIN_AFTER);
      }
      const found = answer.ok ? answer.value.items : [];
      const options = found.flatMap((/** @type {any} */ contact) => this.optionsOf(contact));
      if (looksLikeNumber(text) && !options.some((/** @type {any} */ each) => digits(each.person.number).endsWith(digits(text).replace(/^\+/, '')) && digits(text).length >= 10)) {
        options.push({id: 'use', text: words.group.use(shown(text)), person: {key: `n${digits(text)}`, name: '', display: shown(text), number: text.trim()}});
      }
      this.options = options;
    }, text.length < 2 ? 0 : 120);
  }

  /** Not even what is on its way: its answer would be that of another text. */
  findNoMore() {
    clearTimeout(this.findTimer);
    this.finding?.abort();
    this.finding = null;
  }

  /** @param {any} contact */
  optionsOf(contact) {
    const w = words.group;
    const both = [['primary', contact.primaryNumber, contact.primaryDisplay], ['secondary', contact.secondaryNumber, contact.secondaryDisplay]];
    return both.filter(([, number]) => number).map(([use, number, display]) => {
      const blocked = contact.dnd ? w.onDnd : '';
      return {
        id: `${contact.id}-${use}`,
        text: blocked ? w.optionBlocked(contact.name, display, blocked) : w.option(contact.name, display, words.participants[/** @type {'primary'} */ (use)]),
        disabled: Boolean(blocked) && this.refusesDnd,
        person: {key: `c${contact.id}-${use}`, contact: contact.id, use, name: contact.name, display, number},
      };
    });
  }

  get refusesDnd() {
    return true;
  }

  /** @param {string} number @param {string} text */
  sameNumber(number, text) {
    return digits(number).replace(/^\+/, '').slice(-10) === digits(text).replace(/^\+/, '').slice(-10);
  }

  // ---- length ----

  measure() {
    clearTimeout(this.measureTimer);
    this.measuring?.abort();
    if (!this.form.text.trim() || this.form.people.length === 0) {
      this.preview = null;
      return;
    }
    this.old = true;
    this.measureTimer = setTimeout(async () => {
      const abort = new AbortController();
      this.measuring = abort;
      const answer = await post('/preview', {text: this.form.text, line: this.lineToSend(), participants: this.participants()}, {signal: abort.signal});
      if (this.measuring === abort) {
        this.preview = answer.ok ? answer.value : null;
        this.old = false;
      }
    }, ASK_AFTER);
  }

  lineToSend() {
    return this.form.line;
  }

  participants() {
    return this.form.people.map((/** @type {Person} */ each) => (each.contact ? {contact: each.contact, use: each.use}
      : {number: each.number, ...(each.name.trim() ? {name: each.name.trim()} : {})}));
  }

  lineField(auto = true) {
    const w = words.group;
    return html`<p class="field"><label for="line">${w.line}</label><select id="line" name="line" aria-describedby="line-problem" aria-invalid=${this.problems.line ? 'true' : nothing}
        @change=${(/** @type {any} */ e) => this.set({line: e.target.value})}>
      ${auto ? html`<option value="auto" .selected=${this.form.line === 'auto'}>${w.auto}</option>` : nothing}
      ${lines.value.map((line) => html`<option value=${line.id} .selected=${this.form.line === line.id}>${line.name}, ${displayOf(line)}</option>`)}</select>
      <span class="bad" id="line-problem" role=${this.problems.line ? 'alert' : nothing}>${this.problems.line ?? nothing}</span></p>`;
  }

  textField(label) {
    return html`<div class="field"><label for="text">${label}</label><textarea id="text" name="text" rows="3" dir="auto" aria-describedby="new-length text-problem" .value=${liveValue(this.form.text)}
        aria-invalid=${this.problems.text ? 'true' : nothing} @input=${(/** @type {any} */ e) => this.set({text: e.target.value})} @keydown=${this.pressText}></textarea>
      <div class="small muted">${lengthView(this.preview, this.old, () => this.set({text: replaced(this.form.text, this.preview?.special ?? [])}), 'new-length')}</div>
      <span class="bad" id="text-problem" role=${this.problems.text ? 'alert' : nothing}>${this.problems.text ?? nothing}</span></div>`;
  }

  pressText(/** @type {KeyboardEvent} */ event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      this.querySelector('form')?.requestSubmit();
    }
  }

  /** Puts the sentence at its field and the focus into it. @param {import('../api/client.js').Problem} problem */
  async refuse(problem) {
    const field = problem.field ?? '';
    const person = /^participants\[(\d+)\]/.exec(field);
    const at = person ? 'people' : field === 'participants' ? 'people' : ['line', 'title', 'text'].includes(field) ? field : field === 'to' ? 'people' : '';
    const text = problem.detail || words.unreached;
    if (at === 'people' && person) {
      const index = Number(person[1]);
      this.form = {...this.form, people: this.form.people.map((/** @type {Person} */ each, /** @type {number} */ i) => (i === index ? {...each, problem: text} : each))};
    }
    if (at && !person) {
      this.problems = {...this.problems, [at]: text};
    }
    this.refusal = at ? '' : text;
    await this.updateComplete;
    const target = {people: 'parley-combobox input', line: '#line', title: '#new-title', text: '#text'}[at] ?? '.refusal';
    const refused = person && this.querySelectorAll('.chips li')[Number(person[1])]?.querySelector('button');
    /** @type {HTMLElement | null} */ (refused ?? this.querySelector(target))?.focus();
  }

  leave() {
    router.back('/conversations' + listQuery());
  }
}

class NewGroup extends NewForm {
  static properties = {filling: {state: true}};

  constructor() {
    super();
    this.place = 'new-group';
    /** Whether what it is to be filled with is still on its way: who types before would lose it. */
    this.filling = false;
    this.told = '';
    /** The conversation that this one is to go on from, without those who are blocked. */
    this.successorOf = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.filling = Boolean(this.query.get('from') || this.query.get('with'));
    this.fill().finally(() => this.filled());
  }

  async filled() {
    this.filling = false;
    await this.updateComplete;
    if (document.activeElement === document.body) {
      /** @type {HTMLElement | null} */ (this.querySelector('h1'))?.focus({preventScroll: true});
    }
  }

  /** From another group: its people, perhaps without those who are blocked. */
  async fill() {
    const from = this.query.get('from');
    const wanted = this.query.get('with');
    if (wanted) {
      const answer = await get(`/contacts/${wanted}`);
      if (answer.ok) {
        const option = this.optionsOf(answer.value)[0];
        if (option && !option.disabled) {
          this.add(option.person);
        }
      }
    }
    if (!from) {
      return;
    }
    if (!conversations.value.has(from)) {
      await readConversation(from);
    }
    const conversation = conversations.value.get(from)?.conversation;
    if (!conversation) {
      return;
    }
    const people = conversation.participants.filter((each) => each.sendable || this.query.get('without') !== 'blocked');
    const known = await Promise.all(people.map(async (each) => {
      const own = each.contact ? await get(`/contacts/${each.contact}`) : null;
      const use = own?.ok && !own.value.deleted ? (own.value.primaryNumber === each.number ? 'primary' : own.value.secondaryNumber === each.number ? 'secondary' : null) : null;
      return use ? {key: `c${each.contact}-${use}`, contact: each.contact, use, name: own?.ok ? own.value.name : nameOf(each), display: displayOf(each), number: each.number}
        : {key: `n${digits(each.number)}`, name: each.name ?? '', display: displayOf(each), number: each.number};
    }));
    this.set({line: conversation.line.id, people: known, relay: conversation.relay, title: conversation.title && titleOf(conversation) === conversation.title ? conversation.title : ''});
    this.successorOf = this.query.get('without') === 'blocked' ? from : '';
  }

  changed() {
    super.changed();
    clearTimeout(this.planTimer);
    this.planning?.abort();
    if (this.form.people.length < 2) {
      this.plan = null;
      return;
    }
    this.planTimer = setTimeout(async () => {
      const abort = new AbortController();
      this.planning = abort;
      const answer = await call('POST', '/conversations?dryRun=true', {body: this.body(false), signal: abort.signal});
      if (this.planning === abort) {
        this.plan = answer.ok ? answer.value : null;
        this.foresee(answer.ok ? answer.value.refusals ?? [] : []);
      }
    }, ASK_AFTER);
  }

  /** What would be refused, each at its field, without taking the focus. @param {{field: string, detail: string}[]} refusals */
  foresee(refusals) {
    const of = (/** @type {number} */ at) => refusals.find(({field}) => field?.startsWith(`participants[${at}]`))?.detail ?? '';
    this.form = {...this.form, people: this.form.people.map((/** @type {Person} */ each, /** @type {number} */ at) => ({...each, problem: of(at)}))};
    const {line: _, title: __, ...rest} = this.problems;
    this.problems = rest;
    for (const name of ['line', 'title']) {
      const found = refusals.find(({field}) => field === name);
      if (found) {
        this.problems = {...this.problems, [name]: found.detail};
      }
    }
  }

  /** @param {Person} person @returns {boolean} whether there was room for it */
  add(person) {
    const {people} = this.form;
    if (people.length >= PEOPLE_MAX - 1) {
      return false;
    }
    if (people.some((/** @type {Person} */ each) => this.sameNumber(each.number, person.number))) {
      this.problems = {...this.problems, people: words.group.twice(person.display)};
      return false;
    }
    this.set({people: [...people, person]});
    const {people: _, ...rest} = this.problems;
    this.problems = rest;
    return true;
  }

  pick(/** @type {any} */ option) {
    const asks = !option.person.contact;
    this.findNoMore();
    this.typed = '';
    this.options = [];
    const added = this.add(option.person);
    this.updateComplete.then(() => {
      const target = asks && added ? [...this.querySelectorAll('.chips input')].at(-1) : this.querySelector('parley-combobox input:not(:disabled)') ?? this.querySelector('#new-title');
      /** @type {HTMLElement | undefined} */ (target)?.focus();
    });
  }

  /** Several at once: adds all that fit and says what did not. @param {string} text */
  bulk(text) {
    const wanted = text.split(/[\n,;\t]+/).map((each) => each.trim()).filter(Boolean);
    if (wanted.length < 2) {
      return false;
    }
    this.addAll(wanted);
    return true;
  }

  /** @param {string[]} wanted */
  async addAll(wanted) {
    let added = 0;
    const not = [];
    for (const each of wanted) {
      const answer = await get('/contacts' + query({query: each, limit: 10, order: 'name'}));
      const options = (answer.ok ? answer.value.items : []).flatMap((/** @type {any} */ contact) => this.optionsOf(contact));
      const exact = looksLikeNumber(each) ? options.find((/** @type {any} */ option) => this.sameNumber(option.person.number, each))
        : options.filter((/** @type {any} */ option) => option.person.name.toLowerCase() === each.toLowerCase() && option.person.use === 'primary').at(0) ?? (options.length === 1 ? options[0] : null);
      const person = exact ? (exact.disabled ? null : exact.person)
        : looksLikeNumber(each) ? {key: `n${digits(each)}`, name: '', display: shown(each), number: each} : null;
      if (person && this.add(person)) {
        added++;
      } else {
        not.push(each);
      }
    }
    const w = words.group;
    this.typed = '';
    this.told = [added ? w.added(added) : '', not.length ? w.notAdded(few(not, words.more, words.and, 5)) : ''].filter(Boolean).join(' ');
    this.requestUpdate();
  }

  /** @param {string} key */
  drop(key) {
    const at = this.form.people.findIndex((/** @type {Person} */ each) => each.key === key);
    this.set({people: this.form.people.filter((/** @type {Person} */ each) => each.key !== key).map((/** @type {Person} */ each) => ({...each, problem: ''}))});
    const {people: _, ...rest} = this.problems;
    this.problems = rest;
    this.updateComplete.then(() => {
      const next = this.querySelectorAll('.chips button')[Math.min(at, this.form.people.length - 1)] ?? this.querySelector('parley-combobox input');
      /** @type {HTMLElement | null} */ (next)?.focus();
    });
  }

  body(whole = true) {
    const {line, relay, introduce, title, text} = this.form;
    return {line, participants: this.participants(), relay, introduce, ...(title.trim() ? {title: title.trim()} : {}), ...(whole && text.trim() ? {text} : {})};
  }

  render() {
    const w = words.group;
    const {form} = this;
    if (this.filling) {
      return html`<h1 class="hidden" tabindex="-1">${w.form}</h1>${skeleton(6)}`;
    }
    const n = form.people.length;
    const full = n >= PEOPLE_MAX - 1;
    return html`<form class="form" aria-label=${w.form} novalidate @submit=${this.submit}>
      <h1 tabindex="-1">${w.form}</h1>
      ${this.lineField()}
      <div class="field">
        <parley-combobox .label=${w.add} .list=${w.found} .hint=${w.addHint} .value=${this.typed} .options=${this.options} .describedBy=${'people-problem people-count'}
          .empty=${this.typed.trim().length > 1 ? this.unfound || w.nobody : ''} .disabled=${full} .invalid=${Boolean(this.problems.people)} .onText=${(/** @type {string} */ text) => this.find(text)} .onPick=${(/** @type {any} */ option) => this.pick(option)}
          .onBulk=${(/** @type {string} */ text) => this.bulk(text)}></parley-combobox>
        <span class="bad" id="people-problem" role=${this.problems.people ? 'alert' : nothing}>${this.problems.people ?? nothing}</span>
        ${full ? html`<span class="warn small">${w.full}</span>` : nothing}
      </div>
      <ul class="chips" aria-label=${w.participants}>${repeat(form.people, (/** @type {Person} */ each) => each.key, (/** @type {Person} */ each) => this.chip(each))}</ul>
      <p role="status" class="small muted" id="people-count" aria-label=${w.countLabel}>${w.count(n + 1, PEOPLE_MAX)}</p>
      ${this.told ? html`<p role="status" class="small">${this.told}</p>` : nothing}
      ${this.shared()}
      <fieldset><legend>${w.replies}</legend><div class="choices-list">
        <label class="check"><input type="radio" name="relay" value="all" .checked=${liveValue(form.relay === 'all')} @change=${() => this.set({relay: 'all'})}> ${w.toAll}</label>
        <label class="check"><input type="radio" name="relay" value="none" .checked=${liveValue(form.relay === 'none')} @change=${() => this.set({relay: 'none'})}> ${w.toUs}</label></div></fieldset>
      <div><label class="check"><input type="checkbox" .checked=${liveValue(form.introduce)} @change=${(/** @type {any} */ e) => this.set({introduce: e.target.checked})}> ${w.introduce}</label>
        ${form.introduce && this.plan?.introduction ? html`<p class="small muted">${w.introText}</p><p class="intro">${this.plan.introduction}</p>` : nothing}</div>
      <p class="field"><label for="new-title">${w.title}</label><input id="new-title" name="title" maxlength="100" dir="auto" .value=${liveValue(form.title)} aria-describedby="title-problem"
        aria-invalid=${this.problems.title ? 'true' : nothing} @input=${(/** @type {any} */ e) => this.set({title: e.target.value})}><span class="bad" id="title-problem" role=${this.problems.title ? 'alert' : nothing}>${this.problems.title ?? nothing}</span></p>
      ${this.textField(w.message)}
      ${this.succeeds() ? html`<p class="small muted">${w.succeeds(titleOf(conversations.value.get(this.successorOf)?.conversation))}</p>` : nothing}
      <p role=${this.refusal ? 'alert' : nothing} class="bad refusal" tabindex="-1">${this.refusal}</p>
      <div class="buttons"><button type="button" class="plain" @click=${this.cancel}>${words.cancel}</button>
        <button class="primary" ?disabled=${this.busy}>${w.create}</button></div>
    </form>`;
  }

  /** Whether this is a group without those who are blocked there, as the API makes it: with nobody else and on that line. */
  succeeds() {
    const old = conversations.value.get(this.successorOf)?.conversation;
    const left = old && !old.closed && !old.successor ? old.participants.filter((each) => each.sendable).map((each) => digits(each.number)).sort() : [];
    return left.length > 0 && this.form.line === old?.line.id && !this.form.introduce
      && left.join() === this.form.people.map((/** @type {Person} */ each) => digits(each.number)).sort().join();
  }

  /** The old one closes and leads to the new one. @returns {Promise<import('../api/client.js').Answer>} */
  async succeed() {
    const {relay, title, text} = this.form;
    const answer = await call('POST', `/conversations/${this.successorOf}/successor`, {body: {}, key: this.key});
    if (!answer.ok) {
      return answer;
    }
    const {id} = answer.value;
    const changed = answer.value.relay !== relay || (title.trim() && answer.value.title !== title.trim())
      ? await patch(`/conversations/${id}`, {relay, title: title.trim() || null}) : answer;
    if (text.trim()) {
      send(id, text);
    }
    readConversation(this.successorOf);
    return changed.ok ? changed : answer;
  }

  /** @param {Person} person */
  chip(person) {
    const w = words.group;
    const called = person.contact ? person.name : person.display;
    return html`<li class=${person.contact && !person.problem ? '' : 'wide'}>${person.contact ? html`<span><bdi>${person.name}</bdi>, <bdi>${person.display}</bdi></span>`
      : html`<label><bdi class="small">${w.nameFor(person.display)}</bdi> <input dir="auto" .value=${liveValue(person.name)} maxlength="60" @input=${(/** @type {any} */ e) => this.name(person.key, e.target.value)}></label>`}
      <button type="button" aria-label=${w.remove(called)} @click=${() => this.drop(person.key)}>${icon('close')}</button>
      ${person.problem ? html`<span class="bad small" role="alert">${person.problem}</span>` : nothing}</li>`;
  }

  /** @param {string} key @param {string} name */
  name(key, name) {
    this.set({people: this.form.people.map((/** @type {Person} */ each) => (each.key === key ? {...each, name} : each))});
  }

  /** Who already shares a group on that line, and the line to take instead. */
  shared() {
    const w = words.group;
    const plan = this.plan;
    const with_ = plan?.sharedWith;
    if (!with_ || with_.count === 0) {
      return nothing;
    }
    const line = lines.value.find((each) => each.id === (plan.line?.id ?? this.form.line));
    const other = plan.suggestedLine && lines.value.find((each) => each.id === plan.suggestedLine.id);
    return html`<section class="shared" aria-label=${w.shared}>
      ${with_.groups.length ? with_.groups.map((/** @type {any} */ group) => {
        return html`<p>${w.sharedWith(w.is(listed(group.names ?? [], words.and), group.names?.length ?? 1), group.title, line?.name ?? '')}</p>`;
      }) : html`<p>${w.sharedCount(with_.count)}</p>`}
      ${other && other.id !== line?.id ? html`<button type="button" class="plain" @click=${() => this.set({line: other.id})}>${w.useLine(other.name)}</button>` : nothing}</section>`;
  }

  async submit(/** @type {Event} */ event) {
    event.preventDefault();
    const w = words.group;
    if (this.busy) {
      return;
    }
    if (this.form.people.length < 2) {
      this.problems = {...this.problems, people: w.needsPeople};
      await this.updateComplete;
      /** @type {HTMLElement | null} */ (this.querySelector('parley-combobox input'))?.focus();
      return;
    }
    this.busy = true;
    this.key ??= newKey();
    const answer = this.succeeds() ? await this.succeed() : await call('POST', '/conversations', {body: this.body(), key: this.key});
    this.busy = false;
    if (!answer.ok) {
      if (answer.status !== 0 && answer.status < 500) {
        this.key = undefined;
      }
      this.refuse(answer.problem);
      return;
    }
    this.done = true;
    keepDraft(this.place, null);
    keepConversations([answer.value], answer.asOf);
    this.dispatchEvent(new CustomEvent('chosen', {bubbles: true}));
    router.go(`/conversations/${answer.value.id}${listQuery()}`, {replace: true});
  }

  cancel() {
    this.done = true;
    keepDraft(this.place, null);
    this.leave();
  }

  set(/** @type {any} */ change) {
    this.key = undefined;
    super.set(change);
  }
}
customElements.define('parley-new-group', NewGroup);

class NewMessage extends NewForm {
  constructor() {
    super();
    this.place = 'new-message';
  }

  connectedCallback() {
    super.connectedCallback();
    const wanted = this.query.get('to');
    if (wanted) {
      get(`/contacts/${wanted}`).then((answer) => answer.ok && !this.typed && this.pick(this.optionsOf(answer.value)[0]));
    }
  }

  get refusesDnd() {
    return false;
  }

  pick(/** @type {any} */ option) {
    this.findNoMore();
    this.options = [];
    this.typed = option.text;
    this.set({people: [option.person]});
    const {people: _, ...rest} = this.problems;
    this.problems = rest;
    this.existing(option.person);
    this.updateComplete.then(() => /** @type {HTMLElement | null} */ (this.querySelector('#text'))?.focus());
  }

  find(/** @type {string} */ text) {
    if (this.form.people.length) {
      this.set({people: []});
    }
    super.find(text);
  }

  /** An existing direct conversation just opens. @param {Person} person */
  async existing(person) {
    const line = this.form.line === 'auto' ? '' : this.form.line;
    const answer = await get('/conversations' + query({kind: 'direct', participant: person.number, closed: 'false', line, limit: 2}));
    if (answer.ok && answer.value.items.length > 0 && (line || answer.value.items.length === 1) && this.form.people[0]?.key === person.key) {
      const there = answer.value.items[0];
      keepConversations([there], answer.asOf);
      const text = this.form.text;
      this.done = true;
      keepDraft(this.place, null);
      if (text.trim() && !draft(there.id)) {
        keepDraft(there.id, {text, since: '', at: Date.now()});
      }
      this.dispatchEvent(new CustomEvent('chosen', {bubbles: true}));
      router.go(`/conversations/${there.id}${listQuery()}`, {replace: true});
    }
  }

  render() {
    const w = words.direct;
    return html`<form class="form" aria-label=${w.form} novalidate @submit=${this.submit}>
      <h1 tabindex="-1">${w.form}</h1>
      ${this.lineField()}
      <div class="field">
        <parley-combobox .label=${w.to} .list=${words.group.found} .hint=${words.group.addHint} .value=${this.typed} .options=${this.options} .describedBy=${'people-problem'}
          .empty=${this.typed.trim().length > 1 && this.form.people.length === 0 ? this.unfound || words.group.nobody : ''} .invalid=${Boolean(this.problems.people)}
          .onText=${(/** @type {string} */ text) => this.find(text)} .onPick=${(/** @type {any} */ option) => this.pick(option)}></parley-combobox>
        <span class="bad" id="people-problem" role=${this.problems.people ? 'alert' : nothing}>${this.problems.people ?? nothing}</span></div>
      ${this.textField(words.group.message)}
      <p role=${this.refusal ? 'alert' : nothing} class="bad refusal" tabindex="-1">${this.refusal}</p>
      <div class="buttons"><button type="button" class="plain" @click=${this.cancel}>${words.cancel}</button>
        <button class="primary" ?disabled=${this.busy}>${w.send}</button></div>
    </form>`;
  }

  async submit(/** @type {Event} */ event) {
    event.preventDefault();
    const w = words.direct;
    if (this.form.people.length === 0 && looksLikeNumber(this.typed)) {
      this.form = {...this.form, people: [{key: 'typed', name: '', display: this.typed.trim(), number: this.typed.trim()}]};
    }
    const problem = this.form.people.length === 0 ? ['people', w.needsPerson, 'parley-combobox input'] : !this.form.text.trim() ? ['text', w.needsText, '#text'] : null;
    if (problem || this.busy) {
      if (problem) {
        this.problems = {...this.problems, [problem[0]]: problem[1]};
        await this.updateComplete;
        /** @type {HTMLElement | null} */ (this.querySelector(problem[2]))?.focus();
      }
      return;
    }
    this.busy = true;
    this.key ??= newKey();
    const answer = await call('POST', '/conversations', {body: {line: this.form.line, participants: this.participants()}, key: this.key});
    this.busy = false;
    if (!answer.ok) {
      this.key = undefined;
      this.refuse(answer.problem);
      return;
    }
    this.done = true;
    const text = this.form.text;
    keepDraft(this.place, null);
    keepConversations([answer.value], answer.asOf);
    send(answer.value.id, text);
    this.dispatchEvent(new CustomEvent('chosen', {bubbles: true}));
    router.go(`/conversations/${answer.value.id}${listQuery()}`, {replace: true});
  }

  cancel() {
    this.done = true;
    keepDraft(this.place, null);
    this.leave();
  }
}
customElements.define('parley-new-message', NewMessage);
