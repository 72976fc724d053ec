import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureContacts } from './contacts.ts';
import { measureDemo } from './demo.ts';
import { measureImport } from './import.ts';
import { measureRehearsal } from './rehearsal.ts';

/**
 * `npm run bench`: what Kept needs of time and memory on this machine. `-- --portfolio DIR` takes another portfolio
 * than the sample; `--only rehearsal,import,contacts,demo` some of the measurements. Nothing is asserted.
 */
const { values } = parseArgs({
  options: {
    portfolio: { type: 'string', default: 'examples/portfolio' },
    only: { type: 'string', default: 'rehearsal,import,contacts,demo' },
    runs: { type: 'string', default: '5' },
  },
});

const measurements = {
  rehearsal: measureRehearsal,
  import: measureImport,
  contacts: measureContacts,
  demo: measureDemo,
};
const runs = Number(values.runs);
const [cpu] = cpus();

process.stdout.write(`Node ${process.version}, ${cpus().length} cores, ${cpu?.model ?? 'unknown'}\n`);
for (const [name, measure] of Object.entries(measurements)) {
  if (!values.only.split(',').includes(name)) continue;
  for (const line of await measure({ portfolio: values.portfolio, runs })) process.stdout.write(`${line}\n`);
}
