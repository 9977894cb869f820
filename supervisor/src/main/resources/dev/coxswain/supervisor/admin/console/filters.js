// The head of a listing: a search field and choices, all of which end up in the address of the view.
import { arrange, h } from './dom.js';

const PAUSE = 250;

/** A search field; `changed(text)` is called when somebody stops typing. */
export function searchField(label, value, changed) {
  let timer = 0;
  const say = () => {
    clearTimeout(timer);
    changed(field.value.trim());
  };
  const field = h('input', { type: 'search', value, placeholder: label, 'aria-label': label, 'data-key': '/', maxlength: '200',
    input: () => {
      clearTimeout(timer);
      timer = setTimeout(say, PAUSE);
    },
    change: say });
  return { element: field, close: () => clearTimeout(timer) };
}

/** One of several, as a drop-down; the first means all. `set(names)` for names that are known only later. */
export function choice(label, value, all, names, changed) {
  const options = new Map();
  const field = h('select', { 'aria-label': label, change: () => changed(field.value) });
  const set = (known) => {
    const wanted = ['', ...new Set(value ? [...known, value] : known)];
    arrange(field, wanted.map((name) => {
      if (!options.has(name)) {
        options.set(name, h('option', { value: name, selected: name === value }, name === '' ? all : name));
      }
      return options.get(name);
    }));
  };
  set(names);
  return { element: field, set };
}
