// @ts-check
/** Who wants no texts, or may have said so, with what was said. */
import {html, nothing} from 'lit';
import {Listing, head, button, table} from '../part/page.js';
import {post} from '../api/client.js';
import {words} from '../words/en.js';
import {soon, whole} from '../words/format.js';

const w = words.optOuts;

class OptOuts extends Listing {
  get path() {
    return '/opt-outs';
  }

  get parameters() {
    return {limit: 50};
  }

  render() {
    return html`${head(words.frame.optOuts)}<p class="muted sheet">${w.why}</p>${this.body((items) => table(words.frame.optOuts, [w.number, words.list.line, w.state, w.history],
      items.map((each) => [html`<span class="number">${each.display ?? each.number}</span>`, each.line.name, html`${w.states[/** @type {'suspected'} */ (each.state)] ?? each.state}${each.state === 'suspected' ? this.question(each) : nothing}`,
        html`<ul class="plain-list">${each.history.map((/** @type {any} */ what) => html`<li title=${whole(what.at)}>${soon(what.at)}: ${w.whats[/** @type {'confirmed'} */ (what.what)] ?? what.what}
          ${what.by ? html`<bdi>${what.by}</bdi>` : nothing} ${what.text ? html`<q><bdi>${what.text}</bdi></q>` : nothing}</li>`)}</ul>`])), w.empty)}`;
  }

  question(/** @type {any} */ each) {
    const decide = (/** @type {string} */ how) => () => this.act(post(`/opt-outs/${each.id}/${how}`));
    return html`<p class="muted">${each.decideBy ? w.decideBy(each.decideBy) : nothing}</p><div class="choices" role="group" aria-label=${words.message.stop}>
      ${button(words.message.stopYes, decide('confirm'))}${button(words.message.stopNo, decide('dismiss'))}</div>`;
  }
}
customElements.define('parley-opt-outs', OptOuts);

export const view = () => html`<parley-opt-outs></parley-opt-outs>`;
export const title = () => words.frame.optOuts;
