/** Tells the person who waits for the stack what it is doing. */
export interface StackLog {
  /** A line worth keeping, such as where the links are. */
  info(line: string): void;
  /** What is going on just now; the next line may take its place. */
  progress(line: string): void;
}

/** On a log that is not a terminal, progress is written this often at most. */
const QUIET_EVERY_MS = 20_000;

export const silentLog: StackLog = { info: () => {}, progress: () => {} };

/** A log for a terminal, where progress overwrites itself, or for a file or CI, where it is written now and then. */
export function terminalLog(stream: NodeJS.WriteStream = process.stderr): StackLog {
  let overwrite = false;
  let lastAt = 0;
  const clear = (): void => {
    if (overwrite) stream.write('\r\u001b[2K');
    overwrite = false;
  };
  return {
    info(line) {
      clear();
      stream.write(`${line}\n`);
    },
    progress(line) {
      if (stream.isTTY) {
        clear();
        stream.write(line.slice(0, stream.columns - 1));
        overwrite = true;
      } else if (Date.now() - lastAt >= QUIET_EVERY_MS) {
        lastAt = Date.now();
        stream.write(`${line}\n`);
      }
    },
  };
}
