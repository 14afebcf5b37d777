// @ts-check
/** Dates, counts and durations as the reader's browser writes them. Pure but for the clock that callers hand over. */

const locale = globalThis.navigator?.language || 'en';
const formats = new Map();

/** @param {Intl.DateTimeFormatOptions} options */
function dates(options) {
  const key = JSON.stringify(options);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

/** Whether the browser's language is written from right to left. */
export function direction() {
  try {
    const known = /** @type {any} */ (new Intl.Locale(locale));
    const info = known.getTextInfo ? known.getTextInfo() : known.textInfo;
    return info?.direction === 'rtl' ? 'rtl' : 'ltr';
  } catch {
    return 'ltr';
  }
}

/** The day of a time in the reader's zone, as a number that grows by one a day. @param {Date} date */
function dayOf(date) {
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** 3:54 PM @param {string | number | Date} when */
export function clock(when) {
  return dates({hour: 'numeric', minute: '2-digit'}).format(new Date(when));
}

/** 3:54:02 PM @param {string | number | Date} when */
export function clockSeconds(when) {
  return dates({hour: 'numeric', minute: '2-digit', second: '2-digit'}).format(new Date(when));
}

/** The whole of it, with seconds and zone. @param {string | number | Date} when */
export function whole(when) {
  return dates({weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit',
    second: '2-digit', timeZoneName: 'short'}).format(new Date(when));
}

/** Nov 3 @param {string | number | Date} when */
export function shortDay(when) {
  return dates({month: 'short', day: 'numeric'}).format(new Date(when));
}

/** In a list: today 3:54 PM, this week Tue, this year Nov 3, else 11/3/2025.
 * @param {string | number | Date} when @param {Date} now */
export function rowTime(when, now = new Date()) {
  const date = new Date(when);
  const ago = dayOf(now) - dayOf(date);
  if (ago === 0) {
    return clock(date);
  }
  if (ago > 0 && ago < 7) {
    return dates({weekday: 'short'}).format(date);
  }
  return date.getFullYear() === now.getFullYear() ? shortDay(date) : dates({year: 'numeric', month: 'numeric', day: 'numeric'}).format(date);
}

/** A heading over a day's messages. @param {string | number | Date} when @param {{today: string, yesterday: string}} words */
export function dayHeading(when, words, now = new Date()) {
  const date = new Date(when);
  const ago = dayOf(now) - dayOf(date);
  if (ago === 0) {
    return words.today;
  }
  if (ago === 1) {
    return words.yesterday;
  }
  return date.getFullYear() === now.getFullYear()
    ? dates({weekday: 'long', month: 'long', day: 'numeric'}).format(date)
    : dates({weekday: 'long', month: 'long', day: 'numeric', year: 'numeric'}).format(date);
}

/** @param {string | number | Date} one @param {string | number | Date} other */
export function sameDay(one, other) {
  return dayOf(new Date(one)) === dayOf(new Date(other));
}

/** Mon 8:00 AM within a week, else Nov 30, 8:00 AM. @param {string | number | Date} when */
export function soon(when, now = new Date()) {
  const date = new Date(when);
  const ahead = dayOf(date) - dayOf(now);
  if (ahead === 0) {
    return clock(date);
  }
  return ahead > 0 && ahead < 7
    ? dates({weekday: 'short', hour: 'numeric', minute: '2-digit'}).format(date)
    : dates({month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit'}).format(date);
}

/** The name of the reader's zone: New York. */
export function zone() {
  const id = dates({}).resolvedOptions().timeZone ?? 'UTC';
  return id.split('/').pop()?.replaceAll('_', ' ') ?? id;
}

/** For a field `datetime-local`. @param {Date} date */
export function localField(date) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

const numbers = new Intl.NumberFormat(locale);

/** @param {number} n */
export function number(n) {
  return numbers.format(n);
}

/** Ann, Bob, Chloe and 6 more; up to four are all named. @param {string[]} names @param {(n: number) => string} more @param {string} and */
export function few(names, more, and, most = 3) {
  return names.length <= most + 1 ? names.join(', ') : `${names.slice(0, most).join(', ')} ${and} ${more(names.length - most)}`;
}

/** In a sentence: Ann, Bob and Chloe. @param {string[]} names @param {string} and */
export const listed = (names, and) => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${and} ${names.at(-1)}`);

/** about 40 s, about 3 min @param {number} seconds */
export function duration(seconds) {
  if (seconds < 90) {
    return `about ${number(Math.max(1, Math.round(seconds)))} s`;
  }
  return seconds < 5_400 ? `about ${number(Math.round(seconds / 60))} min` : `about ${number(Math.round(seconds / 3_600))} h`;
}

/** A name that turns the direction of writing turns only itself: it is closed in (Unicode TR9, FSI and PDI). @param {string} name */
export const isolated = (name) => (/[\u202A-\u202E\u2066-\u2069]/.test(name) ? `\u2068${name}\u2069` : name);
