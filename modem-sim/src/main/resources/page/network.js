// @ts-check
/**
 * The simulated network's page. It knows phones, modems and the SMSC, and nothing of whatever is connected to them:
 * names, lines and the address of an inbox come in the URL.
 *   /?phones=Ann:+12025550111,Bob:+12025550112&lines=Front desk:+12025550100&inbox=http://127.0.0.1:8080
 */

/** @typedef {{name: string, number: string}} Named */
/** @typedef {{phone: string, direction: 'in' | 'out', peer: string, text: string, parts: number, encoding: string, at: string}} Text */

const POLL = 2_000;
const REACHES = /** @type {const} */ ([['on', 'On'], ['off', 'Off'], ['reject', 'Rejects']]);
const FAULTS = ['none', 'unplugged', 'hung', 'no-network', 'pin-required', 'storage-full', 'refuse:38', 'refuse:310', 'refuse:500'];

const asked = new URLSearchParams(location.search);
const lines = named(asked.get('lines'));
/** @type {Map<string, Phone>} */
const phones = new Map();
const names = new Map([...lines, ...named(asked.get('phones'))].map((each) => [each.number, each.name]));

/** `Ann:+12025550111,Bob:+12025550112`; a space in a URL's query is often a plus. @param {string | null} list @returns {Named[]} */
function named(list) {
  return (list ?? '').split(',').map((each) => {
    const colon = each.lastIndexOf(':');
    const number = each.slice(colon + 1).trim();
    return {name: each.slice(0, Math.max(colon, 0)).trim(), number: /^[0-9]{7,15}$/.test(number) ? `+${number}` : number};
  }).filter((each) => each.number);
}

/** @param {string} number */
function written(number) {
  const nanp = /^\+1([0-9]{3})([0-9]{3})([0-9]{4})$/.exec(number);
  return nanp ? `(${nanp[1]}) ${nanp[2]}-${nanp[3]}` : number;
}

/** @param {string} number */
const nameOf = (number) => names.get(number) || written(number);

const clock = new Intl.DateTimeFormat(undefined, {hour: 'numeric', minute: '2-digit'});

/** @param {string} tag @param {Record<string, any>} [attributes] @param {...(Node | string)} children @returns {any} */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      made.addEventListener(name.slice(2), value);
    } else if (value === true) {
      made.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, value);
    }
  }
  made.append(...children);
  return made;
}

/** @param {string} method @param {string} path @param {any} [body] */
async function call(method, path, body) {
  const answer = await fetch(path, {method, cache: 'no-store', ...(body ? {body: JSON.stringify(body), headers: {'Content-Type': 'application/json'}} : {})});
  const value = await answer.json();
  if (!answer.ok) {
    throw new Error(value.error ?? `${answer.status}`);
  }
  return value;
}

/** @type {Promise<any>} */
let changed = Promise.resolve();

/**
 * A change behind those before it: two that are under way at once may come in any order.
 * @param {string} path
 * @param {any} body
 * @returns {Promise<any>}
 */
function change(path, body) {
  changed = changed.catch(() => {}).then(() => call('PUT', path, body));
  return changed;
}

/** @param {string} number */
const path = (number) => `/handsets/${encodeURIComponent(number)}`;

class Phone {
  /** @param {string} number */
  constructor(number) {
    this.number = number;
    const name = names.get(number);
    const called = name || written(number);
    this.last = '';
    this.note = element('p', {role: 'status'});
    this.log = element('div', {class: 'log', role: 'log', 'aria-label': `Texts on ${called}'s phone`, 'aria-live': 'off', tabindex: '0'});
    this.to = element('select', {'aria-label': 'To'}, ...lines.map((line) => element('option', {value: line.number}, `${line.name}, ${written(line.number)}`)));
    this.field = element('input', {type: 'text', 'aria-label': `Text from ${called}`, placeholder: 'Text', autocomplete: 'off', dir: 'auto'});
    this.fault = element('p', {class: 'bad small', role: 'alert'});
    this.reach = REACHES.map(([value, word]) => element('input', {type: 'radio', name: `reach-${number}`, value, 'aria-label': word, onchange: () => this.turn(value)}));
    this.box = element('section', {class: 'phone', role: 'region', 'aria-label': `Phone ${called}`},
      element('div', {class: 'head'}, element('h2', {}, called), element('p', {}, name ? written(number) : ''), this.note),
      this.log,
      element('form', {onsubmit: (/** @type {Event} */ event) => this.send(event)},
        element('label', {}, 'To', this.to),
        element('div', {class: 'row'}, this.field, element('button', {class: 'primary', 'aria-label': `Send from ${called}`}, 'Send')), this.fault),
      element('fieldset', {class: 'reach', role: 'group', 'aria-label': 'Reach'}, ...REACHES.map(([, word], i) => element('label', {}, this.reach[i], word))));
  }

  /** @param {any} state as the control API shows a handset */
  show(state) {
    this.reach.forEach((radio) => { radio.checked = radio.value === state.reach; });
    this.box.classList.toggle('off', state.reach !== 'on');
    this.off = state.reach === 'off';
    this.note.textContent = state.reach === 'reject' ? 'Rejects texts'
      : state.reach === 'off' ? (state.waiting ? `Off, ${state.waiting} wait at the SMSC` : 'Off') : '';
  }

  /** @param {Text} text */
  add(text) {
    const down = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 40;
    if (this.last !== text.peer) {
      this.last = text.peer;
      this.log.append(element('p', {class: 'peer'}, nameOf(text.peer)));
    }
    const at = new Date(text.at);
    this.log.append(element('article', {class: text.direction, dir: 'auto', title: `${text.parts} SMS, ${text.encoding}, ${at.toLocaleTimeString()}`},
      text.text, element('time', {datetime: text.at}, clock.format(at))));
    if (down || text.direction === 'out') {
      this.log.scrollTop = this.log.scrollHeight;
    }
    this.offer(text.peer);
    if (text.direction === 'in' && this.field !== document.activeElement && !this.field.value) {
      this.to.value = text.peer; // one answers whom one heard last
    }
  }

  /** @param {string} number somebody this phone can write to */
  offer(number) {
    if (/^\+?[0-9]+$/.test(number) && ![...this.to.options].some((each) => each.value === number)) {
      this.to.append(element('option', {value: number}, `${nameOf(number)}${names.has(number) ? `, ${written(number)}` : ''}`));
    }
  }

  /** @param {Event} event */
  async send(event) {
    event.preventDefault();
    const text = this.field.value;
    if (!text.trim()) {
      return;
    }
    try {
      await call('POST', `${path(this.number)}/messages`, {to: this.to.value, text});
      this.field.value = '';
      this.fault.textContent = '';
    } catch (refused) {
      this.fault.textContent = /** @type {Error} */ (refused).message;
    }
    this.field.focus();
  }

  /** @param {string} reach */
  async turn(reach) {
    this.show(await call('PUT', path(this.number), {reach}));
  }
}

/** @param {string} number @returns {Phone} */
function phone(number) {
  const known = phones.get(number);
  if (known) {
    return known;
  }
  const made = new Phone(number);
  phones.set(number, made);
  made.show({reach: 'on', waiting: 0}); // as the network takes a phone that it has not heard of
  document.querySelector('#phones .empty')?.remove();
  document.querySelector('#phones')?.append(made.box);
  return made;
}

// ---- modems and the SMSC ----

/** @type {Map<string, (state: any) => void>} */
const shows = new Map();

/** @param {any} modem */
function showModem(modem) {
  if (!shows.has(modem.name)) {
    const fault = element('select', {'aria-label': 'Fault', onchange: () => change(`/modems/${modem.name}`, {fault: fault.value}).then(showModem)},
      ...FAULTS.map((each) => element('option', {value: each}, each)));
    const air = element('input', {type: 'number', min: '0', max: '60000', step: '50', 'aria-label': 'Air time, ms',
      onchange: () => change(`/modems/${modem.name}`, {airTimeMs: Number(air.value)}).then(showModem)});
    const facts = element('p');
    document.querySelector('#side')?.append(element('section', {role: 'region', 'aria-label': `Modem ${modem.name}`},
      element('h2', {}, `${modem.name}, ${nameOf(modem.number)}`), element('label', {}, 'Fault', fault), element('label', {}, 'Air time, ms', air), facts));
    shows.set(modem.name, (state) => {
      if (![...fault.options].some((each) => each.value === state.fault)) {
        fault.append(element('option', {value: state.fault}, state.fault));
      }
      fault.value = state.fault;
      if (air !== document.activeElement) {
        air.value = state.airTimeMs;
      }
      facts.textContent = `${state.sent} sent, ${state.received} received, ${state.stored} of ${state.capacity} places used${state.inUse ? '' : ', nobody listens'}`;
    });
  }
  shows.get(modem.name)?.(modem);
}

/** @param {any} smsc */
function showSmsc(smsc) {
  if (!shows.has('')) {
    const fields = [['latencyMs', 'Latency, ms'], ['throttlePerSecond', 'Throttle, a second'], ['receiptDelayMs', 'Receipts after, ms']].map(([name, word]) => {
      const input = element('input', {type: 'number', min: '0', 'aria-label': word, onchange: () => change('/smsc', {[name]: Number(input.value)}).then(showSmsc)});
      return {name, input, row: element('label', {}, word, input)};
    });
    const facts = element('p');
    document.querySelector('#side')?.append(element('section', {role: 'region', 'aria-label': 'SMSC'}, element('h2', {}, 'SMSC'), ...fields.map((each) => each.row), facts,
      element('button', {type: 'button', class: 'plain', onclick: () => call('POST', '/smsc/disconnect')}, 'Cut')));
    shows.set('', (state) => {
      for (const {name, input} of fields) {
        if (input !== document.activeElement) {
          input.value = state[name];
        }
      }
      const sessions = Array.isArray(state.sessions) ? state.sessions.length : state.sessions;
      facts.textContent = `${sessions} sessions, ${state.submitted} submitted, ${state.delivered} delivered, ${state.waiting} wait`;
    });
  }
  shows.get('')?.(smsc);
}

// ---- what happens ----

/** @type {Record<string, (data: any) => void>} */
const takes = {
  text: (entry) => { phone(entry.data.phone).add({...entry.data, at: entry.at}); counted(); },
  handset: (entry) => phone(entry.data.number).show(entry.data),
  modem: (entry) => showModem(entry.data),
  smsc: (entry) => showSmsc(entry.data),
};

let counting = 0;

/** Counts change with each text; they are read again once it is quiet, not with each. */
function counted() {
  counting ||= setTimeout(() => { counting = 0; look(); }, 500);
}

async function look() {
  try {
    const [handsets, modems, smsc] = await Promise.all([call('GET', '/handsets'), call('GET', '/modems'), call('GET', '/smsc')]);
    handsets.forEach((/** @type {any} */ each) => (phones.has(each.number) || handsets.length <= 30) && phone(each.number).show(each));
    modems.forEach(showModem);
    showSmsc(smsc);
  } catch {
    // The stream says that the network is away.
  }
}

let seen = 0;

function follow() {
  const stream = new EventSource('/events');
  const note = /** @type {HTMLElement} */ (document.querySelector('#connection'));
  stream.onopen = () => { note.textContent = ''; };
  stream.onerror = () => { note.textContent = 'The simulated network is not there.'; };
  for (const [type, take] of Object.entries(takes)) {
    stream.addEventListener(type, (event) => {
      const entry = JSON.parse(/** @type {MessageEvent} */ (event).data);
      if (entry.id < seen) {
        location.reload(); // another life of the network: its ids began anew
        return;
      }
      seen = entry.id;
      take(entry);
    });
  }
}

// ---- the page ----

const dialog = /** @type {HTMLDialogElement} */ (document.querySelector('#adding'));
const newName = /** @type {HTMLInputElement} */ (document.querySelector('#new-name'));
const newNumber = /** @type {HTMLInputElement} */ (document.querySelector('#new-number'));
const newFault = /** @type {HTMLElement} */ (document.querySelector('#new-fault'));
document.querySelector('#add')?.addEventListener('click', () => dialog.showModal());
document.querySelector('#new-cancel')?.addEventListener('click', () => dialog.close());
dialog.addEventListener('submit', async (event) => {
  event.preventDefault();
  const number = newNumber.value.trim();
  const before = asked.get('phones');
  try {
    // First: the stream may tell of the phone before the answer comes, and the page be loaded again.
    names.set(number, newName.value.trim());
    keepPhones([...new Set([...phones.keys(), number])].map((each) => `${names.get(each) ?? ''}:${each}`).join(','));
    const state = await call('PUT', path(number), {reach: 'on'});
    phone(number).show(state);
    phone(number).box.scrollIntoView({inline: 'end'});
    newName.value = newNumber.value = newFault.textContent = '';
    dialog.close();
  } catch (refused) {
    keepPhones(before);
    newFault.textContent = /** @type {Error} */ (refused).message;
  }
});

/** In the URL, where they outlast a reload. @param {string | null} list */
function keepPhones(list) {
  if (list === null) {
    asked.delete('phones');
  } else {
    asked.set('phones', list);
  }
  history.replaceState(null, '', `?${asked}`);
}

const inbox = asked.get('inbox') ?? '';
if (/^https?:\/\//.test(inbox)) {
  const link = /** @type {HTMLAnchorElement} */ (document.querySelector('#inbox'));
  link.href = inbox;
  link.hidden = false;
  link.addEventListener('click', (event) => {
    event.preventDefault();
    const width = Math.round(screen.availWidth / 2);
    open(inbox, 'parley', `popup,left=${screen.availWidth - width},top=0,width=${width},height=${screen.availHeight}`);
  });
}
if (!['127.0.0.1', 'localhost', '[::1]'].includes(location.hostname)) {
  /** @type {HTMLElement} */ (document.querySelector('#warning')).textContent = 'Anybody who reaches this address controls this network: keep it on this machine.';
}
named(asked.get('phones')).forEach((each) => phone(each.number));
if (!phones.size) {
  document.querySelector('#phones')?.append(element('p', {class: 'empty'}, 'No phone yet. A phone is there from its first text on, or add one.'));
}
await look();
follow();
setInterval(() => [...phones.values()].some((each) => each.off) && look(), POLL);
