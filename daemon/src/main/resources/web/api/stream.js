// @ts-check
/** Server-sent events (WHATWG HTML §9.2.6) from text that comes in pieces. */

/** @typedef {{id: string, name: string, data: string}} Block */

/** Feeds pieces and gives whole blocks. A block without data only moves the last id on. */
export class StreamParser {
  constructor() {
    this.rest = '';
    this.id = '';
    this.name = '';
    this.data = /** @type {string[]} */ ([]);
  }

  /** @param {string} piece @returns {Block[]} */
  feed(piece) {
    const blocks = [];
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        blocks.push({id: this.id, name: this.name || 'message', data: this.data.join('\n')});
        this.name = '';
        this.data = [];
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'id') {
        this.id = value;
      } else if (field === 'event') {
        this.name = value;
      } else if (field === 'data') {
        this.data.push(value);
      }
    }
    return blocks;
  }
}
