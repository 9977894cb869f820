// What is around every view: name and state of the fleet, the ways to the views, and what concerns the whole.
import { drain, pause, reload, resume } from './actions.js';
import { hasToken, useToken } from './api.js';
import { help } from './dialog.js';
import { h, setText } from './dom.js';
import { ago, clock, plural } from './format.js';
import { KEYS } from './keys.js';
import { mark } from './marks.js';

const STORED = 'coxswain.theme';
const THEMES = { auto: '◐ Auto', light: '○ Light', dark: '● Dark' };
const VIEWS = [['overview', '#/', 'Overview'], ['runners', '#/runners', 'Runners'], ['jobs', '#/jobs', 'Jobs']];

export function shell({ look, signOut }) {
  let status = null;
  const name = h('strong', { class: 'fleet' });
  const state = mark('starting');
  const since = h('span', { class: 'quiet since' });
  const banner = h('p', { class: 'banner', role: 'status', hidden: true });
  const links = VIEWS.map(([view, href, title]) => h('a', { href, 'data-view': view }, title));
  const main = h('main', { id: 'main', tabindex: '-1' });
  const button = (text, click, attributes = {}) => h('button', { type: 'button', class: 'small', click, ...attributes }, text);
  const colours = button('', theme, { title: 'Light, dark, or as the system (t)' });
  const draining = button('Drain …', () => status && drain(status, look), { class: 'small danger' });
  const menu = h('details', { class: 'menu' }, h('summary', { class: 'small' }, 'Fleet'), h('div', { class: 'pop' },
    button('Pause all …', () => pause({}, look)), button('Resume all', () => resume({}, look)),
    button('Reload …', () => reload(look)), draining));
  menu.addEventListener('click', (event) => event.target.closest('button') && (menu.open = false));
  menu.addEventListener('keydown', (event) => event.key === 'Escape' && (menu.open = false));
  menu.addEventListener('focusout', (event) => menu.contains(event.relatedTarget) || (menu.open = false));
  const out = button('Sign out', () => {
    useToken('');
    signOut();
  });
  const element = h('div', { class: 'shell' },
    h('a', { class: 'skip', href: '#main', click: (event) => {
      event.preventDefault();
      main.focus();
    } }, 'To the content'),
    h('header', {}, h('div', { class: 'who' }, h('img', { src: 'console/icon.svg', alt: 'Coxswain', width: '22', height: '22' }),
      name, state.element, since), h('nav', { class: 'views', 'aria-label': 'Views' }, links),
      h('div', { class: 'tools' }, menu, colours, button('?', () => help(KEYS), { 'aria-label': 'Keys', title: 'Keys (?)' }), out)),
    banner, main);
  show(localStorage.getItem(STORED) ?? 'auto');

  function show(chosen) {
    const theme = chosen in THEMES ? chosen : 'auto';
    document.documentElement.dataset.theme = theme;
    setText(colours, THEMES[theme]);
  }

  function theme() {
    const all = Object.keys(THEMES);
    const next = all[(all.indexOf(document.documentElement.dataset.theme) + 1) % all.length];
    localStorage.setItem(STORED, next);
    show(next);
  }

  function say(text, bad) {
    banner.hidden = !text;
    banner.classList.toggle('bad', Boolean(bad));
    setText(banner, text);
  }

  return {
    element, main, theme,
    /** Marks the view that is shown. */
    at(view) {
      for (const link of links) {
        if (link.dataset.view === view) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
      }
    },
    seen(next) {
      status = next;
      document.title = `${status.name} · Coxswain`;
      setText(name, status.name);
      state.set(status.state);
      setText(since, `up ${ago(status.startedAt, Date.now()).replace(' ago', '')} · ${status.version}`);
      element.classList.remove('stale');
      out.hidden = !hasToken();
      draining.disabled = status.state === 'draining' || status.state === 'stopped';
      say(status.state === 'draining'
        ? `Draining: nothing new is leased, ${plural(status.jobsRunning, 'job')} may still end.` : '');
    },
    lost(why, lastSeen) {
      element.classList.add('stale');
      say(`No good answer: ${why}. ${lastSeen ? `What is shown is from ${clock(lastSeen)}.` : ''} Trying again.`, true);
    },
  };
}
