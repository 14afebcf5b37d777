// @ts-check
/** Every path is a real address. Back closes what the last action opened. */

/** @typedef {{name: string, path: string, params: Record<string, string>, query: URLSearchParams}} Route */

const patterns = /** @type {[RegExp, string, string[]][]} */ ([
  [/^\/sign-in$/, 'sign-in', []],
  [/^\/(?:conversations)?$/, 'conversations', []],
  [/^\/conversations\/new\/group$/, 'new-group', []],
  [/^\/conversations\/new\/message$/, 'new-message', []],
  [/^\/conversations\/([0-9]+)$/, 'conversation', ['id']],
  [/^\/contacts$/, 'contacts', []],
  [/^\/contacts\/import$/, 'contacts-import', []],
  [/^\/contacts\/new$/, 'contact-new', []],
  [/^\/contacts\/([0-9]+)$/, 'contact', ['id']],
  [/^\/opt-outs$/, 'opt-outs', []],
  [/^\/lines$/, 'lines', []],
  [/^\/users$/, 'users', []],
  [/^\/webhooks$/, 'webhooks', []],
  [/^\/settings$/, 'settings', []],
]);

const listeners = /** @type {Set<() => void>} */ (new Set());

/** @returns {Route} */
function read() {
  const path = location.pathname;
  for (const [pattern, name, names] of patterns) {
    const match = pattern.exec(path);
    if (match) {
      return {name, path, params: Object.fromEntries(names.map((each, i) => [each, match[i + 1]])), query: new URLSearchParams(location.search)};
    }
  }
  return {name: 'nowhere', path, params: {}, query: new URLSearchParams(location.search)};
}

export const router = {
  route: read(),
  /** How many steps of ours lie before this one. */
  depth: 0,

  /** @param {string} address @param {{replace?: boolean}} [how] */
  go(address, {replace = false} = {}) {
    if (address === location.pathname + location.search) {
      return;
    }
    if (replace) {
      history.replaceState(history.state, '', address);
    } else {
      router.depth = (history.state?.depth ?? 0) + 1;
      history.pushState({depth: router.depth}, '', address);
    }
    changed();
  },

  /** Changes the query and leaves the path. @param {Record<string, string | null>} change @param {{replace?: boolean}} [how] */
  ask(change, how) {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(change)) {
      if (value === null || value === '') {
        query.delete(name);
      } else {
        query.set(name, value);
      }
    }
    const text = query.toString();
    router.go(location.pathname + (text ? `?${text}` : ''), how);
  },

  /** Back if this step was ours, else to the address. @param {string} address */
  back(address) {
    if (router.depth > 0) {
      history.back();
    } else {
      router.go(address, {replace: true});
    }
  },

  /** @param {() => void} listener @returns {() => void} */
  listen(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function changed() {
  router.route = read();
  listeners.forEach((listener) => listener());
}

addEventListener('popstate', () => {
  router.depth = history.state?.depth ?? 0;
  changed();
});

// A plain click on a link of ours stays in the page.
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
    return;
  }
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest?.('a[href]'));
  const address = link?.getAttribute('href') ?? '';
  if (link && address.startsWith('/') && !address.startsWith('/api/') && !address.startsWith('/docs') && !link.target && !link.download) {
    event.preventDefault();
    router.go(address);
  }
});
