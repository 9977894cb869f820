// Three small charts, each with its numbers in words for those who don't see it.
import { MOST } from './history.js';
import { arrange, h, s, setAttribute } from './dom.js';
import { count, duration, rate } from './format.js';
import { tone } from './marks.js';

const WIDTH = 150;
const HEIGHT = 40;

/** A line of the last minutes, the newest value at the right end. `set(values, most)`: the scale begins at 0. */
export function sparkline(label, unit = '') {
  const area = s('path', { class: 'area' });
  const line = s('path', { class: 'line', 'vector-effect': 'non-scaling-stroke' });
  const element = s('svg', { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' },
    area, line);
  const set = (values, most = 0) => {
    const top = Math.max(most, 1e-9, ...values);
    const x = (at) => WIDTH - ((values.length - 1 - at) * WIDTH) / (MOST - 1);
    const shown = values.map((value, at) => [x(at), HEIGHT - 2 - (value / top) * (HEIGHT - 4)]).filter(([px]) => px >= -4);
    const points = shown.map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join('L');
    setAttribute(line, 'd', shown.length > 1 ? `M${points}` : '');
    setAttribute(area, 'd', shown.length > 1 ? `M${shown[0][0].toFixed(1)} ${HEIGHT}L${points}L${WIDTH} ${HEIGHT}Z` : '');
    const now = values.at(-1);
    setAttribute(element, 'aria-label', now === undefined
      ? `${label}: not seen yet` : `${label}: now ${rate(now)}${unit}, at most ${rate(Math.max(...values))}${unit}`);
  };
  set([]);
  return { element, set };
}

/** Shares of a whole, from `{state: count}`. */
export function shares(label) {
  const element = h('div', { class: 'shares', role: 'img' });
  const parts = new Map();
  const set = (states) => {
    const some = Object.entries(states).filter(([, n]) => n > 0);
    for (const [state, n] of some) {
      if (!parts.has(state)) parts.set(state, h('span', { 'data-tone': tone(state), 'data-state': state }));
      parts.get(state).style.flexGrow = n;
      parts.get(state).title = `${state}: ${count(n)}`;
    }
    arrange(element, some.map(([state]) => parts.get(state)));
    setAttribute(element, 'aria-label', `${label}: ${some.map(([state, n]) => `${count(n)} ${state}`).join(', ') || 'none'}`);
  };
  return { element, set };
}

/** The stages of a job, as far as it has come: `[{name, from, ms, over}]`. */
export function stages(job, now) {
  const moments = [['leased', job.leasedAt], ['running', job.runningAt], ['uploading', job.uploadingAt],
    ['settling', job.settlingAt]].filter(([, at]) => at).map(([name, at]) => [name, new Date(at).getTime()])
    .sort((a, b) => a[1] - b[1]);
  const end = job.endedAt ? new Date(job.endedAt).getTime() : Math.max(now, moments.at(-1)[1]);
  return moments.map(([name, from], at) => {
    const to = Math.min(moments[at + 1]?.[1] ?? end, end);
    return { name, from, ms: Math.max(0, to - from), over: at + 1 < moments.length || Boolean(job.endedAt) };
  });
}

/** The stages on a line, each as wide as it is long. */
export function timeline() {
  const element = h('div', { class: 'timeline', role: 'img' });
  const parts = new Map();
  const set = (job, now) => {
    const all = stages(job, now);
    const total = Math.max(1, all.reduce((sum, stage) => sum + stage.ms, 0));
    for (const stage of all) {
      if (!parts.has(stage.name)) parts.set(stage.name, h('span', { 'data-stage': stage.name }));
      const part = parts.get(stage.name);
      part.style.flexGrow = Math.max(stage.ms, total / 200);
      part.title = `${stage.name} ${duration(stage.ms)}`;
      part.classList.toggle('now', !stage.over);
    }
    arrange(element, all.map((stage) => parts.get(stage.name)));
    setAttribute(element, 'aria-label', all.map((stage) => `${stage.name} ${duration(stage.ms)}`).join(', '));
  };
  return { element, set };
}
