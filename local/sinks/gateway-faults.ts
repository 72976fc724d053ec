/** One request to the gateway, as a script sees it. */
export interface GatewaySeen {
  readonly key: string;
  /** 1 for the first request of the key. */
  readonly attempt: number;
  /** Empty for a look-up. */
  readonly channel: string;
  readonly to: string;
}

/**
 * What the gateway does wrong with one request. Those named `accept…` take the message first, so the sender is left
 * in doubt about a message that goes out; after the others nothing was taken.
 */
export type GatewayFault =
  /** Waits, then behaves. */
  | { readonly do: 'delay'; readonly ms: number }
  /** 429, with `Retry-After` when given. */
  | { readonly do: 'throttle'; readonly retryAfterSeconds?: number }
  /** The status, with `Retry-After` when given. */
  | { readonly do: 'fail'; readonly status: number; readonly retryAfterSeconds?: number }
  /** 422. */
  | { readonly do: 'reject'; readonly reason: string }
  /** Ends the connection without an answer. */
  | { readonly do: 'drop' }
  | { readonly do: 'acceptThenFail'; readonly status: number }
  /** Ends the connection without an answer. */
  | { readonly do: 'acceptThenDrop' }
  /** Ends the connection in the middle of the answer. */
  | { readonly do: 'acceptThenHalf' }
  /** 202 with a body that is not JSON. */
  | { readonly do: 'acceptThenGarble' }
  /** Answers late. */
  | { readonly do: 'acceptThenDelay'; readonly ms: number };
