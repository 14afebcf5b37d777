// @ts-check
/**
 * Keeps the eye where it is while things come and go in a scroller that grows at both ends: the first visible item has
 * the same offset after a change as before it, or the end stays the end for who is at it.
 */

/** Within so many px of the end counts as at it. */
const AT_END = 40;

export class Anchor {
  /** @param {() => HTMLElement | null} scroller @param {string} items selector of what can be held on to; each has an id */
  constructor(scroller, items) {
    this.scroller = scroller;
    this.items = items;
    this.held = /** @type {{id: string, offset: number} | null} */ (null);
    this.stuck = true;
    /** Where the scroller was when it was last looked at. */
    this.was = 0;
  }

  /** Whether the end is in view. */
  atEnd() {
    const scroller = this.scroller();
    return !scroller || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight <= AT_END;
  }

  /** Whether the end is stuck to. Who has scrolled up just now may not have been told of yet. */
  get sticks() {
    const scroller = this.scroller();
    if (scroller && scroller.scrollTop < this.was - 1) {
      this.stuck = this.atEnd();
    }
    return this.stuck;
  }

  /** Before a change, or after the reader has scrolled: only that decides whether the end is stuck to.
   * @param {boolean} scrolled */
  hold(scrolled) {
    const scroller = this.scroller();
    if (!scroller) {
      return;
    }
    this.stuck = scrolled ? this.atEnd() : this.sticks;
    this.was = scroller.scrollTop;
    const top = scroller.getBoundingClientRect().top;
    this.held = null;
    for (const item of scroller.querySelectorAll(this.items)) {
      const box = item.getBoundingClientRect();
      if (box.bottom > top) {
        this.held = {id: item.id, offset: box.top - top};
        break;
      }
    }
  }

  /** After a change. @param {boolean} sticks whether the end may be stuck to */
  keep(sticks) {
    const scroller = this.scroller();
    if (!scroller) {
      return;
    }
    if (this.stuck && sticks) {
      this.toEnd();
      return;
    }
    const item = this.held && document.getElementById(this.held.id);
    if (item && this.held) {
      const moved = item.getBoundingClientRect().top - scroller.getBoundingClientRect().top - this.held.offset;
      if (Math.abs(moved) >= 0.5) {
        scroller.scrollTop += moved;
      }
    }
    this.was = scroller.scrollTop;
  }

  toEnd() {
    const scroller = this.scroller();
    if (scroller) {
      scroller.scrollTop = scroller.scrollHeight;
      this.stuck = true;
      this.was = scroller.scrollTop;
    }
  }
}
