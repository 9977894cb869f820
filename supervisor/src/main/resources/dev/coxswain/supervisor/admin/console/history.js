// What was seen while this page is open, for the small charts: the last three minutes, in memory.
export const MOST = 90;
const series = new Map();
let before = null;

/** Takes one look into account. Counters become rates a minute; a new life of the supervisor begins anew. */
export function record(status, at) {
  if (before && before.status.startedAt !== status.startedAt) {
    series.clear();
    before = null;
  }
  add('slots', status.slotsUsed);
  add('jobs', status.jobsRunning);
  for (const pool of status.pools) add(`pool ${pool.name}`, pool.slotsUsed);
  if (before && at > before.at) {
    const minutes = (at - before.at) / 60_000;
    add('leases', grown(leased(status), leased(before.status)) / minutes);
    for (const plane of status.controlPlanes) {
      const earlier = before.status.controlPlanes.find((each) => each.name === plane.name);
      if (earlier) add(`plane ${plane.name}`, grown(plane.leaseRequests, earlier.leaseRequests) / minutes / 60);
    }
  }
  before = { status, at };
}

export const seen = (name) => series.get(name) ?? [];

const leased = (status) => status.pools.reduce((sum, pool) => sum + pool.jobsLeased, 0);
const grown = (now, earlier) => Math.max(0, now - earlier);

function add(name, value) {
  if (!series.has(name)) series.set(name, []);
  const values = series.get(name);
  values.push(value);
  if (values.length > MOST) values.shift();
}
