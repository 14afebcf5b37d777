// @ts-check
/** Where one writes: draft, length by the server, special characters, send, send later. */
import {html, nothing} from 'lit';
import {live as liveValue} from 'lit-html/directives/live.js';
import {Light, touch} from '../part/element.js';
import {icon} from '../part/icon.js';
import {openDialog, dialogHead} from '../part/dialog.js';
import {words} from '../words/en.js';
import {listed, localField, zone} from '../words/format.js';
import {post} from '../api/client.js';
import {live} from '../api/live.js';
import {send} from '../api/outbox.js';
import {draft, keepDraft, onDraft, settings} from '../state/local.js';
import {threads, isMine} from './state.js';
import {nameOf, why} from './names.js';

const PREVIEW_AFTER = 250;
const DRAFT_AFTER = 300;
/** Longer than this is a warning colour: somebody may be in a hurry. */
const SLOW = 600;

/** What a text costs, in words. @param {any} preview @param {boolean} [short] */
export function lengthWords(preview, short = false) {
  const c = words.composer;
  const {parts, recipients, totalParts, remaining, estimatedSeconds} = preview;
  if (recipients <= 1) {
    return c.left(parts, remaining);
  }
  if (short) {
    return c.times(parts, recipients);
  }
  return totalParts === parts * recipients ? c.timesLong(parts, recipients, estimatedSeconds) : c.total(totalParts, recipients, estimatedSeconds);
}

/** The length line with what makes it long. @param {any} preview @param {boolean} old @param {() => void} replace @param {string} id */
export function lengthView(preview, old, replace, id) {
  const c = words.composer;
  const special = (preview?.special ?? []).filter((/** @type {any} */ each) => each.replacement !== null);
  const pays = special.length > 0 && preview.partsIfReplaced < preview.parts;
  return html`<output id=${id} role="status" aria-label=${c.length} class="${old ? 'old' : ''} ${preview?.estimatedSeconds > SLOW ? 'warn' : ''}">${preview
    ? html`<span class="long">${lengthWords(preview)}</span><span class="short" aria-hidden="true">${lengthWords(preview, true)}</span>` : nothing}</output>
    ${pays ? html`<span role="note" class="special" aria-label=${c.special}>${c.specialWhy(special.map((/** @type {any} */ each) => each.text).join(' '), preview.parts, preview.partsIfReplaced)}
      <button type="button" class="linkish" @click=${replace}>${c.replace}</button></span>` : nothing}`;
}

/** @param {string} text @param {any[]} special */
export const replaced = (text, special) => special.reduce((so, {text: from, replacement}) => (replacement === null ? so : so.replaceAll(from, replacement)), text);

class Composer extends Light {
  static properties = {conversation: {attribute: false}, preview: {state: true}, old: {state: true}, text: {state: true}};

  constructor() {
    super();
    this.conversation = /** @type {any} */ (null);
    this.place = '';
    this.text = '';
    this.since = '';
    this.preview = /** @type {any} */ (null);
    this.old = false;
    this.previewTimer = 0;
    this.draftTimer = 0;
    this.asking = /** @type {AbortController | null} */ (null);
    this.flush = () => this.keep();
  }

  get field() {
    return /** @type {HTMLTextAreaElement | null} */ (this.querySelector('textarea'));
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('pagehide', this.flush);
    this.stop = onDraft((place) => {
      // What another tab or another window typed, unless somebody types here.
      if (place === this.place && document.activeElement !== this.field) {
        this.text = draft(place)?.text ?? '';
        this.ask();
      }
    });
    this.hears('line', () => this.ask());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.keep();
    removeEventListener('pagehide', this.flush);
    this.stop?.();
    this.asking?.abort();
    clearTimeout(this.previewTimer);
  }

  willUpdate() {
    const id = this.conversation?.id ?? '';
    if (id !== this.place) {
      this.keep();
      this.place = id;
      const kept = draft(id);
      this.text = kept?.text ?? '';
      this.since = kept?.since ?? '';
      this.preview = null;
      this.ask();
    }
  }

  /** The draft, now. */
  keep() {
    if (!this.draftTimer) {
      return;
    }
    clearTimeout(this.draftTimer);
    this.draftTimer = 0;
    keepDraft(this.place, this.text.trim() ? {text: this.text, since: this.since, at: Date.now()} : null);
  }

  typed(/** @type {string} */ text) {
    if (!this.text.trim() && text.trim()) {
      this.since = threads.value.get(this.place)?.items.at(-1)?.id ?? '';
    }
    this.text = text;
    clearTimeout(this.draftTimer);
    this.draftTimer = setTimeout(() => this.keep(), DRAFT_AFTER);
    this.ask();
  }

  /** Asks the server what it costs; the page never counts SMS itself. */
  ask() {
    clearTimeout(this.previewTimer);
    this.asking?.abort();
    if (!this.text.trim()) {
      this.preview = null;
      return;
    }
    if (!live.line.up) {
      this.preview = null; // nobody there to count
      return;
    }
    this.old = true;
    this.previewTimer = setTimeout(async () => {
      const abort = new AbortController();
      this.asking = abort;
      const answer = await post('/preview', {text: this.text, conversation: this.place}, {signal: abort.signal});
      if (this.asking === abort && !abort.signal.aborted) {
        this.preview = answer.ok ? answer.value : null;
        this.old = false;
      }
    }, PREVIEW_AFTER);
  }

  render() {
    const c = words.composer;
    const {enterSends} = settings();
    const blocked = this.conversation.participants.filter((/** @type {any} */ each) => !each.sendable);
    return html`<form class="composer" aria-label=${c.form} @submit=${(/** @type {Event} */ e) => { e.preventDefault(); this.send(); }}>
      ${blocked.length ? html`<p class="note warn">${blocked.map((/** @type {any} */ each) => html`<span>${c.wont(nameOf(each), why(each.blockedBy))}</span>`)}</p>` : nothing}
      ${this.answered()}
      <div class="row"><textarea aria-label=${c.message} aria-describedby="length" rows="1" dir="auto" enterkeyhint=${touch() ? 'enter' : 'send'} placeholder=${c.hint}
          .value=${liveValue(this.text)} @input=${(/** @type {any} */ e) => this.typed(e.target.value)} @keydown=${this.press}></textarea>
        <button type="button" aria-label=${c.sendLater} title=${c.sendLater} @click=${this.later}>${icon('clock')}</button>
        <button class="primary">${c.send}</button></div>
      <div class="row2">${lengthView(this.preview, this.old, () => this.replace(), 'length')}
        <span class="hint">${enterSends ? c.enter : c.ctrlEnter}</span></div>
    </form>`;
  }

  /** Somebody of ours said something since this text was begun. It blocks nothing. */
  answered() {
    if (!this.text.trim() || !this.since) {
      return nothing;
    }
    const items = threads.value.get(this.place)?.items ?? [];
    const other = items.findLast((item) => item.direction === 'outbound' && item.author?.kind === 'user' && !isMine(item.author)
      && (item.id.length - this.since.length || (item.id > this.since ? 1 : 0)) > 0);
    return other ? html`<p class="note" role="status">${words.composer.answered(other.author.name, other.createdAt)}</p>` : nothing;
  }

  press(/** @type {KeyboardEvent} */ event) {
    // An IME's Enter takes a word, also with 229 after `compositionend`.
    if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229) {
      return;
    }
    const always = event.ctrlKey || event.metaKey;
    if (always || (settings().enterSends && !event.shiftKey && !event.altKey && !touch())) {
      event.preventDefault();
      this.send();
    }
  }

  /** @param {string} [sendAt] */
  send(sendAt) {
    const text = this.text;
    if (!text.trim()) {
      this.field?.focus();
      return;
    }
    // Text and key go to the outbox and the draft goes away in one step.
    clearTimeout(this.draftTimer);
    this.draftTimer = 0;
    send(this.place, text, sendAt);
    keepDraft(this.place, null);
    this.text = '';
    this.since = '';
    this.preview = null;
    clearTimeout(this.previewTimer);
    this.asking?.abort();
    this.field?.focus();
    this.dispatchEvent(new CustomEvent('sent', {bubbles: true}));
  }

  /** Puts a text back that was refused. @param {string} text */
  put(text) {
    this.typed(this.text.trim() ? `${text}\n${this.text}` : text);
    this.updateComplete.then(() => this.field?.focus());
  }

  replace() {
    this.typed(replaced(this.text, this.preview?.special ?? []));
    this.field?.focus();
  }

  async later() {
    if (!this.text.trim()) {
      this.field?.focus();
      return;
    }
    const when = await askWhen();
    if (when) {
      this.send(when);
    }
  }
}
customElements.define('parley-composer', Composer);

/** @returns {Promise<string | undefined>} a time */
export function askWhen() {
  const c = words.composer;
  const tomorrow = new Date();
  tomorrow.setDate(tomorrow.getDate() + 1);
  tomorrow.setHours(8, 0, 0, 0);
  const monday = new Date(tomorrow);
  while (monday.getDay() !== 1) {
    monday.setDate(monday.getDate() + 1);
  }
  let refusal = '';
  return openDialog({label: c.sendLater, content: (close, redraw) => html`<form class="form" novalidate @submit=${(/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (/** @type {HTMLFormElement} */ (event.target).elements.namedItem('when'));
    const date = new Date(field.value);
    refusal = Number.isNaN(date.getTime()) ? c.needsTime : date.getTime() <= Date.now() ? c.past : '';
    if (refusal) {
      redraw();
      field.focus();
    } else {
      close(date.toISOString());
    }
  }}>${dialogHead(c.sendLater, close)}
    <div class="choices">
      <button type="button" class="plain" @click=${() => close(tomorrow.toISOString())}>${c.tomorrow(tomorrow)}</button>
      <button type="button" class="plain" @click=${() => close(monday.toISOString())}>${c.monday(monday)}</button></div>
    <p class="field"><label for="when">${c.when}</label><input id="when" name="when" type="datetime-local" value=${localField(new Date(Date.now() + 3_600_000))}
      aria-invalid=${refusal ? 'true' : nothing} aria-describedby="when-zone when-refusal"></p>
    <p class="muted small" id="when-zone">${c.zone(zone())}</p>
    <p role="alert" class="bad" id="when-refusal">${refusal}</p>
    <div class="buttons"><button type="button" class="plain" @click=${() => close()}>${words.cancel}</button>
      <button class="primary">${c.schedule}</button></div></form>`});
}

/** In place of the composer where nobody can receive. @param {import('./state.js').Participant[]} blocked */
export const nobody = (blocked) => words.composer.nobody(listed(blocked.map((each) => `${nameOf(each)} (${why(each.blockedBy)})`), words.and));
