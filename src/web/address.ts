// The network address a request came from, for lock-out. Taken from the socket: a header could be made up.

export const addressOf = (c: { readonly env?: unknown }): string => {
  const incoming = (c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming;
  return incoming?.socket?.remoteAddress ?? 'unknown';
};
