// What an operator can ask for. Whatever can't be taken back, or means more than one runner, is asked first.
import { post } from './api.js';
import { ask, note, tell } from './dialog.js';
import { plural } from './format.js';

/** Carries one out and says how it went; `after` looks at the fleet again. */
async function act(what, body, said, after) {
  try {
    const answer = await post(what, body);
    note(said(answer));
  } catch (failure) {
    note(`Not done: ${failure.message}`, true);
  }
  after();
}

const named = (target) => {
  const [[kind, name]] = Object.entries(target).length ? Object.entries(target) : [['', '']];
  return { '': 'all runners', controlPlane: `the runners of control plane ${name}`, pool: `the runners of pool ${name}`,
    runner: `runner ${name}` }[kind];
};

export async function pause(target, after) {
  const sure = target.runner ? '' : await ask({ title: `Pause ${named(target)}?`, action: 'Pause',
    text: 'They lease nothing new until they are resumed. Their jobs go on.' });
  if (sure !== null) await act('pause', target, (done) => `Paused ${plural(done.runners, 'runner')}.`, after);
}

export async function resume(target, after) {
  await act('resume', target, (done) => `Resumed ${plural(done.runners, 'runner')}.`, after);
}

export async function drain(status, after) {
  const sure = await ask({ title: `Drain ${status.name}?`, action: 'Drain', danger: true,
    text: `Nothing new is leased from now on, ${plural(status.jobsRunning, 'running job')} may end within the grace time, `
      + 'then the supervisor exits. This can\'t be taken back.' });
  if (sure !== null) await act('drain', {}, () => 'Draining.', after);
}

export async function cancel(job, after) {
  const reason = await ask({ title: 'Cancel this job?', action: 'Cancel the job', danger: true,
    text: `${job.jobId} on ${job.runner} is stopped, and reported as cancelled.`,
    input: { label: 'Reason', value: 'cancelled in the console' } });
  if (reason === null) return;
  const body = reason.trim() ? { reason: reason.trim() } : {};
  await act(`jobs/${encodeURIComponent(job.key)}/cancel`, body, () => 'The job is being stopped.', after);
}

export async function reload(after) {
  const sure = await ask({ title: 'Read the configuration again?', action: 'Reload',
    text: 'The file is taken over as a whole, or not at all when something in it is wrong. No running job is touched.' });
  if (sure === null) return;
  try {
    const done = await post('reload');
    const lines = [...done.changes, ...done.needsRestart.map((line) => `needs a restart: ${line}`)];
    tell('The configuration was read', lines.length ? lines : ['Nothing is different.']);
  } catch (failure) {
    if (failure.body?.problems) tell('The configuration was not taken over', failure.body.problems);
    else note(`Not done: ${failure.message}`, true);
  }
  after();
}
