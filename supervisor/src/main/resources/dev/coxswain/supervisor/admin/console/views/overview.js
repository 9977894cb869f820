// The fleet at a glance.
import { pause, resume } from '../actions.js';
import { get, path } from '../api.js';
import { shares, sparkline } from '../chart.js';
import { arrange, h, setAttribute, setText } from '../dom.js';
import { ago, clock, count, plural, rate } from '../format.js';
import { seen } from '../history.js';
import { mark } from '../marks.js';
import { table } from '../table.js';

const ENDS = 60;

export function overviewView({ look, events }) {
  const slots = tile('Slots in use');
  const jobs = tile('Jobs running', '#/jobs?state=running');
  const leases = tile('Leases a minute');
  const ends = endsTile();
  const fleet = runnersPanel();
  const sharing = sharingPanel();
  const planes = planesTable(look);
  const pools = poolsTable(look);
  const news = table({ caption: 'What happens', empty: 'Nothing has happened since this page was opened.',
    key: (event) => event, columns: [
      { title: 'Time', cls: 'number', text: (event) => clock(event.at) },
      { title: 'Event', make: () => mark() },
      { title: 'Where', make: where },
      { title: 'Message', cls: 'wide', text: (event) => event.message }] });
  const element = h('div', { class: 'overview' }, h('h1', { class: 'unseen' }, 'Overview'),
    h('div', { class: 'tiles' }, slots.element, jobs.element, leases.element, ends.element), fleet.element, sharing.element,
    panel('Control planes', planes.element), panel('Pools', pools.element), panel('What happens', news.element));
  const happened = () => news.set(events.slice(0, 30));
  happened();

  const refresh = async (status, signal) => {
    const now = Date.now();
    slots.set(`${count(status.slotsUsed)}`, `of ${count(status.slotsTotal)}`, seen('slots'), status.slotsTotal);
    jobs.set(count(status.jobsRunning), plural(status.pools.length, 'pool'), seen('jobs'), 0);
    const pace = seen('leases');
    leases.set(pace.length ? rate(mean(pace)) : '–', `${count(sum(status.pools, (pool) => pool.jobsLeased))} since the start`, pace, 0);
    fleet.set(status);
    sharing.set(status.sharding);
    planes.set(status.controlPlanes.map((plane) => ({ ...plane, now,
      paused: sum(status.pools.filter((pool) => pool.controlPlane === plane.name), (pool) => pool.states.paused) })));
    pools.set(status.pools);
    ends.set((await get(path('jobs', { state: 'ended' }), signal)).items);
  };
  return { element, refresh, happened };
}

const sum = (all, of) => all.reduce((so, each) => so + of(each), 0);
const mean = (values) => sum(values.slice(-15), (value) => value) / Math.min(15, values.length);
const panel = (title, ...content) => h('section', { class: 'panel', 'aria-label': title }, h('h2', {}, title), content);

function tile(title, href = null) {
  const value = h('span', { class: 'value' });
  const beside = h('span', { class: 'quiet' });
  const chart = sparkline(title);
  return {
    element: h('section', { class: 'panel tile', 'aria-label': title },
      h('h2', {}, href ? h('a', { href }, title) : title), h('p', {}, value, ' ', beside), chart.element),
    set(number, more, values, most) {
      setText(value, number);
      setText(beside, more);
      chart.set(values, most);
    },
  };
}

/** The newest ends, one stroke each: what went well is short, anything else is tall. */
function endsTile() {
  const value = h('span', { class: 'value' });
  const beside = h('span', { class: 'quiet' });
  const strokes = h('div', { class: 'strokes' });
  const known = new Map();
  return {
    element: h('section', { class: 'panel tile', 'aria-label': 'Newest ends' },
      h('h2', {}, h('a', { href: '#/jobs?state=ended' }, 'Newest ends')), h('p', {}, value, ' ', beside), strokes),
    set(items) {
      const newest = items.slice(0, ENDS);
      const good = newest.filter((job) => job.result === 'success').length;
      setText(value, newest.length ? `${Math.floor((good * 100) / newest.length)} %` : '–');
      setText(beside, newest.length ? `good, of the newest ${newest.length}` : 'no job has ended yet');
      const now = new Map(newest.map((job) => [job.key, known.get(job.key) ?? stroke(job)]));
      known.clear();
      for (const [key, one] of now) known.set(key, one);
      arrange(strokes, [...now.values()].reverse());
    },
  };
}

function stroke(job) {
  return h('a', { href: `#/jobs/${encodeURIComponent(job.key)}`, 'data-result': job.result, tabindex: '-1',
    title: `${job.jobId}: ${job.result}`, 'aria-label': `${job.jobId}: ${job.result}` });
}

function runnersPanel() {
  const title = h('h2', {});
  const bar = shares('Runners');
  const legend = h('ul', { class: 'legend' });
  const entries = new Map();
  return {
    element: h('section', { class: 'panel', 'aria-label': 'Runners' }, title, bar.element, legend),
    set(status) {
      const states = {};
      for (const pool of status.pools) {
        for (const [state, n] of Object.entries(pool.states)) states[state] = (states[state] ?? 0) + n;
      }
      setText(title, plural(sum(status.pools, (pool) => pool.runners), 'runner'));
      bar.set(states);
      arrange(legend, Object.entries(states).filter(([, n]) => n > 0).map(([state, n]) => {
        if (!entries.has(state)) {
          const number = h('span', { class: 'number' });
          entries.set(state, { number, element: h('li', {}, h('a', { href: `#/runners?state=${encodeURIComponent(state)}` },
            mark(state).element, ' ', number)) });
        }
        setText(entries.get(state).number, count(n));
        return entries.get(state).element;
      }));
    },
  };
}

/** How the runners are shared with other supervisors; hidden where they are not. */
function sharingPanel() {
  const title = h('h2', {});
  const numbers = h('p', {});
  const trouble = h('p', { class: 'error', role: 'status' });
  const element = h('section', { class: 'panel', 'aria-label': 'Shared runners', hidden: true }, title, numbers, trouble);
  return { element, set(sharding) {
    element.hidden = !sharding;
    if (!sharding) return;
    setText(title, `Shared runners: ${sharding.member}${sharding.fleet ? ` of ${sharding.fleet}` : ''}`);
    setText(numbers, [sharding.membersAlive === null ? null : plural(sharding.membersAlive, 'member') + ' alive',
      `${count(sharding.shardsHeld)} of ${plural(sharding.shards, 'shard')} held`,
      `runners here ${count(sharding.runnersHeld)}, elsewhere ${count(sharding.runnersElsewhere)}, handing over ${count(sharding.runnersHandingOver)}`,
    ].filter((part) => part !== null).join(' · '));
    setText(trouble, sharding.trouble ? `Leases nothing: ${sharding.trouble}` : '');
    trouble.hidden = !sharding.trouble;
  } };
}

function planesTable(look) {
  return table({ caption: 'Control planes', key: (plane) => plane.name, empty: 'No control plane is configured.', columns: [
    { title: 'Name', cls: 'name', make: () => two((plane) => plane.name, (plane) => plane.protocol) },
    { title: 'Breaker', make: () => {
      const shown = mark();
      return { element: shown.element, set: (plane) => shown.set(plane.circuit) };
    } },
    { title: 'Requests', cls: 'number', make: () => withChart('Lease requests a second',
      (plane) => `${rate(seen(`plane ${plane.name}`).at(-1) ?? 0)} / s`, (plane) => seen(`plane ${plane.name}`), (plane) => plane.requestsPerSecond) },
    { title: 'Budget', cls: 'number', text: (plane) => (plane.requestRate < plane.requestsPerSecond
      ? `${rate(plane.requestRate)} of ${rate(plane.requestsPerSecond)} / s` : `${rate(plane.requestsPerSecond)} / s`) },
    { title: 'Runners', cls: 'number', text: (plane) => count(plane.runners) },
    { title: 'Last success', cls: 'number', text: (plane) => ago(plane.lastSuccess, plane.now) },
    { title: 'Last error', cls: 'wide', make: () => {
      const text = h('span', { class: 'error' });
      return { element: text, set: (plane) => setText(text, plane.lastError ?? '') };
    } },
    { title: '', cls: 'acts', make: () => switches((plane) => ({ controlPlane: plane.name }), (plane) => [plane.paused, plane.runners], look) }] });
}

function poolsTable(look) {
  return table({ caption: 'Pools', key: (pool) => pool.name, empty: 'No pool is configured.', columns: [
    { title: 'Name', cls: 'name', make: () => two((pool) => pool.name, (pool) => `${pool.controlPlane} · ${pool.executor}`,
      (pool) => `#/runners?pool=${encodeURIComponent(pool.name)}`) },
    { title: 'Slots', cls: 'number', make: () => withChart('Slots in use', (pool) => count(pool.slotsUsed), (pool) => seen(`pool ${pool.name}`), () => 1) },
    { title: 'Leased', cls: 'number', text: (pool) => count(pool.jobsLeased) },
    { title: 'Runners', make: () => {
      const number = h('span', { class: 'number' });
      const bar = shares('Runners');
      return { element: h('span', { class: 'pair' }, number, bar.element), set: (pool) => {
        setText(number, count(pool.runners));
        bar.set(pool.states);
      } };
    } },
    { title: 'Why idle', cls: 'wide', make: () => {
      const list = h('ul', { class: 'plain reasons' });
      return { element: list, set: (pool) => {
        while (list.children.length < pool.waiting.length) list.append(h('li'));
        while (list.children.length > pool.waiting.length) list.lastChild.remove();
        pool.waiting.forEach((reason, at) => setText(list.children[at], `${count(reason.runners)}: ${reason.why}`));
      } };
    } },
    { title: '', cls: 'acts', make: () => switches((pool) => ({ pool: pool.name }), (pool) => [pool.states.paused, pool.runners], look) }] });
}

/** A name, and what is said of it below. */
function two(first, second, href = null) {
  const name = h(href ? 'a' : 'strong', {});
  const below = h('span', { class: 'quiet below' });
  return { element: h('span', {}, name, below), set: (item) => {
    setText(name, first(item));
    if (href) setAttribute(name, 'href', href(item));
    setText(below, second(item));
  } };
}

function withChart(label, text, values, most) {
  const number = h('span', { class: 'number' });
  const chart = sparkline(label);
  return { element: h('span', { class: 'pair' }, chart.element, number), set: (item) => {
    setText(number, text(item));
    chart.set(values(item), most(item));
  } };
}

/** Pause and resume of those that an item means; of the two, the one that would change something. */
function switches(target, paused, look) {
  let shown = null;
  const stop = h('button', { type: 'button', class: 'small', click: () => pause(target(shown), look) }, 'Pause …');
  const go = h('button', { type: 'button', class: 'small', click: () => resume(target(shown), look) }, 'Resume');
  return { element: h('span', { class: 'buttons' }, go, stop), set: (item) => {
    shown = item;
    const [held, all] = paused(item);
    go.hidden = held === 0;
    stop.hidden = all > 0 && held === all;
    setAttribute(stop, 'aria-label', `Pause ${item.name}`);
    setAttribute(go, 'aria-label', `Resume ${item.name}`);
  } };
}

function where() {
  const element = h('span', {});
  return { element, set: (event) => {
    if (element.childNodes.length) return;
    if (event.job) element.append(h('a', { href: `#/jobs/${encodeURIComponent(event.job)}` }, event.runner ?? event.job));
    else element.append(event.runner ?? event.pool ?? event.controlPlane ?? '');
  } };
}
