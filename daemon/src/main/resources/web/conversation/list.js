// @ts-check
/** The list: filters, search, rows. It does not move under the pointer or the focus. */
import {html, nothing} from 'lit';
import {repeat} from 'lit-html/directives/repeat.js';
import {live as liveValue} from 'lit-html/directives/live.js';
import {Light} from '../part/element.js';
import '../part/rows.js';
import {menuButton} from '../part/menu.js';
import {skeleton, empty, failed} from '../part/states.js';
import {words} from '../words/en.js';
import {rowTime, whole} from '../words/format.js';
import {query, search} from '../api/client.js';
import {draft, onDraft} from '../state/local.js';
import {router} from '../router.js';
import {conversations, counts, lines, activity, isMine} from './state.js';
import {listing, openList, growList, readConversation, retryList} from './sync.js';
import {titleOf, nameOf, displayOf, saidBy} from './names.js';

const SEARCH_AFTER = 250;
const SETTLES_AFTER = 1_000;
const SHOWS = ['all', 'unread', 'needs', 'done', 'closed'];

/** What the address says is listed. @returns {import('./sync.js').Filter} */
export function filterOf(asked = router.route.query) {
  const show = asked.get('show') ?? 'all';
  return {show: SHOWS.includes(show) ? show : 'all', line: asked.get('line') ?? '', q: asked.get('q') ?? ''};
}

/** The part of the address that belongs to the list, to be kept when a conversation is opened. */
export function listQuery() {
  const {show, line, q} = filterOf();
  return query({show: show === 'all' ? '' : show, line, q});
}

class ConversationList extends Light {
  static properties = {open: {}, heading: {type: Number}, texts: {state: true}, textsProblem: {state: true}};

  constructor() {
    super();
    this.open = '';
    this.heading = 2;
    this.order = /** @type {string[]} */ ([]);
    this.under = false;
    this.settle = 0;
    this.newer = 0;
    this.texts = /** @type {any[] | null} */ (null);
    this.textsProblem = /** @type {any} */ (null);
    this.searchTimer = 0;
    this.searching = /** @type {AbortController | null} */ (null);
    this.typed = filterOf().q;
  }

  connectedCallback() {
    super.connectedCallback();
    this.stop = [router.listen(() => this.moved()), onDraft(() => this.requestUpdate())];
    this.key = '';
    this.moved();
    this.minute = setInterval(() => this.requestUpdate(), 60_000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.forEach((stop) => stop());
    clearInterval(this.minute);
  }

  /** The address has changed, perhaps the filter. */
  moved() {
    const filter = filterOf();
    const key = JSON.stringify(filter);
    if (key !== this.key) {
      this.key = key;
      this.order = [];
      this.typed = filter.q;
      openList(filter);
      this.searchTexts(filter.q);
    }
    this.requestUpdate();
  }

  async searchTexts(/** @type {string} */ q) {
    this.searching?.abort();
    this.texts = null;
    this.textsProblem = null;
    if (q.trim().length < 2) {
      return;
    }
    const abort = new AbortController();
    this.searching = abort;
    const answer = await search('/messages', {query: q.trim(), limit: 30}, {signal: abort.signal});
    if (this.searching === abort) {
      this.texts = answer.ok ? answer.value.items : [];
      this.textsProblem = answer.ok ? null : answer.problem;
    }
  }

  type(/** @type {Event} */ event) {
    this.typed = /** @type {HTMLInputElement} */ (event.target).value;
    clearTimeout(this.searchTimer);
    this.searchTimer = setTimeout(() => router.ask({q: this.typed.trim() || null}, {replace: true}), SEARCH_AFTER);
    this.requestUpdate();
  }

  clear() {
    this.typed = '';
    clearTimeout(this.searchTimer);
    router.ask({q: null}, {replace: true});
    this.focusSearch();
  }

  focusSearch() {
    /** @type {HTMLElement | null} */ (this.querySelector('input[type=search]'))?.focus();
  }

  /** @param {any} each @param {import('./sync.js').Filter} filter */
  belongs(each, filter) {
    if (each.id === this.open && this.order.includes(each.id)) {
      return true; // it stays until another is opened
    }
    return (!filter.line || each.line.id === filter.line)
      && (filter.show === 'closed') === each.closed
      && (filter.show !== 'unread' || each.unread > 0)
      && (filter.show !== 'needs' || (each.needs ?? []).length > 0)
      && (filter.show !== 'done' || Boolean(each.done))
      && (filter.show !== 'all' || !each.done);
  }

  get busy() {
    return this.under || Boolean(this.querySelector('.rows')?.contains(document.activeElement));
  }

  /** What is listed, in the order that the reader knows while it looks there. */
  items() {
    const filter = filterOf();
    const {list} = listing.value;
    const known = list.ids.map((id) => conversations.value.get(id)?.conversation).filter((each) => each !== undefined);
    if (filter.q) {
      return known;
    }
    const wanted = known.filter((each) => this.belongs(each, filter));
    // Mostly it comes in order, and ten thousand of them are not sorted for each that is said.
    if (wanted.some((each, at) => at > 0 && byActivity(wanted[at - 1], each) > 0)) {
      wanted.sort(byActivity);
    }
    const order = wanted.map((each) => each.id);
    this.newer = 0;
    if (this.busy && this.order.length > 0) {
      const place = new Map(order.map((id, at) => [id, at]));
      const before = this.order.filter((id) => place.has(id));
      const known = new Set(before);
      const lastKnown = before.reduce((last, id) => Math.max(last, place.get(id) ?? 0), -1);
      // What came in further down has been loaded by scrolling; what came in above is newer.
      const later = order.filter((id) => !known.has(id));
      const grown = later.filter((id) => (place.get(id) ?? 0) > lastKnown);
      this.newer = later.length - grown.length + risen(before, order.filter((id) => known.has(id)));
      if (this.newer > 0) {
        this.order = [...before, ...grown];
        return this.order.map((id) => wanted[/** @type {number} */ (place.get(id))]);
      }
    }
    this.order = order;
    return wanted;
  }

  render() {
    const w = words.list;
    const filter = filterOf();
    const {list} = listing.value;
    const items = this.items();
    const heading = this.heading === 1 ? html`<h1>${w.heading}</h1>` : html`<h2>${w.heading}</h2>`;
    return html`<section class="pane list" aria-label=${w.region}>
      <div class="top">${heading}
        ${menuButton({menu: w.new, label: w.new, kind: 'primary', face: html`<span aria-hidden="true">+&nbsp;</span>${w.new}`, items: () => [
          {text: w.groupMessage, act: () => router.go('/conversations/new/group' + listQuery())},
          {text: w.message, act: () => router.go('/conversations/new/message' + listQuery())},
        ]})}</div>
      <div class="filters" role="search" aria-label=${w.search}>
        <input type="search" aria-label=${w.search} placeholder=${w.searchHint} .value=${liveValue(this.typed)} @input=${this.type}
          @keydown=${this.searchKey}>
        <div class="filter-row">
          <fieldset class="seg"><legend class="hidden">${w.show}</legend>
            ${SHOWS.map((show) => html`<label><input type="radio" name="show" .checked=${liveValue(filter.show === show)}
              @change=${() => router.ask({show: show === 'all' ? null : show}, {replace: true})}><span>${w[show]}</span>${show === 'needs' && counts.value.needs > 0
                ? html`<span class="count" aria-hidden="true">${words.frame.badge(counts.value.needs)}</span>` : nothing}</label>`)}
          </fieldset>
          ${lines.value.length > 1 ? html`<select aria-label=${w.line} @change=${(/** @type {any} */ e) => router.ask({line: e.target.value || null}, {replace: true})}>
            <option value="" .selected=${!filter.line}>${w.allLines}</option>
            ${lines.value.map((line) => html`<option value=${line.id} .selected=${filter.line === line.id}>${line.name} ${displayOf(line)}</option>`)}
          </select>` : nothing}
        </div>
      </div>
      <div class="pill-place">${this.newer > 0 ? html`<button type="button" class="pill" @click=${this.settleNow}>${w.newer(this.newer)}</button>` : nothing}</div>
      <div class="listed" @pointerenter=${this.enter} @pointerleave=${this.leave} @focusout=${this.later}>${filter.q ? this.results(items, list, filter.q) : this.rows(items, list, filter)}</div>
    </section>`;
  }

  rows(items, list, filter) {
    const w = words.list;
    if (items.length === 0) {
      if (list.problem) {
        return failed(list.problem, retryList);
      }
      if (list.loading) {
        return skeleton(9);
      }
      return empty({all: w.empty, unread: w.emptyUnread, needs: w.emptyNeeds, done: w.emptyDone, closed: w.emptyClosed}[filter.show]);
    }
    return html`<parley-rows .label=${w.list} .items=${items} .current=${this.open} .whole=${list.whole}
      .row=${(/** @type {any} */ each, /** @type {boolean} */ tab) => this.row(each, tab)} .onEnd=${() => growList(filter)}></parley-rows>`;
  }

  results(items, list, q) {
    const w = words.list;
    const texts = this.texts ?? [];
    if (items.length === 0 && texts.length === 0) {
      const problem = list.problem ?? this.textsProblem;
      if (problem) {
        return failed(problem, () => { retryList(); this.searchTexts(q); });
      }
      return list.loading || (this.texts === null && q.length > 1) ? skeleton(6)
        : empty(w.noMatch(q), html`<button type="button" class="plain" @click=${this.clear}>${w.clear}</button>`);
    }
    return html`<div class="rows results" tabindex="-1">
      ${items.length ? html`<ul class="flow" aria-label=${w.list}>${repeat(items, (each) => each.id, (each) => html`<li>${this.row(each, true)}</li>`)}</ul>` : nothing}
      ${texts.length ? html`<h3>${w.texts}</h3><ul class="flow" aria-label=${w.texts}>${repeat(texts, (each) => each.id, (each) => this.hit(each))}</ul>` : nothing}
    </div>`;
  }

  /** A text that was found. @param {any} message */
  hit(message) {
    const id = typeof message.conversation === 'object' && message.conversation ? message.conversation.id : message.conversation ?? message.routing?.candidates?.[0];
    const known = id && conversations.value.get(id)?.conversation;
    if (id && !known && !message.conversation?.title) {
      readConversation(id);
    }
    const title = message.conversation?.title ?? message.conversationTitle ?? (known ? titleOf(known) : saidBy(message.author));
    return html`<li><a class="row" href=${`/conversations/${id}?message=${message.id}`} @click=${(/** @type {MouseEvent} */ e) => this.openHit(e, id, message.id)}>
      <b><bdi>${title}</bdi></b><span class="n none"></span>
      <span class="p"><span class="hidden">, </span><bdi>${words.list.from(isMine(message.author) ? words.you : saidBy(message.author), message.text ?? '')}</bdi></span>
      <span class="t"><span class="hidden">, </span>${rowTime(message.createdAt)}</span></a></li>`;
  }

  openHit(/** @type {MouseEvent} */ event, id, message) {
    if (plainClick(event)) {
      event.preventDefault();
      const kept = listQuery();
      router.go(`/conversations/${id}${kept}${kept ? '&' : '?'}message=${message}`);
    }
  }

  /** @param {import('./state.js').Conversation} each @param {boolean} tab */
  row(each, tab) {
    const title = titleOf(each);
    const unread = each.unread ?? 0;
    const at = activity(each);
    return html`<a class="row ${unread ? 'unread' : ''}" href=${`/conversations/${each.id}`} tabindex=${tab ? nothing : '-1'}
        aria-current=${each.id === this.open ? 'page' : nothing} @click=${(/** @type {MouseEvent} */ e) => this.choose(e, each.id)}>
      <b title=${each.kind === 'group' ? each.participants.map(nameOf).join(', ') : title}><bdi>${title}</bdi></b>
      ${unread ? html`<span class="n"><span class="hidden">, </span>${words.list.nUnread(unread)}<span class="hidden">${words.list.unreadWord}</span></span>` : html`<span class="n none"></span>`}
      <span class="p"><span class="hidden">, </span>${this.glimpse(each)}</span>
      <span class="t"><span class="hidden">, </span><time datetime=${at} title=${whole(at)}>${rowTime(at)}</time></span>
      ${lines.value.length > 1 ? html`<span class="l"><span class="hidden">, </span>${each.line.name}</span>` : nothing}
    </a>`;
  }

  /** One line of what is last, what needs a person first. @param {import('./state.js').Conversation} each */
  glimpse(each) {
    const w = words.list;
    const last = each.lastMessage;
    const needs = each.needs ?? [];
    const failedOnes = last?.summary?.failed;
    const need = needs.includes('route') ? w.needsRoute : needs.includes('decide') ? w.needsDecide
      : needs.includes('failed') ? (failedOnes ? w.needsFailedTo(failedOnes) : w.needsFailed) : '';
    const half = draft(each.id)?.text;
    let said = /** @type {any} */ ('');
    if (half) {
      said = html`<i>${w.draft}</i> <bdi>${half.slice(0, 200)}</bdi>`;
    } else if (last?.sendAt && Date.parse(last.sendAt) > Date.now()) {
      said = w.scheduled(last.sendAt);
    } else if (last) {
      const text = (last.text ?? '').slice(0, 200).replace(/\s+/g, ' ');
      said = html`<bdi>${last.direction === 'outbound' ? (last.author?.kind === 'system' ? text : w.from(isMine(last.author) ? words.you : saidBy(last.author), text))
        : each.kind === 'group' ? w.from(saidBy(last.author), text) : text}</bdi>`;
    }
    return html`${need ? html`<span class=${needs.includes('failed') && !needs.includes('route') ? 'bad' : 'warn'}>${need}</span>${said !== '' ? ' · ' : nothing}` : nothing}${said}`;
  }

  choose(/** @type {MouseEvent} */ event, /** @type {string} */ id) {
    if (!plainClick(event)) {
      return;
    }
    event.preventDefault();
    performance.mark('parley-open');
    this.dispatchEvent(new CustomEvent('chosen', {bubbles: true}));
    router.go(`/conversations/${id}${listQuery()}`);
  }

  searchKey(/** @type {KeyboardEvent} */ event) {
    if (event.key === 'Escape' && this.typed) {
      event.stopPropagation();
      this.clear();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      const rows = /** @type {any} */ (this.querySelector('parley-rows'));
      if (rows) {
        rows.focusAt(0);
      } else {
        /** @type {HTMLElement | null} */ (this.querySelector('.results a'))?.focus();
      }
    }
  }

  enter(/** @type {PointerEvent} */ event) {
    if (event.pointerType !== 'touch') {
      clearTimeout(this.settle);
      this.under = true;
    }
  }

  leave() {
    clearTimeout(this.settle);
    this.settle = setTimeout(() => {
      this.under = false;
      this.requestUpdate();
    }, SETTLES_AFTER);
  }

  later() {
    setTimeout(() => this.requestUpdate(), SETTLES_AFTER);
  }

  settleNow() {
    this.order = [];
    this.requestUpdate();
    /** @type {any} */ (this.querySelector('parley-rows'))?.scroller?.scrollTo({top: 0});
  }

  /** The row of what is open, for Esc. */
  focusOpen() {
    /** @type {any} */ (this.querySelector('parley-rows'))?.focusKey(this.open);
  }

  /** The one after or before what is open. @param {number} step @param {boolean} [unread] */
  step(step, unread = false) {
    const items = this.items();
    const at = items.findIndex((each) => each.id === this.open);
    const next = unread ? items.slice(at + 1).find((each) => each.unread > 0) ?? items.find((each) => each.unread > 0)
      : items[at < 0 ? 0 : Math.max(0, Math.min(items.length - 1, at + step))];
    if (next && next.id !== this.open) {
      this.dispatchEvent(new CustomEvent('chosen', {bubbles: true}));
      router.go(`/conversations/${next.id}${listQuery()}`);
    }
  }
}
customElements.define('parley-conversation-list', ConversationList);

/** @param {any} one @param {any} other */
function byActivity(one, other) {
  const [at, then] = [activity(one), activity(other)];
  return at < then ? 1 : at > then ? -1 : Number(other.id) - Number(one.id);
}

/** How many would have to move up. @param {string[]} before @param {string[]} after the same ones */
function risen(before, after) {
  const moved = new Set();
  let at = 0;
  for (const id of after) {
    while (moved.has(before[at])) {
      at++;
    }
    if (before[at] === id) {
      at++;
    } else {
      moved.add(id);
    }
  }
  return moved.size;
}

/** @param {MouseEvent} event */
const plainClick = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
