// @ts-check
/** The frame: navigation, the panes, what the connection is like. */
import {html, nothing} from 'lit';
import {Light, narrow} from './part/element.js';
import {menuButton} from './part/menu.js';
import {openDialog, confirm} from './part/dialog.js';
import {icon} from './part/icon.js';
import {skeleton, failed} from './part/states.js';
import {toast} from './part/toast.js';
import {words} from './words/en.js';
import {live} from './api/live.js';
import {settings, drafts, onSettings} from './state/local.js';
import {session, isAdmin, signOut} from './session/session.js';
import {router} from './router.js';
import {counts, conversation} from './conversation/state.js';
import {titleOf} from './conversation/names.js';
import './conversation/list.js';

const OFFLINE_AFTER = 3_000;
const ONLINE_FOR = 2_000;

/** What is not of every visit is loaded when it is asked for. @type {Record<string, {load: () => Promise<any>, admin?: boolean, nav: string}>} */
const views = {
  contacts: {load: () => import('./contact/contacts.js'), nav: 'contacts'},
  'contacts-import': {load: () => import('./contact/contacts.js'), nav: 'contacts'},
  'contact-new': {load: () => import('./contact/contacts.js'), nav: 'contacts'},
  contact: {load: () => import('./contact/contacts.js'), nav: 'contacts'},
  'opt-outs': {load: () => import('./optout/opt-outs.js'), nav: 'contacts'},
  lines: {load: () => import('./line/lines.js'), nav: 'lines'},
  users: {load: () => import('./user/users.js'), nav: 'users', admin: true},
  webhooks: {load: () => import('./webhook/webhooks.js'), nav: 'webhooks', admin: true},
  settings: {load: () => import('./user/settings.js'), nav: 'settings'},
};

class Shell extends Light {
  static properties = {view: {state: true}, line: {state: true}, note: {state: true}};

  constructor() {
    super();
    this.view = /** @type {any} */ (null);
    this.loaded = /** @type {Record<string, any>} */ ({});
    this.note = '';
    this.noteTimer = 0;
    this.problem = /** @type {any} */ (null);
    this.focusNext = false;
    this.opener = /** @type {HTMLElement | null} */ (null);
    this.last = router.route;
  }

  connectedCallback() {
    super.connectedCallback();
    router.listen(() => this.moved());
    live.on('line', (/** @type {any} */ line) => this.turned(line));
    onSettings(() => this.requestUpdate());
    document.addEventListener('keydown', (event) => this.key(event));
    this.addEventListener('chosen', () => { this.focusNext = true; });
    this.moved();
  }

  moved() {
    const {name} = router.route;
    const was = this.last;
    this.last = router.route;
    this.load(name);
    const opened = (/** @type {import('./router.js').Route} */ route) => (route.query.get('people') ? 'people' : route.query.get('delivery') ?? '');
    if (was.path === router.route.path && opened(was) !== opened(router.route)) {
      this.paneChanged(opened(was), opened(router.route));
    } else if (was.path !== router.route.path) {
      this.arrived(was);
    }
    this.requestUpdate();
  }

  /** Focus goes into a pane that opens, and back where it was when it closes. */
  paneChanged(was, now) {
    if (now && !was) {
      this.opener = /** @type {HTMLElement | null} */ (document.activeElement);
    }
    this.updateComplete.then(() => setTimeout(() => {
      if (now) {
        /** @type {HTMLElement | null} */ (this.querySelector('.details button'))?.focus({preventScroll: true});
      } else if (this.opener?.isConnected) {
        this.opener.focus({preventScroll: true});
      } else {
        this.thread?.focusStart();
      }
    }));
  }

  arrived(was) {
    const {name} = router.route;
    if (name === 'conversation') {
      if (this.focusNext || narrow()) {
        this.focusNext = false;
        this.whenThere('parley-thread', (thread) => thread.updateComplete.then(() => thread.focusStart()));
      }
    } else if (name === 'conversations' && was.name === 'conversation') {
      this.whenThere('parley-conversation-list', (list) => (was.params.id ? /** @type {any} */ (list.querySelector('parley-rows'))?.focusKey(was.params.id) : null));
    } else if (name !== 'conversations') {
      this.whenThere('main h1', (heading) => {
        if (!this.querySelector('main')?.contains(document.activeElement)) {
          heading.setAttribute('tabindex', '-1');
          heading.focus({preventScroll: true});
        }
      });
    }
  }

  /** @param {string} selector @param {(element: any) => void} act */
  whenThere(selector, act, tries = 20) {
    const path = router.route.path;
    this.updateComplete.then(() => setTimeout(() => {
      const element = this.querySelector(selector);
      if (element) {
        act(element);
      } else if (tries > 0 && router.route.path === path) {
        this.whenThere(selector, act, tries - 1);
      }
    }, tries === 20 ? 0 : 50));
  }

  async load(/** @type {string} */ name) {
    const wants = name === 'conversation' ? [['thread', () => import('./conversation/thread.js')], ['panes', () => import('./conversation/panes.js')]]
      : name === 'new-group' || name === 'new-message' ? [['new', () => import('./conversation/new.js')]]
        : views[name] && (!views[name].admin || isAdmin()) ? [[name, views[name].load]] : [];
    for (const [key, load] of /** @type {[string, () => Promise<any>][]} */ (wants)) {
      if (!this.loaded[key]) {
        try {
          this.loaded[key] = await load();
          this.problem = null;
        } catch {
          this.problem = {status: 0, code: 'unreached', detail: ''};
        }
        this.requestUpdate();
      }
    }
  }

  /** Nothing for the first seconds: most gaps are shorter. @param {{up: boolean, since: number}} line */
  turned(line) {
    clearTimeout(this.noteTimer);
    if (line.up) {
      if (this.note) {
        this.note = words.frame.online;
        this.noteTimer = setTimeout(() => { this.note = ''; }, ONLINE_FOR);
      }
    } else {
      this.noteTimer = setTimeout(() => { this.note = words.frame.offline(line.since); }, OFFLINE_AFTER);
    }
  }

  get thread() {
    return /** @type {any} */ (this.querySelector('parley-thread'));
  }

  get list() {
    return /** @type {any} */ (this.querySelector('parley-conversation-list'));
  }

  render() {
    const {name, params, query} = router.route;
    if (!session.value.user) {
      return nothing;
    }
    const w = words.frame;
    const inConversations = ['conversations', 'conversation', 'new-group', 'new-message'].includes(name);
    const open = name === 'conversation' ? params.id : '';
    const pane = open && this.loaded.panes ? (query.get('people') ? 'people' : query.get('delivery') ? 'delivery' : '') : '';
    const one = inConversations ? (name === 'conversations' ? 'list' : 'main') : 'main';
    return html`<a class="skip" href="#messages" @click=${this.skip}>${w.skip}</a>
      <div class="shell ${inConversations ? 'with-list' : ''} ${pane ? 'with-details' : ''} only-${one} ${open || name === 'new-group' || name === 'new-message' ? 'deep' : ''}">
        ${this.navigation(name)}
        ${inConversations ? html`<parley-conversation-list .open=${open} .heading=${name === 'conversations' ? 1 : 2}></parley-conversation-list>` : nothing}
        ${this.main(name, params, query, open, pane)}
        ${pane === 'people' ? html`<parley-participants .of=${open}></parley-participants>` : nothing}
        ${pane === 'delivery' ? html`<parley-delivery-details .of=${open} .message=${query.get('delivery')}></parley-delivery-details>` : nothing}
      </div>`;
  }

  navigation(name) {
    const w = words.frame;
    const nav = ['conversations', 'conversation', 'new-group', 'new-message'].includes(name) ? 'conversations' : views[name]?.nav;
    const unread = counts.value.unread;
    const link = (/** @type {string} */ key, /** @type {any} */ face, /** @type {string} */ word, /** @type {any} */ more = nothing, /** @type {any} */ label = nothing) => html`<a href=${`/${key}`} aria-label=${label}
      aria-current=${nav === key ? 'page' : nothing}>${icon(face)}<span>${word}</span>${more}</a>`;
    return html`<nav class="rail" aria-label=${w.main}>
      ${link('conversations', 'chat', w.conversations, unread ? html`<span class="badge" aria-hidden="true">${w.badge(unread)}</span>` : nothing, unread ? w.conversationsUnread(unread) : nothing)}
      ${link('contacts', 'person', w.contacts)}
      ${link('lines', 'bars', w.lines)}
      ${isAdmin() ? html`${link('users', 'people', w.users)}${link('webhooks', 'hook', w.webhooks)}` : nothing}
      <div class="foot"><p role="status" class="connection ${this.note && this.note !== w.online ? 'warn' : ''}" aria-label=${w.connection}>${this.note}</p>
      ${menuButton({label: w.account, menu: w.account, kind: 'account', face: html`${icon('gear')}<span>${w.account}</span>`, items: () => [
        {text: w.settings, act: () => router.go('/settings')},
        {text: w.signOut, act: () => this.signOut()},
      ]})}</div>
    </nav>`;
  }

  main(name, params, query, open, pane) {
    const w = words.frame;
    if (name === 'conversations') {
      return html`<main class="pane idle"><div class="empty"><p>${w.choose}</p></div></main>`;
    }
    if (name === 'conversation') {
      return this.loaded.thread ? html`<parley-thread .of=${open} .around=${query.get('message') ?? ''} .people=${pane === 'people'}></parley-thread>`
        : html`<main class="pane thread"><h1 class="hidden">${words.loading}</h1>${this.problem ? failed(this.problem, () => this.load(name)) : skeleton(5, 'bubble')}</main>`;
    }
    if (name === 'new-group' || name === 'new-message') {
      const kind = name === 'new-group' ? html`<parley-new-group .query=${query}></parley-new-group>` : html`<parley-new-message .query=${query}></parley-new-message>`;
      return html`<main class="pane page">${this.loaded.new ? kind : this.problem ? failed(this.problem, () => this.load(name)) : skeleton(6)}</main>`;
    }
    const view = views[name];
    if (!view || (view.admin && !isAdmin())) {
      return html`<main class="pane page"><div class="empty"><h1>${w.nothingHere}</h1><p>${w.nothingHereWhy}</p>
        <a class="button plain" href="/conversations">${w.home}</a></div></main>`;
    }
    const loaded = this.loaded[name];
    return html`<main class="pane page">${loaded ? loaded.view(router.route) : this.problem ? failed(this.problem, () => this.load(name)) : skeleton(8)}</main>`;
  }

  updated() {
    const {name, params} = router.route;
    const known = name === 'conversation' ? conversation(params.id) : undefined;
    const what = known ? titleOf(known)
      : {conversations: words.frame.conversations, 'new-group': words.group.form, 'new-message': words.direct.form, contacts: words.frame.contacts,
        lines: words.frame.lines, users: words.frame.users, webhooks: words.frame.webhooks, settings: words.frame.settings}[name]
        ?? this.loaded[name]?.title?.(router.route) ?? (views[name] ? '' : words.frame.nothingHere);
    document.title = words.frame.title(counts.value.unread, what);
    badge(counts.value.unread);
  }

  skip(/** @type {Event} */ event) {
    event.preventDefault();
    /** @type {HTMLElement | null} */ (this.querySelector('#messages') ?? this.querySelector('main h1, main'))?.focus();
  }

  async signOut() {
    const n = drafts().length;
    const w = words.frame;
    if (n === 0 || await confirm({label: w.signOut, text: w.signOutLoses(n), yes: w.signOutAnyway})) {
      signOut();
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) {
      return;
    }
    const {name, query} = router.route;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      import('./conversation/goto.js').then((module) => module.goTo());
      return;
    }
    if (event.altKey && !event.ctrlKey && !event.metaKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp') && this.list) {
      event.preventDefault();
      this.list.step(event.key === 'ArrowDown' ? 1 : -1, event.shiftKey);
      return;
    }
    if (event.key === 'Escape' && name === 'conversation') {
      event.preventDefault();
      if (query.get('people') || query.get('delivery')) {
        router.back(router.route.path);
      } else if (narrow()) {
        this.thread?.leave();
      } else {
        this.list?.focusOpen();
      }
      return;
    }
    const field = /** @type {HTMLElement} */ (event.target).closest?.('input, textarea, select, [contenteditable]');
    if (field || event.altKey || event.ctrlKey || event.metaKey || !settings().singleKeys) {
      return;
    }
    const act = {
      '/': () => (this.list ? this.list.focusSearch() : router.go('/conversations')),
      n: () => router.go('/conversations/new/group'),
      u: () => router.ask({show: query.get('show') === 'unread' ? null : 'unread'}),
      j: () => this.list?.step(1),
      k: () => this.list?.step(-1),
      '?': keys,
    }[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  }
}
customElements.define('parley-shell', Shell);

function keys() {
  const w = words.keys;
  openDialog({label: w.heading, content: (close) => html`<div class="form"><h2>${w.heading}</h2><table class="keys"><tbody>${w.rows.map(([key, what]) => html`<tr><th scope="row">${key}</th>
    <td>${what}</td></tr>`)}</tbody></table><div class="buttons"><button type="button" class="primary" @click=${() => close()}>${words.close}</button></div></div>`});
}

let shown = -1;

/** The number of unread ones in the page's icon. @param {number} n */
function badge(n) {
  if (n === shown) {
    return;
  }
  shown = n;
  const dot = n > 0 ? `<circle cx="25" cy="7" r="7" fill="#B3261E"/>` : '';
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#0B5CAD" d="M6 4h20a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H15l-7 6v-6H6a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4z"/>${dot}</svg>`;
  document.querySelector('link[rel=icon]')?.setAttribute('href', `data:image/svg+xml,${encodeURIComponent(picture)}`);
}

/** Offers a page's newer version, never takes it by itself. */
export function offerReload() {
  toast(words.frame.newVersion, {action: words.frame.reload, act: () => location.reload(), stays: true});
}
