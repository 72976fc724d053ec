/** Ctrl-C or a polite kill, watched for while servers run. */
export interface Interruption {
  /** Resolves when it comes while work is going on; when it was awaited, coming is nothing special. */
  readonly happened: Promise<void>;
  readonly isOver: () => boolean;
  /** Tells the person that the servers go on, and waits. */
  readonly awaited: () => Promise<void>;
  readonly forget: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Watches from now on; the process then no longer ends by itself on these signals. */
export function watchForInterruption(): Interruption {
  let isAwaited = false;
  let isOver = false;
  let come: () => void = () => {};
  let interrupt: () => void = () => {};
  const coming = new Promise<void>((resolve) => {
    come = resolve;
  });
  const happened = new Promise<void>((resolve) => {
    interrupt = resolve;
  });
  const handle = () => {
    isOver = true;
    come();
    if (isAwaited) return;
    process.stderr.write('\nInterrupted: the servers are being stopped.\n');
    interrupt();
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return {
    happened,
    isOver: () => isOver,
    awaited: () => {
      isAwaited = true;
      process.stderr.write('The servers keep running. Press Ctrl-C to stop them.\n');
      return coming;
    },
    forget: () => {
      for (const signal of SIGNALS) process.off(signal, handle);
    },
  };
}
