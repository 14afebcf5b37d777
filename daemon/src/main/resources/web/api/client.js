// @ts-check
/**
 * Requests to the API. A refusal is a value: `{ok: false, problem}`. Knows the CSRF token, who to ask when a session has
 * ended, and what `Parley-Event` said.
 */

/** @typedef {{status: number, code: string, detail: string, field?: string | null, reasons?: any[]}} Problem */
/** @typedef {{ok: true, status: number, value: any, asOf: number} | {ok: false, status: number, problem: Problem, retryAfter: number}} Answer */

const BASE = '/api/v1';

let csrf = '';
/** Opens the sign-in dialog and resolves when somebody has signed in. @type {(() => Promise<boolean>) | null} */
let onSignedOut = null;
/** @type {((reached: boolean) => void) | null} */
let onReach = null;

/** @param {string} token */
export function useCsrf(token) {
  csrf = token;
}

/** @param {() => Promise<boolean>} listener */
export function whenSignedOut(listener) {
  onSignedOut = listener;
}

/** @param {(reached: boolean) => void} listener told whether the daemon was reached */
export function whenReached(listener) {
  onReach = listener;
}

/** 128 random bits in hexadecimal. `randomUUID` is missing on plain HTTP. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((octet) => octet.toString(16).padStart(2, '0')).join('');
}

/**
 * @param {string} method
 * @param {string} path below /api/v1, or one that begins with it
 * @param {{body?: any, csv?: Blob | string, key?: string, signal?: AbortSignal, timeout?: number, asks?: boolean}} [options]
 *   asks: whether an ended session opens the sign-in dialog; true if absent
 * @returns {Promise<Answer>}
 */
export async function call(method, path, options = {}) {
  const answer = await once(method, path, options);
  if (answer.ok || options.signal?.aborted) {
    return answer;
  }
  if (answer.status === 401 && answer.problem.code === 'unauthenticated' && options.asks !== false && onSignedOut) {
    return await onSignedOut() ? once(method, path, options) : answer;
  }
  if (answer.status === 403 && answer.problem.code === 'csrf') {
    const session = await once('GET', '/session', {});
    if (session.ok && session.value.csrf) {
      csrf = session.value.csrf;
      return once(method, path, options);
    }
  }
  return answer;
}

/** @returns {Promise<Answer>} */
async function once(method, path, options) {
  const headers = /** @type {Record<string, string>} */ ({Accept: 'application/json'});
  let body;
  if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.body);
  } else if (options.csv !== undefined) {
    headers['Content-Type'] = 'text/csv; charset=utf-8';
    body = options.csv;
  }
  if (method !== 'GET' && csrf) {
    headers['X-CSRF-Token'] = csrf;
  }
  if (options.key) {
    headers['Idempotency-Key'] = options.key;
  }
  const abort = new AbortController();
  const stop = () => abort.abort();
  options.signal?.addEventListener('abort', stop);
  const timer = setTimeout(stop, options.timeout ?? 30_000);
  try {
    if (options.signal?.aborted) {
      return unreached();
    }
    const answer = await fetch(path.startsWith(BASE) ? path : BASE + path,
      {method, headers, body, signal: abort.signal, credentials: 'same-origin', cache: 'no-store'});
    const json = /json/.test(answer.headers.get('Content-Type') ?? '');
    const value = answer.status === 204 ? null : json ? await answer.json() : await answer.text();
    onReach?.(true);
    if (answer.ok) {
      return {ok: true, status: answer.status, value, asOf: Number(answer.headers.get('Parley-Event') ?? 0)};
    }
    const problem = json && value?.code ? value : {status: answer.status, code: 'unknown', detail: `${answer.status} ${answer.statusText}`};
    return {ok: false, status: answer.status, problem, retryAfter: Number(answer.headers.get('Retry-After') ?? 0)};
  } catch {
    if (!options.signal?.aborted) {
      onReach?.(false);
    }
    return unreached();
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
  }
}

/** @returns {Answer} */
function unreached() {
  return {ok: false, status: 0, problem: {status: 0, code: 'unreached', detail: ''}, retryAfter: 0};
}

/** @param {string} path @param {{signal?: AbortSignal, asks?: boolean}} [options] */
export const get = (path, options) => call('GET', path, options);
/** @param {string} path @param {any} [body] @param {any} [options] */
export const post = (path, body, options) => call('POST', path, {...options, body});
/** @param {string} path @param {any} body */
export const patch = (path, body) => call('PATCH', path, {body});
/** @param {string} path */
export const remove = (path) => call('DELETE', path);

/** A query string of what is given. @param {Record<string, any>} parameters */
export function query(parameters) {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return pairs.length ? '?' + new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])) : '';
}

/** How often one list is gone on with by itself. */
const GOES_ON_MAX = 25;

/**
 * Reads a list until it has as many as were wanted, or there are no more: one answer takes only so much time for looking,
 * and the search goes on behind its cursor.
 *
 * @param {string} path @param {Record<string, any>} parameters `limit` among them @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<Answer>} all of it, as of the first
 */
export async function search(path, parameters, options) {
  const first = await get(path + query(parameters), options);
  if (!first.ok) {
    return first;
  }
  let {items, next} = first.value;
  for (let more = 0; next && items.length < parameters.limit && more < GOES_ON_MAX; more++) {
    const answer = await get(path + query({...parameters, limit: parameters.limit - items.length, cursor: next}), options);
    if (!answer.ok) {
      return answer;
    }
    items = [...items, ...answer.value.items];
    next = answer.value.next;
  }
  return {...first, value: {...first.value, items, next}};
}
