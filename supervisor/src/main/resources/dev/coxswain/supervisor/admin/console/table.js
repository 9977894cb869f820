// A table whose rows stay the same elements while what they show changes.
import { arrange, h, setText } from './dom.js';

/**
 * `columns`: `{title, cls, text: (item) => …}`, or `make: () => ({element, set(item)})` for more than text.
 * `key` tells items apart. A narrow screen shows each row as a card; the titles stand beside the values then.
 */
export function table({ caption, columns, key, empty }) {
  const body = h('tbody');
  const nothing = h('p', { class: 'quiet empty', hidden: true }, empty);
  const element = h('div', { class: 'tablebox' },
    h('table', {}, h('caption', { class: 'unseen' }, caption),
      h('thead', {}, h('tr', {}, columns.map((column) => h('th', { scope: 'col', class: column.cls ?? null }, column.title)))),
      body), nothing);
  let rows = new Map();

  const row = () => {
    const cells = columns.map((column) => {
      const cell = h('td', { class: column.cls ?? null, 'data-title': column.title });
      if (!column.make) return { cell, set: (item) => setText(cell, column.text(item)) };
      const made = column.make();
      cell.append(made.element);
      return { cell, set: made.set };
    });
    const tr = h('tr', { tabindex: '-1' }, cells.map(({ cell }) => cell));
    return { tr, set: (item) => cells.forEach(({ set }) => set(item)) };
  };

  const set = (items) => {
    const next = new Map();
    for (const item of items) {
      const id = key(item);
      const known = rows.get(id) ?? row();
      known.set(item);
      next.set(id, known);
    }
    rows = next;
    arrange(body, [...next.values()].map(({ tr }) => tr));
    nothing.hidden = items.length > 0;
  };
  return { element, set };
}

/** The way through the pages of a listing; `go(page)` is called with the wanted one. */
export function pager(go, word) {
  const text = h('span', { class: 'quiet', role: 'status' });
  const first = button('First', '«', () => go(1));
  const back = button('Previous page', '‹ Previous', () => go(at - 1));
  const on = button('Next page', 'Next ›', () => go(at + 1));
  const end = button('Last', '»', () => go(last));
  back.dataset.turn = '-1';
  on.dataset.turn = '1';
  let at = 1;
  let last = 1;
  const set = (page) => {
    at = Math.min(page.page, page.pages);
    last = page.pages;
    setText(text, `${new Intl.NumberFormat('en').format(page.total)} ${word}${page.total === 1 ? '' : 's'}`
      + (page.pages > 1 ? `, page ${page.page} of ${page.pages}` : ''));
    first.disabled = back.disabled = page.page <= 1;
    end.disabled = on.disabled = page.page >= page.pages;
  };
  return { element: h('nav', { class: 'pager', 'aria-label': 'Pages' }, text, first, back, on, end), set };
}

function button(label, text, click) {
  return h('button', { type: 'button', class: 'small', 'aria-label': label, click }, text);
}
