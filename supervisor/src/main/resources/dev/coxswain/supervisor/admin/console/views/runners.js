// All runners, a page at a time, each with the reason why it runs no job.
import { pause, resume } from '../actions.js';
import { get, path } from '../api.js';
import { h, setAttribute } from '../dom.js';
import { choice, searchField } from '../filters.js';
import { mark } from '../marks.js';
import { pager, table } from '../table.js';

const STATES = ['idle', 'polling', 'leased', 'running', 'settling', 'paused', 'quarantined', 'draining', 'stopped'];

export function runnersView({ look, replace }, given) {
  const query = { pool: given.get('pool') ?? '', state: given.get('state') ?? '', search: given.get('search') ?? '',
    page: Number(given.get('page')) || 1 };
  const change = (part) => {
    Object.assign(query, { page: 1 }, part);
    replace('runners', query);
  };
  const search = searchField('Search name, control plane or reason', query.search, (text) => text !== query.search && change({ search: text }));
  const pool = choice('Pool', query.pool, 'All pools', [], (name) => change({ pool: name }));
  const state = choice('State', query.state, 'All states', STATES, (name) => change({ state: name }));
  const pages = pager((page) => change({ page }), 'runner');
  const list = table({ caption: 'Runners', empty: 'No runner is like this.',
    key: (runner) => `${runner.pool}\n${runner.name}`, columns: [
      { title: 'State', make: () => {
        const shown = mark();
        return { element: shown.element, set: (runner) => shown.set(runner.state) };
      } },
      { title: 'Runner', cls: 'name', text: (runner) => runner.name },
      { title: 'Pool', text: (runner) => runner.pool },
      { title: 'Control plane', text: (runner) => runner.controlPlane },
      { title: 'Job, or why there is none', cls: 'wide', make: jobOrWhy },
      { title: '', cls: 'acts', make: () => switcher(look) }] });
  const element = h('div', { class: 'listing' }, h('div', { class: 'bar' }, h('h1', {}, 'Runners'), search.element,
    pool.element, state.element, h('span', { class: 'stretch' }), pages.element), h('section', { class: 'panel' }, list.element));

  const refresh = async (status, signal) => {
    pool.set(status.pools.map((each) => each.name));
    const page = await get(path('runners', query), signal);
    list.set(page.items);
    pages.set(page);
  };
  return { element, refresh, close: search.close };
}

function jobOrWhy() {
  const link = h('a', {});
  const more = h('span', { class: 'quiet' });
  const element = h('span', {}, link, more);
  return { element, set: (runner) => {
    link.hidden = !runner.job;
    if (runner.job) setAttribute(link, 'href', `#/jobs/${encodeURIComponent(runner.job)}`);
    link.textContent = runner.job ?? '';
    more.textContent = !runner.job ? runner.why : runner.jobs.length > 1 ? ` and ${runner.jobs.length - 1} more` : '';
  } };
}

function switcher(look) {
  let shown = null;
  const button = h('button', { type: 'button', class: 'small', click: () => (shown.state === 'paused' ? resume : pause)({ runner: shown.name }, look) });
  return { element: button, set: (runner) => {
    shown = runner;
    const word = runner.state === 'paused' ? 'Resume' : 'Pause';
    if (button.textContent !== word) button.textContent = word;
    setAttribute(button, 'aria-label', `${word} ${runner.name}`);
  } };
}
