// A person's decision about what is new. Placeholder for pages without an address to send it to.

export function actionsFor() {
  return null;
}
