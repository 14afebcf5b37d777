// @ts-check
import {html} from 'lit';
import {words} from '../words/en.js';

export const view = () => html`<div class="top"><h1>${words.frame.webhooks}</h1></div>`;
