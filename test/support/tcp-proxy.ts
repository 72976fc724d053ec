import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { once } from 'node:events';

/** A TCP proxy on the loopback that a test cuts, silences and mends. */
export interface TcpProxy {
  /** `host:port` that leads to the target. */
  readonly address: string;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** Keeps the connections and takes new ones, but passes nothing on: nobody hears that the other side is gone. */
  silence(): void;
  /** Passes on again; what was sent into the silence is lost with its connection. */
  mend(): void;
  stop(): Promise<void>;
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(`tcp://${target}`);
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  let mode: 'passing' | 'cut' | 'silent' = 'passing';
  const server = createServer((near) => {
    if (mode === 'cut') {
      near.destroy();
      return;
    }
    const pair = { near, far: connect(Number(port), hostname) };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      pair.far.destroy();
    };
    for (const [from, to] of [
      [near, pair.far],
      [pair.far, near],
    ] as const) {
      from.on('data', (data) => {
        if (mode === 'passing') to.write(data);
      });
      from.on('error', end);
      from.on('close', end);
    }
  });
  const endAll = () => {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const change = (to: typeof mode) => {
    // What was begun in the silence has holes, so it must not go on.
    if (mode === 'silent' || to === 'cut') endAll();
    mode = to;
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => change('cut'),
    silence: () => change('silent'),
    mend: () => change('passing'),
    stop: async () => {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
}
