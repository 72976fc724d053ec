import { spawnSync } from 'node:child_process';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFile, withFileLock } from '../../local/file-lock.ts';
import { freshFolder } from './support.ts';

const ONCE = { withinMs: 0, waitsFor: 'anyone', timeUp: () => new Error('taken') } as const;

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync('true').pid;
}

function lockOf(pid: number, host = hostname(), taker = pid): string {
  const file = join(freshFolder(), 'lock');
  writeFileSync(file, JSON.stringify({ pid, taker, host }));
  return file;
}

describe('a lock file', () => {
  it('is held while the work runs and gone afterwards, also when the work fails', async () => {
    const file = join(freshFolder(), 'lock');
    const work = withFileLock(file, ONCE, async () => {
      expect(existsSync(file)).toBe(true);
      await expect(lockFile(file, ONCE)).rejects.toThrow('taken');
      throw new Error('failed');
    });
    await expect(work).rejects.toThrow('failed');
    expect(existsSync(file)).toBe(false);
  });

  it('is waited for', async () => {
    const file = join(freshFolder(), 'lock');
    const first = await lockFile(file, ONCE);
    let waits = 0;
    const onWait = (): void => {
      waits += 1;
      void first.release();
    };
    const second = await lockFile(file, { ...ONCE, withinMs: 10_000, onWait });
    expect(waits).toBeGreaterThan(0);
    await second.release();
  });

  it('whose holder is dead is taken over', async () => {
    await (await lockFile(lockOf(deadPid()), { ...ONCE, withinMs: 5_000 })).release();
  });

  it('whose holder lives is not, nor one of another machine whose processes nobody here can see', async () => {
    await expect(lockFile(lockOf(process.pid), ONCE)).rejects.toThrow('taken');
    await expect(lockFile(lockOf(deadPid(), 'elsewhere'), ONCE)).rejects.toThrow('taken');
  });

  it('that has not been touched for a minute is taken over, wherever its holder was', async () => {
    const file = lockOf(process.pid, 'elsewhere');
    const minutesAgo = new Date(Date.now() - 61_000);
    utimesSync(file, minutesAgo, minutesAgo);
    await (await lockFile(file, { ...ONCE, withinMs: 5_000 })).release();
  });

  it('that a dead process has handed on is held as long as the other one lives', async () => {
    await expect(lockFile(lockOf(process.pid, hostname(), deadPid()), ONCE)).rejects.toThrow('taken');
  });

  it('of a living taker is not waited for by one who waits for the dead only', async () => {
    const file = join(freshFolder(), 'lock');
    const lock = await lockFile(file, ONCE);
    await lock.handTo(deadPid());
    const waitsForTheDead = { ...ONCE, withinMs: 600_000, waitsFor: 'the dead' } as const;
    await expect(lockFile(file, waitsForTheDead)).rejects.toThrow('taken');
    await lock.release();
  });
});
