// @ts-check
/** A conversation: what was said, and where one writes. A paged window; nothing moves under the reader. */
import {html, nothing} from 'lit';
import {repeat} from 'lit-html/directives/repeat.js';
import {Light, narrow, touch} from '../part/element.js';
import {Anchor} from '../part/window.js';
import {menuButton} from '../part/menu.js';
import {openDialog, confirm, dialogHead} from '../part/dialog.js';
import {announce, toast} from '../part/toast.js';
import {icon} from '../part/icon.js';
import {skeleton, failed, empty} from '../part/states.js';
import {words} from '../words/en.js';
import {dayHeading, listed, sameDay} from '../words/format.js';
import {call, get, patch, search} from '../api/client.js';
import {live} from '../api/live.js';
import {outgoingOf} from '../api/outbox.js';
import {router} from '../router.js';
import {listQuery} from './list.js';
import {conversations, threads, placesOf, isMine, keepConversations} from './state.js';
import {compareIds as compare, isOld} from '../state/store.js';
import {openThread, older, newer, latest, readConversation, markRead, lost} from './sync.js';
import {titleOf, namesOf, nameOf, authorName, saidBy} from './names.js';
import {messageView, outgoingView, details} from './message.js';
import {nobody} from './composer.js';

const RUN = 3 * 60_000;
const SEEN_AFTER = 1_000;
const NEAR = 800;
const SEEK_AFTER = 250;
const HITS_MAX = 100;

class Thread extends Light {
  static properties = {of: {}, around: {}, people: {type: Boolean}, sought: {state: true}, hits: {state: true}, fresh: {state: true}, far: {state: true}, problem: {state: true}, active: {state: true}};

  constructor() {
    super();
    this.of = '';
    this.around = '';
    this.people = false;
    /** What is searched for here; null while nobody searches. */
    this.sought = /** @type {string | null} */ (null);
    this.hits = /** @type {{ids: string[], more: boolean} | null} */ (null);
    this.seekTimer = 0;
    this.fresh = 0;
    this.far = false;
    this.problem = /** @type {any} */ (null);
    this.active = '';
    this.anchor = new Anchor(() => this.log, 'article');
    this.shown = '';
    this.marked = '';
    this.seen = '';
    this.seeing = 0;
    this.divider = /** @type {string | null} */ (null);
    this.placed = false;
    this.leaveUnread = false;
    this.sizes = new ResizeObserver(() => {
      if (this.placed && this.anchor.sticks) {
        this.anchor.toEnd();
      }
    });
    this.look = () => this.watch();
  }

  get log() {
    return /** @type {HTMLElement | null} */ (this.querySelector('[role=log]'));
  }

  get composer() {
    return /** @type {any} */ (this.querySelector('parley-composer'));
  }

  connectedCallback() {
    super.connectedCallback();
    this.hears('event', (event) => this.heard(event));
    this.hears('line', ({up}) => up && (threads.value.get(this.of)?.problem ? this.reopen() : this.goOn()));
    addEventListener('focus', this.look);
    document.addEventListener('visibilitychange', this.look);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('focus', this.look);
    document.removeEventListener('visibilitychange', this.look);
    clearTimeout(this.seeing);
    this.sizes.disconnect();
    live.at({conversation: ''});
  }

  willUpdate(/** @type {Map<string, any>} */ changed) {
    if (this.of !== this.shown) {
      this.open();
    } else if (changed.has('around') && this.around && this.around !== this.marked) {
      this.goTo(this.around);
    }
    if (this.hasUpdated && this.placed) {
      this.anchor.hold(false);
    }
    this.hadFocus = Boolean(this.log?.contains(document.activeElement));
  }

  async open() {
    this.shown = this.of;
    this.sought = null;
    this.hits = null;
    this.marked = this.around;
    this.seen = '';
    this.fresh = 0;
    this.far = false;
    this.active = '';
    this.divider = null;
    this.placed = false;
    this.leaveUnread = false;
    this.problem = null;
    this.anchor.stuck = !this.around;
    this.wanted = this.around;
    const id = this.of;
    live.at({conversation: id});
    const known = conversations.value.get(id);
    if (!known) {
      const answer = await readConversation(id);
      if (!answer.ok && this.of === id) {
        this.problem = answer.problem;
        this.requestUpdate();
        return;
      }
    }
    if (this.of === id) {
      const thread = threads.value.get(id);
      if (!thread || thread.problem || this.around || thread.newer) {
        await openThread(id, this.around || undefined);
      }
    }
  }

  /** A message that is asked for by the address, in the middle and marked. @param {string} id */
  async goTo(id) {
    this.marked = id;
    this.wanted = id;
    this.placed = false;
    this.anchor.stuck = false;
    if (!threads.value.get(this.of)?.items.some((item) => item.id === id)) {
      await openThread(this.of, id);
    }
    this.requestUpdate();
  }

  heard(/** @type {any} */ event) {
    const {name, data} = event;
    if ((name !== 'message.received' && name !== 'message.created') || !placesOf(data).includes(this.of) || isMine(data.author)) {
      return;
    }
    const thread = threads.value.get(this.of);
    const items = thread?.items ?? [];
    if (isOld(event.id, thread?.asOf)) {
      return; // it was there when the thread was read
    }
    if (items.length && compare(data.id, /** @type {any} */ (items.at(-1)).id) < 0) {
      return;
    }
    if (this.of === this.shown && (!this.anchor.stuck || thread?.newer)) {
      this.fresh += 1;
    }
    announce(words.list.from(saidBy(data.author), data.text ?? words.message.which), words.thread.saysNew);
  }

  render() {
    const w = words.thread;
    const conversation = conversations.value.get(this.of)?.conversation;
    const thread = threads.value.get(this.of);
    if (lost.value.has(this.of) && !conversation) {
      return html`<main class="pane thread"><div class="empty" role="alert"><h1 class="hidden">${words.frame.nothingHere}</h1><p>${w.lost}</p>
        <a class="button plain" href="/conversations">${words.frame.home}</a></div></main>`;
    }
    if (this.problem) {
      return html`<main class="pane thread"><h1 class="hidden">${words.frame.nothingHere}</h1>${failed(this.problem, () => this.open())}
        ${this.problem.status === 404 ? html`<p class="empty"><a class="button plain" href="/conversations">${words.frame.home}</a></p>` : nothing}</main>`;
    }
    if (!conversation) {
      return html`<main class="pane thread"><h1 class="hidden">${words.loading}</h1><div class="log">${skeleton(5, 'bubble')}</div></main>`;
    }
    const title = titleOf(conversation);
    const out = outgoingOf(this.of);
    return html`<main class="pane thread">
      <header class="top">
        <button type="button" class="back" aria-label=${w.back} @click=${this.leave}>${icon('back', true)}</button>
        <h1 tabindex="-1" title=${title}><bdi>${title}</bdi></h1>
        ${conversation.tag ? html`<span class="tag muted">${conversation.tag}</span>` : nothing}
        <button type="button" class="who-button" aria-expanded=${this.people ? 'true' : 'false'} aria-controls=${this.people ? 'participants' : nothing}
          @click=${() => router.ask({people: this.people ? null : '1', delivery: null})}><span class="cut"><bdi>${conversation.kind === 'direct' && title === namesOf(conversation)
            ? conversation.participants[0]?.display ?? conversation.participants[0]?.number : namesOf(conversation)}</bdi></span>
          ${icon(this.people ? 'up' : 'down')}<span class="hidden">${w.participants}</span></button>
        <span class="on-line muted small">${w.on(conversation.line.name)}</span>
        ${menuButton({label: w.more, face: icon('dots'), items: () => this.menu(conversation)})}
      </header>
      ${this.sought === null ? nothing : this.searchBar()}
      <div class="log-frame">
        <div class="log" role="log" aria-live="off" aria-label=${w.log} id="messages" tabindex="0" @scroll=${this.scrolled} @keydown=${this.key}>
          ${this.body(conversation, thread, out)}
        </div>
        ${this.far || this.fresh ? html`<button type="button" class="jump plain" @click=${this.jump}>${icon('down')}${this.fresh ? w.jumpNew(this.fresh) : w.jump}</button>` : nothing}
      </div>
      ${this.foot(conversation)}
    </main>`;
  }

  searchBar() {
    const w = words.thread;
    const {ids, more} = this.hits ?? {ids: [], more: false};
    const at = ids.indexOf(this.marked);
    const step = (/** @type {number} */ to, /** @type {string} */ label, /** @type {any} */ face) => html`<button type="button" aria-label=${label} title=${label}
      ?disabled=${!ids[to]} @click=${() => this.hit(to)}>${icon(face)}</button>`;
    return html`<div class="find" role="search" aria-label=${w.search}>
      <input type="search" aria-label=${w.search} placeholder=${w.search} autocomplete="off" @input=${this.seek} @keydown=${this.seekKey}>
      <span role="status" class="muted small">${!this.hits ? nothing : ids.length === 0 ? w.searchNone : w.searchAt(at + 1, ids.length, more)}</span>
      ${step(at + 1, w.searchOlder, 'up')}${step(at < 0 ? -1 : at - 1, w.searchNewer, 'down')}
      <button type="button" aria-label=${w.searchClose} @click=${this.seekNoMore}>✕</button></div>`;
  }

  async search() {
    this.sought ??= '';
    await this.updateComplete;
    /** @type {HTMLInputElement | null} */ (this.querySelector('.find input'))?.focus();
  }

  /** Texts of this conversation, newest first, 250 ms after the last key. @param {Event} event */
  seek(event) {
    const typed = /** @type {HTMLInputElement} */ (event.target).value.trim();
    this.sought = typed;
    clearTimeout(this.seekTimer);
    this.seekTimer = setTimeout(async () => {
      const answer = typed.length > 1 ? await search('/messages', {conversation: this.of, query: typed, limit: HITS_MAX}) : null;
      if (this.sought !== typed) {
        return;
      }
      if (answer && !answer.ok) {
        toast(answer.problem.detail || words.unreached);
      }
      this.hits = answer?.ok ? {ids: answer.value.items.map((/** @type {any} */ each) => each.id), more: Boolean(answer.value.next)} : null;
      if (this.hits?.ids.length) {
        this.hit(0);
      }
    }, SEEK_AFTER);
  }

  /** @param {KeyboardEvent} event */
  seekKey(event) {
    const at = this.hits?.ids.indexOf(this.marked) ?? -1;
    if (event.key === 'Enter') {
      event.preventDefault();
      this.hit(event.shiftKey ? at - 1 : at + 1);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.seekNoMore();
    }
  }

  /** @param {number} at */
  hit(at) {
    const id = this.hits?.ids[at];
    if (id) {
      router.ask({message: id}, {replace: true});
    }
  }

  seekNoMore() {
    clearTimeout(this.seekTimer);
    this.sought = null;
    this.hits = null;
    this.focusStart();
  }

  body(conversation, thread, out) {
    const w = words.thread;
    // What was said here is seen, whether or not what was said before can be read.
    const sending = () => repeat(out, (entry) => entry.key, (entry) => outgoingView(entry, (text) => this.composer?.put(text)));
    if (!thread || (thread.loading === 'first' && thread.items.length === 0)) {
      return html`<div class="grow"></div>${skeleton(5, 'bubble')}${sending()}`;
    }
    if (thread.problem) {
      return html`<div class="grow"></div>${failed(thread.problem, () => this.reopen())}<div class="grow"></div>${sending()}`;
    }
    const items = thread.items;
    if (items.length === 0 && out.length === 0) {
      return empty(w.empty);
    }
    this.settleDivider(conversation, items);
    const rows = [];
    let before = /** @type {any} */ (null);
    for (const item of items) {
      if (!before || !sameDay(before.createdAt, item.createdAt)) {
        rows.push({id: `day-${item.id}`, day: item.createdAt});
        before = null;
      }
      if (item.id === this.divider) {
        rows.push({id: 'new'});
        before = null;
      }
      const run = Boolean(before) && before.author?.kind === item.author?.kind && before.author?.id === item.author?.id && before.author?.name === item.author?.name
        && before.direction === item.direction && before.kind !== 'system' && Date.parse(item.createdAt) - Date.parse(before.createdAt) < RUN;
      rows.push({id: item.id, item, run});
      before = item;
    }
    const active = this.active && items.some((item) => item.id === this.active) ? this.active : '';
    return html`<div class="grow"></div>
      ${thread.older ? thread.stalled === 'older' ? this.stalled() : html`<p class="older muted small" role="presentation">${w.older}</p>`
        : conversation.predecessor ? html`<p class="system"><a href=${`/conversations/${conversation.predecessor}`}>${w.predecessor}</a></p>` : nothing}
      ${repeat(rows, (row) => row.id, (row) => {
        if (row.day) {
          return html`<h2>${dayHeading(row.day, words)}</h2>`;
        }
        return row.item ? messageView(row.item, {place: this.of, run: row.run, marked: row.id === this.marked, active: row.id === active, conversation}) : html`<div role="separator" class="new-line" aria-label=${w.newMessages}><span aria-hidden="true">${w.new}</span></div>`;
      })}
      ${thread.newer ? thread.stalled === 'newer' ? this.stalled() : html`<p class="older muted small">${w.newer}</p>` : sending()}`;
  }

  /** More could not be read: that is said, and asked for again by whoever reads or when the connection is back. */
  stalled() {
    return html`<p class="older muted small" role="alert">${words.failed} <button type="button" class="linkish" @click=${() => this.goOn()}>${words.tryAgain}</button></p>`;
  }

  goOn() {
    const side = threads.value.get(this.of)?.stalled;
    if (side) {
      (side === 'older' ? older : newer)(this.of);
    }
  }

  reopen() {
    openThread(this.of, this.around || undefined);
  }

  /** Before the first unread as it was when the thread was opened; it stays until the thread is left. */
  settleDivider(conversation, items) {
    if (this.divider !== null) {
      return;
    }
    let left = conversation.unread ?? 0;
    this.divider = '';
    for (let i = items.length - 1; i >= 0 && left > 0; i--) {
      if (items[i].direction === 'inbound') {
        this.divider = items[i].id;
        left--;
      }
    }
  }

  foot(conversation) {
    const w = words.thread;
    if (conversation.closed) {
      return html`<div class="composer closed"><p>${w.closedOn(conversation.closedAt ?? conversation.createdAt)}
        ${conversation.successor ? html` · <a href=${`/conversations/${conversation.successor}`}>${w.successor}</a>` : nothing}</p></div>`;
    }
    const blocked = conversation.participants.filter((each) => !each.sendable);
    if (blocked.length === conversation.participants.length) {
      return html`<div class="composer closed"><p>${nobody(blocked)}</p>${conversation.kind === 'group' ? html`<button type="button" class="plain"
        @click=${() => router.go(`/conversations/new/group?from=${conversation.id}&without=blocked`)}>${words.participants.without(listed(blocked.map(nameOf), words.and))}</button>` : nothing}</div>`;
    }
    return html`<parley-composer .conversation=${conversation} @sent=${this.sent}></parley-composer>`;
  }

  updated() {
    const log = this.log;
    if (!log) {
      return;
    }
    this.sizes.observe(log);
    if (this.hadFocus && (document.activeElement === document.body || !document.activeElement)) {
      log.focus({preventScroll: true}); // what had it is gone: placed, decided, discarded
    }
    const thread = threads.value.get(this.of);
    if (!thread || thread.loading === 'first' || thread.items.length === 0) {
      return;
    }
    if (!this.placed) {
      this.placed = true;
      const wanted = this.wanted && document.getElementById(`message-${this.wanted}`);
      const line = log.querySelector('.new-line');
      if (wanted) {
        wanted.scrollIntoView({block: 'center'});
        this.anchor.stuck = false;
      } else if (line && line.getBoundingClientRect().top < log.scrollHeight - log.clientHeight + log.getBoundingClientRect().top - log.scrollTop) {
        log.scrollTop += line.getBoundingClientRect().top - log.getBoundingClientRect().top - log.clientHeight / 4;
        this.anchor.stuck = this.anchor.atEnd();
      } else {
        this.anchor.toEnd();
      }
      this.wanted = '';
      this.scrolled();
      performance.mark('parley-shown');
    } else {
      this.anchor.keep(!thread.newer);
    }
    this.watch();
    if (!thread.loading) {
      this.fill(thread);
    }
  }

  fill(thread) {
    if (thread.stalled) {
      return; // not again and again
    }
    const log = /** @type {HTMLElement} */ (this.log);
    if (log.scrollTop < NEAR && thread.older) {
      older(this.of);
    } else if (thread.newer && log.scrollHeight - log.scrollTop - log.clientHeight < NEAR) {
      newer(this.of);
    }
  }

  scrolled() {
    const log = /** @type {HTMLElement} */ (this.log);
    const thread = threads.value.get(this.of);
    this.anchor.hold(true);
    if (thread?.newer) {
      this.anchor.stuck = false;
    }
    if (this.anchor.stuck) {
      this.fresh = 0;
    }
    this.far = Boolean(thread?.newer) || log.scrollHeight - log.scrollTop - log.clientHeight > log.clientHeight;
    if (thread && !thread.loading) {
      this.fill(thread);
    }
    this.watch();
  }

  /** What was really on screen for a second, in a tab that somebody looks at, is read. */
  watch() {
    if (this.seeing || this.leaveUnread) {
      return;
    }
    const last = this.lastSeen();
    const conversation = conversations.value.get(this.of)?.conversation;
    const waits = conversation && (conversation.unread > 0 || (conversation.needs ?? []).includes('failed'));
    if (!last || !waits || last === this.seen) {
      return;
    }
    this.seeing = setTimeout(async () => {
      this.seeing = 0;
      if (this.isConnected && this.lastSeen() === last) {
        this.seen = last;
        await markRead(this.of, last);
      }
      this.watch();
    }, SEEN_AFTER);
  }

  /** @returns {string} the id of the last message that is in view, if somebody looks */
  lastSeen() {
    const log = this.log;
    if (!log || !this.placed || document.visibilityState !== 'visible' || !document.hasFocus()) {
      return '';
    }
    const box = log.getBoundingClientRect();
    if (box.height === 0) {
      return '';
    }
    const all = [...log.querySelectorAll('article:not(.outgoing)')];
    const last = all.findLast((each) => {
      const at = each.getBoundingClientRect();
      return at.top < box.bottom - 8 && (at.bottom <= box.bottom + 16 || at.height > box.height / 2);
    });
    return last ? last.id.slice('message-'.length) : '';
  }

  async jump() {
    this.fresh = 0;
    if (threads.value.get(this.of)?.newer) {
      this.placed = false;
      await latest(this.of);
    }
    this.anchor.toEnd();
    this.requestUpdate();
  }

  async sent() {
    if (threads.value.get(this.of)?.newer) {
      await latest(this.of);
    }
    this.anchor.stuck = true;
    this.requestUpdate();
    await this.updateComplete;
    this.anchor.toEnd();
  }

  key(/** @type {KeyboardEvent} */ event) {
    const on = /** @type {HTMLElement} */ (event.target);
    if (on !== this.log && on.tagName !== 'ARTICLE') {
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const all = /** @type {HTMLElement[]} */ ([...(this.log?.querySelectorAll('article:not(.outgoing)') ?? [])]);
    const at = all.indexOf(/** @type {HTMLElement} */ (on));
    if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      details(all[at].id.slice('message-'.length));
      return;
    }
    const to = {ArrowDown: at < 0 ? all.length - 1 : at + 1, ArrowUp: at < 0 ? all.length - 1 : at - 1, Home: 0, End: all.length - 1}[event.key];
    if (to === undefined) {
      return;
    }
    event.preventDefault();
    const next = all[Math.max(0, Math.min(all.length - 1, to))];
    if (next) {
      this.active = next.id.slice('message-'.length);
      this.updateComplete.then(() => {
        next.focus({preventScroll: true});
        next.scrollIntoView({block: 'nearest'});
      });
    }
  }

  leave() {
    router.back('/conversations' + listQuery());
  }

  /** Where one begins: the composer, on touch the heading. */
  focusStart() {
    const target = touch() || !this.composer?.field ? this.querySelector('h1') : this.composer.field;
    /** @type {HTMLElement | null} */ (target)?.focus();
  }

  menu(conversation) {
    const w = words.thread;
    const items = [{text: w.search, act: () => this.search()}];
    if (!conversation.closed) {
      items.push({text: w.rename, act: () => this.rename(conversation)});
      if (conversation.kind === 'group') {
        items.push({text: w.replies, act: () => replies(conversation)});
      }
    }
    items.push({text: w.markUnread, act: () => this.markUnread()});
    if (!conversation.closed) {
      items.push({text: conversation.done ? w.notDone : w.done, act: () => changed(conversation.id, {done: !conversation.done})});
    }
    items.push({text: w.print, act: () => print()}, {text: w.export, act: () => exportThread(conversation)});
    if (!conversation.closed) {
      items.push({text: w.closeIt, bad: true, act: () => close(conversation)});
    }
    return items;
  }

  async rename(conversation) {
    const w = words.thread;
    let refusal = '';
    await openDialog({label: w.rename, content: (done, redraw) => html`<form class="form" @submit=${async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const title = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('title')).trim();
      refusal = await changed(conversation.id, {title: title || null}) ?? '';
      if (refusal) {
        redraw();
      } else {
        done();
      }
    }}>${dialogHead(w.rename, done)}
      <p class="field"><label for="title">${w.title}</label><input id="title" name="title" maxlength="100" dir="auto" value=${conversation.title ?? ''}></p>
      <p role="alert" class="bad">${refusal}</p>
      <div class="buttons"><button type="button" class="plain" @click=${() => done()}>${words.cancel}</button><button class="primary">${words.save}</button></div></form>`});
  }

  /** Unread from the last thing that somebody else said, until the thread is opened again. */
  async markUnread() {
    this.leaveUnread = true;
    const items = threads.value.get(this.of)?.items ?? [];
    const at = items.findLastIndex((item) => item.direction === 'inbound');
    await markRead(this.of, at > 0 ? items[at - 1].id : '0');
    if (narrow()) {
      this.leave();
    }
  }
}
customElements.define('parley-thread', Thread);

/** @param {string} id @param {any} change @returns {Promise<string | undefined>} why not */
export async function changed(id, change) {
  const answer = await patch(`/conversations/${id}`, change);
  if (answer.ok) {
    keepConversations([answer.value], answer.asOf);
    return undefined;
  }
  const detail = answer.problem.detail || words.unreached;
  toast(detail);
  return detail;
}

/** @param {any} conversation */
export async function replies(conversation) {
  const w = words.thread;
  const relay = await openDialog({label: w.repliesTitle, content: (done) => html`<form class="form" @submit=${(/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    done(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('relay'));
  }}>${dialogHead(w.repliesTitle, done)}
    <fieldset class="choices-list"><legend class="hidden">${words.group.replies}</legend>
      <label class="check"><input type="radio" name="relay" value="all" ?checked=${conversation.relay === 'all'}> ${words.group.toAll}</label>
      <label class="check"><input type="radio" name="relay" value="none" ?checked=${conversation.relay === 'none'}> ${words.group.toUs}</label></fieldset>
    <div class="buttons"><button type="button" class="plain" @click=${() => done()}>${words.cancel}</button><button class="primary">${words.save}</button></div></form>`});
  if (relay && relay !== conversation.relay) {
    await changed(conversation.id, {relay});
  }
}

async function close(conversation) {
  const w = words.thread;
  if (await confirm({label: w.closeIt, text: w.closeAsk(titleOf(conversation)), yes: w.closeIt})) {
    const answer = await call('POST', `/conversations/${conversation.id}/close`, {body: {}});
    if (answer.ok) {
      keepConversations([answer.value], answer.asOf);
    } else {
      toast(answer.problem.detail || words.unreached);
    }
  }
}

/** The whole thread as a text file. */
async function exportThread(conversation) {
  const pages = [];
  let cursor = '';
  do {
    const answer = await get(`/conversations/${conversation.id}/messages?limit=200${cursor ? `&cursor=${cursor}` : ''}`);
    if (!answer.ok) {
      toast(answer.problem.detail || words.unreached);
      return;
    }
    pages.push(...answer.value.items);
    cursor = answer.value.next ?? '';
  } while (cursor);
  const head = `${titleOf(conversation)}\n${conversation.participants.map((/** @type {any} */ each) => `${nameOf(each)} ${each.display ?? each.number}`).join('\n')}\n${conversation.line.name} ${conversation.line.number}\n\n`;
  const text = head + pages.reverse().map((each) => `${new Date(each.createdAt).toLocaleString()}\t${authorName(each.author, isMine)}\t${each.text ?? ''}`).join('\n') + '\n';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type: 'text/plain;charset=utf-8'}));
  link.download = `${titleOf(conversation).replace(/[^\p{L}\p{N} -]/gu, '').slice(0, 60) || 'conversation'}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
