// A log as lines of which only those in sight are elements, so that its length does not matter.
import { dress, parse, PLAIN, strip } from './ansi.js';
import { h, setText } from './dom.js';
import { count, plural } from './format.js';

const ROW = 18;
const MOST_LINES = 50_000;
const CUT = 5_000;
const LONGEST = 8_192;
const BEYOND = 20;

export class LogView {
  constructor() {
    this.lines = [];
    this.open = '';
    this.style = PLAIN;
    this.left = 0;
    this.shown = new Map();
    this.matches = [];
    this.query = '';
    this.current = -1;
    this.followed = true;
    this.top = 0;
    this.space = h('div', { class: 'space' });
    this.box = h('div', { class: 'log', tabindex: '0', role: 'log', 'aria-label': 'Log', 'aria-live': 'off' }, this.space);
    this.box.addEventListener('scroll', () => this.scrolled());
    this.field = h('input', { type: 'search', placeholder: 'Search the log', 'aria-label': 'Search the log', 'data-key': '/',
      input: () => this.search(this.field.value), keydown: (event) => event.key === 'Enter' && this.step(event.shiftKey ? -1 : 1) });
    this.found = h('span', { class: 'quiet number', role: 'status' });
    this.state = h('span', { class: 'quiet', role: 'status' }, 'waiting for the log …');
    const press = (text, label, key, click) => h('button', { type: 'button', class: 'small', 'aria-label': label, 'data-key': key, click }, text);
    this.follow = press('Follow', 'Follow the end of the log', 'f', () => this.setFollow(!this.followed, true));
    this.tools = h('div', { class: 'bar' }, this.field, press('‹', 'Match before', 'N', () => this.step(-1)),
      press('›', 'Next match', 'n', () => this.step(1)), this.found, h('span', { class: 'stretch' }), this.state, this.follow);
    this.element = h('section', { class: 'panel logpanel', 'aria-label': 'Log' }, this.tools, this.box);
    this.resized = new ResizeObserver(() => this.plan());
    this.resized.observe(this.box);
    this.setFollow(true);
  }

  /** More of the log, cut anywhere. */
  append(text) {
    let from = 0;
    const all = this.open + text;
    for (let to = all.indexOf('\n'); to >= 0; to = all.indexOf('\n', from)) {
      this.push(all.slice(from, to));
      from = to + 1;
    }
    for (; all.length - from > LONGEST; from += LONGEST) this.push(all.slice(from, from + LONGEST));
    this.open = all.slice(from);
    if (this.lines.length > MOST_LINES) this.forget(this.lines.length - MOST_LINES + CUT);
    this.plan();
  }

  /** What stands beside the log: live, ended, cut off. */
  say(text) {
    this.said = text;
    setText(this.state, this.left ? `${text}; the first ${count(this.left)} lines are not kept here` : text);
  }

  close() {
    this.resized.disconnect();
  }

  push(raw) {
    const line = { raw: shown(raw), style: this.style };
    if (raw.includes('\x1b')) this.style = parse(raw, this.style).style;
    if (this.query && strip(line.raw).toLowerCase().includes(this.query)) this.matches.push(this.lines.length);
    this.lines.push(line);
  }

  forget(n) {
    this.lines.splice(0, n);
    this.left += n;
    const gone = this.matches.filter((at) => at < n).length;
    this.matches = this.matches.slice(gone).map((at) => at - n);
    this.current = Math.max(-1, this.current - gone);
    this.clear();
    if (!this.followed) this.box.scrollTop = this.top = Math.max(0, this.box.scrollTop - n * ROW);
    this.say(this.said ?? '');
  }

  search(text) {
    this.query = text.toLowerCase();
    this.matches = [];
    this.current = -1;
    if (this.query) {
      this.lines.forEach((line, at) => strip(line.raw).toLowerCase().includes(this.query) && this.matches.push(at));
    }
    this.clear();
    if (this.matches.length) this.step(1);
    else this.plan();
  }

  step(by) {
    if (!this.matches.length) return;
    this.current = this.current < 0 && by < 0 ? this.matches.length - 1
      : (this.current + by + this.matches.length) % this.matches.length;
    this.setFollow(false);
    this.box.scrollTop = this.top = Math.max(0, this.matches[this.current] * ROW - this.box.clientHeight / 2);
    this.clear();
    this.plan();
  }

  setFollow(on, asked = false) {
    this.followed = on;
    this.follow.setAttribute('aria-pressed', on);
    if (on || asked) this.plan();
  }

  /** Whoever scrolls up wants to read; whoever comes to the end wants to see what comes. */
  scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.box;
    if (scrollTop < this.top - 2) this.setFollow(false);
    else if (!this.query && scrollTop + clientHeight >= scrollHeight - 2) this.setFollow(true);
    this.top = scrollTop;
    this.plan();
  }

  plan() {
    this.planned ??= requestAnimationFrame(() => {
      this.planned = null;
      this.draw();
    });
  }

  clear() {
    for (const row of this.shown.values()) row.remove();
    this.shown.clear();
  }

  draw() {
    const total = this.lines.length + (this.open ? 1 : 0);
    this.space.style.height = `${total * ROW}px`;
    if (this.followed) this.box.scrollTop = this.top = this.box.scrollHeight;
    const from = Math.max(0, Math.floor(this.box.scrollTop / ROW) - BEYOND);
    const to = Math.min(total, Math.ceil((this.box.scrollTop + this.box.clientHeight) / ROW) + BEYOND);
    for (const [at, row] of this.shown) {
      // the last line may still grow
      if (at < from || at >= to || at >= this.lines.length || row.growing) {
        row.remove();
        this.shown.delete(at);
      }
    }
    for (let at = from; at < to; at++) {
      if (!this.shown.has(at)) {
        const row = this.row(at);
        this.shown.set(at, row);
        this.space.append(row);
      }
    }
    setText(this.found, !this.query ? '' : this.matches.length
      ? `${this.current + 1} of ${plural(this.matches.length, 'line')}` : 'not found');
  }

  row(at) {
    const growing = at >= this.lines.length;
    const line = growing ? { raw: shown(this.open), style: this.style } : this.lines[at];
    const row = h('div', { class: at === this.matches[this.current] ? 'row current' : 'row' });
    row.style.top = `${at * ROW}px`;
    row.growing = growing;
    row.append(h('span', { class: 'no', 'aria-hidden': 'true' }, String(at + 1 + this.left)));
    let place = 0;
    const hits = this.hits(strip(line.raw).toLowerCase());
    for (const run of parse(line.raw, line.style).runs) {
      for (const [text, hit] of pieces(run.text, place, hits)) {
        const piece = h(hit ? 'mark' : 'span', {}, text);
        dress(piece, run.style);
        row.append(piece);
      }
      place += run.text.length;
    }
    return row;
  }

  hits(text) {
    const hits = [];
    for (let at = this.query ? text.indexOf(this.query) : -1; at >= 0; at = text.indexOf(this.query, at + this.query.length)) {
      hits.push([at, at + this.query.length]);
    }
    return hits;
  }
}

/** A carriage return begins the line anew: of a progress bar its last state is shown. */
function shown(raw) {
  const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  return line.slice(line.lastIndexOf('\r') + 1);
}

/** One run cut where matches begin and end. */
function* pieces(text, place, hits) {
  let from = 0;
  for (const [begin, end] of hits) {
    const a = Math.max(from, begin - place);
    const b = Math.min(text.length, end - place);
    if (b <= a) continue;
    if (a > from) yield [text.slice(from, a), false];
    yield [text.slice(a, b), true];
    from = b;
  }
  if (from < text.length) yield [text.slice(from), false];
}
