// Which view is shown, and when the fleet is looked at: every two seconds, never twice at once, not while hidden.
import { get, stream } from './api.js';
import { note } from './dialog.js';
import { record } from './history.js';
import { listen } from './keys.js';
import { shell } from './shell.js';
import { jobView } from './views/job.js';
import { jobsView } from './views/jobs.js';
import { loginView } from './views/login.js';
import { overviewView } from './views/overview.js';
import { runnersView } from './views/runners.js';

const EVERY = 2_000;
const SLOWEST = 15_000;
const MOST_EVENTS = 100;
const root = document.getElementById('app');
const events = [];
let frame = null;
let view = null;
let status = null;
let lastSeen = 0;
let timer = 0;
let looking = null;
let following = null;

/** What views may use. */
const context = {
  look, events,
  /** Another query of the view that is shown, without a new entry in the browser's history. */
  replace(name, query) {
    const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value && value !== 1)).toString();
    history.replaceState(null, '', `#/${name}${text ? `?${text}` : ''}`);
    look();
  },
};

/** `#/jobs/KEY?state=running` to its parts. */
function route() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, ...rest] = path.split('/');
  let key = '';
  try {
    key = decodeURIComponent(rest.join('/'));
  } catch {
    // not an address that we made: shown as the list
  }
  return { name, key, query: new URLSearchParams(query) };
}

function open() {
  const { name, key, query } = route();
  view?.close?.();
  if (name === 'runners') view = runnersView(context, query);
  else if (name === 'jobs') view = key ? jobView(context, key) : jobsView(context, query);
  else view = overviewView(context);
  frame.at(['runners', 'jobs'].includes(name) ? name : 'overview');
  frame.main.replaceChildren(view.element);
  scrollTo(0, 0);
  look();
}

async function look() {
  clearTimeout(timer);
  looking?.abort();
  if (!frame || document.hidden) return;
  const mine = looking = new AbortController();
  const began = performance.now();
  try {
    const seen = await get('status', mine.signal);
    status = seen;
    lastSeen = Date.now();
    record(status, lastSeen);
    frame.seen(status);
    await view.refresh(status, mine.signal);
  } catch (failure) {
    if (mine !== looking || mine.signal.aborted) return;
    if (failure.status === 401) return login(true);
    if (failure.status === undefined) throw failure;
    frame.lost(failure.message, lastSeen);
  } finally {
    // whoever answers slowly is asked less often
    if (mine === looking && frame && !document.hidden) {
      timer = setTimeout(look, Math.min(SLOWEST, Math.max(EVERY, 5 * (performance.now() - began))));
    }
  }
}

async function follow() {
  following?.abort();
  const mine = following = new AbortController();
  while (!mine.signal.aborted && frame) {
    try {
      for await (const { data } of stream('events', mine.signal)) {
        events.unshift(data);
        events.length = Math.min(events.length, MOST_EVENTS);
        view?.happened?.();
      }
    } catch (failure) {
      if (mine.signal.aborted || failure.status === 401) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 3_000));
  }
}

function start() {
  frame = shell({ look, signOut: () => login(false) });
  root.replaceChildren(frame.element);
  open();
  follow();
}

function login(refused) {
  clearTimeout(timer);
  looking?.abort();
  following?.abort();
  view?.close?.();
  view = frame = null;
  root.replaceChildren(loginView(refused, start).element);
  root.querySelector('input').focus();
}

window.addEventListener('hashchange', () => {
  if (!frame) return;
  open();
  frame.main.focus({ preventScroll: true });
});
document.addEventListener('visibilitychange', () => {
  if (!frame) return;
  if (document.hidden) {
    clearTimeout(timer);
    following?.abort();
  } else {
    look();
    follow();
  }
});
window.addEventListener('unhandledrejection', (event) => {
  if (event.reason?.name !== 'AbortError') note(`The console has a fault: ${event.reason?.message ?? event.reason}`, true);
});
listen({ go: (address) => { location.hash = address; }, theme: () => frame?.theme() });
start();
