// @ts-check
/**
 * One reader of `/api/v1/events` for all tabs: runs as a SharedWorker, or in the page where there is none. Imports by
 * relative path only: import maps do not reach workers.
 *
 * To a tab: `event`, `line` (up or down, since when), `reset`, `signed-out`, `notify`.
 * From a tab: `join` (as of which event it has read, and whose it is), `leave`, `here` (what it shows), `wake`.
 */
import {StreamParser} from './stream.js';

/** Nothing for so long, and the connection counts as dead: the server beats every 10 s. */
const SILENCE_MAX = 25_000;
/** How long to wait before each further try, ms; the last one from then on. */
export const BACKOFF = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
/** Events kept for a tab that joins late; who is further behind reads afresh. */
const KEPT_MAX = 2_000;

/** @typedef {{post: (message: any) => void, used: number, visible: boolean, focused: boolean, conversation: string, notifies: boolean}} Tab */

export class Hub {
  /** @param {{fetch: typeof fetch, url: string}} world */
  constructor(world) {
    this.world = world;
    this.tabs = /** @type {Map<any, Tab>} */ (new Map());
    this.kept = /** @type {any[]} */ ([]);
    this.user = '';
    this.cursor = '';
    this.up = false;
    this.since = Date.now();
    this.running = false;
    this.tries = 0;
    this.ended = false;
    this.abort = /** @type {AbortController | null} */ (null);
    this.wakeUp = /** @type {(() => void) | null} */ (null);
  }

  /** @param {any} from what the tab is known by @param {any} message @param {(message: any) => void} post */
  hear(from, message, post) {
    switch (message.type) {
      case 'join': return this.join(from, message, post);
      case 'leave': return this.leave(from);
      case 'here': return this.here(from, message);
      case 'wake': return this.wake(message.hard);
    }
  }

  join(from, message, post) {
    if (message.user !== this.user) {
      this.user = message.user;
      this.kept = [];
      this.cursor = '';
      this.abort?.abort();
      for (const tab of this.tabs.values()) {
        tab.post({type: 'other-user', user: message.user});
      }
      this.tabs.clear();
    }
    this.tabs.set(from, {post, used: Date.now(), visible: true, focused: true, conversation: '', notifies: false});
    const since = message.since ? Number(message.since) : 0;
    if (this.cursor === '') {
      this.cursor = message.since ?? '';
    } else if (since) {
      const kept = this.kept.filter((event) => Number(event.id) > since);
      const reachesBack = since >= this.oldest();
      if (reachesBack) {
        kept.forEach((event) => post(event));
      } else {
        post({type: 'reset', id: this.cursor});
      }
    }
    post({type: 'line', up: this.up, since: this.since});
    this.ended = false;
    this.wake(false);
    if (!this.running) {
      this.run();
    }
  }

  /** The event before the oldest that is kept, or where the stream stands. */
  oldest() {
    return this.kept.length ? Number(this.kept[0].id) - 1 : Number(this.cursor);
  }

  leave(from) {
    this.tabs.delete(from);
    if (this.tabs.size === 0) {
      this.abort?.abort();
    }
  }

  here(from, message) {
    const tab = this.tabs.get(from);
    if (tab) {
      Object.assign(tab, {visible: message.visible, focused: message.focused, conversation: message.conversation,
        notifies: message.notifies});
      if (message.focused) {
        tab.used = Date.now();
      }
    }
  }

  /** Somebody thinks that the network is back, or has gone without our noticing. @param {boolean} hard */
  wake(hard) {
    if (hard) {
      this.abort?.abort();
    }
    this.tries = 0;
    this.wakeUp?.();
  }

  tell(message) {
    for (const tab of this.tabs.values()) {
      tab.post(message);
    }
  }

  turn(up) {
    if (this.up !== up) {
      this.up = up;
      this.since = Date.now();
      this.tell({type: 'line', up, since: this.since});
    }
  }

  async run() {
    this.running = true;
    try {
      while (this.tabs.size > 0 && !this.ended) {
        const wait = await this.read();
        if (this.tabs.size > 0 && !this.ended) {
          await this.pause(wait);
        }
      }
    } finally {
      this.running = false;
      this.turn(false);
    }
  }

  pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    }).finally(() => {
      this.wakeUp = null;
    });
  }

  /** The next wait, ± 20 %. */
  backoff() {
    const base = BACKOFF[Math.min(this.tries++, BACKOFF.length - 1)];
    return base * (0.8 + Math.random() * 0.4);
  }

  /** Reads until the connection ends. @returns {Promise<number>} how long to wait before the next */
  async read() {
    const abort = new AbortController();
    this.abort = abort;
    let timer = setTimeout(() => abort.abort(), SILENCE_MAX);
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), SILENCE_MAX);
    };
    try {
      const answer = await this.world.fetch(this.world.url, {
        headers: this.cursor ? {'Last-Event-ID': this.cursor, Accept: 'text/event-stream'} : {Accept: 'text/event-stream'},
        signal: abort.signal,
        cache: 'no-store',
        credentials: 'same-origin',
      });
      if (answer.status === 401) {
        this.ended = true;
        this.tell({type: 'signed-out'});
        return 0;
      }
      if (!answer.ok || !answer.body) {
        this.turn(false);
        const after = Number(answer.headers.get('Retry-After'));
        return after > 0 ? after * 1_000 : this.backoff();
      }
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      const parser = new StreamParser();
      while (true) {
        const {value, done} = await reader.read();
        if (done) {
          break;
        }
        alive();
        this.tries = 0;
        this.turn(true);
        for (const block of parser.feed(value)) {
          this.block(block);
        }
      }
      return 200;
    } catch {
      this.turn(false);
      return this.backoff();
    } finally {
      clearTimeout(timer);
      if (this.abort === abort) {
        this.abort = null;
      }
    }
  }

  /** @param {import('./stream.js').Block} block */
  block(block) {
    if (block.id) {
      this.cursor = block.id;
    }
    if (!block.data) {
      return;
    }
    if (block.name === 'reset') {
      this.kept = [];
      this.tell({type: 'reset', id: block.id});
      return;
    }
    let data;
    try {
      data = JSON.parse(block.data);
    } catch {
      return;
    }
    const event = {type: 'event', id: block.id, name: block.name, data, at: Date.now()};
    this.kept.push(event);
    if (this.kept.length > KEPT_MAX) {
      this.kept.splice(0, this.kept.length - KEPT_MAX);
    }
    this.tell(event);
    if (block.name === 'message.received') {
      this.notify(event);
    }
  }

  /** One tab tells the user, the one last used; none where somebody looks at that very thread. */
  notify(event) {
    const tabs = [...this.tabs.values()];
    const seen = tabs.some((tab) => tab.visible && tab.focused && tab.conversation === event.data.conversation);
    const last = tabs.filter((tab) => tab.notifies).sort((one, other) => other.used - one.used)[0];
    if (last && !seen) {
      last.post({...event, type: 'notify'});
    }
  }
}

// As a SharedWorker.
if (typeof globalThis.SharedWorkerGlobalScope !== 'undefined') {
  const hub = new Hub({fetch: (...all) => fetch(...all), url: '/api/v1/events'});
  globalThis.onconnect = (/** @type {any} */ connected) => {
    const port = connected.ports[0];
    port.onmessage = (/** @type {MessageEvent} */ message) => hub.hear(port, message.data, (answer) => port.postMessage(answer));
  };
}
