// @ts-check
/**
 * What the tab knows, in parts that features own. Each part is a value and a pure function `apply(value, event)`; who
 * listens is told once a frame that something changed.
 */

/** @typedef {{id: string, name: string, data: any, at: number}} LiveEvent */

/** Events that are kept for answers that were on their way when they came; the hub keeps as many. */
const RECENT_MAX = 2_000;

/** @template T */
export class Part {
  /** @param {Store} store @param {T} value @param {(value: T, event: LiveEvent) => T} apply */
  constructor(store, value, apply) {
    this.store = store;
    this.initial = value;
    this.value = value;
    this.applyTo = apply;
  }

  /** @param {T} value */
  set(value) {
    if (value !== this.value) {
      this.value = value;
      this.store.changed();
    }
  }

  /** @param {(value: T) => T} change */
  update(change) {
    this.set(change(this.value));
  }
}

export class Store {
  constructor() {
    this.parts = /** @type {Part<any>[]} */ ([]);
    this.listeners = /** @type {Set<() => void>} */ (new Set());
    this.told = false;
    this.recent = /** @type {LiveEvent[]} */ ([]);
  }

  /** @template T @param {T} value @param {(value: T, event: LiveEvent) => T} [apply] @returns {Part<T>} */
  part(value, apply = (known) => known) {
    const part = new Part(this, value, apply);
    this.parts.push(part);
    return part;
  }

  /** @param {LiveEvent} event */
  apply(event) {
    this.recent.push(event);
    if (this.recent.length > RECENT_MAX * 1.25) {
      this.recent.splice(0, this.recent.length - RECENT_MAX);
    }
    for (const part of this.parts) {
      part.set(part.applyTo(part.value, event));
    }
  }

  /**
   * What the stream has told since an answer was read. The answer may have been overtaken: whatever an event said of
   * something that was not here yet is lost, unless it is said again once it is.
   *
   * @param {number} asOf 0 where it is unknown how new the answer is @returns {LiveEvent[]} oldest first
   */
  since(asOf) {
    return asOf ? this.recent.filter((event) => !isOld(event.id, asOf)).sort((one, other) => Number(one.id) - Number(other.id)) : [];
  }

  /** Forgets everything: another user. */
  clear() {
    this.recent = [];
    for (const part of this.parts) {
      part.set(part.initial);
    }
  }

  /** @param {() => void} listener @returns {() => void} ends it */
  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed() {
    if (this.told) {
      return;
    }
    this.told = true;
    const tell = () => {
      if (this.told) {
        this.told = false;
        this.listeners.forEach((listener) => listener());
      }
    };
    // A tab in the background has no frames.
    if (globalThis.document?.visibilityState === 'visible') {
      requestAnimationFrame(tell);
    }
    setTimeout(tell, 50);
  }
}

export const store = new Store();

/** Whether what was read as of one event already has another in it. @param {string} eventId @param {number} [asOf] */
export function isOld(eventId, asOf) {
  return Boolean(asOf) && Number(eventId) <= /** @type {number} */ (asOf);
}

/** Ids of messages are decimal and grow. @param {string} one @param {string} other */
export function compareIds(one, other) {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}
