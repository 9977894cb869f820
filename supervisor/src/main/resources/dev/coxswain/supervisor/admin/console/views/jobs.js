// The jobs: running ones by age, then those that ended, newest first.
import { get, path } from '../api.js';
import { timeline } from '../chart.js';
import { h, setAttribute, setText } from '../dom.js';
import { choice, searchField } from '../filters.js';
import { between, bytes, clock, duration } from '../format.js';
import { mark, ofJob } from '../marks.js';
import { pager, table } from '../table.js';

export function jobsView({ replace }, given) {
  const query = { state: given.get('state') ?? '', search: given.get('search') ?? '', page: Number(given.get('page')) || 1 };
  const change = (part) => {
    Object.assign(query, { page: 1 }, part);
    replace('jobs', query);
  };
  const search = searchField('Search id, runner, pool or result', query.search, (text) => text !== query.search && change({ search: text }));
  const state = choice('State', query.state, 'All states', ['leased', 'running', 'settling', 'ended'], (name) => change({ state: name }));
  const pages = pager((page) => change({ page }), 'job');
  const list = table({ caption: 'Jobs', empty: 'No job is like this.', key: (job) => job.key, columns: [
    { title: 'State', make: () => {
      const shown = mark();
      return { element: shown.element, set: (job) => shown.set(ofJob(job)) };
    } },
    { title: 'Job', cls: 'name', make: () => {
      const link = h('a', {});
      return { element: link, set: (job) => {
        setText(link, job.jobId);
        setAttribute(link, 'href', `#/jobs/${encodeURIComponent(job.key)}`);
      } };
    } },
    { title: 'Pool', text: (job) => job.pool },
    { title: 'Runner', text: (job) => job.runner },
    { title: 'Leased', cls: 'number', text: (job) => clock(job.leasedAt) },
    { title: 'Took', cls: 'number', text: (job) => between(job.leasedAt, job.endedAt ?? job.now) },
    { title: 'Stages', cls: 'stages', make: () => {
      const line = timeline();
      return { element: line.element, set: (job) => line.set(job, job.now) };
    } },
    { title: 'Lease left', cls: 'number', text: (job) => (job.fenceAt ? duration(new Date(job.fenceAt) - job.now) : '') },
    { title: 'Files', cls: 'number', text: (job) => (job.artifactsTotal ? `${job.artifactsDone}/${job.artifactsTotal}` : '') },
    { title: 'Log', cls: 'number', text: (job) => (job.logBytes ? bytes(job.logBytes) : '') },
    { title: 'Message', cls: 'wide', text: (job) => job.message ?? '' }] });
  const element = h('div', { class: 'listing' }, h('div', { class: 'bar' }, h('h1', {}, 'Jobs'), search.element, state.element,
    h('span', { class: 'stretch' }), pages.element), h('section', { class: 'panel' }, list.element));

  const refresh = async (status, signal) => {
    const page = await get(path('jobs', query), signal);
    const now = Date.now();
    list.set(page.items.map((job) => ({ ...job, now })));
    pages.set(page);
  };
  return { element, refresh, close: search.close };
}
