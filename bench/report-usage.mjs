import { writeSync } from 'node:fs';

// Loaded before a measured process; tells its parent on descriptor 3 what it has used.
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeSync(3, JSON.stringify({ cpuMicros: userCPUTime + systemCPUTime, peakKb: maxRSS }));
});
