// @ts-check
/** People: the table, one person's page, and the import of a file. */
import {html} from 'lit';
import {openContacts} from './list.js';
import './person.js';
import './import.js';
import {words} from '../words/en.js';

/** @param {import('../router.js').Route} route */
export const view = (route) => {
  switch (route.name) {
    case 'contacts-import': return html`<parley-contact-import></parley-contact-import>`;
    case 'contact-new': return html`<parley-contact .of=${''}></parley-contact>`;
    case 'contact': return html`<parley-contact .of=${route.params.id}></parley-contact>`;
    default: return openContacts(route);
  }
};

/** @param {import('../router.js').Route} route */
export const title = (route) => ({'contacts-import': words.contacts.importTitle, 'contact-new': words.contacts.new}[route.name] ?? words.frame.contacts);
