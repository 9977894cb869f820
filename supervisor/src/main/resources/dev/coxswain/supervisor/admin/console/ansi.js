// Terminal colours of a log line. Whatever else a program tells a terminal (cursor, title, links) is left out.
export const PLAIN = Object.freeze({});

// CSI, OSC, other strings, two-character escapes, and what is cut off at the end of a line that still grows
const ESCAPE = new RegExp('\\x1b(?:\\[([0-?]*)[ -/]*([@-~])|\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)?'
  + '|[PX^_][^\\x1b]*(?:\\x1b\\\\)?|[ -/]*[0-OQ-WYZ\\\\`-~]|\\[[0-?]*[ -/]*$|$)', 'g');
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** The text without any of it. */
export const strip = (raw) => clean(raw.includes('\x1b') ? raw.replace(ESCAPE, '') : raw);

/** Other control characters become visible ones. */
function clean(text) {
  return text.replace(CONTROL, (c) => (c < ' ' ? String.fromCharCode(0x2400 + c.charCodeAt(0)) : '\u2421'));
}

/** Pieces of text with their style, and the style that the next line begins with. */
export function parse(raw, style) {
  const runs = [];
  let from = 0;
  const take = (to) => {
    if (to > from) runs.push({ text: clean(raw.slice(from, to)), style });
  };
  if (raw.includes('\x1b')) {
    for (const escape of raw.matchAll(ESCAPE)) {
      take(escape.index);
      from = escape.index + escape[0].length;
      if (escape[2] === 'm') style = changed(style, escape[1]);
    }
  }
  take(raw.length);
  return { runs, style };
}

function changed(style, parameters) {
  let next = { ...style };
  const codes = parameters.split(/[;:]/).map((code) => Number(code) || 0);
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at];
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4) next.underline = true;
    else if (code === 7) next.inverse = true;
    else if (code === 9) next.strike = true;
    else if (code === 22) next.bold = next.dim = false;
    else if (code === 23) next.italic = false;
    else if (code === 24) next.underline = false;
    else if (code === 27) next.inverse = false;
    else if (code === 29) next.strike = false;
    else if (code >= 30 && code <= 37) next.fg = code - 30;
    else if (code >= 40 && code <= 47) next.bg = code - 40;
    else if (code >= 90 && code <= 97) next.fg = code - 82;
    else if (code >= 100 && code <= 107) next.bg = code - 92;
    else if (code === 39) next.fg = undefined;
    else if (code === 49) next.bg = undefined;
    else if (code === 38 || code === 48) {
      const [colour, used] = extended(codes, at + 1);
      if (colour !== null) next[code === 38 ? 'fg' : 'bg'] = colour;
      at += used;
    }
  }
  return next;
}

/** `5;n` or `2;r;g;b` to a colour, and how many codes that took. */
function extended(codes, at) {
  if (codes[at] === 5) return [palette(codes[at + 1] ?? 0), 2];
  if (codes[at] === 2) {
    return [`rgb(${[1, 2, 3].map((i) => Math.min(255, codes[at + i] ?? 0)).join(' ')})`, 4];
  }
  return [null, 1];
}

function palette(n) {
  if (n < 16) return n;
  if (n > 255) return null;
  if (n >= 232) return `rgb(${Array(3).fill(8 + (n - 232) * 10).join(' ')})`;
  const level = (part) => (part === 0 ? 0 : 55 + part * 40);
  const cube = n - 16;
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`;
}

/** Shows a style on an element: the sixteen colours are classes, so that they fit light and dark. */
export function dress(element, style) {
  const names = ['bold', 'dim', 'italic', 'underline', 'inverse', 'strike'].filter((name) => style[name]);
  if (typeof style.fg === 'number') names.push(`fg${style.fg}`);
  else if (style.fg) element.style.color = style.fg;
  if (typeof style.bg === 'number') names.push(`bg${style.bg}`);
  else if (style.bg) element.style.backgroundColor = style.bg;
  if (names.length) element.className = names.join(' ');
}
