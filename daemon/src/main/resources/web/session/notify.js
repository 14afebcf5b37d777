// @ts-check
/** What the browser tells a user who looks elsewhere: on request only, one tab for all, the name alone unless wanted. */
import {words} from '../words/en.js';
import {settings} from '../state/local.js';
import {router} from '../router.js';
import {me} from './session.js';

/** @param {import('../state/store.js').LiveEvent} event */
export function notify({data}) {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted' || data.author?.id === me() && data.author?.kind === 'user') {
    return;
  }
  const place = data.conversation ?? data.routing?.candidates?.[0];
  const shown = new Notification(data.author?.name ?? data.author?.display ?? words.frame.product, {
    body: settings().notificationTexts ? data.text ?? words.message.which : words.thread.saysNew(1),
    tag: data.id,
  });
  shown.onclick = () => {
    focus();
    router.go(`/conversations/${place}?message=${data.id}`);
    shown.close();
  };
}
