// @ts-check
/** Ctrl+K: conversations, contacts and actions in one field. */
import {html} from 'lit';
import {openDialog} from '../part/dialog.js';
import '../part/combobox.js';
import {words} from '../words/en.js';
import {get, query, search} from '../api/client.js';
import {isAdmin} from '../session/session.js';
import {router} from '../router.js';
import {conversations, keepConversations, activity} from './state.js';
import {titleOf, namesOf} from './names.js';

let open = false;

const actions = () => [
  [words.list.groupMessage, '/conversations/new/group'], [words.list.message, '/conversations/new/message'], [words.frame.conversations, '/conversations'],
  [words.list.unread, '/conversations?show=unread'], [words.list.needs, '/conversations?show=needs'], [words.frame.contacts, '/contacts'],
  [words.frame.optOuts, '/opt-outs'], [words.frame.lines, '/lines'],
  ...(isAdmin() ? [[words.frame.users, '/users'], [words.frame.webhooks, '/webhooks']] : []), [words.frame.settings, '/settings'],
];

const option = (/** @type {any} */ each) => ({id: `/conversations/${each.id}`, text: titleOf(each), hint: each.kind === 'group' ? namesOf(each) : each.line.name});
const fits = (/** @type {string} */ text, /** @type {string} */ typed) => text.toLowerCase().includes(typed.toLowerCase());

export async function goTo() {
  if (open) {
    return;
  }
  open = true;
  let typed = '';
  let options = latest();
  let turn = 0;
  let timer = 0;
  const to = await openDialog({label: words.goto.label, kind: 'goto', content: (close, redraw) => {
    const find = (/** @type {string} */ text) => {
      typed = text;
      const mine = ++turn;
      clearTimeout(timer);
      options = text.trim() ? local(text) : latest();
      redraw();
      if (text.trim()) {
        timer = setTimeout(async () => {
          const [threads, people] = await Promise.all([search('/conversations', {query: text.trim(), limit: 8}),
            get('/contacts' + query({query: text.trim(), limit: 6, order: 'name'}))]);
          if (mine !== turn) {
            return;
          }
          if (threads.ok) {
            keepConversations(threads.value.items, threads.asOf);
          }
          const found = [...(threads.ok ? threads.value.items.map(option) : []),
            ...(people.ok ? people.value.items.map((/** @type {any} */ each) => ({id: `/contacts/${each.id}`, text: each.name, hint: each.primaryDisplay})) : []),
            ...actions().filter(([word]) => fits(word, text)).map(([word, address]) => ({id: address, text: word}))];
          options = found;
          redraw();
        }, 150);
      }
    };
    return html`<div class="form"><parley-combobox .label=${words.goto.label} .list=${words.goto.found} .hint=${words.goto.hint} .value=${typed} .options=${options}
      .empty=${words.list.noMatch(typed)} .onText=${find} .onPick=${(/** @type {any} */ picked) => close(picked.id)}></parley-combobox></div>`;
  }});
  open = false;
  const shell = /** @type {any} */ (document.querySelector('parley-shell'));
  if (to === location.pathname) {
    shell?.thread?.focusStart(); // it is open already: nothing arrives that would take the focus
  } else if (to) {
    shell?.dispatchEvent(new CustomEvent('chosen'));
    router.go(String(to));
  }
}

function latest() {
  const all = [...conversations.value.values()].map((each) => each.conversation).filter((each) => !each.closed);
  all.sort((one, other) => (activity(one) < activity(other) ? 1 : -1));
  return [...all.slice(0, 6).map(option), ...actions().map(([word, address]) => ({id: address, text: word}))];
}

function local(/** @type {string} */ text) {
  const all = [...conversations.value.values()].map((each) => each.conversation).filter((each) => fits(titleOf(each), text) || fits(namesOf(each), text));
  return [...all.slice(0, 6).map(option), ...actions().filter(([word]) => fits(word, text)).map(([word, address]) => ({id: address, text: word}))];
}
