// @ts-check
/** Who is signed in. */
import {call, get, useCsrf, whenSignedOut} from '../api/client.js';
import {live} from '../api/live.js';
import {store} from '../state/store.js';
import {useDraftsOf, deleteDrafts} from '../state/local.js';

/** @typedef {{id: string, name: string, role: 'admin' | 'member', scope: string, lines: string[]}} User */

/** `asOf`: the event that it was read as of, before anything else was. */
export const session = store.part(/** @type {{user: User | null, asOf: number}} */ ({user: null, asOf: 0}));

export const isAdmin = () => session.value.user?.role === 'admin';
export const me = () => session.value.user?.id ?? '';

/** @param {any} view @param {number} asOf */
function take(view, asOf) {
  useCsrf(view.csrf ?? '');
  useDraftsOf(view.user.id);
  session.set({user: view.user, asOf});
}

/** Whether somebody is signed in. @returns {Promise<import('../api/client.js').Answer>} */
export async function look() {
  const answer = await get('/session', {asks: false});
  if (answer.ok) {
    take(answer.value, answer.asOf);
  }
  return answer;
}

/** @param {string} username @param {string} password */
export async function signIn(username, password) {
  const before = me();
  const answer = await call('POST', '/session', {body: {username, password}, asks: false});
  if (answer.ok) {
    if (before && before !== answer.value.user.id) {
      location.reload(); // somebody else's page: nothing of the one before may stay
      return answer;
    }
    take(answer.value, answer.asOf);
  }
  return answer;
}

export async function signOut() {
  await call('DELETE', '/session', {asks: false});
  deleteDrafts();
  live.leave();
  location.assign('/sign-in');
}

let asking = /** @type {Promise<boolean> | null} */ (null);
let opens = /** @type {() => Promise<boolean>} */ (async () => false);

/** The dialog over the page, once however many requests failed. @returns {Promise<boolean>} whether somebody signed in */
export function signInAgain() {
  asking ??= opens().finally(() => { asking = null; });
  return asking;
}

/** @param {() => Promise<boolean>} open */
export function asksBy(open) {
  opens = open;
  whenSignedOut(signInAgain);
}
