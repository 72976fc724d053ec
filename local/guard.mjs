// @ts-check
/**
 * The guard: a small process that outlives its parent by a moment, to end what the parent started. The parent writes
 * one JSON message a line into this process's standard input and holds the pipe open. However the parent ends, also by
 * `kill -9`, the system closes the pipe, and the guard ends every process group it was told of and then removes every
 * throw-away path. It runs in its own session, so Ctrl-C in the terminal does not reach it. Plain JavaScript, because
 * it must start in milliseconds and without a loader.
 */
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** How long a process may take over its own ending before it is killed. */
const GRACE_MS = 5_000;
const POLL_MS = 20;

/** @typedef {{ watch: number, signal: string } | { forget: number } | { remove: string } | { keep: string }} Message */

/** @type {Map<number, string>} */
const groups = new Map();
/** @type {Set<string>} */
const paths = new Set();

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => {});

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  /** @type {Message} */
  const message = JSON.parse(line);
  if ('watch' in message) groups.set(message.watch, message.signal);
  else if ('forget' in message) groups.delete(message.forget);
  else if ('remove' in message) paths.add(message.remove);
  else paths.delete(message.keep);
});
lines.on('close', () => {
  for (const [group, signal] of groups) send(group, signal);
  const deadline = Date.now() + GRACE_MS;
  const timer = setInterval(() => {
    const alive = [...groups.keys()].filter((group) => send(group, 0) && !isZombie(group));
    if (alive.length > 0 && Date.now() < deadline) return;
    clearInterval(timer);
    for (const group of alive) send(group, 'SIGKILL');
    for (const path of paths) rmSync(path, { recursive: true, force: true, maxRetries: 10 });
  }, POLL_MS);
});

/**
 * Sends a signal to a whole process group; 0 only asks whether it is there.
 * @param {number} group
 * @param {string | 0} signal
 */
function send(group, signal) {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether the process has ended and only waits for somebody to ask how. With the parent gone that falls to process 1,
 * which in a container may never do it. Where there is no /proc, nobody knows, and the grace period decides.
 * @param {number} pid
 */
function isZombie(pid) {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
