// A state is a shape and a word; its colour only helps.
import { h, s, setAttribute, setText } from './dom.js';

const SHAPES = {
  disc: 'M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Z',
  ring: 'M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1Zm0 1.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8Z',
  half: 'M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1Zm0 1.6v6.8a3.4 3.4 0 0 0 0-6.8Z',
  play: 'M2.5 1.2 10.8 6l-8.3 4.8Z',
  bars: 'M2.5 1.5h2.6v9H2.5Zm4.4 0h2.6v9H6.9Z',
  warn: 'M6 .8 11.6 11H.4ZM5.3 4.4v3.2h1.4V4.4Zm0 4v1.3h1.4V8.4Z',
  down: 'M.8 2.5h10.4L6 11Z',
  stop: 'M2 2h8v8H2Z',
  check: 'm1 6.4 1.5-1.5L5 7.3l4.6-5L11.2 3.7 5 10.3Z',
  cross: 'm2.4 1 3.6 3.6L9.6 1 11 2.4 7.4 6 11 9.6 9.6 11 6 7.4 2.4 11 1 9.6 4.6 6 1 2.4Z',
  bar: 'M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1Zm-3 4.1v1.8h6V5.1Z',
  clock: 'M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1Zm-.7 1.8v3.7L8 8l.7-1.1-2-1.2V2.8Z',
  up: 'M6 1l5 5.2H7.6V11H4.4V6.2H1Z',
  diamond: 'M6 .7 11.3 6 6 11.3.7 6Z',
};

const STATES = {
  idle: ['ring', 'still'], polling: ['half', 'still'], leased: ['half', 'info'], running: ['play', 'live'],
  settling: ['up', 'info'], paused: ['bars', 'care'], quarantined: ['warn', 'bad'], draining: ['down', 'care'],
  stopped: ['stop', 'still'], starting: ['half', 'info'], ended: ['disc', 'still'],
  success: ['check', 'good'], failure: ['cross', 'bad'], cancelled: ['bar', 'still'], timeout: ['clock', 'care'],
  lost: ['warn', 'bad'], abandoned: ['down', 'care'], unclear: ['diamond', 'care'],
  closed: ['check', 'good'], half_open: ['half', 'care'], open: ['cross', 'bad'],
  job_leased: ['half', 'info'], job_ended: ['disc', 'still'], resumed: ['play', 'live'], reloaded: ['diamond', 'info'],
  circuit: ['warn', 'care'], missed: ['warn', 'care'],
};

export const tone = (state) => (STATES[state] ?? ['disc', 'still'])[1];

/** Shape and word of a state; `set` shows another one. */
export function mark(state = 'idle', word = null) {
  const path = s('path', {});
  const text = h('span', { class: 'word' });
  const element = h('span', { class: 'mark' }, s('svg', { viewBox: '0 0 12 12', 'aria-hidden': 'true' }, path), text);
  const set = (next, said = null) => {
    const [shape, colour] = STATES[next] ?? ['disc', 'still'];
    setAttribute(path, 'd', SHAPES[shape]);
    setAttribute(element, 'data-tone', colour);
    setText(text, said ?? String(next).replaceAll('_', ' '));
  };
  set(state, word);
  return { element, set };
}

/** The mark of a job: how it ended, or what it does. */
export const ofJob = (job) => job.result ?? job.state;
