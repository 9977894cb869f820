// What the keyboard does. Keys are left alone while somebody types or a dialog is open.
import { help } from './dialog.js';

export const KEYS = [
  ['g o', 'Overview'], ['g r', 'Runners'], ['g j', 'Jobs'], ['/', 'Search here'], ['j', 'Next row'],
  ['k', 'Row before'], ['Enter', 'Open the row'], ['[', 'Page before'], [']', 'Next page'], ['f', 'Follow the log'],
  ['n', 'Next match in the log'], ['N', 'Match before'], ['c', 'Cancel the job that is shown'],
  ['t', 'Light, dark, as the system'], ['Esc', 'Leave a field or a dialog'], ['?', 'These keys'],
];

/** Listens; `go(address)` opens a view, `theme()` changes the colours. */
export function listen({ go, theme }) {
  let began = -Infinity;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const typing = event.target.closest?.('input, textarea, select');
    if (typing) {
      if (event.key === 'Escape') typing.blur();
      return;
    }
    const after = event.timeStamp - began < 1500;
    began = -Infinity;
    const does = after ? { o: () => go('#/'), r: () => go('#/runners'), j: () => go('#/jobs') }[event.key] : single(event);
    if (!does) return;
    event.preventDefault();
    does();
  });

  function single(event) {
    switch (event.key) {
      case 'g': return () => { began = event.timeStamp; };
      case '?': return () => help(KEYS);
      case 't': return theme;
      case '/': return focus('[data-key="/"]');
      case 'j': return () => row(1);
      case 'k': return () => row(-1);
      case '[': return click('[data-turn="-1"]');
      case ']': return click('[data-turn="1"]');
      case 'Enter': return event.target.closest?.('tbody tr') === event.target ? click('a', event.target) : null;
      case 'f': case 'n': case 'N': case 'c': return click(`[data-key="${event.key}"]`);
      default: return null;
    }
  }
}

function focus(selector) {
  const field = document.querySelector(selector);
  return field && (() => {
    field.focus();
    field.select?.();
  });
}

function click(selector, within = document) {
  const target = within.querySelector(selector);
  return target && !target.disabled ? () => target.click() : null;
}

function row(step) {
  const rows = [...document.querySelectorAll('main tbody tr')];
  const at = rows.indexOf(document.activeElement?.closest?.('tr'));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
