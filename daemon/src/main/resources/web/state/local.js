// @ts-check
/** What stays on this device: settings, drafts, filled-in forms. In `localStorage`, which may refuse. */

const settingsKey = 'parley/settings';

/** @typedef {{theme: 'system' | 'light' | 'dark', density: 'normal' | 'compact', enterSends: boolean, singleKeys: boolean, notifications: boolean, notificationTexts: boolean}} Settings */

/** @type {Settings} */
const usual = {theme: 'system', density: 'normal', enterSends: true, singleKeys: false, notifications: false, notificationTexts: false};

/** @param {string} key @returns {any} */
export function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** @param {string} key @param {any} value null to remove it */
export function write(key, value) {
  try {
    if (value === null) {
      localStorage.removeItem(key);
    } else {
      localStorage.setItem(key, JSON.stringify(value));
    }
  } catch {
    // Full, or forbidden: what is on the screen stays there.
  }
}

/** @param {string} prefix @returns {string[]} */
export function keysBelow(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

/** @returns {Settings} */
export function settings() {
  return {...usual, ...read(settingsKey)};
}

/** @param {Partial<Settings>} change */
export function changeSettings(change) {
  write(settingsKey, {...settings(), ...change});
  show();
  listeners.forEach((listener) => listener());
}

const listeners = /** @type {Set<() => void>} */ (new Set());

/** @param {() => void} listener */
export function onSettings(listener) {
  listeners.add(listener);
}

/** Theme and density are attributes of the root. */
export function show() {
  const {theme, density} = settings();
  const root = document.documentElement;
  if (theme === 'system') {
    root.removeAttribute('data-theme');
  } else {
    root.setAttribute('data-theme', theme);
  }
  root.setAttribute('data-density', density);
}

let user = '';

/** @param {string} id whose drafts these are */
export function useDraftsOf(id) {
  user = id;
}

/** @param {string} place a conversation's id, or `new-group` */
export const draftKey = (place) => `parley/${user}/draft/${place}`;

/** @param {string} place @returns {{text: string, since?: string, [more: string]: any} | null} */
export const draft = (place) => read(draftKey(place));

/** @param {string} place @param {any} value */
export function keepDraft(place, value) {
  write(draftKey(place), value);
  draftListeners.forEach((listener) => listener(place));
}

const draftListeners = /** @type {Set<(place: string) => void>} */ (new Set());

/** Told of drafts of this tab and of others. @param {(place: string) => void} listener @returns {() => void} */
export function onDraft(listener) {
  draftListeners.add(listener);
  return () => draftListeners.delete(listener);
}

globalThis.addEventListener?.('storage', (event) => {
  if (event.key === settingsKey) {
    show();
    listeners.forEach((listener) => listener());
  }
  const prefix = draftKey('');
  if (event.key?.startsWith(prefix)) {
    draftListeners.forEach((listener) => listener(/** @type {string} */ (event.key).slice(prefix.length)));
  }
});

/** @returns {string[]} places that have a draft */
export const drafts = () => keysBelow(draftKey('')).map((key) => key.slice(draftKey('').length));

export function deleteDrafts() {
  keysBelow(`parley/${user}/`).forEach((key) => write(key, null));
}
