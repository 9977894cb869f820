// Questions, answers and help, as dialogs of the browser: it keeps the focus inside and gives it back.
import { h, unique } from './dom.js';

function open(title, body, buttons) {
  const id = unique('dialog');
  const dialog = h('dialog', { 'aria-labelledby': id }, h('h2', { id }, title), body,
    h('div', { class: 'buttons' }, buttons));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks before something is done. The answer is null for no, else what was typed (empty without `input`).
 * Enter means yes only where something can be typed.
 */
export function ask({ title, text, action, danger = false, input = null }) {
  return new Promise((resolve) => {
    const field = input && h('input', { type: 'text', value: input.value, maxlength: '200', 'aria-label': input.label });
    let answer = null;
    const yes = () => {
      answer = field ? field.value : '';
      dialog.close();
    };
    const go = h('button', { type: 'button', class: danger ? 'danger' : 'strong', click: yes }, action);
    const dialog = open(title, h('div', {}, h('p', {}, text), field && h('label', { class: 'field' }, input.label, field)),
      [h('button', { type: 'button', click: () => dialog.close() }, 'Not now'), go]);
    field?.addEventListener('keydown', (event) => event.key === 'Enter' && yes());
    dialog.addEventListener('close', () => resolve(answer));
  });
}

/** Tells something longer: a heading and lines. */
export function tell(title, lines) {
  const dialog = open(title, h('ul', { class: 'plain' }, lines.map((line) => h('li', {}, line))),
    h('button', { type: 'button', class: 'strong', click: () => dialog.close() }, 'Close'));
}

/** The keys that work here. */
export function help(keys) {
  if (document.querySelector('dialog[open]')) return;
  const dialog = open('Keys', h('dl', { class: 'keys' }, keys.map(([key, what]) => [
    h('dt', {}, key.split(' ').map((each) => h('kbd', {}, each))), h('dd', {}, what)])),
    h('button', { type: 'button', class: 'strong', click: () => dialog.close() }, 'Close'));
}

const notes = h('div', { class: 'notes', role: 'status', 'aria-live': 'polite' });

/** Says something short for a while. */
export function note(text, bad = false) {
  if (!notes.isConnected) document.body.append(notes);
  const line = h('p', { class: bad ? 'bad' : null }, text);
  notes.append(line);
  if (notes.children.length > 4) notes.firstChild.remove();
  setTimeout(() => line.remove(), bad ? 10_000 : 5_000);
}
