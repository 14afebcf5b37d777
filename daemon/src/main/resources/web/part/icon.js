// @ts-check
/** Twenty icons, 20 px. Always beside a word or under an accessible name, so hidden from readers. */
import {svg, html} from 'lit';

const paths = {
  chat: 'M4 4h12a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9l-4 3v-3H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z',
  person: 'M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3.5 17c.6-3.2 3.2-5 6.500-5s5.900 1.800 6.500 5',
  bars: 'M4 16v-3M8 16v-6M12 16V7M16 16V4',
  people: 'M7.500 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.500c.5-2.800 2.700-4.500 5.500-4.500s5 1.700 5.500 4.500M13 3.800a3 3 0 0 1 0 5.500M15 12.400c1.700.7 2.700 2.200 3 4.100',
  hook: 'M7 8a3.500 3.500 0 1 1 4.500 3.300L13.500 15M6 12a3 3 0 1 0 2.500 4.700h5M14 12a3 3 0 1 1-.5 5.900',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4l3 2',
  dots: 'M4.500 10h.01M10 10h.01M15.500 10h.01',
  down: 'M5.500 8l4.500 4.500L14.500 8',
  up: 'M5.500 12.500L10 8l4.500 4.500',
  back: 'M12.500 4.500L7 10l5.500 5.500',
  close: 'M5 5l10 10M15 5L5 15',
  plus: 'M10 4v12M4 10h12',
  search: 'M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM13.500 13.500L17 17',
  warn: 'M10 3l8 14H2zM10 8.500v4M10 14.800h.01',
  check: 'M4 10.500l4 4 8-9',
  send: 'M3 10l14-6-5 14-3-6z',
  gear: 'M10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM10 2.500v2M10 15.500v2M2.500 10h2M15.500 10h2M4.700 4.700l1.400 1.400M13.900 13.900l1.400 1.400M15.300 4.700l-1.400 1.400M6.100 13.900l-1.400 1.400',
  print: 'M6 7V3h8v4M6 14H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1h12a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-2M6 12h8v5H6z',
  pin: 'M10 17s5-4.600 5-8.500a5 5 0 0 0-10 0C5 12.400 10 17 10 17zM10 10a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3z',
  copy: 'M7 7h9v10H7zM4 13V3h9',
};

/** @param {keyof typeof paths} name @param {boolean} [turns] whether it points somewhere, and so turns in a page from right to left */
export function icon(name, turns = false) {
  return html`<svg class="icon ${turns ? 'turns' : ''}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${svg`<path d=${paths[name]}></path>`}</svg>`;
}
