// One job: its stages, what is known of it, and its log while it is written.
import { cancel } from '../actions.js';
import { bytes as download, get, stream } from '../api.js';
import { stages, timeline } from '../chart.js';
import { note } from '../dialog.js';
import { h, setText } from '../dom.js';
import { ago, bytes, duration, moment, plural } from '../format.js';
import { LogView } from '../logview.js';
import { mark, ofJob } from '../marks.js';

export function jobView({ look }, key) {
  const address = `jobs/${encodeURIComponent(key)}`;
  let job = null;
  let gone = false;
  const state = mark('leased');
  const title = h('h1', {}, key);
  const message = h('p', { class: 'message', hidden: true });
  const stop = h('button', { type: 'button', class: 'danger', 'data-key': 'c', disabled: true, click: () => cancel(job, look) }, 'Cancel …');
  const save = h('button', { type: 'button', class: 'small', click: () => saved(`${address}/log`, key) }, 'Save');
  const line = timeline();
  const parts = h('dl', { class: 'parts' });
  const facts = h('dl', { class: 'facts' });
  const log = new LogView();
  log.tools.append(save);
  const element = h('div', { class: 'job' }, h('div', { class: 'bar' }, h('a', { href: '#/jobs', class: 'quiet' }, '‹ Jobs'), title,
    state.element, h('span', { class: 'stretch' }), stop), message,
  h('section', { class: 'panel', 'aria-label': 'Stages' }, line.element, parts, facts), log.element);
  const shown = new Map();
  const reading = new AbortController();
  let changed = () => {};

  const fact = (list, name, value) => {
    if (!shown.has(name)) {
      const dd = h('dd', {});
      shown.set(name, dd);
      list.append(h('div', {}, h('dt', { 'data-stage': list === parts ? name : null }, name), dd));
    }
    setText(shown.get(name), value);
  };

  const refresh = async (status, signal) => {
    const before = job?.state;
    try {
      job = await get(address, signal);
    } catch (failure) {
      if (failure.status !== 404) throw failure;
      gone = true;
      message.hidden = false;
      setText(message, failure.message);
      stop.disabled = true;
      return;
    }
    if (job.state !== before) changed();
    const now = Date.now();
    setText(title, job.jobId);
    state.set(ofJob(job));
    message.hidden = !job.message;
    setText(message, job.message);
    stop.hidden = job.state === 'ended';
    stop.disabled = job.state === 'ended' || job.state === 'settling';
    line.set(job, now);
    for (const stage of stages(job, now)) fact(parts, stage.name, duration(stage.ms) + (stage.over ? '' : ' …'));
    fact(facts, 'Runner', job.runner);
    fact(facts, 'Pool', job.pool);
    fact(facts, 'Control plane', job.controlPlane);
    fact(facts, 'Leased', `${moment(job.leasedAt)}, ${ago(job.leasedAt, now)}`);
    if (job.endedAt) fact(facts, 'Ended', moment(job.endedAt));
    fact(facts, 'Lease left', job.fenceAt ? duration(new Date(job.fenceAt) - now) : '–');
    fact(facts, 'Artifacts', job.artifactsTotal ? `${job.artifactsDone} of ${job.artifactsTotal} stored` : '–');
    fact(facts, 'Log', job.logBytes ? bytes(job.logBytes) + (job.logDroppedBytes ? `, ${bytes(job.logDroppedBytes)} of it dropped` : '') : '–');
    fact(facts, 'Key', job.key);
  };

  /** Nothing is asked for again before there can be another answer. */
  const movesOn = () => new Promise((resolve) => {
    changed = () => job.state === 'leased' || resolve();
    if (reading.signal.aborted) resolve();
    reading.signal.addEventListener('abort', resolve, { once: true });
  });

  const read = async () => {
    // a log is told from its beginning each time: what is here already is passed over
    let had = 0;
    while (!reading.signal.aborted && !gone) {
      let at = 0;
      const asked = job?.state;
      try {
        for await (const { event, data } of stream(`${address}/log`, reading.signal)) {
          if (event === 'log') {
            const fresh = data.text.slice(Math.max(0, had - at));
            at += data.text.length;
            had = Math.max(had, at);
            if (fresh) log.append(fresh);
            log.say('live');
          } else if (event === 'end') {
            log.say(data.droppedBytes ? `ended; ${bytes(data.droppedBytes)} were dropped` : 'ended');
            return;
          } else if (event === 'error') {
            log.say(data.detail);
            return;
          }
        }
        log.say('the connection ended, asking again');
      } catch (failure) {
        if (reading.signal.aborted || failure.status === 401) return;
        if (failure.status === 404 && job?.state === 'ended') {
          log.say('the log is no longer kept');
          return;
        }
        // before the job runs there is no log
        log.say(failure.status === 404 ? 'there is no log yet' : 'the connection broke off, asking again');
        if (failure.status === 404 && (job?.state ?? 'leased') === 'leased') {
          await movesOn();
          continue;
        }
        // it began to run meanwhile
        if (failure.status === 404 && asked !== job?.state) continue;
      }
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
  };
  read();
  return { element, refresh, close: () => {
    reading.abort();
    log.close();
  } };
}

async function saved(address, key) {
  try {
    const blob = await download(address);
    const href = URL.createObjectURL(blob);
    h('a', { href, download: `${key.replace(/[^\w.-]+/g, '_')}.log` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
    note(`Saved ${plural(blob.size, 'byte')}.`);
  } catch (failure) {
    note(`Not saved: ${failure.message}`, true);
  }
}
